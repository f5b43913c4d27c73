#ifndef DT_COACH_LADDER_H
#define DT_COACH_LADDER_H

#include <stdbool.h>

/*
 * The tempo ladder: where is the clean tempo, and which tempo next?
 *
 * The clean tempo is where 85 in 100 takes are clean (Wilson et al. 2019: learning is fastest near
 * that rate). The chance of a clean take falls with the logarithm x of the tempo,
 *
 *   P(clean | x) = (1 - lapse) Phi(-u),   u = (x - x85) / width - Phi^-1(0.85 / (1 - lapse))
 *
 * (Phi: the normal distribution), and the ladder keeps the joint probability of (x85, width, lapse)
 * on a grid, Bayes' rule after every take (Watson & Pelli 1983, QUEST; Kontsevich & Tyler 1999, the
 * psi method: here the next tempo is chosen to teach, not only to measure). Between takes x85 may
 * move a little (a random walk): players learn and tire.
 *
 * Clean or not is little to learn from. How near it was says more: with the margin m, the logarithm
 * of the largest of the judge's ratios to their limits, a take is clean where m <= 0. Two
 * explanations of the margins are weighed against each other by what they foretell: m is normal
 * about spread * u, with an unknown spread (a third dimension of the grid); or it has a place and a
 * spread of its own whatever the tempo (the grid's first layer: a player who fails by missed notes
 * gives no warning). Far inside the limits only that it was so is used, not by how much.
 *
 * docs/coach.md says how near it comes, and how near anything could.
 *
 * Plain data, caller-owned, 190 kB; no allocation, no failure.
 */
#define DT_LADDER_TEMPI   400
#define DT_LADDER_WIDTHS  6
#define DT_LADDER_LAPSES  2
#define DT_LADDER_SPREADS 5 /* of the margin; the first: it says nothing */
#define DT_LADDER_MIN_BPM 20.0
#define DT_LADDER_MAX_BPM 400.0
#define DT_LADDER_GOAL    0.85 /* share of takes that are clean at the clean tempo */
#define DT_LADDER_BEYOND  0.08 /* no tempo farther than this above the clean one */

typedef struct dt_ladder {
  double mass[DT_LADDER_SPREADS][DT_LADDER_WIDTHS][DT_LADDER_LAPSES]
             [DT_LADDER_TEMPI]; /* sums to 1 */
  int takes;
  double first_bpm; /* of the first take, nothing being known; 0: something is */
  double last_bpm;  /* of the last take; 0 none */
  double top_bpm;   /* highest tempo that was clean; 0 none */
  double margins;   /* how many are known, their mean, and the sum of squares about it */
  double margin_mean;
  double margin_squares;
} dt_ladder;

/* A tempo with its 95 % interval (central posterior). */
typedef struct dt_clean_tempo {
  double bpm; /* posterior median; 0 unknown */
  double low_bpm;
  double high_bpm;
  double sd; /* of its logarithm */
} dt_clean_tempo;

/* Nothing known but a tempo that is said to be comfortable, 20..400: it is the first that is asked
 * for, and the clean tempo is likely between a little and four fifths above it. */
void dt_ladder_start(dt_ladder* ladder, double comfortable_bpm);

/* Known from before: bpm with SD of its logarithm; vaguer with the days since (1.5 % after one, by
 * the square root). top_bpm: the highest tempo that was clean then, 0 none. days >= 0. */
void dt_ladder_resume(dt_ladder* ladder, double bpm, double sd, double top_bpm, double days);

/* Likewise how far the margin is believed to foretell failure: 0 not at all, 1 surely. Learned from
 * the takes; to be kept and handed back after dt_ladder_resume. */
double dt_ladder_forewarned(const dt_ladder* ladder);
void dt_ladder_forewarn(dt_ladder* ladder, double share);

/* After a take at bpm, clean or not. margin: dt_clean.margin, the largest ratio to its limit of
 * what is measured (missed notes left out), > 0; NAN where not known. */
void dt_ladder_learn(dt_ladder* ladder, double bpm, bool clean, double margin);

dt_clean_tempo dt_ladder_clean_tempo(const dt_ladder* ladder);

/* Chance that a take at bpm is clean. */
double dt_ladder_chance(const dt_ladder* ladder, double bpm);

/* The next tempo: the highest at which 78 in 100 takes are expected to be clean, all doubt counted
 * in (more come of it, because the climb is easier than that), no farther above the highest clean
 * one than a step, above it at most at dt_ladder_ceiling, and not more than 15 % under the last
 * take's. The first of all is the one that was said to be comfortable. Rounded down to 0.5 bpm. It
 * goes down as well as up. */
double dt_ladder_next(const dt_ladder* ladder);

/* The highest tempo that the coach may choose, bursts included, but for tempi that were clean
 * before and for the step of 15 % down: DT_LADDER_BEYOND above what the clean tempo is at least,
 * with a doubt of 0.3 %. */
double dt_ladder_ceiling(const dt_ladder* ladder);

#endif
