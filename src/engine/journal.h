#ifndef DT_JOURNAL_H
#define DT_JOURNAL_H

#include "dt/session.h"

/*
 * A session on disk: plan.txt, chart-N.txt, past.txt, session.txt and, with a map of the player's
 * own, kit.txt, with a line to play along with band.mid, say what it began with;
 * sound.flac (24 bit, what the ear was given), events.txt (MIDI, keys, gaps) and decisions.txt grow
 * while it goes on, and are on the disk at least twice a second.
 */
typedef struct dt__journal dt__journal;

/* What a session begins with, apart from plan, charts and history. */
typedef struct dt__journal_head {
  int rate_hz;
  bool sound;
  double jitter_s;
  dt_frame latency_frames;
  uint64_t seed;
  int64_t today;
  bool no_rest;
  char kit[32];
  const char* kit_map; /* text, kept as kit.txt; NULL: none */
  size_t kit_map_size;
  dt_leader_sync sync;
  bool has_band;         /* there is a band.mid: no decision depends on it but its level */
  const char* band_file; /* its bytes, when it is written */
  size_t band_file_size;
} dt__journal_head;

/* What dt__journal_new wrote as session.txt; false: it is none. has_kit_map: there is a kit.txt. */
bool dt__journal_head_parse(const char* text, dt__journal_head* head, bool* has_kit_map);

dt_status dt__journal_new(dt__journal** journal, const dt_allocator* allocator, const char* folder,
                          const dt__journal_head* head, const dt_leader_config* leader,
                          dt_error* err);

/* Each returns false once the disk took no more; the first such sentence is kept. */
bool dt__journal_sound(dt__journal* journal, const float* mono, int frames);
bool dt__journal_midi(dt__journal* journal, dt_frame at, const uint8_t* bytes, int size);
bool dt__journal_key(dt__journal* journal, dt_frame at, dt_leader_key key);
bool dt__journal_gap(dt__journal* journal, dt_frame at, dt_frame frames);
bool dt__journal_transport(dt__journal* journal, dt_frame at, bool is_rolling, dt_frame frame,
                           double bpm);
bool dt__journal_decision(dt__journal* journal, const char* text);
bool dt__journal_flush(dt__journal* journal, dt_frame heard);

/* The sentence of what went wrong; "" while all is well. */
const char* dt__journal_trouble(const dt__journal* journal);

/* Completes the files. heard: everything before it was decided. */
void dt__journal_free(dt__journal* journal, dt_frame heard);

#endif
