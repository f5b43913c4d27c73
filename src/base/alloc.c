#include "dt/alloc.h"

#include <stdlib.h>
#include <string.h>

static void* system_resize(void* ctx, void* block, size_t old_size, size_t new_size) {
  (void)ctx;
  (void)old_size;
  if (new_size == 0) {
    free(block);
    return NULL;
  }
  return realloc(block, new_size);
}

static const dt_allocator system_allocator = {system_resize, NULL};

static const dt_allocator* or_system(const dt_allocator* allocator) {
  return allocator != NULL ? allocator : &system_allocator;
}

void* dt_alloc(const dt_allocator* allocator, size_t size) {
  if (size == 0)
    return NULL;
  const dt_allocator* from = or_system(allocator);
  return from->resize(from->ctx, NULL, 0, size);
}

void* dt_alloc_zero(const dt_allocator* allocator, size_t size) {
  void* block = dt_alloc(allocator, size);
  if (block != NULL)
    memset(block, 0, size);
  return block;
}

void* dt_resize(const dt_allocator* allocator, void* block, size_t old_size, size_t new_size) {
  if (block == NULL)
    return dt_alloc(allocator, new_size);
  const dt_allocator* from = or_system(allocator);
  return from->resize(from->ctx, block, old_size, new_size);
}

void dt_release(const dt_allocator* allocator, void* block, size_t size) {
  if (block == NULL)
    return;
  const dt_allocator* from = or_system(allocator);
  (void)from->resize(from->ctx, block, size, 0);
}
