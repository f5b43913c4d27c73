#include <math.h>
#include <string.h>

#include "align_internal.h"
#include "dt/arena.h"

/*
 * The tempo of a take that has no click, asked of the chart. The chart says how far apart its
 * strokes lie, drum by drum; at the right tempo the distances between the strokes played are those.
 * So each stroke's followers are scored as a Poisson process whose rate is the chart's
 * autocorrelation, for every tempo of a grid, and the best smooth path through these scores is the
 * tempo curve (a tempogram, Grosche & Mueller 2011, with the chart in place of a sinusoid).
 */
enum {
  CLASSES = 5,
  LAG_BEATS = 9,
  BINS = LAG_BEATS * DT__UNITS,
  TEMPI = 120,
  FOLLOWERS = 16, /* of each stroke */
  PLACES = 3000,  /* enough to know a chart's distances */
  CHART_FOLLOWERS = 96
};
static const size_t GROUP_STROKES = 8;
static const double GROUP_S = 1.5;
static const double LOWEST_BPM = 30.0;
static const double TEMPO_STEP = 1.02;
static const size_t RELATIVES = DT__CURVES - 3;
static const double NEAR_CHART = 1.25;
static const double BESIDE = 1.06;
static const double LAG_MIN_S = 0.09; /* below it are flams and rolls */
static const double LAG_MAX_S = 1.6;
static const double LOG_STRAY = -1.4;    /* followers a second that the chart does not explain */
static const double ASTRAY = 0.15;       /* share of strokes on a drum not theirs */
static const double WITNESS = 0.25;      /* a stroke's followers are no independent witnesses */
static const double STEP_COST = 1.5;     /* of a tempo step from one group of strokes to the next */
static const double CHART_OCTAVES = 0.6; /* how far players go from the chart's tempo, SD */

typedef struct place {
  int32_t unit;
  int class;
} place;

typedef struct tempogram {
  place places[PLACES];
  float log_rate[CLASSES][CLASSES][BINS]; /* followers a beat at that distance */
  float expected[CLASSES][BINS];          /* followers up to that distance */
  float* score;                           /* groups x TEMPI */
  signed char* step;                      /* groups x TEMPI */
  int* path;                              /* per group */
  int* group;                             /* per stroke */
  size_t groups;
  int low, high; /* tempi allowed */
} tempogram;

static int class_of(dt_drum drum) {
  switch (dt_drum_voice(drum)) {
  case DT_VOICE_KICK:
    return 0;
  case DT_VOICE_SNARE:
    return 1;
  case DT_VOICE_TOMS:
    return 3;
  case DT_VOICE_OTHER:
    return 4;
  default:
    return 2;
  }
}

static double bpm_of(double tempo) {
  return LOWEST_BPM * pow(TEMPO_STEP, tempo);
}

static int tempo_of(double bpm) {
  return (int)floor(log(bpm / LOWEST_BPM) / log(TEMPO_STEP) + 0.5);
}

static void add_distance(tempogram* t, int from, int to, int bin) {
  static const float BLUR[5] = {0.06F, 0.24F, 0.40F, 0.24F, 0.06F};
  for (int k = -2; k <= 2; ++k) {
    if (bin + k >= 0 && bin + k < BINS) {
      t->log_rate[from][to][bin + k] += BLUR[k + 2];
    }
  }
}

static size_t list_places(const dt__sheet* sheet, place* places) {
  const size_t n = sheet->note_count < PLACES ? sheet->note_count : PLACES;
  for (size_t i = 0; i < n; ++i) {
    places[i].unit = sheet->notes[i].unit;
    places[i].class = class_of((dt_drum)sheet->notes[i].drum);
  }
  return n;
}

static void count_distances(tempogram* t, const dt__sheet* sheet, double* in_class) {
  const size_t n = list_places(sheet, t->places);
  const bool around = n < PLACES; /* all of it: after the end comes the beginning */
  for (size_t i = 0; i < n; ++i) {
    const place* from = &t->places[i];
    in_class[from->class] += 1.0;
    for (size_t j = i + 1; j <= i + CHART_FOLLOWERS && (around || j < n); ++j) {
      const place* to = &t->places[j % n];
      const int32_t bin = to->unit + (int32_t)(j / n) * sheet->units - from->unit;
      if (bin >= BINS) {
        break;
      }
      add_distance(t, from->class, to->class, bin);
    }
  }
}

