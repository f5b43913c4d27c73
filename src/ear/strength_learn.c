#include "strength_learn.h"

#include <math.h>
#include <string.h>

#include "dt/rt_poison.h" /* last: see there */

/* Where the unknowns are. */
#define TAKE   0
#define FAMILY 1
#define DRUM   (FAMILY + DT__NET_FAMILIES)
#define SAID   DT__STRENGTH_LEVELS

/* Renders are all scaled to their loudest sample, recordings are not: takes differ so much more. */
#define RECORDED 1.5

/* SD of what the network says of a family in a take, in dB. */
#define SAID_DB 2.0

/* Ten times the velocity is so much stronger. */
#define DB_PER_DECADE 28.0

/* SD of a stroke's strength less what the network says, within a drum of a take: 3.8 dB of the
 * strength, as kits are not evenly recorded, and about 5 dB of the network; strokes that follow one
 * another have it in common, so it counts as more. Of a stroke that may be another drum's it is
 * more still. Surprises beyond so many SDs count as so many. */
#define NOISE_DB  7.0
#define UNSURE_DB 50.0
#define SURPRISE  2.5

/* Share of the strength in a stroke's velocity, the rest being what the network says. By these two
 * noises it would be 5^2 / (5^2 + 3.8^2) = 0.63, and 0.6 is best on renders; but nearly all of the
 * strength's noise is that of the kits' layers there, which drums do not have. */
#define BY_STRENGTH 0.9

/* What was learned fades, by so much a stroke, as knobs are turned and drums moved. */
#define FADES 1e-4

static double prior_db(int unknown) {
  if (unknown >= SAID)
    return SAID_DB;
  if (unknown >= DRUM)
    return dt__strength_spread_db.drum;
  return unknown >= FAMILY ? dt__strength_spread_db.family : RECORDED * dt__strength_spread_db.take;
}

void dt__strength_learn_reset(dt__strength_learn* l) {
  memset(l, 0, sizeof *l);
  for (int i = 0; i < DT__STRENGTH_UNKNOWNS; i++)
    l->covariance[i][i] = prior_db(i) * prior_db(i);
}

static void fade(dt__strength_learn* l) {
  const double stays = sqrt(1 - FADES);
  for (int i = 0; i < DT__STRENGTH_UNKNOWNS; i++) {
    l->mean_db[i] *= stays;
    for (int j = 0; j < DT__STRENGTH_UNKNOWNS; j++)
      l->covariance[i][j] *= 1 - FADES;
    l->covariance[i][i] += FADES * prior_db(i) * prior_db(i);
  }
}

/* How much of each unknown is in a stroke. */
static void parts_of(const dt__strength_stroke* stroke, double part[DT__STRENGTH_UNKNOWNS]) {
  static const int family_of[DT__NET_DRUMS] = {DT__NET_KICKS,   DT__NET_SNARES,  DT__NET_SNARES,
                                               DT__NET_HIHATS,  DT__NET_HIHATS,  DT__NET_HIHATS,
                                               DT__NET_TOMS,    DT__NET_TOMS,    DT__NET_TOMS,
                                               DT__NET_CYMBALS, DT__NET_CYMBALS, DT__NET_CYMBALS};
  memset(part, 0, DT__STRENGTH_UNKNOWNS * sizeof *part);
  part[TAKE] = 1;
  for (int d = 0; d < DT__NET_DRUMS; d++) {
    part[FAMILY + family_of[d]] += (double)stroke->drum_share[d];
    part[DRUM + d] = (double)stroke->drum_share[d];
  }
  part[SAID + stroke->family] = 1;
}

/* The part of unknowns first..last-1 in a stroke. */
static double sum_of(const double* mean_db, const double* part, int first, int last) {
  double sum = 0;
  for (int i = first; i < last; i++)
    sum += part[i] * mean_db[i];
  return sum;
}

/* The sum of all was seen. */
static void update(dt__strength_learn* l, const double part[DT__STRENGTH_UNKNOWNS], double seen_db,
                   double noise_db) {
  double with[DT__STRENGTH_UNKNOWNS]; /* covariance with the sum */
  double variance = noise_db * noise_db;
  for (int i = 0; i < DT__STRENGTH_UNKNOWNS; i++) {
    with[i] = sum_of(l->covariance[i], part, 0, DT__STRENGTH_UNKNOWNS);
    variance += part[i] * with[i];
  }
  const double most_db = SURPRISE * sqrt(variance);
  const double surprise_db = seen_db - sum_of(l->mean_db, part, 0, DT__STRENGTH_UNKNOWNS);
  const double counts = fmax(-most_db, fmin(most_db, surprise_db)) / variance;
  for (int i = 0; i < DT__STRENGTH_UNKNOWNS; i++) {
    l->mean_db[i] += with[i] * counts;
    for (int j = 0; j < DT__STRENGTH_UNKNOWNS; j++)
      l->covariance[i][j] -= with[i] * with[j] / variance;
  }
}

static double velocity_of(double db) {
  return pow(10, db / DB_PER_DECADE);
}

dt__strength_velocities dt__strength_learn_stroke(dt__strength_learn* l,
                                                  const dt__strength_stroke* stroke) {
  double part[DT__STRENGTH_UNKNOWNS];
  parts_of(stroke, part);
  fade(l);
  const double said_db = DB_PER_DECADE * log10(stroke->said);
  update(l, part, stroke->over_db - said_db, NOISE_DB + UNSURE_DB * (1 - stroke->sure));
  const double by_strength_db = stroke->over_db - sum_of(l->mean_db, part, 0, DT__STRENGTH_LEVELS);
  const double by_said_db = said_db + sum_of(l->mean_db, part, SAID, DT__STRENGTH_UNKNOWNS);
  return (dt__strength_velocities){
      .likeliest = velocity_of(BY_STRENGTH * by_strength_db + (1 - BY_STRENGTH) * by_said_db),
      .by_strength = velocity_of(by_strength_db)};
}
