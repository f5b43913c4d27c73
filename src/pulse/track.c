#include "track.h"

#include <math.h>
#include <string.h>

enum { READINGS = 8 };

dt_beat_config dt_beat_default(void) {
  return (dt_beat_config){.low_bpm = 30.0, .high_bpm = 300.0};
}

const char* dt_beat_feel_name(dt_beat_feel feel) {
  static const char* const NAME[] = {"straight", "swung eighths", "swung sixteenths"};
  return (int)feel >= 0 && (int)feel < 3 ? NAME[feel] : "unknown";
}

const char* dt_beat_span_name(dt_beat_span span) {
  static const char* const NAME[] = {"normal", "half-time", "double-time"};
  return (int)span >= 0 && (int)span < 3 ? NAME[span] : "unknown";
}

typedef struct work {
  const dt_allocator* allocator;
  void* memory;
  size_t memory_size;
  dt__lattice lattice;
  dt__recorder recorder;
  size_t frame_count;
  dt__step* steps;
  size_t step_count, step_capacity;
  dt__place reading[READINGS];
  size_t reading_count;
} work;

static void lay_out(work* w, dt_arena* arena) {
  dt__lattice_lay_out(&w->lattice, arena);
  w->recorder.first = dt_arena_take(arena, w->frame_count + 2, sizeof(size_t));
  w->recorder.base = dt_arena_take(arena, w->frame_count + 1, sizeof(dt__place));
}

static void release(work* w) {
  dt_release(w->allocator, w->recorder.origins, w->recorder.capacity * sizeof(dt__origin));
  dt_release(w->allocator, w->steps, w->step_capacity * sizeof(dt__step));
  dt_release(w->allocator, w->memory, w->memory_size);
}

static void forward(work* w, const dt_stroke* strokes, size_t count) {
  dt__loudness loudness = {{0}, {0}};
  size_t next = 0;
  for (size_t f = 0; f < w->frame_count && w->recorder.status == DT_OK; ++f) {
    for (; next < count && strokes[next].time_s * DT__FRAMES_PER_S < (double)f; ++next) {
      const float confidence = strokes[next].confidence;
      const dt__heard heard = {strokes[next].time_s * DT__FRAMES_PER_S,
                               confidence > 0.0F && confidence < 1.0F ? confidence : 1.0F,
                               dt__group_of(&loudness, &strokes[next])};
      dt__lattice_hear(&w->lattice, &heard);
    }
    dt__lattice_step(&w->lattice);
  }
  w->recorder.first[w->frame_count] = w->recorder.count;
}

static bool is_usable(const dt_stroke* strokes, size_t count, double duration_s) {
  double before = 0.0;
  for (size_t k = 0; k < count; ++k) {
    if (!(strokes[k].time_s >= before) || !(strokes[k].time_s <= duration_s)) {
      return false;
    }
    before = strokes[k].time_s;
  }
  return duration_s >= 0.0 && duration_s <= 86400.0;
}

static int meter_of(const work* w, size_t k) {
  for (; k < w->step_count; ++k) {
    for (int p = 0; w->steps[k].segment >= 0 && p < DT__PATTERNS; ++p) {
      const dt__pattern* pattern = &dt__patterns[p];
      if (w->steps[k].segment < pattern->first + pattern->count) {
        return p;
      }
    }
  }
  return -1;
}

/* From the path to beats with numbers; 7/8 in eighths. */
static dt_status number_beats(work* w, dt_beat_track* track, bool* is_new, size_t capacity) {
  size_t n = 0;
  int bar = -1;
  int votes[DT_BEAT_METERS] = {0};
  for (size_t k = 0; k + 1 < w->step_count; ++k) {
    const int p = meter_of(w, k);
    if (p < 0) {
      continue;
    }
    const dt__pattern* pattern = &dt__patterns[p];
    const int segment = w->steps[k].segment;
    const bool is_eighths = dt_beat_meters[pattern->meter].numerator == 7;
    const int parts = is_eighths ? (segment >= 0 ? dt__segment_halves[segment] : 2) : 1;
    int in_bar = 1;
    for (int g = pattern->first; segment >= 0 && g < segment; ++g) {
      in_bar += is_eighths ? dt__segment_halves[g] : 1;
    }
    if (segment < 0) { /* carried on: counted back from the next known one later */
      in_bar = 0;
    }
    bar += in_bar == 1;
    const double length = w->steps[k + 1].frame - w->steps[k].frame;
    for (int part = 0; part < parts && n < capacity; ++part) {
      track->beats[n] = (dt_beat){.time_s = (w->steps[k].frame + length * part / parts) /
                                            DT__FRAMES_PER_S,
                                  .bar = bar < 0 ? 0 : bar,
                                  .in_bar = in_bar == 0 ? 0 : in_bar + part,
                                  .strength = (float)pattern->meter};
      is_new[n++] = part == 0 && w->steps[k].is_new;
      ++votes[pattern->meter];
    }
  }
  track->beat_count = n;
  int best = 2;
  for (int m = 0; m < DT_BEAT_METERS; ++m) {
    best = votes[m] > votes[best] ? m : best;
  }
  track->meter = dt_beat_meters[best];
  return DT_OK;
}

