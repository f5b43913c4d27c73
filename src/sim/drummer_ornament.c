#include <math.h>

#include "drummer_internal.h"

#define GRACE_SCATTER 0.25 /* both sticks of a flam fall in one motion */
#define JITTER_MOST   0.4  /* of an interval: strokes of a roll keep their order */

size_t dt__grace_count(const dt__performance* p, const dt__planned* plan) {
  switch (dt__note_of(p, plan)->ornament) {
  case DT_FLAM:
    return p->drummer->flam_ms > 0 ? 1 : 0;
  case DT_DRAG:
    return p->drummer->drag_ms > 0 ? 2 : 0;
  case DT_PLAIN:
  case DT_ROLL:
    break;
  }
  return 0;
}

/* Seconds of the click back to the note of the same voice before; infinite without one. */
static double room_before_s(const dt__performance* p, const dt__planned* plan, double enough_s) {
  const dt_voice voice = dt_drum_voice(plan->drum);
  for (const dt__planned* other = plan; other-- > p->plan;) {
    const double gap_s = plan->click_s - other->click_s;
    if (gap_s > enough_s)
      break;
    if (gap_s > 0 && dt_drum_voice(other->drum) == voice)
      return gap_s;
  }
  return (double)INFINITY;
}

double dt__grace_meant_s(const dt__performance* p, const dt__planned* plan, size_t k) {
  const bool drag = dt__note_of(p, plan)->ornament == DT_DRAG;
  const double first_s = (drag ? p->drummer->drag_ms : p->drummer->flam_ms) / 1000;
  const double meant_s = fmin(first_s, room_before_s(p, plan, 2 * first_s) / 2);
  return drag && k == 0 ? meant_s / 2 : meant_s;
}

static double grace_sd_s(const dt__performance* p, const dt__planned* plan) {
  if (p->drummer->flam_sd_ms >= 0)
    return p->drummer->flam_sd_ms / 1000;
  const dt_chart_note* note = dt__note_of(p, plan);
  return GRACE_SCATTER / 1000 *
         dt__scatter_ms(p->drummer, note->drum, note->hand, plan->own_s / 60);
}

double dt__grace_gap_s(const dt__performance* p, const dt__planned* plan, size_t k) {
  const double meant_s = dt__grace_meant_s(p, plan, k);
  const double gap_s = fmax(meant_s / 2, meant_s + grace_sd_s(p, plan) * plan->grace[k]);
  /* The first of a drag stays before the second. */
  return k == 0 ? gap_s : fmax(gap_s, dt__grace_gap_s(p, plan, 0) + meant_s / 8);
}

typedef struct roll {
  double from; /* ticks as played, swung */
  double to;
  size_t count;
} roll;

static roll roll_of(const dt__performance* p, const dt__planned* plan) {
  const dt_chart_note* note = dt__note_of(p, plan);
  roll r = {.from = plan->swung, .to = plan->swung, .count = 1};
  if (note->ornament != DT_ROLL || note->length <= 0)
    return r;
  r.to = dt__swung(p, &p->bars[plan->bar], (double)(note->tick + note->length), p->swing);
  if (note->roll_step > 0) {
    r.count = (size_t)(note->length / note->roll_step);
  } else {
    const double length_s = dt__click_seconds(p, r.to) - plan->click_s;
    r.count = (size_t)round(length_s * p->drummer->roll_rate);
  }
  if (r.count < 1)
    r.count = 1;
  return r;
}

size_t dt__roll_count(const dt__performance* p, const dt__planned* plan) {
  return roll_of(p, plan).count;
}

double dt__roll_span_s(const dt__performance* p, const dt__planned* plan) {
  const roll r = roll_of(p, plan);
  return r.count > 1 ? dt__own_seconds(p, dt__click_seconds(p, r.to)) - plan->own_s : 0;
}

static char other_hand(char hand) {
  return hand == 'R' ? 'L' : hand == 'L' ? 'R' : hand;
}

static double hand_offset_ms(const dt_drummer* drummer, char hand) {
  const dt_drummer_hand* side = dt__hand(drummer, hand);
  return side ? side->offset_ms : 0;
}

/* By how much a stroke leaves its place, so that the intervals vary by roll_cv: two independent
 * ends make each. */
static double jitter_s(const dt__performance* p, dt_rng* rng, double interval_s, double since_s,
                       double own_s, char hand) {
  const dt_drummer* d = p->drummer;
  const dt_drummer_hand* side = dt__hand(d, hand);
  double cv = d->roll_cv * (1 + d->fatigue * own_s / 60);
  if (side && side->scatter > 0)
    cv *= side->scatter;
  if (d->roll_break_s > 0 && since_s >= d->roll_break_s)
    cv *= d->roll_break_factor;
  const double drawn = cv / sqrt(2) * dt_rng_normal(rng);
  return interval_s * fmax(-JITTER_MOST, fmin(JITTER_MOST, drawn));
}

/* Later strokes are no accents; and MIDI knows no fraction of a tick. */
static void place_stroke(const dt__performance* p, const dt__planned* plan, double swung,
                         dt_truth* stroke) {
  const dt_chart_note* note = dt__note_of(p, plan);
  stroke->kind = DT_TRUTH_ROLL;
  stroke->loud = note->loud == DT_LOUD_GHOST ? DT_LOUD_GHOST : DT_LOUD_NORMAL;
  stroke->click_time_s = p->lead_in_s + dt__click_seconds(p, swung);
  stroke->own_time_s = p->lead_in_s + dt__own_seconds(p, dt__click_seconds(p, swung));
}

void dt__write_roll(const dt__performance* p, const dt__planned* plan, const dt_truth* first,
                    dt_truth* rest) {
  const dt_drummer* d = p->drummer;
  const dt_chart_note* note = dt__note_of(p, plan);
  const roll r = roll_of(p, plan);
  dt_rng timing = dt__rng_of(p, DT__STREAM_ROLL, plan->ordinal);
  dt_rng level = dt__rng_of(p, DT__STREAM_ROLL_VELOCITY, plan->ordinal);
  const double interval_s = dt__roll_span_s(p, plan) / (double)r.count;
  const double moved_s = first->stroke.time_s - first->own_time_s -
                         jitter_s(p, &timing, interval_s, 0, plan->own_s, note->hand);
  for (size_t k = 1; k < r.count; k++) {
    const double share = (double)k / (double)r.count;
    const bool second = k % 2 == 1;
    dt_truth* s = &rest[k - 1];
    *s = *first;
    s->order = (int)k;
    s->tick = plan->tick + (dt_tick)floor((double)note->length * share + 0.5);
    s->hand = second ? other_hand(note->hand) : note->hand;
    place_stroke(p, plan, r.from + share * (r.to - r.from), s);
    const double turned_ms = hand_offset_ms(d, s->hand) - hand_offset_ms(d, note->hand) +
                             (second ? d->roll_alternate_ms : 0);
    const double own_s = s->own_time_s - p->lead_in_s;
    s->offset_ms += turned_ms;
    s->stroke.time_s = s->own_time_s + moved_s + turned_ms / 1000 +
                       jitter_s(p, &timing, interval_s, own_s - plan->own_s, own_s, s->hand);
    s->stroke.velocity = dt__velocity_of(p, s->loud, second ? d->roll_alternate_velocity : 0,
                                         s->hand, dt_rng_normal(&level), own_s, plan->bar);
  }
}
