#ifndef DT_FINE_H
#define DT_FINE_H

#include "lattice.h"

/*
 * Where the beat is, to the millisecond, stroke by stroke: a bank of Kalman filters over (time of a
 * beat, length of the beat) that differ in how much they let the tempo wander, weighted by how well
 * they have foretold the strokes lately (Magill 1965). A stroke is taken for the nearest twelfth of
 * the beat with the probability that it is no stray (probabilistic data association), less that
 * twelfth's habitual offset.
 */
enum { DT__FINE_BANK = 4, DT__FINE_PLACES = 12 };

typedef struct dt__fine_state {
  double t, p; /* s: a beat, and the length of beats */
  double tt, tp, pp;
  double fit; /* log likelihood, fading */
} dt__fine_state;

typedef struct dt__fine {
  dt__fine_state bank[DT__FINE_BANK];
  double offset_s[DT__FINE_PLACES];
  double seen[DT__FINE_PLACES]; /* strokes, fading */
  double sd_s[DT__FINE_PLACES];
  double last_s; /* first of the strokes that strike together */
  int together;
} dt__fine;

/* The twelfth that a stroke at a share of the beat was meant for. Arrays of DT__FINE_PLACES. */
int dt__place_of(const double* offset_s, const double* sd_s, double share, double length_s);

/* A beat at time_s, with this length; then the strokes kept (up to now) refine it, back and forth.
 */
void dt__fine_start(dt__fine* fine, double time_s, double length_s, const dt__lattice* lattice);
void dt__fine_stroke(dt__fine* fine, double time_s, double weight);
/* The mixture's beat nearest to time_s, and its length and their SDs. */
void dt__fine_at(const dt__fine* fine, double time_s, double* beat_s, double* length_s,
                 double* beat_sd_s, double* length_sd_s);

#endif
