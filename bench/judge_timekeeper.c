/*
 * How well are the timekeeper, the hands and the correction gain told apart? Simulated drummers,
 * 300 takes a row; beside each estimate what the published estimator makes of the same takes, and
 * the least error that any unbiased one could have.
 *
 *   bench_judge_timekeeper [TAKES [FIRST_SEED]]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../test/support/play_chart.h"
#include "dt/drummer.h"
#include "dt/rng.h"
#include "dt/stat.h"
#include "dt/timekeeper.h"

enum { TAKES_MAX = 5000, BEATS_MAX = 2048, WHAT = 3 };

static const char ONE_DRUM[] = "step: 1/4\nsnare |xxxx|\n";

static const char TWO_LIMBS[] = "step: 1/4\n"
                                "hi-hat |xxxx|\n"
                                "snare  |-x-x|\n"
                                "kick   |x-x-|\n";

typedef struct row {
  const char* note;
  double alpha; /* 0: without a click */
  double clock_ms;
  double motor_ms;
  int beats;
  double miss;
  double detector_ms;
  double beta;
  bool two_limbs; /* through the judge, with unisons */
} row;

static void die(const char* what) {
  fprintf(stderr, "bench_judge_timekeeper: %s\n", what);
  exit(1);
}

static dt_drummer drummer_of(const row* r, uint64_t seed) {
  dt_drummer d = dt_drummer_default();
  d.seed = seed;
  d.bars = (r->beats + 3) / 4;
  d.placement_ms = -8.0;
  d.scatter_ms = r->motor_ms;
  d.clock_ms = r->clock_ms;
  d.phase_correction = r->alpha;
  d.period_correction = r->beta;
  d.miss_rate = r->miss;
  return d;
}

/* One drum: straight from what was played. */
static void series_of(const row* r, uint64_t seed, dt_beats* beats) {
  static double value[BEATS_MAX];
  const dt_drummer d = drummer_of(r, seed);
  dt_truths truths;
  if (dt__play_text(&d, ONE_DRUM, NULL, &truths, NULL) != DT_OK) {
    die("cannot play");
  }
  dt_rng jitter = dt_rng_seeded(seed, 77);
  memset(beats, 0, sizeof(*beats));
  beats->value_ms = value;
  beats->count = (size_t)r->beats;
  beats->detector_ms = r->detector_ms;
  for (int i = 0; i < r->beats; ++i) {
    value[i] = (double)NAN;
  }
  for (size_t i = 0; i < truths.count; ++i) {
    const dt_truth* t = &truths.items[i];
    const dt_tick beat = t->tick / DT_TICKS_PER_QUARTER;
    const double from = r->alpha > 0.0 ? t->click_time_s : 0.0;
    const double noise = r->detector_ms * dt_rng_normal(&jitter);
    if (beat < r->beats) {
      value[beat] = 1e3 * (t->stroke.time_s - from) + noise;
    }
  }
  dt_truths_clear(&truths, NULL);
}

/* Two limbs: as the program does it, from the take. */
static void judged_series(const row* r, uint64_t seed, dt_beats* beats) {
  const dt_drummer d = drummer_of(r, seed);
  dt_truths truths;
  dt_take take;
  dt_verdict verdict;
  if (dt__play_text(&d, TWO_LIMBS, &take, &truths, NULL) != DT_OK) {
    die("cannot play");
  }
  dt_judge_config config = dt_judge_default(&take);
  config.mode = r->alpha > 0.0 ? DT_GRID_CLICK : DT_GRID_FREE;
  if (dt_judge(&verdict, NULL, &take, &config, NULL) != DT_OK ||
      dt_beats_together(beats, NULL, &take, &verdict) != DT_OK) {
    die("cannot judge");
  }
  dt_verdict_clear(&verdict, NULL);
  dt_take_clear(&take, NULL);
  dt_truths_clear(&truths, NULL);
}

