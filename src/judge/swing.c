#include "dt/swing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "series_internal.h"
#include "swing_internal.h"

/* Shares, their mean and spread, by voice and in all. */

typedef struct work {
  const dt_marks* marks;
  dt__pair* pairs; /* of all voices, voice after voice */
  double* share;   /* of the pairs at hand */
  double* rest;    /* the same less its voice's mean */
  double* short_ms;
  double* scratch; /* 2 * marks */
  double voice_mean[DT_VOICE_COUNT];
} work;

static void nothing(dt_swing_voice* out, dt_known why) {
  memset(out, 0, sizeof(*out));
  out->voice = DT_VOICE_COUNT;
  out->share = out->ratio = out->median_ratio = dt__unknown(why);
  out->spread = out->short_ms = out->long_ms = dt__unknown(why);
}

static void count_bin(dt_swing_voice* out, double share) {
  const double at = floor((share - DT_SWING_BIN_FIRST) / DT_SWING_BIN_WIDTH);
  ++out->bins[(size_t)fmin(fmax(at, 0.0), DT_SWING_BINS - 1.0)];
}

/* SD that the instrument adds to a share: e_off - (1 - s) e_on - s e_next over the pair; against
 * the pulse e_off only. */
static double share_jitter(const dt_marks* marks, double share, double pair_ms, bool from_pulse) {
  const double others = (1.0 - share) * (1.0 - share) + share * share;
  return marks->jitter_ms / pair_ms * sqrt(1.0 + (from_pulse ? 0.0 : others));
}

/* The mean of values that are centred by voice: how sure it is comes from what is left of each. */
static dt_estimate mean_of(const double* x, const dt__pair* pairs, size_t count, double* rest) {
  double sum[DT_VOICE_COUNT] = {0};
  double n[DT_VOICE_COUNT] = {0};
  double mean = 0.0;
  for (size_t i = 0; i < count; ++i) {
    sum[pairs[i].voice] += x[i];
    n[pairs[i].voice] += 1.0;
    mean += x[i] / (double)count;
  }
  for (size_t i = 0; i < count; ++i) {
    rest[i] = x[i] - sum[pairs[i].voice] / n[pairs[i].voice];
  }
  return dt__estimate_student(mean, dt__series_error(rest, count));
}

static void measure_pairs(work* w, const dt__pair* pairs, size_t count, int voices,
                          dt_swing_voice* out) {
  out->pair_count = count;
  for (size_t i = 0; i < count; ++i) {
    count_bin(out, pairs[i].share);
  }
  if (count < DT__SERIES_MIN) {
    return;
  }
  double pair_ms = 0.0;
  for (size_t i = 0; i < count; ++i) {
    w->short_ms[i] = pairs[i].short_ms;
  }
  out->short_ms = mean_of(w->short_ms, pairs, count, w->rest);
  for (size_t i = 0; i < count; ++i) {
    w->short_ms[i] = pairs[i].long_ms;
    pair_ms += (pairs[i].long_ms + pairs[i].short_ms) / (double)count;
  }
  out->long_ms = mean_of(w->short_ms, pairs, count, w->rest);
  for (size_t i = 0; i < count; ++i) {
    w->share[i] = pairs[i].share;
  }
  out->median_ratio =
      dt__estimate_map(dt__series_median(w->share, count, w->scratch), dt_swing_ratio_of_share);
  out->share = mean_of(w->share, pairs, count, w->rest);
  out->ratio = dt__estimate_map(out->share, dt_swing_ratio_of_share);
  out->spread = dt__series_sd(w->rest, count, (double)voices,
                              share_jitter(w->marks, out->share.value, pair_ms, out->from_pulse));
}

static int by_tick(const void* a, const void* b) {
  const dt__pair* x = a;
  const dt__pair* y = b;
  if (x->tick != y->tick) {
    return x->tick < y->tick ? -1 : 1;
  }
  return (x->voice > y->voice) - (x->voice < y->voice);
}

/* Most pairs first, then by voice. */
static int by_count(const void* a, const void* b) {
  const dt_swing_voice* x = a;
  const dt_swing_voice* y = b;
  if (x->pair_count != y->pair_count) {
    return x->pair_count > y->pair_count ? -1 : 1;
  }
  return (x->voice > y->voice) - (x->voice < y->voice);
}

static void measure_voices(work* w, dt_swing* swing) {
  size_t count = 0;
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    dt__pair* pairs = w->pairs + count;
    bool from_pulse = false;
    const size_t n = dt__swing_pairs(w->marks, (dt_voice)v, pairs, &from_pulse);
    if (n == 0) {
      continue;
    }
    dt_swing_voice* out = &swing->voices[swing->voice_count++];
    nothing(out, DT_CANT_TELL);
    out->voice = (dt_voice)v;
    out->from_pulse = from_pulse;
    swing->all.from_pulse |= from_pulse;
    measure_pairs(w, pairs, n, 1, out);
    count += n;
  }
  qsort(w->pairs, count, sizeof(*w->pairs), by_tick);
  measure_pairs(w, w->pairs, count, (int)swing->voice_count, &swing->all);
  qsort(swing->voices, swing->voice_count, sizeof(*swing->voices), by_count);
}

static void start(dt_swing* swing, const dt_marks* marks) {
  memset(swing, 0, sizeof(*swing));
  swing->pair = marks->swing_pair;
  swing->bpm = marks->bpm;
  swing->norm_ratio = swing->norm_short_ms = (double)NAN;
  swing->swung = marks->swing_pair > 0 ? DT_CANT_TELL : DT_NOT_TESTABLE;
  nothing(&swing->all, swing->swung);
  if (marks->swing_pair == DT_TICKS_PER_QUARTER && marks->bpm > 0.0) {
    swing->norm_ratio = dt_swing_norm_ratio(marks->bpm);
    swing->norm_short_ms = dt_swing_norm_short_ms(marks->bpm);
  }
}

static dt_status measure_swing(dt_swing* swing, const dt_allocator* allocator,
                               const dt_marks* marks) {
  const size_t n = marks->count;
  if (n == 0 || marks->swing_pair <= 0) {
    return DT_OK;
  }
  const size_t bytes = n * (sizeof(dt__pair) + 5 * sizeof(double));
  void* memory = dt_alloc(allocator, bytes);
  if (!memory) {
    return DT_NO_MEMORY;
  }
  work w;
  memset(&w, 0, sizeof(w));
  w.marks = marks;
  w.pairs = memory;
  w.share = (double*)(w.pairs + n);
  w.rest = w.share + n;
  w.short_ms = w.rest + n;
  w.scratch = w.short_ms + n;
  measure_voices(&w, swing);
  if (swing->all.share.known == DT_KNOWN && swing->all.share.low > DT_SWING_STRAIGHT) {
    swing->swung = DT_KNOWN;
  }
  dt_release(allocator, memory, bytes);
  return DT_OK;
}

dt_status dt_swing_measure(dt_swing* swing, const dt_allocator* allocator, const dt_marks* marks) {
  start(swing, marks);
  dt_status status = dt__sixteenths_measure(swing, allocator, marks);
  if (status == DT_OK) {
    status = measure_swing(swing, allocator, marks);
  }
  if (status != DT_OK) {
    start(swing, marks);
    dt__sixteenths_unknown(swing);
  }
  return status;
}
