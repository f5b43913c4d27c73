#include "track.h"

#include <math.h>
#include <string.h>

#include "tuning.h"

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
  dt__grid grid;
  dt__choice choice;
} work;

static void lay_out(work* w, dt_arena* arena) {
  dt__lattice_lay_out(&w->lattice, arena);
  w->recorder.first = dt_arena_take(arena, w->frame_count + 2, sizeof(size_t));
  w->recorder.base = dt_arena_take(arena, w->frame_count + 1, sizeof(dt__place));
}

static void release(work* w) {
  dt_release(w->allocator, w->recorder.origins, w->recorder.capacity * sizeof(dt__origin));
  dt__grid_release(&w->grid, w->allocator);
  dt_release(w->allocator, w->steps, w->step_capacity * sizeof(dt__step));
  dt_release(w->allocator, w->memory, w->memory_size);
}

static void forward(work* w, const dt_stroke* strokes, size_t count) {
  dt__loudness loudness = {{0}, {0}};
  size_t next = 0;
  size_t tap = 0;
  const dt_beat_config* config = &w->lattice.config;
  for (size_t f = 0; f < w->frame_count && w->recorder.status == DT_OK; ++f) {
    for (; next < count && strokes[next].time_s * DT__FRAMES_PER_S < (double)f; ++next) {
      const float confidence = strokes[next].confidence;
      const dt__heard heard = {strokes[next].time_s * DT__FRAMES_PER_S,
                               confidence > 0.0F && confidence < 1.0F ? confidence : 1.0F,
                               dt__group_of(&loudness, &strokes[next])};
      dt__lattice_hear(&w->lattice, &heard);
    }
    for (; tap < config->tap_count && config->tap_s[tap] * DT__FRAMES_PER_S < (double)f; ++tap) {
      const dt__heard heard = {config->tap_s[tap] * DT__FRAMES_PER_S, 1.0F, DT__GROUP_TAP};
      dt__lattice_hear(&w->lattice, &heard);
    }
    dt__lattice_step(&w->lattice);
  }
  w->recorder.first[w->frame_count] = w->recorder.count;
}

