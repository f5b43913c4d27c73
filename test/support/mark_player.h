#ifndef DT_TEST_MARK_PLAYER_H
#define DT_TEST_MARK_PLAYER_H

/*
 * Marks (dt/marks.h) of a player whose every error is dialled in: for tests and benchmarks of the
 * measures that are made from marks, where the truth must be exact. What the noise is:
 *
 *   DT_NOISE_WHITE    each stroke errs by itself (motor)
 *   DT_NOISE_CLOCK    a timekeeper beside it that wanders and corrects itself, beat by beat
 *                     (alpha 0.25; interpolated between beats)
 *   DT_NOISE_PINK     1/f noise beside it, as a sum of exponential memories over 10 octaves
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dt/marks.h"
#include "dt/rng.h"
#include "dt/stat.h"

typedef enum dt_noise { DT_NOISE_WHITE, DT_NOISE_CLOCK, DT_NOISE_PINK } dt_noise;

enum { DT_PLAYER_MEMORIES = 10, DT_PLAYER_MARKS = 8192 };

typedef struct dt_mark_player {
  dt_marks marks;
  dt_mark items[DT_PLAYER_MARKS];
  dt_rng rng;
  dt_noise noise;
  double slow_ms; /* SD of the slow part */
  double jitter_ms;
  double memory[DT_PLAYER_MEMORIES];
  double at_s;
  double clock_from;
  double clock_to;
  double clock_beat;
} dt_mark_player;

static inline void dt_player_start(dt_mark_player* p, uint64_t seed, dt_noise noise, double slow_ms,
                                   double jitter_ms) {
  memset(&p->marks, 0, sizeof(p->marks));
  p->rng = dt_rng_seeded(seed, 17);
  p->noise = noise;
  p->slow_ms = slow_ms;
  p->jitter_ms = jitter_ms;
  p->at_s = 0.0;
  for (int k = 0; k < DT_PLAYER_MEMORIES; ++k) {
    p->memory[k] = dt_rng_normal(&p->rng);
  }
  p->clock_from = slow_ms * dt_rng_normal(&p->rng);
  p->clock_to = 0.75 * p->clock_from + slow_ms * sqrt(1.0 - 0.5625) * dt_rng_normal(&p->rng);
  p->clock_beat = 0.0;
  p->marks.items = p->items;
  p->marks.has_chart = true;
  p->marks.has_click = true;
  p->marks.has_velocity = true;
  p->marks.meter = (dt_meter){4, 4};
  p->marks.bar_ticks = 4 * DT_TICKS_PER_QUARTER;
  p->marks.bpm = 120.0;
  p->marks.jitter_ms = jitter_ms;
}

/* The slow part at that time, ms; times must not go back. A beat has half a second. */
static inline double dt_player_slow_ms(dt_mark_player* p, double time_s) {
  const double passed_s = fmax(0.0, time_s - p->at_s);
  p->at_s = time_s;
  if (p->noise == DT_NOISE_CLOCK) {
    const double beat = time_s / 0.5;
    while (p->clock_beat + 1.0 < beat) {
      p->clock_from = p->clock_to;
      p->clock_to = 0.75 * p->clock_from + p->slow_ms * sqrt(1.0 - 0.5625) * dt_rng_normal(&p->rng);
      p->clock_beat += 1.0;
    }
    return p->clock_from + (beat - p->clock_beat) * (p->clock_to - p->clock_from);
  }
  if (p->noise == DT_NOISE_PINK) {
    double sum = 0.0;
    double tau_s = 0.15;
    for (int k = 0; k < DT_PLAYER_MEMORIES; ++k, tau_s *= 2.0) {
      const double keep = exp(-passed_s / tau_s);
      p->memory[k] = keep * p->memory[k] + sqrt(1.0 - keep * keep) * dt_rng_normal(&p->rng);
      sum += p->memory[k];
    }
    return p->slow_ms * sum / sqrt((double)DT_PLAYER_MEMORIES);
  }
  return 0.0;
}

