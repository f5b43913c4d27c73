#ifndef DT_BENCH_SCORE_H
#define DT_BENCH_SCORE_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/drum.h"

/*
 * Scores of heard against true strokes. Lists end the program when there is no memory.
 */
typedef struct hit {
  double at_s;
  dt_drum drum;
  double velocity;   /* 0 where unknown */
  double confidence; /* 1 for the truth */
  bool is_shared;    /* the time is that of a blow of several drums */
} hit;

/* Sorted by time. Zero-initialise. */
typedef struct hits {
  hit* items;
  size_t count;
  size_t capacity;
} hits;

void hits_add(hits* list, hit one);
/* By time, then drum; stable. */
void hits_sort(hits* list);
void hits_clear(hits* list);

/* Strokes within window_s of the first of their group become one, at their mean time. */
void hits_pool(const hits* list, double window_s, hits* pooled);

/* A growing list of numbers. Zero-initialise. */
typedef struct values {
  double* items;
  size_t count;
  size_t capacity;
} values;

void values_add(values* list, double value);
void values_clear(values* list);

/* NAN of an empty list. The list keeps its order. */
double values_quantile(const values* list, double p);
double values_robust_sd(const values* list);

/* Rank correlation with ties at their mean rank (Spearman); NAN below two pairs or where one side
 * is constant. Lists of equal length. */
double values_spearman(const values* x, const values* y);

/* Largest one-to-one matching of references and estimates at most window_s apart, and of those
 * matchings the one with the least summed distance. shift_s is subtracted from the estimates first.
 * pair[i] is the estimate of reference i or SIZE_MAX; pair may be NULL. Returns the number of
 * pairs.
 *
 * Two crossing pairs can always be uncrossed without leaving the window, so the best matching in
 * order is the best of all. Its size equals that of mir_eval.util.match_events (0.8.2), whose
 * rounding at the window's edge is kept: estimate - window <= reference <= estimate + window. */
size_t match(const hits* reference, const hits* estimate, double window_s, double shift_s,
             size_t* pair);

typedef struct tally {
  size_t matched;
  size_t references;
  size_t estimates;
} tally;

void tally_add(tally* sum, tally t);

/* 2 matched / (references + estimates), precision and recall; NAN where that divides by zero. */
double tally_f(tally t);
double tally_precision(tally t);
double tally_recall(tally t);

/* What an F counts in a mean where there is nothing in the truth, or nothing was heard. */
typedef enum empty_rule {
  EMPTY_LEFT_OUT, /* nothing in either: not counted; in one of them: 0 */
  EMPTY_MIR_EVAL, /* 0 when either is empty */
  EMPTY_MADMOM,   /* nothing heard: precision 1; nothing there: recall 1; both: 1 */
  EMPTY_RULES,
} empty_rule;

/* NAN where the rule leaves it out. */
double tally_f_by_rule(tally t, empty_rule rule);

#endif
