#include <math.h>
#include <string.h>

#include "track.h"
#include "tuning.h"

enum { FOUR_FOUR = 2 };
static const double EDGE = 0.05; /* beats: strokes this early belong to the beat */
static const double NEVER = -50.0;

/* A stretch of beats without a break. */
typedef struct run {
  size_t first, end;
  size_t spot, spot_end;
  double best[DT__READ_OCTAVES]; /* log probability of the best reading of each octave */
  double sum[DT__READ_OCTAVES];
  unsigned char half[DT__READ_OCTAVES]; /* and where it has "one" */
  bool is_read;
} run;

dt_status dt__grid_take(dt__grid* grid, size_t capacity, const dt_allocator* allocator) {
  *grid = (dt__grid){.capacity = capacity};
  grid->beats = dt_alloc(allocator, capacity * sizeof(*grid->beats));
  grid->meter = dt_alloc(allocator, capacity);
  grid->is_new = dt_alloc(allocator, capacity * sizeof(*grid->is_new));
  return grid->beats && grid->meter && grid->is_new ? DT_OK : DT_NO_MEMORY;
}

void dt__grid_release(dt__grid* grid, const dt_allocator* allocator) {
  dt_release(allocator, grid->beats, grid->capacity * sizeof(*grid->beats));
  dt_release(allocator, grid->meter, grid->capacity);
  dt_release(allocator, grid->is_new, grid->capacity * sizeof(*grid->is_new));
  *grid = (dt__grid){0};
}

/* The time of a place among the beats first..end-1, which go on at the last one's pace. */
static double time_at(const dt__grid* grid, const run* r, double beat) {
  const double whole = floor(beat);
  const size_t last = r->end - 1 > r->first ? r->end - 2 : r->first;
  size_t k = whole < 0.0 ? r->first : r->first + (size_t)whole;
  k = k > last ? last : k;
  const double length =
      r->end - r->first > 1 ? grid->beats[k + 1].time_s - grid->beats[k].time_s : 0.5;
  return grid->beats[k].time_s + (beat - (double)(k - r->first)) * length;
}

static size_t cut(const dt__grid* grid, run* runs) {
  size_t n = 0;
  for (size_t k = 0; k < grid->count; ++k) {
    const bool is_four = grid->meter[k] == FOUR_FOUR;
    if (k == 0 || grid->is_new[k] || is_four != (grid->meter[k - 1] == FOUR_FOUR)) {
      runs[n++] = (run){.first = k, .end = k + 1};
    } else {
      runs[n - 1].end = k + 1;
    }
  }
  return n;
}

/* Where the strokes stand among the beats of their run. */
static void place_spots(const dt__grid* grid, run* runs, size_t run_count, const dt_stroke* strokes,
                        size_t count, dt__spot* spots) {
  dt__loudness loudness = {{0}, {0}};
  size_t r = 0;
  size_t k = runs[0].first;
  for (size_t i = 0; i < count; ++i) {
    const double at = strokes[i].time_s;
    for (;;) {
      const size_t next = k + 1;
      if (next >= grid->count || at < grid->beats[next].time_s - EDGE * (grid->beats[next].time_s -
                                                                         grid->beats[k].time_s)) {
        break;
      }
      k = next;
    }
    while (k >= runs[r].end) {
      runs[r].spot_end = i;
      runs[++r].spot = i;
    }
    const size_t a = k + 1 < runs[r].end ? k : k > runs[r].first ? k - 1 : k;
    const double length =
        a + 1 < grid->count ? grid->beats[a + 1].time_s - grid->beats[a].time_s : 0.5;
    spots[i].beat = (double)(k - runs[r].first) + (at - grid->beats[k].time_s) / length;
    spots[i].weight = strokes[i].confidence > 0.0F ? strokes[i].confidence : 1.0F;
    spots[i].group = dt__group_of(&loudness, &strokes[i]);
  }
  runs[r].spot_end = count;
  while (++r < run_count) {
    runs[r].spot = runs[r].spot_end = count;
  }
}

static double add_logs(double a, double b) {
  return fmax(a, b) + log1p(exp(-fabs(a - b)));
}

static bool may_read(const dt__grid* grid, const run* r, const dt_beat_config* config) {
  const bool is_free = config->meter.numerator == 0 ||
                       (config->meter.numerator == 4 && config->meter.denominator == 4);
  return is_free && r->end - r->first >= 4 && grid->meter[r->first] == FOUR_FOUR;
}

/* What a run says of every octave, and where it would have "one" in each. */
static void judge(const dt__grid* grid, run* r, const dt__spot* spots, size_t count,
                  const dt_beat_config* config, bool octave_is_known) {
  const int own = 2 * ((5 - grid->beats[r->first].in_bar) % 4);
  for (int o = 0; o < DT__READ_OCTAVES; ++o) {
    r->best[o] = r->sum[o] = NEVER;
    r->half[o] = 0;
  }
  r->half[2] = (unsigned char)own;
  r->is_read = false;
  if (!may_read(grid, r, config)) {
    return;
  }
  const double beats = (double)(r->end - r->first);
  const double length = (time_at(grid, r, beats) - grid->beats[r->first].time_s) / beats;
  const dt__read_span span = {.beats = beats,
                              .beat_s = length,
                              .has_start = r->spot == 0,
                              .has_end = r->spot_end == count,
                              .on_beat = config->tap_count >= 3,
                              .low_bpm = octave_is_known ? 58.0 / length : config->low_bpm,
                              .high_bpm = octave_is_known ? 62.0 / length : config->high_bpm};
  dt__reading all[DT__READ_MAX];
  const size_t n = dt__readings(spots + r->spot, r->spot_end - r->spot, &span, all);
  r->is_read = n > 0;
  for (size_t k = 0; k < n; ++k) {
    const int o = all[k].octave + 2;
    const double score = all[k].log_p;
    r->sum[o] = add_logs(r->sum[o], score);
    if (score > r->best[o]) {
      r->best[o] = score;
      r->half[o] = (unsigned char)all[k].half;
    }
  }
}

