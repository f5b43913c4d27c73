#include "dt/nn.h"

#include "kernels.h"

#include "dt/rt_poison.h" /* last: see there */

/* From plain C to the widest. */
static const dt_nn_kernels* const variants[] = {
    &dt__nn_plain,
    &dt__nn_lanes4,
#if defined(__x86_64__)
    &dt__nn_avx2,
    &dt__nn_avx512,
#endif
};
enum { VARIANTS = sizeof variants / sizeof variants[0] };

size_t dt_nn_padded(size_t outputs) {
  return (outputs + 7) / 8 * 8;
}

size_t dt_nn_weights_size(size_t inputs, size_t outputs) {
  return inputs * dt_nn_padded(outputs);
}

size_t dt_nn_weight_at(const dt_nn_matrix* matrix, size_t input, size_t output) {
  const size_t panel = output / DT_NN_PANEL * DT_NN_PANEL;
  const size_t left = dt_nn_padded(matrix->outputs) - panel;
  const size_t width = left < DT_NN_PANEL ? left : DT_NN_PANEL;
  return panel * matrix->inputs + input * width + (output - panel);
}

bool dt__nn_always(void) {
  return true;
}

#if defined(__x86_64__)
bool dt__nn_has_avx2(void) {
  return __builtin_cpu_supports("avx2") != 0;
}

bool dt__nn_has_avx512(void) {
  return __builtin_cpu_supports("avx512f") != 0;
}
#endif

const dt_nn_kernels* dt_nn_variant(size_t i) {
  return i < VARIANTS ? variants[i] : NULL;
}

const dt_nn_kernels* dt_nn_best(void) {
  size_t i = VARIANTS - 1;
  while (!variants[i]->is_usable())
    i--;
  return variants[i];
}
