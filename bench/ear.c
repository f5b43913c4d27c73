/*
 * The ear's scoreboard, in Markdown on standard output: docs/ear-scoreboard.md says how to read it.
 */
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "ear_hear.h"
#include "ear_sets.h"
#include "renders.h"

static const char usage[] =
    "usage: bench_ear [OPTION...]\n"
    "  --data DIR       score DIR/takes/{mdbpp,idmt,egmd}, use DIR/rooms and DIR/noise (or "
    "DT_DATA)\n"
    "  --dir FOLDER     score this set in the takes format instead; any number of them\n"
    "  --three          the --dir that follow: kick, snare and hi-hat only\n"
    "  --remove-offset  the --dir that follow: each file's constant offset does not count\n"
    "  --model FILE     another network than the built-in one\n"
    "  --seed N         of the renders: 1 to develop on (default), 900001 to report\n"
    "  --only PART      one of takes isolated rooms rolls flams chords robust; any number of them\n"
    "  --noise-hours H  of the longest noise (default 0.05)\n"
    "  --block N        samples fed at a time (default 4096)\n"
    "  --csv DIR        write what was heard of each take as DIR/NAME.strokes.csv\n"
    "  --heard DIR      score DIR/NAME.strokes.csv instead of listening (with --dir)\n"
    "  --no-peer        without aubioonset\n"
    "  --no-live        without listening again in blocks of 64 samples\n"
    "  --samples DIR    write the own kit's strokes as WAV files, and end\n"
    "  --match          match lists from standard input, and end (for match_test.py)\n";

/* Reads "window references estimates times..." and prints how many pairs match, line by line: for
 * match_test.py. Lists need not be sorted. */
static int match_from_stdin(void) {
  double window_s = 0;
  size_t sizes[2];
  while (scanf("%lf %zu %zu", &window_s, &sizes[0], &sizes[1]) == 3) {
    hits lists[2] = {{0}};
    double at_s = 0;
    for (int l = 0; l < 2; l++) {
      for (size_t i = 0; i < sizes[l] && scanf("%lf", &at_s) == 1; i++)
        hits_add(&lists[l], (hit){.at_s = at_s});
      hits_sort(&lists[l]);
    }
    printf("%zu\n", match(&lists[0], &lists[1], window_s, 0, NULL));
    hits_clear(&lists[0]);
    hits_clear(&lists[1]);
  }
  return 0;
}

static const char* const parts[] = {"takes", "isolated", "rooms", "rolls",
                                    "flams", "chords",   "robust"};
#define PARTS (sizeof parts / sizeof parts[0])

#define DIRS_MAX 64
typedef struct wanted_set {
  const char* path;
  int classes;
  timing timing;
} wanted_set;

typedef struct arguments {
  const char* data;
  const char* model;
  const char* samples;
  bool match;
  bool only[PARTS];
  bool has_only;
  wanted_set dirs[DIRS_MAX];
  size_t dir_count;
  uint64_t seed;
  double noise_hours;
  set_options options;
} arguments;

static bool parse_flag(arguments* a, const char* name, wanted_set* next) {
  if (strcmp(name, "--three") == 0)
    next->classes = 3;
  else if (strcmp(name, "--remove-offset") == 0)
    next->timing = OFFSET_REMOVED;
  else if (strcmp(name, "--no-peer") == 0)
    a->options.with_peer = false;
  else if (strcmp(name, "--no-live") == 0)
    a->options.with_live = false;
  else if (strcmp(name, "--match") == 0)
    a->match = true;
  else
    return false;
  return true;
}

static bool parse_only(arguments* a, const char* value) {
  for (size_t p = 0; p < PARTS; p++)
    if (strcmp(parts[p], value) == 0)
      return a->has_only = a->only[p] = true;
  return false;
}

static bool parse_block(arguments* a, const char* value) {
  a->options.block = strtoul(value, NULL, 10);
  return a->options.block >= 1 && a->options.block <= DT_EAR_BLOCK_MAX;
}

static bool parse_option(arguments* a, const char* name, const char* value, wanted_set* next) {
  if (strcmp(name, "--data") == 0)
    a->data = value;
  else if (strcmp(name, "--model") == 0)
    a->model = value;
  else if (strcmp(name, "--csv") == 0)
    a->options.csv = value;
  else if (strcmp(name, "--heard") == 0)
    a->options.told = value;
  else if (strcmp(name, "--samples") == 0)
    a->samples = value;
  else if (strcmp(name, "--seed") == 0)
    a->seed = strtoull(value, NULL, 10);
  else if (strcmp(name, "--noise-hours") == 0)
    a->noise_hours = strtod(value, NULL);
  else if (strcmp(name, "--block") == 0)
    return parse_block(a, value);
  else if (strcmp(name, "--only") == 0)
    return parse_only(a, value);
  else if (strcmp(name, "--dir") == 0 && a->dir_count < DIRS_MAX) {
    next->path = value;
    a->dirs[a->dir_count++] = *next;
  } else
    return false;
  return true;
}

