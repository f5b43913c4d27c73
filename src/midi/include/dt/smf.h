#ifndef DT_SMF_H
#define DT_SMF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/error.h"
#include "dt/sink.h"
#include "dt/tempo.h"

/*
 * Standard MIDI Files 1.0 (MIDI Manufacturers Association, RP-001), bytes in, events out and back.
 *
 * Reads format 0 and 1, running status, any division (ticks per quarter or SMPTE), tempo and metre
 * maps, texts (names, lyrics, markers), and skips what neither a take nor a chart needs (sysex, key
 * signatures ...). Unknown chunks are skipped, as the standard asks. The result owns its memory;
 * release with dt_smf_clear.
 *
 * Forgiven, because nothing is lost by it: a track without end-of-track, running status across
 * sysex and meta events, data after the last announced track. All else that breaks the standard is
 * refused with the byte where it stands.
 *
 * Limits: 64 MiB, 2^40 ticks, 24 hours of music. Time is linear in the size (n log n where the
 * tracks of a format 1 file are merged), memory at most 16 times the size.
 */
typedef struct dt_midi_event {
  dt_tick tick;   /* from the start, in the file's own ticks */
  double time_s;  /* the same moment in seconds, through the tempo map */
  uint16_t track; /* 0.. */
  uint8_t status; /* 0x80..0xEF, channel in the low nibble */
  uint8_t data1;  /* 0..127 */
  uint8_t data2;  /* 0..127; 0 where the message has one data byte */
} dt_midi_event;

/* A meta event of text kind (types 0x01..0x0F). */
typedef enum dt_smf_text_type {
  DT_SMF_TEXT = 0x01,
  DT_SMF_COPYRIGHT = 0x02,
  DT_SMF_TRACK_NAME = 0x03,
  DT_SMF_INSTRUMENT = 0x04,
  DT_SMF_LYRIC = 0x05,
  DT_SMF_MARKER = 0x06,
  DT_SMF_CUE = 0x07
} dt_smf_text_type;

typedef struct dt_smf_text {
  dt_tick tick;
  const char* bytes; /* `size` of them, 1..2^28 - 1, in no known encoding, no NUL after them */
  uint32_t size;
  uint16_t track;
  uint8_t type; /* dt_smf_text_type, or any other of 0x01..0x0F */
} dt_smf_text;

typedef struct dt_smf {
  int format;     /* 0 or 1 */
  bool has_tempo; /* the file itself sets a tempo (else the standard's 120 bpm holds);
                   * false with is_smpte */
  bool has_meter; /* the file itself sets a metre */
  bool is_smpte;  /* division counts frames of a second; the tempo map is then nominal: one
                   * quarter a second (1.001 s at 29.97 frames a second) */
  double seconds_per_tick_max; /* longest tick, s: the time resolution of the file */
  dt_tempo_map map;
  dt_midi_event* events; /* sorted by tick, then track, then order in the file */
  size_t event_count;
  dt_smf_text* texts; /* sorted as the events are; empty texts are left out */
  size_t text_count;
  char* text_bytes; /* what the texts point into: one block of text_size */
  size_t text_size;
  double duration_s; /* time of the last end-of-track */
} dt_smf;

/* Parses a whole file in memory. Errors, with "Byte N: ..." in err: DT_BAD_DATA (not a MIDI file,
 * or cut or damaged), DT_UNSUPPORTED (format 2), DT_TOO_LARGE (a limit above), DT_NO_MEMORY. On
 * failure *smf is empty. Any thread. */
dt_status dt_smf_parse(dt_smf* smf, const dt_allocator* allocator, const void* bytes, size_t size,
                       dt_error* err) DT_NODISCARD;

/* Writes a format-0 file (smf->format is ignored) with the map's tempi and metres, the texts and
 * the events (both must be sorted by tick; time_s and track are ignored). At one tick metre and
 * tempo come first, then texts, then events. The division is map.ticks_per_quarter; tempi are
 * rounded to whole microseconds a quarter, as the format holds them. The end-of-track stands at
 * duration_s, or at the last event or change where that is later. Errors: the sink's;
 * DT_BAD_ARGUMENT for events and texts that are unsorted or out of range, a tempo above 2^24 us a
 * quarter, or more than 2^40 ticks. */
dt_status dt_smf_write(const dt_smf* smf, dt_sink sink) DT_NODISCARD;

void dt_smf_clear(dt_smf* smf, const dt_allocator* allocator);

#endif
