#ifndef DT_EAR_STRENGTH_H
#define DT_EAR_STRENGTH_H

#include <stdint.h>

#include "dt/arena.h"
#include "dt/attr.h"
#include "dt/bank.h"
#include "net.h"
#include "strength_learn.h"

/*
 * How hard a drum of a family was struck, against others of its family. The energy that each of the
 * flag's bands has gained with the stroke over what rang before, in dB, weighed: low bands tell of
 * kicks, high ones of hats, so a kick under a snare is still compared with other kicks. The weights
 * are fitted by train/fit_strength.py.
 *
 * What strength is how hard is learned from what the network says of many strokes
 * (strength_learn.h).
 */
#define DT__STRENGTH_RING  512 /* hops remembered, a power of two: more than are ever undecided */
#define DT__STRENGTH_AFTER 17  /* hops that a stroke counts, from its attack on */

typedef struct dt__strength {
  double hop_s;
  int64_t hops;                   /* since the start */
  float (*energy)[DT_BANK_BANDS]; /* ring */
  dt__strength_learn learn;
} dt__strength;

/* Each family's share of every band; a family's sum is 1. */
extern const float dt__strength_weights[DT__NET_FAMILIES][DT_BANK_BANDS];

/* How strong a drum is at velocity 127, in general; and by how much its strength is more than that
 * of the whole sound when it is struck alone. */
extern const float dt__strength_full_db[DT__NET_DRUMS];
extern const float dt__strength_share_db[DT__NET_DRUMS];

void dt__strength_layout(dt__strength* strength, dt_arena* arena);
void dt__strength_init(dt__strength* strength, double hop_s);
void dt__strength_reset(dt__strength* strength) DT_NONBLOCKING;

/* The next hop's energy in each band. */
void dt__strength_add(dt__strength* strength, const float energy[DT_BANK_BANDS]) DT_NONBLOCKING;

/* A stroke's strength in dB, and that of the whole sound; `known` hops of the sound are known. */
double dt__strength_db(const dt__strength* strength, int family, double time_s, int64_t known,
                       double* whole_db) DT_NONBLOCKING;

/* The velocity (0..1) of a stroke that the network put down to this drum; learns from it. */
dt__strength_velocities dt__strength_velocity(dt__strength* strength, int family, int drum,
                                              const dt__net_out* said, double time_s,
                                              int64_t known) DT_NONBLOCKING;

#endif
