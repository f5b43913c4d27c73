/*
 * The social-drumming trials (TrainorLab, GPL-2 data): people in pairs drum to a metronome of one
 * second for half a minute and go on without it for a minute. Do the timing models say of them what
 * was computed of them before?
 *
 *   social_drumming FOLDER      the archive, unpacked: FOLDER/Data/2*_trial*.csv are the pairs that
 *                               were asked to play together
 *
 * Cleaning, as in the figures that it is held against: a stroke within 150 ms of the one before is
 * a double; asynchronies of 200 ms and more are left out; a straight line is taken off.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/stat.h"
#include "dt/timekeeper.h"

enum { STROKES_MAX = 400, SERIES_MAX = 512, BEATS_MAX = 400 };

#define TICKS_PER_S  960.0
#define METRONOME_S  33.5 /* the last click of 960 ticks; before it the spread does not grow */
#define SETTLED_S    3.5
#define CONTINUE_S   34.5
#define DOUBLE_S     0.15
#define ASYNCHRONY_S 0.2

typedef struct column {
  const char* name;
  double value[SERIES_MAX];
  size_t count;
} column;

enum { MEAN, SPREAD, CV, LAG1, CLOCK_MOMENTS, MOTOR_MOMENTS, CLOCK, MOTOR, SHORTER, COLUMNS };

static column table[COLUMNS] = {
    [MEAN] = {.name = "to the metronome: mean asynchrony, ms"},
    [SPREAD] = {.name = "its SD, ms"},
    [CV] = {.name = "without: interval CV, %"},
    [LAG1] = {.name = "lag-1 correlation"},
    [CLOCK_MOMENTS] = {.name = "clock SD, ms (moments)"},
    [MOTOR_MOMENTS] = {.name = "motor SD, ms (moments)"},
    [CLOCK] = {.name = "clock SD, ms (likelihood)"},
    [MOTOR] = {.name = "motor SD, ms (likelihood)"},
    [SHORTER] = {.name = "interval shorter by the end, %"},
};

static const char* const BEFORE[COLUMNS] = {
    [MEAN] = "-24.8 (-53 ... 0)",
    [SPREAD] = "39.5 (33 ... 47)",
    [CV] = "4.1 (3.5 ... 5.1)",
    [LAG1] = "-0.31",
    [CLOCK_MOMENTS] = "22.5",
    [MOTOR_MOMENTS] = "22.6",
    [CLOCK] = "22.5",
    [MOTOR] = "22.6",
    [SHORTER] = "2.8",
};

static size_t refused;
static size_t negative;
static size_t hands_noisier;

static void add(int which, double value) {
  column* c = &table[which];
  if (isfinite(value) && c->count < SERIES_MAX) {
    c->value[c->count++] = value;
  }
}

/* Strokes of one pad, seconds, doubles left out. */
static size_t read_pad(FILE* file, int pitch, double* time_s) {
  char line[256];
  size_t n = 0;
  rewind(file);
  while (fgets(line, sizeof(line), file) && n < STROKES_MAX) {
    double start = 0.0;
    int note = 0;
    if (sscanf(line, "%*[^,],%*[^,],%lf,%*[^,],%*[^,],%*[^,],%d", &start, &note) == 2 &&
        note == pitch) {
      const double at = start / TICKS_PER_S;
      if (n == 0 || at - time_s[n - 1] >= DOUBLE_S) {
        time_s[n++] = at;
      }
    }
  }
  return n;
}

static double detrended_sd(const double* x, const double* y, size_t n, double* slope) {
  const double mx = dt_mean(x, n);
  const double my = dt_mean(y, n);
  double xx = 0.0;
  double xy = 0.0;
  double rest = 0.0;
  for (size_t i = 0; i < n; ++i) {
    xx += (x[i] - mx) * (x[i] - mx);
    xy += (x[i] - mx) * (y[i] - my);
  }
  *slope = xy / xx;
  for (size_t i = 0; i < n; ++i) {
    const double r = y[i] - my - *slope * (x[i] - mx);
    rest += r * r;
  }
  return sqrt(rest / ((double)n - 2.0));
}

static void synchronised(const double* time_s, size_t n) {
  static double at[STROKES_MAX];
  static double asynchrony_ms[STROKES_MAX];
  size_t kept = 0;
  for (size_t i = 0; i < n; ++i) {
    const double a = time_s[i] - round(time_s[i]);
    if (time_s[i] > SETTLED_S && time_s[i] < METRONOME_S && fabs(a) < ASYNCHRONY_S) {
      at[kept] = time_s[i];
      asynchrony_ms[kept++] = 1e3 * a;
    }
  }
  if (kept >= 20) {
    double slope = 0.0;
    add(MEAN, dt_mean(asynchrony_ms, kept));
    add(SPREAD, detrended_sd(at, asynchrony_ms, kept, &slope));
  }
}

