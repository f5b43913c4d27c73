#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "dt/beats.h"
#include "dt/rng.h"
#include "dt/stat.h"
#include "pulse_rows.h"

enum { STROKES_MAX = 1024 };

/* Half of the lists have times that know nothing of each other, half go like speech: syllables
 * about a fifth of a second apart, with pauses. A third are one drum, a third any drums, a third a
 * drum unknown. */
static size_t make(uint64_t seed, dt_stroke* strokes) {
  dt_rng rng = dt_rng_seeded(seed, 7);
  const double duration = 10.0 + 50.0 * dt_rng_uniform(&rng);
  const double rate = exp(log(2.0) + log(5.0) * dt_rng_uniform(&rng));
  double at = 0.0;
  size_t n = 0;
  int syllables = 0;
  while (n < STROKES_MAX) {
    const double u = 1.0 - dt_rng_uniform(&rng);
    if (seed % 2 == 0) {
      at -= log(u) / rate;
    } else {
      const double angle = 2.0 * DT_PI * dt_rng_uniform(&rng);
      at += 0.2 * exp(0.35 * sqrt(-2.0 * log(u)) * cos(angle));
      if (--syllables < 0) {
        syllables = 4 + (int)(12.0 * dt_rng_uniform(&rng));
        at += 0.25 + 1.2 * dt_rng_uniform(&rng);
      }
    }
    if (at > duration) {
      break;
    }
    const dt_drum drum = seed % 3 == 0   ? DT_SNARE
                         : seed % 3 == 1 ? DT_DRUM_OTHER
                                         : (dt_drum)(dt_rng_uniform(&rng) * DT_DRUM_OTHER);
    strokes[n++] = dt_stroke_at(at, drum);
  }
  return n;
}

/* That a follower called itself locked at any time. */
static int was_locked(const dt_stroke* strokes, size_t count) {
  dt_follower* follower = NULL;
  const dt_beat_config config = dt_beat_default();
  if (dt_follower_new(&follower, NULL, &config) != DT_OK) {
    exit(1);
  }
  int locked = 0;
  for (size_t k = 0; k < count; ++k) {
    dt_beat_call calls[64];
    const size_t n = dt_follower_advance(follower, strokes[k].time_s, calls, 64);
    for (size_t c = 0; c < n; ++c) {
      locked |= calls[c].is_locked;
    }
    dt_follower_stroke(follower, &strokes[k]);
  }
  dt_follower_free(follower, NULL);
  return locked;
}

void pulse_random_rows(uint64_t first_seed, size_t lists) {
  static const char* const NAME[2] = {"random times", "like speech"};
  static dt_stroke strokes[STROKES_MAX];
  const dt_beat_config config = dt_beat_default();
  int wrong[2] = {0, 0};
  int locked[2] = {0, 0};
  int count[2] = {0, 0};
  for (uint64_t seed = first_seed; seed < first_seed + lists; ++seed) {
    const size_t n = make(seed, strokes);
    dt_beat_track track;
    if (n < 2 ||
        dt_beat_track_find(&track, NULL, strokes, n, strokes[n - 1].time_s, &config) != DT_OK) {
      continue;
    }
    ++count[seed % 2];
    wrong[seed % 2] += track.beat_count > 0;
    locked[seed % 2] += was_locked(strokes, n);
    dt_beat_track_clear(&track, NULL);
  }
  printf("\n## Not drums\n\nSeeds %llu to %llu, 10 to 60 s each.\n\n"
         "| lists | how many | taken for a pulse offline | ever locked live |\n|---|---|---|---|\n",
         (unsigned long long)first_seed, (unsigned long long)(first_seed + lists - 1));
  for (int k = 0; k < 2; ++k) {
    printf("| %s | %d | %d (%.1f %%) | %d (%.1f %%) |\n", NAME[k], count[k], wrong[k],
           100.0 * wrong[k] / fmax(count[k], 1), locked[k], 100.0 * locked[k] / fmax(count[k], 1));
  }
}
