/*
 * The pulse from sound through the ear, beside aubiotrack on the same files, and from drum onsets
 * alone: Markdown.
 *
 *   bench_pulse_sound --data FOLDER [--only mdbpp|jtd]        or DT_DATA
 *   bench_pulse_sound --dir FOLDER [--tracks]                 takes of train/render_pulse.py
 *   bench_pulse_sound --none FILE...                          recordings that have no pulse
 *
 * FOLDER/takes/mdbpp/NAME.flac with NAME.beats.csv (time_s,beat_in_bar): recordings; aubiotrack
 * (Debian's aubio-tools) runs where it is installed, with its defaults.
 * FOLDER/jtd/NAME.drums.csv (time_s) with NAME.beats.csv (time_s,bar.beat): the Jazz Trio Database;
 * the onsets do not say which drum.
 * --dir: NAME.flac, NAME.beats.csv and NAME.strokes.csv; the same strokes are tracked as heard and
 * as they were played ("true strokes").
 *
 * Nothing in the pulse was fitted on either. Definitions of mir_eval.beat 0.8, beats before 5 s
 * left out; Acc1: the median distance of the beats within 4 % of the truth's; Acc2: or of its half,
 * double, third or triple.
 */
#include <dirent.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "beat_score.h"
#include "csv_field.h"
#include "dt/beats.h"
#include "dt/codec.h"
#include "dt/file.h"
#include "dt/stat.h"
#include "dt/strokes_csv.h"

enum { BEATS_MAX = 8192, TRACKS_MAX = 128, WORST = 8, SYSTEMS = 5 };
enum { OFFLINE, LIVE, PEER, OFFLINE_TRUE, LIVE_TRUE };
static const char* const SYSTEM[SYSTEMS] = {"offline", "live", "aubiotrack",
                                            "true strokes, offline", "true strokes, live"};
static const double SKIP_S = 5.0;

typedef struct beat_list {
  double at_s[BEATS_MAX];
  size_t count;
  double down_s[BEATS_MAX];
  size_t down_count;
} beat_list;

typedef struct row {
  bool is_there;
  beat_score beats;
  double down_f; /* NAN: says no downbeats */
  double ratio;  /* of tempi */
  bool acc1, acc2;
} row;

typedef struct track {
  char name[128];
  row of[SYSTEMS];
  double lock_s; /* NAN: never */
} track;

static double seconds_used[SYSTEMS];
static double music_s;

static void die(const char* what, const char* which) {
  fprintf(stderr, "bench_pulse_sound: %s: %s\n", which, what);
  exit(1);
}

static void add(beat_list* list, double at_s, bool is_down) {
  if (list->count < BEATS_MAX) {
    list->at_s[list->count++] = at_s;
    if (is_down) {
      list->down_s[list->down_count++] = at_s;
    }
  }
}

/* time_s and the beat of the bar, "3" or "12.3" (bar and beat). */
static void read_truth(beat_list* list, const char* path) {
  char line[256];
  char field[64];
  FILE* f = fopen(path, "r");
  if (!f || !fgets(line, sizeof(line), f)) {
    die("cannot be read", path);
  }
  list->count = list->down_count = 0;
  while (fgets(line, sizeof(line), f)) {
    csv_field(line, 1, field, sizeof(field));
    const char* dot = strchr(field, '.');
    add(list, strtod(line, NULL), atoi(dot ? dot + 1 : field) == 1);
  }
  fclose(f);
}

static double median_bpm(const beat_list* list) {
  static double length[BEATS_MAX];
  static double scratch[BEATS_MAX];
  for (size_t k = 0; k + 1 < list->count; ++k) {
    length[k] = list->at_s[k + 1] - list->at_s[k];
  }
  return list->count > 1 ? 60.0 / dt_median(length, list->count - 1, scratch) : (double)NAN;
}

static bool is_near(double x, double ratio) {
  return fabs(x / ratio - 1.0) <= 0.04;
}

static row score(const beat_list* truth, const beat_list* found, bool has_downs) {
  row r = {.is_there = true, .down_f = (double)NAN};
  r.beats = score_beats(truth->at_s, truth->count, found->at_s, found->count, SKIP_S);
  if (has_downs) {
    r.down_f =
        score_beats_f(truth->down_s, truth->down_count, found->down_s, found->down_count, SKIP_S);
  }
  r.ratio = median_bpm(found) / median_bpm(truth);
  r.acc1 = is_near(r.ratio, 1.0);
  r.acc2 = r.acc1 || is_near(r.ratio, 2.0) || is_near(r.ratio, 0.5) || is_near(r.ratio, 3.0) ||
           is_near(r.ratio, 1.0 / 3.0);
  return r;
}

