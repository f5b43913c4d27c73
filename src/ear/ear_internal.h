#ifndef DT_EAR_INTERNAL_H
#define DT_EAR_INTERNAL_H

#include <stddef.h>

#include "dt/ear.h"

/* For the bench: called with what the classifier sees of every pick, struck or not. */
typedef void (*dt__probe)(void* ctx, double time_s, const float* features,
                          size_t count) DT_NONBLOCKING;
void dt__ear_probe(dt_ear* ear, dt__probe probe, void* ctx);

#endif
