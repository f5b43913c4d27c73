#include <string.h>

#include "midi_stream.h"

#include "dt/rt_poison.h" /* last: see there */

static int data_bytes(uint8_t status) {
  if (status >= 0xF0)
    return status == 0xF2 ? 2 : status == 0xF1 || status == 0xF3 ? 1 : 0;
  return (status & 0xE0) == 0xC0 ? 1 : 2;
}

static int finish(dt__midi_stream* stream, uint8_t message[3]) {
  const int size = stream->count + 1;
  message[0] = stream->status;
  memcpy(message + 1, stream->data, (size_t)stream->count);
  stream->count = 0;
  if (stream->status >= 0xF0)
    stream->status = 0; /* only channel messages run on */
  return size;
}

static int take_status(dt__midi_stream* stream, uint8_t byte, uint8_t message[3]) {
  if (byte >= 0xF8) { /* real time: stands anywhere, and interrupts nothing */
    message[0] = byte;
    return 1;
  }
  stream->count = 0;
  const bool was_sysex = stream->is_sysex;
  stream->is_sysex = byte == 0xF0;
  stream->sysex_count += byte == 0xF0;
  if (byte == 0xF7 && !was_sysex)
    ++stream->damaged_count;
  if (byte == 0xF0 || byte == 0xF7 || byte == 0xF4 || byte == 0xF5) {
    stream->status = 0;
    return 0;
  }
  stream->status = byte;
  return data_bytes(byte) == 0 ? finish(stream, message) : 0;
}

int dt__midi_stream_take(dt__midi_stream* stream, uint8_t byte, uint8_t message[3]) {
  if (byte >= 0x80)
    return take_status(stream, byte, message);
  if (stream->is_sysex)
    return 0;
  if (stream->status == 0) {
    ++stream->damaged_count;
    return 0;
  }
  stream->data[stream->count++] = byte;
  return stream->count == data_bytes(stream->status) ? finish(stream, message) : 0;
}
