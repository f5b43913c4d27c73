#include "local_scatter_internal.h"

#include <math.h>
#include <string.h>

#include "dt/arena.h"
#include "dt/stat.h"
#include "linalg_internal.h"

enum { ROUNDS = 4, ROWS_MIN = 8, RUNS_MIN = 4 };

/* What is left of a spread once its neighbours' is taken off can be next to nothing; its logarithm
 * is then no better known than this. */
static const double UNSURE = 0.5;

/* One row: a stroke's squared distance from the line between its neighbours, and how much each
 * class has in its expectation. */
typedef struct row {
  double square;
  size_t spot;
  int kind;
  double share[DT__CLASSES_MAX];
} row;

/* The strokes first .. end - 1 stand on one tick; the mean of those before or after comes in with
 * this weight. */
static double neighbours(const dt__spots* spots, size_t first, size_t end, double weight,
                         double* share) {
  double sum = 0.0;
  const double each = weight / (double)(end - first);
  for (size_t i = first; i < end; ++i) {
    sum += each * dt__spot_with_pulse(spots, i);
    share[spots->items[i].kind] += each * each;
  }
  return sum;
}

static size_t tick_end(const dt__spots* spots, size_t first) {
  size_t end = first;
  while (end < spots->count && spots->items[end].tick == spots->items[first].tick) {
    ++end;
  }
  return end;
}

/* Rows of the strokes here .. after - 1 between those of before and after. */
static size_t add_rows(const dt__spots* spots, const size_t at[4], row* rows) {
  const double left = spots->items[at[0]].tick;
  const double here = spots->items[at[1]].tick;
  const double right = spots->items[at[2]].tick;
  const double weight = (here - left) / (right - left);
  size_t count = 0;
  for (size_t i = at[1]; i < at[2]; ++i) {
    const dt__spot* spot = &spots->items[i];
    const double played = (double)spots->cells[spot->cell].count;
    row* r = &rows[count++];
    memset(r, 0, sizeof(*r));
    double away = dt__spot_with_pulse(spots, i);
    away -= neighbours(spots, at[0], at[1], 1.0 - weight, r->share);
    away -= neighbours(spots, at[2], at[3], weight, r->share);
    r->share[spot->kind] += 1.0;
    r->spot = i;
    r->kind = spot->kind;
    r->square = away * away * (played > 1.0 ? played / (played - 1.0) : 1.0);
  }
  return count;
}

static size_t make_rows(const dt__spots* spots, double reach_ticks, row* rows, dt__local* local) {
  size_t count = 0;
  size_t at[4] = {0, 0, 0, 0};
  at[1] = spots->count > 0 ? tick_end(spots, 0) : 0;
  while (at[1] < spots->count) {
    at[2] = tick_end(spots, at[1]);
    if (at[2] >= spots->count) {
      break;
    }
    at[3] = tick_end(spots, at[2]);
    if (spots->items[at[2]].tick - spots->items[at[0]].tick <= reach_ticks) {
      for (size_t i = at[1]; i < at[2]; ++i) {
        ++local->count[spots->items[i].kind];
      }
      count += add_rows(spots, at, rows + count);
    }
    at[0] = at[1];
    at[1] = at[2];
  }
  return count;
}

static void count_runs(const dt__spots* spots, dt__local* local) {
  for (size_t i = 0; i < spots->count; ++i) {
    const int kind = spots->items[i].kind;
    local->runs[kind] += i == 0 || spots->items[i - 1].kind != kind;
  }
}

static double expected(const row* r, const double* variance, int n) {
  return dt__dot(r->share, variance, (size_t)n);
}

/* The normal equations at the variances of the last round. */
static void normal_equations(const row* rows, size_t count, const double* variance, int n,
                             double* a, double* b) {
  memset(a, 0, (size_t)(n * n) * sizeof(*a));
  memset(b, 0, (size_t)n * sizeof(*b));
  for (size_t i = 0; i < count; ++i) {
    const double mean = expected(&rows[i], variance, n);
    const double weight = 1.0 / (mean * mean);
    for (int j = 0; j < n; ++j) {
      b[j] += weight * rows[i].share[j] * rows[i].square;
      for (int k = 0; k < n; ++k) {
        a[j * n + k] += weight * rows[i].share[j] * rows[i].share[k];
      }
    }
  }
}

static bool solve(const row* rows, size_t count, int n, double* variance, double* a) {
  double mean = 0.0;
  for (size_t i = 0; i < count; ++i) {
    mean += rows[i].square / (double)count / 1.5;
  }
  if (!(mean > 0.0)) {
    return false;
  }
  for (int k = 0; k < n; ++k) {
    variance[k] = mean;
  }
  for (int round = 0; round < ROUNDS; ++round) {
    double b[DT__CLASSES_MAX];
    double log_det = 0.0;
    normal_equations(rows, count, variance, n, a, b);
    if (!dt__cholesky(a, n, &log_det)) {
      return false;
    }
    dt__cholesky_solve(a, n, b);
    for (int k = 0; k < n; ++k) {
      variance[k] = fmax(b[k], 1e-3 * mean);
    }
  }
  return true;
}

/* a is the factor of the last normal equations. */
static void fill_influence(const row* rows, dt__local* local, const double* variance,
                           const double* a, const int* class_of, int n) {
  for (size_t i = 0; i < local->rows; ++i) {
    double b[DT__CLASSES_MAX];
    const double mean = expected(&rows[i], variance, n);
    for (int k = 0; k < n; ++k) {
      b[k] = rows[i].share[k] * (rows[i].square - mean) / (mean * mean);
    }
    dt__cholesky_solve(a, n, b);
    for (int k = 0; k < n; ++k) {
      local->influence[(size_t)class_of[k] * local->rows + i] = b[k];
    }
  }
}

