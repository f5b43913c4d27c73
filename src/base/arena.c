#include "dt/arena.h"

#include <stdalign.h>
#include <stdint.h>

dt_arena dt_arena_measure(void) {
  return (dt_arena){NULL, SIZE_MAX, 0};
}

dt_arena dt_arena_over(void* memory, size_t size) {
  return (dt_arena){memory, size, 0};
}

void* dt_arena_take(dt_arena* arena, size_t count, size_t item_size) {
  const size_t align = alignof(max_align_t);
  const size_t padding = (align - arena->used % align) % align;
  /* The last value of used is kept to say "overflow", hence the strict bounds. */
  if (padding >= SIZE_MAX - arena->used ||
      (item_size != 0 && count >= (SIZE_MAX - arena->used - padding) / item_size)) {
    arena->used = SIZE_MAX;
    return NULL;
  }
  const size_t start = arena->used + padding;
  const size_t bytes = count * item_size;
  if (start > arena->size || bytes > arena->size - start)
    return NULL;
  arena->used = start + bytes;
  return arena->memory != NULL ? arena->memory + start : NULL;
}