static void offline(const dt_strokes* strokes, beat_list* out) {
  const dt_beat_config config = dt_beat_default();
  const double end_s = strokes->items[strokes->count - 1].time_s;
  dt_beat_track t;
  const clock_t start = clock();
  if (dt_beat_track_find(&t, NULL, strokes->items, strokes->count, end_s, &config) != DT_OK) {
    die("cannot be tracked", "strokes");
  }
  seconds_used[OFFLINE] += (double)(clock() - start) / CLOCKS_PER_SEC;
  out->count = out->down_count = 0;
  for (size_t k = 0; k < t.beat_count; ++k) {
    add(out, t.beats[k].time_s, t.beats[k].in_bar == 1);
  }
  dt_beat_track_clear(&t, NULL);
}

/* Beats as they were called, each before it came. */
static void live(const dt_strokes* strokes, beat_list* out, double* lock_s) {
  const dt_beat_config config = dt_beat_default();
  const double end_s = strokes->items[strokes->count - 1].time_s;
  dt_follower* follower = NULL;
  const clock_t start = clock();
  size_t next = 0;
  if (dt_follower_new(&follower, NULL, &config) != DT_OK) {
    die("no memory", "live");
  }
  out->count = out->down_count = 0;
  *lock_s = (double)NAN;
  for (double now_s = 0.05; now_s < end_s + 0.1; now_s += 0.05) {
    dt_beat_call calls[8];
    for (; next < strokes->count && strokes->items[next].time_s < now_s; ++next) {
      dt_follower_stroke(follower, &strokes->items[next]);
    }
    const size_t n = dt_follower_advance(follower, now_s, calls, 8);
    for (size_t k = 0; k < n; ++k) {
      if (calls[k].time_s <= end_s + 0.1) {
        add(out, calls[k].time_s, calls[k].in_bar == 1);
        if (isnan(*lock_s) && calls[k].is_locked) {
          *lock_s = calls[k].made_s;
        }
      }
    }
  }
  seconds_used[LIVE] += (double)(clock() - start) / CLOCKS_PER_SEC;
  dt_follower_free(follower, NULL);
}

/* False where aubiotrack is not installed. */
static bool peer(const char* path, beat_list* out) {
  char command[1200];
  char line[128];
  snprintf(command, sizeof(command), "aubiotrack -i '%.1000s' 2>/dev/null", path);
  FILE* f = strchr(path, '\'') ? NULL : popen(command, "r");
  if (!f) {
    return false;
  }
  out->count = out->down_count = 0;
  while (fgets(line, sizeof(line), f)) {
    add(out, strtod(line, NULL), false);
  }
  return pclose(f) == 0;
}

static void track_strokes(track* t, const dt_strokes* strokes, const beat_list* truth) {
  static beat_list found;
  if (strokes->count == 0) {
    die("no strokes", t->name);
  }
  offline(strokes, &found);
  t->of[OFFLINE] = score(truth, &found, true);
  live(strokes, &found, &t->lock_s);
  t->of[LIVE] = score(truth, &found, true);
  music_s += strokes->items[strokes->count - 1].time_s;
}

/* The strokes as they were played, where a file says so. */
static void track_true(track* t, const char* path, const beat_list* truth) {
  static beat_list found;
  dt_buffer text = {0};
  dt_strokes strokes = {.items = NULL};
  dt_error err = {0};
  double lock_s;
  if (dt_file_read(&text, path, (size_t)16 << 20, &err) != DT_OK ||
      dt_strokes_parse_csv(&strokes, NULL, text.bytes, text.size, &err) != DT_OK ||
      strokes.count == 0) {
    die(err.sentence, path);
  }
  dt_strokes_sort(&strokes);
  offline(&strokes, &found);
  t->of[OFFLINE_TRUE] = score(truth, &found, true);
  live(&strokes, &found, &lock_s);
  t->of[LIVE_TRUE] = score(truth, &found, true);
  music_s += strokes.items[strokes.count - 1].time_s;
  dt_strokes_clear(&strokes, NULL);
  dt_buffer_clear(&text);
}

static void hear(track* t, const char* folder, bool has_strokes) {
  static beat_list truth;
  static beat_list found;
  char path[1100];
  dt_take take;
  dt_error err = {0};
  snprintf(path, sizeof(path), "%.900s/%.120s.beats.csv", folder, t->name);
  read_truth(&truth, path);
  snprintf(path, sizeof(path), "%.900s/%.120s.flac", folder, t->name);
  if (dt_take_load(&take, NULL, path, NULL, &err) != DT_OK) {
    die(err.sentence, path);
  }
  track_strokes(t, &take.strokes, &truth);
  if (peer(path, &found)) {
    t->of[PEER] = score(&truth, &found, false);
  }
  dt_take_clear(&take, NULL);
  if (has_strokes) {
    snprintf(path, sizeof(path), "%.900s/%.120s.strokes.csv", folder, t->name);
    track_true(t, path, &truth);
  }
}