static bool parse(arguments* a, int argc, char** argv) {
  wanted_set next = {.classes = CLASS_COUNT, .timing = AS_IS};
  for (int i = 1; i < argc; i++) {
    if (parse_flag(a, argv[i], &next))
      continue;
    if (i + 1 >= argc || !parse_option(a, argv[i], argv[i + 1], &next))
      return false;
    i++;
  }
  return a->options.told == NULL || a->dir_count > 0;
}

/* The last part of a path. */
static const char* name_of(const char* path) {
  const char* slash = strrchr(path, '/');
  return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

/* False when a set that was asked for is not there. */
static bool score_sets(const arguments* a, sets* all, FILE* details) {
  bool is_there = true;
  for (size_t d = 0; d < a->dir_count; d++) {
    const wanted_set* w = &a->dirs[d];
    if (!set_score(all, name_of(w->path), w->path, w->classes, w->timing, &a->options)) {
      fprintf(stderr, "%s: no takes in it\n", w->path);
      is_there = false;
    }
  }
  if (a->dir_count > 0)
    return is_there;
  if (a->data == NULL)
    fputs("\nDT_DATA is not set and --data not given: the recordings are skipped.\n", details);
  static const wanted_set known[] = {
      {"mdbpp", CLASS_COUNT, AS_IS}, {"idmt", 3, OFFSET_REMOVED}, {"egmd", CLASS_COUNT, AS_IS}};
  for (size_t k = 0; a->data != NULL && k < sizeof known / sizeof known[0]; k++) {
    char path[1200];
    snprintf(path, sizeof path, "%s/takes/%s", a->data, known[k].path);
    if (!set_score(all, known[k].path, path, known[k].classes, known[k].timing, &a->options))
      fprintf(details, "\n%s: no takes in %s, skipped.\n", known[k].path, "DATA/takes");
  }
  return true;
}

static void score_renders(const arguments* a, summary* goals, FILE* details) {
  static void (*const scores[PARTS])(const render_options*) = {
      NULL, score_isolated, score_rooms, score_rolls, score_flams, score_chords, score_robustness};
  render_options o = {.out = details,
                      .goals = goals,
                      .data = a->data,
                      .seed = a->seed,
                      .noise_hours = a->noise_hours};
  for (size_t p = 1; p < PARTS; p++)
    if (a->has_only ? a->only[p] : a->dir_count == 0)
      scores[p](&o);
}

/* Details are written to memory first: what a reader wants at once is only known after them. */
static int score_all(const arguments* a) {
  char* text = NULL;
  size_t size = 0;
  FILE* details = open_memstream(&text, &size);
  if (details == NULL)
    return 1;
  sets all = {0};
  summary goals = {0};
  bool is_there = !a->has_only || a->only[0] ? score_sets(a, &all, details) : true;
  sets_goals(&all, &goals);
  sets_print(&all, details);
  score_renders(a, &goals, details);
  fclose(details);
  printf("## The ear's scoreboard\n\nRenders: seed %" PRIu64 ". Network: %s. Recordings were never "
         "trained on; how often they were looked at is in ear-lab.md.\n\n",
         a->seed, a->model != NULL ? name_of(a->model) : "built in");
  summary_end(&goals, stdout);
  fputs(text, stdout);
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  printf("\nMost memory that this program held, renders and lists included: %.0f MiB.\n",
         (double)used.ru_maxrss / 1024);
  int status = is_there && all.unreadable == 0 ? 0 : 1;
  free(text);
  sets_clear(&all);
  return status;
}

int main(int argc, char** argv) {
  arguments a = {.data = getenv("DT_DATA"), .seed = 1, .noise_hours = 0.05};
  a.options.with_peer = system("command -v aubioonset >/dev/null 2>&1") == 0;
  a.options.with_live = true;
  a.options.block = 4096;
  if (!parse(&a, argc, argv)) {
    fputs(usage, stderr);
    return 2;
  }
  if (a.match)
    return match_from_stdin();
  if (a.samples != NULL)
    return write_samples(a.samples, a.seed) ? 0 : 1;
  dt_error error = {0};
  if (a.model != NULL && !hear_use_model(a.model, &error)) {
    fprintf(stderr, "%s: %s\n", a.model, error.sentence);
    return 1;
  }
  return score_all(&a);
}
