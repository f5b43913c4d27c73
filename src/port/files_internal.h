#ifndef DT_FILES_INTERNAL_H
#define DT_FILES_INTERNAL_H

#include <sndfile.h>

#include "dt/file.h"
#include "dt/smf.h"
#include "virtual_internal.h"

/* MIDI that comes in, by its frame. */
typedef struct dt__score {
  dt_smf smf;
  int rate_hz;
  size_t next;
} dt__score;

/* MIDI that went out, and where it shall be kept. */
typedef struct dt__notes {
  char* path; /* NULL: nowhere */
  size_t path_size;
  int rate_hz;
  dt_midi_event* events; /* ticks are frames until it is written */
  size_t count;
  size_t capacity;
} dt__notes;

struct dt__files {
  dt_allocator allocator;
  bool has_allocator;
  SNDFILE* sound_in;
  dt_frame in_length_frames;
  dt_frame in_at;
  int in_channels;
  SNDFILE* sound_out;
  dt_outfile sound_out_file;
  dt_frame out_at;
  int out_channels;
  float* interleaved; /* a period of the wider side */
  size_t interleaved_size;
  int period_frames;
  dt__score score;
  dt__notes notes;
  dt_error first; /* what went wrong first while running */
};

const dt_allocator* dt__files_allocator(const dt__files* files);

dt_status dt__score_open(dt__score* score, const dt_allocator* allocator, const char* path,
                         int rate_hz, dt_error* err);
dt_frame dt__score_length(const dt__score* score);
void dt__score_read(dt__score* score, dt_frame at, int frame_count, dt_port_midi_list* midi);

dt_status dt__notes_open(dt__notes* notes, const dt_allocator* allocator, const char* path,
                         int rate_hz, dt_error* err);
dt_status dt__notes_add(dt__notes* notes, const dt_allocator* allocator, dt_frame at,
                        const dt_port_midi_list* midi);
dt_status dt__notes_finish(dt__notes* notes, const dt_allocator* allocator, dt_frame length_frames,
                           dt_error* err);
void dt__notes_close(dt__notes* notes, const dt_allocator* allocator);

#endif
