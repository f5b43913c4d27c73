#include "dt/unison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dt/stat.h"
#include "series_internal.h"
#include "spots_internal.h"

/* Strokes of two voices on one tick. */

/* A stroke on its tick. */
typedef struct struck {
  double tick;
  dt_voice voice;
  double time_s;
} struck;

typedef struct work {
  struck* strokes; /* one for each voice and tick */
  size_t count;
  double* lead_ms; /* first - second of the pair at hand, then its own means off */
  double* rest_ms; /* of all pairs so far, each about its mean */
  size_t rest_count;
  double spent; /* means taken off rest */
} work;

static int by_tick(const void* a, const void* b) {
  const struck* x = a;
  const struck* y = b;
  if (x->tick != y->tick) {
    return x->tick < y->tick ? -1 : 1;
  }
  if (x->voice != y->voice) {
    return x->voice < y->voice ? -1 : 1;
  }
  return (x->time_s > y->time_s) - (x->time_s < y->time_s);
}

static void gather(work* w, const dt_marks* marks) {
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_mark* mark = &marks->items[i];
    if (dt__on_grid(mark)) {
      const struck s = {floor(mark->tick + 0.5), mark->voice, mark->time_s};
      w->strokes[w->count++] = s;
    }
  }
  qsort(w->strokes, w->count, sizeof(*w->strokes), by_tick);
  size_t kept = 0;
  for (size_t i = 0; i < w->count; ++i) {
    const struck* last = kept > 0 ? &w->strokes[kept - 1] : NULL;
    if (!last || last->tick != w->strokes[i].tick || last->voice != w->strokes[i].voice) {
      w->strokes[kept++] = w->strokes[i];
    }
  }
  w->count = kept;
}

/* How much a is after b, wherever both stand on a tick. */
static size_t leads(const work* w, dt_voice a, dt_voice b, double* out, size_t* same) {
  size_t count = 0;
  *same = 0;
  for (size_t i = 0; i < w->count; ++i) {
    const struck* first = &w->strokes[i];
    for (size_t j = i + 1; j < w->count && w->strokes[j].tick == first->tick; ++j) {
      if (first->voice == a && w->strokes[j].voice == b) {
        out[count++] = 1e3 * (first->time_s - w->strokes[j].time_s);
        *same += first->time_s == w->strokes[j].time_s;
      }
    }
  }
  return count;
}

/* Two drums in one sound get one time; that is not a unison of 0 ms. Real ones of the same time
 * are as close as the instrument's clock is coarse: then the others are close as well. */
static bool one_sound(const double* lead_ms, size_t count, size_t same) {
  static const double COARSE_MS = 2.0;
  double square = 0.0;
  for (size_t i = 0; i < count; ++i) {
    square += lead_ms[i] * lead_ms[i];
  }
  const size_t apart = count - same;
  return 4 * same > count && apart > 0 && square > COARSE_MS * COARSE_MS * (double)apart;
}

static void keep_rest(work* w, const double* lead_ms, size_t count, double mean) {
  for (size_t i = 0; i < count; ++i) {
    w->rest_ms[w->rest_count++] = lead_ms[i] - mean;
  }
  w->spent += 1.0;
}

static void measure_pair(work* w, size_t count, double jitter_ms, dt_unison_pair* pair) {
  if (one_sound(w->lead_ms, count, pair->same_time_count)) {
    pair->lead_ms = pair->spread_ms = dt__unknown(DT_NOT_TESTABLE);
    pair->leads = DT_NOT_TESTABLE;
    return;
  }
  if (count < DT__SERIES_MIN) {
    return;
  }
  const double mean = dt_mean(w->lead_ms, count);
  /* lead_ms is first less second so far: negative when first is early. */
  if (mean > 0.0) {
    const dt_voice later = pair->first;
    pair->first = pair->second;
    pair->second = later;
  }
  pair->lead_ms = dt__estimate_scaled(dt__series_mean(w->lead_ms, count), mean > 0.0 ? 1.0 : -1.0);
  pair->leads = pair->lead_ms.low > 0.0 ? DT_KNOWN : DT_CANT_TELL;
  keep_rest(w, w->lead_ms, count, mean);
  pair->spread_ms =
      dt__series_sd(w->rest_ms + w->rest_count - count, count, 1.0, sqrt(2.0) * jitter_ms);
}

static int by_count(const void* a, const void* b) {
  const dt_unison_pair* x = a;
  const dt_unison_pair* y = b;
  if (x->count != y->count) {
    return x->count > y->count ? -1 : 1;
  }
  if (x->first != y->first) {
    return x->first < y->first ? -1 : 1;
  }
  return (x->second > y->second) - (x->second < y->second);
}

static void measure_all(work* w, double jitter_ms, dt_unison* unison) {
  for (int a = 0; a < DT_VOICE_COUNT; ++a) {
    for (int b = a + 1; b < DT_VOICE_COUNT; ++b) {
      dt_unison_pair* pair = &unison->pairs[unison->pair_count];
      memset(pair, 0, sizeof(*pair));
      pair->first = (dt_voice)a;
      pair->second = (dt_voice)b;
      pair->lead_ms = pair->spread_ms = dt__unknown(DT_CANT_TELL);
      pair->leads = DT_CANT_TELL;
      pair->count = leads(w, pair->first, pair->second, w->lead_ms, &pair->same_time_count);
      if (pair->count > 0) {
        measure_pair(w, pair->count, jitter_ms, pair);
        unison->count += pair->count;
        ++unison->pair_count;
      }
    }
  }
  unison->spread_ms = dt__series_sd(w->rest_ms, w->rest_count, w->spent, sqrt(2.0) * jitter_ms);
  qsort(unison->pairs, unison->pair_count, sizeof(*unison->pairs), by_count);
}

dt_status dt_unison_measure(dt_unison* unison, const dt_allocator* allocator,
                            const dt_marks* marks) {
  memset(unison, 0, sizeof(*unison));
  unison->spread_ms = dt__unknown(DT_CANT_TELL);
  const size_t n = marks->count;
  if (n == 0) {
    return DT_OK;
  }
  /* On one tick stand at most as many voices as there are, so each stroke is in few pairs. */
  const size_t rest_room = n * (DT_VOICE_COUNT - 1);
  const size_t bytes = n * sizeof(struck) + (n + rest_room) * sizeof(double);
  void* memory = dt_alloc(allocator, bytes);
  if (!memory) {
    return DT_NO_MEMORY;
  }
  work w;
  memset(&w, 0, sizeof(w));
  w.strokes = memory;
  w.lead_ms = (double*)(w.strokes + n);
  w.rest_ms = w.lead_ms + n;
  gather(&w, marks);
  measure_all(&w, marks->jitter_ms, unison);
  dt_release(allocator, memory, bytes);
  return DT_OK;
}
