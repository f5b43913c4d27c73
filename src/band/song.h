#ifndef DT_BAND_SONG_INTERNAL_H
#define DT_BAND_SONG_INTERNAL_H

#include "dt/band_song.h"
#include "place.h"

/* A stroke of the song; places count from the song's first bar. */
typedef struct dt__song_stroke {
  dt__place place;
  dt_drum drum;
  float velocity;
} dt__song_stroke;

typedef struct dt__song_tempo {
  dt__place place;
  int64_t nano_bpm;
} dt__song_tempo;

/* Strokes and tempi of bar b: from its own index to that of b + 1. */
typedef struct dt__song_bar {
  dt__place place;
  dt_meter meter;
  size_t stroke; /* the first at or after its line */
  size_t tempo;  /* the first after its line */
} dt__song_bar;

struct dt_band_song {
  dt_allocator allocator;
  bool has_allocator;
  size_t block_size;
  int bar_count;
  size_t stroke_count;
  size_t tempo_count;
  dt__song_bar* bars; /* one more than bar_count: the end */
  dt__song_stroke* strokes;
  dt__song_tempo* tempi; /* >= 1, the first at place 0 */
};

#endif
