#include <math.h>
#include <string.h>

#include "dt/arena.h"
#include "dt/stat.h"
#include "dynamics_internal.h"

enum { LEFT_MIN = 8 }; /* strokes beyond cells below which nothing is said */

static void layout(dt_arena* arena, dt__levels* l, size_t n) {
  l->table_size = 16;
  while (l->table_size < 2 * n) {
    l->table_size *= 2;
  }
  l->mark = dt_arena_take(arena, n, sizeof(size_t));
  l->minutes = dt_arena_take(arena, n, sizeof(double));
  l->level_db = dt_arena_take(arena, n, sizeof(double));
  l->loud = dt_arena_take(arena, n, sizeof(dt_loud));
  l->score = dt_arena_take(arena, n, sizeof(double));
  l->error = dt_arena_take(arena, n, sizeof(double));
  l->time = dt_arena_take(arena, n, sizeof(double));
  l->sums = dt_arena_take(arena, 3 * n, sizeof(double));
  l->cell = dt_arena_take(arena, n, sizeof(size_t));
  l->table = dt_arena_take(arena, l->table_size, sizeof(size_t));
  l->key = dt_arena_take(arena, n, sizeof(uint64_t));
  l->scratch = dt_arena_take(arena, n, sizeof(double));
  l->in = dt_arena_take(arena, n, sizeof(bool));
  l->a = dt_arena_take(arena, n, sizeof(bool));
  l->b = dt_arena_take(arena, n, sizeof(bool));
}

static size_t size_of(size_t n) {
  dt__levels none;
  dt_arena arena = dt_arena_measure();
  layout(&arena, &none, n);
  return arena.used;
}

static bool counts(const dt_mark* mark) {
  return mark->order == 0 && mark->ornament != DT_ROLL && mark->label == DT_LABEL_HIT &&
         !isnan(mark->level_db) && !isnan(mark->bar_tick);
}

dt_status dt__levels_make(dt__levels* l, const dt_allocator* allocator, const dt_marks* marks) {
  memset(l, 0, sizeof(*l));
  l->marks = marks;
  const size_t size = size_of(marks->count);
  void* memory = dt_alloc(allocator, size);
  if (!memory) {
    return DT_NO_MEMORY;
  }
  dt_arena arena = dt_arena_over(memory, size);
  layout(&arena, l, marks->count);
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_mark* mark = &marks->items[i];
    if (!counts(mark)) {
      continue;
    }
    l->mark[l->count] = i;
    l->minutes[l->count] = mark->time_s / 60.0;
    l->level_db[l->count] = mark->level_db;
    l->loud[l->count] = mark->loud;
    ++l->count;
  }
  return DT_OK;
}

void dt__levels_clear(dt__levels* l, const dt_allocator* allocator) {
  dt_release(allocator, l->mark, l->mark ? size_of(l->marks->count) : 0);
  memset(l, 0, sizeof(*l));
}

static uint64_t key_of(const dt__levels* l, size_t i) {
  const dt_mark* mark = &l->marks->items[l->mark[i]];
  const uint64_t tick = (uint64_t)fmin(fmax(mark->bar_tick, 0.0), 4e9);
  return tick << 20 | (uint64_t)(unsigned char)mark->hand << 12 | (uint64_t)l->loud[i] << 8 |
         (uint64_t)mark->voice;
}

/* The cell of that key, made when new. Open addressing; Fibonacci hashing. */
static size_t cell_of(dt__levels* l, uint64_t key, size_t* cells) {
  size_t at = (size_t)(key * 11400714819323198485ULL >> 20) & (l->table_size - 1);
  while (l->table[at] != SIZE_MAX && l->key[l->table[at]] != key) {
    at = (at + 1) & (l->table_size - 1);
  }
  if (l->table[at] == SIZE_MAX) {
    l->table[at] = *cells;
    l->key[*cells] = key;
    memset(l->sums + 3 * *cells, 0, 3 * sizeof(double));
    ++*cells;
  }
  return l->table[at];
}

