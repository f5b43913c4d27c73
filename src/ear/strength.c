#include "strength.h"

#include <math.h>
#include <string.h>

#include "dt/rt_poison.h" /* last: see there */

/* What rang before: the mean of nine hops, up to two before the attack's. */
#define BEFORE_HOPS 9
#define BEFORE_GAP  1

/* A band has gained at least this share of what it holds; 50 dB under the whole it holds nothing.
 */
#define LEAST_GAIN  0.02
#define LEAST_SHARE 1e-5
#define NOTHING     1e-11

/* A stroke that is alone is heard by its family's bands and by the whole sound: its strength is by
 * so much that which goes with the whole. So it hardly matters which family it is put down to.
 * Kicks are not: what of them is above their bands tells little. */
#define BY_WHOLE 0.4

/* A stroke of which the network is not sure may be another family's, of which it is not sure
 * either: times so much. */
#define OR_ANOTHER 4.0

/* Velocities beyond this are bent. */
#define KNEE 0.7

/* The network says hardly less. */
#define SOFTEST 0.02

void dt__strength_layout(dt__strength* s, dt_arena* arena) {
  s->energy = dt_arena_take(arena, DT__STRENGTH_RING, sizeof *s->energy);
}

void dt__strength_init(dt__strength* s, double hop_s) {
  s->hop_s = hop_s;
  dt__strength_reset(s);
}

void dt__strength_reset(dt__strength* s) {
  s->hops = 0;
  memset(s->energy, 0, DT__STRENGTH_RING * sizeof *s->energy);
  dt__strength_learn_reset(&s->learn);
}

void dt__strength_add(dt__strength* s, const float energy[DT_BANK_BANDS]) {
  memcpy(s->energy[s->hops++ & (DT__STRENGTH_RING - 1)], energy, sizeof *s->energy);
}

/* Mean energy of hops first..last-1; before the start there was none. */
static void mean_of(const dt__strength* s, int64_t first, int64_t last,
                    double mean[DT_BANK_BANDS]) {
  double sum[DT_BANK_BANDS] = {0};
  for (int64_t hop = first > 0 ? first : 0; hop < last; hop++)
    for (int b = 0; b < DT_BANK_BANDS; b++)
      sum[b] += (double)s->energy[hop & (DT__STRENGTH_RING - 1)][b];
  for (int b = 0; b < DT_BANK_BANDS; b++)
    mean[b] = last > first ? sum[b] / (double)(last - first) : 0;
}

/* What a stroke has added to each band, dB, and the whole sound. */
static double gains_db(const dt__strength* s, double time_s, int64_t known,
                       double gain_db[DT_BANK_BANDS]) {
  const int64_t attack = (int64_t)(fmax(0, time_s) / s->hop_s);
  double before[DT_BANK_BANDS];
  double after[DT_BANK_BANDS];
  mean_of(s, attack - BEFORE_GAP - BEFORE_HOPS, attack - BEFORE_GAP, before);
  mean_of(s, attack, attack + DT__STRENGTH_AFTER < known ? attack + DT__STRENGTH_AFTER : known,
          after);
  double whole = 0;
  double gain = NOTHING;
  for (int b = 0; b < DT_BANK_BANDS; b++) {
    whole += after[b];
    gain += fmax(after[b] - before[b], LEAST_GAIN * after[b]);
  }
  for (int b = 0; b < DT_BANK_BANDS; b++)
    gain_db[b] = 10 * log10(fmax(after[b] - before[b], LEAST_GAIN * after[b]) +
                            LEAST_SHARE * whole + NOTHING);
  return 10 * log10(gain);
}

static double weighed_db(const double gain_db[DT_BANK_BANDS], int family) {
  double sum = 0;
  for (int b = 0; b < DT_BANK_BANDS; b++)
    sum += (double)dt__strength_weights[family][b] * gain_db[b];
  return sum;
}

double dt__strength_db(const dt__strength* s, int family, double time_s, int64_t known,
                       double* whole_db) {
  double gain_db[DT_BANK_BANDS];
  *whole_db = gains_db(s, time_s, known, gain_db);
  return weighed_db(gain_db, family);
}

/* Never beyond 1, and still harder is still more. */
static double bent(double hard) {
  return hard <= KNEE ? hard : 1 - (1 - KNEE) * exp(-(hard - KNEE) / (1 - KNEE));
}

/* How much a stroke that was put down to a family may be each family's; their sum is 1. */
static void families_of(const dt__net_out* said, int family, double share[DT__NET_FAMILIES]) {
  const double sure = fmin(1, (double)said->family_p[family]);
  double sum = 0;
  for (int f = 0; f < DT__NET_FAMILIES; f++) {
    const double p = (double)said->family_p[f];
    share[f] = f == family ? fmax(1e-6, sure) : OR_ANOTHER * p * (1 - p) * (1 - sure);
    sum += share[f];
  }
  for (int f = 0; f < DT__NET_FAMILIES; f++)
    share[f] /= sum;
}

/* The same of a family's drums. */
static void drums_of(const dt__net_out* said, int family, double family_share,
                     float share[DT__NET_DRUMS]) {
  static const int first_drum[DT__NET_FAMILIES + 1] = {DT__NET_KICK,         DT__NET_SNARE,
                                                       DT__NET_HIHAT_CLOSED, DT__NET_TOM_HIGH,
                                                       DT__NET_RIDE,         DT__NET_DRUMS};
  double sum = 0;
  for (int d = first_drum[family]; d < first_drum[family + 1]; d++)
    sum += (double)said->drum_p[d] + 1e-9;
  for (int d = first_drum[family]; d < first_drum[family + 1]; d++)
    share[d] = (float)(family_share * ((double)said->drum_p[d] + 1e-9) / sum);
}

/* 1 when no other family was struck with it. */
static double aloneness(const dt__net_out* said, int family) {
  double other = 0;
  for (int f = 0; f < DT__NET_FAMILIES; f++)
    if (f != family)
      other = fmax(other, (double)said->family_p[f]);
  return 1 - fmin(1, other);
}

dt__strength_velocities dt__strength_velocity(dt__strength* s, int family, int drum,
                                              const dt__net_out* said, double time_s,
                                              int64_t known) {
  double gain_db[DT_BANK_BANDS];
  double share[DT__NET_FAMILIES];
  dt__strength_stroke stroke = {.family = family,
                                .sure = fmin(1, (double)said->family_p[family]),
                                .said = fmax(SOFTEST, (double)said->drum_velocity[drum])};
  const double whole_db = gains_db(s, time_s, known, gain_db);
  double strength_db = 0;
  families_of(said, family, share);
  for (int f = 0; f < DT__NET_FAMILIES; f++) {
    drums_of(said, f, share[f], stroke.drum_share);
    strength_db += share[f] * weighed_db(gain_db, f);
  }
  double full_db = 0;
  double with_whole_db = whole_db;
  for (int d = 0; d < DT__NET_DRUMS; d++) {
    full_db += (double)(stroke.drum_share[d] * dt__strength_full_db[d]);
    with_whole_db += (double)(stroke.drum_share[d] * dt__strength_share_db[d]);
  }
  const double by_whole = BY_WHOLE * (1 - share[DT__NET_KICKS]) * aloneness(said, family);
  strength_db += by_whole * (with_whole_db - strength_db);
  stroke.over_db = strength_db - full_db;
  const dt__strength_velocities hard = dt__strength_learn_stroke(&s->learn, &stroke);
  return (dt__strength_velocities){.likeliest = bent(hard.likeliest),
                                   .by_strength = bent(hard.by_strength)};
}