/* A mark meant at that time, played off_ms from it (the slow part and the jitter are added). */
static inline dt_mark* dt_player_mark(dt_mark_player* p, double meant_s, double tick,
                                      dt_voice voice, double off_ms, double level_db) {
  dt_mark* m = &p->items[p->marks.count];
  memset(m, 0, sizeof(*m));
  m->stroke = p->marks.count++;
  const double error_ms = off_ms + dt_player_slow_ms(p, meant_s);
  m->time_s = meant_s + 1e-3 * (error_ms + p->jitter_ms * dt_rng_normal(&p->rng));
  m->residual_ms = m->own_ms = m->straight_ms = m->asynchrony_ms = 1e3 * (m->time_s - meant_s);
  m->voice = voice;
  m->drum = voice == DT_VOICE_SNARE   ? DT_SNARE
            : voice == DT_VOICE_HIHAT ? DT_HIHAT_CLOSED
                                      : DT_KICK;
  m->level_db = level_db;
  m->openness = (double)NAN;
  m->tick = tick;
  m->bar = (int)floor(tick / (4.0 * DT_TICKS_PER_QUARTER));
  m->bar_tick = tick - 4.0 * DT_TICKS_PER_QUARTER * m->bar;
  m->event = m->stroke;
  m->loud = DT_LOUD_NORMAL;
  m->hand = ' ';
  m->section = m->fill = -1;
  return m;
}

/* Marks in the order of their times (errors may have swapped neighbours). */
static inline int dt_player_by_time(const void* a, const void* b) {
  const dt_mark* x = a;
  const dt_mark* y = b;
  if (x->time_s != y->time_s) {
    return x->time_s < y->time_s ? -1 : 1;
  }
  return (x->stroke > y->stroke) - (x->stroke < y->stroke);
}

static inline const dt_marks* dt_player_end(dt_mark_player* p) {
  qsort(p->items, p->marks.count, sizeof(dt_mark), dt_player_by_time);
  for (size_t i = 0; i < p->marks.count; ++i) {
    p->items[i].stroke = i;
  }
  if (p->marks.count > 0) {
    p->marks.span_s = p->items[p->marks.count - 1].time_s - p->items[0].time_s;
  }
  return &p->marks;
}

/* How a roll is played. */
typedef struct dt_roll_player {
  int strokes;
  double interval_ms;
  double motor_ms;  /* SD of each stroke: the intervals' is sqrt(2) times that */
  double later_ms;  /* left strokes */
  double louder_db; /* left strokes */
  double double_ms; /* second strokes of doubles */
  double level_sd_db;
  const char* sticking; /* repeated; NULL: not known */
  int break_at;         /* stroke; 0 never */
  double break_uneven;  /* motor_ms times this from there; 0 counts as 1 */
  double break_slow;    /* interval times this from there; 0 counts as 1 */
} dt_roll_player;

/* Plays one roll from start_s on, at ticks of a run; returns when it is over. */
static inline double dt_player_roll(dt_mark_player* p, const dt_roll_player* how, double start_s,
                                    double tick) {
  double at_s = start_s;
  char before = ' ';
  bool was_second = false;
  for (int i = 0; i < how->strokes; ++i) {
    const char hand = how->sticking ? how->sticking[(size_t)i % strlen(how->sticking)] : ' ';
    const bool left = how->sticking ? hand == 'L' : i % 2 == 1;
    const bool second = how->sticking && hand == before && !was_second;
    const bool broken = how->break_at > 0 && i >= how->break_at;
    const double uneven = broken && how->break_uneven > 0.0 ? how->break_uneven : 1.0;
    const double slow = broken && how->break_slow > 0.0 ? how->break_slow : 1.0;
    const double off_ms = how->motor_ms * uneven * dt_rng_normal(&p->rng) +
                          (left ? how->later_ms : 0.0) + (second ? how->double_ms : 0.0);
    const double db =
        -9.0 + how->level_sd_db * dt_rng_normal(&p->rng) + (left ? how->louder_db : 0.0);
    dt_mark* m = dt_player_mark(p, at_s, tick + 240.0 * i, DT_VOICE_SNARE, off_ms, db);
    m->hand = hand;
    was_second = second;
    before = hand;
    at_s += 1e-3 * how->interval_ms * slow;
  }
  return at_s;
}

#endif
