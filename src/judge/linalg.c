#include "linalg_internal.h"

#include <math.h>

enum { SYSTEM_MAX = 16 };

double dt__dot(const double* a, const double* b, size_t count) {
  double sum = 0.0;
  for (size_t i = 0; i < count; ++i) {
    sum += a[i] * b[i];
  }
  return sum;
}

bool dt__cholesky(double* a, int n, double* log_det) {
  *log_det = 0.0;
  for (int j = 0; j < n; ++j) {
    double diagonal = a[j * n + j];
    const double before = diagonal;
    for (int k = 0; k < j; ++k) {
      diagonal -= a[j * n + k] * a[j * n + k];
    }
    /* Lost eleven digits: the columns say the same thing. */
    if (!(diagonal > 1e-11 * before) || !(before > 0.0)) {
      return false;
    }
    const double root = sqrt(diagonal);
    a[j * n + j] = root;
    *log_det += log(diagonal);
    for (int i = j + 1; i < n; ++i) {
      double sum = a[i * n + j];
      for (int k = 0; k < j; ++k) {
        sum -= a[i * n + k] * a[j * n + k];
      }
      a[i * n + j] = sum / root;
    }
  }
  return true;
}

void dt__cholesky_solve(const double* factor, int n, double* b) {
  for (int i = 0; i < n; ++i) {
    for (int k = 0; k < i; ++k) {
      b[i] -= factor[i * n + k] * b[k];
    }
    b[i] /= factor[i * n + i];
  }
  for (int i = n; i-- > 0;) {
    for (int k = i + 1; k < n; ++k) {
      b[i] -= factor[k * n + i] * b[k];
    }
    b[i] /= factor[i * n + i];
  }
}

void dt__cholesky_inverse(const double* factor, int n, double* inverse) {
  for (int j = 0; j < n; ++j) {
    double column[SYSTEM_MAX] = {0};
    column[j] = 1.0;
    dt__cholesky_solve(factor, n, column);
    for (int i = 0; i < n; ++i) {
      inverse[i * n + j] = column[i];
    }
  }
}

bool dt__least_squares(const double* y, const double* const* x, int p, size_t count, double* b) {
  double xx[SYSTEM_MAX * SYSTEM_MAX];
  for (int i = 0; i < p; ++i) {
    for (int j = 0; j <= i; ++j) {
      xx[i * p + j] = dt__dot(x[i], x[j], count);
    }
    b[i] = dt__dot(x[i], y, count);
  }
  double log_det = 0.0;
  if (!dt__cholesky(xx, p, &log_det)) {
    return false;
  }
  dt__cholesky_solve(xx, p, b);
  return true;
}
