#ifndef DT_COACH_LADDER_H
#define DT_COACH_LADDER_H

#include <stdbool.h>

/*
 * The tempo ladder: where is the clean tempo, and which tempo next?
 *
 * The clean tempo is where 85 in 100 takes are clean (Wilson et al. 2019: learning is fastest near
 * that rate). The chance of a clean take falls with the logarithm x of the tempo,
 *
 *   P(clean | x) = (1 - lapse) / (1 + exp(u)),   u = (x - x85) / width - logit(0.85 / (1 - lapse))
 *
 * and the ladder keeps the joint probability of (x85, width, lapse) on a grid, Bayes' rule after
 * every take (Watson & Pelli 1983, QUEST; Kontsevich & Tyler 1999, the psi method: here the next
 * tempo is chosen to teach, not only to measure). Between takes x85 may move a little (a random
 * walk): players learn and tire.
 *
 * Clean or not is little to learn from. How near it was says more: the margin m, the logarithm of
 * the largest of the judge's ratios to their limits, crosses 0 where takes stop being clean. The
 * ladder takes it as logistic about u with an unknown spread (a third dimension of the grid), but
 * only near the limit, and only as far as it proves to foretell anything: the grid's first layer
 * says that it does not (a player who fails by missed notes gives no warning).
 *
 * docs/coach.md says how near it comes, and how near anything could.
 *
 * Plain data, caller-owned, 130 kB; no allocation, no failure.
 */
#define DT_LADDER_TEMPI   400
#define DT_LADDER_WIDTHS  5
#define DT_LADDER_LAPSES  2
#define DT_LADDER_SPREADS 4 /* of the margin; the first: it says nothing */
#define DT_LADDER_MIN_BPM 20.0
#define DT_LADDER_MAX_BPM 400.0
#define DT_LADDER_GOAL    0.85 /* share of takes that are clean at the clean tempo */
#define DT_LADDER_BEYOND  0.08 /* no tempo farther than this above the clean one */

typedef struct dt_ladder {
  double mass[DT_LADDER_SPREADS][DT_LADDER_WIDTHS][DT_LADDER_LAPSES]
             [DT_LADDER_TEMPI]; /* sums to 1 */
  int takes;
  double top_bpm; /* highest tempo that was clean; 0 none */
} dt_ladder;

/* A tempo with its 95 % interval (central posterior). */
typedef struct dt_clean_tempo {
  double bpm; /* posterior median; 0 unknown */
  double low_bpm;
  double high_bpm;
  double sd; /* of its logarithm */
} dt_clean_tempo;

/* Nothing known but a tempo that is said to be comfortable, 20..400: the clean tempo is likely
 * between a little below it and twice of it. */
void dt_ladder_start(dt_ladder* ladder, double comfortable_bpm);

/* Known from before: bpm with SD of its logarithm; vaguer with the days since (1.5 % after one, by
 * the square root). top_bpm: the highest tempo that was clean then, 0 none. days >= 0. */
void dt_ladder_resume(dt_ladder* ladder, double bpm, double sd, double top_bpm, double days);

/* After a take at bpm, clean or not. margin: dt_clean.margin, the largest ratio to its limit of
 * what is measured (missed notes left out), > 0; NAN where not known. */
void dt_ladder_learn(dt_ladder* ladder, double bpm, bool clean, double margin);

dt_clean_tempo dt_ladder_clean_tempo(const dt_ladder* ladder);

/* Chance that a take at bpm is clean. */
double dt_ladder_chance(const dt_ladder* ladder, double bpm);

/* The next tempo: the highest at which 85 in 100 takes are expected to be clean (a little less: the
 * climb is easier than that), no farther above the highest clean one than a step, and not above
 * dt_ladder_ceiling. Rounded down to 0.5 bpm. It goes down as well as up. */
double dt_ladder_next(const dt_ladder* ladder);

/* The highest tempo that may be asked for at all, bursts included: DT_LADDER_BEYOND above what the
 * clean tempo is at least, as far as is known. */
double dt_ladder_ceiling(const dt_ladder* ladder);

#endif
