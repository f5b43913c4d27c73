#ifndef DT_EAR_INTERNAL_H
#define DT_EAR_INTERNAL_H

#include <stddef.h>

#include "dt/ear.h"
#include "net.h"

/* For the tests: answers in the network's place, so that what becomes of its answers can be tried
 * with answers that are known. All thresholds become 0.5. Called for frames 0, 1, ... since the
 * last fresh start. */
typedef void (*dt__ear_oracle)(void* ctx, int64_t frame, dt__net_out* out) DT_NONBLOCKING;
void dt__ear_with_net_fn(dt_ear* ear, dt__ear_oracle oracle, void* ctx);

#endif