/* One octave for all runs; those that are not in four have no say. */
static void choose(const dt__grid* grid, const run* runs, size_t run_count, dt__choice* choice) {
  double total[DT__READ_OCTAVES] = {0.0};
  size_t others = 0;
  const run* longest = NULL;
  for (size_t k = 0; k < run_count; ++k) {
    const run* r = &runs[k];
    others += grid->meter[r->first] == FOUR_FOUR ? 0 : r->end - r->first;
    if (r->is_read) {
      const double say = fmin((double)(r->end - r->first) / 16.0, 1.0);
      for (int o = 0; o < DT__READ_OCTAVES; ++o) {
        total[o] += say * r->sum[o];
      }
      longest = !longest || r->end - r->first > longest->end - longest->first ? r : longest;
    }
  }
  *choice = (dt__choice){.octave = 0, .is_known = longest != NULL};
  if (!longest) {
    return;
  }
  int best = 2;
  double sum = 0.0;
  for (int o = 0; o < DT__READ_OCTAVES && 4 * others < grid->count; ++o) {
    best = total[o] > total[best] ? o : best;
  }
  for (int o = 0; o < DT__READ_OCTAVES; ++o) {
    choice->octave_p[o] = exp(total[o] - total[best]);
    sum += choice->octave_p[o];
  }
  for (int o = 0; o < DT__READ_OCTAVES; ++o) {
    choice->octave_p[o] /= sum;
  }
  choice->octave = best - 2;
  choice->one_p = exp(longest->best[best] - longest->sum[best]);
}

static void add_beat(dt__grid* to, double time_s, int in_bar, int meter, bool is_new) {
  to->beats[to->count] = (dt_beat){.time_s = time_s, .in_bar = in_bar};
  to->meter[to->count] = (unsigned char)meter;
  to->is_new[to->count++] = is_new;
}

/* The beats of a run, as it is read. */
static void write_run(const dt__grid* from, const run* r, int octave, dt__grid* to) {
  const double step = ldexp(1.0, -octave);
  const double one = 0.5 * r->half[octave + 2] * step;
  const double end = (double)(r->end - r->first);
  const bool is_new = from->is_new[r->first];
  bool is_first = true;
  for (long k = (long)ceil(-one / step - 1e-9); one + (double)k * step < end - 1e-9; ++k) {
    const double at = time_at(from, r, one + (double)k * step);
    const double length = step * (time_at(from, r, end) - time_at(from, r, 0.0)) / end;
    if (to->count > 0 && at - to->beats[to->count - 1].time_s < 0.55 * length) {
      continue;
    }
    add_beat(to, at, (int)((k % 4 + 4) % 4) + 1, FOUR_FOUR, is_new && is_first);
    is_first = false;
  }
}

static void write_all(const dt__grid* from, const run* runs, size_t run_count, int octave,
                      dt__grid* to) {
  for (size_t k = 0; k < run_count; ++k) {
    const run* r = &runs[k];
    if (r->is_read || octave != 0) {
      write_run(from, r, octave, to);
      continue;
    }
    for (size_t b = r->first; b < r->end; ++b) {
      add_beat(to, from->beats[b].time_s, from->beats[b].in_bar, from->meter[b], from->is_new[b]);
    }
  }
}

dt_status dt__regroup(dt__grid* grid, const dt_beat_config* config, const dt_stroke* strokes,
                      size_t stroke_count, const dt_allocator* allocator, dt__choice* choice) {
  *choice = (dt__choice){0};
  if (grid->count < 4 || stroke_count == 0) {
    return DT_OK;
  }
  const size_t run_size = grid->count * sizeof(run);
  const size_t spot_size = stroke_count * sizeof(dt__spot);
  run* runs = dt_alloc(allocator, run_size);
  dt__spot* spots = dt_alloc(allocator, spot_size);
  dt__grid read;
  dt_status status = dt__grid_take(&read, 6 * grid->count + 8, allocator);
  if (runs && spots && status == DT_OK) {
    const size_t n = cut(grid, runs);
    const bool octave_is_known = config->tempo_bpm > 0.0 || config->tap_count >= 3;
    place_spots(grid, runs, n, strokes, stroke_count, spots);
    for (size_t k = 0; k < n; ++k) {
      judge(grid, &runs[k], spots, stroke_count, config, octave_is_known);
    }
    choose(grid, runs, n, choice);
    if (choice->is_known) {
      write_all(grid, runs, n, choice->octave, &read);
      choice->is_moved = true;
      const dt__grid swap = *grid;
      *grid = read;
      read = swap;
    }
  } else {
    status = DT_NO_MEMORY;
  }
  dt__grid_release(&read, allocator);
  dt_release(allocator, spots, spot_size);
  dt_release(allocator, runs, run_size);
  return status;
}
