#ifndef DT_METER_H
#define DT_METER_H

#include "dt/attr.h"
#include "dt/tempo.h"

/* Length of one bar in ticks (DT_TICKS_PER_QUARTER a quarter). */
dt_tick dt_meter_bar_ticks(dt_meter meter) DT_NONBLOCKING;

/* Length of the beat that a player feels, in ticks: the metre's lower number, and three of them in
 * compound metres (6/8, 9/8, 12/8 ...: a dotted quarter). */
dt_tick dt_meter_beat_ticks(dt_meter meter) DT_NONBLOCKING;

/* Where a straight tick stands once swung (fractional ticks): positions inside a swing_pair are
 * moved piecewise linearly so that its middle lands at `swing` of the pair. swing_pair 0 moves
 * nothing; pairs are counted from tick 0, negative ticks included. */
double dt_swing_tick(dt_tick tick, dt_tick swing_pair, double swing);

#endif
