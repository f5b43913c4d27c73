#include "dt/coach_ladder.h"

#include <math.h>
#include <string.h>

/*
 * 400 tempi 0.75 % apart, five widths, two lapse rates, and how far the margin can be trusted. The
 * goal's place on the curve is written into the model (x85, not the middle of the curve), so the
 * answer needs no second guess of the width.
 */
static const double WIDTHS[DT_LADDER_WIDTHS] = {0.011, 0.017, 0.026, 0.040, 0.062};
static const double WIDTH_PRIOR[DT_LADDER_WIDTHS] = {0.20, 0.25, 0.25, 0.20, 0.10};
static const double LAPSES[DT_LADDER_LAPSES] = {0.01, 0.05};
static const double LAPSE_PRIOR[DT_LADDER_LAPSES] = {0.65, 0.35};
static const double SPREADS[DT_LADDER_SPREADS] = {0.0, 0.04, 0.065, 0.105};
static const double SPREAD_PRIOR[DT_LADDER_SPREADS] = {0.4, 0.2, 0.2, 0.2};

/* A margin below this is "easy": far from the limit it need not follow the tempo. */
static const double EASY = -0.35;
/* Where it says nothing about the tempo: this share is easy, the rest lies evenly up to RANGE. */
static const double EASY_SHARE = 0.93;
static const double RANGE = 0.7;
/* Where it foretells failure, this share of the failures still comes without a warning. */
static const double UNWARNED = 0.3;

/* Beliefs before anything was played: how far the clean tempo is above a comfortable one. */
static const double ABOVE_COMFORTABLE = 0.28;
static const double ABOVE_SD = 0.24;
static const double SD_A_DAY = 0.015;
static const double SD_RESUMED_MIN = 0.012;
static const double SD_RESUMED_MAX = 0.20;
static const double WALK = 0.0025; /* SD of x85's move from take to take */

/* A little below the goal, because the way up is easier than that. */
static const double AIM = 0.83;
/* The largest step above what was clean: what is clean by luck must not carry far. */
static const double STEP_MOST = 0.03;
/* Probability that the clean tempo lies lower than DT_LADDER_BEYOND allows for. Less doubt costs
 * more than it protects: then nothing is tried near the limit, and nothing learned about it. */
static const double DOUBT = 0.08;

/* Less than this is not worth reckoning with; it stays where it is. */
static const double NOTHING = 1e-9;

static double step(void) {
  return log(DT_LADDER_MAX_BPM / DT_LADDER_MIN_BPM) / (DT_LADDER_TEMPI - 1);
}

static double x_of(int i) {
  return log(DT_LADDER_MIN_BPM) + i * step();
}

static double logit(double p) {
  return log(p / (1.0 - p));
}

