#include "dt/tempo_curve.h"

#include <math.h>
#include <string.h>

#include "dt/arena.h"
#include "tempo_curve_internal.h"

/* The strokes as the smoother sees them, and the average over its speeds. */

enum { STROKES_MIN = 16, SPEEDS = 17 };
static const double BEATS_MIN = 8.0;
static const double CURVE_BEATS_MAX = 1e6;
/* Variance of the tempo's step a quarter note over that of a stroke, both in beats: from a machine
 * to a learner. */
static const double SPEED_LOWEST = 1e-8;
static const double SPEED_HIGHEST = 1.0;

static bool counts(const dt_mark* mark) {
  return mark->order == 0 && mark->label != DT_LABEL_EXTRA && !isnan(mark->own_ms) &&
         !isnan(mark->residual_ms) && !isnan(mark->tick);
}

/* In order of the music; strokes of one tick stay in order of time. */
static void insert(dt__pulse_stroke* strokes, size_t count, dt__pulse_stroke stroke) {
  while (count > 0 && strokes[count - 1].beat > stroke.beat) {
    strokes[count] = strokes[count - 1];
    count--;
  }
  strokes[count] = stroke;
}

static size_t gather(dt__pulse_stroke* strokes, const dt_marks* marks) {
  size_t count = 0;
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_mark* mark = &marks->items[i];
    if (counts(mark)) {
      /* The swing of the grid and the habits go out of the time, not into the tempo. */
      const double feel_s = 1e-3 * (mark->straight_ms - mark->residual_ms);
      insert(strokes, count++,
             (dt__pulse_stroke){mark->tick / DT_TICKS_PER_QUARTER, mark->time_s - feel_s});
    }
  }
  return count;
}

/* Curves of all speeds, weighted by likelihood: mean and variance of the mixture. */
static void average(dt__smoother* s, dt_tempo_curve* curve) {
  double log_likelihood[SPEEDS + 1];
  double highest = -(double)INFINITY;
  for (int k = 0; k <= SPEEDS; ++k) {
    const double share = (double)k / (SPEEDS - 1);
    const double speed = k < SPEEDS ? SPEED_LOWEST * pow(SPEED_HIGHEST / SPEED_LOWEST, share) : 0.0;
    s->speed[k] = speed;
    log_likelihood[k] = dt__smoother_filter(s, speed);
    highest = fmax(highest, log_likelihood[k]);
  }
  double total = 0.0;
  for (int k = 0; k <= SPEEDS; ++k) {
    const double weight = exp(log_likelihood[k] - highest);
    if (weight > 1e-4) {
      dt__smoother_filter(s, s->speed[k]);
      dt__smoother_add(s, weight);
      total += weight;
    }
  }
  for (size_t i = 0; i < s->point_count; ++i) {
    const double period_s = s->sum_period[i] / total;
    const double square = s->sum_square[i] / total - period_s * period_s;
    const double half_s = 1.96 * sqrt(fmax(square, 0.0));
    curve->items[i] = (dt_tempo_point){
        .beat = s->first_beat + (double)i,
        .time_s = s->sum_time[i] / total,
        .bpm = 60.0 / period_s,
        .low_bpm = 60.0 / (period_s + half_s),
        .high_bpm = 60.0 / fmax(period_s - half_s, 0.01 * period_s),
    };
  }
}

static void layout(dt__smoother* s, dt_arena* arena, size_t strokes, size_t points) {
  const size_t steps = strokes + points;
  s->strokes = dt_arena_take(arena, strokes, sizeof(*s->strokes));
  s->steps = dt_arena_take(arena, steps, sizeof(*s->steps));
  s->sum_period = dt_arena_take(arena, points, sizeof(double));
  s->sum_square = dt_arena_take(arena, points, sizeof(double));
  s->sum_time = dt_arena_take(arena, points, sizeof(double));
}

/* First and last beat, and how many strokes, without memory. */
static size_t extent(const dt_marks* marks, double* first, double* last) {
  size_t count = 0;
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_mark* mark = &marks->items[i];
    if (counts(mark)) {
      const double beat = mark->tick / DT_TICKS_PER_QUARTER;
      *first = count ? fmin(*first, beat) : beat;
      *last = count ? fmax(*last, beat) : beat;
      ++count;
    }
  }
  return count;
}

dt_status dt_tempo_curve_make(dt_tempo_curve* curve, const dt_allocator* allocator,
                              const dt_marks* marks) {
  memset(curve, 0, sizeof(*curve));
  double first = 0.0;
  double last = 0.0;
  const size_t count = extent(marks, &first, &last);
  if (count < STROKES_MIN || last - first < BEATS_MIN || last - first > CURVE_BEATS_MAX) {
    return DT_OK;
  }
  const size_t points = (size_t)(floor(last) - ceil(first)) + 1;
  dt__smoother s = {.first_beat = ceil(first), .point_count = points};
  dt_arena measure = dt_arena_measure();
  layout(&s, &measure, count, points);
  void* memory = dt_alloc_zero(allocator, measure.used);
  curve->items = dt_alloc_zero(allocator, points * sizeof(dt_tempo_point));
  curve->count = curve->items ? points : 0;
  if (!memory || !curve->items) {
    dt_release(allocator, memory, measure.used);
    dt_tempo_curve_clear(curve, allocator);
    return DT_NO_MEMORY;
  }
  dt_arena arena = dt_arena_over(memory, measure.used);
  layout(&s, &arena, count, points);
  s.stroke_count = gather(s.strokes, marks);
  dt__smoother_plan(&s);
  average(&s, curve);
  dt_release(allocator, memory, measure.used);
  return DT_OK;
}

void dt_tempo_curve_clear(dt_tempo_curve* curve, const dt_allocator* allocator) {
  dt_release(allocator, curve->items, curve->count * sizeof(dt_tempo_point));
  memset(curve, 0, sizeof(*curve));
}
