#include <assert.h>
#include <samplerate.h>
#include <stdlib.h>

#include "io_internal.h"

#define EAR_RATE_MIN_HZ 22050
#define EAR_RATE_MAX_HZ 96000
#define BLOCK_FRAMES    4096

struct dt__resampler {
  dt_sound* sound;
  SRC_STATE* state; /* NULL where the rate is right already */
  double ratio;
  size_t at;    /* next frame of block */
  size_t count; /* frames in block */
  bool ended;
  float block[BLOCK_FRAMES];
};

/* Powers of two only: an exact ratio keeps every position exact. */
static int suitable_rate(int rate_hz) {
  while (rate_hz < EAR_RATE_MIN_HZ)
    rate_hz *= 2;
  /* An odd rate halved is no whole number of hertz: one sample a second counts. */
  while (rate_hz > EAR_RATE_MAX_HZ && rate_hz % 2 == 0)
    rate_hz /= 2;
  return rate_hz > EAR_RATE_MAX_HZ ? EAR_RATE_MAX_HZ : rate_hz;
}

dt__resampler* dt__resampler_new(dt_sound* sound, int rate_hz, int* new_rate_hz) {
  assert(rate_hz > 0);
  dt__resampler* resampler = calloc(1, sizeof *resampler);
  if (resampler == NULL)
    return NULL;
  *new_rate_hz = suitable_rate(rate_hz);
  resampler->sound = sound;
  resampler->ratio = (double)*new_rate_hz / rate_hz;
  if (*new_rate_hz != rate_hz) {
    int error = 0;
    resampler->state = src_new(SRC_SINC_MEDIUM_QUALITY, 1, &error);
    if (resampler->state == NULL) {
      free(resampler);
      return NULL;
    }
  }
  return resampler;
}

void dt__resampler_free(dt__resampler* resampler) {
  if (resampler == NULL)
    return;
  if (resampler->state != NULL)
    src_delete(resampler->state);
  free(resampler);
}

/* False on a read error. */
static bool refill(dt__resampler* resampler, dt_error* err) {
  if (resampler->at < resampler->count || resampler->ended)
    return true;
  const ptrdiff_t got = dt_sound_read(resampler->sound, resampler->block, BLOCK_FRAMES, err);
  if (got < 0)
    return false;
  resampler->at = 0;
  resampler->count = (size_t)got;
  resampler->ended = got == 0;
  return true;
}

/* libsamplerate's sinc filter is centred on its output: it asks for more input first, and flushes
 * its tail at the end, so that frame n of the output stands at n / ratio of the input. */
ptrdiff_t dt__resampler_read(dt__resampler* resampler, float* mono, size_t frame_count,
                             dt_error* err) {
  if (resampler->state == NULL)
    return dt_sound_read(resampler->sound, mono, frame_count, err);
  for (;;) {
    if (!refill(resampler, err))
      return -1;
    SRC_DATA data = {
        .data_in = resampler->block + resampler->at,
        .data_out = mono,
        .input_frames = (long)(resampler->count - resampler->at),
        .output_frames = (long)frame_count,
        .end_of_input = resampler->ended,
        .src_ratio = resampler->ratio,
    };
    const int error = src_process(resampler->state, &data);
    if (error != 0) {
      dt_fail(err, DT_BAD_DATA, "Resampling failed (%s)", src_strerror(error));
      return -1;
    }
    resampler->at += (size_t)data.input_frames_used;
    if (data.output_frames_gen > 0 || resampler->ended)
      return (ptrdiff_t)data.output_frames_gen;
  }
}
