#include "dt/beaten.h"

#include <math.h>

#include "beaten_internal.h"

/* What the forms of the beats share. */

int dt__beaten_bar(const dt_beat_track* track, size_t beat) {
  return track->beats[beat].bar + (track->beats[0].in_bar == 1 ? 1 : 0);
}

/* By halving, so that no memory is needed. */
double dt_beaten_quantile_bpm(const dt_beat_track* track, double part) {
  const double wanted = part * (double)track->beat_count;
  double low = 0.0;
  double high = 1000.0;
  for (int step = 0; step < 50 && track->beat_count > 0; ++step) {
    const double middle = 0.5 * (low + high);
    size_t below = 0;
    for (size_t k = 0; k < track->beat_count; ++k)
      below += track->beats[k].bpm <= middle;
    if ((double)below >= wanted && below > 0)
      high = middle;
    else
      low = middle;
  }
  return track->beat_count > 0 ? high : (double)NAN;
}

const dt_beat_section* dt_beaten_main_section(const dt_beat_track* track) {
  const dt_beat_section* best = NULL;
  for (size_t k = 0; k < track->section_count; ++k)
    if (best == NULL || track->sections[k].count > best->count)
      best = &track->sections[k];
  return best;
}

size_t dt_beaten_next_fill(const dt_beat_track* track, size_t from, size_t* first) {
  while (from < track->beat_count && !track->beats[from].is_fill)
    ++from;
  *first = from;
  if (from >= track->beat_count)
    return 0;
  while (from < track->beat_count && track->beats[from].is_fill)
    ++from;
  return from;
}

double dt__beaten_end_s(const dt_beat_track* track, size_t end) {
  const dt_beat* beats = track->beats;
  const double length_s = beats[end - 1].bpm > 0.0 ? 60.0 / beats[end - 1].bpm : 0.0;
  const double own_s = beats[end - 1].time_s + length_s;
  const bool has_next = end < track->beat_count && beats[end].time_s - own_s < 2.0 * length_s;
  return has_next ? beats[end].time_s : own_s;
}