/* A stroke on another drum than its own, or followed by one: every class can stand for every other,
 * a little. */
static void mix_classes(tempogram* t, const double* in_class, int bin) {
  double all = 0.0;
  double pooled[CLASSES] = {0.0};
  for (int c = 0; c < CLASSES; ++c) {
    all += in_class[c];
    for (int d = 0; d < CLASSES; ++d) {
      pooled[d] += (double)t->log_rate[c][d][bin];
    }
  }
  for (int c = 0; c < CLASSES && all > 0.0; ++c) {
    double followers[CLASSES];
    double sum = 0.0;
    for (int d = 0; d < CLASSES; ++d) {
      const double own = in_class[c] > 0.0 ? (double)t->log_rate[c][d][bin] / in_class[c] : 0.0;
      const double kept = in_class[c] > 0.0 ? 1.0 - ASTRAY : 0.0;
      followers[d] = kept * own + (1.0 - kept) * pooled[d] / all;
      sum += followers[d];
    }
    for (int d = 0; d < CLASSES; ++d) {
      t->log_rate[c][d][bin] = (float)((1.0 - ASTRAY) * followers[d] + ASTRAY * sum / CLASSES);
    }
  }
}

static void learn_chart(tempogram* t, const dt__sheet* sheet) {
  double in_class[CLASSES] = {0.0};
  memset(t->log_rate, 0, sizeof(t->log_rate));
  if (sheet->note_count > 0) {
    count_distances(t, sheet, in_class);
  }
  for (int bin = 0; bin < BINS; ++bin) {
    mix_classes(t, in_class, bin);
  }
  for (int c = 0; c < CLASSES; ++c) {
    double sum = 0.0;
    for (int bin = 0; bin < BINS; ++bin) {
      for (int d = 0; d < CLASSES; ++d) {
        float* cell = &t->log_rate[c][d][bin];
        sum += (double)*cell;
        *cell = (float)log((double)*cell + 1e-9);
      }
      t->expected[c][bin] = (float)sum;
    }
  }
}

/* Strokes that share a tempo: several, and some time. How many groups. */
static size_t group_strokes(const dt_take* take, int* group) {
  int now = 0;
  size_t first = 0;
  for (size_t i = 0; i < take->strokes.count; ++i) {
    const dt_stroke* strokes = take->strokes.items;
    if (i - first >= GROUP_STROKES && strokes[i].time_s - strokes[first].time_s >= GROUP_S) {
      ++now;
      first = i;
    }
    if (group) {
      group[i] = now;
    }
  }
  return (size_t)now + 1;
}

/* One stroke and its followers at every tempo. */
static void score_stroke(const tempogram* t, const dt__score* s, size_t i, float* score) {
  const dt_stroke* strokes = s->take->strokes.items;
  const int from = class_of(strokes[i].drum);
  double lag_s[FOLLOWERS];
  int to[FOLLOWERS];
  int count = 0;
  double until_s = LAG_MAX_S;
  for (size_t j = i + 1; j < s->count && j <= i + 4 * FOLLOWERS; ++j) {
    const double lag = strokes[j].time_s - strokes[i].time_s;
    if (lag > LAG_MAX_S) {
      break;
    }
    if (lag < LAG_MIN_S || s->loudness[j] == DT__BUZZ) {
      continue;
    }
    lag_s[count] = lag;
    to[count++] = class_of(strokes[j].drum);
    if (count == FOLLOWERS) {
      until_s = lag;
      break;
    }
  }
  for (int m = t->low; m <= t->high; ++m) {
    const double units_s = bpm_of(m) / 60.0 * DT__UNITS;
    const int first = (int)(LAG_MIN_S * units_s);
    const int last = (int)(until_s * units_s);
    const double log_units_s = log(units_s);
    double sum = 0.0;
    for (int k = 0; k < count; ++k) {
      const int bin = (int)(lag_s[k] * units_s + 0.5);
      const double rate =
          log_units_s + (double)t->log_rate[from][to[k]][bin < BINS ? bin : BINS - 1];
      sum += rate > LOG_STRAY ? rate : LOG_STRAY;
    }
    const double whole = (double)t->expected[from][last < BINS ? last : BINS - 1];
    const double most = whole - (double)t->expected[from][first < BINS ? first : BINS - 1];
    score[m] += (float)(WITNESS * (sum - most));
  }
}

