#include "song.h"

#include <math.h>

#include "dt/arena.h"
#include "dt/band.h"
#include "dt/meter.h"
#include "song_strokes.h"

static bool is_played(const dt_part* part) {
  for (size_t i = 0; i < part->map.tempo_count; i++) {
    const double bpm = 60e6 / part->map.tempi[i].us_per_quarter;
    if (!(bpm >= DT_BAND_BPM_MIN && bpm <= DT_BAND_BPM_MAX))
      return false;
  }
  return part->bar_count >= 1 && part->bar_count <= DT_CHART_PLAYED_MAX && part->end > 0;
}

static dt_band_song* lay_out(dt_arena* arena, dt_band_song* measured) {
  dt_band_song* block = dt_arena_take(arena, 1, sizeof *block);
  dt_band_song* song = block ? block : measured;
  if (block)
    *block = *measured;
  song->bars = dt_arena_take(arena, (size_t)song->bar_count + 1, sizeof *song->bars);
  song->strokes = dt_arena_take(arena, song->stroke_count, sizeof *song->strokes);
  song->tempi = dt_arena_take(arena, song->tempo_count, sizeof *song->tempi);
  return block;
}

static void fill_tempi(dt_band_song* song, const dt_part* part) {
  if (part->map.tempo_count == 0)
    song->tempi[0] = (dt__song_tempo){0, dt__nano_bpm(120)};
  for (size_t i = 0; i < part->map.tempo_count; i++) {
    const dt_tempo_change* t = &part->map.tempi[i];
    song->tempi[i] =
        (dt__song_tempo){dt__place_of(t->tick), dt__nano_bpm(60e6 / t->us_per_quarter)};
  }
}

static void fill_bars(dt_band_song* song, const dt_part* part) {
  size_t stroke = 0;
  size_t tempo = 0;
  for (int b = 0; b <= song->bar_count; b++) {
    const bool end = b == song->bar_count;
    const dt_part_bar* bar = &part->bars[end ? b - 1 : b];
    const dt__place place = dt__place_of(end ? bar->tick + bar->length : bar->tick);
    while (stroke < song->stroke_count && song->strokes[stroke].place < place)
      stroke++;
    while (tempo < song->tempo_count && song->tempi[tempo].place <= place)
      tempo++;
    song->bars[b] = (dt__song_bar){place, bar->meter, stroke, tempo};
  }
}

dt_status dt_band_song_new(dt_band_song** song, const dt_allocator* allocator,
                           const dt_part* part) {
  *song = NULL;
  if (!is_played(part))
    return DT_BAD_ARGUMENT;
  dt_band_song plan = {.has_allocator = allocator != NULL, .bar_count = (int)part->bar_count};
  if (allocator)
    plan.allocator = *allocator;
  plan.tempo_count = part->map.tempo_count > 0 ? part->map.tempo_count : 1;
  plan.stroke_count = dt__song_strokes(part, NULL, DT_BAND_SONG_STROKES_MAX);
  if (plan.stroke_count > DT_BAND_SONG_STROKES_MAX)
    return DT_TOO_LARGE;
  dt_arena arena = dt_arena_measure();
  (void)lay_out(&arena, &plan);
  plan.block_size = arena.used;
  void* block = dt_alloc(allocator, plan.block_size);
  if (!block)
    return DT_NO_MEMORY;
  arena = dt_arena_over(block, plan.block_size);
  dt_band_song* made = lay_out(&arena, &plan);
  (void)dt__song_strokes(part, made->strokes, made->stroke_count);
  fill_tempi(made, part);
  fill_bars(made, part);
  *song = made;
  return DT_OK;
}

void dt_band_song_free(dt_band_song* song) {
  if (!song)
    return;
  const dt_allocator allocator = song->allocator;
  dt_release(song->has_allocator ? &allocator : NULL, song, song->block_size);
}

int dt_band_song_bars(const dt_band_song* song) {
  return song->bar_count;
}

size_t dt_band_song_strokes(const dt_band_song* song) {
  return song->stroke_count;
}

double dt_band_song_bpm(const dt_band_song* song) {
  return (double)song->tempi[0].nano_bpm / DT__NANO;
}
