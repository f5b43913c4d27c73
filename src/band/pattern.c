#include "pattern.h"

#include <math.h>

#include "dt/meter.h"

#include "dt/rt_poison.h" /* last: see there */

static bool is_grouped(const dt_band_click* click, dt_meter meter) {
  int sum = 0;
  for (int i = 0; i < click->group_count; i++)
    sum += click->groups[i];
  return click->group_count > 0 && sum == meter.numerator;
}

dt__pattern dt__click_pattern_of(const dt_band_click* click, dt_meter meter, bool beats_only) {
  const dt_tick unit = (dt_tick)4 * DT_TICKS_PER_QUARTER / meter.denominator;
  dt__pattern p = {.click = click, .meter = meter, .grouped = is_grouped(click, meter)};
  p.unit = dt__place_of(unit);
  p.units_per_beat = (int)(dt_meter_beat_ticks(meter) / unit);
  p.beat_count = p.grouped ? click->group_count : meter.numerator / p.units_per_beat;
  p.divide = beats_only ? 0 : click->divide;
  p.swing = (int64_t)floor(click->swing * 0x1p32 + 0.5);
  p.swing_over = click->swing_over > 0 ? click->swing_over : 2;
  return p;
}

static int units_of(const dt__pattern* p, int beat) {
  return p->grouped ? p->click->groups[beat] : p->units_per_beat;
}

/* Straight; of a beat's first unit. */
static dt__place sub_place(const dt__pattern* p, int sub) {
  return p->unit * sub / p->divide;
}

/* As dt_swing_tick, rounded to the nearest place. */
static dt__place swung_place(const dt__pattern* p, int sub) {
  const int64_t whole = (int64_t)1 << 32;
  const int inside = sub % p->swing_over;
  const dt__place before = sub_place(p, sub - inside);
  const dt__place pair = sub_place(p, sub - inside + p->swing_over) - before;
  const int64_t moved =
      2 * inside <= p->swing_over
          ? 2 * inside * p->swing / p->swing_over
          : p->swing + (2 * inside - p->swing_over) * (whole - p->swing) / p->swing_over;
  return before + (dt__place)(((dt__wide)pair * moved + whole / 2) >> 32);
}

/* Of a pair that the beat holds whole. */
static bool is_swung(const dt__pattern* p, const dt__spot* spot) {
  const int pair_end = spot->sub - spot->sub % p->swing_over + p->swing_over;
  return p->divide % 2 == 0 && spot->sub % p->swing_over != 0 &&
         pair_end <= units_of(p, spot->beat) * p->divide;
}

dt__place dt__pattern_place(const dt__pattern* p, const dt__spot* spot) {
  const dt__place beat = p->unit * spot->first_unit;
  if (spot->sub == 0)
    return beat;
  return beat + (is_swung(p, spot) ? swung_place(p, spot->sub) : sub_place(p, spot->sub));
}

void dt__pattern_next(const dt__pattern* p, dt__spot* spot) {
  const int units = units_of(p, spot->beat);
  spot->sub++;
  if (spot->sub < units * p->divide)
    return;
  spot->first_unit += units;
  spot->beat++;
  spot->sub = 0;
}
