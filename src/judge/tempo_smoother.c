#include <math.h>

#include "tempo_curve_internal.h"

/* Filter and smoother of the pulse, in units of the stroke's own variance until the end. */

static const double DIFFUSE = 1e10; /* of the first state, in stroke variances */

void dt__smoother_plan(dt__smoother* s) {
  size_t stroke = 0;
  size_t point = 0;
  s->step_count = 0;
  while (stroke < s->stroke_count || point < s->point_count) {
    const double beat = s->first_beat + (double)point;
    const bool is_stroke =
        point == s->point_count || (stroke < s->stroke_count && s->strokes[stroke].beat <= beat);
    dt__pulse_step* step = &s->steps[s->step_count++];
    step->is_stroke = is_stroke;
    step->index = is_stroke ? stroke++ : point++;
    step->beat = is_stroke ? s->strokes[step->index].beat : beat;
  }
  const dt__pulse_stroke* last = &s->strokes[s->stroke_count - 1];
  s->mean_period_s = (last->time_s - s->strokes[0].time_s) / (last->beat - s->strokes[0].beat);
}

/* The state `beats` later; the period's walk is integrated over the way there. */
static dt__pulse_state predict(const dt__pulse_state* from, double beats, double q) {
  dt__pulse_state to = *from;
  to.time_s += beats * from->period_s;
  to.p00 += 2.0 * beats * from->p01 + beats * beats * from->p11 + q * beats * beats * beats / 3.0;
  to.p01 += beats * from->p11 + q * beats * beats / 2.0;
  to.p11 += q * beats;
  return to;
}

static dt__pulse_state update(const dt__pulse_state* at, double innovation, double variance) {
  const double k0 = at->p00 / variance;
  const double k1 = at->p01 / variance;
  dt__pulse_state to = *at;
  to.time_s += k0 * innovation;
  to.period_s += k1 * innovation;
  to.p00 -= k0 * at->p00;
  to.p01 -= k0 * at->p01;
  to.p11 -= k1 * at->p01;
  return to;
}

double dt__smoother_filter(dt__smoother* s, double speed) {
  const double period2 = s->mean_period_s * s->mean_period_s;
  dt__pulse_state state = {s->strokes[0].time_s, s->mean_period_s, DIFFUSE, 0.0, DIFFUSE};
  double beat = s->steps[0].beat;
  double squares = 0.0;
  double log_variance = 0.0;
  size_t seen = 0;
  for (size_t i = 0; i < s->step_count; ++i) {
    dt__pulse_step* step = &s->steps[i];
    step->predicted = predict(&state, step->beat - beat, speed);
    step->filtered = step->predicted;
    beat = step->beat;
    if (step->is_stroke) {
      const double innovation = s->strokes[step->index].time_s - step->predicted.time_s;
      const double variance = step->predicted.p00 + 1.0;
      step->filtered = update(&step->predicted, innovation, variance);
      if (seen++ >= 2) { /* the first two only find the diffuse start */
        squares += innovation * innovation / variance;
        log_variance += log(variance);
      }
    }
    state = step->filtered;
  }
  const double free = (double)(seen - 2);
  s->variance = fmax(squares / free, 1e-12 * period2);
  return -0.5 * (free * log(s->variance) + log_variance);
}

/* C = filtered P x F' / predicted P of the step that follows. */
static dt__pulse_state smooth(const dt__pulse_step* at, const dt__pulse_step* next,
                              const dt__pulse_state* later) {
  const double d = next->beat - at->beat;
  const dt__pulse_state* f = &at->filtered;
  const dt__pulse_state* p = &next->predicted;
  const double det = p->p00 * p->p11 - p->p01 * p->p01;
  if (d <= 0.0 || !(det > 0.0)) {
    return *later;
  }
  const double a00 = f->p00 + d * f->p01;
  const double a10 = f->p01 + d * f->p11;
  const double c00 = (a00 * p->p11 - f->p01 * p->p01) / det;
  const double c01 = (f->p01 * p->p00 - a00 * p->p01) / det;
  const double c10 = (a10 * p->p11 - f->p11 * p->p01) / det;
  const double c11 = (f->p11 * p->p00 - a10 * p->p01) / det;
  const double time_s = later->time_s - p->time_s;
  const double period_s = later->period_s - p->period_s;
  const double e00 = later->p00 - p->p00;
  const double e01 = later->p01 - p->p01;
  const double e11 = later->p11 - p->p11;
  dt__pulse_state to = *f;
  to.time_s += c00 * time_s + c01 * period_s;
  to.period_s += c10 * time_s + c11 * period_s;
  to.p00 += c00 * (c00 * e00 + c01 * e01) + c01 * (c00 * e01 + c01 * e11);
  to.p01 += c10 * (c00 * e00 + c01 * e01) + c11 * (c00 * e01 + c01 * e11);
  to.p11 += c10 * (c10 * e00 + c11 * e01) + c11 * (c10 * e01 + c11 * e11);
  return to;
}

void dt__smoother_add(dt__smoother* s, double weight) {
  dt__pulse_state state = s->steps[s->step_count - 1].filtered;
  for (size_t i = s->step_count; i-- > 0;) {
    const dt__pulse_step* step = &s->steps[i];
    if (i + 1 < s->step_count) {
      state = smooth(step, &s->steps[i + 1], &state);
    }
    if (!step->is_stroke) {
      const double square = state.period_s * state.period_s + fmax(state.p11, 0.0) * s->variance;
      s->sum_period[step->index] += weight * state.period_s;
      s->sum_square[step->index] += weight * square;
      s->sum_time[step->index] += weight * state.time_s;
    }
  }
}
