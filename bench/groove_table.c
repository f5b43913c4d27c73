/*
 * Every performance of the Groove MIDI Dataset, judged against its own click: a table per drummer
 * and per style, as Markdown.
 *
 *   groove_table FOLDER      the data set, unpacked (info.csv and the drummers' folders)
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "csv_field.h"
#include "dt/codec.h"
#include "dt/judge.h"
#include "dt/stat.h"

enum { TAKES_MAX = 4096, GROUPS_MAX = 64, STROKES_MIN = 64 };

typedef struct row {
  char drummer[16];
  char style[24];
  bool judged; /* enough strokes for the table */
  double placement_ms;
  double scatter_ms;
  double scatter_percent; /* of the beat */
  double drift_percent_per_min;
  bool drift_found;
  dt_feel feel;
  double swing;
  dt_word word;
} row;

static row rows[TAKES_MAX];
static size_t row_count;

static void die(const char* what, const char* which) {
  fprintf(stderr, "groove_table: %s: %s\n", which, what);
  exit(1);
}

static void judge_file(const char* folder, const char* line, size_t* strokes) {
  char name[512];
  char path[1024];
  row* r = &rows[row_count++];
  csv_field(line, 0, r->drummer, sizeof(r->drummer));
  csv_field(line, 3, r->style, sizeof(r->style));
  r->style[strcspn(r->style, "/")] = '\0';
  csv_field(line, 7, name, sizeof(name));
  snprintf(path, sizeof(path), "%s/%s", folder, name);
  dt_take take;
  dt_error err;
  const dt_take_options options = {0};
  if (dt_take_load(&take, NULL, path, &options, &err) != DT_OK) {
    die(err.sentence, path);
  }
  const dt_judge_config config = dt_judge_default(&take);
  dt_verdict verdict;
  if (dt_judge(&verdict, NULL, &take, &config, &err) != DT_OK) {
    die(err.sentence, path);
  }
  const dt_timing* all = &verdict.all;
  *strokes += take.strokes.count;
  r->word = verdict.word;
  r->judged = all->stroke_count >= STROKES_MIN && all->drift_percent_per_min.known == DT_KNOWN;
  r->placement_ms = all->placement_ms.value;
  r->scatter_ms = all->scatter_ms.value;
  r->scatter_percent = all->scatter_ms.value / (10.0 * verdict.beat_s);
  r->drift_percent_per_min = all->drift_percent_per_min.value;
  r->drift_found = verdict.drift_found;
  r->feel = verdict.subdivision.feel;
  r->swing = verdict.subdivision.swing;
  dt_verdict_clear(&verdict, NULL);
  dt_take_clear(&take, NULL);
}

static const char* group_of(const row* r, bool by_style) {
  return by_style ? r->style : r->drummer;
}

/* drummer2 before drummer10; styles by the alphabet. */
static int by_name(const void* a, const void* b) {
  const char* x = a;
  const char* y = b;
  const size_t lx = strlen(x);
  const size_t ly = strlen(y);
  if (strncmp(x, "drummer", 7) == 0 && lx != ly) {
    return lx < ly ? -1 : 1;
  }
  return strcmp(x, y);
}

static size_t list_groups(bool by_style, char names[GROUPS_MAX][24]) {
  size_t count = 0;
  for (size_t i = 0; i < row_count; ++i) {
    const char* name = group_of(&rows[i], by_style);
    size_t k = 0;
    while (k < count && strcmp(names[k], name) != 0) {
      ++k;
    }
    if (k == count && count < GROUPS_MAX) {
      snprintf(names[count++], 24, "%s", name);
    }
  }
  qsort(names, count, sizeof(names[0]), by_name);
  return count;
}

static double values[TAKES_MAX];
static double scratch[TAKES_MAX];

