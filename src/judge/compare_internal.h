#ifndef DT_JUDGE_COMPARE_INTERNAL_H
#define DT_JUDGE_COMPARE_INTERNAL_H

#include "dt/compare.h"

/* A take is cut into blocks of at least four beats (longer than most memories of a timekeeper), and
 * at most so many. */
enum { DT__BLOCKS_MAX = 32, DT__BLOCKS_MIN = 8 };

/* What each block adds to the error of each number, in parts of its standard error: a column has
 * unit length. */
typedef struct dt__block_errors {
  int blocks;
  double of[DT__BLOCKS_MAX][DT_COMPARE_CHANGES_MAX];
  double standard_error[DT_COMPARE_CHANGES_MAX]; /* from the blocks alone, ms; of scatter, of its
                                                    logarithm; of drift 0, not known */
} dt__block_errors;

/* One take's blocks, for the numbers listed in comparison. */
void dt__block_errors_fill(dt__block_errors* errors, const dt_comparison* comparison,
                           const dt_take* take, const dt_verdict* verdict);

/* Sorted largest standardised difference of each draw when nothing changed. share_a[k]: what part
 * of the variance of difference k is take a's, 0..1; NAN leaves k out. */
void dt__largest_by_chance(double largest[DT_COMPARE_DRAWS], const dt__block_errors* a,
                           const dt__block_errors* b, const double* share_a, size_t count,
                           uint64_t seed);

#endif
