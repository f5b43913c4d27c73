#ifndef DT_JUDGE_LINALG_INTERNAL_H
#define DT_JUDGE_LINALG_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

/* Small symmetric systems, row-major n x n, lower triangle used. */

double dt__dot(const double* a, const double* b, size_t count);

/* a becomes its Cholesky factor; log_det is that of a. false when not positive definite. */
bool dt__cholesky(double* a, int n, double* log_det);

/* Solves with a factor from dt__cholesky; b becomes the solution. */
void dt__cholesky_solve(const double* factor, int n, double* b);

/* The full symmetric inverse from a factor. */
void dt__cholesky_inverse(const double* factor, int n, double* inverse);

/* Ordinary least squares of y on p columns: b gets p coefficients. false when dependent. */
bool dt__least_squares(const double* y, const double* const* x, int p, size_t count, double* b);

#endif
