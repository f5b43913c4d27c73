#ifndef DT_RING_H
#define DT_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/alloc.h"
#include "dt/attr.h"

/*
 * Single-producer single-consumer queue of equal records, lock free and wait free.
 *
 * Exactly one thread writes and exactly one reads. Each call starts with one atomic load of the
 * other side's counter (acquire) and ends with one store to its own (release); the counters run
 * freely and wrap, so a full ring uses every slot. A full ring refuses the record and counts it:
 * overflow is a counter and an event, never a wait.
 */
typedef struct dt_ring dt_ring;

/* capacity is rounded up to a power of two, 1..2^30 records of record_size >= 1 bytes.
 * NULL when there is no memory or an argument is out of range. Not real-time. */
dt_ring* dt_ring_new(const dt_allocator* allocator, uint32_t capacity,
                     uint32_t record_size) DT_NODISCARD;

/* NULL is allowed. No thread may be inside the ring. */
void dt_ring_free(dt_ring* ring);

/* Writer thread only. Copies one record in; false (and one more in the overflow counter) when
 * full. */
bool dt_ring_write(dt_ring* ring, const void* record) DT_NONBLOCKING;

/* Reader thread only. Copies one record out; false when empty. */
bool dt_ring_read(dt_ring* ring, void* record) DT_NONBLOCKING;

/* Either thread: records waiting now (a lower bound for the reader, an upper one for the writer).
 */
uint32_t dt_ring_waiting(const dt_ring* ring) DT_NONBLOCKING;

/* Either thread: records refused since the start. */
uint64_t dt_ring_overflows(const dt_ring* ring) DT_NONBLOCKING;

#endif
