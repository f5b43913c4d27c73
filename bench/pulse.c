/*
 * The pulse, scored as beat trackers are: Markdown.
 *
 *   bench_pulse --data FOLDER [--split train|validation] [--drummer NAME] [--stride N] [--takes]
 *
 *   bench_pulse --virtual SEEDS   the simulated drummer
 *   bench_pulse --lists COUNT     lists of times that have no pulse
 *
 * FOLDER is the Groove MIDI Dataset, unpacked (info.csv and the drummers' folders).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "beat_score.h"
#include "csv_field.h"
#include "dt/beats.h"
#include "dt/codec.h"
#include "dt/meter.h"
#include "dt/stat.h"
#include "pulse_rows.h"

enum { BEATS_MAX = 16384, TAKES_MAX = 1100, STYLES_MAX = 32, BARS_MIN = 8 };

typedef struct truth {
  double beat_s[BEATS_MAX];
  size_t beat_count;
  double down_s[BEATS_MAX];
  size_t down_count;
  double bpm;
  dt_meter meter;
  double bars;
} truth;

typedef struct row {
  char style[24];
  char name[96];
  bool is_long; /* 8 bars or more */
  bool has_beats;
  beat_score beats;
  double down_f;
  bool acc1, acc2, meter_right;
  double ratio;       /* of tempi, found to true */
  double phase_sd_ms; /* about the click; live: once locked */
  double own_sd_ms;   /* live: about the player's own beat, as smoothed offline */
  double lock_bars;
  double notice_min; /* beats */
} row;

static row all_rows[2][TAKES_MAX]; /* offline, live */
static row* rows = all_rows[0];
static size_t row_count;

static void die(const char* what, const char* which) {
  fprintf(stderr, "bench_pulse: %s: %s\n", which, what);
  exit(1);
}

static void make_truth(truth* t, const dt_take* take, dt_meter meter) {
  const dt_tick beat = dt_meter_beat_ticks(meter);
  const dt_tick bar = dt_meter_bar_ticks(meter);
  const double first = take->strokes.items[0].time_s;
  const double last = take->strokes.items[take->strokes.count - 1].time_s;
  const double scale = (double)take->click.ticks_per_quarter / DT_TICKS_PER_QUARTER;
  t->beat_count = t->down_count = 0;
  t->meter = meter;
  t->bpm = dt_tempo_map_bpm(&take->click, 0.0) * DT_TICKS_PER_QUARTER / (double)beat;
  for (dt_tick tick = 0; t->beat_count < BEATS_MAX; tick += beat) {
    const double at = dt_tempo_map_seconds(&take->click, (double)tick * scale);
    if (at > last + 0.1) {
      break;
    }
    if (at < first - 30.0 / t->bpm) {
      continue;
    }
    t->beat_s[t->beat_count++] = at;
    if (tick % bar == 0) {
      t->down_s[t->down_count++] = at;
    }
  }
  t->bars = (last - first) * t->bpm / 60.0 * (double)beat / (double)bar;
}

static bool near_ratio(double x, double ratio) {
  return fabs(x / ratio - 1.0) <= 0.04;
}

static void score(row* r, const truth* t, const double* found, const double* down, size_t count,
                  size_t down_count, double bpm, dt_meter meter) {
  r->beats = score_beats(t->beat_s, t->beat_count, found, count, 5.0);
  r->down_f = score_beats_f(t->down_s, t->down_count, down, down_count, 5.0);
  r->ratio = bpm / t->bpm;
  r->acc1 = near_ratio(r->ratio, 1.0);
  r->acc2 = r->acc1 || near_ratio(r->ratio, 2.0) || near_ratio(r->ratio, 0.5) ||
            near_ratio(r->ratio, 3.0) || near_ratio(r->ratio, 1.0 / 3.0);
  r->meter_right =
      meter.numerator == t->meter.numerator && meter.denominator == t->meter.denominator;
}

static double away_ms[BEATS_MAX];

/* SD of beats after 5 s about the click. */
static double click_sd(const truth* t, const double* found, size_t count) {
  size_t n = 0;
  for (size_t k = 0; k < count; ++k) {
    const double beat = (found[k] - t->beat_s[0]) * t->bpm / 60.0;
    const double ms = (beat - floor(beat + 0.5)) * 60000.0 / t->bpm;
    if (found[k] > t->beat_s[0] + 5.0 && fabs(ms) < 70.0) {
      away_ms[n++] = ms;
    }
  }
  return n > 4 ? dt_sd(away_ms, n) : (double)NAN;
}

