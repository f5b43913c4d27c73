#include "dt/coach_ladder.h"

#include <math.h>
#include <string.h>

/*
 * 600 tempi a half percent apart, six widths, three lapse rates. The goal's place on the curve is
 * written into the model (x85, not the middle), so the answer needs no second guess of the width.
 */
static const double WIDTHS[DT_LADDER_WIDTHS] = {0.010, 0.016, 0.025, 0.040, 0.062, 0.095};
static const double WIDTH_PRIOR[DT_LADDER_WIDTHS] = {0.10, 0.20, 0.25, 0.22, 0.15, 0.08};
static const double LAPSES[DT_LADDER_LAPSES] = {0.005, 0.03, 0.06};
static const double LAPSE_PRIOR[DT_LADDER_LAPSES] = {0.4, 0.4, 0.2};

/* Beliefs before anything was played: about how far the clean tempo is above a comfortable one. */
static const double ABOVE_COMFORTABLE = 0.28;
static const double ABOVE_SD = 0.24;
static const double SD_A_DAY = 0.015;
static const double SD_RESUMED_MIN = 0.012;
static const double SD_RESUMED_MAX = 0.20;

static double step(void) {
  return log(DT_LADDER_MAX_BPM / DT_LADDER_MIN_BPM) / (DT_LADDER_TEMPI - 1);
}

static double x_of(int i) {
  return log(DT_LADDER_MIN_BPM) + i * step();
}

static double clean_chance(double x, double x85, double width, double lapse) {
  const double share = DT_LADDER_GOAL / (1.0 - lapse);
  return (1.0 - lapse) / (1.0 + exp((x - x85) / width - log(share / (1.0 - share))));
}

static void normalise(dt_ladder* ladder) {
  double sum = 0.0;
  double* mass = &ladder->mass[0][0][0];
  const int count = DT_LADDER_WIDTHS * DT_LADDER_LAPSES * DT_LADDER_TEMPI;
  for (int i = 0; i < count; ++i)
    sum += mass[i];
  for (int i = 0; i < count; ++i)
    mass[i] /= sum;
}

static void believe(dt_ladder* ladder, double x, double sd) {
  memset(ladder, 0, sizeof *ladder);
  for (int w = 0; w < DT_LADDER_WIDTHS; ++w)
    for (int l = 0; l < DT_LADDER_LAPSES; ++l)
      for (int i = 0; i < DT_LADDER_TEMPI; ++i) {
        const double z = (x_of(i) - x) / sd;
        /* The small floor lets a wrong belief be given up. */
        ladder->mass[w][l][i] = WIDTH_PRIOR[w] * LAPSE_PRIOR[l] * (exp(-0.5 * z * z) + 1e-6);
      }
  normalise(ladder);
}

static double within(double x, double low, double high) {
  return fmin(fmax(x, low), high);
}

void dt_ladder_start(dt_ladder* ladder, double comfortable_bpm) {
  const double bpm = within(comfortable_bpm, DT_LADDER_MIN_BPM, DT_LADDER_MAX_BPM);
  believe(ladder, log(bpm) + ABOVE_COMFORTABLE, ABOVE_SD);
}

void dt_ladder_resume(dt_ladder* ladder, double bpm, double sd, double days) {
  const double known = within(sd, SD_RESUMED_MIN, SD_RESUMED_MAX);
  const double vague = sqrt(known * known + SD_A_DAY * SD_A_DAY * fmax(days, 0.0));
  believe(ladder, log(within(bpm, DT_LADDER_MIN_BPM, DT_LADDER_MAX_BPM)),
          fmin(vague, SD_RESUMED_MAX));
}

/* A step of the random walk: each x85 hands a little to its neighbours. */
static void walk(double mass[DT_LADDER_TEMPI]) {
  const double h = step();
  const double share = 0.5 * DT_LADDER_WALK * DT_LADDER_WALK / (h * h);
  double left = mass[0];
  for (int i = 0; i < DT_LADDER_TEMPI; ++i) {
    const double here = mass[i];
    const double right = i + 1 < DT_LADDER_TEMPI ? mass[i + 1] : here;
    mass[i] = here + share * (left - 2.0 * here + right);
    left = here;
  }
}

void dt_ladder_learn(dt_ladder* ladder, double bpm, bool clean) {
  const double x = log(within(bpm, DT_LADDER_MIN_BPM, DT_LADDER_MAX_BPM));
  for (int w = 0; w < DT_LADDER_WIDTHS; ++w)
    for (int l = 0; l < DT_LADDER_LAPSES; ++l) {
      for (int i = 0; i < DT_LADDER_TEMPI; ++i) {
        const double p = clean_chance(x, x_of(i), WIDTHS[w], LAPSES[l]);
        ladder->mass[w][l][i] *= clean ? p : 1.0 - p;
      }
      walk(ladder->mass[w][l]);
    }
  normalise(ladder);
  ++ladder->takes;
  if (clean && bpm > ladder->top_bpm)
    ladder->top_bpm = bpm;
}

/* Probability of each x85, the rest summed out. */
static void tempo_mass(const dt_ladder* ladder, double mass[DT_LADDER_TEMPI]) {
  memset(mass, 0, DT_LADDER_TEMPI * sizeof *mass);
  for (int w = 0; w < DT_LADDER_WIDTHS; ++w)
    for (int l = 0; l < DT_LADDER_LAPSES; ++l)
      for (int i = 0; i < DT_LADDER_TEMPI; ++i)
        mass[i] += ladder->mass[w][l][i];
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

double dt_ladder_chance(const dt_ladder* ladder, double bpm) {
  const double x = log(within(bpm, DT_LADDER_MIN_BPM, DT_LADDER_MAX_BPM));
  double chance = 0.0;
  for (int w = 0; w < DT_LADDER_WIDTHS; ++w)
    for (int l = 0; l < DT_LADDER_LAPSES; ++l)
      for (int i = 0; i < DT_LADDER_TEMPI; ++i)
        chance += ladder->mass[w][l][i] * clean_chance(x, x_of(i), WIDTHS[w], LAPSES[l]);
  return chance;
}

double dt_ladder_ceiling(const dt_ladder* ladder) {
  double mass[DT_LADDER_TEMPI];
  tempo_mass(ladder, mass);
  return exp(quantile(mass, DT_LADDER_DOUBT)) * (1.0 + DT_LADDER_BEYOND);
}

double dt_ladder_next(const dt_ladder* ladder) {
  double low = DT_LADDER_MIN_BPM;
  double high = DT_LADDER_MAX_BPM;
  for (int i = 0; i < 24; ++i) {
    const double middle = sqrt(low * high);
    if (dt_ladder_chance(ladder, middle) >= DT_LADDER_GOAL)
      low = middle;
    else
      high = middle;
  }
  double bpm = fmin(low, dt_ladder_ceiling(ladder));
  if (ladder->top_bpm > 0.0)
    bpm = fmin(bpm, ladder->top_bpm * (1.0 + DT_LADDER_BEYOND));
  return fmax(0.5 * floor(2.0 * bpm), DT_LADDER_MIN_BPM);
}
