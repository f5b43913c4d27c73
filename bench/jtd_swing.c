/*
 * Swing ratios of real jazz drummers against tempo: the Jazz Trio Database (H. Cheston, MIT), drum
 * onsets and beats annotated, measured by dt_swing.
 *
 *   jtd_swing --data FOLDER [--svg FILE]     FOLDER/jtd/NAME.{drums,beats}.csv; or DT_DATA
 *
 * The onsets do not name the drum. A beat counts when the drummer struck both its ends and exactly
 * once between (within a seventh of a beat of the annotated beat is "on" it), and when long : short
 * is between 1:4 and 4:1 (Corcoran & Frieler 2021); what lies outside is no swung pair but a
 * sixteenth.
 */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/stat.h"
#include "dt/swing.h"
#include "jtd_plot.h"

enum { TIMES_MAX = 8192, TRACKS_MAX = 256 };
static const double ON_BEAT = 1.0 / 7.0;

static void die(const char* what, const char* which) {
  fprintf(stderr, "jtd_swing: %s: %s\n", which, what);
  exit(1);
}

/* First column of a CSV with a heading. */
static size_t read_times(const char* path, double* out) {
  FILE* f = fopen(path, "r");
  if (!f) {
    die("cannot be read", path);
  }
  char line[256];
  size_t count = 0;
  if (!fgets(line, sizeof(line), f)) {
    die("is empty", path);
  }
  while (fgets(line, sizeof(line), f) && count < TIMES_MAX) {
    out[count++] = strtod(line, NULL);
  }
  fclose(f);
  return count;
}

static void add(dt_marks* marks, double time_s, double tick) {
  dt_mark* mark = &marks->items[marks->count++];
  memset(mark, 0, sizeof(*mark));
  mark->time_s = time_s;
  mark->drum = DT_RIDE;
  mark->voice = DT_VOICE_RIDE;
  mark->tick = tick;
  mark->bar = (int)(tick / (4 * DT_TICKS_PER_QUARTER));
  mark->bar_tick = fmod(tick, 4 * DT_TICKS_PER_QUARTER);
  mark->straight_ms = mark->own_ms = mark->asynchrony_ms = mark->residual_ms = (double)NAN;
  mark->label = DT_LABEL_HIT;
}

/* The onset nearest to a beat, if it is on it; else NAN. */
static double on_beat(const double* onset, size_t count, double beat_s, double length_s) {
  double best = (double)NAN;
  for (size_t i = 0; i < count; ++i) {
    const double away = fabs(onset[i] - beat_s);
    if (away < ON_BEAT * length_s && !(away >= fabs(best - beat_s))) {
      best = onset[i];
    }
  }
  return best;
}

/* The onset between, when there is exactly one; else NAN. */
static double between(const double* onset, size_t count, double from_s, double to_s) {
  double found = (double)NAN;
  size_t n = 0;
  const double length_s = to_s - from_s;
  for (size_t i = 0; i < count; ++i) {
    const double share = (onset[i] - from_s) / length_s;
    if (onset[i] > from_s && onset[i] < to_s) {
      ++n;
      found = share >= 0.2 && share <= 0.8 ? onset[i] : (double)NAN;
    }
  }
  return n == 1 ? found : (double)NAN;
}

/* Every beat apart from the others, two beats of ticks each, so that a pair is never made of one
 * beat's end and the next one's start. */
static void measure(const double* beat, size_t beats, const double* onset, size_t onsets,
                    jtd_track* track) {
  static dt_mark items[3 * TIMES_MAX];
  static double length_s[TIMES_MAX];
  dt_marks marks;
  memset(&marks, 0, sizeof(marks));
  marks.items = items;
  for (size_t i = 0; i + 1 < beats; ++i) {
    length_s[i] = beat[i + 1] - beat[i];
    const double from_s = on_beat(onset, onsets, beat[i], length_s[i]);
    const double to_s = on_beat(onset, onsets, beat[i + 1], length_s[i]);
    const double off_s = between(onset, onsets, from_s, to_s);
    if (isfinite(off_s)) {
      const double tick = 2.0 * DT_TICKS_PER_QUARTER * (double)i;
      add(&marks, from_s, tick);
      add(&marks, off_s, tick + 0.5 * DT_TICKS_PER_QUARTER);
      add(&marks, to_s, tick + DT_TICKS_PER_QUARTER);
    }
  }
  marks.swing_pair = DT_TICKS_PER_QUARTER;
  marks.bar_ticks = 4 * DT_TICKS_PER_QUARTER;
  track->beats = beats;
  track->bpm = marks.bpm = 60.0 / dt_median(length_s, beats - 1, length_s);
  dt_swing swing;
  if (dt_swing_measure(&swing, NULL, &marks) != DT_OK) {
    die("out of memory", track->name);
  }
  track->pairs = swing.all.from_pulse ? 0 : swing.all.pair_count;
  track->ratio = swing.all.ratio;
  track->median = swing.all.median_ratio;
  track->short_ms = swing.all.short_ms;
}

static int by_bpm(const void* a, const void* b) {
  const jtd_track* x = a;
  const jtd_track* y = b;
  return (x->bpm > y->bpm) - (x->bpm < y->bpm);
}

