#ifndef DT_BENCH_RENDERS_H
#define DT_BENCH_RENDERS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "ear_summary.h"

/*
 * Scores on sound whose truth is exact: the synthesised kit, played by this program. data (may be
 * NULL) is the folder whose rooms/ and noise/ are used.
 */
typedef struct render_options {
  FILE* out;
  summary* goals;
  const char* data;
  uint64_t seed;
  double noise_hours; /* of the longest noise */
} render_options;

void score_isolated(const render_options* o);
void score_rooms(const render_options* o);
void score_rolls(const render_options* o);
void score_flams(const render_options* o);
void score_chords(const render_options* o);
void score_robustness(const render_options* o);

/* Every drum of the own kit at several velocities, as INTO/DRUM-VELOCITY.wav: for rendering takes
 * elsewhere. False when one cannot be written. */
bool write_samples(const char* into, uint64_t seed);

#endif
