#include "dt/nn.h"

#include "kernels.h"

#include "dt/rt_poison.h" /* last: see there */

/* From plain C to the widest. */
static const dt_nn_kernels* const variants[] = {
    &dt__nn_plain, &dt__nn_lanes4,
#if defined(__x86_64__)
    &dt__nn_avx2,  &dt__nn_avx512, &dt__nn_avx512vnni,
#endif
};
enum { VARIANTS = sizeof variants / sizeof variants[0] };

size_t dt_nn_padded(size_t outputs) {
  return (outputs + 7) / 8 * 8;
}

size_t dt_nn_weights_size(size_t inputs, size_t outputs) {
  return inputs * dt_nn_padded(outputs);
}

/* Of the panel that an output lies in. */
static size_t panel_width(const dt_nn_matrix* matrix, size_t panel) {
  const size_t left = dt_nn_padded(matrix->outputs) - panel;
  return left < DT_NN_PANEL ? left : DT_NN_PANEL;
}

size_t dt_nn_weight_at(const dt_nn_matrix* matrix, size_t input, size_t output) {
  const size_t panel = output / DT_NN_PANEL * DT_NN_PANEL;
  return panel * matrix->inputs + input * panel_width(matrix, panel) + (output - panel);
}

size_t dt_nn_whole_at(const dt_nn_matrix* matrix, size_t input, size_t output) {
  const size_t panel = output / DT_NN_PANEL * DT_NN_PANEL;
  const size_t pairs = input / 2 * panel_width(matrix, panel) + (output - panel);
  return panel * matrix->inputs + 2 * pairs + input % 2;
}

bool dt__nn_always(void) {
  return true;
}

#if defined(__x86_64__)
bool dt__nn_has_avx2(void) {
  return __builtin_cpu_supports("avx2") != 0;
}

bool dt__nn_has_avx512(void) {
  return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0;
}

bool dt__nn_has_avx512vnni(void) {
  return dt__nn_has_avx512() && __builtin_cpu_supports("avx512vnni") != 0;
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
