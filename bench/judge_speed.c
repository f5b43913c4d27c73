/*
 * How long does judging take? Processor time of one thread, the median of several runs, as a
 * Markdown table.
 *
 *   bench_judge_speed [RUNS]
 *
 * The takes are the simulated drummer's: a steady player of the rock groove with a timekeeper that
 * wanders, first against his click, then free.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../test/support/play_chart.h"
#include "dt/drummer.h"
#include "dt/judge.h"
#include "dt/stat.h"

enum { RUNS_MAX = 99 };

static const size_t STROKES[] = {100, 1000, 10000};

static void die(const char* what) {
  fprintf(stderr, "bench_judge_speed: %s\n", what);
  exit(1);
}

static double now_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A take of exactly that many strokes. */
static dt_take play(size_t count) {
  dt_drummer drummer = dt_drummer_default();
  dt_take take;
  drummer.bars = (int)(count / 13) + 1;
  if (dt_drummer_parse(&drummer, "scatter=7ms clock=5ms alpha=0.3", NULL) != DT_OK ||
      dt__play_text(&drummer, dt__groove_text("rock"), &take, NULL, NULL) != DT_OK ||
      take.strokes.count < count) {
    die("cannot play");
  }
  take.strokes.count = count;
  return take;
}

static double judge_s(const dt_take* take, dt_grid_mode mode) {
  dt_judge_config config = dt_judge_default(take);
  dt_verdict verdict;
  config.mode = mode;
  const double before_s = now_s();
  if (dt_judge(&verdict, NULL, take, &config, NULL) != DT_OK) {
    die("cannot judge");
  }
  const double after_s = now_s();
  dt_verdict_clear(&verdict, NULL);
  return after_s - before_s;
}

static double median_s(const dt_take* take, dt_grid_mode mode, int runs) {
  double seconds[RUNS_MAX];
  for (int k = 0; k < runs; ++k) {
    seconds[k] = judge_s(take, mode);
  }
  return dt_median(seconds, (size_t)runs, seconds);
}

int main(int argc, char** argv) {
  const int asked = argc > 1 ? atoi(argv[1]) : 9;
  const int runs = asked < 1 ? 1 : asked > RUNS_MAX ? RUNS_MAX : asked;
  printf("## How fast is the judge?\n\nProcessor time, one thread, median of %d runs.\n\n"
         "| strokes | grid | a take, ms | 1,000 strokes, ms |\n|---|---|---|---|\n",
         runs);
  for (size_t k = 0; k < sizeof(STROKES) / sizeof(STROKES[0]); ++k) {
    dt_take take = play(STROKES[k]);
    const size_t all = take.strokes.count;
    for (int free = 0; free < 2; ++free) {
      const double ms = 1e3 * median_s(&take, free ? DT_GRID_FREE : DT_GRID_CLICK, runs);
      printf("| %zu | %s | %.2f | %.2f |\n", all, free ? "free" : "click", ms,
             ms * 1e3 / (double)all);
    }
    dt_take_clear(&take, NULL);
  }
  return 0;
}
