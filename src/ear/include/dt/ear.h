#ifndef DT_EAR_H
#define DT_EAR_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/stroke.h"
#include "dt/tempo.h"

/*
 * The first ear: mono sound in, strokes out.
 *
 * Three steps, each a file: flux (multi-band log-energy flux and adaptive picking: that something
 * was struck), refine (the waveform: when, to well under a millisecond), classify (which drum, how
 * hard).
 *
 * Attack convention. A stroke's time is the first moment at which the short-time envelope of the
 * (pre-emphasised) signal rises above what was sounding before by ATTACK_FRACTION of the rise to
 * its peak; see refine.h for the exact definition and docs/benchmarks.md for bias and jitter.
 *
 * Positions in, positions out: every block comes with its absolute frame; the result does not
 * depend on the block sizes. A jump in position is taken as silence of that length (forward) or as
 * a fresh start (backward).
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
 * frame 0 of the stream. The queue holds DT_EAR_QUEUE strokes: drain it after every block. */
#define DT_EAR_QUEUE 4096
bool dt_ear_next(dt_ear* ear, dt_stroke* stroke) DT_NONBLOCKING;

#endif
