/* Eight lanes: compiled with AVX2, called only where the processor has it. */
#define LANES 8
#include "flag_body.h"

#include "dt/rt_poison.h" /* last: see there */

static bool has_avx2(void) DT_NONBLOCKING {
  return __builtin_cpu_supports("avx2") != 0;
}

const dt__flag_kernel dt__flag_avx2 = {"AVX2", has_avx2, take, score};
