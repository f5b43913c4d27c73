#include "dt/lpc.h"

#include "dt/rt_poison.h" /* last: see there */

void dt_autocorrelation(const float* x, size_t count, int order, double* r) {
  for (int k = 0; k <= order; k++) {
    double sum = 0;
    for (size_t n = (size_t)k; n < count; n++)
      sum += (double)x[n] * (double)x[n - (size_t)k];
    r[k] = count > 0 ? sum / (double)count : 0;
  }
}

double dt_lpc(const double* r, int order, double* a) {
  double error = r[0];
  a[0] = 1;
  for (int k = 1; k <= order; k++)
    a[k] = 0;
  for (int i = 1; i <= order && error > 0; i++) {
    double sum = r[i];
    for (int k = 1; k < i; k++)
      sum += a[k] * r[i - k];
    double reflection = -sum / error;
    if (!(reflection > -1 && reflection < 1))
      break;
    for (int k = 1; k <= i / 2; k++) {
      double left = a[k] + reflection * a[i - k];
      a[i - k] += reflection * a[k];
      a[k] = left;
    }
    a[i] = reflection;
    error *= 1 - reflection * reflection;
  }
  return error;
}
