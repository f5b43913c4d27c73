/*
 * Real change or noise: how often does dt_compare err? 1,000 pairs of simulated takes a condition.
 *
 *   bench_judge_compare [PAIRS [FIRST_SEED]]
 *
 * False: two takes of one player in whom nothing changed, and any number of the comparison is
 * called a real change. Found: in the second take every noise of the player is halved, and the
 * scatter of all strokes is called changed. Takes of 64 bars (832 strokes) and of 200 strokes.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../test/support/play_chart.h"
#include "dt/compare.h"
#include "dt/drummer.h"
#include "dt/stat.h"

typedef struct condition {
  const char* name;
  const char* how;
  const char* halved;
  bool free;
} condition;

static const condition CONDITIONS[] = {
    {"white", "scatter=10ms", "scatter=5ms", false},
    {"timekeeper and motor", "scatter=5ms clock=8ms alpha=0.25",
     "scatter=2.5ms clock=4ms alpha=0.25", false},
    {"weak timekeeper", "scatter=9ms clock=4ms alpha=0.3", "scatter=4.5ms clock=2ms alpha=0.3",
     false},
    {"1/f", "scatter=5ms pink=10ms", "scatter=2.5ms pink=5ms", false},
    {"mostly motor, some 1/f", "scatter=9ms pink=4ms", "scatter=4.5ms pink=2ms", false},
    {"unequal limbs", "scatter=8ms hihat.scatter=0.6x kick.scatter=1.6x snare=+8ms",
     "scatter=4ms hihat.scatter=0.6x kick.scatter=1.6x snare=+8ms", false},
    {"free, from memory", "scatter=8ms clock=4ms", "scatter=4ms clock=2ms", true},
};

enum { NUMBERS = 3 }; /* placement, drift, scatter */

typedef struct tally {
  int pairs;
  int changed; /* any number real */
  int by_measure[NUMBERS];
  int of_voice;
  int scatter; /* of all strokes */
  int unknown;
} tally;

static void die(const char* what) {
  fprintf(stderr, "bench_judge_compare: %s\n", what);
  exit(1);
}

/* One take, judged; strokes 0: as many as 64 bars have. */
static void play(const char* how, bool free, size_t strokes, uint64_t seed, dt_take* take,
                 dt_verdict* verdict) {
  dt_drummer drummer = dt_drummer_default();
  drummer.bars = strokes ? (int)(strokes / 13) + 1 : 64;
  drummer.seed = seed;
  if (dt_drummer_parse(&drummer, how, NULL) != DT_OK ||
      dt__play_text(&drummer, dt__groove_text("rock"), take, NULL, NULL) != DT_OK) {
    die(how);
  }
  if (strokes && take->strokes.count > strokes) {
    take->strokes.count = strokes;
  }
  dt_judge_config config = dt_judge_default(take);
  if (free) {
    config.mode = DT_GRID_FREE;
  }
  if (dt_judge(verdict, NULL, take, &config, NULL) != DT_OK) {
    die("cannot judge");
  }
}

static void count(tally* t, const dt_comparison* comparison) {
  bool by[NUMBERS] = {false};
  bool voice = false;
  for (size_t k = 0; k < comparison->count; ++k) {
    const dt_change* change = &comparison->changes[k];
    if (!change->real) {
      continue;
    }
    by[change->measure == DT_MEASURE_DRIFT     ? 1
       : change->measure == DT_MEASURE_SCATTER ? 2
                                               : 0] = true;
    voice = voice || change->voice != DT_VOICE_COUNT;
    t->scatter += change->measure == DT_MEASURE_SCATTER && change->voice == DT_VOICE_COUNT;
  }
  for (int k = 0; k < NUMBERS; ++k) {
    t->by_measure[k] += by[k];
  }
  ++t->pairs;
  t->of_voice += voice;
  t->changed += comparison->real_count > 0;
  t->unknown += comparison->known_count == 0;
}

/* Every pair has seeds of its own: FIRST + 2 i and FIRST + 2 i + 1. */
static tally run(const condition* c, const char* second, size_t strokes, int pairs,
                 uint64_t first_seed) {
  tally t;
  memset(&t, 0, sizeof(t));
  for (int i = 0; i < pairs; ++i) {
    const uint64_t seed = first_seed + 2 * (uint64_t)i;
    dt_take take[2];
    dt_verdict verdict[2];
    dt_comparison comparison;
    play(c->how, c->free, strokes, seed, &take[0], &verdict[0]);
    play(second, c->free, strokes, seed + 1, &take[1], &verdict[1]);
    dt_compare(&comparison, &take[0], &verdict[0], &take[1], &verdict[1], seed);
    count(&t, &comparison);
    for (int k = 0; k < 2; ++k) {
      dt_verdict_clear(&verdict[k], NULL);
      dt_take_clear(&take[k], NULL);
    }
  }
  return t;
}

/* Wilson's 95 % interval of a share (1927), in percent. */
static void print_share(int hits, int of) {
  const double z = 1.959963984540054;
  const double n = of;
  const double p = hits / n;
  const double centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
  const double half = z * sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n)) / (1.0 + z * z / n);
  printf(" %.1f (%.1f to %.1f) |", 100.0 * p, 100.0 * fmax(0.0, centre - half),
         100.0 * fmin(1.0, centre + half));
}

static void print_row(const condition* c, size_t strokes, int pairs, uint64_t first_seed) {
  const tally same = run(c, c->how, strokes, pairs, first_seed);
  printf("| %s | %s |", c->name, strokes ? "200" : "832 (64 bars)");
  print_share(same.changed, same.pairs);
  for (int k = 0; k < NUMBERS; ++k) {
    printf(" %.1f |", 100.0 * same.by_measure[k] / same.pairs);
  }
  printf(" %.1f |", 100.0 * same.of_voice / same.pairs);
  const tally halved = run(c, c->halved, strokes, pairs, first_seed);
  print_share(halved.scatter, halved.pairs);
  printf("\n");
  fflush(stdout);
}

int main(int argc, char** argv) {
  const int pairs = argc > 1 ? atoi(argv[1]) : 1000;
  const uint64_t first_seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 700001;
  const size_t only = argc > 3 ? (size_t)atoi(argv[3]) : SIZE_MAX;
  printf(
      "## Real change or noise\n\nPairs of takes of one simulated player, %d a condition, seeds "
      "from %llu; rock at 120 bpm. *Called changed*: any of the numbers compared, though nothing "
      "changed; 5 %% is meant. The next columns say which numbers were: placement, drift, "
      "scatter, and any of a single voice. *Halved scatter found*: the scatter of all strokes, "
      "where the second take has half of every noise. Percent; 95 %% interval of the share in "
      "brackets (Wilson).\n\n"
      "| noise | strokes | called changed | placement | drift | scatter | of a voice | halved "
      "scatter found |\n|---|---|---|---|---|---|---|---|\n",
      pairs, (unsigned long long)first_seed);
  for (size_t k = 0; k < sizeof(CONDITIONS) / sizeof(CONDITIONS[0]); ++k) {
    if (only == SIZE_MAX || only == k) {
      print_row(&CONDITIONS[k], 200, pairs, first_seed);
      print_row(&CONDITIONS[k], 0, pairs, first_seed);
    }
  }
  return 0;
}
