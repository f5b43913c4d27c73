#ifndef DT_DRUMMER_H
#define DT_DRUMMER_H

#include <stdbool.h>
#include <stdint.h>

#include "dt/error.h"
#include "dt/groove.h"
#include "dt/take.h"

/*
 * A seeded simulated human playing a groove to a click (or from memory, correction 0).
 *
 * The player has a pulse of his own: it starts on the click at the first beat and its tempo grows
 * linearly in time (drift), so that after t minutes it has counted bpm t + drift t^2 / 2 quarters.
 * Around this pulse, never around the click, the timekeeper wanders and corrects itself, beat by
 * beat (Vorberg & Schulze 2002; Repp 2005):
 *
 *   A(n+1) = (1 - alpha) A(n) + T(n) + D(n+1) + M(n+1) - M(n)     D(n+1) = D(n) - beta A(n)
 *
 * T: timekeeper noise, M: motor noise of the strokes on the beat, D: the period's own error.
 * Drift is what the player means to do, so correction does not fight it. Between beats the
 * timekeeper's error is interpolated. Each stroke adds its placement, its limb's offset and its own
 * motor noise. Pink noise (1/f in power, spectral synthesis over at least four times the take) may
 * be added, after Hennig et al. 2011; it has one value per step of the groove. A beat is
 * dt_meter_beat_ticks of the groove's metre.
 *
 * With alpha > 0 the loop has run 32 beats before the first (the player comes in settled); from
 * memory it starts on the pulse. Every kind of noise has its own random sequence: changing one
 * trait leaves the other draws as they were.
 */
typedef struct dt_drummer {
  uint64_t seed;
  double bpm;               /* click tempo, quarter notes a minute, 20..400 */
  int bars;                 /* how many bars are played, 1..10000 */
  double drift_bpm_per_min; /* the tempo grows linearly in time by this; + is rushing; -200..200,
                               and the tempo must stay within 10..1000 bpm to the end */
  double placement_ms;      /* constant offset of every stroke; + is late; -500..500 */
  double scatter_ms;        /* motor noise: SD of each stroke, white; 0..200 */
  double clock_ms;          /* timekeeper noise T: SD per beat; 0..200 */
  double phase_correction;  /* alpha, 0..1 per beat: 0 plays from memory */
  double period_correction; /* beta, 0..1 per beat; needs alpha > 0 (else the loop is unstable) */
  double pink_ms;           /* SD of the 1/f part over its whole length; 0..200 */
  double limb_offset_ms[DT_VOICE_COUNT]; /* added to every stroke of a voice; -500..500 */
  double limb_scatter[DT_VOICE_COUNT];   /* factor on scatter_ms, 0.01..10, 1 = as it is; 0 counts
                                            as 1 */
  double swing;                          /* 0 = the groove's own; else 0.5..0.75 */
  double velocity_sd;                    /* SD of velocity, MIDI units; 0..64 */
  double fatigue;   /* relative growth of scatter a minute, 0..10: 0.1 = 10 % more each minute */
  double miss_rate; /* 0..1: share of strokes left out, each by its own draw */
  double flam_ms;   /* how far the grace stroke of a flam goes before it, 0..200; varies with an SD
                       of a quarter of the limb's scatter; default 30, 0 plays no grace strokes */
  double lead_in_s; /* when the first beat falls, 0..3600; DT_LEAD_IN_ONE_BAR (default): one bar of
                       the click, as a count-in */
} dt_drummer;

#define DT_LEAD_IN_ONE_BAR (-1.0)

/* What was meant and what was done, stroke by stroke: the truth for tests. */
typedef struct dt_truth {
  dt_stroke stroke;    /* as played. With a short lead-in an early stroke may have a time below 0 */
  dt_tick tick;        /* position from the first beat, straight, DT_TICKS_PER_QUARTER */
  double click_time_s; /* where the click's (swung) grid puts it */
  double own_time_s;   /* where the player's own drifting pulse puts it, without noise or offsets */
  bool grace; /* the grace stroke of a flam: its tick is the flam's; its two grid times are flam_ms
                 before the flam's */
} dt_truth;

typedef struct dt_truths {
  dt_truth* items; /* by stroke time, then drum */
  size_t count;
  size_t missed_count; /* notes of the groove that were left out */
} dt_truths;

/* A steady, able player: 120 bpm, 8 bars, 8 ms of scatter, one bar of count-in, nothing else. */
dt_drummer dt_drummer_default(void);

/*
 * Reads words like "drift=+2bpm/min scatter=9ms swing=62% snare=+8ms", separated by spaces or
 * commas, into *drummer; what is not named stays as it is, and of two that disagree the later wins.
 *
 *   bpm=100  bars=16  seed=7  lead-in=0.5s
 *   drift=+2bpm/min (or +1%/min of the tempo in force at the end)  placement=-5ms
 *   scatter=9ms  clock=6ms  alpha=0.3 (or correction=)  beta=0.1  pink=5ms
 *   swing=62% (or 0.62, or 2:1)  velocity=8  fatigue=10%/min  miss=2%  flam=30ms
 *   kick= snare= hihat= pedal= toms= ride= crash= other=   that limb's offset: snare=+8ms
 *   hihat.scatter=1.5x                                     that limb's factor on scatter
 *   machine, pro, player, beginner                         all of how one plays, at once
 *
 * Errors: DT_BAD_ARGUMENT with a sentence that names the word and says what is possible; *drummer
 * is then unchanged. Any thread.
 */
dt_status dt_drummer_parse(dt_drummer* drummer, const char* text, dt_error* err) DT_NODISCARD;

/* When the first beat falls: lead_in_s, or the length of one bar of the click. */
double dt_drummer_lead_in_s(const dt_drummer* drummer, const dt_groove* groove);

/* Plays. Same seed, same strokes, on every machine. Errors: DT_NO_MEMORY, DT_BAD_ARGUMENT (a value
 * out of the range stated above, named in err). On failure *truths is empty. Release with
 * dt_truths_clear. Any thread; not real-time. */
dt_status dt_drummer_play(const dt_drummer* drummer, const dt_groove* groove,
                          const dt_allocator* allocator, dt_truths* truths,
                          dt_error* err) DT_NODISCARD;
void dt_truths_clear(dt_truths* truths, const dt_allocator* allocator);

/*
 * The strokes as a take of source MIDI. When the lead-in is a whole number of bars of the click
 * (none and the default of one bar included) the take has the click's tempo and the groove's metre
 * from time 0 = tick 0, so that the groove begins in the bar after the count-in; otherwise
 * has_click is false. A stroke before time 0 is moved to 0. Release with dt_take_clear. Errors:
 * DT_NO_MEMORY, DT_BAD_ARGUMENT (a tempo or metre out of range); *take is then empty.
 */
dt_status dt_take_from_truths(dt_take* take, const dt_allocator* allocator, const dt_truths* truths,
                              const dt_drummer* drummer, const dt_groove* groove) DT_NODISCARD;

#endif
