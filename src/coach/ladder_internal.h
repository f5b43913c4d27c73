#ifndef DT_LADDER_INTERNAL_H
#define DT_LADDER_INTERNAL_H

#include "dt/coach_ladder.h"

/* What happened in a take. */
typedef struct dt__outcome {
  bool clean;
  bool measured; /* the margin is known */
  double margin; /* its logarithm; 0 at most where the take was clean */
  double alone;  /* its density (its chance, where it is easy) if it follows no tempo */
} dt__outcome;

/* A take as the ladder sees it; remembers its margin among the ladder's. */
dt__outcome dt__ladder_outcome(dt_ladder* ladder, bool clean, double margin);

/* Chance of it at u of dt_ladder, for one lapse rate and one spread of the margin; spread 0: the
 * margin follows no tempo. */
double dt__ladder_likely(const dt__outcome* o, double u, double lapse, double spread);

#endif
