#ifndef DT_TEST_SMF_BYTES_H
#define DT_TEST_SMF_BYTES_H

/* MIDI files byte by byte, for the tests of the reader. */

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "dt/smf.h"

typedef struct smf_bytes {
  unsigned char bytes[4096];
  size_t size;
  size_t track; /* where the open track's length stands */
} smf_bytes;

static inline void put_bytes(smf_bytes* out, const void* bytes, size_t size) {
  assert(out->size + size <= sizeof out->bytes);
  memcpy(out->bytes + out->size, bytes, size);
  out->size += size;
}

#define PUT(out, ...)                                                                              \
  put_bytes(out, (const unsigned char[]){__VA_ARGS__}, sizeof((const unsigned char[]){__VA_ARGS__}))

static inline smf_bytes smf_head(int format, int tracks, int division) {
  smf_bytes out = {.size = 0};
  PUT(&out, 'M', 'T', 'h', 'd', 0, 0, 0, 6, 0, (unsigned char)format, 0, (unsigned char)tracks,
      (unsigned char)(division >> 8), (unsigned char)division);
  return out;
}

static inline void begin_track(smf_bytes* out) {
  PUT(out, 'M', 'T', 'r', 'k', 0, 0, 0, 0);
  out->track = out->size;
}

static inline void end_chunk(smf_bytes* out) {
  const size_t length = out->size - out->track;
  out->bytes[out->track - 2] = (unsigned char)(length >> 8);
  out->bytes[out->track - 1] = (unsigned char)length;
}

/* End-of-track after delta < 128 ticks. */
static inline void end_track(smf_bytes* out, int delta) {
  PUT(out, (unsigned char)delta, 0xFF, 0x2F, 0);
  end_chunk(out);
}

#endif
