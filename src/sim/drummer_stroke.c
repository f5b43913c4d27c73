#include <math.h>
#include <stdlib.h>

#include "drummer_internal.h"
#include "dt/level.h"

#define STROKES_MAX 10000000

static double loud_velocity(const dt_drummer* d, dt_loud loud) {
  const double given = loud == DT_LOUD_GHOST    ? d->ghost_velocity
                       : loud == DT_LOUD_ACCENT ? d->accent_velocity
                                                : d->stroke_velocity;
  return given > 0 ? given : dt_loud_velocity(loud);
}

float dt__velocity_of(const dt__performance* p, dt_loud loud, double more, char hand, double normal,
                      double own_s, size_t bar) {
  const dt_drummer* d = p->drummer;
  const dt_drummer_hand* side = dt__hand(d, hand);
  const double minutes = own_s / 60;
  double hit = loud_velocity(d, loud) + d->velocity_sd * normal + more;
  if (side)
    hit += side->velocity;
  hit = fmin(127, fmax(1, hit + d->fatigue_velocity_per_min * minutes));
  const double louder_db =
      d->crescendo_db_per_min * minutes + d->crescendo_db_per_bar * (double)bar;
  if (louder_db != 0)
    hit = dt_velocity_at_db(dt_velocity_db(hit) + louder_db);
  return (float)hit;
}

/* -1: unknown, or no hi-hat. */
static float openness_of(const dt_drummer* d, dt_drum drum, double normal) {
  double meant = -1;
  switch (drum) {
  case DT_HIHAT_PEDAL:
    return 0;
  case DT_HIHAT_CLOSED:
    meant = d->openness_closed;
    break;
  case DT_HIHAT_OPEN:
    meant = d->openness_open;
    break;
  case DT_HIHAT:
    meant = d->openness_half;
    break;
  default:
    break;
  }
  if (meant < 0)
    return -1;
  return (float)fmin(1, fmax(0, meant + d->openness_sd * normal));
}

static dt_truth main_stroke(const dt__performance* p, size_t event) {
  const dt__planned* plan = &p->plan[event];
  const dt_chart_note* note = dt__note_of(p, plan);
  dt_stroke stroke = dt_stroke_at(p->lead_in_s + plan->time_s, plan->drum);
  stroke.velocity =
      dt__velocity_of(p, note->loud, 0, note->hand, plan->velocity, plan->own_s, plan->bar);
  stroke.openness = openness_of(p->drummer, plan->drum, plan->openness);
  stroke.note = dt_drum_gm_note(plan->drum);
  return (dt_truth){
      .stroke = stroke,
      .tick = plan->tick,
      .click_time_s = p->lead_in_s + plan->click_s,
      .own_time_s = p->lead_in_s + plan->own_s,
      .offset_ms = plan->steady_ms,
      .kind = plan->fate == DT_TRUTH_HIT ? DT_TRUTH_MAIN : DT_TRUTH_WRONG,
      .event = event,
      .note = plan->note,
      .bar = plan->bar,
      .loud = note->loud,
      .hand = note->hand,
  };
}

static dt_truth grace_stroke(const dt__performance* p, const dt__planned* plan,
                             const dt_truth* stroke, size_t k) {
  const double meant_s = dt__grace_meant_s(p, plan, k);
  dt_truth grace = *stroke;
  grace.kind = DT_TRUTH_GRACE;
  grace.order = -(int)k - 1;
  grace.stroke.time_s -= dt__grace_gap_s(p, plan, k);
  grace.stroke.velocity =
      (float)fmin(127, fmax(1, p->drummer->grace_level * (double)stroke->stroke.velocity));
  grace.click_time_s -= meant_s;
  grace.own_time_s -= meant_s;
  if (stroke->hand == 'R' || stroke->hand == 'L')
    grace.hand = stroke->hand == 'R' ? 'L' : 'R';
  return grace;
}

static dt_truth extra_stroke(const dt__performance* p, const dt__extra* extra) {
  dt_stroke stroke = dt_stroke_at(p->lead_in_s + extra->time_s, extra->drum);
  stroke.velocity =
      dt__velocity_of(p, DT_LOUD_NORMAL, 0, ' ', extra->velocity, extra->own_s, extra->bar);
  stroke.openness = openness_of(p->drummer, extra->drum, 0);
  stroke.note = dt_drum_gm_note(extra->drum);
  return (dt_truth){
      .stroke = stroke,
      .tick = extra->tick,
      .click_time_s = p->lead_in_s + extra->click_s,
      .own_time_s = p->lead_in_s + extra->own_s,
      .offset_ms = p->drummer->placement_ms,
      .kind = DT_TRUTH_EXTRA,
      .event = SIZE_MAX,
      .note = SIZE_MAX,
      .bar = extra->bar,
      .loud = DT_LOUD_NORMAL,
      .hand = ' ',
  };
}

