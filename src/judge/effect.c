#include "effect_internal.h"

#include <math.h>
#include <string.h>

#include "linalg_internal.h"

enum { SWEEPS_MAX = 60 };

/* Takes the means of the groups out; the largest. */
static double take_out(double* x, const int* group, int groups, size_t count, double* scratch) {
  double* sum = scratch;
  double* n = scratch + groups;
  double largest = 0.0;
  memset(scratch, 0, 2 * (size_t)groups * sizeof(*scratch));
  for (size_t i = 0; i < count; ++i) {
    sum[group[i]] += x[i];
    n[group[i]] += 1.0;
  }
  for (size_t i = 0; i < count; ++i) {
    const double mean = sum[group[i]] / n[group[i]];
    x[i] -= mean;
    largest = fmax(largest, fabs(mean));
  }
  return largest;
}

static void take_out_both(const dt__effect_data* data, double* x) {
  for (int sweep = 0; sweep < SWEEPS_MAX; ++sweep) {
    double largest = take_out(x, data->first, data->first_count, data->count, data->scratch);
    if (data->second) {
      largest = take_out(x, data->second, data->second_count, data->count, data->scratch);
    }
    if (!data->second || largest < 1e-9) {
      break;
    }
  }
}

dt_estimate dt__effect(const dt__effect_data* data) {
  const size_t n = data->count;
  const double spent = (double)data->first_count + (data->second ? data->second_count : 0);
  if (n < 2 * (size_t)DT__SERIES_MIN || (double)n < spent + 4.0) {
    return dt__unknown(DT_CANT_TELL);
  }
  take_out_both(data, data->x);
  take_out_both(data, data->d);
  const double square = dt__dot(data->d, data->d, n);
  if (square < 1e-6 * (double)n) {
    return dt__unknown(DT_CANT_TELL);
  }
  const double effect = dt__dot(data->d, data->x, n) / square;
  for (size_t i = 0; i < n; ++i) {
    data->x[i] = data->d[i] * (data->x[i] - effect * data->d[i]);
  }
  dt__error error = dt__series_error(data->x, n);
  error.se *= (double)n / square;
  return dt__estimate_student(effect, error);
}
