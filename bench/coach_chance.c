/*
 * What chance does, for the coach's limits: how far the looks of the stop test without a click
 * stand out in good takes, what the best possible test of a drift could do, how often a player who
 * does not tire is called tired, and how many players who give no warning a steady climb carries
 * past the clean tempo. `bench_coach_chance [SEED]`. Markdown.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "coach_bound.h"
#include "dt/stat.h"

enum { BARS = 16, TAKES = 40000, LINE_MIN = 3, LOOK_MAX = 8, SESSIONS = 40000, SESSION = 30 };

/* Of src/coach/stop_own.c: wander and what a bar keeps of it; a stroke's share of a bar of 16. */
static const double WANDER = 0.68;
static const double KEPT = 0.5;
static const double STROKES = 1.0 / 16.0;

static double covariance(int apart) {
  return WANDER * pow(KEPT, apart) + (apart == 0 ? STROKES : 0.0);
}

/* |sum of share times mean| in its standard errors. */
static double sized(const double* means, const double* share, int from, int end) {
  double sum = 0.0;
  double variance = 0.0;
  for (int i = from; i < end; ++i) {
    sum += share[i] * means[i];
    for (int j = from; j < end; ++j)
      variance += share[i] * share[j] * covariance(abs(i - j));
  }
  return fabs(sum) / sqrt(variance);
}

static double farthest_line(const double* means) {
  double most = 0.0;
  for (int end = LINE_MIN; end <= BARS; ++end)
    for (int w = LINE_MIN; w <= LOOK_MAX && w <= end; ++w) {
      double share[BARS] = {0};
      for (int i = 0; i < w; ++i)
        share[end - w + i] = i - 0.5 * (w - 1);
      most = fmax(most, sized(means, share, end - w, end));
    }
  return most;
}

/* The last two bars against all before, and against the first two of those looked at. */
static double farthest_step(const double* means) {
  double most = 0.0;
  for (int end = 4; end <= BARS; ++end)
    for (int kind = 0; kind < 2; ++kind) {
      const int first = end > LOOK_MAX ? end - LOOK_MAX : 0;
      const int before = kind == 0 ? end - 2 - first : 2;
      double share[BARS] = {0};
      for (int i = first; i < first + before; ++i)
        share[i] -= 1.0 / before;
      share[end - 2] += 0.5;
      share[end - 1] += 0.5;
      most = fmax(most, sized(means, share, first, end));
    }
  return most;
}

static int by_size(const void* a, const void* b) {
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

static void looks(dt_rng* rng) {
  static const double SHARES[] = {0.05, 0.02, 0.01, 0.005};
  static double lines[TAKES];
  static double steps[TAKES];
  for (int t = 0; t < TAKES; ++t) {
    double means[BARS];
    double wander = 0.0;
    for (int b = 0; b < BARS; ++b) {
      const double new = b == 0 ? 1.0 : sqrt(1.0 - KEPT * KEPT);
      wander = KEPT * wander + new* dt_rng_normal(rng);
      means[b] = sqrt(WANDER) * wander + sqrt(STROKES) * dt_rng_normal(rng);
    }
    lines[t] = farthest_line(means);
    steps[t] = farthest_step(means);
  }
  qsort(lines, TAKES, sizeof lines[0], by_size);
  qsort(steps, TAKES, sizeof steps[0], by_size);
  printf("## Good takes of %d bars: standard errors that one take in so many goes beyond\n\n"
         "| takes | lines | steps |\n| ---: | ---: | ---: |\n",
         BARS);
  for (size_t s = 0; s < sizeof SHARES / sizeof SHARES[0]; ++s) {
    const int at = (int)((1.0 - SHARES[s]) * TAKES);
    printf("| 1 in %.0f | %.2f | %.2f |\n", 1.0 / SHARES[s], lines[at], steps[at]);
  }
}

/* src/coach/tired.c: three fresh takes, then what is softer by more than the slack adds up. */
static void tiredness(dt_rng* rng) {
  static const double STOPS[] = {0.9, 1.2, 1.5, 1.8};
  enum { STOP_COUNT = sizeof STOPS / sizeof STOPS[0], FRESH = 3 };
  const double sd = 0.4;
  const double slack = 0.6;
  int called[STOP_COUNT] = {0};
  for (int s = 0; s < SESSIONS; ++s) {
    double fresh = 0.0;
    double sum = 0.0;
    double most = 0.0;
    for (int t = 0; t < SESSION; ++t) {
      const double softer = sd * dt_rng_normal(rng);
      if (t < FRESH) {
        fresh += softer / FRESH;
        continue;
      }
      sum = fmax(sum + softer - fresh - slack, 0.0);
      most = fmax(most, sum);
    }
    for (int k = 0; k < STOP_COUNT; ++k)
      called[k] += most > STOPS[k];
  }
  printf(
      "\n## Players who do not tire, %d takes, level SD %.1f dB\n\n| stop at, dB | called tired, "
      "%% |\n| ---: | ---: |\n",
      SESSION, sd);
  for (int k = 0; k < STOP_COUNT; ++k)
    printf("| %.1f | %.1f |\n", STOPS[k], 100.0 * called[k] / SESSIONS);
}

/* Chance that all takes up to 8 % past are clean, a take each `step`; over where the rungs fall. */
static double carried(double width, double step) {
  static const double LAPSE = 0.01;
  enum { PLACES = 100 };
  const double z = dt_normal_quantile(0.85 / (1.0 - LAPSE));
  double sum = 0.0;
  for (int p = 0; p < PLACES; ++p) {
    double clean = 1.0;
    for (double x = log(1.08) - step * (p + 0.5) / PLACES; x > -0.3; x -= step)
      clean *= (1.0 - LAPSE) * dt_normal_cdf(z - x / width);
    sum += clean;
  }
  return sum / PLACES;
}

static void climb(void) {
  static const double WIDTHS[] = {0.02, 0.03, 0.04, 0.06, 0.085};
  static const double STEPS[] = {0.03, 0.02, 0.015, 0.01};
  printf("\n## Carried more than 8 %% past before the first take fails, %%, without warning\n\n"
         "| w %% | 3 %% a take | 2 %% | 1.5 %% | 1 %% |\n| ---: | ---: | ---: | ---: | ---: |\n");
  for (size_t w = 0; w < sizeof WIDTHS / sizeof WIDTHS[0]; ++w) {
    printf("| %.1f |", 100.0 * WIDTHS[w]);
    for (size_t s = 0; s < sizeof STEPS / sizeof STEPS[0]; ++s)
      printf(" %.1f |", 100.0 * carried(WIDTHS[w], STEPS[s]));
    printf("\n");
  }
}

int main(int argc, char** argv) {
  const uint64_t seed = argc > 1 ? (uint64_t)strtoull(argv[1], NULL, 10) : 1;
  dt_rng rng = dt_rng_seeded(seed, 71);
  printf("Seed %llu.\n\n", (unsigned long long)seed);
  looks(&rng);
  drift_bound(&rng);
  tiredness(&rng);
  climb();
  return EXIT_SUCCESS;
}
