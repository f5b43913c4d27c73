#include <math.h>
#include <stdlib.h>

#include "practise_internal.h"

/*
 * One fault shows in many numbers: a late left hand is also a late "e", an uneven sixteenth and a
 * wider scatter. What a more particular fault explains is dropped, so that the line says what to
 * work on and not how it sounds.
 */
typedef struct rule {
  dt_weakness cause;
  dt_weakness symptom;
} rule;

static const rule RULES[] = {
    {DT_WEAK_HAND_TIME, DT_WEAK_PLACE},      {DT_WEAK_HAND_TIME, DT_WEAK_SIXTEENTHS},
    {DT_WEAK_HAND_TIME, DT_WEAK_ROLL_HANDS}, {DT_WEAK_HAND_SCATTER, DT_WEAK_VOICE_SCATTER},
    {DT_WEAK_HAND_SCATTER, DT_WEAK_ROLL},    {DT_WEAK_HAND_LEVEL, DT_WEAK_EVENNESS},
    {DT_WEAK_HAND_LEVEL, DT_WEAK_ACCENTS},   {DT_WEAK_ROLL_BREAKS, DT_WEAK_ROLL},
    {DT_WEAK_GHOSTS, DT_WEAK_EVENNESS},      {DT_WEAK_ACCENTS, DT_WEAK_EVENNESS},
    {DT_WEAK_FILLS, DT_WEAK_SCATTER},        {DT_WEAK_SECTIONS, DT_WEAK_SCATTER},
    {DT_WEAK_ROLL_BREAKS, DT_WEAK_SCATTER},  {DT_WEAK_TIRING, DT_WEAK_SCATTER},
};

/* One group of strokes that is looser than the others. */
static bool is_loose_group(dt_weakness weakness) {
  return weakness == DT_WEAK_HAND_SCATTER || weakness == DT_WEAK_VOICE_SCATTER ||
         weakness == DT_WEAK_SWING || weakness == DT_WEAK_UNISON;
}

static bool is_found(const dt__faults* faults, dt_weakness weakness) {
  for (int i = 0; i < faults->count; ++i) {
    if (faults->items[i].weakness == weakness) {
      return true;
    }
  }
  return false;
}

/* Do fills and section changes make at least half of the tempo's change? */
static bool steps_explain_drift(const dt__faults* faults) {
  const dt_places* p = &faults->study->places;
  double steps = 0.0;
  if (is_found(faults, DT_WEAK_FILLS)) {
    steps += p->fills.gain_bpm.value * (double)p->fills.count;
  }
  if (is_found(faults, DT_WEAK_SECTIONS)) {
    steps += p->change_bpm.value * (double)p->change_count;
  }
  return steps / faults->verdict->bpm_change >= 0.5;
}

/* Would most of what is too loose go with this group? */
static bool group_explains_scatter(const dt__faults* faults, const dt__fault* group) {
  double now = 0.0;
  double without = 0.0;
  dt__fault_effect(faults, group, &now, &without);
  const double scatter = faults->verdict->all.scatter_ms.value;
  const double tight = faults->verdict->tolerance.scatter_ms;
  return scatter * without / now - tight < 0.5 * (scatter - tight);
}

/* Runs of single strokes are no more particular than the whole; written rolls are. */
static bool has_written_rolls(const dt__faults* faults) {
  const dt_rolls* rolls = &faults->study->rolls;
  for (size_t i = 0; i < rolls->count; ++i) {
    if (rolls->items[i].kind == DT_ROLL_WRITTEN) {
      return true;
    }
  }
  return false;
}

static bool scatter_is_explained(const dt__faults* faults) {
  for (int i = 0; i < faults->count; ++i) {
    const dt__fault* other = &faults->items[i];
    if ((is_loose_group(other->weakness) && group_explains_scatter(faults, other)) ||
        (other->weakness == DT_WEAK_ROLL && has_written_rolls(faults))) {
      return true;
    }
  }
  return false;
}

static bool is_explained(const dt__faults* faults, const dt__fault* fault) {
  for (size_t r = 0; r < sizeof(RULES) / sizeof(RULES[0]); ++r) {
    if (RULES[r].symptom == fault->weakness && is_found(faults, RULES[r].cause)) {
      return true;
    }
  }
  switch (fault->weakness) {
  case DT_WEAK_SCATTER:
    return scatter_is_explained(faults);
  case DT_WEAK_DRIFT:
    return steps_explain_drift(faults);
  case DT_WEAK_ROLL:
    return !has_written_rolls(faults) && is_found(faults, DT_WEAK_SCATTER);
  case DT_WEAK_ROLL_HANDS: /* runs of sixteenths look like rolls */
    return is_found(faults, DT_WEAK_SIXTEENTHS) && !has_written_rolls(faults);
  case DT_WEAK_SIXTEENTHS:
    return is_found(faults, DT_WEAK_ROLL_HANDS) && has_written_rolls(faults);
  case DT_WEAK_PLACE: /* the "e" and "a" are late because the sixteenths are uneven */
    return is_found(faults, DT_WEAK_SIXTEENTHS) &&
           fault->bar_tick % (DT_TICKS_PER_QUARTER / 2) != 0;
  default:
    return false;
  }
}

/* The worst first; of equals the one looked at first. */
static int by_severity(const void* a, const void* b) {
  const dt__fault* x = a;
  const dt__fault* y = b;
  if (x->severity != y->severity) {
    return x->severity < y->severity ? 1 : -1;
  }
  return x->weakness != y->weakness ? (x->weakness < y->weakness ? -1 : 1)
                                    : x->bar_tick - y->bar_tick;
}

/* Said once for a drum, at its worst place. */
static bool is_said_before(const dt__faults* faults, int count, const dt__fault* fault) {
  for (int i = 0; i < count; ++i) {
    if (faults->items[i].weakness == fault->weakness) {
      return true;
    }
  }
  return false;
}

void dt__faults_rank(dt__faults* faults) {
  bool explained[DT__FAULTS_MAX];
  for (int i = 0; i < faults->count; ++i) {
    explained[i] = is_explained(faults, &faults->items[i]);
  }
  int kept = 0;
  for (int i = 0; i < faults->count; ++i) {
    if (!explained[i] && faults->items[i].severity >= 1.0) {
      faults->items[kept++] = faults->items[i];
    }
  }
  qsort(faults->items, (size_t)kept, sizeof(dt__fault), by_severity);
  faults->count = 0;
  for (int i = 0; i < kept; ++i) {
    if (!is_said_before(faults, faults->count, &faults->items[i])) {
      faults->items[faults->count++] = faults->items[i];
    }
  }
}
