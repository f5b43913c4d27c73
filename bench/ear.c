/*
 * The ear's scoreboard: bench_ear --data DATA, Markdown on standard output.
 *
 * Any-stroke scores pool strokes of all drums within 20 ms of the first of their group into one at
 * their mean time (strokes of two hands on one beat), the same for the truth, the ear and the peer
 * (aubioonset, default settings). Class scores pool nothing but by class.
 */
#include <math.h>
#include <sndfile.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "dt/stat.h"
#include "ear_internal.h"
#include "renders.h"
#include "takes.h"

#define POOL_S 0.020

static const double any_windows_s[] = {0.050, 0.025, 0.020, 0.010};
static const double class_windows_s[] = {0.050, 0.020};
#define ANY_WINDOWS   4
#define CLASS_WINDOWS 2

static double seconds_used(int who) {
  struct rusage usage;
  getrusage(who, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

typedef struct dump {
  FILE* file;
  double file_number;
} dump;

static void write_features(void* ctx, double time_s, const float* features, size_t count) {
  dump* d = ctx;
  double head[2] = {d->file_number, time_s};
  fwrite(head, sizeof head[0], 2, d->file);
  fwrite(features, sizeof features[0], count, d->file);
}

/* Hears one file; returns its length in seconds, NAN when it cannot be read. */
static double hear_file(const char* path, heard* out, dump* features) {
  SF_INFO info = {0};
  SNDFILE* sound = sf_open(path, SFM_READ, &info);
  if (sound == NULL)
    return (double)NAN;
  dt_ear* ear = dt_ear_new(NULL, info.samplerate);
  float* block = malloc(4096 * (size_t)info.channels * sizeof *block);
  float mono[4096];
  if (ear == NULL || block == NULL)
    exit(1);
  if (features != NULL)
    dt__ear_probe(ear, write_features, features);
  dt_frame position = 0;
  dt_stroke stroke;
  for (sf_count_t got; (got = sf_readf_float(sound, block, 4096)) > 0; position += got) {
    for (sf_count_t n = 0; n < got; n++) {
      float sum = 0;
      for (int c = 0; c < info.channels; c++)
        sum += block[n * info.channels + c];
      mono[n] = sum / (float)info.channels;
    }
    dt_ear_process(ear, mono, (size_t)got, position);
    while (dt_ear_next(ear, &stroke))
      heard_add(out, stroke.time_s, stroke.drum, (double)stroke.velocity);
  }
  dt_ear_finish(ear);
  while (dt_ear_next(ear, &stroke))
    heard_add(out, stroke.time_s, stroke.drum, (double)stroke.velocity);
  heard_sort(out);
  free(block);
  dt_ear_free(ear);
  sf_close(sound);
  return (double)position / info.samplerate;
}

static bool peer_file(const char* path, heard* out) {
  char command[1200];
  snprintf(command, sizeof command, "aubioonset -i '%s' 2>/dev/null", path);
  FILE* pipe = popen(command, "r");
  if (pipe == NULL)
    return false;
  double time_s = 0;
  while (fscanf(pipe, "%lf", &time_s) == 1)
    times_add(&out->any, time_s, 0);
  return pclose(pipe) == 0;
}

/* What is gathered over the files of a set. */
typedef struct board {
  tally any[ANY_WINDOWS];
  tally any_shifted; /* 25 ms, each file's median error removed */
  tally by_class[CLASS_COUNT][CLASS_WINDOWS];
  times errors_ms;
  times errors_removed_ms;
  times class_errors_ms[CLASS_COUNT];
  times velocities; /* at: truth, weight: heard */
  double cpu_s;
} board;

static void board_clear(board* b) {
  times_clear(&b->errors_ms);
  times_clear(&b->errors_removed_ms);
  for (int c = 0; c < CLASS_COUNT; c++)
    times_clear(&b->class_errors_ms[c]);
  times_clear(&b->velocities);
}

static void count(tally* t, const times* reference, const times* estimate, double window_s,
                  double shift_s) {
  t->hits += match(reference, estimate, window_s, shift_s, NULL);
  t->references += reference->count;
  t->estimates += estimate->count;
}

/* Signed errors of strokes matched at 25 ms (estimate - reference), in milliseconds. */
static void gather_errors(const times* reference, const times* estimate, times* errors_ms,
                          times* velocities) {
  size_t* pair = malloc((reference->count + 1) * sizeof *pair);
  if (pair == NULL)
    exit(1);
  match(reference, estimate, 0.025, 0, pair);
  for (size_t i = 0; i < reference->count; i++) {
    if (pair[i] == SIZE_MAX)
      continue;
    times_add(errors_ms, 1e3 * (estimate->at[pair[i]] - reference->at[i]), 0);
    if (velocities != NULL && reference->weight[i] > 0)
      times_add(velocities, reference->weight[i], estimate->weight[pair[i]]);
  }
  free(pair);
}

static void score_file(board* b, const heard* truth, const heard* found) {
  times reference = {0};
  times estimate = {0};
  times errors = {0};
  times_pool(&truth->any, POOL_S, &reference);
  times_pool(&found->any, POOL_S, &estimate);
  for (int w = 0; w < ANY_WINDOWS; w++)
    count(&b->any[w], &reference, &estimate, any_windows_s[w], 0);
  gather_errors(&reference, &estimate, &errors, NULL);
  double* scratch = malloc((errors.count + 1) * sizeof *scratch);
  if (scratch == NULL)
    exit(1);
  double median_ms = errors.count > 0 ? dt_median(errors.at, errors.count, scratch) : 0;
  free(scratch);
  count(&b->any_shifted, &reference, &estimate, 0.025, median_ms * 1e-3);
  for (size_t i = 0; i < errors.count; i++) {
    times_add(&b->errors_ms, errors.at[i], 0);
    times_add(&b->errors_removed_ms, errors.at[i] - median_ms, 0);
  }
  for (int c = 0; c < CLASS_COUNT; c++) {
    for (int w = 0; w < CLASS_WINDOWS; w++)
      count(&b->by_class[c][w], &truth->by_class[c], &found->by_class[c], class_windows_s[w], 0);
    gather_errors(&truth->by_class[c], &found->by_class[c], &b->class_errors_ms[c], &b->velocities);
  }
  times_clear(&reference);
  times_clear(&estimate);
  times_clear(&errors);
}

static void print_spread(const times* errors_ms) {
  double* scratch = malloc((errors_ms->count + 1) * sizeof *scratch);
  if (scratch == NULL)
    exit(1);
  printf(" %+.2f | %.2f |", dt_median(errors_ms->at, errors_ms->count, scratch),
         dt_robust_sd(errors_ms->at, errors_ms->count, scratch));
  free(scratch);
}

static double correlation(const times* pairs) {
  double x = dt_mean(pairs->at, pairs->count);
  double y = dt_mean(pairs->weight, pairs->count);
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (size_t i = 0; i < pairs->count; i++) {
    xx += (pairs->at[i] - x) * (pairs->at[i] - x);
    yy += (pairs->weight[i] - y) * (pairs->weight[i] - y);
    xy += (pairs->at[i] - x) * (pairs->weight[i] - y);
  }
  return xy / sqrt(xx * yy);
}

static void print_row(const char* set, const char* who, const board* b, double sound_s) {
  printf("| %s | %s |", set, who);
  for (int w = 0; w < ANY_WINDOWS; w++)
    printf(" %.3f |", tally_f(b->any[w]));
  printf(" %.3f | %.3f | %.3f |", tally_precision(b->any[1]), tally_recall(b->any[1]),
         tally_f(b->any_shifted));
  print_spread(&b->errors_ms);
  print_spread(&b->errors_removed_ms);
  printf(" %.0f |\n", sound_s / b->cpu_s);
}

static void print_classes(const char* set, const board* b) {
  printf(
      "\n| %s, by class | F 50 ms | F 20 ms | precision | recall | median error ms | robust SD ms "
      "| strokes |\n|---|---|---|---|---|---|---|---|\n",
      set);
  tally sum[CLASS_WINDOWS] = {{0}};
  for (int c = 0; c < CLASS_COUNT; c++) {
    const tally* t = b->by_class[c];
    for (int w = 0; w < CLASS_WINDOWS; w++) {
      sum[w].hits += t[w].hits;
      sum[w].references += t[w].references;
      sum[w].estimates += t[w].estimates;
    }
    /* A class that is neither there nor heard has no score. */
    if (t[0].references + t[0].estimates == 0)
      continue;
    printf("| %s | %.3f | %.3f | %.3f |", class_names[c], tally_f(t[0]), tally_f(t[1]),
           tally_precision(t[0]));
    if (t[0].references > 0)
      printf(" %.3f |", tally_recall(t[0]));
    else
      printf(" - |");
    print_spread(&b->class_errors_ms[c]);
    printf(" %zu |\n", t[0].references);
  }
  printf("| sum | %.3f | %.3f | %.3f | %.3f | | | %zu |\n", tally_f(sum[0]), tally_f(sum[1]),
         tally_precision(sum[0]), tally_recall(sum[0]), sum[0].references);
  if (b->velocities.count > 1)
    printf("\nVelocities of matched strokes, correlation with the truth: %.2f (%zu strokes)\n",
           correlation(&b->velocities), b->velocities.count);
}

/* Two files of the set were never re-timed: they count for F, not for errors. */
static bool left_out(const char* set, const char* path) {
  return strcmp(set, "mdbpp re-timed") == 0 &&
         (strstr(path, "/Country1.") != NULL || strstr(path, "/Britpop.") != NULL);
}

static bool score_set(const char* name, const char* path, bool with_peer, dump* features) {
  folder files;
  if (!folder_read(&files, path)) {
    printf("\n%s: no takes in %s, skipped\n", name, path);
    return false;
  }
  board ours = {0};
  board peer = {0};
  double sound_s = 0;
  size_t scored = 0;
  for (size_t i = 0; i < files.count; i++) {
    heard truth;
    if (left_out(name, files.paths[i]) || !truth_read(&truth, files.paths[i]))
      continue;
    heard found = {0};
    if (features != NULL)
      features->file_number = (double)i;
    double before_s = seconds_used(RUSAGE_SELF);
    double length_s = hear_file(files.paths[i], &found, features);
    ours.cpu_s += seconds_used(RUSAGE_SELF) - before_s;
    if (isnan(length_s)) {
      fprintf(stderr, "%s: cannot be read\n", files.paths[i]);
      continue;
    }
    sound_s += length_s;
    scored++;
    score_file(&ours, &truth, &found);
    heard_clear(&found);
    if (with_peer) {
      before_s = seconds_used(RUSAGE_CHILDREN);
      with_peer = peer_file(files.paths[i], &found);
      peer.cpu_s += seconds_used(RUSAGE_CHILDREN) - before_s;
      score_file(&peer, &truth, &found);
      heard_clear(&found);
    }
    heard_clear(&truth);
  }
  printf(
      "\n| set | ear | F 50 ms | F 25 ms | F 20 ms | F 10 ms | P 25 | R 25 | F 25 per-file median "
      "removed | median error ms | robust SD ms | median removed | robust SD removed | x real "
      "time |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
  print_row(name, "doubletime", &ours, sound_s);
  if (with_peer)
    print_row(name, "aubioonset", &peer, sound_s);
  else
    printf("\naubioonset is not installed, or left out: no comparison\n");
  print_classes(name, &ours);
  if (with_peer)
    printf("\n%s: %zu files, %.0f s; processor time doubletime / aubioonset = %.2f\n", name, scored,
           sound_s, ours.cpu_s / peer.cpu_s);
  board_clear(&ours);
  board_clear(&peer);
  folder_clear(&files);
  return true;
}

/* Reads "window references estimates times..." and prints how many pairs match, line by line: for
 * match_test.py. */
static int match_from_stdin(void) {
  double window_s = 0;
  size_t sizes[2];
  while (scanf("%lf %zu %zu", &window_s, &sizes[0], &sizes[1]) == 3) {
    times lists[2] = {{0}};
    double at = 0;
    for (int l = 0; l < 2; l++)
      for (size_t i = 0; i < sizes[l] && scanf("%lf", &at) == 1; i++)
        times_add(&lists[l], at, 0);
    printf("%zu\n", match(&lists[0], &lists[1], window_s, 0, NULL));
    times_clear(&lists[0]);
    times_clear(&lists[1]);
  }
  return 0;
}

int main(int argc, char** argv) {
  const char* data = getenv("DT_DATA");
  const char* dir = NULL;
  bool renders_only = false;
  dump features = {0};
  bool with_peer = system("command -v aubioonset >/dev/null 2>&1") == 0;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--data") == 0 && i + 1 < argc)
      data = argv[++i];
    else if (strcmp(argv[i], "--dir") == 0 && i + 1 < argc)
      dir = argv[++i];
    else if (strcmp(argv[i], "--features") == 0 && i + 1 < argc)
      features.file = fopen(argv[++i], "wb");
    else if (strcmp(argv[i], "--samples") == 0 && i + 1 < argc)
      return write_samples(argv[i + 1]) ? 0 : 1;
    else if (strcmp(argv[i], "--match") == 0)
      return match_from_stdin();
    else if (strcmp(argv[i], "--renders") == 0)
      renders_only = true;
    else if (strcmp(argv[i], "--no-peer") == 0)
      with_peer = false;
    else {
      fprintf(stderr, "usage: bench_ear [--data DATA] [--dir TAKES [--features FILE]] "
                      "[--renders] [--samples FOLDER] [--no-peer]\n");
      return 2;
    }
  }
  if (dir != NULL) {
    bool done = score_set(dir, dir, with_peer, features.file != NULL ? &features : NULL);
    if (features.file != NULL && fclose(features.file) != 0)
      return 1;
    return done ? 0 : 1;
  }
  score_renders();
  if (renders_only)
    return 0;
  if (data == NULL) {
    puts("DT_DATA is not set and --data not given: the takes are skipped");
    return 0;
  }
  static const char* const sets[][2] = {
      {"mdbpp", "mdbpp"}, {"mdbpp re-timed", "mdbpp"}, {"idmt", "idmt"}, {"egmd", "egmd"}};
  printf("\n## Recordings\n");
  for (size_t s = 0; s < sizeof sets / sizeof sets[0]; s++) {
    char path[1024];
    snprintf(path, sizeof path, "%s/takes/%s", data, sets[s][1]);
    score_set(sets[s][0], path, with_peer, NULL);
  }
  return 0;
}
