#include "place.h"

#include <math.h>

#include "dt/rt_poison.h" /* last: see there */

#define MOMENTS_PER_FRAME ((dt__wide)1 << 32)

/*
 * Moments in a place at one nano-bpm: 60 s x rate / (960 x 65536 places) x 1e9 x 2^32, which is
 * rate x 15,625,000 x 2^18 in lowest terms. With the places of a year and 192 kHz, 2^120 is not
 * reached.
 */
#define SCALE ((dt__wide)15625000 << 18)

dt__wide dt__floor_div(dt__wide dividend, dt__wide divisor) {
  const dt__wide quotient = dividend / divisor;
  return quotient - (dividend % divisor < 0);
}

dt_tick dt__tick_of(dt__place place) {
  return (dt_tick)dt__floor_div(place, DT__PLACES_PER_TICK);
}

dt__moment dt__moment_of_frame(dt_frame frame) {
  return (dt__wide)frame * MOMENTS_PER_FRAME;
}

dt_frame dt__frame_of(dt__moment moment) {
  return (dt_frame)dt__floor_div(moment + MOMENTS_PER_FRAME / 2, MOMENTS_PER_FRAME);
}

double dt__offset_frames(dt__moment moment, dt_frame frame) {
  return (double)(moment - dt__moment_of_frame(frame)) * 0x1p-32;
}

dt__moment dt__clock_moment(const dt__clock* clock, dt__place place) {
  const dt__wide since = (dt__wide)place - clock->place;
  return clock->moment + dt__floor_div(since * clock->rate_hz * SCALE, clock->nano_bpm);
}

dt__place dt__clock_place(const dt__clock* clock, dt__moment moment) {
  const dt__wide since = moment - clock->moment;
  const dt__wide down = dt__floor_div(-since * clock->nano_bpm, clock->rate_hz * SCALE);
  return (dt__place)(clock->place - down);
}

void dt__clock_set(dt__clock* clock, dt__place place, int64_t nano_bpm) {
  clock->moment = dt__clock_moment(clock, place);
  clock->place = place;
  clock->nano_bpm = nano_bpm;
}

int64_t dt__nano_bpm(double bpm) {
  return (int64_t)floor(bpm * DT__NANO + 0.5);
}
