#ifndef DT_BAND_PLACE_H
#define DT_BAND_PLACE_H

#include <stdint.h>

#include "dt/attr.h"
#include "dt/tempo.h"

/*
 * From a place in the music to a frame, in integers alone.
 *
 * A place is counted in 1/65536 tick from the line of bar 0, a tempo in 1e-9 quarters a minute, a
 * moment in 2^-32 frame. One tempo holds from an anchor on; setting another moves the anchor, and
 * only there is anything rounded (down, by less than 2^-32 frame).
 */
__extension__ typedef __int128 dt__wide;
typedef int64_t dt__place;
typedef dt__wide dt__moment;

#define DT__PLACES_PER_TICK ((dt__place)65536)
#define DT__NANO            1000000000

typedef struct dt__clock {
  int rate_hz;
  int64_t nano_bpm;
  dt__place place; /* anchor */
  dt__moment moment;
} dt__clock;

/* Rounded down; divisor > 0. */
dt__wide dt__floor_div(dt__wide dividend, dt__wide divisor) DT_NONBLOCKING;

static inline dt__place dt__place_of(dt_tick tick) {
  return tick * DT__PLACES_PER_TICK;
}

dt_tick dt__tick_of(dt__place place) DT_NONBLOCKING;

dt__moment dt__moment_of_frame(dt_frame frame) DT_NONBLOCKING;

/* The nearest frame; halves round up. */
dt_frame dt__frame_of(dt__moment moment) DT_NONBLOCKING;

/* Moment minus frame, in frames. */
double dt__offset_frames(dt__moment moment, dt_frame frame) DT_NONBLOCKING;

dt__moment dt__clock_moment(const dt__clock* clock, dt__place place) DT_NONBLOCKING;

/* The first place whose moment is not before this one. */
dt__place dt__clock_place(const dt__clock* clock, dt__moment moment) DT_NONBLOCKING;

/* Another tempo from this place on. */
void dt__clock_set(dt__clock* clock, dt__place place, int64_t nano_bpm) DT_NONBLOCKING;

/* bpm is finite and within the band's limits. */
int64_t dt__nano_bpm(double bpm) DT_NONBLOCKING;

#endif
