/*
 * How fast is the store with a life's worth of takes? Markdown on standard output.
 *
 *   bench_store [TAKES [FOLDER [PROGRAM]]]
 *
 * Fills a database in FOLDER (default out, else the current one; 100,000 takes need 3 GB there for
 * the time being) with takes of the simulated drummer, seeds 1..60, asks it what history and
 * compare ask, by the library and by the whole program (default: doubletime beside this program's
 * folder), saves single takes, and kills imports.
 */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../test/support/play_chart.h"
#include "dt/compare.h"
#include "dt/drummer.h"
#include "dt/report.h"
#include "dt/stat.h"
#include "store_bench.h"

enum { POOL = 60, STROKES = 300, RUNS = 15, PATH = 1024, PLAYERS = 20, CHARTS = 50 };

void bench_die(const char* what) {
  fprintf(stderr, "bench_store: %s\n", what);
  exit(1);
}

double bench_now_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static dt_record pool[POOL];
static dt_verdict verdicts[POOL];
static char* reports[POOL];

/* Take k of the pool. Of ten players one rushes and one is scattered. */
static void make_take(int k) {
  static const char* const how[] = {"scatter=9ms clock=4ms alpha=0.3",
                                    "scatter=9ms drift=+3bpm/min", "scatter=40ms",
                                    "scatter=6ms pink=4ms", "scatter=7ms"};
  dt_drummer drummer = dt_drummer_default();
  dt_record* r = &pool[k];
  dt_buffer text = {0};
  drummer.seed = (uint64_t)k + 1;
  drummer.bars = STROKES / 13 + 1;
  if (dt_drummer_parse(&drummer, how[k % 5], NULL) != DT_OK ||
      dt__play_text(&drummer, dt__groove_text("rock"), &r->take, NULL, NULL) != DT_OK) {
    bench_die("cannot play");
  }
  r->take.strokes.count = STROKES;
  r->config = dt_judge_default(&r->take);
  if (dt_judge(&verdicts[k], NULL, &r->take, &r->config, NULL) != DT_OK) {
    bench_die("cannot judge");
  }
  const dt_report_options options = {.file = "take.mid", .version = "bench", .config = &r->config};
  if (dt_report_json(&r->take, &verdicts[k], &options, dt_buffer_sink(&text)) != DT_OK ||
      dt_sink_write(dt_buffer_sink(&text), "", 1) != DT_OK) {
    bench_die("cannot report");
  }
  reports[k] = (char*)text.bytes;
  r->report = reports[k];
  r->file = "take.mid";
  r->program = "bench";
  r->summary = dt_summary_of(&verdicts[k]);
  r->judged = verdicts[k].judged;
  r->judged_count = verdicts[k].judged_count;
}

/* Take i of the store: an hour after the one before, and unlike any other. Nobody drags but in the
 * first, so that asking for it looks at every take. */
static dt_record nth(size_t i, char player[32], char chart[32]) {
  dt_record r = pool[i % POOL];
  snprintf(player, 32, "player %zu", i % PLAYERS);
  snprintf(chart, 32, "chart %zu", (i / 7) % CHARTS);
  r.player = player;
  r.chart = chart;
  r.taken_at_s = 1500000000 + 3600 * (int64_t)i;
  r.take.duration_s += 1e-6 * (double)i;
  r.summary.word = i == 0                               ? DT_WORD_DRAGGING
                   : r.summary.word == DT_WORD_DRAGGING ? DT_WORD_RUSHING
                                                        : r.summary.word;
  return r;
}

static void must(dt_status status, const dt_error* err) {
  if (status != DT_OK) {
    bench_die(err->sentence);
  }
}

static void fill(dt_store* store, size_t takes) {
  char player[32];
  char chart[32];
  dt_error err = {0};
  for (size_t i = 0; i < takes; ++i) {
    const dt_record r = nth(i, player, chart);
    int64_t number;
    bool known;
    if (i % 500 == 0) {
      must(dt_store_begin(store, &err), &err);
    }
    must(dt_store_save(store, &r, &number, &known, &err), &err);
    if (i % 500 == 499 || i + 1 == takes) {
      must(dt_store_commit(store, &err), &err);
    }
  }
}

