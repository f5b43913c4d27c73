#ifndef DT_SINK_H
#define DT_SINK_H

#include <stddef.h>

#include "dt/alloc.h"
#include "dt/status.h"

/*
 * Where bytes go. Writers below the line know no files; io/ has a sink over a FILE, and this
 * header one over memory.
 */
typedef struct dt_sink {
  /* Takes size bytes; DT_OK, or DT_IO / DT_NO_MEMORY when it could not. */
  dt_status (*write)(void* ctx, const void* bytes, size_t size);
  void* ctx;
} dt_sink;

/* A growing byte buffer. Zero-initialise (allocator NULL = system). */
typedef struct dt_buffer {
  unsigned char* bytes;
  size_t size;
  size_t capacity;
  const dt_allocator* allocator;
} dt_buffer;

/* A sink that appends to buffer, which must outlive it. */
dt_sink dt_buffer_sink(dt_buffer* buffer);

/* Gives back the buffer's memory and empties it; the allocator stays. */
void dt_buffer_clear(dt_buffer* buffer);

/* All size bytes or an error (a buffer then is as it was). Errors: DT_IO, DT_NO_MEMORY. */
dt_status dt_sink_write(dt_sink sink, const void* bytes, size_t size) DT_NODISCARD;

/* Formatted text, at most 1023 bytes a call (more is cut). */
dt_status dt_sink_printf(dt_sink sink, const char* format, ...) DT_PRINTF(2, 3) DT_NODISCARD;

#endif
