#include "dt/sink.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static dt_status reserve(dt_buffer* buffer, size_t more) {
  if (more <= buffer->capacity - buffer->size)
    return DT_OK;
  if (more > SIZE_MAX / 2 - buffer->size)
    return DT_NO_MEMORY;
  size_t capacity = buffer->capacity == 0 ? 256 : buffer->capacity;
  while (capacity - buffer->size < more)
    capacity *= 2;
  unsigned char* bytes = dt_resize(buffer->allocator, buffer->bytes, buffer->capacity, capacity);
  if (bytes == NULL)
    return DT_NO_MEMORY;
  buffer->bytes = bytes;
  buffer->capacity = capacity;
  return DT_OK;
}

static dt_status buffer_write(void* ctx, const void* bytes, size_t size) {
  dt_buffer* buffer = ctx;
  const dt_status status = reserve(buffer, size);
  if (status != DT_OK)
    return status;
  memcpy(buffer->bytes + buffer->size, bytes, size);
  buffer->size += size;
  return DT_OK;
}

dt_sink dt_buffer_sink(dt_buffer* buffer) {
  return (dt_sink){buffer_write, buffer};
}

void dt_buffer_clear(dt_buffer* buffer) {
  dt_release(buffer->allocator, buffer->bytes, buffer->capacity);
  *buffer = (dt_buffer){.allocator = buffer->allocator};
}

dt_status dt_sink_write(dt_sink sink, const void* bytes, size_t size) {
  return size == 0 ? DT_OK : sink.write(sink.ctx, bytes, size);
}

dt_status dt_sink_printf(dt_sink sink, const char* format, ...) {
  char text[1024];
  va_list args;
  va_start(args, format);
  const int length = vsnprintf(text, sizeof text, format, args);
  va_end(args);
  if (length < 0)
    return DT_IO;
  const size_t size = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
  return dt_sink_write(sink, text, size);
}
