#include <math.h>

#include "drummer_internal.h"

/* What swing comes to after a wobble, whatever was drawn. */
#define WOBBLE_LOWEST  0.35
#define WOBBLE_HIGHEST 0.85

/* More pairs than any take has: pairs after a jump are others than those before it. */
#define PAIRS_MAX 1000000007U

const dt_drummer_hand* dt__hand(const dt_drummer* drummer, char hand) {
  return hand == 'L' ? &drummer->left : hand == 'R' ? &drummer->right : NULL;
}

static double factor(double given) {
  return given > 0 ? given : 1;
}

double dt__scatter_ms(const dt_drummer* drummer, dt_drum drum, char hand, double minutes) {
  const dt_drummer_hand* side = dt__hand(drummer, hand);
  return drummer->scatter_ms * factor(drummer->limb_scatter[dt_drum_voice(drum)]) *
         (side ? factor(side->scatter) : 1) * (1 + drummer->fatigue * minutes);
}

void dt__scale_motor(dt__performance* p) {
  for (size_t i = 0; i < p->plan_count; i++) {
    dt__planned* plan = &p->plan[i];
    const dt_chart_note* note = dt__note_of(p, plan);
    plan->own_s = dt__own_seconds(p, plan->click_s);
    plan->motor_ms =
        dt__scatter_ms(p->drummer, note->drum, note->hand, plan->own_s / 60) * plan->motor;
  }
}

static bool is_near(double a, double b) {
  return fabs(a - b) < 1e-6;
}

/* All that hangs on where in the bar a note stands. */
static double place_ms(const dt__performance* p, const dt__planned* plan) {
  const dt_drummer* d = p->drummer;
  const dt__bar* bar = &p->bars[plan->bar];
  const double beat = (double)(plan->tick - bar->tick) / (double)bar->beat_ticks;
  const double inside = beat - floor(beat);
  double ms = 0;
  if (inside == 0 && (int64_t)beat % 2 == 1 &&
      dt_drum_voice(dt__note_of(p, plan)->drum) == DT_VOICE_SNARE)
    ms += d->backbeat_ms;
  if (is_near(inside, 0.5))
    ms += d->offbeat_ms;
  if (is_near(inside, 0.25) || is_near(inside, 0.75))
    ms += d->uneven_ms;
  for (size_t i = 0; i < DT_DRUMMER_PLACES_MAX; i++)
    if (d->places[i].beat > 0 && is_near(beat + 1, d->places[i].beat))
      ms += d->places[i].offset_ms;
  return ms;
}

static double swung_own_s(const dt__performance* p, const dt__planned* plan, double swing) {
  const double tick = (double)dt__note_of(p, plan)->tick;
  return dt__own_seconds(p, dt__click_seconds(p, dt__swung(p, &p->bars[plan->bar], tick, swing)));
}

/* The limb's own swing goes to the steady part; the wobble of the pair comes back. */
static double swing_ms(const dt__performance* p, dt__planned* plan) {
  const dt_drummer* d = p->drummer;
  const dt_chart_note* note = dt__note_of(p, plan);
  const double own = d->limb_swing[dt_drum_voice(note->drum)];
  const dt_tick pair = p->part->swing_pair;
  if (pair <= 0 || note->tick % pair == 0 || (!(own > 0) && !(d->swing_wobble > 0)))
    return 0;
  const double swing = own > 0 ? own : p->swing;
  const double steady_s = swung_own_s(p, plan, swing);
  plan->steady_ms += 1000 * (steady_s - plan->own_s);
  if (!(d->swing_wobble > 0))
    return 0;
  dt_rng rng = dt__rng_of(p, DT__STREAM_SWING,
                          (uint64_t)(note->tick / pair) +
                              (uint64_t)PAIRS_MAX * (uint64_t)p->bars[plan->bar].jumps);
  const double wobbled = swing + d->swing_wobble * dt_rng_normal(&rng);
  return 1000 *
         (swung_own_s(p, plan, fmin(WOBBLE_HIGHEST, fmax(WOBBLE_LOWEST, wobbled))) - steady_s);
}

static void time_note(const dt__performance* p, dt__planned* plan) {
  const dt_drummer* d = p->drummer;
  const dt_chart_note* note = dt__note_of(p, plan);
  const dt_voice voice = dt_drum_voice(note->drum);
  const dt_drummer_hand* hand = dt__hand(d, note->hand);
  double noise_ms =
      dt__timekeeper_ms(p, plan->bar, plan->tick) + dt__pink_ms(p, plan->tick) + plan->motor_ms;
  plan->steady_ms = d->placement_ms + d->limb_offset_ms[voice] + place_ms(p, plan);
  if (hand)
    plan->steady_ms += hand->offset_ms;
  if (plan->shared) {
    plan->steady_ms -= d->limb_lead_ms[voice];
    noise_ms += d->unison_ms * plan->unison;
  }
  noise_ms += swing_ms(p, plan);
  plan->time_s = plan->own_s + (plan->steady_ms + noise_ms) / 1000;
}

void dt__time_notes(dt__performance* p) {
  for (size_t i = 0; i < p->plan_count; i++)
    time_note(p, &p->plan[i]);
}
