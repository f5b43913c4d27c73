/* Four lanes: what every x86-64 (SSE2) and every 64-bit ARM (NEON) has. */
#define LANES  4
#define CHAINS 2
#include "bank_body.h"

#include "dt/rt_poison.h" /* last: see there */

static bool always(void) DT_NONBLOCKING {
  return true;
}

const dt__bank_kernel dt__bank_lanes4 = {"4 lanes", always, add_energy};
