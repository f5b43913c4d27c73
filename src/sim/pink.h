#ifndef DT_PINK_H
#define DT_PINK_H

#include <stddef.h>

#include "dt/rng.h"

/* How many complex bins (pairs of doubles) dt__pink needs for count values: a power of two, at
 * least four times count, so that the take is a piece of a longer history and its slowest part is
 * not bent back onto its start. */
size_t dt__pink_length(size_t count);

/*
 * Noise whose power spectrum falls as 1/f, by spectral synthesis (random normal amplitude in each
 * bin, scaled by 1/sqrt(f), transformed to time): mean 0, expected SD 1 over the whole length. The
 * first values of work[0], work[2] ... hold it afterwards. work has 2 * length doubles; length as
 * from dt__pink_length.
 */
void dt__pink(double* work, size_t length, dt_rng* rng);

#endif
