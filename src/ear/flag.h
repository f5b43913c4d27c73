#ifndef DT_EAR_FLAG_H
#define DT_EAR_FLAG_H

#include <stdbool.h>
#include <stdint.h>

#include "dt/arena.h"
#include "dt/attr.h"
#include "dt/bank.h"

/*
 * The first stage: something was struck. The energy of sixteen bands in hops of a millisecond; a
 * hop is flagged when what has risen in it and the hop before, band by band, is more than noise and
 * ringing do. High bands answer within the hop, low ones later (a 50 Hz band 8 ms later), so each
 * band counts with its own weight and no band is waited for.
 *
 * Flags are generous: later stages withdraw what was none.
 */
#define DT__FLAG_RING    64  /* hops remembered, a power of two */
#define DT__FLAG_HOP_MAX 192 /* samples in a hop at the highest rate */

/* Two flags are at least so many hops apart. */
#define DT__FLAG_APART 8

/* When a hop is flagged the attack is most likely so long before its end. */
#define DT__FLAG_LATE_S 0.0015

typedef struct dt__flag {
  dt_bank bank;
  int hop_frames;                 /* samples in a hop */
  float emphasis;                 /* gain that makes levels the same at every rate */
  float last_sample;              /* pre-emphasis */
  int64_t hops;                   /* since the start */
  int64_t last_hop;               /* that was flagged */
  float loud[DT_BANK_BANDS];      /* each band's slowly forgotten peak */
  float (*energy)[DT_BANK_BANDS]; /* ring of hops, mean |z|^2 */
  float (*mean)[DT_BANK_BANDS];   /* ring: mean energy of the three hops that end here */
} dt__flag;

void dt__flag_layout(dt__flag* flag, dt_arena* arena);
void dt__flag_init(dt__flag* flag, int rate_hz);
void dt__flag_reset(dt__flag* flag) DT_NONBLOCKING;

/* Takes the next hop_frames samples. Returns 0, or, when this hop is flagged, how likely (0..1)
 * something was struck. */
float dt__flag_hop(dt__flag* flag, const float* samples) DT_NONBLOCKING;

/* Mean energy of the last hop in each band. */
const float* dt__flag_energy(const dt__flag* flag) DT_NONBLOCKING;

/* After DT__FLAG_START hops: did the sound begin with something that goes on, as hiss does, and a
 * stroke does not? */
#define DT__FLAG_START 18
bool dt__flag_is_hiss(const dt__flag* flag) DT_NONBLOCKING;

#endif
