/*
 * How long the local API's answers take, in the server's own thread: a history of many takes, one
 * of them five minutes long. Markdown on standard output.
 *
 *   bench_api FOLDER [TAKES]     an empty folder to work in; default 100,000 takes
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "../src/stage/api.h"
#include "dt/align.h"
#include "dt/chart_text.h"
#include "dt/home_charts.h"
#include "dt/home_keep.h"
#include "dt/home_log.h"
#include "dt/part.h"
#include "dt/rng.h"
#include "dt/study.h"

enum { SEED = 20261123, REPEATS = 60, BATCH = 1000 };

static double clock_ms(clockid_t which) {
  struct timespec now;
  clock_gettime(which, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static double now_ms(void) {
  return clock_ms(CLOCK_MONOTONIC);
}

static void must(dt_status status, const char* what, const dt_error* err) {
  if (status == DT_OK)
    return;
  fprintf(stderr, "%s: %s\n", what, err ? err->sentence : dt_status_sentence(status));
  exit(1);
}

static void play(dt_take* take, const dt_chart* chart, int bars, dt_rng* rng) {
  dt_part part;
  memset(take, 0, sizeof *take);
  must(dt_part_from_chart(&part, NULL, chart, bars, 0), "part", NULL);
  for (size_t i = 0; i < part.note_count; i++) {
    const dt_chart_note* note = &part.notes[i].note;
    dt_stroke stroke = dt_stroke_at(
        1 + dt_part_seconds(&part, note->tick) + 0.006 * dt_rng_normal(rng), note->drum);
    stroke.velocity = (float)dt_loud_velocity(note->loud);
    must(dt_strokes_add(&take->strokes, NULL, &stroke), "stroke", NULL);
  }
  dt_strokes_sort(&take->strokes);
  take->duration_s = take->strokes.items[take->strokes.count - 1].time_s + 1;
  dt_part_clear(&part, NULL);
}

/* A take of its own for every number: one bar, its verdict of no weight. */
static void fill(dt_store* store, int64_t count, dt_rng* rng) {
  static const char* const charts[] = {"rock", "funk", "paradiddle", "shuffle", "bossa"};
  dt_error err = {0};
  for (int64_t i = 0; i < count; i++) {
    dt_stroke strokes[4];
    for (int k = 0; k < 4; k++)
      strokes[k] = dt_stroke_at(k * 0.5 + dt_rng_uniform(rng) * 0.1, k % 2 ? DT_SNARE : DT_KICK);
    const dt_record record = {
        .taken_at_s = 1700000000 + i * 60,
        .player = "Ana",
        .chart = charts[i % 5],
        .file = "take.mid",
        .program = "bench",
        .take = {.strokes = {strokes, 4, 4}, .duration_s = 3},
        .config = {.mode = DT_GRID_FREE, .start_s = -1, .level = DT_LEVEL_PLAYER},
        .summary = {.word = (dt_word)(i % 5), .tempo_bpm = 120, .missed_count = -1},
    };
    int64_t number = 0;
    bool known = false;
    if (i % BATCH == 0)
      must(dt_store_begin(store, &err), "begin", &err);
    must(dt_store_save(store, &record, &number, &known, &err), "save", &err);
    if (i % BATCH == BATCH - 1 || i == count - 1)
      must(dt_store_commit(store, &err), "commit", &err);
  }
}

static int64_t keep_long(dt_store* store, const dt_chart* chart, int bars, dt_rng* rng,
                         size_t* strokes, double* length_s) {
  dt_take take;
  dt_alignment alignment;
  dt_verdict verdict;
  dt_study study;
  dt_error err = {0};
  int64_t number = 0;
  bool known = false;
  play(&take, chart, bars, rng);
  dt_judge_config config = dt_judge_default(&take);
  config.mode = DT_GRID_TEMPO;
  config.bpm = dt_tempo_map_bpm(&chart->map, 0);
  config.start_s = 1;
  must(dt_align(&alignment, NULL, &take, &config, chart, &err), "align", &err);
  config.chart = chart;
  config.alignment = &alignment;
  must(dt_judge(&verdict, NULL, &take, &config, &err), "judge", &err);
  must(dt_study_make(&study, NULL, &take, &verdict, &alignment, chart), "study", NULL);
  const dt_kept kept = {.taken_at_s = 1800000000,
                        .chart = "rock",
                        .program = "bench",
                        .take = &take,
                        .config = &config,
                        .verdict = &verdict,
                        .study = &study};
  must(dt_home_keep(store, &kept, &number, &known, &err), "keep", &err);
  *strokes = take.strokes.count;
  *length_s = take.duration_s;
  dt_study_clear(&study, NULL);
  dt_verdict_clear(&verdict, NULL);
  dt_alignment_clear(&alignment, NULL);
  dt_take_clear(&take, NULL);
  return number;
}

