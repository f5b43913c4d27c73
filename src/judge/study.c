#include "dt/study.h"

#include <string.h>

/* Every measure in turn, over one table of strokes. */

static dt_status measure_time(dt_study* s, const dt_allocator* allocator) {
  dt_status status = dt_tempo_curve_make(&s->curve, allocator, &s->marks);
  if (status == DT_OK)
    status = dt_swing_measure(&s->swing, allocator, &s->marks);
  if (status == DT_OK)
    status = dt_unison_measure(&s->unison, allocator, &s->marks);
  if (status == DT_OK)
    status = dt_places_measure(&s->places, allocator, &s->marks);
  if (status == DT_OK)
    status = dt_hands_measure(&s->hands, allocator, &s->marks);
  return status;
}

static dt_status measure_touch(dt_study* s, const dt_allocator* allocator,
                               const dt_verdict* verdict) {
  dt_status status = dt_rolls_measure(&s->rolls, allocator, &s->marks);
  if (status == DT_OK)
    status = dt_flams_measure(&s->flams, allocator, &s->marks);
  if (status == DT_OK)
    status = dt_dynamics_measure(&s->dynamics, allocator, &s->marks);
  if (status == DT_OK)
    status = dt_openness_measure(&s->openness, allocator, &s->marks, s->alignment);
  if (status == DT_OK)
    status = dt_fatigue_measure(&s->fatigue, allocator, &s->marks, verdict);
  return status;
}

/* Without a click the series is times: what has a structure is the intervals between them. */
static size_t to_intervals(const dt_beats* beats) {
  for (size_t i = 0; i + 1 < beats->count; ++i)
    beats->value_ms[i] = beats->value_ms[i + 1] - beats->value_ms[i];
  return beats->count > 0 ? beats->count - 1 : 0;
}

/* One series of beats, for the timekeeper and for the long-range structure. */
static dt_status measure_timekeeper(dt_study* s, const dt_allocator* allocator, const dt_take* take,
                                    const dt_verdict* verdict) {
  dt_beats beats;
  dt_status status = dt_beats_together(&beats, allocator, take, verdict);
  if (status == DT_TOO_LARGE)
    return DT_OK;
  if (status == DT_OK)
    status = verdict->phase_known ? dt_timekeeper_click(&s->timekeeper, allocator, &beats)
                                  : dt_timekeeper_free(&s->timekeeper, allocator, &beats);
  if (status == DT_OK) {
    const size_t count = verdict->phase_known ? beats.count : to_intervals(&beats);
    status = dt_longrange_of(&s->longrange, allocator, beats.value_ms, count);
  }
  dt_beats_clear(&beats, allocator);
  return status;
}

dt_status dt_study_make(dt_study* study, const dt_allocator* allocator, const dt_take* take,
                        const dt_verdict* verdict, const dt_alignment* alignment,
                        const dt_chart* chart) {
  memset(study, 0, sizeof *study);
  study->alignment = alignment;
  study->chart = chart;
  dt_status status = dt_marks_make(&study->marks, allocator, take, verdict, alignment, chart);
  if (status == DT_OK)
    status = measure_time(study, allocator);
  if (status == DT_OK)
    status = measure_touch(study, allocator, verdict);
  if (status == DT_OK)
    status = measure_timekeeper(study, allocator, take, verdict);
  if (status == DT_OK)
    status = dt_practise_make(&study->practise, allocator, verdict, study);
  if (status != DT_OK)
    dt_study_clear(study, allocator);
  return status;
}

void dt_study_clear(dt_study* study, const dt_allocator* allocator) {
  dt_rolls_clear(&study->rolls, allocator);
  dt_places_clear(&study->places, allocator);
  dt_tempo_curve_clear(&study->curve, allocator);
  dt_marks_clear(&study->marks, allocator);
  memset(study, 0, sizeof *study);
}
