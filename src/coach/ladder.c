#include "dt/coach_ladder.h"

#include <math.h>
#include <string.h>

#include "dt/stat.h"
#include "ladder_internal.h"

/*
 * 400 tempi 0.75 % apart, six widths, two lapse rates, and how far the margin can be trusted. The
 * goal's place on the curve is written into the model (x85, not the middle of the curve), so the
 * answer needs no second guess of the width.
 */
static const double WIDTHS[DT_LADDER_WIDTHS] = {0.018, 0.027, 0.040, 0.058, 0.080, 0.110};
static const double WIDTH_PRIOR[DT_LADDER_WIDTHS] = {0.17, 0.20, 0.20, 0.20, 0.13, 0.10};
static const double LAPSES[DT_LADDER_LAPSES] = {0.01, 0.05};
static const double LAPSE_PRIOR[DT_LADDER_LAPSES] = {0.65, 0.35};
static const double SPREADS[DT_LADDER_SPREADS] = {0.0, 0.075, 0.10, 0.135, 0.18};
static const double FOREWARNED_PRIOR = 0.64; /* evenly over the spreads above 0 */

/* Beliefs before anything was played: a comfortable tempo is below the clean one, surely not by
 * little, perhaps by much. */
static const double ABOVE_COMFORTABLE = 0.25;
static const double ABOVE_SD_LOW = 0.09;
static const double ABOVE_SD_HIGH = 0.15;
/* Or it is not comfortable at all: few misjudge it, by so much. */
static const double MISJUDGED = 0.04;
static const double MISJUDGED_BY = -0.05;
static const double MISJUDGED_SD = 0.15;
static const double SD_A_DAY = 0.015;
static const double SD_RESUMED_MIN = 0.012;
static const double SD_RESUMED_MAX = 0.20;
static const double WALK = 0.0025; /* SD of x85's move from take to take */

/* Under the goal, because the climb is easier than that, and so is a player who is not yet known.
 */
static const double AIM = 0.78;
/* The largest step above what was clean: what is clean by luck must not carry far. Below the tempo
 * that he called comfortable himself, back to it. */
static const double STEP_MOST = 0.03;
static const double STEP_BACK_MOST = 0.06;
/* And the largest step down: one slip is no reason to begin from nothing. */
static const double STEP_DOWN_MOST = 0.15;
/* Probability that the clean tempo lies lower than DT_LADDER_BEYOND allows for, where a tempo is
 * higher than any that was clean. docs/coach.md says what less and what more of it would do. */
static const double DOUBT = 0.003;

/* Less than this is not worth reckoning with; it stays where it is. */
static const double NOTHING = 1e-9;

static double step(void) {
  return log(DT_LADDER_MAX_BPM / DT_LADDER_MIN_BPM) / (DT_LADDER_TEMPI - 1);
}

static double x_of(int i) {
  return log(DT_LADDER_MIN_BPM) + i * step();
}

/* SDs of the curve from its middle down to the goal. */
static double goal(int l) {
  return dt_normal_quantile(DT_LADDER_GOAL / (1.0 - LAPSES[l]));
}

static double spread_prior(int s, double forewarned) {
  return s == 0 ? 1.0 - forewarned : forewarned / (DT_LADDER_SPREADS - 1);
}

static void normalise(dt_ladder* ladder) {
  double sum = 0.0;
  double* mass = &ladder->mass[0][0][0][0];
  const int count = DT_LADDER_SPREADS * DT_LADDER_WIDTHS * DT_LADDER_LAPSES * DT_LADDER_TEMPI;
  for (int i = 0; i < count; ++i)
    sum += mass[i];
  for (int i = 0; i < count; ++i)
    mass[i] /= sum;
}

/* Adds a share of belief that x85 is about x: so vague below it, and above. */
static void expect(double belief[DT_LADDER_TEMPI], double share, double x, double sd_low,
                   double sd_high) {
  const double height = share * step() / (sqrt(2.0 * DT_PI) * 0.5 * (sd_low + sd_high));
  for (int i = 0; i < DT_LADDER_TEMPI; ++i) {
    const double off = x_of(i) - x;
    const double z = off / (off < 0.0 ? sd_low : sd_high);
    belief[i] += height * exp(-0.5 * z * z);
  }
}

static void believe(dt_ladder* ladder, const double belief[DT_LADDER_TEMPI]) {
  static const double FLOOR = 1e-8; /* lets a wrong belief be given up */
  memset(ladder, 0, sizeof *ladder);
  for (int s = 0; s < DT_LADDER_SPREADS; ++s)
    for (int w = 0; w < DT_LADDER_WIDTHS; ++w)
      for (int l = 0; l < DT_LADDER_LAPSES; ++l)
        for (int i = 0; i < DT_LADDER_TEMPI; ++i)
          ladder->mass[s][w][l][i] = spread_prior(s, FOREWARNED_PRIOR) * WIDTH_PRIOR[w] *
                                     LAPSE_PRIOR[l] * (belief[i] + FLOOR);
  normalise(ladder);
}

