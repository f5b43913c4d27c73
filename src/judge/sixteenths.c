#include <math.h>
#include <string.h>

#include "dt/stat.h"
#include "series_internal.h"
#include "spots_internal.h"
#include "swing_internal.h"

/*
 * How even four sixteenths are. In every beat that a voice fills, each of its four strokes against
 * the even grid that fits the four best: what the timekeeper does from beat to beat cancels.
 */

static const int SIXTEENTH = DT_TICKS_PER_QUARTER / 4;

/* One filled beat. */
typedef struct beat {
  double tick;
  double off_ms[4];
} beat;

static void unknown(dt_sixteenths* out, dt_voice voice, dt_known why) {
  memset(out, 0, sizeof(*out));
  out->voice = voice;
  for (int k = 0; k < 4; ++k) {
    out->deviation_ms[k] = dt__unknown(why);
  }
  out->uneven_ms = dt__unknown(why);
}

void dt__sixteenths_unknown(dt_swing* swing) {
  unknown(&swing->sixteenths_all, DT_VOICE_COUNT, DT_NOT_TESTABLE);
}

static void centre(double off_ms[4]) {
  const double mean = 0.25 * (off_ms[0] + off_ms[1] + off_ms[2] + off_ms[3]);
  for (int k = 0; k < 4; ++k) {
    off_ms[k] -= mean;
  }
}

/* The beats that the voice fills, straight_ms of the four less their mean. */
static size_t filled_beats(const dt_marks* marks, dt_voice voice, beat* beats) {
  size_t count = 0;
  int next = 0;
  beat now = {0};
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_mark* mark = &marks->items[i];
    if (mark->voice != voice || !dt__on_grid(mark) || !isfinite(mark->straight_ms)) {
      continue;
    }
    const double tick = floor(mark->tick + 0.5);
    const double start = DT_TICKS_PER_QUARTER * floor(tick / DT_TICKS_PER_QUARTER);
    const double place = (tick - start) / SIXTEENTH;
    if (place == 0.0) {
      next = 0;
      now.tick = tick;
    }
    if (place != (double)next || now.tick != start) {
      /* A thirty-second in between does not spoil the beat; a gap does. */
      next = place > (double)next ? -1 : next;
      continue;
    }
    now.off_ms[next++] = mark->straight_ms;
    if (next == 4) {
      centre(now.off_ms);
      beats[count++] = now;
      next = -1;
    }
  }
  return count;
}

/* Distribution function of a noncentral chi-squared of 3 degrees (Patnaik 1949). */
static double noncentral_cdf(double x, double lambda) {
  const double stretch = (3.0 + 2.0 * lambda) / (3.0 + lambda);
  return dt_chi2_cdf(x / stretch, (3.0 + lambda) * (3.0 + lambda) / (3.0 + 2.0 * lambda));
}

/* The lambda at which the chance of less than x is p; 0 when there is none. */
static double noncentral_at(double x, double p) {
  double low = 0.0;
  double high = 10.0 + 4.0 * x;
  if (noncentral_cdf(x, 0.0) <= p) {
    return 0.0;
  }
  for (int step = 0; step < 60; ++step) {
    const double middle = 0.5 * (low + high);
    if (noncentral_cdf(x, middle) > p) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return 0.5 * (low + high);
}

/* Root mean square of the true deviations: the sum of the squares of the estimated ones is that of
 * the true ones and the noise's, a noncentral chi-squared of three degrees. */
static dt_estimate uneven(const double deviation_ms[4], const double se_ms[4], double df) {
  double square = 0.0;
  double noise = 0.0;
  for (int k = 0; k < 4; ++k) {
    square += deviation_ms[k] * deviation_ms[k];
    noise += se_ms[k] * se_ms[k] / 3.0; /* of each of the three directions */
  }
  if (!(noise > 0.0)) {
    const double rms = 0.5 * sqrt(square);
    const dt_estimate exact = {rms, rms, rms, DT_KNOWN};
    return exact;
  }
  /* The noise is known from df values only: as much wider as Student's t is. */
  const double wider = dt_student_quantile(0.975, df) / dt_normal_quantile(0.975);
  const double q = square / (noise * wider * wider);
  const double scale = 0.25 * noise * wider * wider;
  const dt_estimate e = {0.5 * sqrt(fmax(0.0, square - 3.0 * noise)),
                         sqrt(scale * noncentral_at(q, 0.975)),
                         sqrt(scale * noncentral_at(q, 0.025)), DT_KNOWN};
  return e;
}

static void measure_beats(const beat* beats, size_t count, double* x, dt_sixteenths* out) {
  double mean[4];
  double se[4];
  double df = 0.0;
  for (int k = 0; k < 4; ++k) {
    out->count[k] = count;
  }
  if (count < DT__SERIES_MIN) {
    return;
  }
  for (int k = 0; k < 4; ++k) {
    for (size_t i = 0; i < count; ++i) {
      x[i] = beats[i].off_ms[k];
    }
    mean[k] = dt_mean(x, count);
    const dt__error error = dt__series_error(x, count);
    se[k] = error.se;
    df = error.df;
    out->deviation_ms[k] = dt__estimate_student(mean[k], error);
  }
  out->uneven_ms = uneven(mean, se, df);
}

dt_status dt__sixteenths_measure(dt_swing* swing, const dt_allocator* allocator,
                                 const dt_marks* marks) {
  dt__sixteenths_unknown(swing);
  const size_t room = marks->count / 4;
  if (room == 0) {
    return DT_OK;
  }
  const size_t bytes = room * (sizeof(beat) + sizeof(double));
  beat* beats = dt_alloc(allocator, bytes);
  if (!beats) {
    return DT_NO_MEMORY;
  }
  double* x = (double*)(beats + room);
  size_t count = 0;
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    const size_t n = filled_beats(marks, (dt_voice)v, beats + count);
    if (n == 0) {
      continue;
    }
    dt_sixteenths* out = &swing->sixteenths[swing->sixteenths_count++];
    unknown(out, (dt_voice)v, DT_CANT_TELL);
    measure_beats(beats + count, n, x, out);
    count += n;
  }
  if (count > 0) {
    unknown(&swing->sixteenths_all, DT_VOICE_COUNT, DT_CANT_TELL);
    measure_beats(beats, count, x, &swing->sixteenths_all);
  }
  dt_release(allocator, beats, bytes);
  return DT_OK;
}