static bool count_line(void* ctx, const dt_listed* listed) {
  *(size_t*)ctx += listed->number > 0;
  return true;
}

typedef struct question {
  const char* name;
  dt_filter filter;
  const char* arguments[4];
} question;

/* Median wall time of a run of the program, ms. */
static double program_ms(const char* program, const char* const* arguments, const char* db) {
  double ms[RUNS];
  for (int k = 0; k < RUNS; ++k) {
    const double start_s = bench_now_s();
    const pid_t child = fork();
    if (child == 0) {
      const char* argv[16] = {program};
      int count = 1;
      for (int i = 0; arguments[i]; ++i) {
        argv[count++] = arguments[i];
      }
      argv[count++] = "--db";
      argv[count++] = db;
      const int nowhere = open("/dev/null", O_WRONLY);
      dup2(nowhere, STDOUT_FILENO);
      char* plain[16] = {NULL};
      memcpy(plain, argv, sizeof argv);
      execv(program, plain);
      _exit(127);
    }
    int how = 0;
    waitpid(child, &how, 0);
    if (!WIFEXITED(how) || WEXITSTATUS(how) != 0) {
      bench_die(program);
    }
    ms[k] = 1e3 * (bench_now_s() - start_s);
  }
  return dt_median(ms, RUNS, ms);
}

static double list_ms(const char* db, const dt_filter* filter, size_t* lines) {
  double ms[RUNS];
  for (int k = 0; k < RUNS; ++k) {
    dt_error err = {0};
    dt_store* store = NULL;
    size_t matching = 0;
    *lines = 0;
    must(dt_store_open(&store, db, NULL, &err), &err);
    const double start_s = bench_now_s();
    must(dt_store_list(store, filter, count_line, lines, &matching, &err), &err);
    ms[k] = 1e3 * (bench_now_s() - start_s);
    dt_store_close(store);
  }
  return dt_median(ms, RUNS, ms);
}

static void ask(const char* db, const char* program, size_t takes) {
  dt_filter page = dt_filter_all();
  page.limit = 20;
  question questions[] = {
      {"the newest page", page, {"history"}},
      {"one player of 20", page, {"history", "--player", "player 3"}},
      {"one chart of 50", page, {"history", "--chart", "chart 7"}},
      {"a week, two thirds back", page, {"history", "--until", "2021-09-01"}},
      {"a word that many have", page, {"history", "--word", "rushing"}},
      {"a word that only the oldest has", page, {"history", "--word", "dragging"}},
      {"a drum that nobody played", page, {"history", "--drum", "china"}},
  };
  questions[1].filter.player = "player 3";
  questions[2].filter.chart = "chart 7";
  questions[3].filter.until_s = 1630454400;
  questions[4].filter.word = DT_WORD_RUSHING;
  questions[5].filter.word = DT_WORD_DRAGGING;
  questions[6].filter.drum = DT_CHINA;
  printf("### Asking %zu takes\n\nA fresh connection each time, median of %d; the program's time "
         "is that of the whole run.\n\n| history | takes listed | library, ms | program, ms "
         "|\n|---|---|---|---|\n",
         takes, RUNS);
  for (size_t k = 0; k < sizeof(questions) / sizeof(questions[0]); ++k) {
    size_t lines = 0;
    const double ms = list_ms(db, &questions[k].filter, &lines);
    printf("| %s | %zu | %.1f | %.1f |\n", questions[k].name, lines, ms,
           program_ms(program, questions[k].arguments, db));
  }
}

