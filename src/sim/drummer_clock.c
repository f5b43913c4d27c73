#include <string.h>

#include "drummer_internal.h"
#include "pink.h"

#define SETTLE_BEATS 32 /* the loop runs this long before a settled player comes in */

/* What the player hears of his own hands on each beat: the mean motor noise of its strokes. */
static void hear_beats(dt__performance* p) {
  memset(p->heard_ms, 0, p->beat_count * sizeof *p->heard_ms);
  memset(p->heard_n, 0, p->beat_count * sizeof *p->heard_n);
  for (size_t i = 0; i < p->plan_count; i++) {
    const dt__planned* note = &p->plan[i];
    const dt__bar* bar = &p->bars[note->bar];
    if (note->fate == DT_TRUTH_MISSED || (note->tick - bar->tick) % bar->beat_ticks != 0)
      continue;
    const size_t beat = bar->first_beat + (size_t)((note->tick - bar->tick) / bar->beat_ticks);
    p->heard_ms[beat] += note->motor_ms;
    p->heard_n[beat] += 1;
  }
  for (size_t beat = 0; beat < p->beat_count; beat++)
    if (p->heard_n[beat] > 0)
      p->heard_ms[beat] /= p->heard_n[beat];
}

/* The loop of the header, written for B = A - M:  B' = B - alpha A + T + D'. */
typedef struct timekeeper {
  double internal_ms;
  double period_ms; /* D */
} timekeeper;

static void keep_time(timekeeper* keeper, const dt_drummer* drummer, double heard_ms,
                      dt_rng* clock) {
  const double asynchrony_ms = keeper->internal_ms + heard_ms;
  keeper->period_ms -= drummer->period_correction * asynchrony_ms;
  keeper->internal_ms += keeper->period_ms - drummer->phase_correction * asynchrony_ms +
                         drummer->clock_ms * dt_rng_normal(clock);
}

void dt__run_timekeeper(dt__performance* p) {
  const dt_drummer* drummer = p->drummer;
  dt_rng clock = dt_rng_seeded(drummer->seed, DT__STREAM_CLOCK);
  timekeeper keeper = {0, 0};
  hear_beats(p);
  for (int i = 0; i < SETTLE_BEATS && drummer->phase_correction > 0; i++)
    keep_time(&keeper, drummer, drummer->scatter_ms * dt_rng_normal(&clock), &clock);
  for (size_t beat = 0; beat < p->beat_count; beat++) {
    p->internal_ms[beat] = keeper.internal_ms;
    keep_time(&keeper, drummer, p->heard_ms[beat], &clock);
  }
}

double dt__timekeeper_ms(const dt__performance* p, size_t bar, dt_tick tick) {
  const dt__bar* played = &p->bars[bar];
  const dt_tick in_bar = tick - played->tick;
  const size_t beat = played->first_beat + (size_t)(in_bar / played->beat_ticks);
  const double inside = (double)(in_bar % played->beat_ticks) / (double)played->beat_ticks;
  const double here = p->internal_ms[beat];
  return inside > 0 ? here + inside * (p->internal_ms[beat + 1] - here) : here;
}

void dt__run_pink(dt__performance* p) {
  if (!p->pink)
    return;
  dt_rng rng = dt_rng_seeded(p->drummer->seed, DT__STREAM_PINK);
  dt__pink(p->pink, p->pink_length, &rng);
}

double dt__pink_ms(const dt__performance* p, dt_tick tick) {
  return p->pink ? p->drummer->pink_ms * p->pink[2 * (size_t)(tick / p->step)] : 0;
}
