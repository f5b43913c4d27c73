#ifndef DT_EAR_FRONT_H
#define DT_EAR_FRONT_H

#include <stddef.h>

#include "dt/arena.h"
#include "dt/attr.h"
#include "dt/fft.h"

/*
 * What the network sees: every 10 ms the level of the sound in bands, from one long view (46 ms,
 * fine in frequency) and two short ones (11.6 ms, an early and a late one, fine in time).
 *
 * Frame n = 0, 1, ... ends before sample E_n = 441 (n + 1), counted from the start; what lies
 * before the start is silence. Views are windowed (periodic Hann w) and their power is
 * |rfft(w x)|^2 (2 / sum w)^2: a sine of amplitude 1 gives about 1. Bands are triangles, evenly
 * spaced in mel = 2595 log10(1 + f / 700 Hz), that overlap by half; a band's value is the weighted
 * sum of power, and its feature (10 log10(value + 1e-9) + 60) / 30. train/front.py computes the
 * same.
 *
 *   0..71     long view, 2,048 samples up to E_n, 72 bands of 20 Hz to 16 kHz
 *   72..95    early view, 512 samples up to E_n - 220, 24 bands of 40 Hz to 16 kHz
 *   96..119   late view, 512 samples up to E_n, the same bands
 *
 * The same bits for any split of the sound into blocks.
 */
#define DT__FRONT_RATE_HZ     44100
#define DT__FRONT_HOP         441
#define DT__FRONT_LONG        2048
#define DT__FRONT_SHORT       512
#define DT__FRONT_EARLY       220 /* samples from the end of the early view to that of the late one */
#define DT__FRONT_LONG_BANDS  72
#define DT__FRONT_SHORT_BANDS 24
#define DT__FRONT_SIZE        (DT__FRONT_LONG_BANDS + 2 * DT__FRONT_SHORT_BANDS)

/* A sample of this size (no larger may come) or less is dealt with exactly as above. */
#define DT__FRONT_LOUDEST 1e4f

/* Triangles over the bins of a spectrum, each from a first bin on in whole vectors. */
typedef struct dt__triangles {
  int count;
  int* first;     /* first bin of each band */
  int* vectors;   /* and how many vectors of bins it has */
  float* weights; /* theirs, band after band */
} dt__triangles;

typedef struct dt__front {
  dt_fft long_fft;
  dt_fft short_fft;
  float* long_window;
  float* short_window;
  dt__triangles long_bands;
  dt__triangles short_bands;
  float* power[2];
  float* sound;   /* the last samples, oldest first */
  size_t end;     /* how many there are */
  size_t pending; /* of them, since the last frame */
} dt__front;

/* Takes the memory; init fills the tables and resets. No other memory is ever asked for. */
void dt__front_layout(dt__front* front, dt_arena* arena);
void dt__front_init(dt__front* front);

/* Forget everything: the next sample is the first, the next frame is frame 0. (Who starts at some
 * absolute position keeps that position.) Real-time safe. */
void dt__front_reset(dt__front* front) DT_NONBLOCKING;

/* Frames that count more samples complete, exactly. */
size_t dt__front_frames(const dt__front* front, size_t count) DT_NONBLOCKING;

/* Takes count samples at 44,100 Hz, finite and within DT__FRONT_LOUDEST. Writes the frames that
 * they complete, DT__FRONT_SIZE floats each, one after the other, and returns how many:
 * dt__front_frames(front, count). Real-time safe. */
size_t dt__front_process(dt__front* front, const float* samples, size_t count,
                         float* frames) DT_NONBLOCKING;

#endif
