/* Eight lanes: compiled with AVX2, called only where the processor has it. */
#define LANES 8
#include "lanes.h"

#include "dt/rt_poison.h" /* last: see there */

static void multiply(const dt_nn_matrix* matrix, const dt_nn_rows* rows) DT_NONBLOCKING {
  multiply_8(matrix, rows, 0);
}

static void gates(float* h, const float* x, const float* u, size_t size) DT_NONBLOCKING {
  gates_8(h, x, u, size, 0);
}

const dt_nn_kernels dt__nn_avx2 = {"AVX2", dt__nn_has_avx2, multiply, sigmoid_8,
                                   tanh_8, gates,           round_8};
