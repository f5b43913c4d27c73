#ifndef DT_BENCH_SCORE_H
#define DT_BENCH_SCORE_H

#include <stddef.h>

/*
 * Scores of heard against true strokes. Time lists are sorted and in seconds.
 */
typedef struct times {
  double* at;
  double* weight; /* velocity, or 0 */
  size_t count;
  size_t capacity;
} times;

void times_add(times* list, double at, double weight);
void times_sort(times* list);
void times_clear(times* list);

/* Strokes within window_s of the first of their group become one, at their mean time. */
void times_pool(const times* list, double window_s, times* pooled);

/* Largest one-to-one matching of references and estimates at most window_s apart, and of those
 * matchings the one with the least summed distance. pair[i] is the estimate of reference i or
 * SIZE_MAX; pair may be NULL. Returns the number of pairs.
 *
 * Two crossing pairs can always be uncrossed without leaving the window, so the best matching in
 * order is the best of all; its size equals mir_eval.util.match_events. */
size_t match(const times* reference, const times* estimate, double window_s, double shift_s,
             size_t* pair);

typedef struct tally {
  size_t hits;
  size_t references;
  size_t estimates;
} tally;

double tally_f(tally t);
double tally_precision(tally t);
double tally_recall(tally t);

#endif
