#ifndef DT_DRUMMER_H
#define DT_DRUMMER_H

#include <stdint.h>

#include "dt/error.h"
#include "dt/groove.h"
#include "dt/take.h"

/*
 * A seeded simulated human playing a groove to a click (or from memory, correction 0).
 *
 * Timekeeper and motor noise with first-order phase and period correction:
 *   A(n+1) = (1 - alpha) A(n) + T(n) + M(n+1) - M(n)        Vorberg & Schulze 2002; Repp 2005
 * on the beats; between beats the timekeeper is interpolated. Each stroke adds its limb's offset
 * and its own motor noise. Pink noise (1/f, spectral synthesis over four times the take) may be
 * added, after Hennig et al. 2011.
 */
typedef struct dt_drummer {
  uint64_t seed;
  double bpm;                   /* click tempo, quarter notes a minute, 20..400 */
  int bars;                     /* how many bars are played, >= 1 */
  double drift_bpm_per_min;     /* the tempo grows linearly in time by this; + is rushing */
  double placement_ms;          /* constant offset of every stroke; + is late */
  double scatter_ms;            /* motor noise: SD of each stroke, white */
  double clock_ms;              /* timekeeper noise T: SD per beat */
  double phase_correction;      /* alpha, 0..1 per beat: 0 plays from memory */
  double period_correction;     /* beta, 0..1 per beat */
  double pink_ms;               /* SD of the 1/f part */
  double limb_offset_ms[DT_VOICE_COUNT]; /* added to every stroke of a voice */
  double limb_scatter[DT_VOICE_COUNT];   /* factor on scatter_ms, 1 = as it is; 0 counts as 1 */
  double swing;                 /* 0 = the groove's own; else 0.5..0.75 */
  double velocity_sd;           /* SD of velocity, MIDI units */
  double fatigue;               /* relative growth of scatter a minute: 0.1 = 10 % more each minute */
  double miss_rate;             /* 0..1: share of strokes left out */
  double flam_ms;               /* how far the grace stroke of a flam goes before it; default 30 */
  double lead_in_s;             /* silence before the first beat */
} dt_drummer;

/* What was meant and what was done, stroke by stroke: the truth for tests. */
typedef struct dt_truth {
  dt_stroke stroke;    /* as played; grace strokes included */
  dt_tick tick;        /* position from the first beat, straight, DT_TICKS_PER_QUARTER */
  double click_time_s; /* where the click's (swung) grid puts it */
  double own_time_s;   /* where the player's own drifting pulse puts it, without noise or offsets */
  bool grace;          /* the grace stroke of a flam */
} dt_truth;

typedef struct dt_truths {
  dt_truth* items; /* by stroke time */
  size_t count;
} dt_truths;

/* A steady, able player: 120 bpm, 8 bars, 8 ms of scatter, nothing else. */
dt_drummer dt_drummer_default(void);

/* Reads "drift=+2bpm/min scatter=9ms swing=62% snare=+8ms miss=2% seed=7 ..." into *drummer (keys
 * documented in the manual page; units must fit). Errors: DT_BAD_ARGUMENT with a sentence that
 * names the word and lists what is possible. */
dt_status dt_drummer_parse(dt_drummer* drummer, const char* text, dt_error* err) DT_NODISCARD;

/* Plays. Same seed, same strokes, on every machine. Errors: DT_NO_MEMORY, DT_BAD_ARGUMENT (a value
 * out of the range stated above, named in err). Release with dt_truths_clear. */
dt_status dt_drummer_play(const dt_drummer* drummer, const dt_groove* groove,
                          const dt_allocator* allocator, dt_truths* truths,
                          dt_error* err) DT_NODISCARD;
void dt_truths_clear(dt_truths* truths, const dt_allocator* allocator);

/* The strokes as a take (source MIDI, has_click: the click's tempo and the groove's metre, with
 * time 0 at tick 0; only right for lead_in_s == 0, else has_click is false). */
dt_status dt_take_from_truths(dt_take* take, const dt_allocator* allocator, const dt_truths* truths,
                              const dt_drummer* drummer, const dt_groove* groove) DT_NODISCARD;

#endif
