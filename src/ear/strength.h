#ifndef DT_EAR_STRENGTH_H
#define DT_EAR_STRENGTH_H

#include <stdint.h>

#include "dt/arena.h"
#include "dt/attr.h"
#include "dt/bank.h"
#include "net.h"

/*
 * How hard a drum of a family was struck, against others of its family. The energy that each of the
 * flag's bands has gained with the stroke over what rang before, in dB, weighed: low bands tell of
 * kicks, high ones of hats, so a kick under a snare is still compared with other kicks. The weights
 * are fitted by train/fit_strength.py.
 *
 * What strength is how hard: the network says so, on average over the strokes of a family.
 */
#define DT__STRENGTH_RING  512 /* hops remembered, a power of two: more than are ever undecided */
#define DT__STRENGTH_AFTER 17  /* hops that a stroke counts, from its attack on */

typedef struct dt__strength {
  double hop_s;
  int64_t hops;                     /* since the start */
  float (*energy)[DT_BANK_BANDS];   /* ring */
  double full_db[DT__NET_FAMILIES]; /* of a stroke of velocity 127, as far as known ... */
  int count[DT__NET_FAMILIES];      /* ... from so many strokes */
  double drum_db[DT__NET_DRUMS];    /* by how much more one of its drums */
  int drum_count[DT__NET_DRUMS];
  double whole_full_db; /* as full_db, of the whole sound */
  int whole_count;
} dt__strength;

/* Each family's share of every band; a family's sum is 1. */
extern const float dt__strength_weights[DT__NET_FAMILIES][DT_BANK_BANDS];

void dt__strength_layout(dt__strength* strength, dt_arena* arena);
void dt__strength_init(dt__strength* strength, double hop_s);
void dt__strength_reset(dt__strength* strength) DT_NONBLOCKING;

/* The next hop's energy in each band. */
void dt__strength_add(dt__strength* strength, const float energy[DT_BANK_BANDS]) DT_NONBLOCKING;

/* A stroke's strength in dB, and that of the whole sound; `known` hops of the sound are known. */
double dt__strength_db(const dt__strength* strength, int family, double time_s, int64_t known,
                       double* whole_db) DT_NONBLOCKING;

/* The velocity (0..1) of a stroke of which the network says `said`; learns from it. */
double dt__strength_velocity(dt__strength* strength, int family, int drum, double said,
                             double time_s, int64_t known) DT_NONBLOCKING;

#endif