static void fill_own(const row* rows, dt__local* local, const double* variance, const int* class_of,
                     int n) {
  for (size_t i = 0; i < local->rows; ++i) {
    double own = 0.0;
    for (int k = 0; k < n; ++k) {
      own = class_of[k] == rows[i].kind ? variance[k] : own;
    }
    local->own_ms2[rows[i].spot] = rows[i].square - (expected(&rows[i], variance, n) - own);
  }
}

/* Classes without strokes have no column. */
static void estimate(dt__local* local, row* rows) {
  int class_of[DT__CLASSES_MAX];
  double variance[DT__CLASSES_MAX];
  double a[DT__CLASSES_MAX * DT__CLASSES_MAX];
  int n = 0;
  for (int k = 0; k < local->classes; ++k) {
    double seen = 0.0;
    for (size_t i = 0; i < local->rows; ++i) {
      seen += rows[i].share[k];
      rows[i].share[n] = rows[i].share[k];
    }
    if (seen > 0.0) {
      class_of[n++] = k;
    }
  }
  if (local->rows < ROWS_MIN || !solve(rows, local->rows, n, variance, a)) {
    return;
  }
  fill_influence(rows, local, variance, a, class_of, n);
  fill_own(rows, local, variance, class_of, n);
  for (int k = 0; k < n; ++k) {
    local->variance_ms2[class_of[k]] = variance[k];
  }
}

dt_status dt__local_scatter(dt__local* local, const dt_allocator* allocator, const dt__spots* spots,
                            int classes, double reach_ticks) {
  memset(local, 0, sizeof(*local));
  local->classes = classes;
  for (int k = 0; k < DT__CLASSES_MAX; ++k) {
    local->variance_ms2[k] = (double)NAN;
  }
  if (spots->count == 0) {
    return DT_OK;
  }
  const size_t row_bytes = spots->count * sizeof(row);
  row* rows = dt_alloc(allocator, row_bytes);
  if (!rows) {
    return DT_NO_MEMORY;
  }
  local->rows = make_rows(spots, reach_ticks, rows, local);
  count_runs(spots, local);
  local->memory_size = ((size_t)classes * local->rows + spots->count) * sizeof(double);
  local->memory = dt_alloc_zero(allocator, local->memory_size);
  local->freedom = (double)local->rows - (double)spots->cell_count - (double)classes;
  const dt_status status = local->memory ? DT_OK : DT_NO_MEMORY;
  if (status == DT_OK) {
    local->own_ms2 = local->memory;
    local->influence = local->own_ms2 + spots->count;
    for (size_t i = 0; i < spots->count; ++i) {
      local->own_ms2[i] = (double)NAN;
    }
    estimate(local, rows);
  }
  dt_release(allocator, rows, row_bytes);
  if (status != DT_OK) {
    memset(local, 0, sizeof(*local));
  }
  return status;
}

void dt__local_clear(dt__local* local, const dt_allocator* allocator) {
  dt_release(allocator, local->memory, local->memory_size);
  memset(local, 0, sizeof(*local));
}

/* Runs of a class, or of its silences where those are the few. */
static size_t few_runs(const dt__local* local, int kind) {
  size_t others = 0;
  for (int k = 0; k < local->classes; ++k) {
    others += k == kind ? 0 : local->runs[k];
  }
  return others == 0 ? local->count[kind] : local->runs[kind];
}

static bool is_known(const dt__local* local, int kind, double jitter_ms) {
  return local->count[kind] >= DT__SERIES_MIN && few_runs(local, kind) >= RUNS_MIN &&
         local->variance_ms2[kind] > 1.05 * jitter_ms * jitter_ms;
}

/* Standard error of sum over rows of the series. */
static dt__error sum_error(const dt__local* local, const double* x, size_t runs) {
  const double n = (double)local->rows;
  dt__error error = dt__series_error(x, local->rows);
  error.se *= n * sqrt(n / fmax(local->freedom, 1.0));
  /* The transforms of a series that is silent but for a few bursts repeat each other. */
  error.df = fmin(error.df, (double)runs - 1.0);
  error.se *= sqrt((double)runs / ((double)runs - 1.0));
  return error;
}

dt_estimate dt__local_sd(const dt__local* local, int kind, double jitter_ms) {
  if (!is_known(local, kind, jitter_ms)) {
    return dt__unknown(DT_CANT_TELL);
  }
  const double variance = local->variance_ms2[kind] - jitter_ms * jitter_ms;
  dt__error error =
      sum_error(local, local->influence + (size_t)kind * local->rows, few_runs(local, kind));
  error.se *= 0.5 / variance;
  return dt__estimate_log(sqrt(variance), error);
}

dt_estimate dt__local_ratio(const dt__local* local, int of, int to, double jitter_ms,
                            double* scratch) {
  if (!is_known(local, of, jitter_ms) || !is_known(local, to, jitter_ms)) {
    return dt__unknown(DT_CANT_TELL);
  }
  const double of_variance = local->variance_ms2[of] - jitter_ms * jitter_ms;
  const double to_variance = local->variance_ms2[to] - jitter_ms * jitter_ms;
  const size_t of_runs = few_runs(local, of);
  const size_t to_runs = few_runs(local, to);
  for (size_t i = 0; i < local->rows; ++i) {
    scratch[i] = 0.5 * (local->influence[(size_t)of * local->rows + i] / of_variance -
                        local->influence[(size_t)to * local->rows + i] / to_variance);
  }
  const dt__error error = sum_error(local, scratch, of_runs < to_runs ? of_runs : to_runs);
  if (error.se > UNSURE) {
    return dt__unknown(DT_CANT_TELL);
  }
  return dt__estimate_log(sqrt(of_variance / to_variance), error);
}
