#include "dt/lpc.h"

#include <string.h>

#define LANES 8
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

/* Sums in single precision are kept this short. */
#define CHUNK 64

/* Adds the products of LANES lags from `first` on, over samples from..to-1; x[to + first + LANES]
 * and before must be readable. */
static void add_products(const float* x, size_t from, size_t to, size_t first, double* r) {
  for (size_t begin = from; begin < to; begin += CHUNK) {
    size_t end = begin + CHUNK < to ? begin + CHUNK : to;
    lanes sum = {0};
    for (size_t n = begin; n < end; n++) {
      lanes later;
      memcpy(&later, x + n + first, sizeof later);
      sum += x[n] * later;
    }
    for (int k = 0; k < LANES; k++)
      r[k] += (double)sum[k];
  }
}

/* Lag 0 alone: LANES lags at once would do eight times the work for it. */
static double sum_of_squares(const float* x, size_t count) {
  double total = 0;
  size_t n = 0;
  while (n + LANES <= count) {
    size_t end = n + CHUNK * LANES < count ? n + CHUNK * LANES : count;
    lanes sum = {0};
    for (; n + LANES <= end; n += LANES) {
      lanes v;
      memcpy(&v, x + n, sizeof v);
      sum += v * v;
    }
    for (int k = 0; k < LANES; k++)
      total += (double)sum[k];
  }
  for (; n < count; n++)
    total += (double)x[n] * (double)x[n];
  return total;
}

void dt_autocorrelation(const float* x, size_t count, int order, double* r) {
  r[0] = count > 0 ? sum_of_squares(x, count) / (double)count : 0;
  for (int first = 1; first <= order; first += LANES) {
    double sum[LANES] = {0};
    size_t reach = (size_t)first + LANES;
    size_t whole = count > reach ? count - reach : 0;
    add_products(x, 0, whole, (size_t)first, sum);
    for (int k = 0; k < LANES && first + k <= order; k++) {
      size_t lag = (size_t)(first + k);
      for (size_t n = whole; n + lag < count; n++)
        sum[k] += (double)x[n] * (double)x[n + lag];
      r[lag] = count > 0 ? sum[k] / (double)count : 0;
    }
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

void dt_lpc_error(const double* a, int order, const float* x, size_t count, float* error) {
  size_t n = 0;
  for (; n + LANES <= count; n += LANES) {
    lanes sum = {0};
    for (int k = 0; k <= order; k++) {
      lanes past;
      memcpy(&past, x + n - k, sizeof past);
      sum += (float)a[k] * past;
    }
    memcpy(error + n, &sum, sizeof sum);
  }
  for (; n < count; n++) {
    float sum = 0;
    for (int k = 0; k <= order; k++)
      sum += (float)a[k] * *(x + n - k);
    error[n] = sum;
  }
}