/*
 * Least SD of an unbiased estimator (Cramer-Rao), asymptotic information of Whittle 1953:
 * n / (4 pi) integral of the log spectrum's derivatives; without a click of the intervals, all
 * frequencies. share: motor variance of the value, in that of a stroke.
 */
static void bound_of(const row* r, double bound[WHAT]) {
  enum { POINTS = 4096 };
  const double share = r->two_limbs ? 0.5 : 1.0;
  const double n = r->beats * (1.0 - r->miss);
  const int first = r->alpha > 0.0 ? 0 : 1;
  double info[WHAT][WHAT] = {{0}};
  for (int k = 0; k < POINTS; ++k) {
    const double c = cos(DT_PI * (k + 0.5) / POINTS);
    const double phi = 1.0 - r->alpha;
    const double top =
        r->clock_ms * r->clock_ms + 2.0 * share * r->motor_ms * r->motor_ms * (1.0 - c);
    const double bottom = 1.0 - 2.0 * phi * c + phi * phi;
    const double d[WHAT] = {(2.0 * phi - 2.0 * c) / bottom, 2.0 * r->clock_ms / top,
                            4.0 * share * r->motor_ms * (1.0 - c) / top};
    for (int i = first; i < WHAT; ++i) {
      for (int j = first; j < WHAT; ++j) {
        info[i][j] += n * d[i] * d[j] / (2.0 * POINTS);
      }
    }
  }
  if (r->two_limbs) {
    info[2][2] += 2.0 * n / (r->motor_ms * r->motor_ms);
  }
  if (first == 1) {
    info[0][0] = 1.0;
  }
  /* Inverse by cofactors. */
  const double m0 = info[1][1] * info[2][2] - info[1][2] * info[1][2];
  const double m1 = info[0][0] * info[2][2] - info[0][2] * info[0][2];
  const double m2 = info[0][0] * info[1][1] - info[0][1] * info[0][1];
  const double det = info[0][0] * m0 -
                     info[0][1] * (info[0][1] * info[2][2] - info[1][2] * info[0][2]) +
                     info[0][2] * (info[0][1] * info[1][2] - info[1][1] * info[0][2]);
  bound[0] = sqrt(m0 / det);
  bound[1] = sqrt(m1 / det);
  bound[2] = sqrt(m2 / det);
}

typedef struct tally {
  int known;
  int inside;
  int point;
  double error[TAKES_MAX];       /* relative */
  double point_error[TAKES_MAX]; /* of the published estimator */
  double width;
} tally;

static double root_mean_square(const double* x, int n) {
  double sum = 0.0;
  for (int i = 0; i < n; ++i) {
    sum += x[i] * x[i];
  }
  return n > 0 ? sqrt(sum / n) : (double)NAN;
}

static void take_down(tally* t, dt_estimate e, double point, double truth) {
  if (e.known == DT_KNOWN) {
    t->inside += e.low <= truth && truth <= e.high;
    t->width += (e.high - e.low) / truth;
    t->error[t->known++] = e.value / truth - 1.0;
  }
  if (!isnan(point)) {
    t->point_error[t->point++] = point / truth - 1.0;
  }
}

static void print_row(const row* r, const tally* t, const double* truth, int takes) {
  static const char* const NAMES[WHAT] = {"alpha", "clock", "motor"};
  double bound[WHAT];
  static double scratch[TAKES_MAX];
  bound_of(r, bound);
  for (int k = r->alpha > 0.0 ? 0 : 1; k < WHAT; ++k) {
    const size_t known = (size_t)t[k].known;
    const size_t point = (size_t)t[k].point;
    if (k == (r->alpha > 0.0 ? 0 : 1)) {
      printf("| %s | %d ", r->note, r->beats);
      if (r->alpha > 0.0) {
        printf("| %.2f ", r->alpha);
      } else {
        printf("| - ");
      }
      printf("| %g / %g | %s ", r->clock_ms, r->motor_ms, NAMES[k]);
    } else {
      printf("| | | | | %s ", NAMES[k]);
    }
    printf("| %+.1f | %+.1f | %.1f | %.1f | %.1f | %.2f | %.0f ",
           100.0 * dt_mean(t[k].error, known), 100.0 * dt_median(t[k].error, known, scratch),
           100.0 * root_mean_square(t[k].error, t[k].known), 100.0 * bound[k] / truth[k],
           100.0 * t[k].inside / fmax(t[k].known, 1.0), t[k].width / fmax(t[k].known, 1.0),
           100.0 * t[k].known / takes);
    if (r->two_limbs) {
      printf("| | |\n");
    } else {
      printf("| %+.1f | %.1f |\n", 100.0 * dt_mean(t[k].point_error, point),
             100.0 * root_mean_square(t[k].point_error, t[k].point));
    }
  }
  fflush(stdout);
}

