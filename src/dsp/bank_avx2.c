/* Eight lanes: compiled with AVX2, called only where the processor has it. */
#define LANES  8
#define CHAINS 2
#include "bank_body.h"

#include "dt/rt_poison.h" /* last: see there */

static bool has_avx2(void) DT_NONBLOCKING {
  return __builtin_cpu_supports("avx2") != 0;
}

const dt__bank_kernel dt__bank_avx2 = {"AVX2", has_avx2, add_energy};
