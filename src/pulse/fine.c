#include "fine.h"

#include <math.h>
#include <string.h>

#include "dt/stat.h"
#include "tuning.h"

/* Of the length, a beat. */
static const double WANDER[DT__FINE_BANK] = {0.00005, 0.0002, 0.0007, 0.003};
static const double FADE = 0.98;  /* of the filters' likelihoods, each stroke */
static const double STRAY = 0.08; /* share of strokes that stand anywhere */
static const double MEMORY_S = 8.0;
static const double TOGETHER_S = 0.035;
static const double SD_S = 0.014; /* of a stroke, to begin with */

/* To the beat nearest to time_s, forwards or back. */
static void move(dt__fine_state* x, double time_s, double wander) {
  const double beats = floor((time_s - x->t) / x->p + 0.5);
  if (!(fabs(beats) >= 1.0)) {
    return;
  }
  const double q = wander * wander * x->p * x->p;
  const double n = fmin(fabs(beats), 64.0);
  x->t += beats * x->p;
  x->tt += beats * (2.0 * x->tp + beats * x->pp) + q * n * n * n / 3.0;
  x->tp += beats * x->pp + (beats > 0 ? 0.5 : -0.5) * q * n * n;
  x->pp += q * n;
}

static double share_of(int place) {
  return (place < DT__FINE_PLACES / 2 ? place : place - DT__FINE_PLACES) / (double)DT__FINE_PLACES;
}

/* Which twelfth a stroke was meant for: the middle of the beat and its quarters before triplets; a
 * whole grid of twelfths would fit anything. Log odds. */
static const double PLACE[DT__FINE_PLACES] = {0.0,  -9.0, -9.0, -1.4, -1.8, -9.0,
                                              -0.5, -9.0, -1.8, -1.4, -9.0, -9.0};

int dt__place_of(const double* offset_s, const double* sd_s, double share, double length_s) {
  int best = 0;
  double best_score = -(double)INFINITY;
  for (int c = 0; c < DT__FINE_PLACES; ++c) {
    double away = share - share_of(c) - offset_s[c] / length_s;
    away -= floor(away + 0.5);
    const double miss = away * length_s;
    const double score = PLACE[c] - 0.5 * miss * miss / (sd_s[c] * sd_s[c] + 0.015 * 0.015);
    if (score > best_score) {
      best = c;
      best_score = score;
    }
  }
  return best;
}

static void see(dt__fine* fine, dt__fine_state* x, double time_s, double weight, int place) {
  const double share = share_of(place);
  const double miss = time_s - fine->offset_s[place] - (x->t + share * x->p);
  const double trust = fine->seen[place] / (fine->seen[place] + 3.0);
  const double spread = place == 0 ? 0.0 : (1.0 - trust) * 0.02 * 0.02;
  const double r = fine->sd_s[place] * fine->sd_s[place] + spread;
  const double ht = x->tt + share * x->tp;
  const double hp = x->tp + share * x->pp;
  const double total = ht + share * hp + r;
  const double density =
      (1.0 - STRAY) * exp(-0.5 * miss * miss / total) / sqrt(2.0 * DT_PI * total);
  const double stray = STRAY * DT__FINE_PLACES / x->p;
  const double sure = weight * density / (density + stray);
  x->fit = FADE * x->fit + weight * log(density + stray);
  const double inflated = ht + share * hp + r / fmax(sure, 1e-3);
  x->t += ht / inflated * miss;
  x->p += hp / inflated * miss;
  x->tt -= ht * ht / inflated;
  x->tp -= ht * hp / inflated;
  x->pp -= hp * hp / inflated;
}

static void learn(dt__fine* fine, double time_s, double weight) {
  double beat = 0.0;
  double length = 1.0;
  double sd[2];
  dt__fine_at(fine, time_s, &beat, &length, &sd[0], &sd[1]);
  const double share = (time_s - beat) / length;
  const int place = dt__place_of(fine->offset_s, fine->sd_s, share, length);
  double away = share - share_of(place);
  away -= floor(away + 0.5);
  const double miss = away * length;
  if (fabs(miss) > 0.05) {
    return;
  }
  fine->seen[place] = 0.97 * fine->seen[place] + weight;
  const double rate = weight / (fine->seen[place] + 3.0);
  if (place != 0) {
    fine->offset_s[place] += rate * (miss - fine->offset_s[place]);
  }
  const double left = miss - fine->offset_s[place];
  const double was = fine->sd_s[place] * fine->sd_s[place];
  fine->sd_s[place] = fmax(sqrt(was + 0.5 * rate * (left * left - was)), 0.005);
}

