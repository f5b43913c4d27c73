#ifndef DT_EAR_STRENGTH_LEARN_H
#define DT_EAR_STRENGTH_LEARN_H

#include "dt/attr.h"
#include "net.h"

/*
 * What strength is how hard? A stroke of a drum has the strength (dB)
 *
 *   its drum's at velocity 127, in general + take + family + drum + 28 log10(velocity / 127) +
 * noise
 *
 * where take is how loud this recording is, family by how much its family is louder than it is in
 * general, and drum the same of the drum within its family. The network says of it (as dB, in the
 * same way)
 *
 *   28 log10(velocity / 127) - said + noise
 *
 * where said is by how much it hears this kit's family as softer than it is. All are unknown, and
 * normally distributed with spreads that are known (train/fit_strength.py). Each stroke tells of
 * their sum; so a loud kick tells that the recording is loud, and something of the hi-hat too. R.
 * Kalman, "A new approach to linear filtering and prediction problems", J. Basic Eng. 1960; the
 * random effects as in N. Laird and J. Ware, "Random-effects models for longitudinal data",
 * Biometrics 1982.
 */
#define DT__STRENGTH_LEVELS   (1 + DT__NET_FAMILIES + DT__NET_DRUMS)
#define DT__STRENGTH_UNKNOWNS (DT__STRENGTH_LEVELS + DT__NET_FAMILIES)

/* SDs, in dB. */
typedef struct dt__strength_spread {
  double take;
  double family;
  double drum;
} dt__strength_spread;

extern const dt__strength_spread dt__strength_spread_db;

typedef struct dt__strength_learn {
  double mean_db[DT__STRENGTH_UNKNOWNS];
  double covariance[DT__STRENGTH_UNKNOWNS][DT__STRENGTH_UNKNOWNS];
} dt__strength_learn;

typedef struct dt__strength_stroke {
  int family;
  float drum_share[DT__NET_DRUMS]; /* how much it may be each drum's; their sum is 1 */
  double sure;                     /* 0..1 that it is its family's */
  double over_db;                  /* its strength over that of its drums at velocity 127 */
  double said;                     /* velocity by the network, above 0, to 1 */
} dt__strength_stroke;

void dt__strength_learn_reset(dt__strength_learn* learn) DT_NONBLOCKING;

/* Above 0; 1 is 127. */
typedef struct dt__strength_velocities {
  double likeliest; /* by its strength and by what the network says */
  double
      by_strength; /* by its strength alone: what is twice as strong as another stroke is so here */
} dt__strength_velocities;

/* The velocity of a stroke; learns from it. */
dt__strength_velocities dt__strength_learn_stroke(dt__strength_learn* learn,
                                                  const dt__strength_stroke* stroke) DT_NONBLOCKING;

#endif
