#ifndef DT_EAR_CLASSIFY_H
#define DT_EAR_CLASSIFY_H

#include <stdbool.h>

#include "dt/stroke.h"
#include "flux.h"

/*
 * Which drums, how hard: a plain guess from the bands' energies around the attack, by one layer of
 * rectified sums and one of logistic outputs. The weights come from train/fit_ear.py.
 */
#define DT__CLASSES     5  /* kick, snare, hi-hat, toms, cymbals */
#define DT__WINDOWS     5  /* long before, just before, the stick, the drum, its ring */
#define DT__OFFSETS     14 /* where the summed rise is looked at around the attack */
#define DT__FEATURES    ((DT__WINDOWS + 1 + 3 + 2) * DT_BANK_BANDS + DT__OFFSETS + 1)
#define DT__CLASS_AFTER 40 /* frames after the attack that are looked at */
#define DT__CLASS_AHEAD (DT__CLASS_AFTER + DT__DELAY_MAX)

/* What is known of a stroke whose attack lies in frame `frame`; every value is about -4..4. */
void dt__features(const dt__flux* flux, int64_t frame, float features[DT__FEATURES]) DT_NONBLOCKING;

/* A cheap answer for a pick whose attack is only known to a frame or two: worth refining? */
bool dt__may_be_struck(const float features[DT__FEATURES]) DT_NONBLOCKING;

/* Is the sound weaker after 15 ms than in the first 5? */
bool dt__dies_away(const float features[DT__FEATURES]) DT_NONBLOCKING;

/* Writes the drums struck with confidence and velocity and returns how many; 0 when the pick was
 * no stroke, which is not asked when that is sure. time_s is left alone. */
int dt__classify(const float features[DT__FEATURES], bool sure,
                 dt_stroke strokes[DT__CLASSES]) DT_NONBLOCKING;

#endif