/* SD of beats about the nearest of others. */
static double own_sd(const double* own, size_t own_count, const double* found, size_t count) {
  size_t n = 0;
  size_t j = 0;
  for (size_t k = 0; k < count && own_count > 0; ++k) {
    while (j + 1 < own_count && fabs(own[j + 1] - found[k]) <= fabs(own[j] - found[k])) {
      ++j;
    }
    if (fabs(own[j] - found[k]) < 0.07) {
      away_ms[n++] = 1000.0 * (found[k] - own[j]);
    }
  }
  return n > 4 ? dt_sd(away_ms, n) : (double)NAN;
}

static double smoothed_s[BEATS_MAX]; /* the take's beats, offline */
static size_t smoothed_count;

static double seconds_used;

static void offline(row* r, const truth* t, const dt_take* take) {
  static double found[BEATS_MAX];
  static double down[BEATS_MAX];
  const clock_t start = clock();
  const dt_beat_config config = dt_beat_default();
  dt_beat_track track;
  const double end = take->strokes.items[take->strokes.count - 1].time_s;
  if (dt_beat_track_find(&track, NULL, take->strokes.items, take->strokes.count, end, &config) !=
      DT_OK) {
    die("cannot be tracked", r->name);
  }
  seconds_used += (double)(clock() - start) / CLOCKS_PER_SEC;
  size_t downs = 0;
  for (size_t k = 0; k < track.beat_count; ++k) {
    found[k] = track.beats[k].time_s;
    if (track.beats[k].in_bar == 1) {
      down[downs++] = found[k];
    }
  }
  const double bpm = track.beat_count > 2 ? 60.0 * (double)(track.beat_count - 1) /
                                                (found[track.beat_count - 1] - found[0])
                                          : 1.0;
  score(r, t, found, down, track.beat_count, downs, bpm, track.meter);
  r->phase_sd_ms = click_sd(t, found, track.beat_count);
  smoothed_count = track.beat_count;
  memcpy(smoothed_s, found, smoothed_count * sizeof(*found));
  dt_beat_track_clear(&track, NULL);
}

static double music_s;

static double live_seconds_used;

/* Beats as they are called; those that come before the first stroke that follows are its own. */
static void live(row* r, const truth* t, const dt_take* take) {
  static double found[BEATS_MAX];
  static double down[BEATS_MAX];
  const dt_beat_config config = dt_beat_default();
  dt_follower* follower = NULL;
  if (dt_follower_new(&follower, NULL, &config) != DT_OK) {
    die("no memory", r->name);
  }
  static double locked[BEATS_MAX];
  size_t locked_count = 0;
  size_t count = 0;
  size_t downs = 0;
  double bpm = 1.0;
  dt_meter meter = {0, 0};
  const double last = take->strokes.items[take->strokes.count - 1].time_s;
  r->lock_bars = (double)NAN;
  const clock_t start = clock();
  size_t next = 0;
  for (double now = 0.05; now < last + 0.05; now += 0.05) {
    dt_beat_call calls[8];
    for (; next < take->strokes.count && take->strokes.items[next].time_s < now; ++next) {
      dt_follower_stroke(follower, &take->strokes.items[next]);
    }
    const size_t n = dt_follower_advance(follower, now, calls, 8);
    for (size_t k = 0; k < n && count < BEATS_MAX; ++k) {
      if (calls[k].time_s > last + 0.1) {
        continue;
      }
      found[count++] = calls[k].time_s;
      r->notice_min =
          fmin(r->notice_min, (calls[k].time_s - calls[k].made_s) * calls[k].bpm / 60.0);
      if (calls[k].in_bar == 1) {
        down[downs++] = calls[k].time_s;
      }
      if (isnan(r->lock_bars) && calls[k].is_locked) {
        r->lock_bars = (calls[k].made_s - take->strokes.items[0].time_s) * t->bpm / 60.0 *
                       (double)dt_meter_beat_ticks(t->meter) / (double)dt_meter_bar_ticks(t->meter);
      }
      if (calls[k].is_locked) {
        locked[locked_count++] = calls[k].time_s;
      }
      meter = calls[k].meter;
    }
  }
  live_seconds_used += (double)(clock() - start) / CLOCKS_PER_SEC;
  if (count > 2) {
    bpm = 60.0 * (double)(count - 1) / (found[count - 1] - found[0]);
  }
  score(r, t, found, down, count, downs, bpm, meter);
  r->phase_sd_ms = click_sd(t, locked, locked_count);
  r->own_sd_ms = own_sd(smoothed_s, smoothed_count, locked, locked_count);
  dt_follower_free(follower, NULL);
}

