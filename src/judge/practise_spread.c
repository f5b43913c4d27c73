#include <math.h>
#include <string.h>

#include "dt/level.h"
#include "linalg_internal.h"
#include "practise_internal.h"
#include "series_internal.h"
#include "spots_internal.h"

/*
 * What makes strokes loose: their voice, that another limb strikes with them, that they are the
 * off-beat of a swung pair, or the hand. All at once, since one looks like the other: a loose kick
 * makes the strokes that it joins look loose.
 *
 *   variance of a stroke = that of its voice + unison + swing + left hand
 *
 * Distances are from the line between the strokes before and after, as in local_scatter.c, whose
 * own variances come in; weighted least squares with weights 1 / expected^2. What unisons and
 * off-beats add is not negative; where strokes cannot tell two of them apart (all on-beats are
 * unisons) the one that needs less is taken: as if PRIOR_STROKES had been seen without it.
 */
static const double PRIOR_STROKES = 4.0;
static const double FARTHEST = 12.0; /* times what is expected */

enum { UNISON = DT_VOICE_COUNT, SWUNG, LEFT, COLUMNS, ROUNDS = 4, GROUP_MIN = 16 };
enum { BARS_BETWEEN = 3, SOFT_VELOCITY = 56 };

typedef struct row {
  double whole;  /* squared distance */
  double square; /* the same, of a stroke that was meant for another place no more than FARTHEST */
  double mean;   /* expected */
  double own[COLUMNS];
  double share[COLUMNS]; /* its own and, as they come in, its neighbours' */
} row;

typedef struct work {
  const dt_marks* marks;
  dt__spots spots;
  row* rows;
  size_t count;
  double* series;
  bool swings;
  bool active[COLUMNS];
  double group[COLUMNS]; /* strokes in it */
  bool shared[DT_VOICE_COUNT];
  double value[COLUMNS];
  double inverse[COLUMNS * COLUMNS];
} work;

static const dt_mark* mark_of(const work* w, size_t i) {
  return &w->marks->items[w->spots.items[i].mark];
}

static void add_stroke(const work* w, size_t i, bool unison, double weight, double* share) {
  const dt__spot* spot = &w->spots.items[i];
  const dt_tick pair = w->marks->swing_pair;
  share[spot->voice] += weight;
  share[UNISON] += unison ? weight : 0.0;
  share[SWUNG] += w->swings && 2 * ((dt_tick)spot->tick % pair) == pair ? weight : 0.0;
  share[LEFT] += w->shared[spot->voice] && mark_of(w, i)->hand == 'L' ? weight : 0.0;
}

static size_t tick_end(const work* w, size_t first) {
  size_t end = first;
  while (end < w->spots.count && w->spots.items[end].tick == w->spots.items[first].tick) {
    ++end;
  }
  return end;
}

/* Another voice strikes with them. */
static bool are_unison(const work* w, size_t first, size_t end) {
  return w->spots.items[first].voice != w->spots.items[end - 1].voice;
}

/* Without a chart, what is seldom played is a fill, and what is soft a ghost note or a bounce:
 * nothing says where they were meant. */
static bool is_meant(const work* w, size_t i) {
  const dt__cell* cell = &w->spots.cells[w->spots.items[i].cell];
  const double bars = (double)w->spots.items[w->spots.count - 1].bar + 1.0;
  const bool is_soft = mark_of(w, i)->level_db < dt_velocity_db(SOFT_VELOCITY);
  return w->marks->has_chart ||
         (cell->bar_tick != DT__RARE && (double)cell->count * BARS_BETWEEN >= bars && !is_soft);
}

static double neighbours(const work* w, size_t first, size_t end, double weight, double* share) {
  const double each = weight / (double)(end - first);
  double sum = 0.0;
  for (size_t i = first; i < end; ++i) {
    sum += each * dt__spot_with_pulse(&w->spots, i);
    add_stroke(w, i, are_unison(w, first, end), each * each, share);
  }
  return sum;
}

static void add_rows(work* w, const size_t at[4]) {
  const dt__spot* items = w->spots.items;
  const double left = items[at[0]].tick;
  const double weight = (items[at[1]].tick - left) / (items[at[2]].tick - left);
  for (size_t i = at[1]; i < at[2]; ++i) {
    const double played = (double)w->spots.cells[items[i].cell].count;
    if (!is_meant(w, i)) {
      continue;
    }
    row* r = &w->rows[w->count++];
    memset(r, 0, sizeof(*r));
    add_stroke(w, i, are_unison(w, at[1], at[2]), 1.0, r->own);
    for (int k = 0; k < COLUMNS; ++k) {
      w->group[k] += r->own[k];
      r->share[k] = r->own[k];
    }
    double away = dt__spot_with_pulse(&w->spots, i);
    away -= neighbours(w, at[0], at[1], 1.0 - weight, r->share);
    away -= neighbours(w, at[2], at[3], weight, r->share);
    r->whole = away * away * (played > 1.0 ? played / (played - 1.0) : 1.0);
    r->square = r->whole;
  }
}