static void run_row(const row* r, int takes, uint64_t first_seed) {
  static tally t[WHAT];
  memset(t, 0, sizeof(t));
  const double truth[WHAT] = {r->alpha, r->clock_ms, r->motor_ms};
  const bool click = r->alpha > 0.0;
  for (int k = 0; k < takes; ++k) {
    dt_beats beats;
    dt_timekeeper found;
    dt_keeper_point point = {(double)NAN, (double)NAN, (double)NAN, (double)NAN};
    (r->two_limbs ? judged_series : series_of)(r, first_seed + (uint64_t)k, &beats);
    const dt_status status = click ? dt_timekeeper_click(&found, NULL, &beats)
                                   : dt_timekeeper_free(&found, NULL, &beats);
    const dt_status reference = r->two_limbs ? DT_OK
                                : click      ? dt_timekeeper_bgls(&point, NULL, &beats)
                                             : dt_timekeeper_moments(&point, NULL, &beats);
    if (status != DT_OK || reference != DT_OK) {
      die("cannot estimate");
    }
    take_down(&t[0], found.correction, point.correction, truth[0]);
    take_down(&t[1], found.clock_ms, point.clock_ms, truth[1]);
    take_down(&t[2], found.motor_ms, point.motor_ms, truth[2]);
    if (r->two_limbs) {
      dt_beats_clear(&beats, NULL);
    }
  }
  print_row(r, t, truth, takes);
}

static const row ROWS[] = {
    {"200 strokes", 0.2, 10, 5, 200, 0, 0, 0, false},
    {"", 0.3, 10, 5, 200, 0, 0, 0, false},
    {"", 0.4, 10, 5, 200, 0, 0, 0, false},
    {"", 0.5, 10, 5, 200, 0, 0, 0, false},
    {"", 0.6, 10, 5, 200, 0, 0, 0, false},
    {"", 0.3, 10, 3, 200, 0, 0, 0, false},
    {"", 0.3, 10, 8, 200, 0, 0, 0, false},
    {"motor = clock", 0.3, 10, 10, 200, 0, 0, 0, false},
    {"motor > clock", 0.3, 6, 10, 200, 0, 0, 0, false},
    {"other lengths", 0.3, 10, 5, 50, 0, 0, 0, false},
    {"", 0.3, 10, 5, 100, 0, 0, 0, false},
    {"", 0.3, 10, 5, 500, 0, 0, 0, false},
    {"", 0.3, 10, 5, 1000, 0, 0, 0, false},
    {"", 0.5, 10, 5, 500, 0, 0, 0, false},
    {"", 0.5, 10, 5, 1000, 0, 0, 0, false},
    {"10 % missed", 0.3, 10, 5, 200, 0.1, 0, 0, false},
    {"30 % missed", 0.3, 10, 5, 200, 0.3, 0, 0, false},
    {"detector 2 ms", 0.3, 10, 5, 200, 0, 2, 0, false},
    {"period correction .05 as well", 0.3, 10, 5, 200, 0, 0, 0.05, false},
    {"two limbs", 0.2, 10, 5, 200, 0, 0, 0, true},
    {"", 0.4, 10, 5, 200, 0, 0, 0, true},
    {"", 0.6, 10, 5, 200, 0, 0, 0, true},
    {"", 0.3, 10, 2.5, 200, 0, 0, 0, true},
    {"motor = clock", 0.3, 10, 10, 200, 0, 0, 0, true},
    {"motor > clock", 0.3, 6, 10, 200, 0, 0, 0, true},
    {"other lengths", 0.3, 10, 5, 50, 0, 0, 0, true},
    {"", 0.3, 10, 5, 100, 0, 0, 0, true},
    {"", 0.3, 10, 5, 500, 0, 0, 0, true},
    {"", 0.3, 10, 5, 1000, 0, 0, 0, true},
    {"5 % missed", 0.3, 10, 5, 200, 0.05, 0, 0, true},
};

