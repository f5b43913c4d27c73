#ifndef DT_TEST_SOUND_MAKE_H
#define DT_TEST_SOUND_MAKE_H

/* Small sound files for tests, made by the library that everybody else uses. */

#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>

typedef float (*sound_fn)(double time_s, int channel);

/* False where this build of the library cannot write the format. */
static inline int sound_make(const char* path, int format, int rate_hz, int channels, long frames,
                             sound_fn at) {
  SF_INFO about = {.samplerate = rate_hz, .channels = channels, .format = format};
  if (!sf_format_check(&about))
    return 0;
  SNDFILE* file = sf_open(path, SFM_WRITE, &about);
  if (file == NULL)
    return 0;
  enum { BLOCK = 4096 };
  static float block[BLOCK];
  const long block_frames = BLOCK / channels;
  for (long begin = 0; begin < frames; begin += block_frames) {
    const long count = frames - begin < block_frames ? frames - begin : block_frames;
    for (long i = 0; i < count * channels; ++i)
      block[i] = at((double)(begin + i / channels) / rate_hz, (int)(i % channels));
    if (sf_writef_float(file, block, count) != count)
      exit(EXIT_FAILURE);
  }
  return sf_close(file) == 0;
}

/* Two decaying knocks, at 0.05 s and at 0.15 s, and again every 0.2 s. */
static inline float knocks(double time_s, int channel) {
  const double since = fmod(time_s + 0.05, 0.1);
  (void)channel;
  if (time_s < 0.05)
    return 0.0F;
  return (float)(0.7 * exp(-since / 0.01) * sin(2.0 * 3.14159265358979 * 900.0 * since));
}

#endif