static size_t sort_into_cells(dt__levels* l) {
  size_t cells = 0;
  for (size_t k = 0; k < l->table_size; ++k) {
    l->table[k] = SIZE_MAX;
  }
  for (size_t i = 0; i < l->count; ++i) {
    l->cell[i] = SIZE_MAX;
    l->error[i] = (double)NAN;
    if (!l->in[i]) {
      continue;
    }
    l->cell[i] = cell_of(l, key_of(l, i), &cells);
    double* sums = l->sums + 3 * l->cell[i];
    sums[0] += 1.0;
    sums[1] += l->level_db[i];
    sums[2] += l->minutes[i];
  }
  for (size_t i = 0; i < l->count; ++i) {
    if (l->in[i]) {
      const double* sums = l->sums + 3 * l->cell[i];
      l->error[i] = l->level_db[i] - sums[1] / sums[0];
      l->time[i] = l->minutes[i] - sums[2] / sums[0];
    }
  }
  return cells;
}

/* 1 / mean square within a loudness of a voice, about its cells; nearly equal where few. */
static void weigh(const dt__levels* l, double weight[DT_VOICE_COUNT][DT_LOUD_ACCENT + 1]) {
  static const double PRIOR_VALUES = 5.0;
  double square[DT_VOICE_COUNT][DT_LOUD_ACCENT + 1] = {{0}};
  double count[DT_VOICE_COUNT][DT_LOUD_ACCENT + 1] = {{0}};
  double all = 0.0;
  double all_count = 0.0;
  for (size_t i = 0; i < l->count; ++i) {
    if (l->in[i]) {
      const dt_voice voice = l->marks->items[l->mark[i]].voice;
      square[voice][l->loud[i]] += l->error[i] * l->error[i];
      count[voice][l->loud[i]] += 1.0;
      all += l->error[i] * l->error[i];
      all_count += 1.0;
    }
  }
  const double mean = all_count > 0.0 && all > 0.0 ? all / all_count : 1.0;
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    for (int k = 0; k <= DT_LOUD_ACCENT; ++k) {
      weight[v][k] = mean * (count[v][k] + PRIOR_VALUES) / (square[v][k] + PRIOR_VALUES * mean);
    }
  }
}

dt__error dt__slope_error(const double* scores, size_t count) {
  dt__error error = dt__series_error(scores, count);
  if (error.df > 2.0) {
    error.se *= sqrt(error.df / (error.df - 1.0));
    error.df -= 1.0;
  }
  return error;
}

dt__number dt__levels_slope(dt__levels* l) {
  dt__number slope = {(double)NAN, {(double)NAN, 0.0}};
  const size_t cells = sort_into_cells(l);
  double weight[DT_VOICE_COUNT][DT_LOUD_ACCENT + 1];
  weigh(l, weight);
  double xx = 0.0;
  double xy = 0.0;
  double sum = 0.0;
  size_t n = 0;
  for (size_t i = 0; i < l->count; ++i) {
    if (l->in[i]) {
      const double w = weight[l->marks->items[l->mark[i]].voice][l->loud[i]];
      xx += w * l->time[i] * l->time[i];
      xy += w * l->time[i] * l->error[i];
      sum += l->minutes[i];
      ++n;
    }
  }
  l->middle = n > 0 ? sum / (double)n : 0.0;
  l->slope = 0.0;
  l->freedom = (double)n - (double)cells - 1.0;
  if (n < cells + LEFT_MIN || !(xx > 0.0)) {
    return slope;
  }
  slope.value = l->slope = xy / xx;
  const double gain = (double)n / xx * sqrt((double)n / l->freedom);
  size_t k = 0;
  for (size_t i = 0; i < l->count; ++i) {
    l->score[i] = 0.0;
    if (l->in[i]) {
      const double w = weight[l->marks->items[l->mark[i]].voice][l->loud[i]];
      l->error[i] -= slope.value * l->time[i];
      l->score[i] = gain * w * l->time[i] * l->error[i];
      l->scratch[k++] = l->score[i];
    }
  }
  slope.error = dt__slope_error(l->scratch, n);
  slope.error.df = fmin(slope.error.df, l->freedom);
  return slope;
}

