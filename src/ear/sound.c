#include "sound.h"

#include <math.h>
#include <string.h>

#include "refine.h"

#include "dt/rt_poison.h" /* last: see there */

#define RING_S 0.32

static size_t power_of_two(size_t least) {
  size_t n = 1;
  while (n < least)
    n *= 2;
  return n;
}

void dt__sound_layout(dt__sound* sound, dt_arena* arena, int rate_hz) {
  sound->rate_hz = rate_hz;
  sound->mask = power_of_two((size_t)(RING_S * rate_hz)) - 1;
  sound->window_size = (size_t)((DT__REFINE_BEFORE_S + DT__REFINE_AFTER_S) * rate_hz) + 2;
  sound->ring = dt_arena_take(arena, sound->mask + 1, sizeof *sound->ring);
  sound->window = dt_arena_take(arena, sound->window_size, sizeof *sound->window);
}

void dt__sound_reset(dt__sound* sound) {
  sound->count = 0;
  memset(sound->ring, 0, (sound->mask + 1) * sizeof *sound->ring);
}

void dt__sound_add(dt__sound* sound, const float* samples, size_t count) {
  for (size_t n = 0; n < count; n++)
    sound->ring[(size_t)(sound->count + (int64_t)n) & sound->mask] = samples[n];
  sound->count += (int64_t)count;
}

/* Copies the sound around a moment, but none from `until` on; where the copy begins. */
static int64_t look_at(dt__sound* sound, int64_t near, int64_t until, size_t* count) {
  int64_t first = near - (int64_t)(DT__REFINE_BEFORE_S * sound->rate_hz);
  size_t n = 0;
  for (; n < sound->window_size && first + (int64_t)n < until; n++) {
    int64_t at = first + (int64_t)n;
    sound->window[n] = at < 0 ? 0 : sound->ring[(size_t)at & sound->mask];
  }
  *count = n;
  return first;
}

double dt__sound_attack(dt__sound* sound, double near_s, int64_t until) {
  int64_t near = (int64_t)(near_s * sound->rate_hz);
  size_t count = 0;
  int64_t first = look_at(sound, near, until, &count);
  double onset = dt__refine(sound->window, count, (size_t)(near - first), sound->rate_hz);
  return fmax(0, (onset + (double)first) / sound->rate_hz);
}

double dt__sound_second(dt__sound* sound, double other_s, double near_s, int64_t until) {
  int64_t near = (int64_t)(near_s * sound->rate_hz);
  size_t count = 0;
  int64_t first = look_at(sound, near, until, &count);
  int64_t other = (int64_t)(other_s * sound->rate_hz) - first;
  double onset = dt__refine_second(sound->window, count, other > 0 ? (size_t)other : 0,
                                   (size_t)(near - first), sound->rate_hz);
  return fmax(0, (onset + (double)first) / sound->rate_hz);
}
