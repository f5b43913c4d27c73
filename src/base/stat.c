#include "dt/stat.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define IQR_OF_NORMAL 1.349 /* IQR of a normal with SD 1 is 1.34898 */

double dt_mean(const double* x, size_t count) {
  if (count == 0)
    return (double)NAN;
  double sum = 0.0;
  for (size_t i = 0; i < count; ++i)
    sum += x[i];
  const double first = sum / (double)count;
  /* The second pass takes back what rounding lost in the first. */
  double rest = 0.0;
  for (size_t i = 0; i < count; ++i)
    rest += x[i] - first;
  return first + rest / (double)count;
}

double dt_sd(const double* x, size_t count) {
  if (count < 2)
    return (double)NAN;
  const double mean = dt_mean(x, count);
  double squares = 0.0;
  for (size_t i = 0; i < count; ++i)
    squares += (x[i] - mean) * (x[i] - mean);
  return sqrt(squares / (double)(count - 1));
}

static bool has_nan(const double* x, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (isnan(x[i]))
      return true;
  }
  return false;
}

static void swap(double* x, size_t i, size_t j) {
  const double other = x[i];
  x[i] = x[j];
  x[j] = other;
}

/* Puts the rank-th smallest at its place, smaller ones before it and larger ones after (Hoare's
 * FIND with a three-way partition, so that equal values cost nothing). The pivot is drawn by a
 * fixed recurrence: no order of the input is slow by habit, and the result does not depend on it.
 */
static void select_rank(double* x, size_t count, size_t rank) {
  size_t from = 0;
  size_t to = count; /* The rank lies in from..to-1. */
  uint64_t draw = count;
  while (to - from > 1) {
    draw = draw * 6364136223846793005U + 1442695040888963407U;
    const double pivot = x[from + (size_t)((draw >> 33) % (to - from))];
    size_t less = from;
    size_t more = to;
    for (size_t i = from; i < more;) {
      if (x[i] < pivot)
        swap(x, i++, less++);
      else if (x[i] > pivot)
        swap(x, i, --more);
      else
        ++i;
    }
    if (rank < less)
      to = less;
    else if (rank >= more)
      from = more;
    else
      return;
  }
}

double dt_quantile(const double* x, size_t count, double p, double* scratch) {
  if (count == 0 || !(p >= 0.0 && p <= 1.0) || has_nan(x, count))
    return (double)NAN;
  if (scratch != x)
    memcpy(scratch, x, count * sizeof *x);
  const double place = (double)(count - 1) * p;
  const size_t rank = (size_t)place;
  const double fraction = place - (double)rank;
  select_rank(scratch, count, rank);
  /* Nothing between the ranks; always so at the last one. */
  if (!(fraction > 0.0))
    return scratch[rank];
  double next = scratch[rank + 1];
  for (size_t i = rank + 2; i < count; ++i)
    next = scratch[i] < next ? scratch[i] : next;
  return scratch[rank] + fraction * (next - scratch[rank]);
}

double dt_median(const double* x, size_t count, double* scratch) {
  return dt_quantile(x, count, 0.5, scratch);
}

double dt_robust_sd(const double* x, size_t count, double* scratch) {
  const double lower = dt_quantile(x, count, 0.25, scratch);
  const double upper = dt_quantile(x, count, 0.75, scratch);
  return (upper - lower) / IQR_OF_NORMAL;
}
