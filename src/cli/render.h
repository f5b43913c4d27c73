#ifndef DT_RENDER_H
#define DT_RENDER_H

#include "dt/stroke.h"
#include "dt/synthkit.h"

/* Strokes (sorted by time) through the kit, block after block. Only what sounds is visited. */
typedef struct dt__render {
  const dt_synthkit* kit;
  const dt_stroke* strokes;
  size_t count;
  int rate_hz;
  size_t first; /* strokes before it have faded; a position before the last block resets it */
  dt_frame last_position;
} dt__render;

dt__render dt__render_new(const dt_synthkit* kit, int rate_hz, const dt_stroke* strokes,
                          size_t count);

/* Overwrites samples with frame_count frames of sound from `position` on. */
void dt__render_block(dt__render* render, float* samples, size_t frame_count, dt_frame position);

/* Where the last stroke has faded. */
dt_frame dt__render_length(const dt__render* render);

#endif