/* Limbs that strike together share the timekeeper's error: n of them tell 1 / (.5 + .5 / n) times
 * what one does. */
static double share_of_chord(dt__fine* fine, double time_s) {
  static const double SHARE[4] = {1.0, 0.333, 0.167, 0.1};
  fine->together = fabs(time_s - fine->last_s) < TOGETHER_S ? fine->together + 1 : 0;
  fine->last_s = fine->together > 0 ? fine->last_s : time_s;
  return SHARE[fine->together < 3 ? fine->together : 3];
}

void dt__fine_stroke(dt__fine* fine, double time_s, double weight) {
  weight *= share_of_chord(fine, time_s);
  double beat = 0.0;
  double length = 1.0;
  double sd[2];
  dt__fine_at(fine, time_s, &beat, &length, &sd[0], &sd[1]);
  const double share = (time_s - beat) / length;
  const int place = dt__place_of(fine->offset_s, fine->sd_s, share, length);
  for (int k = 0; k < DT__FINE_BANK; ++k) {
    dt__fine_state* x = &fine->bank[k];
    /* All filters count from the same beat, of which the place is reckoned. */
    const double target = share - share_of(place) > 0.5    ? beat + length
                          : share - share_of(place) < -0.5 ? beat - length
                                                           : beat;
    move(x, target, WANDER[k]);
    see(fine, x, time_s, weight, place);
  }
  learn(fine, time_s, weight);
}

void dt__fine_at(const dt__fine* fine, double time_s, double* beat_s, double* length_s,
                 double* beat_sd_s, double* length_sd_s) {
  double best = fine->bank[0].fit;
  for (int k = 1; k < DT__FINE_BANK; ++k) {
    best = fmax(best, fine->bank[k].fit);
  }
  double sum = 0.0;
  double t = 0.0;
  double p = 0.0;
  double tt = 0.0;
  double pp = 0.0;
  double first = 0.0;
  for (int k = 0; k < DT__FINE_BANK; ++k) {
    dt__fine_state x = fine->bank[k];
    const double w = exp(x.fit - best);
    move(&x, k == 0 ? time_s : first, WANDER[k]);
    first = k == 0 ? x.t : first;
    sum += w;
    t += w * x.t;
    p += w * x.p;
    tt += w * x.tt;
    pp += w * x.pp;
  }
  *beat_s = t / sum;
  *length_s = p / sum;
  *beat_sd_s = sqrt(fmax(tt / sum, 0.0));
  *length_sd_s = sqrt(fmax(pp / sum, 0.0));
}

static void set(dt__fine* fine, double t, double p, double t_sd, double p_sd) {
  for (int k = 0; k < DT__FINE_BANK; ++k) {
    fine->bank[k] = (dt__fine_state){t, p, t_sd * t_sd, 0.0, p_sd * p_sd, 0.0};
  }
}

void dt__fine_start(dt__fine* fine, double time_s, double length_s, const dt__lattice* l) {
  memset(fine, 0, sizeof(*fine));
  fine->last_s = -1e9;
  for (int c = 0; c < DT__FINE_PLACES; ++c) {
    fine->sd_s[c] = SD_S;
  }
  set(fine, time_s, length_s, 0.02, 0.02 * length_s);
  const unsigned kept = l->heard_count < DT__HEARD ? l->heard_count : DT__HEARD;
  unsigned back = 0;
  for (; back < kept; ++back) {
    const dt__heard* stroke = &l->heard[(l->heard_count - 1 - back) & (DT__HEARD - 1)];
    const double at = stroke->frame / DT__FRAMES_PER_S;
    if (at < time_s - MEMORY_S) {
      break;
    }
    dt__fine_stroke(fine, at, (double)stroke->weight);
  }
  double t;
  double p;
  double sd[2];
  const double from =
      back > 0 ? l->heard[(l->heard_count - back) & (DT__HEARD - 1)].frame / DT__FRAMES_PER_S
               : time_s;
  dt__fine_at(fine, from, &t, &p, &sd[0], &sd[1]);
  set(fine, t, p, 0.012, 0.01 * p);
  for (; back > 0; --back) {
    const dt__heard* stroke = &l->heard[(l->heard_count - back) & (DT__HEARD - 1)];
    dt__fine_stroke(fine, stroke->frame / DT__FRAMES_PER_S, (double)stroke->weight);
  }
}
