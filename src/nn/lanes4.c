/* Four lanes: what every x86-64 (SSE2) and every 64-bit ARM (NEON) has. */
#define LANES 4
#include "lanes.h"

#include "dt/rt_poison.h" /* last: see there */

static void multiply(const dt_nn_matrix* matrix, const dt_nn_rows* rows) DT_NONBLOCKING {
  multiply_4(matrix, rows, 0);
}

static void gates(float* h, const float* x, const float* u, size_t size) DT_NONBLOCKING {
  gates_4(h, x, u, size, 0);
}

const dt_nn_kernels dt__nn_lanes4 = {"4 lanes", dt__nn_always, multiply, sigmoid_4,
                                     tanh_4,    gates,         round_4};
