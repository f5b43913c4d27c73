#ifndef DT_SMF_TRACK_H
#define DT_SMF_TRACK_H

#include "smf_internal.h"

/* One walk over the file's bytes. The first walk counts and checks, the second one stores: so
 * memory is asked for by what the file holds, never by what its header says. */
typedef struct dt__smf_reader {
  const unsigned char* bytes;
  size_t at;
  size_t end; /* of what is being read: the file, or one track */
  size_t size;
  int tracks;
  bool is_smpte;
  dt_midi_event* events; /* NULL while counting */
  size_t event_count;
  dt__smf_change* changes; /* NULL while counting */
  size_t change_count;
  dt_smf_text* texts; /* NULL while counting */
  size_t text_count;
  char* text_bytes;
  size_t text_size;
  dt_tick end_tick;
  dt_error* err;
} dt__smf_reader;

/* Fails: the data ends, at in->at, inside something. */
dt_status dt__smf_cut(dt__smf_reader* in, const char* inside);

/* The number in `count` bytes, most significant first. */
uint32_t dt__smf_big_endian(const unsigned char* bytes, int count);

/* The events from in->at to in->end, or to the end-of-track. */
dt_status dt__smf_read_track(dt__smf_reader* in, int track);

#endif