/* Ten years of five exercises a day. */
static void write_log(const char* folder) {
  char path[1024];
  char line_of[5][32] = {"rock", "funk", "paradiddle", "shuffle", "bossa"};
  dt_error err = {0};
  snprintf(path, sizeof path, "%s/practice.log", folder);
  for (int i = 0; i < 200; i++) { /* each line is synced: the rest is copied */
    dt_past past = {.day = 20000 + i / 5,
                    .played_s = 300,
                    .takes = 9,
                    .clean_takes = 5,
                    .bpm = 90 + i % 40,
                    .low_bpm = 85,
                    .high_bpm = 130,
                    .sd = 0.02,
                    .top_bpm = 90};
    snprintf(past.chart, sizeof past.chart, "%s", line_of[i % 5]);
    must(dt_practice_log_add(path, &past, &err), "log", &err);
  }
}

static int by_size(const void* a, const void* b) {
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

static void ask(dt__api* api, const char* path, const char* query) {
  double times_ms[REPEATS];
  double cpus_ms[REPEATS]; /* of this thread alone: what an idle machine would take */
  size_t bytes = 0;
  int status = 0;
  for (int i = 0; i < REPEATS; i++) {
    const dt__request request = {.method = "GET", .path = path, .query = query};
    dt__reply reply = {0};
    const double from_ms = now_ms();
    const double cpu_ms = clock_ms(CLOCK_THREAD_CPUTIME_ID);
    dt__api_answer(api, &request, &reply);
    cpus_ms[i] = clock_ms(CLOCK_THREAD_CPUTIME_ID) - cpu_ms;
    times_ms[i] = now_ms() - from_ms;
    bytes = reply.body.size;
    status = reply.status;
    dt_buffer_clear(&reply.body);
    free(reply.file);
  }
  qsort(times_ms, REPEATS, sizeof times_ms[0], by_size);
  qsort(cpus_ms, REPEATS, sizeof cpus_ms[0], by_size);
  printf("| `%s%s%s` | %d | %.1f | %.2f | %.2f | %.2f | %.2f |\n", path, query[0] ? "?" : "", query,
         status, (double)bytes / 1e3, cpus_ms[REPEATS / 2], cpus_ms[REPEATS - 1],
         times_ms[REPEATS / 2], times_ms[REPEATS - 1]);
  fflush(stdout);
}

int main(int argc, char** argv) {
  char db[1024];
  char path[4096];
  char one[64];
  dt_error err = {0};
  dt_store* store = NULL;
  dt__api* api = NULL;
  dt_chart chart;
  dt_rng rng = dt_rng_seeded(SEED, 0);
  size_t strokes = 0;
  double length_s = 0;
  const long long count = argc > 2 ? atoll(argv[2]) : 100000;
  if (argc < 2 || count < 1) {
    fprintf(stderr, "bench_api FOLDER [TAKES]\n");
    return 2;
  }
  snprintf(db, sizeof db, "%s/takes.db", argv[1]);
  must(dt_home_store(&store, db, true, path, &err), db, &err);
  must(dt_home_chart_load(&chart, argv[1], "rock", NULL, &err), "rock", &err);
  const double from_ms = now_ms();
  fill(store, count - 1, &rng);
  const int64_t number = keep_long(store, &chart, 150, &rng, &strokes, &length_s);
  dt_store_close(store);
  write_log(argv[1]);
  printf("%lld takes (seed %d, kept in %.0f s); take %lld has %zu strokes in %.0f s. Each asked %d "
         "times.\n\n",
         count, SEED, (now_ms() - from_ms) / 1e3, (long long)number, strokes, length_s, REPEATS);
  printf("| path | status | kB | CPU ms | most | clock ms | most |\n"
         "| --- | --- | --- | --- | --- | --- | --- |\n");
  const dt__api_config config = {.db = db, .home = argv[1]};
  must(dt__api_new(&api, &config, &err), "api", &err);
  ask(api, "/takes", "");
  ask(api, "/takes", "limit=1000");
  ask(api, "/takes", "before=50000&limit=50");
  ask(api, "/takes", "chart=funk&word=rushing&drum=snare");
  ask(api, "/takes", "chart=no-such");
  snprintf(one, sizeof one, "/takes/%lld", (long long)number);
  ask(api, one, "");
  snprintf(one, sizeof one, "/takes/%lld/verdict", (long long)number);
  ask(api, one, "");
  snprintf(one, sizeof one, "/takes/%lld/strokes", (long long)number);
  ask(api, one, "");
  ask(api, one, "format=csv");
  snprintf(one, sizeof one, "/takes/%lld/page", (long long)number);
  ask(api, one, "");
  snprintf(one, sizeof one, "a=%lld&b=%lld", (long long)number, (long long)number);
  ask(api, "/compare", one);
  ask(api, "/charts", "");
  ask(api, "/charts/rock-song", "");
  ask(api, "/progress", "");
  ask(api, "/plan", "");
  ask(api, "/settings", "");
  ask(api, "/devices", "");
  dt__api_free(api);
  dt_chart_clear(&chart, NULL);
  return 0;
}