static void number_bridges(dt_beat_track* track) {
  for (size_t k = track->beat_count; k-- > 0;) {
    dt_beat* beat = &track->beats[k];
    if (beat->in_bar == 0) {
      const int next = k + 1 < track->beat_count ? beat[1].in_bar : 1;
      const int meter = (int)beat->strength;
      beat->in_bar = next > 1 ? next - 1 : dt_beat_meters[meter].numerator >= 6 && meter != 5
                                               ? dt_beat_meters[meter].numerator / 3
                                               : dt_beat_meters[meter].numerator;
    }
  }
}

static dt_status find(work* w, dt_beat_track* track, const dt_stroke* strokes, size_t count) {
  forward(w, strokes, count);
  if (w->recorder.status != DT_OK) {
    return w->recorder.status;
  }
  w->reading_count = dt__lattice_best(&w->lattice, w->reading, READINGS);
  if (w->reading_count == 0) {
    return DT_OK;
  }
  dt_status status = dt__path(&w->lattice, &w->recorder, &w->reading[0], w->allocator, &w->steps,
                              &w->step_count, &w->step_capacity);
  if (status != DT_OK) {
    return status;
  }
  const size_t capacity = 4 * w->step_count + 8;
  track->beats = dt_alloc(w->allocator, capacity * sizeof(dt_beat));
  bool* is_new = dt_alloc(w->allocator, capacity);
  if (!track->beats || !is_new) {
    dt_release(w->allocator, track->beats, capacity * sizeof(dt_beat));
    dt_release(w->allocator, is_new, capacity);
    track->beats = NULL;
    return DT_NO_MEMORY;
  }
  track->beat_capacity = capacity;
  status = number_beats(w, track, is_new, capacity);
  number_bridges(track);
  if (status == DT_OK) {
    status = dt__smooth(track->beats, is_new, track->beat_count, strokes, count, w->allocator);
  }
  dt_release(w->allocator, is_new, capacity);
  return status;
}

dt_status dt_beat_track_find(dt_beat_track* track, const dt_allocator* allocator,
                             const dt_stroke* strokes, size_t count, double duration_s,
                             const dt_beat_config* config) {
  memset(track, 0, sizeof(*track));
  if (!is_usable(strokes, count, duration_s)) {
    return DT_BAD_ARGUMENT;
  }
  if (count < 2) {
    return DT_OK;
  }
  work w = {.allocator = allocator};
  w.frame_count = (size_t)(strokes[count - 1].time_s * DT__FRAMES_PER_S) + 12;
  w.recorder.allocator = allocator;
  dt_arena measure = dt_arena_measure();
  lay_out(&w, &measure);
  w.memory_size = measure.used;
  w.memory = dt_alloc(allocator, w.memory_size);
  if (!w.memory) {
    return DT_NO_MEMORY;
  }
  dt_arena arena = dt_arena_over(w.memory, w.memory_size);
  lay_out(&w, &arena);
  dt__lattice_init(&w.lattice, config);
  w.lattice.recorder = &w.recorder;
  const dt_status status = find(&w, track, strokes, count);
  release(&w);
  if (status != DT_OK) {
    dt_beat_track_clear(track, allocator);
  }
  return status;
}

void dt_beat_track_clear(dt_beat_track* track, const dt_allocator* allocator) {
  dt_release(allocator, track->beats, track->beat_capacity * sizeof(*track->beats));
  dt_release(allocator, track->sections, track->section_count * sizeof(*track->sections));
  memset(track, 0, sizeof(*track));
}