static void score_all(tempogram* t, const dt__score* score, double chart_bpm) {
  memset(t->score, 0, t->groups * TEMPI * sizeof(float));
  for (size_t i = 0; i < score->count; ++i) {
    if (score->loudness[i] != DT__BUZZ) {
      score_stroke(t, score, i, t->score + (size_t)t->group[i] * TEMPI);
    }
  }
  for (int m = t->low; m <= t->high; ++m) {
    const double octaves = log2(bpm_of(m) / chart_bpm) / CHART_OCTAVES;
    t->score[m] -= (float)(0.5 * octaves * octaves);
  }
}

static void best_path(tempogram* t) {
  float total[TEMPI];
  float before[TEMPI];
  for (int m = 0; m < TEMPI; ++m) {
    total[m] = m >= t->low && m <= t->high ? 0.0F : -1e30F;
  }
  for (size_t g = 0; g < t->groups; ++g) {
    memcpy(before, total, sizeof(before));
    for (int m = t->low; m <= t->high; ++m) {
      int from = m;
      for (int d = -2; d <= 2; ++d) {
        const int k = m + d;
        if (k >= t->low && k <= t->high &&
            before[k] - (float)(STEP_COST * (d < 0 ? -d : d)) >
                before[from] - (float)(STEP_COST * (from < m ? m - from : from - m))) {
          from = k;
        }
      }
      const int moved = from < m ? m - from : from - m;
      total[m] = before[from] - (float)(STEP_COST * moved) + t->score[g * TEMPI + (size_t)m];
      t->step[g * TEMPI + (size_t)m] = (signed char)(from - m);
    }
  }
  int at = t->low;
  for (int m = t->low; m <= t->high; ++m) {
    at = total[m] > total[at] ? m : at;
  }
  for (size_t g = t->groups; g-- > 0;) {
    t->path[g] = at;
    at += t->step[g * TEMPI + (size_t)at];
  }
}

/* Where the strokes stand when the tempo is the path's, moved by `shift` steps; between the middles
 * of two groups the tempo goes from one to the other. */
static void integrate(const tempogram* t, const dt_take* take, int shift, double* curve) {
  const dt_stroke* strokes = take->strokes.items;
  const size_t n = take->strokes.count;
  double ref = 0.0;
  size_t first = 0; /* of the stroke's group */
  size_t end = 0;
  for (size_t i = 0; i < n; ++i) {
    curve[i] = ref;
    if (i + 1 == n) {
      break;
    }
    if (i == end) {
      first = i;
      while (end < n && t->group[end] == t->group[i]) {
        ++end;
      }
    }
    const size_t g = (size_t)t->group[i];
    const double in = ((double)(i - first) + 0.5) / (double)(end - first) - 0.5;
    const size_t other = in < 0.0 ? (g > 0 ? g - 1 : g) : (g + 1 < t->groups ? g + 1 : g);
    const double tempo = t->path[g] + fabs(in) * (t->path[other] - t->path[g]);
    ref += (strokes[i + 1].time_s - strokes[i].time_s) * bpm_of(tempo + shift) / 60.0;
    curve[i + 1] = ref;
  }
}

static double score_shifted(const tempogram* t, int shift) {
  double sum = 0.0;
  for (size_t g = 0; g < t->groups; ++g) {
    const int m = t->path[g] + shift;
    if (m < t->low || m > t->high) {
      return -(double)INFINITY;
    }
    sum += (double)t->score[g * TEMPI + (size_t)m];
  }
  return sum;
}

