#include "align_internal.h"

/*
 * When is a stroke on the wrong drum? A plain hi-hat, of an instrument that cannot tell, fits every
 * hi-hat note. Rimshots and brushes are ways to play the snare, the bell is a part of the ride,
 * crash, splash and china are played for one another, and what has no name may be any small
 * percussion: these are hits. Open for closed, the pedal for the stick, a cross-stick for a snare
 * stroke, one tom for another are not.
 */

static bool is_one_of(dt_drum drum, const dt_drum* set, int count) {
  for (int k = 0; k < count; ++k) {
    if (set[k] == drum) {
      return true;
    }
  }
  return false;
}

static bool both_in(dt_drum a, dt_drum b, const dt_drum* set, int count) {
  return is_one_of(a, set, count) && is_one_of(b, set, count);
}

double dt__drum_distance(dt_drum played, dt_drum written) {
  static const dt_drum HEAD[] = {DT_SNARE, DT_RIMSHOT, DT_SNARE_BRUSH};
  static const dt_drum RIDE[] = {DT_RIDE, DT_RIDE_BELL};
  static const dt_drum CRASH[] = {DT_CRASH, DT_SPLASH, DT_CHINA};
  static const dt_drum SMALL[] = {DT_COWBELL, DT_TAMBOURINE, DT_CLAP};
  if (played == written) {
    return 0.0;
  }
  const dt_voice voice = dt_drum_voice(played);
  const bool same_voice = voice == dt_drum_voice(written);
  if (same_voice && voice == DT_VOICE_HIHAT && (played == DT_HIHAT || written == DT_HIHAT)) {
    return 0.0;
  }
  if (both_in(played, written, HEAD, 3) || both_in(played, written, RIDE, 2) ||
      both_in(played, written, CRASH, 3) ||
      (played == DT_DRUM_OTHER && is_one_of(written, SMALL, 3)) ||
      (written == DT_DRUM_OTHER && is_one_of(played, SMALL, 3))) {
    return 0.25;
  }
  return same_voice ? DT__OTHER_DRUM : 2.0;
}
