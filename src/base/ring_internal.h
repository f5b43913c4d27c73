#ifndef DT_RING_INTERNAL_H
#define DT_RING_INTERNAL_H

#include "dt/ring.h"

/* As dt_ring_new, with both counters at `start` instead of 0, so that a test reaches the wrap of
 * the counters without 2^32 writes. */
dt_ring* dt__ring_new_at(const dt_allocator* allocator, uint32_t capacity, uint32_t record_size,
                         uint32_t start) DT_NODISCARD;

#endif
