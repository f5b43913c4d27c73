#include "dt/groove_part.h"

static dt_loud loud_of(int velocity) {
  return dt_loud_of_velocity(velocity);
}

static char hand_of(const dt_groove_note* note) {
  if (note->drum == DT_KICK)
    return 'K';
  return note->drum == DT_HIHAT_PEDAL ? 'H' : note->hand == 'F' ? ' ' : note->hand;
}

static dt_status add_notes(dt_chart* chart, const dt_allocator* allocator,
                           const dt_groove* groove) {
  dt_groove_note notes[DT_GROOVE_NOTES_MAX];
  const size_t count = dt_groove_notes(groove, notes);
  for (size_t i = 0; i < count; i++) {
    const dt_chart_note note = {
        .tick = notes[i].tick,
        .drum = notes[i].drum,
        .loud = loud_of(notes[i].velocity),
        .ornament = notes[i].flam ? DT_FLAM : DT_PLAIN,
        .hand = hand_of(&notes[i]),
    };
    const dt_status status = dt_chart_add_note(chart, allocator, &note);
    if (status != DT_OK)
      return status;
  }
  return DT_OK;
}

dt_status dt_part_from_groove(dt_part* part, const dt_allocator* allocator, const dt_groove* groove,
                              int bars, double bpm) {
  dt_chart chart;
  *part = (dt_part){.map = {.ticks_per_quarter = DT_TICKS_PER_QUARTER}};
  if (groove->step <= 0 || groove->bars < 1 || groove->meter.numerator < 1 ||
      groove->meter.denominator < 1)
    return DT_BAD_ARGUMENT;
  dt_status status = dt_chart_init(&chart, allocator);
  if (status != DT_OK)
    return status;
  chart.swing = groove->swing;
  chart.swing_pair = groove->swing_pair;
  chart.step = groove->step;
  chart.bar_count = groove->bars;
  status = dt_tempo_map_set_tempo(&chart.map, allocator, 0, 60e6 / groove->bpm);
  if (status == DT_OK)
    status = dt_tempo_map_set_meter(&chart.map, allocator, 0, groove->meter);
  if (status == DT_OK)
    status = add_notes(&chart, allocator, groove);
  if (status == DT_OK)
    status = dt_part_from_chart(part, allocator, &chart, bars, bpm);
  dt_chart_clear(&chart, allocator);
  return status;
}

dt_status dt_drummer_play_groove(const dt_drummer* drummer, const dt_groove* groove,
                                 const dt_allocator* allocator, dt_truths* truths, dt_error* err) {
  dt_part part;
  *truths = (dt_truths){0};
  dt_status status = dt_part_from_groove(&part, allocator, groove, drummer->bars, drummer->bpm);
  if (status == DT_BAD_ARGUMENT)
    return dt_fail(err, status, "The drummer's bpm or bars, or the groove, are out of range");
  if (status != DT_OK)
    return dt_fail(err, status, "Not enough memory");
  status = dt_drummer_play(drummer, &part, allocator, truths, err);
  dt_part_clear(&part, allocator);
  return status;
}

dt_status dt_take_from_groove(dt_take* take, const dt_allocator* allocator, const dt_truths* truths,
                              const dt_drummer* drummer, const dt_groove* groove) {
  dt_part part;
  *take = (dt_take){0};
  dt_status status = dt_part_from_groove(&part, allocator, groove, drummer->bars, drummer->bpm);
  if (status != DT_OK)
    return status;
  status = dt_take_from_truths(take, allocator, truths, drummer, &part);
  dt_part_clear(&part, allocator);
  return status;
}

double dt_drummer_groove_lead_in_s(const dt_drummer* drummer, const dt_groove* groove) {
  if (drummer->lead_in_s >= 0)
    return drummer->lead_in_s;
  return (double)dt_meter_bar_ticks(groove->meter) / DT_TICKS_PER_QUARTER * 60 /
         (drummer->bpm > 0 ? drummer->bpm : groove->bpm);
}