static double within(double x, double low, double high) {
  return fmin(fmax(x, low), high);
}

static double log_tempo(double bpm) {
  return log(within(bpm, DT_LADDER_MIN_BPM, DT_LADDER_MAX_BPM));
}

/* What the ladder asks for: half beats a minute, rounded down. */
static double half_bpm(double bpm) {
  return fmax(0.5 * floor(2.0 * bpm), DT_LADDER_MIN_BPM);
}

void dt_ladder_start(dt_ladder* ladder, double comfortable_bpm) {
  const double bpm = within(comfortable_bpm, DT_LADDER_MIN_BPM, DT_LADDER_MAX_BPM);
  const double x = log(bpm);
  double belief[DT_LADDER_TEMPI] = {0};
  expect(belief, 1.0 - MISJUDGED, x + ABOVE_COMFORTABLE, ABOVE_SD_LOW, ABOVE_SD_HIGH);
  expect(belief, MISJUDGED, x + MISJUDGED_BY, MISJUDGED_SD, MISJUDGED_SD);
  believe(ladder, belief);
  ladder->first_bpm = half_bpm(bpm);
}

void dt_ladder_resume(dt_ladder* ladder, double bpm, double sd, double top_bpm, double days) {
  const double known = within(sd, SD_RESUMED_MIN, SD_RESUMED_MAX);
  const double vague =
      fmin(sqrt(known * known + SD_A_DAY * SD_A_DAY * fmax(days, 0.0)), SD_RESUMED_MAX);
  double belief[DT_LADDER_TEMPI] = {0};
  expect(belief, 1.0, log_tempo(bpm), vague, vague);
  believe(ladder, belief);
  ladder->top_bpm = top_bpm;
}

double dt_ladder_forewarned(const dt_ladder* ladder) {
  double without = 0.0;
  for (int w = 0; w < DT_LADDER_WIDTHS; ++w)
    for (int l = 0; l < DT_LADDER_LAPSES; ++l)
      for (int i = 0; i < DT_LADDER_TEMPI; ++i)
        without += ladder->mass[0][w][l][i];
  return 1.0 - without;
}

void dt_ladder_forewarn(dt_ladder* ladder, double share) {
  static const double SURE = 0.98; /* players change */
  const double now = dt_ladder_forewarned(ladder);
  const double then = within(share, 1.0 - SURE, SURE);
  for (int s = 0; s < DT_LADDER_SPREADS; ++s) {
    const double factor = s == 0 ? (1.0 - then) / (1.0 - now) : then / now;
    for (int w = 0; w < DT_LADDER_WIDTHS; ++w)
      for (int l = 0; l < DT_LADDER_LAPSES; ++l)
        for (int i = 0; i < DT_LADDER_TEMPI; ++i)
          ladder->mass[s][w][l][i] *= factor;
  }
  normalise(ladder);
}

/* A step of the random walk: each x85 hands a little to its neighbours. */
static void walk(double mass[DT_LADDER_TEMPI]) {
  const double h = step();
  const double share = 0.5 * WALK * WALK / (h * h);
  double left = mass[0];
  for (int i = 0; i < DT_LADDER_TEMPI; ++i) {
    const double here = mass[i];
    const double right = i + 1 < DT_LADDER_TEMPI ? mass[i + 1] : here;
    mass[i] = here + share * (left - 2.0 * here + right);
    left = here;
  }
}

void dt_ladder_learn(dt_ladder* ladder, double bpm, bool clean, double margin) {
  const dt__outcome o = dt__ladder_outcome(ladder, clean, margin);
  const double x = log_tempo(bpm);
  for (int s = 0; s < DT_LADDER_SPREADS; ++s)
    for (int w = 0; w < DT_LADDER_WIDTHS; ++w)
      for (int l = 0; l < DT_LADDER_LAPSES; ++l) {
        const double z = goal(l);
        double* mass = ladder->mass[s][w][l];
        for (int i = 0; i < DT_LADDER_TEMPI; ++i)
          if (mass[i] > NOTHING)
            mass[i] *= dt__ladder_likely(&o, (x - x_of(i)) / WIDTHS[w] - z, LAPSES[l], SPREADS[s]);
        walk(mass);
      }
  normalise(ladder);
  ++ladder->takes;
  ladder->last_bpm = bpm;
  if (clean)
    ladder->top_bpm = fmax(ladder->top_bpm, bpm);
}

