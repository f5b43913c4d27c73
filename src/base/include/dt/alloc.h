#ifndef DT_ALLOC_H
#define DT_ALLOC_H

#include <stddef.h>

#include "dt/attr.h"

/*
 * Memory is asked for through one function, so that a test can fail every request in turn.
 *
 * resize(ctx, NULL, 0, n)     a new block of n bytes
 * resize(ctx, p, old, n)      the block grown or shrunk to n bytes; on failure p is untouched
 * resize(ctx, p, old, 0)      the block given back; returns NULL, cannot fail
 *
 * Blocks are aligned for any type. Every constructor takes an allocator; NULL means the system's
 * (malloc, realloc, free). Never called from real-time code.
 */
typedef struct dt_allocator {
  void* (*resize)(void* ctx, void* block, size_t old_size, size_t new_size);
  void* ctx;
} dt_allocator;

/* New block of size bytes, not cleared; NULL when there is none. size 0 gives NULL. */
void* dt_alloc(const dt_allocator* allocator, size_t size) DT_NODISCARD;

/* Same, cleared to zero. */
void* dt_alloc_zero(const dt_allocator* allocator, size_t size) DT_NODISCARD;

/* Grow or shrink. On failure returns NULL and the old block stays valid. */
void* dt_resize(const dt_allocator* allocator, void* block, size_t old_size,
                size_t new_size) DT_NODISCARD;

/* Give back; NULL block is allowed. */
void dt_release(const dt_allocator* allocator, void* block, size_t size);

#endif