static void one_take(const char* folder, const char* line, bool is_live) {
  static truth t;
  char name[512];
  char path[1024];
  char meter_text[16];
  row* r = &rows[row_count];
  memset(r, 0, sizeof(*r));
  csv_field(line, 3, r->style, sizeof(r->style));
  r->style[strcspn(r->style, "/")] = '\0';
  csv_field(line, 6, meter_text, sizeof(meter_text));
  csv_field(line, 7, name, sizeof(name));
  const char* dash = strchr(meter_text, '-');
  const dt_meter meter = {atoi(meter_text), dash ? atoi(dash + 1) : 4};
  snprintf(r->name, sizeof(r->name), "%.95s", name);
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  dt_take take;
  dt_error err;
  if (dt_take_load(&take, NULL, path, NULL, &err) != DT_OK) {
    die(err.sentence, path);
  }
  if (take.strokes.count > 4) {
    make_truth(&t, &take, meter);
    r->is_long = t.bars >= BARS_MIN - 0.5;
    if (r->is_long) {
      row* l = &all_rows[1][row_count];
      *l = *r;
      l->notice_min = 9.0;
      offline(r, &t, &take);
      if (is_live) {
        live(l, &t, &take);
      }
      music_s += take.duration_s;
      ++row_count;
    }
  }
  dt_take_clear(&take, NULL);
}

static double column[TAKES_MAX];

typedef double (*value_fn)(const row* r);
#define COLUMNS(X)                                                                                 \
  X(beat_f, r->beats.f)                                                                            \
  X(cemgil_of, r->beats.cemgil)                                                                    \
  X(cmlt, r->beats.cmlt)                                                                           \
  X(amlt, r->beats.amlt)                                                                           \
  X(down_f, r->down_f)                                                                             \
  X(acc1, r->acc1)                                                                                 \
  X(acc2, r->acc2)                                                                                 \
  X(meter_of, r->meter_right)
#define COLUMN_FN(name, value)                                                                     \
  static double name(const row* r) {                                                               \
    return value;                                                                                  \
  }
COLUMNS(COLUMN_FN)

static void print_mean(const char* style, value_fn value) {
  size_t n = 0;
  for (size_t k = 0; k < row_count; ++k) {
    if (!style || strcmp(style, rows[k].style) == 0) {
      column[n++] = value(&rows[k]);
    }
  }
  printf(" %.3f |", dt_mean(column, n));
}

static void print_line(const char* style) {
  size_t n = 0;
  static double sd[TAKES_MAX];
  static double scratch[TAKES_MAX];
  size_t sds = 0;
  for (size_t k = 0; k < row_count; ++k) {
    if (!style || strcmp(style, rows[k].style) == 0) {
      ++n;
      if (isfinite(rows[k].phase_sd_ms)) {
        sd[sds++] = rows[k].phase_sd_ms;
      }
    }
  }
  printf("| %s | %zu |", style ? style : "all", n);
#define COLUMN_PRINT(name, value) print_mean(style, name);
  COLUMNS(COLUMN_PRINT)
  printf(" %.1f |\n", dt_median(sd, sds, scratch));
}

