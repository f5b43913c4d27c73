#include <math.h>

#include "dt/align.h"
#include "dt/stat.h"
#include "judge_internal.h"

/*
 * The grid when there is a chart: every stroke that was meant for a note stands where the note is
 * written. Only the amount of swing is left to find, where the chart swings.
 */

enum { SWING_ROUNDS = 4 };
static const double SWING_LOW = 0.40; /* a player asked to swing may not */
static const double SWING_HIGH = 0.80;
static const double SWING_FOUND = 0.54; /* less is straight with a habit, as without a chart */

static double swung_beat(const dt_chart* chart, dt_tick tick, double swing) {
  return dt_swing_tick(tick, chart->swing_pair, swing) / DT_TICKS_PER_QUARTER;
}

static const dt_event* event_of(const dt__work* work, size_t i) {
  const dt_alignment* alignment = work->config.alignment;
  return &alignment->events[alignment->strokes[work->stroke[i]].event];
}

/* Extra strokes leave the work. */
static void keep_the_written(dt__work* work, dt_judged* judged) {
  const dt_alignment* alignment = work->config.alignment;
  size_t kept = 0;
  for (size_t i = 0; i < work->count; ++i) {
    if (alignment->strokes[work->stroke[i]].label == DT_LABEL_EXTRA) {
      judged[work->stroke[i]].outlier = true;
      continue;
    }
    work->stroke[kept] = work->stroke[i];
    work->time_s[kept] = work->time_s[i];
    work->voice[kept] = work->voice[i];
    work->weight[kept] = work->weight[i];
    ++kept;
  }
  work->count = kept;
}

static void put_at(dt__work* work, double swing) {
  for (size_t i = 0; i < work->count; ++i) {
    work->grid_beat[i] = swung_beat(work->config.chart, event_of(work, i)->note.tick, swing);
  }
}

/* Least squares of time on beat: the tempo of a take that has no click. */
static bool own_tempo(dt__work* work) {
  const double mean_beat = dt_mean(work->grid_beat, work->count);
  const double mean_s = dt_mean(work->time_s, work->count);
  double square = 0.0;
  double product = 0.0;
  for (size_t i = 0; i < work->count; ++i) {
    square += (work->grid_beat[i] - mean_beat) * (work->grid_beat[i] - mean_beat);
    product += (work->grid_beat[i] - mean_beat) * (work->time_s[i] - mean_s);
  }
  if (square <= 0.0 || product <= 0.0) {
    return false;
  }
  work->bpm = 60.0 * square / product;
  return true;
}

static bool is_middle(const dt_chart* chart, dt_tick tick) {
  const dt_tick in_pair = tick % chart->swing_pair;
  return 2 * in_pair == chart->swing_pair || 2 * (in_pair + chart->swing_pair) == chart->swing_pair;
}

/* How much later than the grid the off-beats stand than the strokes on the pairs, in pairs. */
static double late_share(const dt__work* work) {
  const dt_chart* chart = work->config.chart;
  double sum[2] = {0.0, 0.0};
  double count[2] = {0.0, 0.0};
  for (size_t i = 0; i < work->count; ++i) {
    const dt_tick tick = event_of(work, i)->note.tick;
    if (tick % chart->swing_pair == 0 || is_middle(chart, tick)) {
      const int middle = is_middle(chart, tick);
      sum[middle] += work->residual_s[i];
      count[middle] += 1.0;
    }
  }
  if (count[0] < 1.0 || count[1] < 1.0) {
    return 0.0;
  }
  const double span_s = work->time_s[work->count - 1] - work->time_s[0];
  const double beat_s = span_s / (work->grid_beat[work->count - 1] - work->grid_beat[0]);
  const double pair_s = beat_s * (double)chart->swing_pair / DT_TICKS_PER_QUARTER;
  return (sum[1] / count[1] - sum[0] / count[0]) / pair_s;
}

static dt_status find_swing(dt__work* work, double* swing) {
  for (int round = 0; round < SWING_ROUNDS; ++round) {
    put_at(work, *swing);
    if (!dt__fit_curve(work)) {
      return DT_TOO_FEW;
    }
    *swing = fmin(fmax(*swing + late_share(work), SWING_LOW), SWING_HIGH);
  }
  return DT_OK;
}

/* Into how many equal parts the strokes divide the beat. */
static int division_of(const dt__work* work) {
  static const int DIVISIONS[] = {1, 2, 3, 4, 6, 8};
  for (size_t d = 0; d < sizeof(DIVISIONS) / sizeof(DIVISIONS[0]); ++d) {
    size_t on = 0;
    while (on < work->count &&
           event_of(work, on)->note.tick * DIVISIONS[d] % DT_TICKS_PER_QUARTER == 0) {
      ++on;
    }
    if (on == work->count) {
      return DIVISIONS[d];
    }
  }
  return 12;
}

static void tell_subdivision(dt__work* work, double swing) {
  const dt_chart* chart = work->config.chart;
  const int division = division_of(work);
  const bool swung = chart->swing_pair > 0 && chart->swing > 0.5 && swing >= SWING_FOUND;
  work->subdivision.division = division;
  work->subdivision.swing = swung ? swing : 0.5;
  work->subdivision.probability = 1.0;
  work->subdivision.feel = division == 12 ? DT_FEEL_MIXED
                           : swung && chart->swing_pair < DT_TICKS_PER_QUARTER
                               ? DT_FEEL_SWUNG_SIXTEENTHS
                           : swung             ? DT_FEEL_SWUNG_EIGHTHS
                           : division % 3 == 0 ? DT_FEEL_TRIPLET
                                               : DT_FEEL_STRAIGHT;
  work->swing_pair_beats = swung ? (double)chart->swing_pair / DT_TICKS_PER_QUARTER : 0.0;
}

dt_status dt__put_on_chart(dt__work* work, dt_judged* judged) {
  const dt_chart* chart = work->config.chart;
  keep_the_written(work, judged);
  if (work->count < 4) {
    return DT_TOO_FEW;
  }
  double swing = chart->swing_pair > 0 ? chart->swing : 0.5;
  put_at(work, swing);
  if (work->config.mode == DT_GRID_FREE && !own_tempo(work)) {
    return DT_TOO_FEW;
  }
  if (swing > 0.5) {
    const dt_status status = find_swing(work, &swing);
    if (status != DT_OK) {
      return status;
    }
  }
  put_at(work, swing);
  tell_subdivision(work, swing);
  return DT_OK;
}
