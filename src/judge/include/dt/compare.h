#ifndef DT_COMPARE_H
#define DT_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/judge.h"

/*
 * Two takes: did something really change, or is the difference noise?
 *
 * Compared are the numbers that both verdicts know: placement, drift and scatter of all strokes;
 * and of every voice with at least DT_COMPARE_STROKES_MIN strokes in both takes its placement
 * against the player's own pulse and its scatter (a voice has no drift of its own: one drummer, one
 * tempo; and what all limbs do together is said once). The more numbers are compared,
 * the more often one of them differs by accident, so all are held together: of pairs of takes in
 * which nothing changed, about 5 % or fewer are called changed in any number at all.
 *
 * How: each number's uncertainty is its 95 % interval, which knows that human errors hang together
 * from stroke to stroke. Two intervals make the interval of the difference (Zou & Donner,
 * Statistics in Medicine 27, 2008; scatter as a ratio, in logarithms). How far a difference may go
 * before it is real comes from a seeded bootstrap of what all numbers do together: the residuals
 * are cut into blocks of beats and the blocks weighted by random normals (Chernozhukov, Chetverikov
 * & Kato, Annals of Statistics 41, 2013) over Student's denominator, and the largest of all
 * standardised differences is kept from each draw (Westfall & Young 1993). The blocks also set a
 * least width to every interval. bench/judge_compare.c counts how often it errs.
 */
#define DT_COMPARE_STROKES_MIN 30
#define DT_COMPARE_DRAWS       1999
#define DT_COMPARE_CHANGES_MAX (3 + 2 * DT_VOICE_COUNT)

typedef enum dt_measure {
  DT_MEASURE_PLACEMENT,     /* all strokes against the click, ms */
  DT_MEASURE_PLACEMENT_OWN, /* a voice against the player's own pulse, ms */
  DT_MEASURE_DRIFT,         /* bpm a minute */
  DT_MEASURE_SCATTER        /* ms */
} dt_measure;

/* One number in both takes. When not DT_KNOWN every double is NAN. */
typedef struct dt_change {
  dt_measure measure;
  dt_voice voice; /* DT_VOICE_COUNT: all strokes together */
  dt_known known; /* in both takes */
  double a;       /* as the verdicts say */
  double b;
  double change; /* b - a; of scatter b / a */
  double low;    /* 95 % interval of change that holds for all numbers at once */
  double high;
  double p;  /* of a difference this large in any number, if nothing had changed */
  bool real; /* p < 0.05: the interval leaves out "no change" */
} dt_change;

typedef struct dt_comparison {
  dt_change changes[DT_COMPARE_CHANGES_MAX]; /* all strokes first, then voice by voice */
  size_t count;
  size_t known_count; /* 0: can't tell yet */
  size_t real_count;  /* 0: no real change */
  uint64_t seed;
  int draws;
  double critical; /* how many standard errors a difference must have */
} dt_comparison;

/*
 * Compares take b with take a by their verdicts. The seed chooses the draws: the same verdicts and
 * seed give the same comparison, bit for bit; another seed moves p in its second digit. Never
 * fails; takes too short to judge give known_count 0. No allocation; any thread; about 10 ms, so
 * not real-time.
 */
void dt_compare(dt_comparison* comparison, const dt_take* take_a, const dt_verdict* a,
                const dt_take* take_b, const dt_verdict* b, uint64_t seed);

/* "placement", "drift", "scatter"; static storage. */
const char* dt_measure_name(dt_measure measure);

#endif