static void print_table(void) {
  printf(
      "| style | takes | beat F | Cemgil | CMLt | AMLt | downbeat F | Acc1 | Acc2 | metre | phase "
      "SD, ms |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
  for (size_t k = 0; k < row_count; ++k) {
    bool seen = false;
    for (size_t j = 0; j < k; ++j) {
      seen |= strcmp(rows[j].style, rows[k].style) == 0;
    }
    if (!seen) {
      print_line(rows[k].style);
    }
  }
  print_line(NULL);
}

int main(int argc, char** argv) {
  const char* data = NULL;
  const char* split = "validation";
  int stride = 1;
  int phase = 0;
  const char* drummer = "";
  bool list = false;
  bool is_live = true;
  for (int k = 1; k < argc; ++k) {
    if (strcmp(argv[k], "--data") == 0 && k + 1 < argc) {
      data = argv[++k];
    } else if (strcmp(argv[k], "--split") == 0 && k + 1 < argc) {
      split = argv[++k];
    } else if (strcmp(argv[k], "--stride") == 0 && k + 1 < argc) {
      stride = atoi(argv[++k]);
    } else if (strcmp(argv[k], "--drummer") == 0 && k + 1 < argc) {
      drummer = argv[++k];
    } else if (strcmp(argv[k], "--virtual") == 0 && k + 1 < argc) {
      pulse_virtual_rows(1001, (size_t)atoi(argv[++k]));
      return 0;
    } else if (strcmp(argv[k], "--lists") == 0 && k + 1 < argc) {
      pulse_random_rows(1001, (size_t)atoi(argv[++k]));
      return 0;
    } else if (strcmp(argv[k], "--offline") == 0) {
      is_live = false;
    } else if (strcmp(argv[k], "--takes") == 0) {
      list = true;
    } else {
      fprintf(stderr,
              "bench_pulse: --data FOLDER [--split train|validation] [--stride N] [--takes]\n");
      return 2;
    }
  }
  char path[1024];
  char line[2048];
  char field[32];
  snprintf(path, sizeof(path), "%s/info.csv", data ? data : "");
  FILE* info = data ? fopen(path, "r") : NULL;
  if (!info) {
    die("no info.csv there", data ? data : "--data");
  }
  while (fgets(line, sizeof(line), info) && row_count < TAKES_MAX) {
    csv_field(line, 10, field, sizeof(field));
    char player[32];
    csv_field(line, 0, player, sizeof(player));
    if (strcmp(field, split) == 0 && (!*drummer || strcmp(player, drummer) == 0)) {
      char duration[32];
      csv_field(line, 9, duration, sizeof(duration));
      if (atof(duration) > 5.0 && phase++ % stride == 0) {
        one_take(data, line, is_live);
      }
    }
  }
  fclose(info);
  for (int k = 0; k < (is_live ? 2 : 1); ++k) {
    rows = all_rows[k];
    printf("\n## %s\n\n", k == 0 ? "Offline" : "Live");
    print_table();
  }
  size_t locks = 0;
  double notice = 9.0;
  for (size_t k = 0; k < row_count; ++k) {
    notice = fmin(notice, rows[k].notice_min);
    if (isfinite(rows[k].lock_bars)) {
      column[locks++] = rows[k].lock_bars;
    }
  }
  static double scratch[TAKES_MAX];
  printf(
      "\nLocked in %zu takes, after %.2f bars (median; 90 %%: %.2f). Least notice: %.2f beats.\n",
      locks, dt_median(column, locks, scratch), dt_quantile(column, locks, 0.9, scratch), notice);
  size_t owns = 0;
  for (size_t k = 0; k < row_count; ++k) {
    if (isfinite(rows[k].own_sd_ms)) {
      column[owns++] = rows[k].own_sd_ms;
    }
  }
  printf("Once locked, live beats about the player's own (smoothed) beat: SD %.1f ms (median).\n",
         dt_median(column, owns, scratch));
  printf("Live: %.3f %% of one core.\n", 100.0 * live_seconds_used / music_s);
  printf("\n%.0f s of drumming in %.2f s of one core: %.2f s for ten minutes.\n", music_s,
         seconds_used, 600.0 * seconds_used / music_s);
  for (size_t k = 0; k < row_count && list; ++k) {
    const row* r = &rows[k];
    const row* o = &all_rows[0][k];
    printf("%s,%.3f,%.3f,%.3f,%.3f,%.3f,%.1f,live,%.3f,%.3f,%.3f,%.3f,%.3f,%.1f,%.1f\n", r->name,
           o->beats.f, o->beats.cmlt, o->beats.amlt, o->down_f, o->ratio, o->phase_sd_ms,
           r->beats.f, r->beats.cmlt, r->beats.amlt, r->down_f, r->ratio, r->phase_sd_ms,
           r->lock_bars);
  }
  return 0;
}
