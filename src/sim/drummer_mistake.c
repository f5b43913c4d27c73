#include <math.h>
#include <string.h>

#include "drummer_internal.h"

#define GUARD_LEAST_S 0.060
#define GUARD_STEPS   (1.0 / 3)
#define REACH_S       1.0 /* how far around mistakes are looked for; more than any guard */
#define TRIES         8   /* places tried for an extra stroke */

/* What is on a kit when the part says nothing else. */
static const dt_drum kit[] = {DT_KICK, DT_SNARE, DT_HIHAT_CLOSED, DT_TOM_MID, DT_RIDE, DT_CRASH};
enum { KIT_DRUMS = sizeof kit / sizeof kit[0] };

/* Drums for mistakes, a voice once. */
typedef struct drums {
  dt_drum of[DT_VOICE_COUNT + KIT_DRUMS];
  size_t count;
  size_t of_part; /* the first so many are in the part */
} drums;

static void add_voice(drums* list, dt_drum drum) {
  for (size_t i = 0; i < list->count; i++)
    if (dt_drum_voice(list->of[i]) == dt_drum_voice(drum))
      return;
  list->of[list->count++] = drum;
}

static drums drums_of(const dt_part* part) {
  drums list = {.count = 0};
  for (size_t i = 0; i < part->note_count && list.count < DT_VOICE_COUNT; i++)
    add_voice(&list, part->notes[i].note.drum);
  list.of_part = list.count;
  for (size_t i = 0; i < KIT_DRUMS; i++)
    add_voice(&list, kit[i]);
  return list;
}

static double step_s(const dt__performance* p, double swung) {
  return 60 / dt_tempo_map_bpm(&p->part->map, swung) * (double)p->step / DT_TICKS_PER_QUARTER;
}

static double guard_s(const dt__performance* p, double swung) {
  return fmin(REACH_S / 2, fmax(GUARD_LEAST_S, GUARD_STEPS * step_s(p, swung)));
}

/* Is a time nearer than that to what is played for a note, ornaments included? */
static bool touches(const dt__performance* p, const dt__planned* note, double time_s,
                    double guard) {
  const size_t graces = dt__grace_count(p, note);
  const double before_s = graces > 0 ? dt__grace_gap_s(p, note, graces - 1) : 0;
  return time_s > note->time_s - before_s - guard &&
         time_s < note->time_s + dt__roll_span_s(p, note) + guard;
}

static bool is_off(const dt__planned* note) {
  return note->fate != DT_TRUTH_HIT;
}

/* The notes that may matter to own time own_s. A roll that began before reaches forward. */
typedef struct range {
  size_t from;
  size_t to;
} range;

static range around(const dt__performance* p, double own_s) {
  const double rolled_s = p->longest_roll > 0 ? (double)p->longest_roll / DT_TICKS_PER_QUARTER *
                                                    60 / 10 /* bpm at the slowest */
                                              : 0;
  range r = {0, p->plan_count};
  size_t low = 0;
  size_t high = p->plan_count;
  while (low < high) {
    const size_t at = low + (high - low) / 2;
    if (p->plan[at].own_s < own_s - REACH_S - rolled_s)
      low = at + 1;
    else
      high = at;
  }
  r.from = low;
  for (r.to = low; r.to < p->plan_count && p->plan[r.to].own_s < own_s + REACH_S;)
    r.to++;
  return r;
}

/* Is there room for a stroke of that voice, `guard` away from all strokes and `room` from all notes
 * of it? `self` is left out. */
static bool has_room(const dt__performance* p, dt_voice voice, double own_s, double time_s,
                     double guard, double room, const dt__planned* self) {
  const range r = around(p, own_s);
  for (size_t i = r.from; i < r.to; i++) {
    const dt__planned* note = &p->plan[i];
    if (note == self)
      continue;
    const bool written = dt_drum_voice(dt__note_of(p, note)->drum) == voice;
    const bool struck = note->fate != DT_TRUTH_MISSED && dt_drum_voice(note->drum) == voice;
    if (written && fabs(note->own_s - own_s) < room)
      return false;
    if ((written || struck) && touches(p, note, time_s, guard))
      return false;
  }
  for (size_t i = 0; i < p->extra_count; i++)
    if (dt_drum_voice(p->extras[i].drum) == voice && fabs(p->extras[i].time_s - time_s) < guard)
      return false;
  return true;
}

