#ifndef DT_BENCH_COACH_BOUND_H
#define DT_BENCH_COACH_BOUND_H

#include "dt/rng.h"

/* How many even drifts of a stranger the best possible test would stop after four bars. Markdown.
 */
void drift_bound(dt_rng* rng);

#endif
