#include "dt/drummer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dt/arena.h"
#include "dt/rng.h"
#include "pink.h"
#include "traits.h"

#define SETTLE_BEATS      32   /* the loop runs this long before a settled player comes in */
#define GRACE_VELOCITY    0.4  /* of the main stroke's */
#define GRACE_SCATTER     0.25 /* both sticks of a flam fall in one motion */
#define TEMPO_LOWEST_BPM  10.0
#define TEMPO_HIGHEST_BPM 1000.0

/* One random sequence for each kind of noise. */
enum { STREAM_CLOCK = 1, STREAM_MOTOR, STREAM_PINK, STREAM_VELOCITY, STREAM_MISS, STREAM_FLAM };

/* A note of the take before it has a time. */
typedef struct planned {
  dt_tick tick; /* from the first beat, straight */
  const dt_groove_note* note;
  double motor_ms;
  bool missed;
} planned;

typedef struct performance {
  const dt_drummer* drummer;
  const dt_groove* groove;
  dt_groove_note notes[DT_GROOVE_NOTES_MAX];
  size_t note_count;
  dt_tick end;
  dt_tick beat_ticks;
  size_t beat_count; /* beats, and the one after the last */
  double first_beat_s;
  planned* plan;
  size_t plan_room;
  size_t plan_count;
  double* heard_ms;    /* per beat: sum, then mean, of the motor noise of its strokes */
  double* heard_n;     /* per beat: how many strokes */
  double* internal_ms; /* per beat: the timekeeper's error B = A - M */
  double* pink;        /* re, im, re ...; NULL without pink noise */
  size_t pink_length;
} performance;

dt_drummer dt_drummer_default(void) {
  return (dt_drummer){
      .seed = 1,
      .bpm = 120,
      .bars = 8,
      .scatter_ms = 8,
      .flam_ms = 30,
      .lead_in_s = DT_LEAD_IN_ONE_BAR,
  };
}

static double click_seconds(const dt_drummer* drummer, double ticks) {
  return ticks / DT_TICKS_PER_QUARTER * 60 / drummer->bpm;
}

/* Square of the tempo (quarters a second) where the player's pulse has counted that many ticks. */
static double own_tempo_squared(const dt_drummer* drummer, double ticks) {
  const double tempo = drummer->bpm / 60;
  const double growth = drummer->drift_bpm_per_min / 3600;
  return tempo * tempo + 2 * growth * ticks / DT_TICKS_PER_QUARTER;
}

/* Solves ticks = tempo t + growth t^2 / 2 for t; this form of the root has no cancellation. */
static double own_seconds(const dt_drummer* drummer, double ticks) {
  const double tempo = drummer->bpm / 60;
  return 2 * ticks / DT_TICKS_PER_QUARTER / (tempo + sqrt(own_tempo_squared(drummer, ticks)));
}

double dt_drummer_lead_in_s(const dt_drummer* drummer, const dt_groove* groove) {
  if (drummer->lead_in_s >= 0)
    return drummer->lead_in_s;
  return click_seconds(drummer, (double)dt_meter_bar_ticks(groove->meter));
}

static double swung(const performance* p, dt_tick tick) {
  const double wanted = p->drummer->swing;
  return dt_swing_tick(tick, p->groove->swing_pair, wanted > 0 ? wanted : p->groove->swing);
}

static double limb_scatter_ms(const dt_drummer* drummer, dt_drum drum, double minutes) {
  const double factor = drummer->limb_scatter[dt_drum_voice(drum)];
  return drummer->scatter_ms * (factor > 0 ? factor : 1) * (1 + drummer->fatigue * minutes);
}

static dt_status check(const performance* p, dt_error* err) {
  const dt_groove* groove = p->groove;
  const dt_meter meter = groove->meter;
  if (groove->step <= 0 || groove->bars < 1 || meter.numerator < 1 || meter.denominator < 1)
    return dt_fail(err, DT_BAD_ARGUMENT, "The groove has no bars");
  const dt_status status = dt__drummer_check(p->drummer, err);
  if (status != DT_OK)
    return status;
  const double end = (double)(dt_meter_bar_ticks(meter) * p->drummer->bars);
  const double last_bpm = 60 * sqrt(fmax(0, own_tempo_squared(p->drummer, end)));
  if (!(last_bpm >= TEMPO_LOWEST_BPM && last_bpm <= TEMPO_HIGHEST_BPM))
    return dt_fail(
        err, DT_BAD_ARGUMENT, "With drift=%+gbpm/min the tempo leaves %g to %g bpm within %d bars",
        p->drummer->drift_bpm_per_min, TEMPO_LOWEST_BPM, TEMPO_HIGHEST_BPM, p->drummer->bars);
  return DT_OK;
}

