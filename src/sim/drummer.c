#include "dt/drummer.h"

#include <math.h>

#include "drummer_internal.h"
#include "pink.h"
#include "traits.h"

#define STEP_LEAST 40 /* ticks: a ninety-sixth note */

dt_drummer dt_drummer_default(void) {
  return (dt_drummer){
      .seed = 1,
      .bpm = 120,
      .bars = 8,
      .scatter_ms = 8,
      .flam_ms = 30,
      .flam_sd_ms = DT_AS_USUAL,
      .drag_ms = 70,
      .grace_level = 0.4,
      .roll_rate = 16,
      .roll_cv = 0.05,
      .roll_break_factor = 3,
      .openness_open = 1,
      .openness_half = DT_AS_USUAL,
      .lead_in_s = DT_LEAD_IN_ONE_BAR,
  };
}

dt_status dt_drummer_part(const dt_drummer* drummer, const dt_chart* chart,
                          const dt_allocator* allocator, dt_part* part) {
  return dt_part_from_chart(part, allocator, chart, drummer->bars, drummer->bpm);
}

double dt_drummer_lead_in_s(const dt_drummer* drummer, const dt_part* part) {
  if (drummer->lead_in_s >= 0)
    return drummer->lead_in_s;
  if (part->bar_count == 0)
    return 0;
  return (double)part->bars[0].length / DT_TICKS_PER_QUARTER * 60 / dt_tempo_map_bpm(&part->map, 0);
}

/* splitmix64 (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators",
 * 2014): neighbours in `which` become seeds that have nothing to do with each other. */
static uint64_t mixed(uint64_t seed, uint64_t which) {
  uint64_t bits = seed + (which + 1) * 0x9E3779B97F4A7C15U;
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9U;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBU;
  return bits ^ (bits >> 31);
}

dt_rng dt__rng_of(const dt__performance* p, uint64_t stream, uint64_t which) {
  return dt_rng_seeded(mixed(p->drummer->seed, which), stream);
}

static dt_tick common_step(dt_tick a, dt_tick b) {
  while (b > 0) {
    const dt_tick rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

static dt_tick step_of(const dt_part* part) {
  dt_tick step = 0;
  for (size_t i = 0; i < part->bar_count; i++)
    step = common_step(part->bars[i].length, step);
  for (size_t i = 0; i < part->note_count; i++)
    step = common_step(part->notes[i].note.tick, step);
  return step > STEP_LEAST ? step : STEP_LEAST;
}

static size_t most_notes_in_a_bar(const dt_part* part) {
  size_t most = 0;
  for (size_t i = 0, first = 0; i < part->note_count; i++) {
    if (part->notes[i].bar != part->notes[first].bar)
      first = i;
    most = i - first + 1 > most ? i - first + 1 : most;
  }
  return most;
}

static dt_status check(const dt__performance* p, dt_error* err) {
  if (p->part->bar_count == 0 || p->part->end <= 0)
    return dt_fail(err, DT_BAD_ARGUMENT, "The part has no bars");
  return dt__drummer_check(p->drummer, err);
}

/* The most that can be played, with every bar that may be repeated. */
static void measure(dt__performance* p) {
  const dt_drummer* d = p->drummer;
  const dt_part* part = p->part;
  const size_t repeats = (size_t)d->repeat_count + (d->repeat_bar > 0);
  dt_tick longest_bar = 0;
  for (size_t i = 0; i < part->bar_count; i++) {
    const dt_part_bar* bar = &part->bars[i];
    const dt_tick beat = dt_meter_beat_ticks(bar->meter);
    const size_t beats = (size_t)((bar->length + beat - 1) / beat);
    longest_bar = bar->length > longest_bar ? bar->length : longest_bar;
    p->beat_room += beats;
  }
  for (size_t i = 0; i < part->note_count; i++)
    if (part->notes[i].note.length > p->longest_roll)
      p->longest_roll = part->notes[i].note.length;
  p->step = step_of(part);
  p->swing = d->swing > 0 ? d->swing : part->swing;
  p->lead_in_s = dt_drummer_lead_in_s(d, part);
  p->bar_room = part->bar_count + repeats;
  /* No beat is shorter than a sixteenth of a quarter note. */
  p->beat_room += 1 + repeats * (size_t)(longest_bar / (DT_TICKS_PER_QUARTER / 16) + 1);
  p->plan_room = part->note_count + repeats * most_notes_in_a_bar(part);
  p->stretch_room = 2 + p->bar_room + 2 * (p->bar_room + (repeats + 1) * part->fill_count);
  p->extra_room = d->extra_rate > 0 ? p->plan_room : 0;
  if (d->pink_ms > 0) {
    const dt_tick end = part->end + (dt_tick)repeats * longest_bar;
    p->pink_length = dt__pink_length((size_t)(end / p->step) + 1);
  }
}

static void lay_out(dt__performance* p, dt_arena* arena) {
  p->choice = dt_arena_take(arena, p->part->bar_count, sizeof *p->choice);
  p->bars = dt_arena_take(arena, p->bar_room, sizeof *p->bars);
  p->plan = dt_arena_take(arena, p->plan_room, sizeof *p->plan);
  p->stretches = dt_arena_take(arena, p->stretch_room, sizeof *p->stretches);
  p->heard_ms = dt_arena_take(arena, p->beat_room, sizeof *p->heard_ms);
  p->heard_n = dt_arena_take(arena, p->beat_room, sizeof *p->heard_n);
  p->internal_ms = dt_arena_take(arena, p->beat_room, sizeof *p->internal_ms);
  p->extras = dt_arena_take(arena, p->extra_room, sizeof *p->extras);
  p->pink = NULL;
  if (p->pink_length > 0)
    p->pink = dt_arena_take(arena, 2 * p->pink_length, sizeof *p->pink);
}

static dt_status perform(dt__performance* p, dt_error* err) {
  dt_status status = dt__choose_bars(p, err);
  if (status == DT_OK)
    status = dt__lay_pulse(p, err);
  if (status != DT_OK)
    return status;
  dt__plan_notes(p);
  dt__miss_notes(p);
  dt__scale_motor(p);
  dt__run_timekeeper(p);
  dt__run_pink(p);
  dt__time_notes(p);
  dt__mistake_drums(p);
  dt__add_extras(p);
  return DT_OK;
}

dt_status dt_drummer_play(const dt_drummer* drummer, const dt_part* part,
                          const dt_allocator* allocator, dt_truths* truths, dt_error* err) {
  *truths = (dt_truths){0};
  dt__performance p = {.drummer = drummer, .part = part};
  dt_status status = check(&p, err);
  if (status != DT_OK)
    return status;
  measure(&p);
  dt_arena arena = dt_arena_measure();
  lay_out(&p, &arena);
  const size_t size = arena.used;
  void* block = dt_alloc(allocator, size);
  if (!block)
    return dt_fail(err, DT_NO_MEMORY, "Not enough memory for %zu bars", part->bar_count);
  arena = dt_arena_over(block, size);
  lay_out(&p, &arena);
  status = perform(&p, err);
  if (status == DT_OK) {
    status = dt__write_truths(&p, allocator, truths);
    if (status == DT_TOO_LARGE)
      (void)dt_fail(err, status, "More strokes than a take can hold: rolls too long or too fast");
    else if (status != DT_OK)
      (void)dt_fail(err, status, "Not enough memory for %zu bars", part->bar_count);
  }
  dt_release(allocator, block, size);
  return status;
}
