#ifndef DT_EAR_H
#define DT_EAR_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/stroke.h"
#include "dt/tempo.h"

/*
 * The first ear: mono sound in, strokes out.
 *
 * Four steps, each a file: flux (multi-band log-energy flux), pick (adaptive picking: that
 * something may have been struck), refine (the waveform: when, to well under a millisecond) and
 * classify (whether it was a stroke, of which drums, how hard). A stroke is decided 75 ms after its
 * attack.
 *
 * Attack convention. A stroke's time is the likeliest moment of change from what sounded before to
 * the stroke, both taken as Gaussian autoregressive processes over a floor of white noise 5 % as
 * strong (1 ms RMS) as the stroke's first peak. In a quiet room that is the first moment at which
 * the sound exceeds about 5 % of the stroke's first peak; over other ringing drums or noise it is
 * the same moment, found statistically. Interpolated between samples. (src/ear/refine.h; bias and
 * jitter by drum are in docs/ear-lab.md, from bench_ear.)
 *
 * Drums struck at the same moment are reported as several strokes with the same time_s. Velocity is
 * judged against the loudest heard so far, for the ear cannot know the distance or the gain.
 *
 * Positions in, positions out: every block comes with its absolute frame; the result does not
 * depend on the block sizes. A jump forward is taken as silence of that length (over a second: as a
 * fresh start), a jump backward as a fresh start.
 */
typedef struct dt_ear dt_ear;

/* rate_hz 8000..192000. NULL without memory or out of range. All memory is taken here. */
dt_ear* dt_ear_new(const dt_allocator* allocator, int rate_hz) DT_NODISCARD;
void dt_ear_free(dt_ear* ear);

/* Forget everything heard. Real-time safe. */
void dt_ear_reset(dt_ear* ear) DT_NONBLOCKING;

/* Listen to frame_count mono samples (nominal full scale +-1; NaN and infinity count as 0) that
 * begin at `position`. At most DT_EAR_BLOCK_MAX frames a call. Real-time safe. */
#define DT_EAR_BLOCK_MAX 8192
void dt_ear_process(dt_ear* ear, const float* samples, size_t frame_count,
                    dt_frame position) DT_NONBLOCKING;

/* No more sound will come: decide what is still open. */
void dt_ear_finish(dt_ear* ear) DT_NONBLOCKING;

/* The next decided stroke, in order of time; false when there is none yet. time_s counts from
 * frame 0 of the stream. The queue holds DT_EAR_QUEUE strokes and then drops new ones: drain it
 * after every block. */
#define DT_EAR_QUEUE 4096
bool dt_ear_next(dt_ear* ear, dt_stroke* stroke) DT_NONBLOCKING;

/* The ear's own clock, measured by bench_ear on isolated strokes of every drum of the own kit at
 * 20 dB signal-to-noise: the robust SD (IQR / 1.349) that it adds to every time_s, and the mean
 * error, which was already subtracted. Seconds. Pure, any thread. */
double dt_ear_jitter_s(void) DT_NONBLOCKING;
double dt_ear_bias_s(dt_drum drum) DT_NONBLOCKING;

#endif
