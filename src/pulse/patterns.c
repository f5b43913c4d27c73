#include "patterns.h"

const dt_meter dt_beat_meters[DT_BEAT_METERS] = {{2, 4}, {3, 4}, {4, 4}, {5, 4},
                                                 {6, 8}, {7, 8}, {12, 8}};

const dt__pattern* dt__pattern_of(int segment) {
  int p = 0;
  while (p + 1 < DT__PATTERNS && dt__patterns[p + 1].first <= segment) {
    ++p;
  }
  return &dt__patterns[p];
}

/* As GROUPS of train/fit_pulse.py. */
enum {
  KICK,
  SNARE,
  SNARE_SOFT,
  HIHAT,
  HIHAT_SOFT,
  HIHAT_OPEN,
  PEDAL,
  RIDE,
  RIDE_SOFT,
  CRASH,
  TOMS
};

static const struct {
  signed char group;
  float soft; /* softer than this share of the running mean is the next group; 0: never */
} GROUP[DT_DRUM_COUNT] = {
    [DT_KICK] = {KICK, 0.0F},
    [DT_SNARE] = {SNARE, 0.7F},
    [DT_CROSS_STICK] = {SNARE, 0.7F},
    [DT_RIMSHOT] = {SNARE, 0.7F},
    [DT_SNARE_BRUSH] = {SNARE, 0.7F},
    [DT_HIHAT] = {HIHAT, 1.0F},
    [DT_HIHAT_CLOSED] = {HIHAT, 1.0F},
    [DT_HIHAT_OPEN] = {HIHAT_OPEN, 0.0F},
    [DT_HIHAT_PEDAL] = {PEDAL, 0.0F},
    [DT_TOM_HIGH] = {TOMS, 0.0F},
    [DT_TOM_MID] = {TOMS, 0.0F},
    [DT_TOM_LOW] = {TOMS, 0.0F},
    [DT_RIDE] = {RIDE, 1.0F},
    [DT_RIDE_BELL] = {RIDE, 1.0F},
    [DT_CRASH] = {CRASH, 0.0F},
    [DT_SPLASH] = {CRASH, 0.0F},
    [DT_CHINA] = {CRASH, 0.0F},
    [DT_COWBELL] = {DT__GROUP_UNKNOWN, 0.0F},
    [DT_TAMBOURINE] = {DT__GROUP_UNKNOWN, 0.0F},
    [DT_CLAP] = {SNARE, 0.0F},
    [DT_DRUM_OTHER] = {DT__GROUP_UNKNOWN, 0.0F},
};

int dt__group_of(dt__loudness* loudness, const dt_stroke* stroke) {
  const int drum = (int)stroke->drum;
  if (drum < 0 || drum >= DT_DRUM_COUNT) {
    return DT__GROUP_UNKNOWN;
  }
  const int group = GROUP[drum].group;
  const double velocity = (double)stroke->velocity;
  if (GROUP[drum].soft <= 0.0F || !(velocity > 0.0)) {
    return group;
  }
  const int n = loudness->count[group];
  const double mean = n > 0 ? loudness->mean[group] : velocity;
  loudness->count[group] = n + 1;
  loudness->mean[group] = mean + (velocity - mean) / (n < 15 ? n + 1 : 16);
  return velocity < (double)GROUP[drum].soft * mean ? group + 1 : group;
}