static bool others_are_right(const dt__performance* p, const dt__planned* self, double own_s,
                             double guard) {
  const range r = around(p, own_s);
  for (size_t i = r.from; i < r.to; i++)
    if (&p->plan[i] != self && is_off(&p->plan[i]) && fabs(p->plan[i].own_s - own_s) < guard)
      return false;
  return true;
}

/* One of the drums that have room, of the part's if it has several voices and one of them has. */
static bool choose_wrong(const dt__performance* p, const drums* list, dt__planned* note) {
  const double guard = guard_s(p, note->swung);
  const double room = fmax(guard, step_s(p, note->swung) / 2);
  dt_drum free[DT_VOICE_COUNT + KIT_DRUMS];
  size_t count = 0;
  for (size_t i = 0; i < list->count; i++) {
    if (i == list->of_part && count > 0)
      break;
    const dt_voice voice = dt_drum_voice(list->of[i]);
    if (voice != dt_drum_voice(note->drum) &&
        has_room(p, voice, note->own_s, note->time_s, guard, room, note))
      free[count++] = list->of[i];
  }
  if (count == 0)
    return false;
  dt_rng rng = dt__rng_of(p, DT__STREAM_WRONG_DRUM, note->ordinal);
  note->drum = free[dt_rng_below(&rng, (uint32_t)count)];
  return true;
}

void dt__mistake_drums(dt__performance* p) {
  if (!(p->drummer->wrong_rate > 0))
    return;
  const drums list = drums_of(p->part);
  for (size_t i = 0; i < p->plan_count; i++) {
    dt__planned* note = &p->plan[i];
    if (!(note->wrong < p->drummer->wrong_rate) || is_off(note) ||
        dt__note_of(p, note)->ornament != DT_PLAIN ||
        !others_are_right(p, note, note->own_s, guard_s(p, note->swung)))
      continue;
    if (choose_wrong(p, &list, note))
      note->fate = DT_TRUTH_ON_WRONG_DRUM;
  }
}

/* Any place from the note to a beat after it, on any drum, inside the bar. */
static bool place_extra(dt__performance* p, const drums* list, const dt__planned* note,
                        dt_rng* rng) {
  const dt__bar* bar = &p->bars[note->bar];
  const dt_part_bar* written = &p->part->bars[bar->part_bar];
  const double in_part =
      (double)dt__note_of(p, note)->tick + dt_rng_uniform(rng) * (double)bar->beat_ticks;
  const size_t choices = list->of_part > 1 ? list->of_part : list->count;
  const dt_drum drum = list->of[dt_rng_below(rng, (uint32_t)choices)];
  const double normal = dt_rng_normal(rng);
  if (in_part >= (double)(written->tick + written->length))
    return false;
  const double swung = dt__swung(p, bar, in_part, p->swing);
  dt__extra extra = {.bar = note->bar, .drum = drum, .velocity = normal};
  extra.tick = bar->tick + (dt_tick)floor(in_part - (double)written->tick);
  extra.click_s = dt__click_seconds(p, swung);
  extra.own_s = dt__own_seconds(p, extra.click_s);
  extra.time_s =
      extra.own_s + (p->drummer->placement_ms + dt__timekeeper_ms(p, extra.bar, extra.tick)) / 1000;
  const double guard = guard_s(p, swung);
  if (!has_room(p, dt_drum_voice(drum), extra.own_s, extra.time_s, guard, guard, NULL) ||
      !others_are_right(p, NULL, extra.own_s, guard))
    return false;
  p->extras[p->extra_count++] = extra;
  return true;
}

void dt__add_extras(dt__performance* p) {
  if (!(p->drummer->extra_rate > 0))
    return;
  const drums list = drums_of(p->part);
  for (size_t i = 0; i < p->plan_count; i++) {
    const dt__planned* note = &p->plan[i];
    if (!(note->extra < p->drummer->extra_rate))
      continue;
    dt_rng rng = dt__rng_of(p, DT__STREAM_EXTRA_PLACE, note->ordinal);
    for (int tries = 0; tries < TRIES && !place_extra(p, &list, note, &rng); tries++)
      ;
  }
}
