#include "bars.h"

#include "dt/rt_poison.h" /* last: see there */

#define OFF_MOST 10000

dt__turn dt__turn_of(const dt_band_bars* bars) {
  return (dt__turn){.bars = *bars, .on = bars->begin_off, .off_now = bars->off};
}

static void begin_off(dt__turn* turn) {
  const int most = turn->bars.off_max > 0 ? turn->bars.off_max : OFF_MOST;
  turn->on = false;
  turn->left = turn->off_now;
  turn->off_now += turn->bars.off_step;
  if (turn->off_now > most)
    turn->off_now = most;
}

bool dt__turn_next(dt__turn* turn) {
  if (turn->bars.off == 0)
    return true;
  if (turn->left == 0 && turn->on) {
    begin_off(turn);
  } else if (turn->left == 0) {
    turn->on = true;
    turn->left = turn->bars.on;
  }
  turn->left--;
  return turn->on;
}