static void read_onsets(track* t, const char* folder) {
  static beat_list truth;
  char path[1100];
  char line[256];
  dt_strokes strokes = {.items = NULL};
  snprintf(path, sizeof(path), "%.900s/%.120s.beats.csv", folder, t->name);
  read_truth(&truth, path);
  snprintf(path, sizeof(path), "%.900s/%.120s.drums.csv", folder, t->name);
  FILE* f = fopen(path, "r");
  if (!f || !fgets(line, sizeof(line), f)) {
    die("cannot be read", path);
  }
  while (fgets(line, sizeof(line), f)) {
    const dt_stroke stroke = dt_stroke_at(strtod(line, NULL), DT_DRUM_OTHER);
    if (dt_strokes_add(&strokes, NULL, &stroke) != DT_OK) {
      die("no memory", path);
    }
  }
  fclose(f);
  dt_strokes_sort(&strokes);
  track_strokes(t, &strokes, &truth);
  dt_strokes_clear(&strokes, NULL);
}

static int by_name(const void* a, const void* b) {
  return strcmp(((const track*)a)->name, ((const track*)b)->name);
}

static int by_offline_cmlt(const void* a, const void* b) {
  const double x = ((const track*)a)->of[OFFLINE].beats.cmlt;
  const double y = ((const track*)b)->of[OFFLINE].beats.cmlt;
  return x != y ? (x > y) - (x < y) : by_name(a, b);
}

/* Those with beats, by name. */
static size_t list_tracks(const char* folder, track* tracks) {
  DIR* dir = opendir(folder);
  size_t count = 0;
  if (!dir) {
    return 0;
  }
  for (struct dirent* e = readdir(dir); e && count < TRACKS_MAX; e = readdir(dir)) {
    const char* end = strstr(e->d_name, ".beats.csv");
    if (end) {
      memset(&tracks[count], 0, sizeof(track));
      snprintf(tracks[count].name, sizeof(tracks[count].name), "%.*s", (int)(end - e->d_name),
               e->d_name);
      ++count;
    }
  }
  closedir(dir);
  qsort(tracks, count, sizeof(track), by_name);
  return count;
}

static void print_head(const char* first) {
  printf("| %s | from | beat F | Cemgil | CMLt | AMLt | downbeat F | Acc1 | Acc2 | tempo found : "
         "true |\n|---|---|---|---|---|---|---|---|---|---|\n",
         first);
}

static void print_row(const char* name, int system, const row* r) {
  printf("| %s | %s | %.3f | %.3f | %.3f | %.3f |", name, SYSTEM[system], r->beats.f,
         r->beats.cemgil, r->beats.cmlt, r->beats.amlt);
  if (isnan(r->down_f)) {
    printf(" - |");
  } else {
    printf(" %.3f |", r->down_f);
  }
  printf(" %d | %d | %.3f |\n", r->acc1, r->acc2, r->ratio);
}

static void print_mean(const char* name, int system, const track* tracks, size_t count) {
  double sum[7] = {0};
  double n = 0.0;
  for (size_t k = 0; k < count; ++k) {
    const row* r = &tracks[k].of[system];
    const double value[7] = {r->beats.f, r->beats.cemgil, r->beats.cmlt, r->beats.amlt,
                             r->down_f,  r->acc1,         r->acc2};
    for (int i = 0; i < 7 && r->is_there; ++i) {
      sum[i] += value[i];
    }
    n += r->is_there;
  }
  if (n == 0.0) {
    return;
  }
  printf("| %s | %s |", name, SYSTEM[system]);
  for (int i = 0; i < 7; ++i) {
    if (isnan(sum[i])) {
      printf(" - |");
    } else {
      printf(" %.3f |", sum[i] / n);
    }
  }
  printf(" |\n");
}

static void print_lock(const track* tracks, size_t count) {
  static double lock[TRACKS_MAX];
  static double scratch[TRACKS_MAX];
  size_t n = 0;
  for (size_t k = 0; k < count; ++k) {
    if (isfinite(tracks[k].lock_s)) {
      lock[n++] = tracks[k].lock_s;
    }
  }
  printf("\nLive: locked in %zu of %zu, %.1f s into the track (median).\n", n, count,
         n > 0 ? dt_median(lock, n, scratch) : (double)NAN);
  printf("Tracking took %.1f %% of the music's length offline, %.1f %% live, of one core; hearing "
         "is not in it.\n",
         100.0 * seconds_used[OFFLINE] / music_s, 100.0 * seconds_used[LIVE] / music_s);
}

