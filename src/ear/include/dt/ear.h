#ifndef DT_EAR_H
#define DT_EAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/error.h"
#include "dt/stroke.h"
#include "dt/tempo.h"

/*
 * The ear: mono sound in, strokes out, causal, in three stages.
 *
 *   flag     something was struck        within  5 ms of the attack
 *   time     when, on the waveform       within 15 ms
 *   stroke   which drum, how hard        within 30 ms
 *
 * One stroke keeps one id through all three. A flag that turns out to be none is withdrawn, within
 * the same 30 ms. One exception: a hi-hat alone, softer than velocity 16, may be the foot that
 * closes it before a stroke; it is told, or withdrawn, within 90 ms. Drums struck together share a
 * flag: the first takes its id, the others come as strokes with ids of their own; so does a stroke
 * that raised no flag (a soft one under a louder).
 *
 * Flags come from a multi-band energy flux, times from the waveform (change between two
 * autoregressive processes), drums and velocities from a small recurrent network (src/ear/net.h)
 * trained on rendered performances (train/, docs/ear-model.md).
 *
 * Attack convention. A stroke's time is the likeliest moment of change from what sounded before to
 * the stroke, both taken as Gaussian autoregressive processes over a floor of white noise 5 % as
 * strong (1 ms RMS) as the stroke's first peak. In a quiet room that is the first moment at which
 * the sound exceeds about 5 % of the stroke's first peak; over other ringing drums or noise it is
 * the same moment, found statistically. Interpolated between samples. (src/ear/refine.h; bias and
 * jitter by drum are in docs/ear-lab.md, from bench_ear.)
 *
 * Positions in, positions out: every block comes with its absolute frame; the result does not
 * depend on the block sizes, bit for bit. A jump forward is taken as silence of that length (over a
 * second: as a fresh start), a jump backward as a fresh start.
 */
typedef struct dt_ear dt_ear;

/* rate_hz 8000..192000. NULL without memory or out of range. All memory is taken here. */
dt_ear* dt_ear_new(const dt_allocator* allocator, int rate_hz) DT_NODISCARD;

/* The same with another network than the built-in one: the bytes of a model file (train/export.py),
 * which are only read during the call. NULL and a sentence in error when they are not a network
 * that this ear can run, or as above. */
dt_ear* dt_ear_new_with_model(const dt_allocator* allocator, int rate_hz, const void* model,
                              size_t size, dt_error* error) DT_NODISCARD;
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

/* What is known about a stroke, as soon as it is known. */
typedef enum dt_ear_stage {
  DT_EAR_FLAG,      /* struck; stroke.time_s to a few milliseconds, the drum not known yet */
  DT_EAR_TIME,      /* stroke.time_s is final unless the stroke stage says otherwise */
  DT_EAR_STROKE,    /* drum, velocity and confidence too; final */
  DT_EAR_WITHDRAWN, /* the flag was none */
} dt_ear_stage;

typedef struct dt_ear_event {
  dt_ear_stage stage;
  uint32_t id;       /* of the stroke, from 1 */
  uint32_t flag_id;  /* of the flag it was struck with; its own id, or 0 when there was no flag */
  bool shared_time;  /* stroke stage: time_s is that of the blow, not of this drum alone */
  dt_frame known_at; /* frame after the last sample that was needed to know this */
  dt_stroke
      stroke; /* flag and time stages: velocity 0, DT_DRUM_OTHER, confidence as far as known */
} dt_ear_event;

/* The next event, in order of known_at; false when there is none yet. The queue holds
 * DT_EAR_EVENT_QUEUE events and then drops new ones. Events and dt_ear_next are two queues over the
 * same strokes: who wants only one of them need not drain the other. */
#define DT_EAR_EVENT_QUEUE 4096
bool dt_ear_next_event(dt_ear* ear, dt_ear_event* event) DT_NONBLOCKING;

/* The ear's own clock, measured by bench_ear on isolated strokes of every drum of the own kit at
 * 20 dB signal-to-noise: the robust SD (IQR / 1.349) that it adds to every time_s, and the mean
 * error, which was already subtracted. Seconds. Pure, any thread. */
double dt_ear_jitter_s(void) DT_NONBLOCKING;
double dt_ear_bias_s(dt_drum drum) DT_NONBLOCKING;

#endif
