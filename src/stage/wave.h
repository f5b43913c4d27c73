#ifndef DT_STAGE_WAVE_H
#define DT_STAGE_WAVE_H

#include <stdint.h>
#include <stdio.h>

#include "dt/codec.h"
#include "dt/error.h"

/*
 * The envelope of a sound as a file: a head, then the lowest and highest sample of each
 * millisecond, then those of each 64 ms, so that any view of it is a short read. Numbers in the
 * byte order of the machine: it can be made again from the sound.
 */
#define DT__WAVE_STEP 64 /* fine parts in a coarse one */

typedef struct dt__wave_head {
  char magic[8];
  double part_s; /* length of a fine part: 1 ms, in whole frames */
  double length_s;
  int64_t fine_count;
  int64_t coarse_count;
} dt__wave_head;

typedef struct dt__wave_part {
  int16_t low; /* 32767 is 1 */
  int16_t high;
} dt__wave_part;

/* Reads the sound and writes its envelope into file; *made is its head. Errors as dt_sound_open,
 * DT_IO, DT_NO_MEMORY, DT_CANCELLED. */
dt_status dt__wave_write(FILE* file, const char* sound, dt__wave_head* made,
                         dt_progress_fn progress, void* progress_ctx, dt_error* err) DT_NODISCARD;

/* The head of an envelope's file; false: it is none, or of another kind of machine. */
bool dt__wave_open(FILE* file, dt__wave_head* head);

/* The lowest and highest of each of `points` equal parts of from_s..to_s (within 0..length_s), into
 * low and high, -1..1. */
bool dt__wave_read(FILE* file, const dt__wave_head* head, double from_s, double to_s, int points,
                   float* low, float* high);

#endif
