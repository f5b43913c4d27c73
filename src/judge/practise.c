#include "dt/practise.h"

#include <math.h>
#include <string.h>

#include "practise_internal.h"

/*
 * From everything that was measured to at most three things to work on.
 *
 * About forty numbers are looked at, so a 95 % interval would find something in most clean takes.
 * WIDER makes it one of 99.8 % (a normal's quantile 1.96 x 1.6 = 3.1): one clean take in twelve
 * would still show something if every number were at its limit, and far fewer do, as what is found
 * must be large enough to be noticed as well.
 */
static const double WIDER = 1.6;

static dt__fault* add(dt__faults* faults, dt__fault fault, int sign) {
  const double low = fault.value - WIDER * (fault.value - fault.low);
  const double high = fault.value + WIDER * (fault.high - fault.value);
  const bool above = sign >= 0 && low > 0.0 && fault.value >= fault.noticed;
  const bool below = sign <= 0 && high < 0.0 && fault.value <= -fault.noticed;
  if ((!above && !below) || faults->count == DT__FAULTS_MAX) {
    return NULL;
  }
  fault.severity = fabs(fault.value) / fault.noticed;
  fault.bar_tick = -1;
  faults->items[faults->count] = fault;
  return &faults->items[faults->count++];
}

dt__fault* dt__fault_add(dt__faults* faults, dt_weakness weakness, dt_voice voice,
                         const dt_estimate* size, double noticed, int sign) {
  if (size->known != DT_KNOWN) {
    return NULL;
  }
  const dt__fault fault = {.weakness = weakness,
                           .voice = voice,
                           .value = size->value,
                           .low = size->low,
                           .high = size->high,
                           .noticed = noticed};
  return add(faults, fault, sign);
}

dt__fault* dt__fault_add_ratio(dt__faults* faults, dt_weakness weakness, dt_voice voice,
                               const dt_estimate* ratio, double noticed, int sign) {
  if (ratio->known != DT_KNOWN || !(ratio->low > 0.0)) {
    return NULL;
  }
  const dt_estimate logarithm = {log(ratio->value), log(ratio->low), log(ratio->high), DT_KNOWN};
  return dt__fault_add(faults, weakness, voice, &logarithm, log(noticed), sign);
}

void dt__fault_rate(dt__fault* fault, double scale) {
  if (fault) {
    fault->severity = fmax(fabs(fault->value) / scale, 1.0);
  }
}

static void look(dt__faults* faults) {
  if (isfinite(faults->beat_ms)) {
    dt__faults_of_time(faults);
    dt__faults_of_place(faults);
    dt__faults_of_touch(faults);
  }
  dt__faults_of_notes(faults);
  dt__faults_rank(faults);
}

static void tell(const dt__faults* faults, const dt__fault* fault, dt_practise_line* line) {
  line->weakness = fault->weakness;
  line->voice = fault->voice;
  line->severity = fault->severity;
  line->size = (dt_estimate){fault->value, fault->low, fault->high, DT_KNOWN};
  dt__fault_bars(faults, fault, line);
  dt__fault_text(faults, fault, line->text, sizeof line->text);
}

dt_status dt_practise_make(dt_practise* practise, const dt_allocator* allocator,
                           const dt_verdict* verdict, const struct dt_study* study) {
  memset(practise, 0, sizeof(*practise));
  dt__faults* faults = dt_alloc_zero(allocator, sizeof(*faults));
  if (!faults) {
    return DT_NO_MEMORY;
  }
  faults->verdict = verdict;
  faults->study = study;
  faults->beat_ms = 60e3 / study->marks.bpm;
  const dt_status status = dt__spreads_measure(&faults->spreads, allocator, &study->marks,
                                               study->swing.swung == DT_KNOWN);
  if (status == DT_OK) {
    look(faults);
  }
  for (int i = 0; i < faults->count && practise->count < DT_PRACTISE_MAX; ++i) {
    tell(faults, &faults->items[i], &practise->lines[practise->count++]);
  }
  dt_release(allocator, faults, sizeof(*faults));
  return status;
}

const char* dt_weakness_name(dt_weakness weakness) {
  static const char* const NAMES[DT_WEAKNESS_COUNT] = {
      "missed notes",
      "drift",
      "scatter",
      "tempo at fills",
      "tempo at sections",
      "late hand",
      "loose hand",
      "weak hand",
      "late place",
      "loose drum",
      "uneven swing",
      "uneven sixteenths",
      "split unisons",
      "uneven roll",
      "uneven hands",
      "roll breaking down",
      "flams",
      "loud ghosts",
      "weak accents",
      "uneven loudness",
      "open hi-hat",
      "tiring",
  };
  return (unsigned)weakness < DT_WEAKNESS_COUNT ? NAMES[weakness] : "";
}
