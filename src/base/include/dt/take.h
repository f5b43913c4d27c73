#ifndef DT_TAKE_H
#define DT_TAKE_H

#include <stdbool.h>

#include "dt/stroke.h"
#include "dt/tempo.h"

typedef enum dt_take_source { DT_TAKE_MIDI, DT_TAKE_SOUND } dt_take_source;

/*
 * The strokes of one performance and its context, whatever they came from. Zero-initialise;
 * release with dt_take_clear.
 */
typedef struct dt_take {
  dt_strokes strokes; /* sorted by dt_strokes_sort */
  dt_take_source source;
  double duration_s;     /* length of the file, >= the last stroke */
  bool has_click;        /* the file says where the click was: `click` is valid, time 0 = tick 0 */
  dt_tempo_map click;    /* valid when has_click */
  double clock_jitter_s; /* SD that the instrument itself adds to every time_s (MIDI tick, ear) */
  double clock_bias_s;   /* mean error of time_s that was already subtracted from every stroke */
  double latency_s;      /* round trip of the device, already subtracted from every time_s of a live
                            take; 0: none was */
  size_t ignored_notes;  /* MIDI notes that the kit's map does not name (kept as DT_DRUM_OTHER) */
} dt_take;

void dt_take_clear(dt_take* take, const dt_allocator* allocator);

#endif
