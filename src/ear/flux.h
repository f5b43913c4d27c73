#ifndef DT_EAR_FLUX_H
#define DT_EAR_FLUX_H

#include <stdbool.h>
#include <stdint.h>

#include "dt/arena.h"
#include "dt/attr.h"
#include "dt/bank.h"

/*
 * Multi-band log-energy flux: the energy of each band in frames of a millisecond, and how much
 * it rises at each frame.
 *
 * Frame f of band b is read later by the band's own delay, so that a stroke rises in all bands at
 * the same frame.
 */
#define DT__FRAMES    512 /* frames remembered, a power of two */
#define DT__HOP_MAX   192 /* samples in a frame at the highest rate */
#define DT__DELAY_MAX 9   /* longest band delay, frames */
#define DT__AFTER     5   /* frames after the rise that are compared with ... */
#define DT__BEFORE    9   /* ... so many before it, ... */
#define DT__GAP       1   /* ... less those in between */

/* A rise at frame f is known when frame f + DT__FLUX_AHEAD is complete. */
#define DT__FLUX_AHEAD (DT__AFTER + DT__DELAY_MAX)

typedef struct dt__flux {
  dt_bank bank;
  int hop_frames;    /* samples in a frame */
  double frame_s;    /* seconds in a frame */
  int fill;          /* samples in the open frame */
  float last_sample; /* pre-emphasis */
  float emphasis;    /* gain that makes levels the same at every rate */
  int delay[DT_BANK_BANDS];
  float open[DT__HOP_MAX];        /* pre-emphasised samples of the open frame */
  float floor[DT_BANK_BANDS];     /* energy that counts as nothing */
  float (*energy)[DT_BANK_BANDS]; /* ring of complete frames, mean |z|^2 */
  float (*after)[DT_BANK_BANDS];  /* ring: mean energy of the DT__AFTER frames that end here */
  float (*before)[DT_BANK_BANDS]; /* ring: of the DT__BEFORE frames */
  float (*loud)[DT_BANK_BANDS];   /* ring: each band's slowly forgotten peak */
  float* novelty;                 /* ring: summed rise, valid up to frames - 1 - DT__FLUX_AHEAD */
  int64_t frames;                 /* complete frames since the start */
} dt__flux;

void dt__flux_layout(dt__flux* flux, dt_arena* arena);
void dt__flux_init(dt__flux* flux, int rate_hz);
void dt__flux_reset(dt__flux* flux) DT_NONBLOCKING;

/* Takes count samples that do not reach past the end of the open frame (hop_frames - fill are
 * left of it); true when the frame is complete with them. */
bool dt__flux_add(dt__flux* flux, const float* samples, size_t count) DT_NONBLOCKING;

/* Mean energy of band b over frames first..last, delay compensated; frames out of reach count as
 * silence. */
float dt__flux_mean(const dt__flux* flux, int band, int64_t first, int64_t last) DT_NONBLOCKING;

static inline float dt__novelty(const dt__flux* flux, int64_t frame) {
  return frame < 0 ? 0 : flux->novelty[frame & (DT__FRAMES - 1)];
}

#endif
