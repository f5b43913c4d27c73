#include "render.h"

#include <math.h>
#include <string.h>

dt__render dt__render_new(const dt_synthkit* kit, int rate_hz, const dt_stroke* strokes,
                          size_t count) {
  return (dt__render){.kit = kit, .strokes = strokes, .count = count, .rate_hz = rate_hz};
}

static dt_frame start_of(const dt__render* render, size_t index) {
  return (dt_frame)floor(render->strokes[index].time_s * render->rate_hz);
}

/* One frame more than it rings, for the fraction of a frame that the start was rounded down. */
static dt_frame end_of(const dt__render* render, size_t index) {
  return start_of(render, index) + dt_synthkit_length(render->kit, render->strokes[index].drum) + 1;
}

void dt__render_block(dt__render* render, float* samples, size_t frame_count, dt_frame position) {
  memset(samples, 0, frame_count * sizeof *samples);
  dt_frame block_end = position + (dt_frame)frame_count;
  if (position < render->last_position)
    render->first = 0;
  render->last_position = position;
  while (render->first < render->count && end_of(render, render->first) <= position)
    render->first++;
  for (size_t i = render->first; i < render->count && start_of(render, i) < block_end; i++)
    if (end_of(render, i) > position)
      dt_synthkit_add(render->kit, &render->strokes[i], samples, frame_count, position);
}

dt_frame dt__render_length(const dt__render* render) {
  dt_frame length = 0;
  for (size_t i = 0; i < render->count; i++) {
    dt_frame end = end_of(render, i);
    length = end > length ? end : length;
  }
  return length;
}
