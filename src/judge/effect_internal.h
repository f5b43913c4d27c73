#ifndef DT_JUDGE_EFFECT_INTERNAL_H
#define DT_JUDGE_EFFECT_INTERNAL_H

#include <stdbool.h>

#include "series_internal.h"

/*
 * What a thing does, other things equal: the coefficient of d in
 *
 *   x_i = a(first group of i) + b(second group of i) + effect d_i + noise
 *
 * d and x are freed of both groups and then regressed (Frisch & Waugh 1933), and the error comes
 * from the series d (x - effect d), in order of time, so it holds where neighbours are alike.
 */
typedef struct dt__effect_data {
  size_t count;
  double* x;         /* overwritten */
  double* d;         /* overwritten */
  const int* first;  /* group numbers, 0 .. first_count - 1 */
  const int* second; /* likewise; NULL: none */
  int first_count;
  int second_count;
  double* scratch; /* 2 * max(group counts) */
} dt__effect_data;

/* Can't tell when d is told apart in no group. */
dt_estimate dt__effect(const dt__effect_data* data);

#endif