static void measure(performance* p) {
  const dt_tick bar = dt_meter_bar_ticks(p->groove->meter);
  p->note_count = dt_groove_notes(p->groove, p->notes);
  p->end = bar * p->drummer->bars;
  p->beat_ticks = dt_meter_beat_ticks(p->groove->meter);
  p->beat_count = (size_t)((p->end + p->beat_ticks - 1) / p->beat_ticks) + 1;
  p->plan_room = p->note_count * ((size_t)(p->drummer->bars / p->groove->bars) + 1);
  p->first_beat_s = dt_drummer_lead_in_s(p->drummer, p->groove);
  if (p->drummer->pink_ms > 0)
    p->pink_length = dt__pink_length((size_t)(p->end / p->groove->step) + 1);
}

static void lay_out(performance* p, dt_arena* arena) {
  p->plan = dt_arena_take(arena, p->plan_room, sizeof *p->plan);
  p->heard_ms = dt_arena_take(arena, p->beat_count, sizeof *p->heard_ms);
  p->heard_n = dt_arena_take(arena, p->beat_count, sizeof *p->heard_n);
  p->internal_ms = dt_arena_take(arena, p->beat_count, sizeof *p->internal_ms);
  p->pink = NULL;
  if (p->pink_length > 0)
    p->pink = dt_arena_take(arena, 2 * p->pink_length, sizeof *p->pink);
}

/* Writes down every note of every bar, with its motor noise, and whether it will be missed. */
static void plan_notes(performance* p) {
  const dt_drummer* drummer = p->drummer;
  dt_rng motor = dt_rng_seeded(drummer->seed, STREAM_MOTOR);
  dt_rng miss = dt_rng_seeded(drummer->seed, STREAM_MISS);
  const dt_tick cycle = dt_meter_bar_ticks(p->groove->meter) * p->groove->bars;
  for (dt_tick start = 0; start < p->end; start += cycle) {
    for (size_t i = 0; i < p->note_count && start + p->notes[i].tick < p->end; i++) {
      const dt_groove_note* note = &p->notes[i];
      const dt_tick tick = start + note->tick;
      const double minutes = own_seconds(drummer, swung(p, tick)) / 60;
      p->plan[p->plan_count++] = (planned){
          .tick = tick,
          .note = note,
          .motor_ms = limb_scatter_ms(drummer, note->drum, minutes) * dt_rng_normal(&motor),
          .missed = dt_rng_uniform(&miss) < drummer->miss_rate,
      };
    }
  }
}

