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

/* A bass drum, as good as a line of code can make one, at 0.05 s and every 0.1 s. */
static inline float knocks(double time_s, int channel) {
  const double since = fmod(time_s + 0.05, 0.1);
  (void)channel;
  if (time_s < 0.05)
    return 0.0F;
  const double turns = 62.0 * since + 2.0 * (1.0 - exp(-since / 0.012));
  const double skin = exp(-since / 0.025) * sin(2.0 * 3.14159265358979 * turns);
  const double beater = exp(-since / 0.002) * sin(2.0 * 3.14159265358979 * 1870.0 * since);
  return (float)(0.7 * skin + 0.2 * beater);
}

#endif