static void recordings(const char* folder, const char* title, bool has_strokes, bool list) {
  static track tracks[TRACKS_MAX];
  const size_t count = list_tracks(folder, tracks);
  if (count == 0) {
    die("no recordings with beats there", folder);
  }
  for (size_t k = 0; k < count; ++k) {
    hear(&tracks[k], folder, has_strokes);
  }
  printf("\n## From sound, through the ear: %s\n\n", title);
  print_head("track");
  for (int system = 0; system < SYSTEMS; ++system) {
    for (size_t k = 0; k < count && list; ++k) {
      if (tracks[k].of[system].is_there) {
        print_row(tracks[k].name, system, &tracks[k].of[system]);
      }
    }
    print_mean("all", system, tracks, count);
  }
  print_lock(tracks, count);
}

static void jazz(const char* data) {
  static track tracks[TRACKS_MAX];
  char folder[1000];
  snprintf(folder, sizeof(folder), "%.900s/jtd", data);
  const size_t count = list_tracks(folder, tracks);
  if (count == 0) {
    die("no onsets with beats there", folder);
  }
  for (size_t k = 0; k < count; ++k) {
    read_onsets(&tracks[k], folder);
  }
  printf("\n## From onsets alone, drum unknown: Jazz Trio Database, %zu tracks\n\n", count);
  print_head("tracks");
  print_mean("all", OFFLINE, tracks, count);
  print_mean("all", LIVE, tracks, count);
  print_lock(tracks, count);
  qsort(tracks, count, sizeof(track), by_offline_cmlt);
  printf("\nThe worst by CMLt offline:\n\n");
  print_head("track");
  for (size_t k = 0; k < count && k < WORST; ++k) {
    print_row(tracks[k].name, OFFLINE, &tracks[k].of[OFFLINE]);
  }
}

/* What is made of recordings in which nobody drums. */
static void no_pulse(char** path, int count) {
  static beat_list called;
  int taken = 0;
  int locked = 0;
  printf("\n## No drums\n\n| recording | strokes heard | probability of a pulse | beats offline | "
         "ever locked live |\n|---|---|---|---|---|\n");
  for (int k = 0; k < count; ++k) {
    dt_take take;
    dt_error err = {0};
    dt_beat_track found;
    double lock_s = (double)NAN;
    const dt_beat_config config = dt_beat_default();
    if (dt_take_load(&take, NULL, path[k], NULL, &err) != DT_OK) {
      die(err.sentence, path[k]);
    }
    if (dt_beat_track_find(&found, NULL, take.strokes.items, take.strokes.count, take.duration_s,
                           &config) != DT_OK) {
      die("cannot be tracked", path[k]);
    }
    if (take.strokes.count > 0) {
      live(&take.strokes, &called, &lock_s);
    }
    const char* name = strrchr(path[k], '/');
    printf("| %s | %zu | %.2f | %zu | %s |\n", name ? name + 1 : path[k], take.strokes.count,
           found.pulse_probability, found.beat_count, isfinite(lock_s) ? "yes" : "no");
    taken += found.beat_count > 0;
    locked += isfinite(lock_s);
    dt_beat_track_clear(&found, NULL);
    dt_take_clear(&take, NULL);
  }
  printf("\nOf %d: %d taken for a pulse offline, %d ever locked live.\n", count, taken, locked);
}

int main(int argc, char** argv) {
  const char* data = getenv("DT_DATA");
  const char* only = "";
  const char* dir = NULL;
  bool list = false;
  for (int k = 1; k < argc; ++k) {
    if (strcmp(argv[k], "--data") == 0 && k + 1 < argc) {
      data = argv[++k];
    } else if (strcmp(argv[k], "--only") == 0 && k + 1 < argc) {
      only = argv[++k];
    } else if (strcmp(argv[k], "--dir") == 0 && k + 1 < argc) {
      dir = argv[++k];
    } else if (strcmp(argv[k], "--none") == 0 && k + 1 < argc) {
      no_pulse(argv + k + 1, argc - k - 1);
      return 0;
    } else if (strcmp(argv[k], "--tracks") == 0) {
      list = true;
    } else {
      fprintf(stderr, "bench_pulse_sound: --data FOLDER [--only mdbpp|jtd] or --dir FOLDER "
                      "[--tracks] or --none FILE...\n");
      return 2;
    }
  }
  if (dir) {
    recordings(dir, "rendered takes", true, list);
    return 0;
  }
  if (!data) {
    die("say where the recordings are", "--data");
  }
  if (strcmp(only, "jtd") != 0) {
    char folder[1000];
    snprintf(folder, sizeof(folder), "%.900s/takes/mdbpp", data);
    recordings(folder, "MDB Drums++", false, true);
  }
  seconds_used[OFFLINE] = seconds_used[LIVE] = music_s = 0.0;
  if (strcmp(only, "mdbpp") != 0) {
    jazz(data);
  }
  return 0;
}
