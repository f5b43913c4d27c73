#include "dt/ring.h"

#include <stdatomic.h>
#include <string.h>

#include "dt/arena.h"
#include "ring_internal.h"

#include "dt/rt_poison.h" /* last: see there */

#define RING_CAPACITY_MAX ((uint32_t)1 << 30)
#define CACHE_LINE        64

struct dt_ring {
  dt_allocator allocator;
  bool has_allocator;
  size_t block_size;
  unsigned char* records;
  uint32_t mask; /* capacity - 1 */
  uint32_t record_size;
  /* The two sides' counters keep a cache line's distance, else each write would take the line
   * away from the reader. Padding, not alignment: the allocator aligns for plain types only. */
  unsigned char before_written[CACHE_LINE];
  _Atomic uint32_t written; /* Stored by the writer only. */
  _Atomic uint64_t overflows;
  unsigned char before_read[CACHE_LINE];
  _Atomic uint32_t read; /* Stored by the reader only. */
  unsigned char after_read[CACHE_LINE];
};

static uint32_t power_of_two_from(uint32_t capacity) {
  uint32_t power = 1;
  while (power < capacity)
    power *= 2;
  return power;
}

dt_ring* dt__ring_new_at(const dt_allocator* allocator, uint32_t capacity, uint32_t record_size,
                         uint32_t start) {
  if (capacity < 1 || capacity > RING_CAPACITY_MAX || record_size < 1)
    return NULL;
  const uint32_t slots = power_of_two_from(capacity);
  dt_arena arena = dt_arena_measure();
  (void)dt_arena_take(&arena, 1, sizeof(dt_ring));
  (void)dt_arena_take(&arena, slots, record_size);
  const size_t block_size = arena.used;
  void* block = dt_alloc(allocator, block_size);
  if (block == NULL)
    return NULL;
  arena = dt_arena_over(block, block_size);
  dt_ring* ring = dt_arena_take(&arena, 1, sizeof(dt_ring));
  memset(ring, 0, sizeof *ring);
  ring->records = dt_arena_take(&arena, slots, record_size);
  ring->has_allocator = allocator != NULL;
  if (allocator != NULL)
    ring->allocator = *allocator;
  ring->block_size = block_size;
  ring->mask = slots - 1;
  ring->record_size = record_size;
  atomic_init(&ring->written, start);
  atomic_init(&ring->read, start);
  atomic_init(&ring->overflows, 0);
  return ring;
}

dt_ring* dt_ring_new(const dt_allocator* allocator, uint32_t capacity, uint32_t record_size) {
  return dt__ring_new_at(allocator, capacity, record_size, 0);
}

void dt_ring_free(dt_ring* ring) {
  if (ring == NULL)
    return;
  /* Copied out first: the allocator inside goes away with the block. */
  const dt_allocator allocator = ring->allocator;
  dt_release(ring->has_allocator ? &allocator : NULL, ring, ring->block_size);
}

static unsigned char* slot_at(const dt_ring* ring, uint32_t counter) {
  return ring->records + (size_t)(counter & ring->mask) * ring->record_size;
}

bool dt_ring_write(dt_ring* ring, const void* record) {
  const uint32_t read = atomic_load_explicit(&ring->read, memory_order_acquire);
  const uint32_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
  if (written - read > ring->mask) {
    /* One writer, so no read-modify-write is needed. */
    const uint64_t overflows = atomic_load_explicit(&ring->overflows, memory_order_relaxed);
    atomic_store_explicit(&ring->overflows, overflows + 1, memory_order_relaxed);
    return false;
  }
  memcpy(slot_at(ring, written), record, ring->record_size);
  atomic_store_explicit(&ring->written, written + 1, memory_order_release);
  return true;
}

bool dt_ring_read(dt_ring* ring, void* record) {
  const uint32_t written = atomic_load_explicit(&ring->written, memory_order_acquire);
  const uint32_t read = atomic_load_explicit(&ring->read, memory_order_relaxed);
  if (written == read)
    return false;
  memcpy(record, slot_at(ring, read), ring->record_size);
  atomic_store_explicit(&ring->read, read + 1, memory_order_release);
  return true;
}

uint32_t dt_ring_waiting(const dt_ring* ring) {
  /* The reader's counter first: it can only be behind the writer's, so the difference is never
   * negative; it may exceed the capacity by what moved in between, so it is cut. */
  const uint32_t read = atomic_load_explicit(&ring->read, memory_order_acquire);
  const uint32_t written = atomic_load_explicit(&ring->written, memory_order_acquire);
  const uint32_t waiting = written - read;
  return waiting > ring->mask + 1 ? ring->mask + 1 : waiting;
}

uint64_t dt_ring_overflows(const dt_ring* ring) {
  return atomic_load_explicit(&ring->overflows, memory_order_relaxed);
}