static void make_rows(work* w) {
  size_t at[4] = {0, tick_end(w, 0), 0, 0};
  while (at[1] < w->spots.count) {
    at[2] = tick_end(w, at[1]);
    if (at[2] >= w->spots.count) {
      break;
    }
    at[3] = tick_end(w, at[2]);
    if (w->spots.items[at[2]].tick - w->spots.items[at[0]].tick <= (double)w->marks->bar_ticks) {
      add_rows(w, at);
    }
    at[0] = at[1];
    at[1] = at[2];
  }
}

/* One round of weighted least squares; a column that is not active gets 0. */
static bool solve(work* w, double mean) {
  double a[COLUMNS * COLUMNS] = {0.0};
  double b[COLUMNS] = {0.0};
  double log_det = 0.0;
  for (size_t i = 0; i < w->count; ++i) {
    const row* r = &w->rows[i];
    const double weight = 1.0 / (r->mean * r->mean);
    for (int j = 0; j < COLUMNS; ++j) {
      b[j] += weight * r->share[j] * r->square;
      for (int k = 0; k <= j; ++k) {
        a[j * COLUMNS + k] += weight * r->share[j] * r->share[k];
      }
    }
  }
  for (int j = 0; j < COLUMNS; ++j) {
    a[j * COLUMNS + j] += j < DT_VOICE_COUNT ? 0.0 : PRIOR_STROKES / (mean * mean);
    for (int k = 0; k < COLUMNS && !w->active[j]; ++k) {
      a[(j > k ? j : k) * COLUMNS + (j > k ? k : j)] = j == k ? 1.0 : 0.0;
    }
    b[j] = w->active[j] ? b[j] : 0.0;
  }
  if (!dt__cholesky(a, COLUMNS, &log_det)) {
    return false;
  }
  dt__cholesky_inverse(a, COLUMNS, w->inverse);
  dt__cholesky_solve(a, COLUMNS, b);
  memcpy(w->value, b, sizeof(b));
  return true;
}

static bool iterate(work* w) {
  double mean = 0.0;
  for (size_t i = 0; i < w->count; ++i) {
    mean += w->rows[i].square / (double)w->count;
  }
  for (size_t i = 0; i < w->count; ++i) {
    w->rows[i].mean = mean;
  }
  for (int round = 0; round < ROUNDS; ++round) {
    if (!(mean > 0.0) || !solve(w, mean)) {
      return false;
    }
    for (size_t i = 0; i < w->count; ++i) {
      const double expected = dt__dot(w->rows[i].share, w->value, COLUMNS);
      w->rows[i].mean = fmax(expected, 0.05 * mean);
      w->rows[i].square = fmin(w->rows[i].whole, FARTHEST * w->rows[i].mean);
    }
  }
  return true;
}

/* Until nothing that cannot be negative is. */
static bool fit(work* w) {
  const double n = (double)w->count;
  for (int k = 0; k < COLUMNS; ++k) {
    w->active[k] = k < DT_VOICE_COUNT ? w->group[k] > 0.0
                                      : w->group[k] >= GROUP_MIN && n - w->group[k] >= GROUP_MIN;
  }
  for (;;) {
    if (!iterate(w)) {
      return false;
    }
    const int worse = w->value[SWUNG] < w->value[UNISON] ? SWUNG : UNISON;
    if (w->value[worse] >= 0.0) {
      return true;
    }
    w->active[worse] = false;
  }
}

