#ifndef DT_TEST_FAILING_ALLOCATOR_H
#define DT_TEST_FAILING_ALLOCATOR_H

/*
 * An allocator that fails the request of your choice, and notices what is not given back or is
 * given back with a wrong size. Include as "../support/failing_allocator.h" from a cmocka test.
 *
 *   static bool build_and_free(const dt_allocator* allocator, void* ctx) {
 *     dt_thing* thing = dt_thing_new(allocator);
 *     const bool is_built = thing != NULL;
 *     dt_thing_free(thing);
 *     return is_built;
 *   }
 *   ...
 *   assert_true(dt_failing_sweep(build_and_free, NULL) >= 1);
 *
 * By hand:
 *
 *   dt_failing failing = {.fail_at = 3};
 *   const dt_allocator allocator = dt_failing_allocator(&failing);
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dt/alloc.h"

typedef struct dt_failing {
  size_t fail_at;     /* The request to refuse, from 1; 0 refuses none. */
  size_t requests;    /* New blocks and resizes asked for so far. */
  size_t refused;     /* Of them, refused. */
  size_t live_blocks; /* Not yet given back. */
  size_t live_bytes;
} dt_failing;

/* Before each block stands its size; the union keeps what follows aligned for any type. */
typedef union dt__failing_head {
  max_align_t align;
  size_t size;
} dt__failing_head;

static inline void* dt__failing_resize(void* ctx, void* block, size_t old_size, size_t new_size) {
  dt_failing* failing = ctx;
  dt__failing_head* head = block != NULL ? (dt__failing_head*)block - 1 : NULL;
  if (head != NULL && head->size != old_size)
    fail_msg("A block of %zu bytes came back as one of %zu", head->size, old_size);
  if (head == NULL && old_size != 0)
    fail_msg("No block, but an old size of %zu", old_size);
  if (head == NULL && new_size == 0)
    fail_msg("No block, and none asked for");
  if (new_size == 0) {
    --failing->live_blocks;
    failing->live_bytes -= old_size;
    memset(block, 0xDD, old_size); /* What is used after this stands out. */
    free(head);
    return NULL;
  }
  if (++failing->requests == failing->fail_at || new_size > SIZE_MAX - sizeof *head) {
    ++failing->refused;
    return NULL;
  }
  /* Always a new address, so that whoever keeps the old one is caught. */
  dt__failing_head* moved = malloc(sizeof *moved + new_size);
  if (moved == NULL) {
    ++failing->refused;
    return NULL;
  }
  moved->size = new_size;
  memset(moved + 1, 0xCD, new_size);
  failing->live_bytes += new_size;
  if (head != NULL) {
    memcpy(moved + 1, block, old_size < new_size ? old_size : new_size);
    failing->live_bytes -= old_size;
    memset(block, 0xDD, old_size);
    free(head);
  } else {
    ++failing->live_blocks;
  }
  return moved + 1;
}

/* The allocator of *failing, which must outlive it. */
static inline dt_allocator dt_failing_allocator(dt_failing* failing) {
  return (dt_allocator){dt__failing_resize, failing};
}

/* Runs attempt without failure, then once for each request it made with that one refused. attempt
 * must give everything back and return whether it succeeded: it must when nothing was refused, and
 * must not when something was. Returns the number of requests of the good run. */
static inline size_t dt_failing_sweep(bool (*attempt)(const dt_allocator* allocator, void* ctx),
                                      void* ctx) {
  dt_failing good = {0};
  const dt_allocator good_allocator = dt_failing_allocator(&good);
  if (!attempt(&good_allocator, ctx))
    fail_msg("Failed although no memory was refused");
  if (good.live_blocks != 0)
    fail_msg("%zu blocks were not given back", good.live_blocks);
  for (size_t at = 1; at <= good.requests; ++at) {
    dt_failing failing = {.fail_at = at};
    const dt_allocator allocator = dt_failing_allocator(&failing);
    const bool succeeded = attempt(&allocator, ctx);
    if (failing.live_blocks != 0)
      fail_msg("Request %zu refused: %zu blocks were not given back", at, failing.live_blocks);
    if (succeeded && failing.refused != 0)
      fail_msg("Request %zu refused: reported as success", at);
  }
  return good.requests;
}

#endif