static size_t strokes_of(const dt__performance* p, const dt__planned* plan) {
  if (plan->fate == DT_TRUTH_MISSED)
    return 0;
  return dt__grace_count(p, plan) + dt__roll_count(p, plan);
}

static void write_event(const dt__performance* p, size_t event, dt_truths* truths) {
  const dt__planned* plan = &p->plan[event];
  const dt_truth stroke = main_stroke(p, event);
  truths->items[truths->count++] = stroke;
  for (size_t k = dt__grace_count(p, plan); k-- > 0;)
    truths->items[truths->count++] = grace_stroke(p, plan, &stroke, k);
  const size_t rolled = dt__roll_count(p, plan) - 1;
  if (rolled == 0)
    return;
  dt__write_roll(p, plan, &stroke, &truths->items[truths->count]);
  truths->count += rolled;
}

static int by_time(const void* left, const void* right) {
  const dt_truth* a = left;
  const dt_truth* b = right;
  if (a->stroke.time_s != b->stroke.time_s)
    return a->stroke.time_s < b->stroke.time_s ? -1 : 1;
  if (a->stroke.drum != b->stroke.drum)
    return a->stroke.drum < b->stroke.drum ? -1 : 1;
  if (a->tick != b->tick)
    return a->tick < b->tick ? -1 : 1;
  return (a->order > b->order) - (a->order < b->order);
}

static void write_bars(const dt__performance* p, dt_truths* truths) {
  for (size_t i = 0; i < p->bar_count; i++) {
    const dt__bar* bar = &p->bars[i];
    truths->bars[truths->bar_count++] =
        (dt_truth_bar){bar->tick, p->part->bars[bar->part_bar].length, bar->part_bar, bar->jumped};
  }
  truths->skipped_count = p->skipped_count;
  truths->repeated_count = p->repeated_count;
}

static void write_events(const dt__performance* p, dt_truths* truths) {
  for (size_t i = 0; i < p->plan_count; i++) {
    const dt__planned* plan = &p->plan[i];
    truths->events[truths->event_count++] = (dt_truth_event){
        .note = plan->note,
        .bar = plan->bar,
        .tick = plan->tick,
        .click_time_s = p->lead_in_s + plan->click_s,
        .own_time_s = p->lead_in_s + plan->own_s,
        .fate = plan->fate,
        .stroke = SIZE_MAX,
        .stroke_count = strokes_of(p, plan),
    };
    truths->missed_count += plan->fate == DT_TRUTH_MISSED;
    truths->wrong_count += plan->fate == DT_TRUTH_ON_WRONG_DRUM;
    if (plan->fate != DT_TRUTH_MISSED)
      write_event(p, i, truths);
  }
  truths->extra_count = p->extra_count;
  for (size_t i = 0; i < p->extra_count; i++)
    truths->items[truths->count++] = extra_stroke(p, &p->extras[i]);
}

dt_status dt__write_truths(const dt__performance* p, const dt_allocator* allocator,
                           dt_truths* truths) {
  size_t count = p->extra_count;
  for (size_t i = 0; i < p->plan_count; i++) {
    count += strokes_of(p, &p->plan[i]);
    if (count > STROKES_MAX)
      return DT_TOO_LARGE;
  }
  /* Counts are those of the memory from here on, so that it can be given back. */
  truths->items = dt_alloc(allocator, count * sizeof *truths->items);
  truths->events = dt_alloc(allocator, p->plan_count * sizeof *truths->events);
  truths->bars = dt_alloc(allocator, p->bar_count * sizeof *truths->bars);
  if ((count > 0 && !truths->items) || (p->plan_count > 0 && !truths->events) || !truths->bars) {
    dt_release(allocator, truths->items, count * sizeof *truths->items);
    dt_release(allocator, truths->events, p->plan_count * sizeof *truths->events);
    dt_release(allocator, truths->bars, p->bar_count * sizeof *truths->bars);
    *truths = (dt_truths){0};
    return DT_NO_MEMORY;
  }
  write_bars(p, truths);
  write_events(p, truths);
  if (truths->count > 0)
    qsort(truths->items, truths->count, sizeof *truths->items, by_time);
  for (size_t i = 0; i < truths->count; i++)
    if (truths->items[i].order == 0 && truths->items[i].event != SIZE_MAX)
      truths->events[truths->items[i].event].stroke = i;
  return DT_OK;
}

void dt_truths_clear(dt_truths* truths, const dt_allocator* allocator) {
  dt_release(allocator, truths->items, truths->count * sizeof *truths->items);
  dt_release(allocator, truths->events, truths->event_count * sizeof *truths->events);
  dt_release(allocator, truths->bars, truths->bar_count * sizeof *truths->bars);
  *truths = (dt_truths){0};
}
