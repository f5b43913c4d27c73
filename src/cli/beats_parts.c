#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "beats.h"

/* Four silent bars of the slowest 12/8 last 32 s. */
static const double SILENCE_S = 40.0;
static const double BEFORE_S = 1.0; /* the clock begins so long before the first stroke */

static size_t part_end(const dt_strokes* strokes, size_t from) {
  size_t end = from + 1;
  while (end < strokes->count &&
         strokes->items[end].time_s - strokes->items[end - 1].time_s <= SILENCE_S)
    ++end;
  return end;
}

static size_t count_parts(const dt_strokes* strokes) {
  size_t count = 0;
  for (size_t from = 0; from < strokes->count; from = part_end(strokes, from))
    ++count;
  return count;
}

/* Taps from the silence before the part to its end. */
static void give_taps(dt__beats_part* part, const dt__beats_settings* settings, double first_s,
                      double last_s) {
  size_t count = 0;
  double begin_s = first_s;
  for (size_t k = 0; k < settings->config.tap_count; ++k) {
    const double tap_s = settings->tap_s[k];
    if (tap_s < first_s - SILENCE_S || tap_s > last_s)
      continue;
    begin_s = fmin(begin_s, tap_s);
    part->tap_s[count++] = tap_s;
  }
  part->offset_s = begin_s - BEFORE_S;
  for (size_t k = 0; k < count; ++k)
    part->tap_s[k] -= part->offset_s;
  part->config = settings->config;
  part->config.tap_s = part->tap_s;
  part->config.tap_count = count;
}

static void make_part(dt__beats_part* part, dt_stroke* strokes, size_t count,
                      const dt__beats_settings* settings) {
  part->strokes = strokes;
  part->count = count;
  give_taps(part, settings, strokes[0].time_s, strokes[count - 1].time_s);
  for (size_t i = 0; i < count; ++i)
    strokes[i].time_s = fmax(strokes[i].time_s - part->offset_s, 0.0);
}

dt_status dt__beats_split(dt__beats_parts* parts, const dt_strokes* strokes,
                          const dt__beats_settings* settings) {
  *parts = (dt__beats_parts){.count = count_parts(strokes)};
  if (parts->count == 0)
    return DT_OK;
  parts->items = calloc(parts->count, sizeof *parts->items);
  parts->strokes = malloc(strokes->count * sizeof *parts->strokes);
  if (parts->items == NULL || parts->strokes == NULL) {
    parts->count = 0;
    return DT_NO_MEMORY;
  }
  memcpy(parts->strokes, strokes->items, strokes->count * sizeof *parts->strokes);
  size_t k = 0;
  for (size_t from = 0, end; from < strokes->count; from = end) {
    end = part_end(strokes, from);
    make_part(&parts->items[k++], parts->strokes + from, end - from, settings);
  }
  return DT_OK;
}

/* Of all parts, weighted with their strokes. */
static void mean_probabilities(const dt__beats_parts* parts, dt_beat_track* track) {
  double strokes = 0.0;
  for (size_t p = 0; p < parts->count; ++p) {
    const double weight = (double)parts->items[p].count;
    strokes += weight;
    track->pulse_probability +=
        (parts->items[p].track.pulse_probability - track->pulse_probability) * weight / strokes;
  }
}

static void add_track(dt_beat_track* track, const dt__beats_part* part) {
  const dt_beat_track* from = &part->track;
  const bool follows = track->beat_count > 0;
  const int next_bar = follows ? track->beats[track->beat_count - 1].bar + 1 : 0;
  for (size_t k = 0; k < from->section_count; ++k) {
    dt_beat_section* section = &track->sections[track->section_count++];
    *section = from->sections[k];
    section->first += track->beat_count;
  }
  for (size_t k = 0; k < from->beat_count; ++k) {
    dt_beat* beat = &track->beats[track->beat_count++];
    *beat = from->beats[k];
    beat->time_s += part->offset_s;
    beat->bar += next_bar;
  }
}

static const dt_beat_track* longest(const dt__beats_parts* parts) {
  const dt_beat_track* best = &parts->items[0].track;
  for (size_t p = 1; p < parts->count; ++p)
    if (parts->items[p].track.beat_count > best->beat_count)
      best = &parts->items[p].track;
  return best;
}

dt_status dt__beats_join(const dt__beats_parts* parts, dt_beat_track* track) {
  size_t beats = 0;
  size_t sections = 0;
  memset(track, 0, sizeof *track);
  if (parts->count == 0)
    return DT_OK;
  for (size_t p = 0; p < parts->count; ++p) {
    beats += parts->items[p].track.beat_count;
    sections += parts->items[p].track.section_count;
  }
  *track = *longest(parts);
  track->beat_count = track->section_count = 0;
  track->beats = beats > 0 ? dt_alloc(NULL, beats * sizeof *track->beats) : NULL;
  track->sections = sections > 0 ? dt_alloc(NULL, sections * sizeof *track->sections) : NULL;
  if ((beats > 0 && track->beats == NULL) || (sections > 0 && track->sections == NULL)) {
    dt_release(NULL, track->beats, beats * sizeof *track->beats);
    dt_release(NULL, track->sections, sections * sizeof *track->sections);
    memset(track, 0, sizeof *track);
    return DT_NO_MEMORY;
  }
  track->pulse_probability = 0.0;
  mean_probabilities(parts, track);
  for (size_t p = 0; p < parts->count; ++p)
    add_track(track, &parts->items[p]);
  if (parts->count > 1)
    track->bpm = track->beat_count > 0 ? dt_beaten_quantile_bpm(track, 0.5) : 0.0;
  return DT_OK;
}

void dt__beats_parts_clear(dt__beats_parts* parts) {
  for (size_t p = 0; p < parts->count; ++p)
    dt_beat_track_clear(&parts->items[p].track, NULL);
  free(parts->items);
  free(parts->strokes);
  memset(parts, 0, sizeof *parts);
}
