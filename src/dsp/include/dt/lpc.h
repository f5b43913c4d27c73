#ifndef DT_LPC_H
#define DT_LPC_H

#include <stddef.h>

#include "dt/attr.h"

/*
 * Linear prediction: what a sound's own past says about its next sample.
 */
#define DT_LPC_ORDER_MAX 32

/* r[k] = sum of x[n] x[n+k] / count for k = 0..order. */
void dt_autocorrelation(const float* x, size_t count, int order, double* r) DT_NONBLOCKING;

/* Levinson-Durbin recursion: from r[0..order] (r[0] > 0) the error filter a[0..order], a[0] = 1,
 * whose output e[n] = sum a[k] x[n-k] has the least power; returns that power (>= 0). The order is
 * cut (the rest of a is 0) where the recursion would become unstable. order 0..DT_LPC_ORDER_MAX.
 * J. Makhoul, "Linear prediction: a tutorial review", Proc. IEEE 63(4), 1975. */
double dt_lpc(const double* r, int order, double* a) DT_NONBLOCKING;

/* error[n] = sum a[k] x[n-k] for n = 0..count-1, in single precision. Reads x[-order] too. */
void dt_lpc_error(const double* a, int order, const float* x, size_t count,
                  float* error) DT_NONBLOCKING;

#endif
