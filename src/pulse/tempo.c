#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dt/pulse.h"
#include "dt/stat.h"
#include "pulse_internal.h"

enum { HARMONICS = 4, TEMPI_MAX = 512, BATCH = 4 };

static const double WINDOW_S = 8.0;
static const double HOP_S = 2.0;
static const double GRID_HZ = 1.0 / 32.0; /* four points to the window's resolution */
static const double STEP_PERCENT = 0.75;  /* between neighbouring tempi */
static const double STEP_COST = 0.04;     /* of a score whose maximum is 1 */
enum { STEPS_A_HOP = 3 };
static const double HARMONIC_WEIGHT[HARMONICS] = {0.35, 0.30, 0.15, 0.20};

/* Spectrum of the strokes in one window: |sum w h exp(2 pi i f t)|^2 / (sum w h)^2. */
typedef struct spectrum {
  double* power; /* bin_count */
  double* re;
  double* im;
  size_t bin_count;
} spectrum;

/* Some strokes at once; those that are not there weigh nothing. */
typedef struct batch {
  double away_s[BATCH];
  double weight[BATCH];
  int count;
} batch;

static void add_batch(spectrum* s, batch* strokes) {
  /* One rotation a bin; no sine in the loop. */
  double cr[BATCH];
  double ci[BATCH];
  double r[BATCH];
  double i[BATCH];
  for (int m = 0; m < BATCH; ++m) {
    const bool is_there = m < strokes->count;
    const double angle = is_there ? 2.0 * DT_PI * GRID_HZ * strokes->away_s[m] : 0.0;
    cr[m] = cos(angle);
    ci[m] = sin(angle);
    r[m] = is_there ? strokes->weight[m] : 0.0;
    i[m] = 0.0;
  }
  for (size_t k = 0; k < s->bin_count; ++k) {
    double re = s->re[k];
    double im = s->im[k];
    for (int m = 0; m < BATCH; ++m) {
      re += r[m];
      im += i[m];
    }
    s->re[k] = re;
    s->im[k] = im;
    for (int m = 0; m < BATCH; ++m) {
      const double next = r[m] * cr[m] - i[m] * ci[m];
      i[m] = r[m] * ci[m] + i[m] * cr[m];
      r[m] = next;
    }
  }
  strokes->count = 0;
}

/* *first: the first stroke that this window or a later one can see. */
static void window_spectrum(spectrum* s, const dt_pulse_strokes* strokes, double centre_s,
                            size_t* first) {
  memset(s->re, 0, s->bin_count * sizeof(double));
  memset(s->im, 0, s->bin_count * sizeof(double));
  batch some;
  some.count = 0;
  double total = 0.0;
  for (size_t i = *first; i < strokes->count; ++i) {
    const double away = (strokes->time_s[i] - centre_s) / WINDOW_S;
    if (away <= -0.5) {
      *first = i + 1;
      continue;
    }
    if (away >= 0.5) {
      break;
    }
    const double c = cos(DT_PI * away);
    const double weight = sqrt(strokes->weight[i]) * c * c;
    some.away_s[some.count] = away * WINDOW_S;
    some.weight[some.count] = weight;
    if (++some.count == BATCH) {
      add_batch(s, &some);
    }
    total += weight;
  }
  add_batch(s, &some);
  for (size_t k = 0; k < s->bin_count; ++k) {
    s->power[k] = total > 0.0 ? (s->re[k] * s->re[k] + s->im[k] * s->im[k]) / (total * total) : 0.0;
  }
}

static double power_at(const spectrum* s, double frequency_hz) {
  const double x = frequency_hz / GRID_HZ;
  const size_t low = (size_t)x;
  if (low + 1 >= s->bin_count) {
    return 0.0;
  }
  return s->power[low] + (x - (double)low) * (s->power[low + 1] - s->power[low]);
}

/* Tempi most music is felt at (resonance near 120 bpm, an octave wide; van Noorden & Moelants
 * 1999): breaks ties between octaves, no more. */
static double preference(double bpm) {
  const double octaves = log2(bpm / 115.0);
  return exp(-0.5 * octaves * octaves);
}

typedef struct gram {
  spectrum spectrum;
  double* score; /* hop_count x tempo_count, then best sums */
  signed char* step;
  int* path; /* hop_count */
  double bpm[TEMPI_MAX];
  int tempo_count;
  size_t hop_count;
  double first_s;
} gram;

static void fill_scores(gram* g, const dt_pulse_strokes* strokes) {
  size_t first = 0;
  for (size_t h = 0; h < g->hop_count; ++h) {
    window_spectrum(&g->spectrum, strokes, g->first_s + (double)h * HOP_S, &first);
    for (int k = 0; k < g->tempo_count; ++k) {
      double sum = 0.0;
      for (int m = 0; m < HARMONICS; ++m) {
        sum += HARMONIC_WEIGHT[m] * power_at(&g->spectrum, g->bpm[k] / 60.0 * (m + 1));
      }
      g->score[h * TEMPI_MAX + (size_t)k] = sum * preference(g->bpm[k]);
    }
  }
}