/* What the player hears of his own hands on each beat: the mean motor noise of its strokes. */
static void hear_beats(performance* p) {
  memset(p->heard_ms, 0, p->beat_count * sizeof *p->heard_ms);
  memset(p->heard_n, 0, p->beat_count * sizeof *p->heard_n);
  for (size_t i = 0; i < p->plan_count; i++) {
    const planned* note = &p->plan[i];
    if (note->missed || note->tick % p->beat_ticks != 0)
      continue;
    const size_t beat = (size_t)(note->tick / p->beat_ticks);
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

static void run_timekeeper(performance* p) {
  const dt_drummer* drummer = p->drummer;
  dt_rng clock = dt_rng_seeded(drummer->seed, STREAM_CLOCK);
  timekeeper keeper = {0, 0};
  for (int i = 0; i < SETTLE_BEATS && drummer->phase_correction > 0; i++)
    keep_time(&keeper, drummer, drummer->scatter_ms * dt_rng_normal(&clock), &clock);
  for (size_t beat = 0; beat < p->beat_count; beat++) {
    p->internal_ms[beat] = keeper.internal_ms;
    keep_time(&keeper, drummer, p->heard_ms[beat], &clock);
  }
}

static void run_pink(performance* p) {
  if (!p->pink)
    return;
  dt_rng rng = dt_rng_seeded(p->drummer->seed, STREAM_PINK);
  dt__pink(p->pink, p->pink_length, &rng);
}

static double timekeeper_ms(const performance* p, dt_tick tick) {
  const size_t beat = (size_t)(tick / p->beat_ticks);
  const double inside = (double)(tick % p->beat_ticks) / (double)p->beat_ticks;
  const double here = p->internal_ms[beat];
  return inside > 0 ? here + inside * (p->internal_ms[beat + 1] - here) : here;
}

static double pink_ms(const performance* p, dt_tick tick) {
  return p->pink ? p->drummer->pink_ms * p->pink[2 * (size_t)(tick / p->groove->step)] : 0;
}

static float openness_of(dt_drum drum) {
  switch (drum) {
  case DT_HIHAT_CLOSED:
  case DT_HIHAT_PEDAL:
    return 0;
  case DT_HIHAT_OPEN:
    return 1;
  default:
    return -1;
  }
}

static dt_truth main_stroke(const performance* p, const planned* plan, dt_rng* velocity) {
  const dt_drummer* drummer = p->drummer;
  const dt_drum drum = plan->note->drum;
  const double at = swung(p, plan->tick);
  const double own_s = p->first_beat_s + own_seconds(drummer, at);
  const double off_ms = drummer->placement_ms + drummer->limb_offset_ms[dt_drum_voice(drum)] +
                        timekeeper_ms(p, plan->tick) + pink_ms(p, plan->tick) + plan->motor_ms;
  const double hit = plan->note->velocity + drummer->velocity_sd * dt_rng_normal(velocity);
  dt_stroke stroke = dt_stroke_at(own_s + off_ms / 1000, drum);
  stroke.velocity = (float)fmin(127, fmax(1, hit));
  stroke.openness = openness_of(drum);
  stroke.note = dt_drum_gm_note(drum);
  return (dt_truth){
      .stroke = stroke,
      .tick = plan->tick,
      .click_time_s = p->first_beat_s + click_seconds(drummer, at),
      .own_time_s = own_s,
  };
}

static dt_truth grace_stroke(const performance* p, const dt_truth* stroke, dt_rng* flam) {
  const dt_drummer* drummer = p->drummer;
  const double meant_s = drummer->flam_ms / 1000;
  const double minutes = (stroke->own_time_s - p->first_beat_s) / 60;
  const double sd_s = GRACE_SCATTER / 1000 * limb_scatter_ms(drummer, stroke->stroke.drum, minutes);
  const double gap_s = fmax(meant_s / 2, meant_s + sd_s * dt_rng_normal(flam));
  dt_truth grace = *stroke;
  grace.grace = true;
  grace.stroke.time_s -= gap_s;
  grace.stroke.velocity = (float)fmax(1, GRACE_VELOCITY * (double)stroke->stroke.velocity);
  grace.click_time_s -= meant_s;
  grace.own_time_s -= meant_s;
  return grace;
}

static bool has_grace(const performance* p, const planned* plan) {
  return plan->note->flam && p->drummer->flam_ms > 0;
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
  return (int)b->grace - (int)a->grace;
}

static size_t count_strokes(const performance* p, size_t* missed) {
  size_t count = 0;
  for (size_t i = 0; i < p->plan_count; i++) {
    if (p->plan[i].missed)
      ++*missed;
    else
      count += has_grace(p, &p->plan[i]) ? 2 : 1;
  }
  return count;
}

static dt_status write_truths(const performance* p, const dt_allocator* allocator,
                              dt_truths* truths) {
  const size_t count = count_strokes(p, &truths->missed_count);
  if (count == 0)
    return DT_OK;
  truths->items = dt_alloc(allocator, count * sizeof *truths->items);
  if (!truths->items)
    return DT_NO_MEMORY;
  dt_rng velocity = dt_rng_seeded(p->drummer->seed, STREAM_VELOCITY);
  dt_rng flam = dt_rng_seeded(p->drummer->seed, STREAM_FLAM);
  for (size_t i = 0; i < p->plan_count; i++) {
    /* Drawn for a missed note too: misses leave the other strokes as they are. */
    const dt_truth stroke = main_stroke(p, &p->plan[i], &velocity);
    const bool grace = has_grace(p, &p->plan[i]);
    const dt_truth before = grace ? grace_stroke(p, &stroke, &flam) : stroke;
    if (p->plan[i].missed)
      continue;
    if (grace)
      truths->items[truths->count++] = before;
    truths->items[truths->count++] = stroke;
  }
  qsort(truths->items, truths->count, sizeof *truths->items, by_time);
  return DT_OK;
}

dt_status dt_drummer_play(const dt_drummer* drummer, const dt_groove* groove,
                          const dt_allocator* allocator, dt_truths* truths, dt_error* err) {
  *truths = (dt_truths){0};
  performance p = {.drummer = drummer, .groove = groove};
  dt_status status = check(&p, err);
  if (status != DT_OK)
    return status;
  measure(&p);
  dt_arena arena = dt_arena_measure();
  lay_out(&p, &arena);
  const size_t size = arena.used;
  void* block = dt_alloc(allocator, size);
  if (!block)
    return dt_fail(err, DT_NO_MEMORY, "Not enough memory for %d bars", drummer->bars);
  arena = dt_arena_over(block, size);
  lay_out(&p, &arena);
  plan_notes(&p);
  hear_beats(&p);
  run_timekeeper(&p);
  run_pink(&p);
  status = write_truths(&p, allocator, truths);
  dt_release(allocator, block, size);
  if (status != DT_OK)
    return dt_fail(err, status, "Not enough memory for %d bars", drummer->bars);
  return DT_OK;
}

void dt_truths_clear(dt_truths* truths, const dt_allocator* allocator) {
  dt_release(allocator, truths->items, truths->count * sizeof *truths->items);
  *truths = (dt_truths){0};
}