/* The path and its likeliest relatives, by ratios of small numbers. */
static size_t write_relatives(const tempogram* t, const dt_take* take, double* curve) {
  static const double RATIO[] = {1.0, 0.5, 2.0, 2.0 / 3.0, 1.5, 1.0 / 3.0, 3.0, 0.75, 4.0 / 3.0};
  enum { RATIOS = sizeof(RATIO) / sizeof(RATIO[0]) };
  double score[RATIOS];
  int shift[RATIOS];
  for (int k = 0; k < RATIOS; ++k) {
    shift[k] = (int)floor(log(RATIO[k]) / log(TEMPO_STEP) + 0.5);
    score[k] = score_shifted(t, shift[k]);
  }
  score[0] = (double)INFINITY;
  size_t curves = 0;
  for (; curves < RELATIVES; ++curves) {
    int best = 0;
    for (int k = 1; k < RATIOS; ++k) {
      best = score[k] > score[best] ? k : best;
    }
    if (!(score[best] > -(double)INFINITY)) {
      break;
    }
    integrate(t, take, shift[best], curve + curves * take->strokes.count);
    score[best] = -(double)INFINITY;
  }
  return curves;
}

static size_t write_between(tempogram* t, const dt_take* take, double low_bpm, double high_bpm,
                            double* curve) {
  const int low = t->low;
  const int high = t->high;
  t->low = tempo_of(low_bpm) > low ? tempo_of(low_bpm) : low;
  t->high = tempo_of(high_bpm) < high ? tempo_of(high_bpm) : high;
  const bool any = t->low <= t->high;
  if (any) {
    best_path(t);
    integrate(t, take, 0, curve);
  }
  t->low = low;
  t->high = high;
  return any;
}

/* Players mostly keep near the tempo that is written; and a tempo a little off can look better than
 * the right one where all strokes are alike. */
static size_t write_others(tempogram* t, const dt_take* take, double chart_bpm, double* curve) {
  const size_t n = take->strokes.count;
  double mean = 0.0;
  for (size_t g = 0; g < t->groups; ++g) {
    mean += t->path[g] / (double)t->groups;
  }
  const double bpm = bpm_of(mean);
  size_t curves = write_between(t, take, bpm * BESIDE, bpm * NEAR_CHART, curve);
  curves += write_between(t, take, bpm / NEAR_CHART, bpm / BESIDE, curve + curves * n);
  if (bpm < chart_bpm / NEAR_CHART || bpm > chart_bpm * NEAR_CHART) {
    curves +=
        write_between(t, take, chart_bpm / NEAR_CHART, chart_bpm * NEAR_CHART, curve + curves * n);
  }
  return curves;
}

static void layout(tempogram* t, size_t strokes, dt_arena* arena) {
  t->score = dt_arena_take(arena, t->groups * TEMPI, sizeof(float));
  t->step = dt_arena_take(arena, t->groups * TEMPI, 1);
  t->path = dt_arena_take(arena, t->groups, sizeof(int));
  t->group = dt_arena_take(arena, strokes, sizeof(int));
}

static void search(tempogram* t, const dt__score* score, const dt__sheet* sheet, double* curve,
                   size_t* curves) {
  learn_chart(t, sheet);
  const double chart_bpm = dt_tempo_map_bpm(&score->chart->map, 0.0);
  score_all(t, score, chart_bpm);
  best_path(t);
  *curves = write_relatives(t, score->take, curve);
  *curves += write_others(t, score->take, chart_bpm, curve + *curves * score->count);
}

dt_status dt__reference_curves(dt__score* score, const dt__sheet* sheet, double low_bpm,
                               double high_bpm, size_t* curves) {
  tempogram* t = NULL;
  dt_arena arena = dt_arena_measure();
  tempogram measured;
  measured.groups = group_strokes(score->take, NULL);
  (void)dt_arena_take(&arena, 1, sizeof(tempogram));
  layout(&measured, score->count, &arena);
  const size_t size = arena.used;
  void* memory = dt_alloc(score->allocator, size);
  if (!memory) {
    return DT_NO_MEMORY;
  }
  arena = dt_arena_over(memory, size);
  t = dt_arena_take(&arena, 1, sizeof(tempogram));
  t->groups = measured.groups;
  layout(t, score->count, &arena);
  (void)group_strokes(score->take, t->group);
  const int low = tempo_of(low_bpm);
  const int high = tempo_of(high_bpm);
  t->low = low < 0 ? 0 : low > TEMPI - 1 ? TEMPI - 1 : low;
  t->high = high < t->low ? t->low : high > TEMPI - 1 ? TEMPI - 1 : high;
  search(t, score, sheet, score->curve, curves);
  dt_release(score->allocator, memory, size);
  return DT_OK;
}