static void best_path(gram* g) {
  for (size_t h = 1; h < g->hop_count; ++h) {
    const double* before = g->score + (h - 1) * TEMPI_MAX;
    double* now = g->score + h * TEMPI_MAX;
    for (int k = 0; k < g->tempo_count; ++k) {
      double best = -INFINITY;
      for (int j = -STEPS_A_HOP; j <= STEPS_A_HOP; ++j) {
        const int from = k - j;
        if (from < 0 || from >= g->tempo_count) {
          continue;
        }
        const double score = before[from] - STEP_COST * abs(j);
        if (score > best) {
          best = score;
          g->step[h * TEMPI_MAX + (size_t)k] = (signed char)j;
        }
      }
      now[k] += best;
    }
  }
  const double* last = g->score + (g->hop_count - 1) * TEMPI_MAX;
  int at = 0;
  for (int k = 1; k < g->tempo_count; ++k) {
    at = last[k] > last[at] ? k : at;
  }
  for (size_t h = g->hop_count; h-- > 0;) {
    g->path[h] = at;
    at -= h > 0 ? g->step[h * TEMPI_MAX + (size_t)at] : 0;
  }
}

/* Tempo at a time: the path, averaged over five hops, linear between them. */
static double path_bpm(const gram* g, double time_s) {
  const double at = (time_s - g->first_s) / HOP_S;
  double sum = 0.0;
  for (int k = -2; k <= 2; ++k) {
    const double x = fmin(fmax(at + k, 0.0), (double)(g->hop_count - 1));
    const size_t low = (size_t)x;
    const size_t high = low + 1 < g->hop_count ? low + 1 : low;
    const double a = g->bpm[g->path[low]];
    sum += a + (x - (double)low) * (g->bpm[g->path[high]] - a);
  }
  return sum / 5.0;
}

static void integrate(const gram* g, const dt_pulse_strokes* strokes, double* reference_beat) {
  double beat = 0.0;
  double time_s = strokes->time_s[0];
  for (size_t i = 0; i < strokes->count; ++i) {
    /* Long gaps are cut so that the curve inside them counts. */
    while (strokes->time_s[i] - time_s > 0.5 * HOP_S) {
      beat += path_bpm(g, time_s + 0.25 * HOP_S) / 60.0 * 0.5 * HOP_S;
      time_s += 0.5 * HOP_S;
    }
    beat += path_bpm(g, 0.5 * (time_s + strokes->time_s[i])) / 60.0 * (strokes->time_s[i] - time_s);
    time_s = strokes->time_s[i];
    reference_beat[i] = beat;
  }
}

static void layout(gram* g, dt_arena* arena) {
  spectrum* s = &g->spectrum;
  s->power = dt_arena_take(arena, s->bin_count, sizeof(double));
  s->re = dt_arena_take(arena, s->bin_count, sizeof(double));
  s->im = dt_arena_take(arena, s->bin_count, sizeof(double));
  g->score = dt_arena_take(arena, g->hop_count * TEMPI_MAX, sizeof(double));
  g->path = dt_arena_take(arena, g->hop_count, sizeof(int));
  g->step = dt_arena_take(arena, g->hop_count, TEMPI_MAX);
}

static void tempi_between(gram* g, double low_bpm, double high_bpm) {
  double step = log1p(STEP_PERCENT / 100.0);
  step = fmax(step, log(high_bpm / low_bpm) / (TEMPI_MAX - 2));
  g->tempo_count = (int)(log(high_bpm / low_bpm) / step) + 1;
  for (int k = 0; k < g->tempo_count; ++k) {
    g->bpm[k] = low_bpm * exp(k * step);
  }
}

dt_status dt_pulse_tempo(const dt_pulse_strokes* strokes, double low_bpm, double high_bpm,
                         const dt_allocator* allocator, double* reference_beat, double* mean_bpm) {
  const size_t n = strokes->count;
  if (!(low_bpm >= 10.0) || !(high_bpm > low_bpm) || !(high_bpm <= 1000.0) ||
      !dt__pulse_sorted(strokes->time_s, n)) {
    return DT_BAD_ARGUMENT;
  }
  if (n < 4 || strokes->time_s[n - 1] - strokes->time_s[0] < 1.0) {
    return DT_TOO_FEW;
  }
  const double span_s = strokes->time_s[n - 1] - strokes->time_s[0];
  if (span_s * high_bpm / 60.0 > DT__PULSE_BEATS_MAX) {
    return DT_BAD_ARGUMENT;
  }
  gram g;
  memset(&g, 0, sizeof(g));
  g.first_s = strokes->time_s[0] + fmin(0.5 * span_s, 0.25 * WINDOW_S);
  g.hop_count = (size_t)(fmax(0.0, span_s - 0.5 * WINDOW_S) / HOP_S) + 1;
  tempi_between(&g, low_bpm, high_bpm);
  g.spectrum.bin_count = (size_t)(high_bpm / 60.0 * HARMONICS / GRID_HZ) + 2;
  dt_arena arena = dt_arena_measure();
  layout(&g, &arena);
  const size_t size = arena.used;
  void* memory = dt_alloc_zero(allocator, size);
  if (!memory) {
    return DT_NO_MEMORY;
  }
  arena = dt_arena_over(memory, size);
  layout(&g, &arena);
  fill_scores(&g, strokes);
  best_path(&g);
  integrate(&g, strokes, reference_beat);
  dt_release(allocator, memory, size);
  *mean_bpm = 60.0 * (reference_beat[n - 1] - reference_beat[0]) / span_s;
  return DT_OK;
}