typedef double (*value_fn)(const row* r);
static double placement(const row* r) {
  return r->placement_ms;
}
static double scatter(const row* r) {
  return r->scatter_ms;
}
static double scatter_percent(const row* r) {
  return r->scatter_percent;
}
static double drift_size(const row* r) {
  return fabs(r->drift_percent_per_min);
}
static double drift_seen(const row* r) {
  return r->drift_found ? 100.0 : 0.0;
}
static double is_swung(const row* r) {
  return r->feel == DT_FEEL_SWUNG_EIGHTHS || r->feel == DT_FEEL_SWUNG_SIXTEENTHS ? 100.0 : 0.0;
}
static double is_triplet(const row* r) {
  return r->feel == DT_FEEL_TRIPLET ? 100.0 : 0.0;
}

static size_t collect(const char* name, bool by_style, value_fn value) {
  size_t n = 0;
  for (size_t i = 0; i < row_count; ++i) {
    if (rows[i].judged && (!name || strcmp(group_of(&rows[i], by_style), name) == 0)) {
      values[n++] = value(&rows[i]);
    }
  }
  return n;
}

static void print_group(const char* name, bool by_style) {
  size_t n = collect(name, by_style, placement);
  if (n == 0) {
    printf("| %s | 0 | | | | | | | |\n", name);
    return;
  }
  printf("| %s | %zu | %+.1f (%+.1f ... %+.1f) ", name ? name : "all", n,
         dt_median(values, n, scratch), dt_quantile(values, n, 0.25, scratch),
         dt_quantile(values, n, 0.75, scratch));
  n = collect(name, by_style, scatter);
  printf("| %.1f (%.1f ... %.1f) ", dt_median(values, n, scratch),
         dt_quantile(values, n, 0.25, scratch), dt_quantile(values, n, 0.75, scratch));
  n = collect(name, by_style, scatter_percent);
  printf("| %.1f ", dt_median(values, n, scratch));
  n = collect(name, by_style, drift_size);
  printf("| %.2f ", dt_median(values, n, scratch));
  n = collect(name, by_style, drift_seen);
  printf("| %.0f ", dt_mean(values, n));
  n = collect(name, by_style, is_swung);
  printf("| %.0f ", dt_mean(values, n));
  n = collect(name, by_style, is_triplet);
  printf("| %.0f |\n", dt_mean(values, n));
}

static void print_table(bool by_style) {
  char names[GROUPS_MAX][24];
  const size_t count = list_groups(by_style, names);
  printf(
      "\n## Per %s\n\n| %s | takes | placement, ms | scatter, ms | %% of beat | drift size, %%/min "
      "| drift found, %% | swung, %% | triplets, %% |\n|---|---|---|---|---|---|---|---|---|\n",
      by_style ? "style" : "drummer", by_style ? "style" : "drummer");
  for (size_t k = 0; k < count; ++k) {
    print_group(names[k], by_style);
  }
  print_group(NULL, by_style);
}

static void print_words(void) {
  size_t count[5] = {0};
  for (size_t i = 0; i < row_count; ++i) {
    ++count[rows[i].word];
  }
  printf("\nVerdicts at level player, all files:");
  for (int w = 0; w < 5; ++w) {
    printf(" %s %zu%s", dt_word_text((dt_word)w), count[w], w < 4 ? "," : ".\n");
  }
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "groove_table: give the folder of the unpacked Groove MIDI Dataset\n");
    return 2;
  }
  char path[1024];
  snprintf(path, sizeof(path), "%s/info.csv", argv[1]);
  FILE* info = fopen(path, "r");
  if (!info) {
    die("no info.csv there", argv[1]);
  }
  char line[2048];
  size_t strokes = 0;
  const clock_t start = clock();
  while (fgets(line, sizeof(line), info) && row_count < TAKES_MAX) {
    if (strncmp(line, "drummer,", 8) != 0) {
      judge_file(argv[1], line, &strokes);
    }
  }
  fclose(info);
  const double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
  size_t judged = 0;
  for (size_t i = 0; i < row_count; ++i) {
    judged += rows[i].judged;
  }
  printf("%zu performances, %zu strokes, all judged without error in %.1f s of one core, files "
         "read included.\nThe tables hold the %zu takes with at least %d strokes and a known drift "
         "(the rest are mostly single fills).\n",
         row_count, strokes, seconds, judged, STROKES_MIN);
  print_words();
  print_table(false);
  print_table(true);
  return 0;
}
