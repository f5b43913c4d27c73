#ifndef DT_DRUMMER_H
#define DT_DRUMMER_H

#include <stdbool.h>
#include <stdint.h>

#include "dt/error.h"
#include "dt/part.h"
#include "dt/take.h"

/*
 * A seeded simulated human playing a part to a click (or from memory, correction 0), with the
 * faults that are dialled in, and the truth about every stroke.
 *
 * The player has a pulse of his own: it starts on the click at the first beat, and where the click
 * keeps its tempo his grows linearly in time (drift), so that after t minutes it has counted
 * bpm t + drift t^2 / 2 quarters; where the click's tempo changes he changes in proportion. Fills
 * and section changes add to his tempo as their traits say. Around this pulse, never around the
 * click, the timekeeper wanders and corrects itself, beat by beat (Vorberg & Schulze 2002; Repp
 * 2005):
 *
 *   A(n+1) = (1 - alpha) A(n) + T(n) + D(n+1) + M(n+1) - M(n)     D(n+1) = D(n) - beta A(n)
 *
 * T: timekeeper noise, M: motor noise of the strokes on the beat, D: the period's own error.
 * Drift is what the player means to do, so correction does not fight it. Between beats the
 * timekeeper's error is interpolated. Each stroke adds its placement and the other steady offsets
 * (limb, hand, place in the bar ...) and its own motor noise. Pink noise (1/f in power, spectral
 * synthesis over at least four times the take) may be added, after Hennig et al. 2011; it has one
 * value per step of the part (the finest step that all its notes stand on, but no finer than a
 * ninety-sixth note). A beat is dt_meter_beat_ticks of the bar's metre.
 *
 * With alpha > 0 the loop has run 32 beats before the first (the player comes in settled); from
 * memory it starts on the pulse. Every kind of noise has its own random sequence: changing one
 * trait leaves the other draws as they were.
 */

/* A steady offset of what stands on one place of the bar. */
typedef struct dt_drummer_place {
  double beat;      /* 1 = the first beat of every bar, 2.5 = half a beat after the second; 0: no
                       place. 1..65 */
  double offset_ms; /* -500..500 */
} dt_drummer_place;

#define DT_DRUMMER_PLACES_MAX 8

/* Of what the sticking gives to one hand; strokes without a sticking are left alone. */
typedef struct dt_drummer_hand {
  double offset_ms; /* -500..500, + is late */
  double scatter;   /* factor on scatter_ms, 0.01..10; 0 counts as 1 */
  double velocity;  /* added, -127..127 */
} dt_drummer_hand;