/* Loads both takes, judges and compares them. */
static double compare_ms(const char* db, int64_t a, int64_t b) {
  double ms[RUNS];
  for (int k = 0; k < RUNS; ++k) {
    dt_error err = {0};
    dt_store* store = NULL;
    dt_record r[2];
    dt_verdict v[2];
    dt_comparison comparison;
    const int64_t numbers[2] = {a + k, b + k};
    const double start_s = bench_now_s();
    must(dt_store_open(&store, db, NULL, &err), &err);
    for (int i = 0; i < 2; ++i) {
      must(dt_store_load(store, numbers[i], NULL, &r[i], &err), &err);
      must(dt_judge(&v[i], NULL, &r[i].take, &r[i].config, &err), &err);
    }
    dt_compare(&comparison, &r[0].take, &v[0], &r[1].take, &v[1], 1);
    dt_store_close(store);
    ms[k] = 1e3 * (bench_now_s() - start_s);
    for (int i = 0; i < 2; ++i) {
      dt_verdict_clear(&v[i], NULL);
      dt_record_clear(&r[i], NULL);
    }
  }
  return dt_median(ms, RUNS, ms);
}

static void compare(const char* db, const char* program, size_t takes) {
  char first[24];
  char second[24];
  const size_t a = takes / 3 + 1;
  const size_t b = 2 * takes / 3 + 1;
  snprintf(first, sizeof first, "%zu", a);
  snprintf(second, sizeof second, "%zu", b);
  const char* const arguments[] = {"compare", first, second, NULL};
  printf("| compare two takes of %d strokes | - | %.1f | %.1f |\n\n", STROKES,
         compare_ms(db, (int64_t)a, (int64_t)b), program_ms(program, arguments, db));
}

/* What the disk itself needs to say "written": 4 kB and fsync. */
static double fsync_ms(const char* folder) {
  char path[PATH];
  double ms[RUNS];
  const char bytes[4096] = {0};
  snprintf(path, sizeof path, "%s/bench-fsync", folder);
  const int file = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);
  for (int k = 0; k < RUNS; ++k) {
    const double start_s = bench_now_s();
    if (write(file, bytes, sizeof bytes) != (ssize_t)sizeof bytes || fsync(file) != 0) {
      bench_die(path);
    }
    ms[k] = 1e3 * (bench_now_s() - start_s);
  }
  close(file);
  remove(path);
  return dt_median(ms, RUNS, ms);
}

/* One take after the other, each on the disk before the next. */
static void save_singly(const char* db, const char* folder, size_t from) {
  enum { SINGLE = 200 };
  static double ms[SINGLE];
  static double committed_ms[SINGLE];
  static double scratch[SINGLE];
  char player[32];
  char chart[32];
  dt_error err = {0};
  for (int k = 0; k < SINGLE; ++k) {
    dt_record r = nth(from + (size_t)k, player, chart);
    dt_store* store = NULL;
    int64_t number;
    bool known;
    const double start_s = bench_now_s();
    must(dt_store_open(&store, db, NULL, &err), &err);
    must(dt_store_save(store, &r, &number, &known, &err), &err);
    committed_ms[k] = 1e3 * (bench_now_s() - start_s);
    dt_store_close(store);
    ms[k] = 1e3 * (bench_now_s() - start_s);
  }
  printf(
      "### Saving\n\nA take of %d strokes into that store, opened and committed: on the disk after "
      "%.1f ms (median; 95 %% below %.1f ms; %d takes); closed, with the write-ahead log folded "
      "back, after %.1f ms. Writing 4 kB and fsync alone: %.1f ms.",
      STROKES, dt_median(committed_ms, SINGLE, scratch),
      dt_quantile(committed_ms, SINGLE, 0.95, scratch), SINGLE, dt_median(ms, SINGLE, scratch),
      fsync_ms(folder));
}

/* Runs an import; *said_ms is when it says that the take is stored, the result when it ends. */
static double import_ms(const char* program, const char* path, const char* db, double* said_ms) {
  int ends[2];
  int how = 0;
  char said[256];
  if (pipe(ends) != 0) {
    bench_die("no pipe");
  }
  const double start_s = bench_now_s();
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    execl(program, program, "import", path, "--db", db, (char*)NULL);
    _exit(127);
  }
  close(ends[1]);
  const ssize_t got = read(ends[0], said, sizeof said);
  *said_ms = 1e3 * (bench_now_s() - start_s);
  waitpid(child, &how, 0);
  close(ends[0]);
  if (got <= 0 || !WIFEXITED(how) || WEXITSTATUS(how) != 0) {
    bench_die("import");
  }
  return 1e3 * (bench_now_s() - start_s);
}

