#include "dt/beat_swing.h"

#include <math.h>
#include <string.h>

#include "dt/meter.h"
#include "swing_internal.h"

static const double ON_BEAT = 1.0 / 7.0; /* of a pair */
static const double FLAM_S = 0.045;      /* as in judge.c */

typedef struct work {
  const dt_strokes* strokes;
  const dt_beat_track* track;
  dt_marks marks;
  double pairs_per_beat; /* 1, or 2 when sixteenths swing */
} work;

/* Beats that divide in two; a shuffle may be heard as 12/8. */
static bool has_pairs(const dt_beat_section* section) {
  return section->meter.denominator == 4 || section->feel == DT_BEAT_SWUNG_EIGHTHS;
}

static const dt_beat_section* section_of(const dt_beat_track* track, size_t beat) {
  for (size_t k = 0; k < track->section_count; ++k) {
    if (beat < track->sections[k].first + track->sections[k].count) {
      return &track->sections[k];
    }
  }
  return &track->sections[track->section_count - 1];
}

/* Do most of the beats swing in sixteenths? */
static bool swings_sixteenths(const dt_beat_track* track) {
  size_t sixteenths = 0;
  for (size_t k = 0; k < track->section_count; ++k) {
    if (track->sections[k].feel == DT_BEAT_SWUNG_SIXTEENTHS) {
      sixteenths += track->sections[k].count;
    }
  }
  return 2 * sixteenths > track->beat_count;
}

/* Where a stroke stands, in pairs from the first beat; *beat moves up to the beat before it. */
static double pairs_at(const work* w, double time_s, size_t* beat) {
  const dt_beat* beats = w->track->beats;
  while (*beat + 2 < w->track->beat_count && beats[*beat + 1].time_s <= time_s) {
    ++*beat;
  }
  const double from = beats[*beat].time_s;
  const double to = beats[*beat + 1].time_s;
  return w->pairs_per_beat * ((double)*beat + (time_s - from) / (to - from));
}

/* Is there another stroke of this voice inside the same pair, on no beat, that is no flam of it? */
static bool is_alone(const work* w, size_t i, const double* at) {
  const dt_stroke* s = w->strokes->items;
  const dt_voice voice = dt_drum_voice(s[i].drum);
  const double pair = floor(at[i]);
  for (int step = -1; step <= 1; step += 2) {
    for (size_t k = i + (size_t)step; k < w->strokes->count; k += (size_t)step) {
      const double place = at[k] - pair;
      if (place < ON_BEAT || place > 1.0 - ON_BEAT) {
        break;
      }
      if (dt_drum_voice(s[k].drum) == voice && fabs(s[k].time_s - s[i].time_s) > FLAM_S) {
        return false;
      }
    }
  }
  return true;
}

static bool is_off_beat(const work* w, size_t i, const double* at, dt_beat_feel feel) {
  const double place = at[i] - floor(at[i]);
  const double margin = feel == DT_BEAT_STRAIGHT ? 0.35 : 0.2;
  return place >= margin && place <= 1.0 - margin && is_alone(w, i, at);
}

static void mark_stroke(work* w, size_t i, const double* at, const dt_beat_section* section) {
  const double nearest = floor(at[i] + 0.5);
  const bool is_on = fabs(at[i] - nearest) < ON_BEAT;
  const dt_stroke* stroke = &w->strokes->items[i];
  if (!has_pairs(section) || (!is_on && !is_off_beat(w, i, at, section->feel))) {
    return;
  }
  const double pair = (double)w->marks.swing_pair;
  const double bar = (double)w->marks.bar_ticks;
  const double place = at[i] - floor(at[i]);
  dt_mark* mark = &w->marks.items[w->marks.count++];
  memset(mark, 0, sizeof(*mark));
  mark->stroke = i;
  mark->time_s = stroke->time_s;
  mark->drum = stroke->drum;
  mark->voice = dt_drum_voice(stroke->drum);
  mark->tick = pair * (is_on ? nearest : floor(at[i]) + 0.5);
  mark->bar = (int)fmax(-1.0, floor(mark->tick / bar));
  mark->bar_tick = mark->tick - bar * floor(mark->tick / bar);
  mark->level_db = mark->openness = mark->asynchrony_ms = mark->residual_ms = (double)NAN;
  const double pair_ms = 60e3 / w->marks.bpm * pair / DT_TICKS_PER_QUARTER;
  mark->straight_ms = mark->own_ms = is_on ? (at[i] - nearest) * pair_ms : (place - 0.5) * pair_ms;
  mark->event = i;
  mark->label = DT_LABEL_HIT;
  mark->section = mark->fill = -1;
}

