#include "coach_bound.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/stat.h"
#include "stop_internal.h"

/*
 * Neyman & Pearson: of all tests that stop a share `false` of good takes, none stops more drifts
 * than the likelihood ratio does that knows how large the drift is and which way it goes. Here it
 * looks once, after four bars. Who does not know these two things, and looks after every bar, stops
 * fewer.
 */
enum { SCENES = 300, DRAWS = 2000, BARS = 4, STROKES = 12 };

typedef struct scene {
  dt_stop_test test;
  double drift_ms[BARS];
  double belief[DT_STOP_WANDERS];
  dt__wander wander[DT_STOP_WANDERS];
} scene;

static double between(dt_rng* rng, double low, double high) {
  return low + (high - low) * dt_rng_uniform(rng);
}

/* As bench/coach_stops.c draws them: 4 to 12 % over 16 bars, 70 to 170 bpm, three levels. */
static void draw_scene(dt_rng* rng, scene* s) {
  const double beat_s = 60.0 / between(rng, 70.0, 170.0);
  const double percent = between(rng, 4.0, 12.0);
  dt_stop_start(&s->test, (dt_level)dt_rng_below(rng, 3), beat_s, false);
  s->test.bars = BARS;
  for (int b = 0; b < BARS; ++b) {
    s->test.heard[b] =
        (dt_bar_heard){.bar = b, .notes = STROKES, .strokes = STROKES, .length_s = 4.0 * beat_s};
    const double beats = 4.0 * b + 2.0;
    s->drift_ms[b] = 1000.0 * beat_s * percent / 100.0 / 64.0 * (0.5 * beats * beats + 16.0 / 24.0);
  }
  double sum = -(double)INFINITY;
  dt__wander_believed(&s->test, s->belief);
  for (int a = 0; a < DT_STOP_WANDERS; ++a) {
    dt__wander_see(&s->wander[a], &s->test, 0, BARS);
    dt__wander_assume(&s->wander[a], &s->test, a);
    sum = dt__log_sum(sum, s->belief[a]);
  }
  for (int a = 0; a < DT_STOP_WANDERS; ++a)
    s->belief[a] -= sum;
}

/* Where the bars of a steady player lie: he wanders as is believed, or but by chance of strokes. */
static void draw_bars(dt_rng* rng, const scene* s, bool wanders, double* bars) {
  double u = dt_rng_uniform(rng);
  int a = 0;
  while (a < DT_STOP_WANDERS - 1 && (u -= exp(s->belief[a])) > 0.0)
    ++a;
  const dt__wander* w = &s->wander[a];
  const double place = sqrt(w->place_ms2) * dt_rng_normal(rng);
  double z[BARS];
  for (int b = 0; b < BARS; ++b)
    z[b] = dt_rng_normal(rng);
  for (int b = 0; b < BARS; ++b) {
    bars[b] = wanders ? 0.0 : place + sqrt(w->stroke_ms2 / STROKES) * z[b];
    for (int k = 0; k <= b && wanders; ++k)
      bars[b] += w->factor[b][k] * z[k];
  }
}

static double likely(const scene* s, const double* bars) {
  double sum = -(double)INFINITY;
  for (int a = 0; a < DT_STOP_WANDERS; ++a) {
    double white[DT__STOP_WINDOW];
    dt__wander_whiten(&s->wander[a], bars, white);
    sum = dt__log_sum(sum, s->belief[a] + dt__wander_likely(&s->wander[a], white));
  }
  return sum;
}

static double ratio(const scene* s, const double* bars) {
  double rest[BARS];
  for (int b = 0; b < BARS; ++b)
    rest[b] = bars[b] - s->drift_ms[b];
  return likely(s, rest) - likely(s, bars);
}

static double ratio_of(dt_rng* rng, const scene* s, bool wanders, bool drifts) {
  double bars[BARS];
  draw_bars(rng, s, wanders, bars);
  for (int b = 0; b < BARS && drifts; ++b)
    bars[b] += s->drift_ms[b];
  return ratio(s, bars);
}

void drift_bound(dt_rng* rng) {
  static const double FALSE_STOPS[] = {0.02, 0.01, 0.005};
  enum { SHARES = sizeof FALSE_STOPS / sizeof FALSE_STOPS[0] };
  static scene s;
  static double good[DRAWS];
  static double scratch[DRAWS];
  double stopped[SHARES][2] = {{0}};
  for (int n = 0; n < SCENES; ++n) {
    draw_scene(rng, &s);
    for (int d = 0; d < DRAWS; ++d)
      good[d] = ratio_of(rng, &s, true, false);
    for (int k = 0; k < SHARES; ++k) {
      const double limit = dt_quantile(good, DRAWS, 1.0 - FALSE_STOPS[k], scratch);
      for (int d = 0; d < DRAWS / 10; ++d)
        for (int wanders = 0; wanders < 2; ++wanders)
          stopped[k][wanders] += ratio_of(rng, &s, wanders == 1, true) > limit;
    }
  }
  printf("\n## Even drifts of 4 to 12 %% over 16 bars: stopped after four of them by the best "
         "possible test of a stranger, %%\n\nIt knows size and direction, and looks once.\n\n"
         "| good takes stopped, %% | players who wander as drummers do | who do not wander |\n"
         "| ---: | ---: | ---: |\n");
  const double all = SCENES * (DRAWS / 10);
  for (int k = 0; k < SHARES; ++k)
    printf("| %.1f | %.1f | %.1f |\n", 100.0 * FALSE_STOPS[k], 100.0 * stopped[k][1] / all,
           100.0 * stopped[k][0] / all);
}
