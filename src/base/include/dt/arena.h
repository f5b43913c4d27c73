#ifndef DT_ARENA_H
#define DT_ARENA_H

#include <stddef.h>

/*
 * One block, cut into pieces. An object runs the same layout function twice: first over an arena
 * without memory, which only measures, then over a block of the measured size. So a constructor
 * has one failure path and a destructor one call.
 *
 *   dt_arena a = dt_arena_measure();
 *   layout(&a, obj);                          // every dt_arena_take returns NULL
 *   void* block = dt_alloc(allocator, a.used);
 *   a = dt_arena_over(block, a.used);
 *   layout(&a, obj);                          // the same calls, now with memory
 *
 * Not thread safe. dt_arena_take is real-time safe.
 */
typedef struct dt_arena {
  unsigned char* memory; /* NULL while measuring. */
  size_t size;           /* Bytes in memory; SIZE_MAX while measuring. */
  size_t used;           /* Bytes taken, padding included; SIZE_MAX after an overflow. */
} dt_arena;

dt_arena dt_arena_measure(void);

/* memory must be aligned for any type (as from dt_alloc) and outlive what is taken from it. */
dt_arena dt_arena_over(void* memory, size_t size);

/* count items of item_size bytes, aligned for any type, not cleared. NULL while measuring, when
 * the block is full, or when count * item_size overflows (then used becomes SIZE_MAX, so that the
 * following dt_alloc fails). */
void* dt_arena_take(dt_arena* arena, size_t count, size_t item_size);

#endif
