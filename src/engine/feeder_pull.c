#include <math.h>

#include "feeder_internal.h"

#include "dt/rt_poison.h"

#define FADE    0.985F /* a frame: a step is a tenth of itself after 3 ms at 48 kHz */
#define NOTHING 1e-6F

static bool is_void(const dt__feeder* f, const dt__chunk* c, int64_t number, dt_frame at,
                    uint64_t generation) {
  if (c->generation != generation)
    return true;
  if (number < 0) /* between takes: what is left of the last one */
    return c->number <= f->pulled.played;
  return c->number < number || (c->number == number && c->at + DT__LANE_BLOCK <= at);
}

/* The chunk with this frame, if it is there. Work is bounded by the ring. */
static const dt__chunk* chunk_at(dt__feeder* f, int64_t number, dt_frame at, uint64_t generation) {
  dt__pulled* p = &f->pulled;
  for (;;) {
    if (!p->has_chunk && !dt_ring_read(f->ring, &p->chunk))
      return NULL;
    p->has_chunk = true;
    if (!is_void(f, &p->chunk, number, at, generation))
      break;
    p->has_chunk = false;
  }
  return number >= 0 && p->chunk.number == number && p->chunk.at <= at ? &p->chunk : NULL;
}

static void count_missing(dt__feeder* f, bool is_missing) {
  if (is_missing && !f->pulled.is_missing)
    atomic_fetch_add_explicit(&f->underruns, 1, memory_order_relaxed);
  if (is_missing)
    atomic_fetch_add_explicit(&f->underrun_frames, 1, memory_order_relaxed);
  f->pulled.is_missing = is_missing;
}

/* Where the sound is cut, or goes on elsewhere, the step is carried over and fades: nothing clicks.
 * The beginning of a take is no step: its first note is as it is. */
void dt__feeder_pull(void* context, int64_t number, dt_frame at, float* samples, size_t count) {
  dt__feeder* f = context;
  dt__pulled* p = &f->pulled;
  const uint64_t generation = atomic_load_explicit(&f->generation, memory_order_acquire);
  for (size_t i = 0; i < count; i++) {
    const dt_frame frame = at + (dt_frame)i;
    const dt__chunk* chunk = chunk_at(f, number, frame, generation);
    const float sample = chunk ? chunk->samples[frame - chunk->at] : 0;
    const bool is_missing = number >= 0 && !chunk;
    const bool is_other = number != p->number;
    if (is_other && number >= 0)
      p->rest = p->last;
    else if (is_other || frame != p->next || generation != p->generation ||
             is_missing != p->is_missing)
      p->rest = p->last - sample;
    count_missing(f, is_missing);
    p->last = sample + p->rest;
    p->rest = fabsf(p->rest) < NOTHING ? 0 : p->rest * FADE;
    samples[i] = p->last;
    p->number = number;
    p->played = number >= 0 ? number : p->played;
    p->next = frame + 1;
    p->generation = generation;
  }
}
