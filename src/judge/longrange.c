#include <math.h>
#include <string.h>

#include "dt/rng.h"
#include "dt/stat.h"
#include "dt/timekeeper.h"

/* Detrended fluctuation analysis of order 1 (Peng et al. 1994), both ends (Kantelhardt 2001). */

enum { WINDOW_MIN = 10, SURROGATES = 100, HISTORY = 500, USED_MAX = 4000, SEED = 20041 };

/* Mean square about the line through count values of the profile. */
static double about_line(const double* y, size_t count) {
  const double n = (double)count;
  const double middle = 0.5 * (n - 1.0);
  double mean = 0.0;
  double cross = 0.0;
  for (size_t i = 0; i < count; ++i) {
    mean += y[i] / n;
  }
  double square = 0.0;
  for (size_t i = 0; i < count; ++i) {
    cross += ((double)i - middle) * (y[i] - mean);
    square += (y[i] - mean) * (y[i] - mean);
  }
  const double spread = n * (n * n - 1.0) / 12.0;
  return fmax(square - cross * cross / spread, 0.0) / n;
}

static double fluctuation(const double* profile, size_t count, size_t window) {
  const size_t windows = count / window;
  double sum = 0.0;
  for (size_t k = 0; k < windows; ++k) {
    sum += about_line(profile + k * window, window);
    sum += about_line(profile + count - (k + 1) * window, window);
  }
  return sqrt(sum / (2.0 * (double)windows));
}

static int choose_windows(size_t count, double* window) {
  const double last = floor((double)count / 4.0);
  int n = 0;
  for (int k = 0; k < DT_LONGRANGE_POINTS_MAX; ++k) {
    const double at =
        round(WINDOW_MIN * pow(last / WINDOW_MIN, (double)k / (DT_LONGRANGE_POINTS_MAX - 1)));
    if (n == 0 || at > window[n - 1]) {
      window[n++] = at;
    }
  }
  return n;
}

/* x becomes its profile. */
static double exponent_of(double* x, size_t count, const double* window, int points, double* f) {
  double mean = 0.0;
  for (size_t i = 0; i < count; ++i) {
    mean += x[i] / (double)count;
  }
  double sum = 0.0;
  for (size_t i = 0; i < count; ++i) {
    sum += x[i] - mean;
    x[i] = sum;
  }
  double mx = 0.0;
  double my = 0.0;
  for (int k = 0; k < points; ++k) {
    f[k] = fluctuation(x, count, (size_t)window[k]);
    mx += log(window[k]) / points;
    my += log(f[k]) / points;
  }
  double xx = 0.0;
  double xy = 0.0;
  for (int k = 0; k < points; ++k) {
    xx += (log(window[k]) - mx) * (log(window[k]) - mx);
    xy += (log(window[k]) - mx) * (log(f[k]) - my);
  }
  return xy / xx;
}

/*
 * All surrogates at once, a row for each beat: white noise integrated d times, d a fraction
 * (Granger & Joyeux 1980), whose exponent is d + 1/2 on both sides of 1.
 */
static void make_noise(double d, size_t count, double* white, double* rows, double* weight) {
  dt_rng rng = dt_rng_seeded(SEED, 1);
  const size_t all = count + HISTORY;
  weight[0] = 1.0;
  for (size_t k = 1; k < all; ++k) {
    weight[k] = weight[k - 1] * ((double)k - 1.0 + d) / (double)k;
  }
  for (size_t i = 0; i < all * SURROGATES; ++i) {
    white[i] = dt_rng_normal(&rng);
  }
  for (size_t i = 0; i < count; ++i) {
    double* row = rows + i * SURROGATES;
    memset(row, 0, SURROGATES * sizeof(double));
    for (size_t k = 0; k <= i + HISTORY; ++k) {
      const double* from = white + (i + HISTORY - k) * SURROGATES;
      for (int s = 0; s < SURROGATES; ++s) {
        row[s] += weight[k] * from[s];
      }
    }
  }
}

typedef struct room {
  double* x;      /* count */
  double* weight; /* count + HISTORY */
  double* white;  /* (count + HISTORY) * SURROGATES */
  double* rows;   /* count * SURROGATES */
} room;

/* Mean and SD of what DFA says of noise with that exponent. */
static void ask_surrogates(double exponent, size_t count, const double* window, int points,
                           const room* r, double* mean, double* sd) {
  make_noise(exponent - 0.5, count, r->white, r->rows, r->weight);
  double found[SURROGATES];
  double f[DT_LONGRANGE_POINTS_MAX];
  for (int s = 0; s < SURROGATES; ++s) {
    for (size_t i = 0; i < count; ++i) {
      r->x[i] = r->rows[i * SURROGATES + (size_t)s];
    }
    found[s] = exponent_of(r->x, count, window, points, f);
  }
  *mean = dt_mean(found, SURROGATES);
  *sd = dt_sd(found, SURROGATES);
}

/* Copies, with straight lines over the gaps; false: too many of them, or nothing varies. */
static bool fill(const double* x, size_t count, double* out) {
  size_t missing = 0;
  bool varies = false;
  for (size_t i = 0; i < count; ++i) {
    missing += isnan(x[i]) != 0;
    varies |= isfinite(x[i]) && isfinite(x[0]) && x[i] != x[0];
    if (isinf(x[i])) {
      return false;
    }
  }
  if (10 * missing > count || isnan(x[0]) || isnan(x[count - 1]) || !varies) {
    return false;
  }
  size_t before = 0;
  for (size_t i = 0; i < count; ++i) {
    if (isnan(x[i])) {
      continue;
    }
    for (size_t k = before + 1; k < i; ++k) {
      out[k] = x[before] + (x[i] - x[before]) * (double)(k - before) / (double)(i - before);
    }
    out[i] = x[i];
    before = i;
  }
  return true;
}

dt_status dt_longrange_of(dt_longrange* out, const dt_allocator* allocator, const double* x_ms,
                          size_t count) {
  *out = (dt_longrange){.exponent = {(double)NAN, (double)NAN, (double)NAN, DT_NOT_TESTABLE}};
  while (count > 0 && isnan(x_ms[count - 1])) {
    --count;
  }
  while (count > 0 && isnan(x_ms[0])) {
    ++x_ms;
    --count;
  }
  count = count > USED_MAX ? USED_MAX : count;
  while (count > 0 && isnan(x_ms[count - 1])) {
    --count;
  }
  for (size_t i = 0; i < count; ++i) {
    out->beat_count += !isnan(x_ms[i]);
  }
  if (out->beat_count < DT_LONGRANGE_BEATS_MIN) {
    return DT_OK;
  }
  const size_t all = count + HISTORY;
  const size_t size = (count * (SURROGATES + 1) + all * (SURROGATES + 1)) * sizeof(double);
  double* block = dt_alloc(allocator, size);
  if (!block) {
    return DT_NO_MEMORY;
  }
  const room r = {block, block + count, block + count + all,
                  block + count + all * (SURROGATES + 1)};
  if (fill(x_ms, count, r.x)) {
    out->point_count = choose_windows(count, out->window_beats);
    const double raw =
        exponent_of(r.x, count, out->window_beats, out->point_count, out->fluctuation_ms);
    double mean = 0.0;
    double sd = 0.0;
    ask_surrogates(raw, count, out->window_beats, out->point_count, &r, &mean, &sd);
    const double value = 2.0 * raw - mean;
    const double z = 1.959964;
    out->exponent = (dt_estimate){value, value - z * sd, value + z * sd, DT_KNOWN};
  }
  dt_release(allocator, block, size);
  return DT_OK;
}