typedef struct dt_drummer {
  uint64_t seed;

  /* What is played: for dt_drummer_part. */
  double bpm; /* click tempo at the start, quarter notes a minute, 20..400; 0 as written */
  int bars;   /* how many bars are played, 1..10000; 0 once through */

  /* Tempo. Whatever is added up, it stays within 10..1000 bpm, else it is refused. */
  double drift_bpm_per_min; /* grows linearly in time by this; + is rushing; -200..200 */
  double fill_bpm;          /* gained evenly over each fill and kept after it; -100..100 */
  double fill_rush;         /* within a fill the tempo is higher by this share, and not after;
                               -0.5..0.5 */
  double section_bpm;       /* gained at once wherever another section begins; -100..100 */

  /* Timing of every stroke. */
  double placement_ms;      /* constant offset of every stroke; + is late; -500..500 */
  double scatter_ms;        /* motor noise: SD of each stroke, white; 0..200 */
  double clock_ms;          /* timekeeper noise T: SD per beat; 0..200 */
  double phase_correction;  /* alpha, 0..1 per beat: 0 plays from memory */
  double period_correction; /* beta, 0..1 per beat; needs alpha > 0 (else the loop is unstable) */
  double pink_ms;           /* SD of the 1/f part over its whole length; 0..200 */

  /* Limbs and hands. */
  double limb_offset_ms[DT_VOICE_COUNT]; /* added to every stroke of a voice; -500..500 */
  double limb_scatter[DT_VOICE_COUNT];   /* factor on scatter_ms, 0.01..10, 1 = as it is; 0 counts
                                            as 1 */
  double limb_swing[DT_VOICE_COUNT];     /* its own swing, 0.5..0.75; 0 = as the others */
  double limb_lead_ms[DT_VOICE_COUNT];   /* where voices strike together this one comes so much
                                            earlier; -200..200 */
  dt_drummer_hand left;
  dt_drummer_hand right;
  double unison_ms; /* where voices strike together: further SD of each, independent; 0..200 */

  /* Places in the bar. */
  double backbeat_ms; /* offset of snares on every second beat (2, 4 ...) of the bar; -500..500 */
  double offbeat_ms;  /* of all that stands half way between two beats; -500..500 */
  double uneven_ms;   /* of every second sixteenth (odd multiples of a quarter of a beat: "e" and
                         "a" of 1-e-and-a); -500..500 */
  dt_drummer_place places[DT_DRUMMER_PLACES_MAX];

  /* Swing. */
  double swing;        /* 0 = the part's own; else 0.5..0.75 */
  double swing_wobble; /* SD of it from pair to pair, in shares of the pair, 0..0.2; all voices
                          together. What comes out is kept within 0.35..0.85 */

  /* Flams, drags, rolls. */
  double flam_ms;     /* how far the grace stroke of a flam goes before it, 0..200; default 30, 0
                         plays no grace strokes */
  double flam_sd_ms;  /* SD of that, 0..100; DT_AS_USUAL (default): a quarter of the limb's scatter.
                         Never nearer than half of what is meant */
  double drag_ms;     /* how far the first of two grace strokes of a drag goes before it (the second
                         half as far), 0..300; default 70; 0 plays none; SD as for flams */
  double grace_level; /* velocity of grace strokes, as a share of the main stroke's, 0.05..1.5;
                         default 0.4 */
  double roll_rate;   /* strokes a second of rolls written without spacing, 4..60; default 16 */
  double roll_cv;     /* SD of the intervals in a roll over their mean, 0..0.5; default 0.05. Each
                         stroke is moved by its own draw, by less than 0.4 of an interval */
  double roll_alternate_ms;       /* every second stroke of a roll comes later; -50..50 */
  double roll_alternate_velocity; /* and harder; -127..127 */
  double roll_break_s;            /* rolls break down after so long: from there on roll_cv is
                                     multiplied; 0 = never; 0..3600 */
  double roll_break_factor;       /* by this, 0.1..20; default 3 */

  /* Dynamics: MIDI velocities, 1..127. */
  double velocity_sd;          /* SD of every stroke's, 0..64 */
  double stroke_velocity;      /* of a normal stroke; 0 = dt_loud_velocity, 90 */
  double accent_velocity;      /* 0 = 115 */
  double ghost_velocity;       /* 0 = 35 */
  double crescendo_db_per_min; /* louder by this a minute, by dt/level.h; -60..60 */
  double crescendo_db_per_bar; /* and by this a bar; -20..20 */
  double openness_open;        /* of a hi-hat written open, 0..1; default 1 */
  double openness_half;        /* of a hi-hat that is written neither open nor closed;
                                  DT_AS_USUAL (default): unknown */
  double openness_closed;      /* default 0 */
  double openness_sd;          /* 0..0.5; within 0..1 */

  /* Getting tired. */
  double fatigue;                  /* relative growth of scatter (and roll_cv) a minute, 0..10: 0.1
                                      = 10 % more each minute */
  double fatigue_bpm_per_min;      /* adds to drift; -200..200 */
  double fatigue_velocity_per_min; /* -127..127 */

  /* Mistakes. The rules that keep their truth clear stand with dt_truths. */
  double miss_rate;  /* 0..1: share of notes left out, each by its own draw */
  double extra_rate; /* 0..1: strokes that are not written, as a share of the notes */
  double wrong_rate; /* 0..1: share of notes played on another drum */
  int skip_count;    /* bars left out, at places of their own draw; 0..100 */
  int skip_bar;      /* bar of the part, from 1, that is left out; 0 = none */
  int repeat_count;  /* bars played once more, likewise; 0..100 */
  int repeat_bar;    /* bar of the part, from 1, that is played once more; 0 = none */

  double lead_in_s; /* when the first beat falls, 0..3600; DT_LEAD_IN_ONE_BAR (default): one bar of
                       the click, as a count-in */
} dt_drummer;