static size_t read_folder(const char* folder, jtd_track* tracks) {
  static double beat[TIMES_MAX];
  static double onset[TIMES_MAX];
  DIR* dir = opendir(folder);
  if (!dir) {
    die("cannot be opened", folder);
  }
  size_t count = 0;
  for (struct dirent* e = readdir(dir); e && count < TRACKS_MAX; e = readdir(dir)) {
    const char* end = strstr(e->d_name, ".beats.csv");
    if (!end) {
      continue;
    }
    jtd_track* t = &tracks[count++];
    char path[2048];
    memset(t, 0, sizeof(*t));
    snprintf(t->name, sizeof(t->name), "%.*s", (int)(end - e->d_name), e->d_name);
    snprintf(path, sizeof(path), "%.1023s/%s.beats.csv", folder, t->name);
    const size_t beats = read_times(path, beat);
    snprintf(path, sizeof(path), "%.1023s/%s.drums.csv", folder, t->name);
    measure(beat, beats, onset, read_times(path, onset), t);
  }
  closedir(dir);
  qsort(tracks, count, sizeof(*tracks), by_bpm);
  return count;
}

/* Least squares of log ratio on tempo, with Student's interval, and how far off the line. */
static void trend(const jtd_track* tracks, size_t count) {
  double n = 0.0;
  double sx = 0.0;
  double sy = 0.0;
  double sxx = 0.0;
  double sxy = 0.0;
  double syy = 0.0;
  double norm = 0.0;
  double below = 0.0;
  double short_sum[2] = {0.0, 0.0}; /* below 150 bpm, from there on */
  double short_n[2] = {0.0, 0.0};
  for (size_t k = 0; k < count; ++k) {
    const jtd_track* t = &tracks[k];
    if (t->median.known != DT_KNOWN) {
      continue;
    }
    const double x = t->bpm;
    const double y = t->median.value;
    n += 1.0;
    sx += x;
    sy += y;
    sxx += x * x;
    sxy += x * y;
    syy += y * y;
    norm += dt_swing_norm_ratio(x) - y;
    below += t->median.high < dt_swing_norm_ratio(x);
    short_sum[x >= 150.0] += t->short_ms.value;
    short_n[x >= 150.0] += 1.0;
  }
  const double xx = sxx - sx * sx / n;
  const double xy = sxy - sx * sy / n;
  const double yy = syy - sy * sy / n;
  const double slope = xy / xx;
  const double rest = (yy - slope * xy) / (n - 2.0);
  const double half = dt_student_quantile(0.975, n - 2.0) * sqrt(rest / xx);
  const double at = sy / n - slope * sx / n;
  printf(
      "\n%.0f tracks with pairs enough. Median ratio against tempo: %.2f at 120 bpm, %.2f at 300 "
      "bpm; slope %.2f for 100 bpm (95 %% interval %.2f to %.2f), r = %.2f; SD about the line "
      "%.2f. Published line: slope -1.39. On average %.2f below that line; %.0f of %.0f tracks lie "
      "below it with their whole interval. Mean short note %.0f ms below 150 bpm (%.0f tracks), "
      "%.0f "
      "ms from there on (%.0f).\n",
      n, at + 120.0 * slope, at + 300.0 * slope, 100.0 * slope, 100.0 * (slope - half),
      100.0 * (slope + half), xy / sqrt(xx * yy), sqrt(rest), norm / n, below, n,
      short_sum[0] / short_n[0], short_n[0], short_sum[1] / short_n[1], short_n[1]);
}

static void print_tracks(const jtd_track* tracks, size_t count) {
  printf("## Swing of real jazz drummers\n\n| track | bpm | beats | pairs | median ratio | 95 %% | "
         "ratio of the mean share | short note, ms | published line |\n"
         "|---|---|---|---|---|---|---|---|---|\n");
  for (size_t k = 0; k < count; ++k) {
    const jtd_track* t = &tracks[k];
    printf("| %s | %.0f | %zu | %zu |", t->name, t->bpm, t->beats, t->pairs);
    if (t->median.known == DT_KNOWN) {
      printf(" %.2f | %.2f to %.2f | %.2f | %.0f |", t->median.value, t->median.low, t->median.high,
             t->ratio.value, t->short_ms.value);
    } else {
      printf(" can't tell | | | |");
    }
    printf(" %.2f |\n", dt_swing_norm_ratio(t->bpm));
  }
}

int main(int argc, char** argv) {
  static jtd_track tracks[TRACKS_MAX];
  const char* data = getenv("DT_DATA");
  const char* svg = NULL;
  for (int k = 1; k + 1 < argc; k += 2) {
    if (strcmp(argv[k], "--data") == 0) {
      data = argv[k + 1];
    } else if (strcmp(argv[k], "--svg") == 0) {
      svg = argv[k + 1];
    } else {
      die("is not an option", argv[k]);
    }
  }
  if (!data) {
    fprintf(stderr, "jtd_swing: no data: give --data FOLDER or set DT_DATA\n");
    return 2;
  }
  char folder[1024];
  snprintf(folder, sizeof(folder), "%s/jtd", data);
  const size_t count = read_folder(folder, tracks);
  print_tracks(tracks, count);
  trend(tracks, count);
  if (svg) {
    FILE* f = fopen(svg, "w");
    if (!f) {
      die("cannot be written", svg);
    }
    jtd_plot(f, tracks, count);
    fclose(f);
  }
  return 0;
}
