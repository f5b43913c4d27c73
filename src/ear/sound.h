#ifndef DT_EAR_SOUND_H
#define DT_EAR_SOUND_H

#include <stddef.h>
#include <stdint.h>

#include "dt/arena.h"
#include "dt/attr.h"

/*
 * The last third of a second, and where in it a stroke begins. Places are samples from the start.
 */
typedef struct dt__sound {
  int rate_hz;
  float* ring;
  size_t mask;
  int64_t count; /* samples since the start; before it there was silence */
  float* window; /* copy of the sound around a stroke */
  size_t window_size;
} dt__sound;

void dt__sound_layout(dt__sound* sound, dt_arena* arena, int rate_hz);
void dt__sound_reset(dt__sound* sound) DT_NONBLOCKING;
void dt__sound_add(dt__sound* sound, const float* samples, size_t count) DT_NONBLOCKING;

/* Attack near a moment (seconds from the start), by the waveform up to sample `until`. Seconds from
 * the start, not below 0. */
double dt__sound_attack(dt__sound* sound, double near_s, int64_t until) DT_NONBLOCKING;

/* The same for a stroke a few milliseconds after another one at other_s. */
double dt__sound_second(dt__sound* sound, double other_s, double near_s,
                        int64_t until) DT_NONBLOCKING;

#endif
