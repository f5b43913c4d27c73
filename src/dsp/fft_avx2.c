/* Compiled with AVX2, called only where the processor has it. */
#define LANES 8
#include "fft_body.h"

#include "dt/rt_poison.h" /* last: see there */

const dt__fft_kernels dt__fft_avx2 = {window_one, window_two, transform, power_one, power_two};