static const row FREE_ROWS[] = {
    {"200 strokes", 0, 10, 5, 200, 0, 0, 0, false},
    {"", 0, 10, 10, 200, 0, 0, 0, false},
    {"", 0, 10, 3, 200, 0, 0, 0, false},
    {"", 0, 6, 10, 200, 0, 0, 0, false},
    {"other lengths", 0, 10, 8, 50, 0, 0, 0, false},
    {"", 0, 10, 8, 100, 0, 0, 0, false},
    {"", 0, 10, 8, 500, 0, 0, 0, false},
    {"", 0, 10, 8, 1000, 0, 0, 0, false},
    {"10 % missed", 0, 10, 8, 200, 0.1, 0, 0, false},
    {"detector 2 ms", 0, 10, 5, 200, 0, 2, 0, false},
    {"two limbs", 0, 10, 5, 200, 0, 0, 0, true},
    {"", 0, 6, 10, 200, 0, 0, 0, true},
};

static void print_head(const char* title, const char* reference) {
  printf("\n### %s\n\n", title);
  printf("| | beats | alpha | clock / motor, ms | | mean bias, %% | median | RMS error | least "
         "(CRB) | "
         "in 95 %% interval | its width | known, %% | %s bias | RMS |\n"
         "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
         reference);
}

/* What must not be told: how often is it? */
static void misfits(int takes, uint64_t first_seed) {
  static const struct {
    const char* name;
    const char* how;
    bool click;
  } WRONG[] = {
      {"one of the model's own, click", "clock=10ms scatter=5ms alpha=0.3", true},
      {"one of the model's own, free", "clock=10ms scatter=5ms alpha=0", false},
      {"1/f added, click", "clock=5ms scatter=5ms alpha=0.3 pink=15ms", true},
      {"1/f added, free", "clock=3ms scatter=3ms alpha=0 pink=15ms", false},
      {"metronome corrected but judged as free", "clock=10ms scatter=5ms alpha=0.3", false},
      {"tempo wanders as period correction does", "clock=10ms scatter=5ms alpha=0.3 beta=0.2",
       true},
  };
  printf("\n### What the model does not make\n\n200 beats of one drum; how often \"not "
         "testable\" is said of the clock.\n\n| player | not testable, %% |\n|---|---|\n");
  for (size_t k = 0; k < sizeof(WRONG) / sizeof(WRONG[0]); ++k) {
    int refused = 0;
    for (int i = 0; i < takes; ++i) {
      static double value[BEATS_MAX];
      dt_drummer d = dt_drummer_default();
      dt_truths truths;
      if (dt_drummer_parse(&d, WRONG[k].how, NULL) != DT_OK) {
        die(WRONG[k].how);
      }
      d.seed = first_seed + (uint64_t)i;
      d.bars = 50;
      if (dt__play_text(&d, ONE_DRUM, NULL, &truths, NULL) != DT_OK) {
        die("cannot play");
      }
      for (size_t j = 0; j < truths.count; ++j) {
        const dt_truth* t = &truths.items[j];
        value[t->tick / DT_TICKS_PER_QUARTER] =
            1e3 * (t->stroke.time_s - (WRONG[k].click ? t->click_time_s : 0.0));
      }
      dt_truths_clear(&truths, NULL);
      const dt_beats beats = {.value_ms = value, .count = 200};
      dt_timekeeper found;
      if ((WRONG[k].click ? dt_timekeeper_click : dt_timekeeper_free)(&found, NULL, &beats) !=
          DT_OK) {
        die("cannot estimate");
      }
      refused += found.clock_ms.known == DT_NOT_TESTABLE;
    }
    printf("| %s | %.1f |\n", WRONG[k].name, 100.0 * refused / takes);
  }
}