static size_t cells_of(dt__levels* l, const bool* mask) {
  size_t cells = 0;
  for (size_t i = 0; i < l->count; ++i) {
    if (l->in[i]) {
      l->sums[3 * l->cell[i]] = 1.0;
    }
  }
  for (size_t i = 0; i < l->count; ++i) {
    if (mask[i] && l->sums[3 * l->cell[i]] > 0.0) {
      l->sums[3 * l->cell[i]] = 0.0;
      ++cells;
    }
  }
  return cells;
}

typedef struct side {
  double n;
  double cells;
  double level;
  double square;
} side;

static side side_of(dt__levels* l, const bool* mask) {
  side s = {0};
  for (size_t i = 0; i < l->count; ++i) {
    if (mask[i]) {
      s.n += 1.0;
      s.level += l->level_db[i] - l->slope * (l->minutes[i] - l->middle);
      s.square += l->error[i] * l->error[i];
    }
  }
  s.level /= s.n;
  s.cells = (double)cells_of(l, mask);
  return s;
}

/* Fewest of strokes beyond their cells that a side must have. */
static const double SIDE_MIN = 4.0;

dt__number dt__levels_contrast(dt__levels* l, const bool* a, const bool* b) {
  dt__number contrast = {(double)NAN, {(double)NAN, 0.0}};
  const side sa = side_of(l, a);
  const side sb = side_of(l, b);
  if (sa.n - sa.cells < SIDE_MIN || sb.n - sb.cells < SIDE_MIN) {
    return contrast;
  }
  size_t n = 0;
  const double ga = sqrt(sa.n / (sa.n - sa.cells)) / sa.n;
  const double gb = sqrt(sb.n / (sb.n - sb.cells)) / sb.n;
  for (size_t i = 0; i < l->count; ++i) {
    if (a[i] || b[i]) {
      l->scratch[n++] = l->error[i] * ((a[i] ? ga : 0.0) - (b[i] ? gb : 0.0));
    }
  }
  for (size_t k = 0; k < n; ++k) {
    l->scratch[k] *= (double)n;
  }
  contrast.value = sa.level - sb.level;
  contrast.error = dt__series_error(l->scratch, n);
  /* Two spreads, each known as far as its own strokes go (Welch 1947). */
  const double va = sa.square * ga * ga;
  const double vb = sb.square * gb * gb;
  const double df =
      (va + vb) * (va + vb) / (va * va / (sa.n - sa.cells) + vb * vb / (sb.n - sb.cells));
  contrast.error.df = isfinite(df) ? fmin(contrast.error.df, df) : contrast.error.df;
  return contrast;
}

dt__number dt__levels_mean(dt__levels* l, const bool* mask) {
  dt__number mean = {(double)NAN, {(double)NAN, 0.0}};
  const side s = side_of(l, mask);
  if (s.n - s.cells < SIDE_MIN) {
    return mean;
  }
  size_t n = 0;
  for (size_t i = 0; i < l->count; ++i) {
    if (mask[i]) {
      l->scratch[n++] = l->error[i] * sqrt(s.n / (s.n - s.cells));
    }
  }
  mean.value = s.level;
  mean.error = dt__series_error(l->scratch, n);
  mean.error.df = fmin(mean.error.df, s.n - s.cells);
  return mean;
}

dt_estimate dt__levels_sd(dt__levels* l, const bool* mask) {
  size_t n = 0;
  size_t all = 0;
  for (size_t i = 0; i < l->count; ++i) {
    all += l->in[i];
    if (mask[i]) {
      l->scratch[n++] = l->error[i];
    }
  }
  const double spent =
      (double)cells_of(l, mask) + (double)n / fmax((double)all, 1.0); /* of the slope */
  return dt__series_sd(l->scratch, n, spent, 0.0);
}

dt_estimate dt__number_estimate(dt__number number) {
  return dt__estimate_student(number.value, number.error);
}

double dt__number_p(dt__number number) {
  if (!isfinite(number.value) || !(number.error.se > 0.0)) {
    return (double)NAN;
  }
  return 2.0 * dt_student_cdf(-fabs(number.value) / number.error.se, number.error.df);
}