/* The longest run whose intervals stay within a fifth of their median. */
static size_t longest_run(const double* time_s, size_t n, size_t* first) {
  static double interval[STROKES_MAX];
  static double scratch[STROKES_MAX];
  for (size_t i = 0; i + 1 < n; ++i) {
    interval[i] = time_s[i + 1] - time_s[i];
  }
  const double median = dt_median(interval, n - 1, scratch);
  size_t best = 0;
  size_t length = 1;
  *first = 0;
  for (size_t i = 0; i + 1 < n; ++i) {
    length = fabs(interval[i] / median - 1.0) < 0.2 ? length + 1 : 1;
    if (length > best) {
      best = length;
      *first = i + 2 - length;
    }
  }
  return best;
}

static void continued(const double* time_s, size_t n) {
  size_t start = 0;
  while (start < n && time_s[start] < CONTINUE_S) {
    ++start;
  }
  if (n - start < 25) {
    return;
  }
  size_t first = 0;
  const size_t count = longest_run(time_s + start, n - start, &first);
  if (count < 31) {
    return;
  }
  static double value_ms[BEATS_MAX];
  static double x[BEATS_MAX];
  static double interval_ms[BEATS_MAX];
  for (size_t i = 0; i < count; ++i) {
    value_ms[i] = 1e3 * time_s[start + first + i];
  }
  for (size_t i = 0; i + 1 < count; ++i) {
    x[i] = (double)i;
    interval_ms[i] = value_ms[i + 1] - value_ms[i];
  }
  const double mean = dt_mean(interval_ms, count - 1);
  if (mean < 700.0 || mean > 1400.0) { /* every other beat, or another task */
    return;
  }
  double slope = 0.0;
  add(CV, 100.0 * detrended_sd(x, interval_ms, count - 1, &slope) / mean);
  add(SHORTER, -100.0 * slope * (double)(count - 1) / mean);
  /* A tick is a 960th of a second: uniform, 1 / sqrt(12) of it. */
  const dt_beats beats = {
      .value_ms = value_ms, .count = count, .detector_ms = 1e3 / TICKS_PER_S / sqrt(12.0)};
  dt_keeper_point moments;
  dt_timekeeper found;
  if (dt_timekeeper_moments(&moments, NULL, &beats) != DT_OK ||
      dt_timekeeper_free(&found, NULL, &beats) != DT_OK) {
    fprintf(stderr, "social_drumming: not enough memory\n");
    exit(1);
  }
  add(LAG1, moments.lag1);
  negative += moments.lag1 < 0.0;
  add(CLOCK_MOMENTS, moments.clock_ms);
  add(MOTOR_MOMENTS, moments.motor_ms);
  if (found.clock_ms.known == DT_KNOWN) {
    add(CLOCK, found.clock_ms.value);
    add(MOTOR, found.motor_ms.value);
    hands_noisier += found.motor_ms.value > found.clock_ms.value;
  } else {
    ++refused;
  }
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "social_drumming: give the folder of the unpacked archive\n");
    return 2;
  }
  int files = 0;
  for (int pair = 201; pair <= 222; ++pair) {
    for (int trial = 1; trial <= 4; ++trial) {
      char path[1024];
      snprintf(path, sizeof(path), "%s/Data/%d_trial%d.csv", argv[1], pair, trial);
      FILE* file = fopen(path, "r");
      if (!file) {
        continue;
      }
      ++files;
      for (int pitch = 47; pitch <= 48; ++pitch) {
        static double time_s[STROKES_MAX];
        const size_t n = read_pad(file, pitch, time_s);
        synchronised(time_s, n);
        continued(time_s, n);
      }
      fclose(file);
    }
  }
  if (files == 0) {
    fprintf(stderr, "social_drumming: no Data/2*_trial*.csv in %s\n", argv[1]);
    return 1;
  }
  printf("%d trials. Median, and quartiles in brackets.\n\n", files);
  printf("| | series | here | published |\n|---|---|---|---|\n");
  for (int k = 0; k < COLUMNS; ++k) {
    static double scratch[SERIES_MAX];
    const column* c = &table[k];
    const int digits = k == LAG1 ? 2 : 1;
    printf("| %s | %zu | %.*f (%.*f ... %.*f) | %s |\n", c->name, c->count, digits,
           dt_median(c->value, c->count, scratch), digits,
           dt_quantile(c->value, c->count, 0.25, scratch), digits,
           dt_quantile(c->value, c->count, 0.75, scratch), BEFORE[k]);
  }
  printf(
      "\nThe lag-1 correlation is negative in %.0f %% of %zu runs (published: 95 %%). Of %zu runs "
      "the likelihood calls %zu not testable; in %.0f %% of the others the hands are noisier than "
      "the clock.\n",
      100.0 * (double)negative / (double)table[LAG1].count, table[LAG1].count,
      table[CLOCK].count + refused, refused,
      100.0 * (double)hands_noisier / fmax((double)table[CLOCK].count, 1.0));
  return 0;
}
