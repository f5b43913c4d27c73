#include "dt/meter.h"

#include <stdbool.h>

dt_tick dt_meter_bar_ticks(dt_meter meter) {
  return (dt_tick)4 * DT_TICKS_PER_QUARTER * meter.numerator / meter.denominator;
}

dt_tick dt_meter_beat_ticks(dt_meter meter) {
  const bool compound = meter.denominator >= 8 && meter.numerator > 3 && meter.numerator % 3 == 0;
  return (dt_tick)4 * DT_TICKS_PER_QUARTER / meter.denominator * (compound ? 3 : 1);
}

double dt_swing_tick(dt_tick tick, dt_tick swing_pair, double swing) {
  if (swing_pair <= 0)
    return (double)tick;
  dt_tick inside = tick % swing_pair;
  if (inside < 0)
    inside += swing_pair;
  const double start = (double)(tick - inside);
  const double pair = (double)swing_pair;
  const double x = (double)inside / pair;
  const double moved = x <= 0.5 ? 2 * x * swing : swing + (2 * x - 1) * (1 - swing);
  return start + pair * moved;
}
