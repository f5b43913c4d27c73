#ifndef DT_MIDI_STREAM_H
#define DT_MIDI_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "dt/attr.h"

/* The bytes of a MIDI cable as messages (MIDI 1.0 Detailed Specification): running status is
 * filled in, real-time messages may stand between any two bytes, sysex is skipped and counted.
 * Zero-initialise. */
typedef struct dt__midi_stream {
  uint8_t status; /* 0: none is running */
  uint8_t data[2];
  int count;
  bool is_sysex;
  uint64_t sysex_count;
  uint64_t damaged_count; /* bytes that belong to no message */
} dt__midi_stream;

/* The size of the message that byte completes, and the message; 0: none yet. */
int dt__midi_stream_take(dt__midi_stream* stream, uint8_t byte, uint8_t message[3]) DT_NONBLOCKING;

#endif
