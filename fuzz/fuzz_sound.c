/* Any bytes as a sound file: our reading around libsndfile, which is not under test itself. */

#include <math.h>

#include "../test/support/sndfile_leaks.h"
#include "dt/codec.h"
#include "fuzz.h"

#define BLOCK_FRAMES 997
#define FRAMES_MAX   200000 /* a small file may say a lot: silence packs well */

static void read_all(dt_sound* sound, const dt_sound_info* info) {
  static float mono[BLOCK_FRAMES];
  dt_error err = {.sentence = ""};
  ptrdiff_t got = 0;
  dt_frame total = 0;
  while (total < FRAMES_MAX && (got = dt_sound_read(sound, mono, BLOCK_FRAMES, &err)) > 0) {
    REQUIRE(got <= BLOCK_FRAMES);
    for (ptrdiff_t i = 0; i < got; ++i)
      REQUIRE(fabsf(mono[i]) <= 1e6F); /* not NaN either */
    total += got;
  }
  REQUIRE(got >= 0 || is_one_line(&err));
  REQUIRE(info->frame_count < 0 || got != 0 || total > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dt_sound_info info;
  dt_error err = {.sentence = ""};
  dt_sound* sound = dt_sound_open_memory(data, size, &info, &err);
  if (sound == NULL) {
    REQUIRE(is_one_line(&err));
    return 0;
  }
  REQUIRE(info.rate_hz > 0 && info.channels > 0 && info.format[0] != '\0');
  read_all(sound, &info);
  dt_sound_close(sound);
  return 0;
}