/* SD of own . value over that of base . value. */
static dt_estimate ratio(work* w, const double* own, const double* base) {
  const double jitter = w->marks->jitter_ms * w->marks->jitter_ms;
  const double own_ms2 = dt__dot(own, w->value, COLUMNS) - jitter;
  const double base_ms2 = dt__dot(base, w->value, COLUMNS) - jitter;
  if (!(own_ms2 > 0.05 * jitter) || !(base_ms2 > 0.05 * jitter)) {
    return dt__unknown(DT_CANT_TELL);
  }
  double turned[COLUMNS] = {0.0};
  for (int j = 0; j < COLUMNS; ++j) {
    for (int k = 0; k < COLUMNS; ++k) {
      const double slope = 0.5 * (own[k] / own_ms2 - base[k] / base_ms2);
      turned[j] += w->inverse[j * COLUMNS + k] * (w->active[k] ? slope : 0.0);
    }
    turned[j] = w->active[j] ? turned[j] : 0.0;
  }
  for (size_t i = 0; i < w->count; ++i) {
    const row* r = &w->rows[i];
    w->series[i] = dt__dot(turned, r->share, COLUMNS) * (r->square - r->mean) / (r->mean * r->mean);
  }
  dt__error error = dt__series_error(w->series, w->count);
  error.se *= (double)w->count;
  return dt__estimate_log(sqrt(own_ms2 / base_ms2), error);
}

static dt_estimate of_voice(work* w, int voice) {
  double own[COLUMNS] = {0.0};
  double base[COLUMNS] = {0.0};
  double others = 0.0;
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    others += v == voice ? 0.0 : w->group[v];
  }
  if (w->group[voice] < GROUP_MIN || others < GROUP_MIN) {
    return dt__unknown(DT_CANT_TELL);
  }
  own[voice] = 1.0;
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    base[v] = v == voice ? 0.0 : w->group[v] / others;
  }
  return ratio(w, own, base);
}

/* What a column adds, to strokes like those that do not have it; of hands on the same drums. */
static dt_estimate of_column(work* w, int column) {
  double own[COLUMNS] = {0.0};
  double base[COLUMNS] = {0.0};
  double others = 0.0;
  if (!w->active[column]) {
    return dt__unknown(DT_CANT_TELL);
  }
  for (size_t i = 0; i < w->count; ++i) {
    const row* r = &w->rows[i];
    bool counts = !(r->own[column] > 0.0);
    for (int v = 0; v < DT_VOICE_COUNT && column == LEFT; ++v) {
      counts = counts && (w->shared[v] || !(r->own[v] > 0.0));
    }
    others += counts ? 1.0 : 0.0;
    for (int k = 0; k < COLUMNS && counts; ++k) {
      base[k] += r->own[k];
    }
  }
  for (int k = 0; k < COLUMNS; ++k) {
    base[k] /= fmax(others, 1.0);
    own[k] = base[k] + (k == column ? 1.0 : 0.0);
  }
  return others < GROUP_MIN ? dt__unknown(DT_CANT_TELL) : ratio(w, own, base);
}

static void share_drums(work* w) {
  size_t plays[2][DT_VOICE_COUNT] = {{0}};
  for (size_t i = 0; i < w->spots.count; ++i) {
    const char hand = mark_of(w, i)->hand;
    if (hand == 'L' || hand == 'R') {
      ++plays[hand == 'L'][w->spots.items[i].voice];
    }
  }
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    w->shared[v] = plays[0][v] >= GROUP_MIN && plays[1][v] >= GROUP_MIN;
  }
}

static void measure(work* w, dt__spreads* out) {
  dt__spots_fit(&w->spots);
  share_drums(w);
  make_rows(w);
  if (w->count < 2 * GROUP_MIN || !fit(w)) {
    return;
  }
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    out->voice[v] = of_voice(w, v);
    out->count[v] = w->group[v];
  }
  out->unison = of_column(w, UNISON);
  out->swung = of_column(w, SWUNG);
  out->left = of_column(w, LEFT);
}

dt_status dt__spreads_measure(dt__spreads* out, const dt_allocator* allocator,
                              const dt_marks* marks, bool swings) {
  memset(out, 0, sizeof(*out));
  out->unison = out->swung = out->left = dt__unknown(DT_CANT_TELL);
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    out->voice[v] = dt__unknown(DT_CANT_TELL);
  }
  work w;
  memset(&w, 0, sizeof(w));
  w.marks = marks;
  w.swings = swings && marks->swing_pair > 0;
  const dt_status status = dt__spots_make(&w.spots, allocator, marks);
  if (status != DT_OK || w.spots.count == 0) {
    dt__spots_clear(&w.spots, allocator);
    return status;
  }
  const size_t bytes = w.spots.count * (sizeof(row) + sizeof(double));
  w.rows = dt_alloc(allocator, bytes);
  if (w.rows) {
    w.series = (double*)(w.rows + w.spots.count);
    measure(&w, out);
  }
  const bool failed = !w.rows;
  dt_release(allocator, w.rows, bytes);
  dt__spots_clear(&w.spots, allocator);
  return failed ? DT_NO_MEMORY : DT_OK;
}
