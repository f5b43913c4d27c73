#ifndef DT_BENCH_EAR_SCENE_H
#define DT_BENCH_EAR_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/rng.h"
#include "dt/synthkit.h"
#include "score.h"

/*
 * Sound with exact truth: strokes of the synthesised kit, noise, rooms.
 */
#define SCENE_RATE 44100

typedef struct scene {
  float* samples;
  size_t count;
  int rate_hz;
  hits truth; /* sorted once scene_end was called */
} scene;

/* Ends the program when there is no memory. */
scene scene_new(double length_s, int rate_hz);
void scene_clear(scene* s);

dt_synthkit* kit_new(int rate_hz, uint64_t seed);

/* The thirteen drums that have a sound of their own and a place among the ear's. */
#define SCENE_DRUMS 13
extern const dt_drum scene_drums[SCENE_DRUMS];

void scene_stroke(scene* s, const dt_synthkit* kit, dt_drum drum, double at_s, double velocity);
void scene_end(scene* s);

/* White noise snr_db under the mean square of each stroke's first 50 ms, steady from 200 ms before
 * it; between strokes its level glides. INFINITY adds none. offset_s is where the strokes sound
 * (the direct way through a room); unit: as many samples of noise_new. */
void scene_noise_under_strokes(scene* s, double snr_db, double offset_s, const float* unit);

/* White noise of RMS 1, to be freed. */
float* noise_new(size_t count, dt_rng* rng);

/* White noise of that RMS (full scale 1). */
void scene_noise(scene* s, double rms, dt_rng* rng);

/* A plain groove for length_s with ghost notes and fills, from start_s on. */
void scene_groove(scene* s, const dt_synthkit* kit, double start_s, double length_s, double bpm,
                  dt_rng* rng);

/* The rooms of DATA/rooms. */
typedef struct room {
  char name[64];
  double direct_s; /* where the direct sound begins */
  float* samples;
  size_t count;
} room;

typedef struct rooms {
  room* items;
  size_t count;
} rooms;

/* Empty when data is NULL or has none. */
rooms rooms_read(const char* data);
void rooms_clear(rooms* r);

/* Sounds through rooms: what rings on after their end is cut. Two sounds at a time, as the real and
 * the imaginary part of one. */
typedef struct convolver convolver;
convolver* convolver_new(size_t sound_count); /* samples of the longest sound */
void convolver_free(convolver* c);
void convolver_room(convolver* c, const room* r);
/* in and out may be the same; the second pair may be NULL. */
void convolver_run(convolver* c, const float* in, float* out, const float* in2, float* out2,
                   size_t count);

#endif