static void import_singly(const char* db, const char* program, const char* folder, size_t from) {
  enum { SINGLE = 60 };
  double ms[SINGLE];
  double said_ms[SINGLE];
  double scratch[SINGLE];
  char path[PATH];
  char player[32];
  char chart[32];
  snprintf(path, sizeof path, "%s/bench-import.jsonl", folder);
  for (int k = 0; k < SINGLE; ++k) {
    dt_buffer line = {0};
    const dt_record r = nth(from + (size_t)k, player, chart);
    FILE* file = fopen(path, "wb");
    if (!file || dt_record_write(&r, dt_buffer_sink(&line)) != DT_OK ||
        fwrite(line.bytes, 1, line.size, file) != line.size || fflush(file) != 0 ||
        fsync(fileno(file)) != 0 || fclose(file) != 0) {
      bench_die(path);
    }
    dt_buffer_clear(&line);
    ms[k] = import_ms(program, path, db, &said_ms[k]);
  }
  remove(path);
  printf(" `doubletime import` of one line of JSON, from its start: says that the take is stored "
         "after %.1f ms (median; 95 %% below %.1f ms; %d runs), ends after %.1f ms.\n\n",
         dt_median(said_ms, SINGLE, scratch), dt_quantile(said_ms, SINGLE, 0.95, scratch), SINGLE,
         dt_median(ms, SINGLE, scratch));
}

static double size_mb(const char* path) {
  struct stat info;
  return stat(path, &info) == 0 ? (double)info.st_size / 1e6 : 0.0;
}

static void beside(const char* own, char* program) {
  const char* slash = strrchr(own, '/');
  snprintf(program, PATH, "%.*s/../doubletime", slash ? (int)(slash - own) : 1, slash ? own : ".");
}

int main(int argc, char** argv) {
  const size_t takes = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : 100000;
  const char* folder = argc > 2 ? argv[2] : access("out", W_OK) == 0 ? "out" : ".";
  char program[PATH];
  char db[PATH];
  dt_error err = {0};
  dt_store* store = NULL;
  const dt_store_options create = {.create = true};
  beside(argv[0], program);
  if (argc > 3) {
    snprintf(program, sizeof program, "%s", argv[3]);
  }
  if (takes < 100 || access(program, X_OK) != 0) {
    bench_die("usage: bench_store [TAKES [FOLDER [PROGRAM]]], at least 100 takes");
  }
  for (int k = 0; k < POOL; ++k) {
    make_take(k);
  }
  printf("## The store\n\n");
  snprintf(db, sizeof db, "%s/bench-store.db", folder);
  bench_layouts(pool, POOL, db);
  remove(db);
  const double start_s = bench_now_s();
  must(dt_store_open(&store, db, &create, &err), &err);
  fill(store, takes);
  dt_store_close(store);
  const double filled_s = bench_now_s() - start_s;
  printf(
      "Filled with %zu takes, %.1f million strokes, in %.0f s (%.0f strokes a second, commits of "
      "500 takes); the file has %.0f MB, %.0f bytes a stroke with everything.\n\n",
      takes, 1e-6 * (double)takes * STROKES, filled_s, (double)takes * STROKES / filled_s,
      size_mb(db), 1e6 * size_mb(db) / ((double)takes * STROKES));
  fflush(stdout);
  ask(db, program, takes);
  compare(db, program, takes);
  save_singly(db, folder, takes);
  import_singly(db, program, folder, takes + 1000);
  fflush(stdout);
  remove(db);
  bench_kills(program, pool, POOL, folder, 200, 500001);
  for (int k = 0; k < POOL; ++k) {
    dt_verdict_clear(&verdicts[k], NULL);
    dt_take_clear(&pool[k].take, NULL);
    free(reports[k]);
  }
  return 0;
}
