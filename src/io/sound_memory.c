#include <string.h>

#include "io_internal.h"

/* libsndfile's positions are signed 64-bit; ours stay within what is held in memory. */

static sf_count_t length_of(void* ctx) {
  const dt__memory* memory = ctx;
  return (sf_count_t)(memory->buffer != NULL ? memory->buffer->size : memory->size);
}

static sf_count_t seek_to(sf_count_t offset, int whence, void* ctx) {
  dt__memory* memory = ctx;
  const sf_count_t size = length_of(memory);
  const sf_count_t base = whence == SEEK_SET   ? 0
                          : whence == SEEK_CUR ? (sf_count_t)memory->position
                                               : size;
  /* Beyond both ends without overflow: offsets may come from a damaged header. */
  const sf_count_t low = -base;
  const sf_count_t high = size - base;
  const sf_count_t bounded = offset < low ? low : offset > high ? high : offset;
  memory->position = (size_t)(base + bounded);
  return (sf_count_t)memory->position;
}

static sf_count_t read_from(void* to, sf_count_t count, void* ctx) {
  dt__memory* memory = ctx;
  if (memory->buffer != NULL || count <= 0)
    return 0;
  const size_t left = memory->size - memory->position;
  const size_t taken = (size_t)count < left ? (size_t)count : left;
  memcpy(to, memory->bytes + memory->position, taken);
  memory->position += taken;
  return (sf_count_t)taken;
}

static sf_count_t write_to(const void* from, sf_count_t count, void* ctx) {
  dt__memory* memory = ctx;
  dt_buffer* buffer = memory->buffer;
  if (buffer == NULL || count <= 0)
    return 0;
  /* Headers are rewritten in place, sound is appended. */
  const size_t size = (size_t)count;
  const size_t left = buffer->size - memory->position;
  const size_t inside = size < left ? size : left;
  if (inside > 0)
    memcpy(buffer->bytes + memory->position, from, inside);
  if (dt_sink_write(dt_buffer_sink(buffer), (const unsigned char*)from + inside, size - inside) !=
      DT_OK)
    return 0;
  memory->position += size;
  return count;
}

static sf_count_t tell(void* ctx) {
  const dt__memory* memory = ctx;
  return (sf_count_t)memory->position;
}

SF_VIRTUAL_IO dt__memory_io(void) {
  return (SF_VIRTUAL_IO){length_of, seek_to, read_from, write_to, tell};
}