/* 1/f noise of the drummer alone: DFA says 1. White: 0.5. */
static void long_range(int takes, uint64_t first_seed) {
  static const struct {
    const char* name;
    double pink_ms;
    double scatter_ms;
    int beats;
    double truth;
  } KINDS[] = {
      {"white", 0, 10, 600, 0.5},
      {"white", 0, 10, 2000, 0.5},
      {"1/f", 10, 0, 600, 1.0},
      {"1/f", 10, 0, 2000, 1.0},
  };
  printf("\n### Long-range exponent\n\n| series | beats | truth | mean | RMS error | in 95 %% "
         "interval "
         "|\n|---|---|---|---|---|---|\n");
  for (size_t k = 0; k < sizeof(KINDS) / sizeof(KINDS[0]); ++k) {
    static double error[TAKES_MAX];
    int inside = 0;
    for (int i = 0; i < takes; ++i) {
      static double value[BEATS_MAX];
      dt_drummer d = dt_drummer_default();
      dt_truths truths;
      d.seed = first_seed + (uint64_t)i;
      d.bars = KINDS[k].beats / 4;
      d.scatter_ms = KINDS[k].scatter_ms;
      d.pink_ms = KINDS[k].pink_ms;
      if (dt__play_text(&d, ONE_DRUM, NULL, &truths, NULL) != DT_OK) {
        die("cannot play");
      }
      for (size_t j = 0; j < truths.count; ++j) {
        const dt_truth* t = &truths.items[j];
        value[t->tick / DT_TICKS_PER_QUARTER] = 1e3 * (t->stroke.time_s - t->click_time_s);
      }
      dt_truths_clear(&truths, NULL);
      dt_longrange found;
      if (dt_longrange_of(&found, NULL, value, (size_t)KINDS[k].beats) != DT_OK) {
        die("no memory");
      }
      error[i] = found.exponent.value - KINDS[k].truth;
      inside += found.exponent.low <= KINDS[k].truth && KINDS[k].truth <= found.exponent.high;
    }
    printf("| %s | %d | %.1f | %.3f | %.3f | %.1f |\n", KINDS[k].name, KINDS[k].beats,
           KINDS[k].truth, KINDS[k].truth + dt_mean(error, (size_t)takes),
           root_mean_square(error, takes), 100.0 * inside / takes);
    fflush(stdout);
  }
}

int main(int argc, char** argv) {
  int takes = argc > 1 ? atoi(argv[1]) : 300;
  const uint64_t first_seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 500001;
  takes = takes < 1 ? 1 : takes > TAKES_MAX ? TAKES_MAX : takes;
  printf("## Clock, hands and correction\n\n%d simulated takes a row, seeds from %llu. Errors in "
         "%% of "
         "the truth. *Least (CRB)*: the smallest RMS error that an unbiased estimator could have "
         "(Cramer-Rao). *Width* of the interval in multiples of the truth.\n",
         takes, (unsigned long long)first_seed);
  print_head("With a click", "bGLS");
  for (size_t k = 0; k < sizeof(ROWS) / sizeof(ROWS[0]); ++k) {
    run_row(&ROWS[k], takes, first_seed);
  }
  print_head("Without a click", "moments");
  for (size_t k = 0; k < sizeof(FREE_ROWS) / sizeof(FREE_ROWS[0]); ++k) {
    run_row(&FREE_ROWS[k], takes, first_seed);
  }
  misfits(takes, first_seed);
  long_range(takes / 5 + 1, first_seed);
  return 0;
}
