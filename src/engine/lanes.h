#ifndef DT_LANES_H
#define DT_LANES_H

#include "dt/alloc.h"
#include "dt/error.h"

/*
 * FluidSynth to the frame. It begins notes at the border of its blocks of 64 frames only; so there
 * are several of it, each with its borders elsewhere, and a note goes to one that sounds nothing
 * and whose border is put at the note's frame (or that has its border there already: the notes of a
 * chord). What ends or is set takes effect at the next border, up to 1.3 ms later.
 *
 * Allocates and locks inside: never in an audio callback. One thread at a time.
 */
typedef struct dt__lanes dt__lanes;

#define DT__LANES      16
#define DT__LANE_BLOCK 64 /* FLUID_BUFSIZE */

/* Errors with a sentence: DT_UNSUPPORTED (no FluidSynth), DT_BAD_DATA (no SoundFont), DT_NO_MEMORY.
 */
dt_status dt__lanes_new(dt__lanes** lanes, const dt_allocator* allocator, const char* soundfont,
                        int rate_hz, dt_error* err);
void dt__lanes_free(dt__lanes* lanes);

/* Silence, and everything as it was at first. */
void dt__lanes_reset(dt__lanes* lanes);

/* A message at frame `offset` (0..63) of the block that is rendered next; in the order of their
 * frames. */
void dt__lanes_message(dt__lanes* lanes, int offset, int status, int data1, int data2);

/* The next block, both channels together. A note's first sample that is not zero comes one frame
 * after its own: FluidSynth's loudness rises from zero. */
void dt__lanes_render(dt__lanes* lanes, float out[DT__LANE_BLOCK]);

/* Notes that found no silent lane, and came up to 63 frames late. */
long long dt__lanes_inexact(const dt__lanes* lanes);

#endif
