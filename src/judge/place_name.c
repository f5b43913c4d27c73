#include <stdio.h>

#include "dt/places.h"

/* What a player counts: "1 e & a", "1 trip let". */

/* Of a beat of `beat` ticks; NULL: no word for it. */
static const char* part_of_beat(int tick, int beat) {
  static const char* const quarters[] = {"", "e of ", "& of ", "a of "};
  static const char* const thirds[] = {"", "trip of ", "let of "};
  if (4 * tick % beat == 0) {
    return quarters[4 * tick / beat];
  }
  if (3 * tick % beat == 0) {
    return thirds[3 * tick / beat];
  }
  return NULL;
}

static int common_divisor(int a, int b) {
  while (b != 0) {
    const int rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

void dt_place_name(char* name, int bar_tick, dt_meter meter) {
  const int beat = 4 * DT_TICKS_PER_QUARTER / (meter.denominator > 0 ? meter.denominator : 4);
  const int number = bar_tick / beat + 1;
  const int tick = bar_tick % beat;
  const char* part = part_of_beat(tick, beat);
  if (part) {
    (void)snprintf(name, DT_PLACE_NAME_MAX, "%s%d", part, number);
    return;
  }
  const int divisor = common_divisor(tick, beat);
  (void)snprintf(name, DT_PLACE_NAME_MAX, "%d + %d/%d", number, tick / divisor, beat / divisor);
}