/* u of the header without its x85. */
static double place(double x, int w, int l) {
  return x / WIDTHS[w] - logit(DT_LADDER_GOAL / (1.0 - LAPSES[l]));
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

static void believe(dt_ladder* ladder, double x, double sd) {
  memset(ladder, 0, sizeof *ladder);
  for (int s = 0; s < DT_LADDER_SPREADS; ++s)
    for (int w = 0; w < DT_LADDER_WIDTHS; ++w)
      for (int l = 0; l < DT_LADDER_LAPSES; ++l)
        for (int i = 0; i < DT_LADDER_TEMPI; ++i) {
          const double z = (x_of(i) - x) / sd;
          /* The small floor lets a wrong belief be given up. */
          ladder->mass[s][w][l][i] =
              SPREAD_PRIOR[s] * WIDTH_PRIOR[w] * LAPSE_PRIOR[l] * (exp(-0.5 * z * z) + 1e-6);
        }
  normalise(ladder);
}

static double within(double x, double low, double high) {
  return fmin(fmax(x, low), high);
}

static double log_tempo(double bpm) {
  return log(within(bpm, DT_LADDER_MIN_BPM, DT_LADDER_MAX_BPM));
}

void dt_ladder_start(dt_ladder* ladder, double comfortable_bpm) {
  believe(ladder, log_tempo(comfortable_bpm) + ABOVE_COMFORTABLE, ABOVE_SD);
}

void dt_ladder_resume(dt_ladder* ladder, double bpm, double sd, double top_bpm, double days) {
  const double known = within(sd, SD_RESUMED_MIN, SD_RESUMED_MAX);
  const double vague = sqrt(known * known + SD_A_DAY * SD_A_DAY * fmax(days, 0.0));
  believe(ladder, log_tempo(bpm), fmin(vague, SD_RESUMED_MAX));
  ladder->top_bpm = top_bpm;
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

/* What happened in a take. */
typedef struct outcome {
  bool clean;
  bool measured; /* m is known */
  double m;
} outcome;

/* Probability (density in m) of it, the margin following the tempo with that spread. */
static double likely_by_margin(const outcome* o, double u, double lapse, double spread) {
  double density;
  if (o->m <= EASY) {
    density = 1.0 / (1.0 + exp(u - EASY / spread));
  } else {
    const double v = exp(-fabs(o->m / spread - u));
    density = v / (spread * (1.0 + v) * (1.0 + v));
  }
  return o->clean ? (1.0 - lapse) * density : density;
}

static double likely(const outcome* o, double u, double lapse, int s) {
  if (s > 0 && o->measured)
    return likely_by_margin(o, u, lapse, SPREADS[s]);
  const double clean = (1.0 - lapse) / (1.0 + exp(u));
  if (s > 0)
    return o->clean ? clean : UNWARNED * (1.0 - clean);
  const double margin = !o->measured ? 1.0 : o->m <= EASY ? EASY_SHARE : (1.0 - EASY_SHARE) / RANGE;
  return margin * (o->clean ? clean : 1.0 - clean);
}

void dt_ladder_learn(dt_ladder* ladder, double bpm, bool clean, double margin) {
  const bool measured = margin > 0.0 && isfinite(margin);
  /* A take that failed inside every limit was failed by missed notes: the margin foretold nothing.
   */
  const double m = measured ? log(margin) : 0.0;
  const outcome o = {clean, measured && (clean || m > 0.0), fmin(m, clean ? 0.0 : m)};
  const double x = log_tempo(bpm);
  for (int s = 0; s < DT_LADDER_SPREADS; ++s)
    for (int w = 0; w < DT_LADDER_WIDTHS; ++w)
      for (int l = 0; l < DT_LADDER_LAPSES; ++l) {
        double* mass = ladder->mass[s][w][l];
        for (int i = 0; i < DT_LADDER_TEMPI; ++i)
          if (mass[i] > NOTHING)
            mass[i] *= likely(&o, place(x - x_of(i), w, l), LAPSES[l], s);
        walk(mass);
      }
  normalise(ladder);
  ++ladder->takes;
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

double dt_ladder_chance(const dt_ladder* ladder, double bpm) {
  const double x = log_tempo(bpm);
  double chance = 0.0;
  for (int w = 0; w < DT_LADDER_WIDTHS; ++w)
    for (int l = 0; l < DT_LADDER_LAPSES; ++l)
      for (int i = 0; i < DT_LADDER_TEMPI; ++i) {
        double mass = 0.0;
        for (int s = 0; s < DT_LADDER_SPREADS; ++s)
          mass += ladder->mass[s][w][l][i];
        if (mass > NOTHING)
          chance += mass * (1.0 - LAPSES[l]) / (1.0 + exp(place(x - x_of(i), w, l)));
      }
  return chance;
}

double dt_ladder_ceiling(const dt_ladder* ladder) {
  double mass[DT_LADDER_TEMPI];
  tempo_mass(ladder, mass);
  return exp(quantile(mass, DOUBT)) * (1.0 + DT_LADDER_BEYOND);
}

double dt_ladder_next(const dt_ladder* ladder) {
  double low = DT_LADDER_MIN_BPM;
  double high = DT_LADDER_MAX_BPM;
  for (int i = 0; i < 14; ++i) {
    const double middle = sqrt(low * high);
    if (dt_ladder_chance(ladder, middle) >= AIM)
      low = middle;
    else
      high = middle;
  }
  double bpm = fmin(low, dt_ladder_ceiling(ladder));
  if (ladder->top_bpm > 0.0)
    bpm = fmin(bpm, ladder->top_bpm * (1.0 + STEP_MOST));
  return fmax(0.5 * floor(2.0 * bpm), DT_LADDER_MIN_BPM);
}
