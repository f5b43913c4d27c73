#include <string.h>

#include "chart_internal.h"
#include "dt/part.h"

static bool same_bars(const dt_part* a, const dt_part* b) {
  if (a->bar_count != b->bar_count)
    return false;
  for (size_t i = 0; i < a->bar_count; i++)
    if (a->bars[i].tick != b->bars[i].tick ||
        a->bars[i].meter.numerator != b->bars[i].meter.numerator ||
        a->bars[i].meter.denominator != b->bars[i].meter.denominator)
      return false;
  return true;
}

static bool same_note(const dt_part_note* a, const dt_part_note* b) {
  const dt_chart_note* x = &a->note;
  const dt_chart_note* y = &b->note;
  return x->tick == y->tick && x->length == y->length && x->roll_step == y->roll_step &&
         x->drum == y->drum && x->loud == y->loud && x->ornament == y->ornament &&
         x->hand == y->hand && a->bar == b->bar && a->fill == b->fill;
}

static bool same_fills(const dt_part* a, const dt_part* b) {
  if (a->fill_count != b->fill_count)
    return false;
  for (size_t i = 0; i < a->fill_count; i++)
    if (a->fills[i].start != b->fills[i].start || a->fills[i].end != b->fills[i].end ||
        strcmp(a->fills[i].name, b->fills[i].name) != 0)
      return false;
  return true;
}

bool dt_part_same(const dt_part* a, const dt_part* b) {
  if (a->end != b->end || a->swing != b->swing || a->swing_pair != b->swing_pair ||
      a->note_count != b->note_count || !same_bars(a, b) || !same_fills(a, b) ||
      !dt__tempo_map_same(&a->map, &b->map))
    return false;
  for (size_t i = 0; i < a->note_count; i++)
    if (!same_note(&a->notes[i], &b->notes[i]))
      return false;
  return true;
}