#define DT_LEAD_IN_ONE_BAR (-1.0)
#define DT_AS_USUAL        (-1.0)

/* What a stroke is. */
typedef enum dt_truth_kind {
  DT_TRUTH_MAIN,  /* of a note; of a roll its first stroke */
  DT_TRUTH_GRACE, /* a grace stroke of a flam or drag */
  DT_TRUTH_ROLL,  /* a later stroke of a roll */
  DT_TRUTH_WRONG, /* of a note, on the wrong drum */
  DT_TRUTH_EXTRA  /* not written */
} dt_truth_kind;

/* What was meant and what was done, stroke by stroke: the truth for tests. Positions are ticks from
 * the first beat as it was played (they go on through skipped and repeated bars, as the click
 * does), straight, DT_TICKS_PER_QUARTER. */
typedef struct dt_truth {
  dt_stroke stroke;    /* as played. With a short lead-in an early stroke may have a time below 0 */
  dt_tick tick;        /* of its note; of a later stroke of a roll its own place, to the nearest
                          tick; of an extra stroke where it stands, likewise */
  double click_time_s; /* where the click's (swung) grid puts it; of a grace stroke flam_ms
                          (drag_ms, half of it) before its note's. Of an extra stroke where the grid
                          is at its tick */
  double own_time_s; /* where the player's own drifting pulse puts it, without noise or offsets; of
                        a grace stroke and an extra stroke likewise */
  double offset_ms;  /* the steady part of stroke.time_s - own_time_s: placement, limb, hand, place
                        in the bar, lead, the limb's own swing, alternation. The rest is noise */
  dt_truth_kind kind;
  int order;    /* 0 the main stroke; -1 the grace stroke next before it, -2 the one before that;
                   1, 2 ... the later strokes of a roll */
  size_t event; /* index into events; SIZE_MAX for an extra stroke */
  size_t note;  /* index into part->notes; SIZE_MAX for an extra stroke */
  size_t bar;   /* index into bars: as played */
  dt_loud loud; /* as written; DT_LOUD_NORMAL for an extra stroke */
  char hand; /* by the sticking: 'R' 'L' 'K' 'H', ' ' where not given. Of a grace stroke the other
                hand (but it moves with its note), of a roll alternating from the note's */
} dt_truth;

typedef enum dt_truth_fate { DT_TRUTH_HIT, DT_TRUTH_MISSED, DT_TRUTH_ON_WRONG_DRUM } dt_truth_fate;

/* One note at one time of playing it. Notes of skipped bars have none, of repeated bars two. */
typedef struct dt_truth_event {
  size_t note; /* index into part->notes */
  size_t bar;  /* index into bars */
  dt_tick tick;
  double click_time_s;
  double own_time_s;
  dt_truth_fate fate;
  size_t stroke;       /* index into items of its main stroke; SIZE_MAX when missed */
  size_t stroke_count; /* its strokes, ornaments included; 0 when missed */
} dt_truth_event;

/* One bar as it was played. */
typedef struct dt_truth_bar {
  dt_tick tick;
  dt_tick length;
  size_t part_bar; /* index into part->bars */
  bool jumped;     /* not the bar that the part would have next: skipped to, or repeated */
} dt_truth_bar;

/*
 * Skipped and repeated bars: the click goes on; the player jumps ahead in the part, or plays a bar
 * once more. He then ends a bar early or late.
 *
 * So that the truth has one reading only, mistakes keep out of each other's way. Let the guard be
 * 60 ms, or a third of the part's step at the tempo there where that is more:
 * - a note is missed only where no other note of its voice stands within 60 ms of it;
 * - a note is played on the wrong drum only when it is plain (no flam, drag or roll), when no note
 *   within the guard is missed or on a wrong drum itself, and on a drum (of the part; if it has but
 *   one voice, of a kit) of a voice that has no note within half a step or the guard, and no stroke
 *   within the guard;
 * - an extra stroke is farther than the guard from every note and stroke of its voice, and from
 *   every note, of any voice, that is missed or on a wrong drum;
 * - the first two and last two bars are neither skipped nor repeated by draw, and between two bars
 *   that are, two others are played. Of bars that are written alike nothing can tell which one was
 *   skipped or repeated: compare what is written in them.
 * Where there is no room for a mistake it is not made: the counts below say how many were.
 */
