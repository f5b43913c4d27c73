#ifndef DT_RESAMPLE_H
#define DT_RESAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "dt/alloc.h"
#include "dt/arena.h"
#include "dt/attr.h"

/*
 * Any rate to DT_RESAMPLE_RATE_HZ, streaming, mono.
 *
 * Output sample m is the sound at input position m * rate / 44100, exactly: positions are whole
 * numbers and remainders, so that nothing drifts in any time. The filter's delay is compensated;
 * an output needs dt_resample_ahead_frames() input samples after its position (28 at 48 kHz,
 * 0.58 ms; at other rates about 0.6 ms, below 44.1 kHz 0.6 ms * 44100 / rate).
 *
 * Windowed sinc (J. F. Kaiser, Proc. IEEE ISCAS 1974), cut off at the lower Nyquist frequency:
 * flat within 0.1 dB to 0.9 of it, and what would fold to below 0.9 of it is 70 dB down. Each
 * phase passes 0 Hz with gain 1. At 44,100 Hz samples pass unchanged, without look-ahead.
 *
 * The result does not depend on the block sizes, bit for bit.
 */
#define DT_RESAMPLE_RATE_HZ 44100

typedef struct dt_resample {
  int rate_hz;
  int64_t up; /* 44100 and rate, without common factors */
  int64_t down;
  int ahead;    /* input samples after a position that its output needs */
  int taps;     /* 2 * ahead; 0: pass through */
  int phases;   /* rows of the table; fewer than up: read between two of them */
  float* table; /* (phases + 1) * taps */
  float* past;  /* the last samples, oldest first */
  size_t past_size;
  size_t past_count;
  int64_t next_input; /* position of the next input sample ... */
  int64_t next_whole; /* ... and of the next output: next_whole + next_part / up, */
  int64_t next_part;
  int64_t next_output; /* which is this one */
} dt_resample;

/* rate_hz 8000..192000. Takes the memory; init fills it (and reads rate_hz as layout left it) and
 * starts at 0. No other memory is ever asked for. */
void dt_resample_layout(dt_resample* resample, dt_arena* arena, int rate_hz);
void dt_resample_init(dt_resample* resample);

/* Forget everything: the next input sample is at `position` (>= 0), all before it is silence, and
 * the first output is the first at or after it. */
void dt_resample_start(dt_resample* resample, int64_t position) DT_NONBLOCKING;

/* Input samples after a position that its output waits for: at the end of a sound feed so many
 * zeros. */
int dt_resample_ahead_frames(const dt_resample* resample) DT_NONBLOCKING;

/* Outputs that `count` more input samples will complete, exactly. */
size_t dt_resample_room(const dt_resample* resample, size_t count) DT_NONBLOCKING;

/* Takes count finite samples, writes what they complete and returns how many: dt_resample_room
 * (resample, count). in and out may not overlap. Real-time safe. */
size_t dt_resample_process(dt_resample* resample, const float* in, size_t count,
                           float* out) DT_NONBLOCKING;

#endif
