#ifndef DT_SWING_H
#define DT_SWING_H

#include "dt/marks.h"

/*
 * How you swing, and how even your sixteenths are.
 *
 * A pair is an on-beat, the off-beat in its middle and the next on-beat. The off-beat divides it
 * into a long and a short note:
 *
 *   share = long / (long + short)      ratio = long : short = share / (1 - share)
 *
 * 0.5 and 1:1 are straight, 0.667 and 2:1 triplets. The ratio that is reported is that of the mean
 * share, not the mean of the ratios: the mean of ratios grows with every player's scatter (by
 * about var(share) / (1 - share)^3), so the looser of two drummers would seem to swing harder.
 *
 * Pairs are read off three strokes of one voice where it played them (what the timekeeper does
 * then cancels), else off the off-beat stroke and the player's own pulse (from_pulse).
 */

#define DT_SWING_BINS 40
/* Bins of the share, each DT_SWING_BIN_WIDTH wide, the first from DT_SWING_BIN_FIRST; pairs beyond
 * either end are counted in the last bin on that side. */
#define DT_SWING_BIN_FIRST 0.40
#define DT_SWING_BIN_WIDTH 0.0125

typedef struct dt_swing_voice {
  dt_voice voice; /* DT_VOICE_COUNT in dt_swing.all */
  size_t pair_count;
  bool from_pulse;          /* pairs read off the own pulse; in `all`: some voice's were */
  dt_estimate share;        /* mean share, 0.5 straight */
  dt_estimate ratio;        /* the same as long : short */
  dt_estimate median_ratio; /* of the pairs' distribution as played */
  dt_estimate spread;       /* SD of the share from pair to pair, the instrument's jitter off */
  dt_estimate short_ms;     /* mean length of the short note, off-beat to next on-beat */
  dt_estimate long_ms;
  size_t bins[DT_SWING_BINS]; /* of the share; sum = pair_count */
} dt_swing_voice;

/* Unevenness of the sixteenths of one voice: how far each of the four, on average, is off four
 * even ones, in ms; negative = you were early. The four sum to 0. A triplet or swung eighth is not
 * unevenness: unknown when the grid has no even sixteenths. */
typedef struct dt_sixteenths {
  dt_voice voice; /* DT_VOICE_COUNT in dt_swing.sixteenths_all */
  size_t count[4];
  dt_estimate deviation_ms[4]; /* "1", "e", "&", "a" */
  dt_estimate uneven_ms;       /* how uneven in all: root mean square of the four true deviations
                                  (noise of their estimates taken off) */
} dt_sixteenths;

typedef struct dt_swing {
  dt_tick pair;       /* what was measured: 960 eighths, 480 sixteenths; 0: nothing that swings, and
                         every estimate is DT_NOT_TESTABLE */
  double bpm;         /* quarter notes a minute */
  dt_swing_voice all; /* every voice's pairs together */
  dt_swing_voice voices[DT_VOICE_COUNT]; /* those with an off-beat, most pairs first */
  size_t voice_count;
  dt_sixteenths sixteenths_all;
  dt_sixteenths sixteenths[DT_VOICE_COUNT]; /* those that play sixteenths */
  size_t sixteenths_count;

  /* The norm for this tempo: see dt_swing_norm_ratio. NAN when the pair is not eighths. */
  double norm_ratio;
  double norm_short_ms;
  dt_known swung; /* DT_KNOWN: the interval of all.share lies above DT_SWING_STRAIGHT; DT_CANT_TELL:
                     it does not, or not enough is known; DT_NOT_TESTABLE: nothing to swing */
} dt_swing;

/* A share up to here counts as straight: 1.08:1, 10 ms off the middle of a beat at 120 bpm. A
 * choice of ours; the interval says the rest. */
#define DT_SWING_STRAIGHT 0.52

/*
 * What jazz drummers' ride cymbals do at a tempo (quarters a minute), after A. Friberg &
 * A. Sundstroem, "Swing ratios and ensemble timing in jazz performance: evidence for a common
 * rhythmic pattern", Music Perception 19(3), 2002: the ratio falls linearly from 3.5:1 at slow
 * tempi to 1:1 at fast ones. docs/swing.md says where the ends of the line come from. Clamped to
 * 1..3.5.
 */
double dt_swing_norm_ratio(double bpm);

/* The short note of that ratio in ms; about 100 ms at medium and fast tempi. */
double dt_swing_norm_short_ms(double bpm);

/* Soloists swing less than drummers: 1.3:1 is typical of 456 solos (C. Corcoran & K. Frieler,
 * "Playing it straight: analyzing jazz soloists' swing eighth-note distributions with the Weimar
 * Jazz Database", Music Perception 38(4), 2021). For comparison in reports. */
#define DT_SWING_SOLOIST_RATIO 1.3

/* Measures. Few pairs are not an error: DT_CANT_TELL. Errors: DT_NO_MEMORY (*swing is then all
 * unknown). Owns nothing. Deterministic. Any thread; not real-time. */
dt_status dt_swing_measure(dt_swing* swing, const dt_allocator* allocator,
                           const dt_marks* marks) DT_NODISCARD;

/* A share as long : short. */
double dt_swing_ratio_of_share(double share);

#endif
