/* Four lanes: what every x86-64 (SSE2) and every 64-bit ARM (NEON) has. */
#define LANES 4
#include "flag_body.h"

#include "dt/rt_poison.h" /* last: see there */

static bool always(void) DT_NONBLOCKING {
  return true;
}

const dt__flag_kernel dt__flag_lanes4 = {"4 lanes", always, take, score};
