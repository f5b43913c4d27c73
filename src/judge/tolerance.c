#include <math.h>

#include "dt/judge.h"

/*
 * What an ear lets pass, as fractions of the time between beats:
 *
 *   2.5 %  just noticeable displacement for trained listeners, 60-200 bpm (Madison & Merker 2002;
 *          the same for tempo: Friberg & Sundberg 1995)                        -> pro
 *   4.4 %  the same for untrained listeners (Madison & Merker 2002)            -> player
 *   8.8 %  twice that: untrained tappers scatter at least twice as much as
 *          musicians (Repp 2005)                                               -> beginner
 *
 * and never below 6 ms, where the threshold stops shrinking with the interval (Friberg & Sundberg
 * 1995).
 *
 * Tempo change over the whole take: 2 % is the classical step threshold near 500 ms (Friberg &
 * Sundberg 1995 and earlier); skilled production itself drifts by about 0.2 % (Dahl & Madison
 * 2004); a player stands between the two.
 */
static const double SCATTER_FLOOR_MS = 6.0;
static const double SCATTER_SHARE[] = {
    [DT_LEVEL_BEGINNER] = 0.088, [DT_LEVEL_PLAYER] = 0.044, [DT_LEVEL_PRO] = 0.025};
static const double DRIFT_PERCENT[] = {
    [DT_LEVEL_BEGINNER] = 2.0, [DT_LEVEL_PLAYER] = 1.0, [DT_LEVEL_PRO] = 0.2};

dt_tolerance dt_level_tolerance(dt_level level, double beat_s) {
  dt_tolerance tolerance;
  tolerance.scatter_ms = fmax(SCATTER_FLOOR_MS, 1000.0 * beat_s * SCATTER_SHARE[level]);
  tolerance.drift_percent = DRIFT_PERCENT[level];
  return tolerance;
}