bool dt__beat_config_ok(const dt_beat_config* c) {
  bool known = c->meter.numerator == 0;
  for (int m = 0; m < DT_BEAT_METERS; ++m) {
    known |= c->meter.numerator == dt_beat_meters[m].numerator &&
             c->meter.denominator == dt_beat_meters[m].denominator;
  }
  for (size_t k = 0; k < c->tap_count; ++k) {
    if (!(c->tap_s[k] >= (k > 0 ? c->tap_s[k - 1] : 0.0)) || !(c->tap_s[k] <= 86400.0)) {
      return false;
    }
  }
  return known && c->low_bpm >= 30.0 && c->high_bpm <= 300.0 && c->low_bpm < c->high_bpm &&
         (c->tempo_bpm == 0.0 || (c->tempo_bpm >= c->low_bpm && c->tempo_bpm <= c->high_bpm));
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

/* The pattern of step k, or of the next known one. */
static const dt__pattern* pattern_at(const work* w, size_t k) {
  while (k < w->step_count && w->steps[k].segment < 0) {
    ++k;
  }
  return k < w->step_count ? dt__pattern_of(w->steps[k].segment) : NULL;
}

/* Of the beats that a section of the path counts: eighths in 7/8, else its segments. */
static int beats_of(const dt__pattern* pattern, int segment) {
  return pattern->is_uneven ? dt__segment_halves[segment] : 1;
}

static int beats_in_bar(int meter) {
  const dt_meter m = dt_beat_meters[meter];
  return m.denominator == 8 && m.numerator % 3 == 0 ? m.numerator / 3 : m.numerator;
}

/* From the path to beats with numbers. */
static void number_beats(work* w) {
  size_t n = 0;
  for (size_t k = 0; k + 1 < w->step_count; ++k) {
    const dt__pattern* pattern = pattern_at(w, k);
    if (!pattern) {
      continue;
    }
    const int segment = w->steps[k].segment;
    const int parts = segment >= 0 ? beats_of(pattern, segment) : pattern->is_uneven ? 2 : 1;
    int in_bar = segment >= 0 ? 1 : 0; /* 0: carried on, counted back below */
    for (int g = pattern->first; g < segment; ++g) {
      in_bar += beats_of(pattern, g);
    }
    const double length = w->steps[k + 1].frame - w->steps[k].frame;
    for (int part = 0; part < parts && n < w->grid.capacity; ++part) {
      w->grid.beats[n] =
          (dt_beat){.time_s = (w->steps[k].frame + length * part / parts) / DT__FRAMES_PER_S,
                    .in_bar = in_bar > 0 ? in_bar + part : 0};
      w->grid.meter[n] = pattern->meter;
      w->grid.is_new[n++] = part == 0 && w->steps[k].is_new;
    }
  }
  for (size_t k = n; k-- > 0;) {
    if (w->grid.beats[k].in_bar == 0) {
      const int next = k + 1 < n ? w->grid.beats[k + 1].in_bar : 1;
      w->grid.beats[k].in_bar = next > 1 ? next - 1 : beats_in_bar(w->grid.meter[k]);
    }
  }
  w->grid.count = n;
}

/* Beats go on at the last tempo until the end of what was asked for. */
static void carry_on(work* w, double duration_s) {
  while (w->grid.count > 1 && w->grid.count < w->grid.capacity) {
    const dt_beat* last = &w->grid.beats[w->grid.count - 1];
    const double length = last->time_s - w->grid.beats[w->grid.count - 2].time_s;
    if (last->time_s + length > duration_s) {
      return;
    }
    const int meter = w->grid.meter[w->grid.count - 1];
    w->grid.beats[w->grid.count] = (dt_beat){.time_s = last->time_s + length,
                                             .in_bar = last->in_bar % beats_in_bar(meter) + 1};
    w->grid.meter[w->grid.count] = (unsigned char)meter;
    w->grid.is_new[w->grid.count++] = false;
  }
}

static void count_bars(work* w) {
  int bar = w->grid.count > 0 && w->grid.beats[0].in_bar == 1 ? -1 : 0;
  for (size_t k = 0; k < w->grid.count; ++k) {
    bar += w->grid.beats[k].in_bar == 1;
    w->grid.beats[k].bar = bar;
  }
}

/* How much was struck in the beat before and after. */
static void weigh(work* w, const dt_stroke* strokes, size_t count) {
  size_t i = 0;
  for (size_t k = 0; k < w->grid.count; ++k) {
    const double half = 30.0 / w->grid.beats[k].bpm;
    while (i < count && strokes[i].time_s < w->grid.beats[k].time_s - half) {
      ++i;
    }
    size_t n = i;
    while (n < count && strokes[n].time_s < w->grid.beats[k].time_s + half) {
      ++n;
    }
    w->grid.beats[k].strength = (float)(1.0 - exp(-(double)(n - i)));
  }
}

static void sum_up(const work* w, dt_beat_track* track) {
  int votes[DT_BEAT_METERS] = {0};
  int best = 2;
  for (size_t k = 0; k < w->grid.count; ++k) {
    ++votes[w->grid.meter[k]];
  }
  for (int m = 0; m < DT_BEAT_METERS; ++m) {
    best = votes[m] > votes[best] ? m : best;
  }
  track->meter = dt_beat_meters[best];
  if (w->grid.count > 1) {
    track->bpm = 60.0 * (double)(w->grid.count - 1) /
                 (w->grid.beats[w->grid.count - 1].time_s - w->grid.beats[0].time_s);
  }
}

static double unit_s(const work* w, const dt__place* at) {
  const double length = (double)w->lattice.length[at->length] / DT__FRAMES_PER_S;
  return dt__pattern_of(at->segment)->is_uneven ? 0.5 * length : length;
}

static void add_alternative(dt_beat_track* track, double ratio, double probability) {
  size_t at = track->alternative_count;
  while (at > 0 && track->alternatives[at - 1].probability < probability) {
    --at;
  }
  if (at >= DT_BEAT_ALTERNATIVES || probability < 1e-6) {
    return;
  }
  const size_t kept = track->alternative_count < DT_BEAT_ALTERNATIVES ? track->alternative_count
                                                                      : DT_BEAT_ALTERNATIVES - 1;
  memmove(&track->alternatives[at + 1], &track->alternatives[at],
          (kept - at) * sizeof(*track->alternatives));
  track->alternatives[at] = (dt_beat_alternative){track->bpm * ratio, ratio, probability};
  track->alternative_count = kept + 1;
}

static bool is_octave(double ratio) {
  const double octaves = log2(ratio);
  return fabs(octaves - floor(octaves + 0.5)) < 0.06 && fabs(octaves) < 2.1;
}

/* What else the strokes could mean: pulses of the lattice, and octaves of the chosen one. */
static void weigh_tempi(const work* w, dt_beat_track* track) {
  const dt__place* best = &w->reading[0];
  const double moved = ldexp(1.0, w->choice.octave);
  double sum = 0.0;
  double same = 0.0; /* readings of the pulse that was chosen, as far as the octaves are known */
  for (size_t k = 0; k < w->reading_count; ++k) {
    const double p = exp((double)(w->reading[k].score - best->score) * DT__SURENESS);
    sum += p;
    same += k == 0 || (w->choice.is_known && is_octave(unit_s(w, best) / unit_s(w, &w->reading[k])))
                ? p
                : 0.0;
  }
  track->tempo_probability = same / sum;
  for (size_t k = 1; k < w->reading_count; ++k) {
    const dt__place* at = &w->reading[k];
    const double ratio = unit_s(w, best) / unit_s(w, at);
    if (!w->choice.is_known || !is_octave(ratio)) {
      add_alternative(track, ratio / moved,
                      exp((double)(at->score - best->score) * DT__SURENESS) / sum);
    }
  }
  for (int k = 0; k < DT__READ_OCTAVES && w->choice.is_known; ++k) {
    if (k - 2 != w->choice.octave) {
      add_alternative(track, ldexp(1.0, k - 2) / moved, same / sum * w->choice.octave_p[k]);
    }
  }
  if (w->choice.is_known) {
    track->tempo_probability *= w->choice.octave_p[w->choice.octave + 2];
  }
}

static void weigh_readings(const work* w, dt_beat_track* track) {
  const dt__place* best = &w->reading[0];
  weigh_tempi(w, track);
  float score[DT__WIDTH];
  dt__lattice_segments(&w->lattice, best, score);
  double meters = 0.0;
  double same_place = 0.0;
  double same_meter = 0.0;
  const int place = best->segment - dt__pattern_of(best->segment)->first;
  for (int g = 0; g < DT__SEGMENTS; ++g) {
    const dt__pattern* pattern = dt__pattern_of(g);
    const double p = exp((double)(score[g] - best->score) * DT__SURENESS);
    meters += p;
    track->meter_probability[pattern->meter] += p;
    if (pattern->meter == dt__pattern_of(best->segment)->meter) {
      same_meter += p;
      same_place += g - pattern->first == place ? p : 0.0;
    }
  }
  for (int m = 0; m < DT_BEAT_METERS; ++m) {
    track->meter_probability[m] /= meters;
  }
  track->downbeat_probability = w->choice.is_known ? w->choice.one_p : same_place / same_meter;
}

static dt_status take_beats(work* w, double duration_s) {
  const size_t carried =
      (size_t)fmax(0.0, duration_s * DT__FRAMES_PER_S - (double)w->frame_count) / 10;
  return dt__grid_take(&w->grid, 4 * w->step_count + carried + 8, w->allocator);
}

static dt_status hand_out(const work* w, dt_beat_track* track) {
  if (w->grid.count == 0) {
    return DT_OK;
  }
  track->beats = dt_alloc(w->allocator, w->grid.count * sizeof(dt_beat));
  if (!track->beats) {
    return DT_NO_MEMORY;
  }
  memcpy(track->beats, w->grid.beats, w->grid.count * sizeof(dt_beat));
  track->beat_count = w->grid.count;
  return DT_OK;
}

static dt_status find(work* w, dt_beat_track* track, const dt_stroke* strokes, size_t count,
                      double duration_s) {
  forward(w, strokes, count);
  if (w->recorder.status != DT_OK) {
    return w->recorder.status;
  }
  w->reading_count = dt__lattice_best(&w->lattice, w->reading, READINGS);
  if (w->reading_count == 0) {
    return DT_OK;
  }
  track->pulse_probability = dt__pulse_probability(&w->lattice, (double)w->reading[0].score);
  if (track->pulse_probability < 0.5) {
    return DT_OK;
  }
  dt_status status = dt__path(&w->lattice, &w->recorder, &w->reading[0], w->allocator, &w->steps,
                              &w->step_count, &w->step_capacity);
  if (status == DT_OK) {
    status = take_beats(w, duration_s);
  }
  if (status != DT_OK) {
    return status;
  }
  number_beats(w);
  carry_on(w, duration_s);
  status = dt__smooth(w->grid.beats, w->grid.is_new, w->grid.count, strokes, count, w->allocator);
  if (status == DT_OK) {
    status = dt__regroup(&w->grid, &w->lattice.config, strokes, count, w->allocator, &w->choice);
  }
  if (status == DT_OK && w->choice.is_moved) {
    status = dt__smooth(w->grid.beats, w->grid.is_new, w->grid.count, strokes, count, w->allocator);
  }
  if (status == DT_OK) {
    count_bars(w);
    weigh(w, strokes, count);
    sum_up(w, track);
    weigh_readings(w, track);
    status = hand_out(w, track);
  }
  return status == DT_OK
             ? dt__sections(track, w->allocator, w->grid.meter, w->grid.is_new, strokes, count)
             : status;
}

dt_status dt_beat_track_find(dt_beat_track* track, const dt_allocator* allocator,
                             const dt_stroke* strokes, size_t count, double duration_s,
                             const dt_beat_config* config) {
  memset(track, 0, sizeof(*track));
  if (!is_usable(strokes, count, duration_s) || !dt__beat_config_ok(config)) {
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
  const dt_status status = find(&w, track, strokes, count, duration_s);
  release(&w);
  if (status != DT_OK) {
    dt_beat_track_clear(track, allocator);
  }
  return status;
}

void dt_beat_track_clear(dt_beat_track* track, const dt_allocator* allocator) {
  dt_release(allocator, track->beats, track->beat_count * sizeof(*track->beats));
  dt_release(allocator, track->sections, track->section_count * sizeof(*track->sections));
  memset(track, 0, sizeof(*track));
}