/* Probability of each x85, the rest summed out. */
static void tempo_mass(const dt_ladder* ladder, double mass[DT_LADDER_TEMPI]) {
  memset(mass, 0, DT_LADDER_TEMPI * sizeof *mass);
  for (int s = 0; s < DT_LADDER_SPREADS; ++s)
    for (int w = 0; w < DT_LADDER_WIDTHS; ++w)
      for (int l = 0; l < DT_LADDER_LAPSES; ++l)
        for (int i = 0; i < DT_LADDER_TEMPI; ++i)
          mass[i] += ladder->mass[s][w][l][i];
}

/* The x below which `share` of the mass lies, linear inside a cell. */
static double quantile(const double mass[DT_LADDER_TEMPI], double share) {
  double sum = 0.0;
  for (int i = 0; i < DT_LADDER_TEMPI; ++i) {
    if (sum + mass[i] >= share)
      return x_of(i) + step() * ((share - sum) / mass[i] - 0.5);
    sum += mass[i];
  }
  return x_of(DT_LADDER_TEMPI - 1);
}

dt_clean_tempo dt_ladder_clean_tempo(const dt_ladder* ladder) {
  double mass[DT_LADDER_TEMPI];
  tempo_mass(ladder, mass);
  double mean = 0.0;
  double square = 0.0;
  for (int i = 0; i < DT_LADDER_TEMPI; ++i)
    mean += mass[i] * x_of(i);
  for (int i = 0; i < DT_LADDER_TEMPI; ++i)
    square += mass[i] * (x_of(i) - mean) * (x_of(i) - mean);
  return (dt_clean_tempo){.bpm = exp(quantile(mass, 0.5)),
                          .low_bpm = exp(quantile(mass, 0.025)),
                          .high_bpm = exp(quantile(mass, 0.975)),
                          .sd = sqrt(square)};
}

/* Probability of each curve, the margin's spread summed out. */
typedef double curve_mass[DT_LADDER_WIDTHS][DT_LADDER_LAPSES][DT_LADDER_TEMPI];

static void sum_spreads(const dt_ladder* ladder, curve_mass mass) {
  memset(mass, 0, sizeof(curve_mass));
  for (int s = 0; s < DT_LADDER_SPREADS; ++s)
    for (int w = 0; w < DT_LADDER_WIDTHS; ++w)
      for (int l = 0; l < DT_LADDER_LAPSES; ++l)
        for (int i = 0; i < DT_LADDER_TEMPI; ++i)
          mass[w][l][i] += ladder->mass[s][w][l][i];
}

static double chance_of(curve_mass mass, double x) {
  static const double LITTLE = 1e-7;
  double chance = 0.0;
  for (int w = 0; w < DT_LADDER_WIDTHS; ++w)
    for (int l = 0; l < DT_LADDER_LAPSES; ++l) {
      const double z = goal(l);
      for (int i = 0; i < DT_LADDER_TEMPI; ++i)
        if (mass[w][l][i] > LITTLE)
          chance +=
              mass[w][l][i] * (1.0 - LAPSES[l]) * dt_normal_cdf(z - (x - x_of(i)) / WIDTHS[w]);
    }
  return chance;
}

double dt_ladder_chance(const dt_ladder* ladder, double bpm) {
  curve_mass mass;
  sum_spreads(ladder, mass);
  return chance_of(mass, log_tempo(bpm));
}

double dt_ladder_ceiling(const dt_ladder* ladder) {
  double mass[DT_LADDER_TEMPI];
  tempo_mass(ladder, mass);
  return exp(quantile(mass, DOUBT)) * (1.0 + DT_LADDER_BEYOND);
}

/* The highest tempo up to `most` at which so many are expected to be clean as is aimed at. */
static double aimed_at(const dt_ladder* ladder, double most) {
  curve_mass mass;
  sum_spreads(ladder, mass);
  double low = log(DT_LADDER_MIN_BPM);
  double high = log_tempo(most);
  if (chance_of(mass, high) >= AIM)
    return fmin(most, DT_LADDER_MAX_BPM); /* to the bit: it is rounded down */
  for (int i = 0; i < 14; ++i) {
    const double middle = 0.5 * (low + high);
    if (chance_of(mass, middle) >= AIM)
      low = middle;
    else
      high = middle;
  }
  return exp(low);
}

/* What was clean before is no new height: the doubt need not be paid for it again. */
static double highest_allowed(const dt_ladder* ladder) {
  const double most = fmax(dt_ladder_ceiling(ladder), ladder->top_bpm);
  const double step_most = ladder->top_bpm < ladder->first_bpm ? STEP_BACK_MOST : STEP_MOST;
  return ladder->top_bpm > 0.0 ? fmin(most, ladder->top_bpm * (1.0 + step_most)) : most;
}

double dt_ladder_next(const dt_ladder* ladder) {
  double bpm = ladder->first_bpm;
  if (ladder->takes > 0 || bpm <= 0.0)
    bpm =
        fmax(aimed_at(ladder, highest_allowed(ladder)), ladder->last_bpm * (1.0 - STEP_DOWN_MOST));
  return half_bpm(bpm);
}
