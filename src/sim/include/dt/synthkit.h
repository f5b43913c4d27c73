#ifndef DT_SYNTHKIT_H
#define DT_SYNTHKIT_H

#include <stdint.h>

#include "dt/stroke.h"
#include "dt/tempo.h"

/*
 * A small drum kit made of arithmetic alone (no sample files): kick, snare, cross-stick, rimshot,
 * brush, hats closed, open and pedal, three toms, ride, bell, crash, splash, china, cowbell,
 * tambourine, clap, and a click for DT_DRUM_OTHER.
 *
 * Every sound starts exactly at its stroke's time: the excitation begins at that (fractional)
 * sample position, through an interpolator of eight samples that reaches three samples before it,
 * and the steps from sample to sample exceed a tenth of their largest within a tenth of a
 * millisecond (at 44.1 kHz and above). So renders are truth to the sample.
 *
 * Velocity sets the level (40 dB from 1 to 127, by the square law of R. Dannenberg, "The
 * interpretation of MIDI velocity", ICMC 2006) and the brightness: stick and wires grow faster than
 * skin and shell. Equal strokes differ a little in their noise, drawn from their time and the
 * kit's seed.
 */
typedef struct dt_synthkit dt_synthkit;

/* rate_hz 8000..192000. seed colours the noise (two kits with two seeds are not the same sound).
 * NULL without memory or out of range. Renders every drum once: about 0.2 s and 5.4 MB at 44.1 kHz,
 * growing with the rate. Not real-time. */
dt_synthkit* dt_synthkit_new(const dt_allocator* allocator, int rate_hz,
                             uint64_t seed) DT_NODISCARD;
void dt_synthkit_free(dt_synthkit* kit);

/* Adds one stroke's sound into mono samples that begin at frame `position` of the stream; nothing
 * where it does not reach. A lone stroke stays within +-0.4. Velocity 0 (unknown) sounds like 90; a
 * DT_HIHAT is open when its openness is above 0.5. A choke or a closing hi-hat is not simulated
 * here. Deterministic: the same stroke gives the same sound whatever the block. A time that is not
 * finite adds nothing. Any thread (the kit is only read), real-time safe. */
void dt_synthkit_add(const dt_synthkit* kit, const dt_stroke* stroke, float* samples,
                     size_t frame_count, dt_frame position) DT_NONBLOCKING;

/* How long a stroke of this drum rings, in frames, from the sample of its stroke; 0 for no drum. */
dt_frame dt_synthkit_length(const dt_synthkit* kit, dt_drum drum) DT_NONBLOCKING;

#endif
