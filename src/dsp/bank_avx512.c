/* All bands in one register: compiled with AVX-512F, called only where the processor has it. */
#define LANES  16
#define CHAINS 1
#include "bank_body.h"

#include "dt/rt_poison.h" /* last: see there */

static bool has_avx512(void) DT_NONBLOCKING {
  return __builtin_cpu_supports("avx512f") != 0;
}

const dt__bank_kernel dt__bank_avx512 = {"AVX-512", has_avx512, add_energy};
