#ifndef DT_EAR_CLASSIFY_WEIGHTS_H
#define DT_EAR_CLASSIFY_WEIGHTS_H

#include "classify.h"

/*
 * Weights fitted by train/fit_ear.py on real performances rendered with real drum kits.
 *
 * Outputs: five classes (kick, snare, hi-hat, toms, cymbals), nine drums within them (cross-stick;
 * open, pedal; high, mid, low; ride, bell, crash), anything struck at all.
 */
#define DT__HIDDEN  32
#define DT__OUTPUTS 15
#define DT__STRUCK  14
/* Velocity is read from the levels of the three windows after the attack, and a constant. */
#define DT__LOUDNESS (1 + 3 * DT_BANK_BANDS)

extern const float dt__hidden_weights[DT__HIDDEN * DT__FEATURES];
extern const float dt__hidden_bias[DT__HIDDEN];
extern const float dt__output_weights[DT__OUTPUTS * DT__HIDDEN];
extern const float dt__output_bias[DT__OUTPUTS];
extern const float dt__thresholds[DT__CLASSES + 1]; /* the last: anything struck at all */
extern const float dt__loudness_weights[DT__CLASSES * DT__LOUDNESS];

#endif
