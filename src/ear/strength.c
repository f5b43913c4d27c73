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

/* Ten times the velocity is so much stronger. How strong a family can be is a mean over the last
 * MEMORY strokes, of which the first counts for so many more; one stroke in which the network and
 * the strength disagree does not move it by more than by so much. What one drum of the family has
 * more counts the more, the more strokes of it were heard. */
#define DB_PER_DECADE 28.0
#define MEMORY        64
#define FIRST         1
#define SURPRISE_DB   12.0
#define OWN_FROM      16.0

/* A family is hardly known before so many strokes. */
#define UNKNOWN 2

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
  memset(s->full_db, 0, sizeof s->full_db);
  memset(s->count, 0, sizeof s->count);
  s->whole_count = 0;
  memset(s->drum_db, 0, sizeof s->drum_db);
  memset(s->drum_count, 0, sizeof s->drum_count);
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

double dt__strength_db(const dt__strength* s, int family, double time_s, int64_t known,
                       double* whole_db) {
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
  *whole_db = 10 * log10(gain);
  double strength_db = 0;
  for (int b = 0; b < DT_BANK_BANDS; b++) {
    const double weight = (double)dt__strength_weights[family][b];
    if (weight > 0)
      strength_db +=
          weight * 10 *
          log10(fmax(after[b] - before[b], LEAST_GAIN * after[b]) + LEAST_SHARE * whole + NOTHING);
  }
  return strength_db;
}

/* Moves a mean of `count` values towards a new one. */
static void learn(double* mean, int* count, double value) {
  const double surprise = value - *mean;
  if (*count == 0)
    *mean = value;
  else
    *mean += fmax(-SURPRISE_DB, fmin(SURPRISE_DB, surprise)) / (FIRST + *count);
  if (*count < MEMORY)
    ++*count;
}

/* Never beyond 1, and still harder is still more. */
static double bent(double hard) {
  return hard <= KNEE ? hard : 1 - (1 - KNEE) * exp(-(hard - KNEE) / (1 - KNEE));
}

/* Of a family that was hardly heard yet the network is not believed to be harder struck than the
 * whole sound is, against other strokes. */
static double held_back(dt__strength* s, int family, double said, double whole_db) {
  if (s->whole_count > 0 && s->count[family] < UNKNOWN)
    said = fmin(said, pow(10, (whole_db - s->whole_full_db) / DB_PER_DECADE));
  said = fmax(SOFTEST, said);
  learn(&s->whole_full_db, &s->whole_count, whole_db - DB_PER_DECADE * log10(said));
  return said;
}

double dt__strength_velocity(dt__strength* s, int family, int drum, double said, double time_s,
                             int64_t known) {
  double whole_db;
  const double strength_db = dt__strength_db(s, family, time_s, known, &whole_db);
  said = held_back(s, family, said, whole_db);
  const double full_db = strength_db - DB_PER_DECADE * log10(said);
  learn(&s->full_db[family], &s->count[family], full_db);
  learn(&s->drum_db[drum], &s->drum_count[drum], full_db - s->full_db[family]);
  const double own = s->drum_count[drum] / (s->drum_count[drum] + OWN_FROM);
  const double over_db = strength_db - s->full_db[family] - own * s->drum_db[drum];
  return bent(pow(10, over_db / DB_PER_DECADE));
}
