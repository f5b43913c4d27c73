#ifndef DT_SYNTHKIT_H
#define DT_SYNTHKIT_H

#include <stdint.h>

#include "dt/stroke.h"
#include "dt/tempo.h"

/*
 * A small drum kit made of arithmetic alone (no sample files): kick, snare, cross-stick, rimshot,
 * hats closed, open and pedal, three toms, ride, bell, crash and a click.
 *
 * Every sound starts exactly at its stroke's time: the excitation begins at that (fractional)
 * sample position and the first exceedance of the ear's attack convention (dt/ear.h) follows
 * within a tenth of a millisecond, so renders are truth to the sample.
 */
typedef struct dt_synthkit dt_synthkit;

/* rate_hz 8000..192000. seed colours the noise (two kits with two seeds are not the same sound).
 * NULL without memory or out of range. */
dt_synthkit* dt_synthkit_new(const dt_allocator* allocator, int rate_hz,
                             uint64_t seed) DT_NODISCARD;
void dt_synthkit_free(dt_synthkit* kit);

/* Adds one stroke's sound into mono samples that begin at frame `position` of the stream. A choke
 * or a closing hi-hat is not simulated here. Deterministic: the same stroke gives the same sound
 * whatever the block. */
void dt_synthkit_add(const dt_synthkit* kit, const dt_stroke* stroke, float* samples,
                     size_t frame_count, dt_frame position);

/* How long a stroke of this drum rings, in frames. */
dt_frame dt_synthkit_length(const dt_synthkit* kit, dt_drum drum);

#endif