static void mark_strokes(work* w, double* at) {
  const dt_strokes* strokes = w->strokes;
  const double first_s = w->track->beats[0].time_s;
  const double last_s = w->track->beats[w->track->beat_count - 1].time_s;
  size_t beat = 0;
  for (size_t i = 0; i < strokes->count; ++i) {
    at[i] = pairs_at(w, strokes->items[i].time_s, &beat);
  }
  for (size_t i = 0; i < strokes->count; ++i) {
    const double time_s = strokes->items[i].time_s;
    if (time_s > first_s - 0.05 && time_s < last_s + 0.05) {
      const double own = fmax(at[i], 0.0) / w->pairs_per_beat;
      mark_stroke(w, i, at, section_of(w->track, (size_t)own));
    }
  }
}

static void list_pairs(const work* w, dt__pair* pairs, dt_beat_swing* out) {
  const dt_swing* swing = &out->swing;
  for (size_t v = 0; v < swing->voice_count; ++v) {
    bool from_pulse = false;
    const size_t count = dt__swing_pairs(&w->marks, swing->voices[v].voice, pairs, &from_pulse);
    for (size_t i = 0; i < count && out->pair_count < out->pair_capacity; ++i) {
      const double at = floor(pairs[i].tick / (double)w->marks.swing_pair) / w->pairs_per_beat;
      const size_t beat = (size_t)fmax(at, 0.0);
      out->pairs[out->pair_count++] = (dt_beat_pair){.beat = beat,
                                                     .share = pairs[i].share,
                                                     .short_ms = pairs[i].short_ms,
                                                     .bpm = w->track->beats[beat].bpm,
                                                     .voice = pairs[i].voice};
    }
  }
}

static dt_status measure(work* w, const dt_allocator* allocator, void* memory, dt_beat_swing* out) {
  const size_t n = w->strokes->count;
  double* at = (double*)((dt__pair*)memory + n);
  mark_strokes(w, at);
  dt_status status = dt_swing_measure(&out->swing, allocator, &w->marks);
  dt__sixteenths_unknown(&out->swing);
  for (size_t v = 0; v < out->swing.voice_count; ++v) {
    out->pair_capacity += out->swing.voices[v].pair_count;
  }
  if (status == DT_OK && out->pair_capacity > 0) {
    out->pairs = dt_alloc(allocator, out->pair_capacity * sizeof(*out->pairs));
    status = out->pairs ? DT_OK : DT_NO_MEMORY;
  }
  if (status == DT_OK) {
    list_pairs(w, memory, out);
  }
  return status;
}

/* No marks, no pair: everything is unknown. */
static void start(dt_beat_swing* out) {
  memset(out, 0, sizeof(*out));
  const dt_marks none = {.items = NULL};
  (void)!dt_swing_measure(&out->swing, NULL, &none);
}

dt_status dt_beat_swing_measure(dt_beat_swing* out, const dt_allocator* allocator,
                                const dt_strokes* strokes, const dt_beat_track* track,
                                double jitter_ms) {
  start(out);
  const size_t n = strokes->count;
  if (n == 0 || track->beat_count < 2 || track->section_count == 0) {
    return DT_OK;
  }
  work w;
  memset(&w, 0, sizeof(w));
  w.strokes = strokes;
  w.track = track;
  w.pairs_per_beat = swings_sixteenths(track) ? 2.0 : 1.0;
  w.marks.swing_pair = swings_sixteenths(track) ? DT_TICKS_PER_QUARTER / 2 : DT_TICKS_PER_QUARTER;
  w.marks.meter = track->meter;
  w.marks.bar_ticks = dt_meter_bar_ticks(track->meter) / dt_meter_beat_ticks(track->meter) *
                      (dt_tick)DT_TICKS_PER_QUARTER;
  w.marks.bpm = track->bpm;
  w.marks.jitter_ms = jitter_ms;
  const size_t mark_bytes = n * sizeof(dt_mark);
  const size_t bytes = n * (sizeof(dt__pair) + sizeof(double));
  w.marks.items = dt_alloc(allocator, mark_bytes);
  void* memory = dt_alloc(allocator, bytes);
  const dt_status status =
      w.marks.items && memory ? measure(&w, allocator, memory, out) : DT_NO_MEMORY;
  dt_release(allocator, memory, bytes);
  dt_release(allocator, w.marks.items, mark_bytes);
  if (status != DT_OK) {
    dt_beat_swing_clear(out, allocator);
  }
  return status;
}

void dt_beat_swing_clear(dt_beat_swing* swing, const dt_allocator* allocator) {
  dt_release(allocator, swing->pairs, swing->pair_capacity * sizeof(*swing->pairs));
  start(swing);
}
