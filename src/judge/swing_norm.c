#include <math.h>

#include "dt/swing.h"

/*
 * The line. Its slow end, 3.5:1 at about 120 bpm, is in A. Friberg & A. Sundstroem, "Preferred
 * swing ratio in jazz as a function of tempo", TMH-QPSR 38(4), 1997; its fast end, 1:1, follows
 * from what both papers say of the short note: about 100 ms at medium and fast tempi, half of a
 * beat of 200 ms, 300 bpm.
 */
static const double SLOW_BPM = 120.0;
static const double SLOW_RATIO = 3.5;
static const double FAST_BPM = 300.0;

double dt_swing_norm_ratio(double bpm) {
  const double along = (bpm - SLOW_BPM) / (FAST_BPM - SLOW_BPM);
  return fmin(fmax(SLOW_RATIO + along * (1.0 - SLOW_RATIO), 1.0), SLOW_RATIO);
}

double dt_swing_norm_short_ms(double bpm) {
  return 60000.0 / bpm / (1.0 + dt_swing_norm_ratio(bpm));
}

double dt_swing_ratio_of_share(double share) {
  return share / (1.0 - share);
}
