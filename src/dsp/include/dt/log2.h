#ifndef DT_LOG2_H
#define DT_LOG2_H

#include <stddef.h>

#include "dt/attr.h"

/* y[i] = scale * log2(x[i] + offset) + shift for x[i] + offset normal, positive and finite; error
 * of the logarithm below 1e-5, the same bits on every machine. x and y may be the same. */
void dt_log2_scaled(const float* x, size_t count, float offset, float scale, float shift,
                    float* y) DT_NONBLOCKING;

#endif
