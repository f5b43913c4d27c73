#ifndef DT_PULSE_INTERNAL_H
#define DT_PULSE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/arena.h"

/* Longest reference that is tracked: more than a day at 400 bpm. */
#define DT__PULSE_BEATS_MAX 700000.0

/* Non-decreasing and finite. */
bool dt__pulse_sorted(const double* x, size_t count);

#endif
