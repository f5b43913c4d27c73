#include "dt/chart.h"

int dt_loud_velocity(dt_loud loud) {
  switch (loud) {
  case DT_LOUD_GHOST:
    return 35;
  case DT_LOUD_ACCENT:
    return 115;
  case DT_LOUD_NORMAL:
    break;
  }
  return 90;
}

/* Halfway between a and b on a logarithmic scale is sqrt(a b). */
dt_loud dt_loud_of_velocity(double velocity) {
  const double squared = velocity > 0 ? velocity * velocity : 0;
  if (squared >= 90.0 * 115.0)
    return DT_LOUD_ACCENT;
  return squared >= 35.0 * 90.0 ? DT_LOUD_NORMAL : DT_LOUD_GHOST;
}
