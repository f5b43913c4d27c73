#include "dt/level.h"

#include <math.h>

#define SOFTEST 0.1 /* square root of the amplitude at velocity 1: -40 dB */
#define LOWEST  (-40.0)
#define STEPS   126.0

static double root_of(double velocity) {
  if (!(velocity > 0))
    return (double)NAN;
  return SOFTEST + (1 - SOFTEST) * (fmin(127, fmax(1, velocity)) - 1) / STEPS;
}

double dt_velocity_db(double velocity) {
  return 40 * log10(root_of(velocity));
}

double dt_velocity_at_db(double level_db) {
  if (isnan(level_db))
    return level_db;
  if (level_db <= LOWEST)
    return 1;
  if (level_db >= 0)
    return 127;
  return 1 + STEPS * (pow(10, level_db / 40) - SOFTEST) / (1 - SOFTEST);
}

double dt_velocity_db_slope(double velocity) {
  return 40 / log(10) * (1 - SOFTEST) / STEPS / root_of(velocity);
}
