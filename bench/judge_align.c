/*
 * Is every stroke given to its note? Simulated takes of all charts, with faults.
 *
 *   bench_judge_align [TAKES [FIRST_SEED [worst]]]
 *
 * TAKES a chart and condition (default 2). Prints Markdown.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../test/judge/align_charts.h"
#include "../test/judge/align_play.h"

typedef struct fault {
  const char* name;
  double missed, added, wrong;
  bool skip, repeat;
  double target;
} fault;

static const fault FAULTS[] = {
    {"none", 0, 0, 0, false, false, 0.99},
    {"5 % missed", 0.05, 0, 0, false, false, 0.99},
    {"10 % missed", 0.10, 0, 0, false, false, 0.95},
    {"20 % missed", 0.20, 0, 0, false, false, 0.95},
    {"5 % added", 0, 0.05, 0, false, false, 0.99},
    {"10 % added", 0, 0.10, 0, false, false, 0.95},
    {"20 % added", 0, 0.20, 0, false, false, 0.95},
    {"5 % wrong drum", 0, 0, 0.05, false, false, 0.99},
    {"10 % wrong drum", 0, 0, 0.10, false, false, 0.95},
    {"20 % wrong drum", 0, 0, 0.20, false, false, 0.95},
    {"5 % of each", 0.05, 0.05, 0.05, false, false, 0.99},
    {"10 % of each", 0.10, 0.10, 0.10, false, false, 0.95},
    {"20 % of each", 0.20, 0.20, 0.20, false, false, 0.95},
    {"a bar skipped", 0, 0, 0, true, false, 0.99},
    {"a bar repeated", 0, 0, 0, false, true, 0.99},
    {"skipped, 5 % of each", 0.05, 0.05, 0.05, true, false, 0.95},
};
enum { FAULT_COUNT = sizeof(FAULTS) / sizeof(FAULTS[0]) };

typedef struct person {
  const char* name;
  double scatter_s, clock_s, drift;
} person;
static const person PEOPLE[] = {{"good", 0.008, 0.003, 0.02}, {"beginner", 0.022, 0.008, -0.08}};

static const double TEMPI[] = {0.75, 1.0, 1.25};

static void die(const char* what) {
  fprintf(stderr, "bench_judge_align: %s\n", what);
  exit(1);
}

static int bars_for(const dt_chart* chart) {
  int bars = 0;
  double quarters = 0.0;
  while (bars < 8 || quarters < 40.0) {
    const int b = play_bar(chart, bars++);
    quarters += (double)(dt_chart_bar_tick(chart, b + 1) - dt_chart_bar_tick(chart, b)) / 960.0;
  }
  return bars;
}

static play plan(const dt_chart* chart, const fault* f, const person* who, bool click, int k,
                 uint64_t seed) {
  play how;
  memset(&how, 0, sizeof(how));
  how.seed = seed;
  how.bpm = dt_tempo_map_bpm(&chart->map, 0.0) * TEMPI[k % 3];
  how.scatter_s = who->scatter_s;
  how.clock_s = click ? who->clock_s : 0.5 * who->clock_s;
  how.drift = click ? 0.0 : who->drift;
  how.missed = f->missed;
  how.added = f->added;
  how.wrong = f->wrong;
  how.bars = bars_for(chart);
  how.skip_at = f->skip ? how.bars / 2 : -1;
  how.repeat_at = f->repeat ? how.bars / 2 : -1;
  how.lead_in_bars = 1.0;
  how.click = click;
  return how;
}

static double one(const dt_chart* chart, const play* how, mark_sheet* sum) {
  meant m = play_chart(chart, how);
  dt_judge_config config = dt_judge_default(&m.take);
  dt_alignment a;
  dt_error err;
  if (dt_align(&a, NULL, &m.take, &config, chart, &err) != DT_OK) {
    die(err.sentence);
  }
  const mark_sheet s = mark_alignment(&m, &a);
  sum->strokes += s.strokes;
  sum->strokes_right += s.strokes_right;
  sum->labels_right += s.labels_right;
  sum->events += s.events;
  sum->events_right += s.events_right;
  dt_alignment_clear(&a, NULL);
  play_clear(&m);
  return mark_share(&s);
}

int main(int argc, char** argv) {
  const int takes = argc > 1 ? atoi(argv[1]) : 2;
  const uint64_t first_seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 700001;
  const bool worst_wanted = argc > 3;
  static test_chart charts[TEST_CHARTS_MAX];
  const size_t chart_count = charts_made(charts);
  printf("## Is every stroke given to its note?\n\n%zu charts, %d takes each a cell, seeds from "
         "%llu. Percent right of all strokes (label, note, and main or grace stroke) and of all "
         "notes (fate).\n\n| faults |",
         chart_count, takes, (unsigned long long)first_seed);
  for (int p = 0; p < 2; ++p) {
    printf(" click, %s | worst chart | free, %s | worst chart |", PEOPLE[p].name, PEOPLE[p].name);
  }
  printf("\n|---|---|---|---|---|---|---|---|---|\n");
  for (int f = 0; f < FAULT_COUNT; ++f) {
    printf("| %s |", FAULTS[f].name);
    for (int cell = 0; cell < 4; ++cell) {
      mark_sheet all;
      memset(&all, 0, sizeof(all));
      double worst = 2.0;
      const char* worst_name = "";
      for (size_t c = 0; c < chart_count; ++c) {
        mark_sheet of_chart;
        memset(&of_chart, 0, sizeof(of_chart));
        for (int k = 0; k < takes; ++k) {
          const uint64_t seed = first_seed + (uint64_t)k;
          const play how =
              plan(&charts[c].chart, &FAULTS[f], &PEOPLE[cell / 2], cell % 2 == 0, k, seed);
          const double share = one(&charts[c].chart, &how, &of_chart);
          if (worst_wanted && share < FAULTS[f].target) {
            fprintf(stderr, "%.3f %s %s seed %llu %s %s %.0f bpm\n", share, charts[c].name,
                    FAULTS[f].name, (unsigned long long)seed, PEOPLE[cell / 2].name,
                    cell % 2 ? "free" : "click", how.bpm);
          }
        }
        if (mark_share(&of_chart) < worst) {
          worst = mark_share(&of_chart);
          worst_name = charts[c].name;
        }
        all.strokes += of_chart.strokes;
        all.strokes_right += of_chart.strokes_right;
        all.labels_right += of_chart.labels_right;
        all.events += of_chart.events;
        all.events_right += of_chart.events_right;
      }
      printf(" %.2f | %s %.1f |", 100.0 * mark_share(&all), worst_name, 100.0 * worst);
      fflush(stdout);
    }
    printf("\n");
  }
  charts_clear(charts, chart_count);
  return 0;
}
