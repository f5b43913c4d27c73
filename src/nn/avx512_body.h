/* Sixteen lanes; what is left over goes eight by eight. Compiled with AVX-512F and BW, and once
 * more with VNNI. KERNELS, WHAT and IS_USABLE are its name in C, to people, and its question. */
#ifndef DT_NN_AVX512_BODY_H
#define DT_NN_AVX512_BODY_H

#ifdef KERNELS

#define LANES 8
#include "lanes.h"
#undef LANES
#define LANES 16
#include "lanes.h"

#include "dt/rt_poison.h" /* last: see there */

static void multiply(const dt_nn_matrix* matrix, const dt_nn_rows* rows) DT_NONBLOCKING {
  multiply_8(matrix, rows, multiply_16(matrix, rows, 0));
}

static void gates(float* h, const float* x, const float* u, size_t size) DT_NONBLOCKING {
  gates_8(h, x, u, size, gates_16(h, x, u, size, 0));
}

static void sigmoid(float* x, size_t count) DT_NONBLOCKING {
  sigmoid_16(x, count);
}

static void hyperbolic(float* x, size_t count) DT_NONBLOCKING {
  tanh_16(x, count);
}

const dt_nn_kernels KERNELS = {WHAT, IS_USABLE, multiply, sigmoid, hyperbolic, gates, round_16};

#endif

#endif
