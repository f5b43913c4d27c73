#ifndef DT_MIDI_MARKS_H
#define DT_MIDI_MARKS_H

#include "midi_internal.h"

/* The reading of one file. */
typedef struct dt__midi_reader {
  dt_chart* chart;
  const dt_allocator* allocator;
  const dt_smf* smf;
  dt_error* err;
  double scale; /* ticks of a chart in one of the file */
  bool is_ours; /* the file has our head: nothing needs to be inferred */
  dt__midi_hit* hits;
  size_t hit_count;
  size_t hit_room;
} dt__midi_reader;

/* Names, and in a file of ours (then true) swing, step and bars. */
bool dt__midi_read_head(dt__midi_reader* in);

/* `note ...`: names the hit of its tick. Hits straight and in order of time. */
void dt__midi_read_note_texts(dt__midi_reader* in);

/* `tempo us=...` Errors: DT_NO_MEMORY. */
dt_status dt__midi_read_tempo_texts(dt__midi_reader* in);

/* Markers: sections and fills. Errors: DT_NO_MEMORY. */
dt_status dt__midi_read_spans(dt__midi_reader* in);

/* Lyrics of R, L, K, H: the hands of a finished chart's notes. */
void dt__midi_read_hands(dt__midi_reader* in);

#endif