typedef struct dt_truths {
  dt_truth* items; /* by stroke time, then drum */
  size_t count;
  dt_truth_event* events; /* by tick, then drum */
  size_t event_count;
  dt_truth_bar* bars; /* as played */
  size_t bar_count;
  size_t missed_count; /* events by fate */
  size_t wrong_count;
  size_t extra_count;   /* strokes */
  size_t skipped_count; /* bars */
  size_t repeated_count;
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
 *   fill=+3bpm  fill.rush=4%  section=+2bpm              tempo in fills, at section changes
 *   kick= snare= hihat= pedal= toms= ride= crash= other= that limb's offset: snare=+8ms
 *   hihat.scatter=1.5x  ride.swing=58%  hihat.lead=6ms   that limb's scatter, swing, lead
 *   left=+6ms  left.scatter=1.8x  left.velocity=-15      what the sticking gives to a hand
 *   right=  right.scatter=  right.velocity=
 *   unison=5ms                                           spread of limbs that strike together
 *   backbeat=+12ms  offbeat=+8ms  sixteenths=+10ms       places in the bar: snare on 2 and 4, half
 *   at2.5=+8ms                                           beats, e and a, one beat (8 of them)
 *   swing=62% (or 0.62, or 2:1)  swing.wobble=3%
 *   flam=30ms  flam.sd=5ms  drag=70ms  grace=40%
 *   roll=16/s  roll.cv=8%  roll.alternate=+6ms  roll.alternate.velocity=-15
 *   roll.break=4s  roll.break.factor=3x
 *   velocity=8 (its SD)  stroke=90  accent=105  ghost=60  crescendo=+3dB/min (or dB/bar)
 *   open=90%  half=50%  closed=5%  openness.sd=5%        hi-hat
 *   fatigue=10%/min  fatigue.tempo=-1bpm/min  fatigue.velocity=-3/min
 *   miss=2%  extra=3%  wrong=2%  skip=1  skip.bar=17  repeat=1  repeat.bar=9
 *   machine, pro, player, beginner                       all of how one plays, at once
 *
 * Errors: DT_BAD_ARGUMENT with a sentence that names the word and says what is possible; *drummer
 * is then unchanged. Any thread.
 */
dt_status dt_drummer_parse(dt_drummer* drummer, const char* text, dt_error* err) DT_NODISCARD;

/* dt_part_from_chart at the drummer's tempo, for his bars. */
dt_status dt_drummer_part(const dt_drummer* drummer, const dt_chart* chart,
                          const dt_allocator* allocator, dt_part* part) DT_NODISCARD;

/* When the first beat falls: lead_in_s, or the length of the first bar of the click. */
double dt_drummer_lead_in_s(const dt_drummer* drummer, const dt_part* part);

/* Plays the part, at the part's own tempo (drummer->bpm and bars made it, dt_drummer_part). Same
 * seed, same strokes, on every machine. Errors: DT_NO_MEMORY, DT_BAD_ARGUMENT (a value out of the
 * range stated above, named in err; a part without bars), DT_TOO_LARGE (more than 10 million
 * strokes: rolls too long or too fast). On failure *truths is empty. Release with
 * dt_truths_clear. Any thread; not real-time. */
dt_status dt_drummer_play(const dt_drummer* drummer, const dt_part* part,
                          const dt_allocator* allocator, dt_truths* truths,
                          dt_error* err) DT_NODISCARD;
void dt_truths_clear(dt_truths* truths, const dt_allocator* allocator);

/*
 * The strokes as a take of source MIDI. When the lead-in is a whole number of bars of the click
 * (none and the default of one bar included) the take has the part's tempo and metre, after a
 * count-in in those of its first bar, from time 0 = tick 0, so that the part begins in the bar
 * after the count-in; otherwise has_click is false. A stroke before time 0 is moved to 0. Release
 * with dt_take_clear. Errors: DT_NO_MEMORY, DT_BAD_ARGUMENT (a tempo or metre out of range); *take
 * is then empty.
 */
dt_status dt_take_from_truths(dt_take* take, const dt_allocator* allocator, const dt_truths* truths,
                              const dt_drummer* drummer, const dt_part* part) DT_NODISCARD;

#endif
