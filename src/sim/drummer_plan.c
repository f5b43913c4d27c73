#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drummer_internal.h"

/* Notes of one voice nearer than this are not missed: nobody could say which one it was. */
#define MISS_GUARD_S 0.060

double dt__swung(const dt__performance* p, const dt__bar* bar, double part_tick, double swing) {
  const dt_tick whole = (dt_tick)floor(part_tick);
  const double from = dt_swing_tick(whole, p->part->swing_pair, swing);
  double swung = from;
  if (part_tick > (double)whole) {
    const double to = dt_swing_tick(whole + 1, p->part->swing_pair, swing);
    swung += (part_tick - (double)whole) * (to - from);
  }
  return swung + (double)(bar->tick - p->part->bars[bar->part_bar].tick);
}

static size_t first_note_of(const dt_part* part, size_t bar) {
  size_t low = 0;
  size_t high = part->note_count;
  while (low < high) {
    const size_t at = low + (high - low) / 2;
    if ((size_t)part->notes[at].bar < bar)
      low = at + 1;
    else
      high = at;
  }
  return low;
}

static void plan_note(dt__performance* p, size_t bar, size_t note) {
  const dt__bar* played = &p->bars[bar];
  const dt_tick part_tick = p->part->notes[note].note.tick;
  dt__planned* plan = &p->plan[p->plan_count++];
  *plan = (dt__planned){
      .note = note,
      .bar = bar,
      .ordinal = note,
      .tick = part_tick + played->tick - p->part->bars[played->part_bar].tick,
      .swung = dt__swung(p, played, (double)part_tick, p->swing),
      .drum = p->part->notes[note].note.drum,
  };
  plan->click_s = dt__click_seconds(p, plan->swung);
}

/* The draws of all notes of the part, in its order and whether they are played or not, and then
 * those of bars that are played once more. So the draws of a note stay its own. */
typedef struct draws {
  dt_rng motor;
  dt_rng velocity;
  dt_rng miss;
  dt_rng flam;
  dt_rng drag;
  dt_rng unison;
  dt_rng openness;
  dt_rng wrong;
  dt_rng extra;
} draws;

static void draw(const dt__performance* p, draws* d, dt__planned* plan) {
  const dt_chart_note* note = dt__note_of(p, plan);
  plan->motor = dt_rng_normal(&d->motor);
  plan->missing = dt_rng_uniform(&d->miss);
  plan->velocity = dt_rng_normal(&d->velocity);
  plan->unison = dt_rng_normal(&d->unison);
  plan->openness = dt_rng_normal(&d->openness);
  plan->wrong = dt_rng_uniform(&d->wrong);
  plan->extra = dt_rng_uniform(&d->extra);
  if (note->ornament == DT_FLAM)
    plan->grace[0] = dt_rng_normal(&d->flam);
  for (int k = 0; k < 2 && note->ornament == DT_DRAG; k++)
    plan->grace[k] = dt_rng_normal(&d->drag);
}

static draws draws_of(uint64_t seed) {
  return (draws){
      dt_rng_seeded(seed, DT__STREAM_MOTOR),    dt_rng_seeded(seed, DT__STREAM_VELOCITY),
      dt_rng_seeded(seed, DT__STREAM_MISS),     dt_rng_seeded(seed, DT__STREAM_FLAM),
      dt_rng_seeded(seed, DT__STREAM_DRAG),     dt_rng_seeded(seed, DT__STREAM_UNISON),
      dt_rng_seeded(seed, DT__STREAM_OPENNESS), dt_rng_seeded(seed, DT__STREAM_WRONG),
      dt_rng_seeded(seed, DT__STREAM_EXTRA),
  };
}

static bool is_again(const dt__performance* p, size_t bar) {
  return bar > 0 && p->bars[bar].part_bar == p->bars[bar - 1].part_bar;
}

/* Draws for the notes that are played for the first time; the plan holds them in part order with
 * the repeated ones between, and skipped ones are drawn for and forgotten. */
static void draw_first(const dt__performance* p, draws* d) {
  dt__planned forgotten = {0};
  size_t at = 0;
  for (size_t note = 0; note < p->part->note_count; note++) {
    while (at < p->plan_count && (is_again(p, p->plan[at].bar) || p->plan[at].note < note))
      at++;
    const bool played = at < p->plan_count && p->plan[at].note == note;
    forgotten.note = note;
    draw(p, d, played ? &p->plan[at] : &forgotten);
  }
}

static void draw_again(dt__performance* p, draws* d) {
  size_t ordinal = p->part->note_count;
  for (size_t at = 0; at < p->plan_count; at++) {
    if (!is_again(p, p->plan[at].bar))
      continue;
    p->plan[at].ordinal = ordinal++;
    draw(p, d, &p->plan[at]);
  }
}

/* By tick and, within a tick, by drum: notes follow each other so in the part, and bars here. */
static void mark_shared(dt__performance* p) {
  for (size_t first = 0; first < p->plan_count;) {
    size_t end = first;
    bool shared = false;
    for (; end < p->plan_count && p->plan[end].tick == p->plan[first].tick; end++)
      if (dt_drum_voice(p->plan[end].drum) != dt_drum_voice(p->plan[first].drum))
        shared = true;
    for (; first < end; first++)
      p->plan[first].shared = shared;
  }
}

void dt__plan_notes(dt__performance* p) {
  for (size_t bar = 0; bar < p->bar_count; bar++) {
    const size_t part_bar = p->bars[bar].part_bar;
    for (size_t note = first_note_of(p->part, part_bar);
         note < p->part->note_count && (size_t)p->part->notes[note].bar == part_bar; note++)
      plan_note(p, bar, note);
  }
  draws d = draws_of(p->drummer->seed);
  draw_first(p, &d);
  draw_again(p, &d);
  mark_shared(p);
}

static bool is_close(const dt__performance* p, size_t a, size_t b) {
  return dt_drum_voice(p->plan[a].drum) == dt_drum_voice(p->plan[b].drum) &&
         fabs(p->plan[a].click_s - p->plan[b].click_s) < MISS_GUARD_S;
}

static bool is_crowded(const dt__performance* p, size_t at) {
  for (size_t i = at; i-- > 0 && p->plan[at].click_s - p->plan[i].click_s < MISS_GUARD_S;)
    if (is_close(p, at, i))
      return true;
  for (size_t i = at + 1;
       i < p->plan_count && p->plan[i].click_s - p->plan[at].click_s < MISS_GUARD_S; i++)
    if (is_close(p, at, i))
      return true;
  return false;
}

void dt__miss_notes(dt__performance* p) {
  if (!(p->drummer->miss_rate > 0))
    return;
  for (size_t at = 0; at < p->plan_count; at++)
    if (p->plan[at].missing < p->drummer->miss_rate && !is_crowded(p, at))
      p->plan[at].fate = DT_TRUTH_MISSED;
}
