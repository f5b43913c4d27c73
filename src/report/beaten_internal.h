#ifndef DT_BEATEN_INTERNAL_H
#define DT_BEATEN_INTERNAL_H

#include "dt/beaten.h"

/* A beat's bar as people count: 1 is the first whole one, 0 a pickup before it. */
int dt__beaten_bar(const dt_beat_track* track, size_t beat);

/* Where the beats before `end` (>= 1) end: the next beat, or a beat's length after the last. */
double dt__beaten_end_s(const dt_beat_track* track, size_t end);

#endif
