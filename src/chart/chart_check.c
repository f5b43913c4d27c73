#include <string.h>

#include "chart_internal.h"

dt_tick dt__chart_end(const dt_chart* chart) {
  return dt_chart_bar_tick(chart, chart->bar_count);
}

static const char* check_head(const dt_chart* chart) {
  if (!dt__chart_text_is_clean(chart->name, sizeof chart->name))
    return "The name is not clean text";
  if (!dt__chart_text_is_clean(chart->title, sizeof chart->title))
    return "The title is not clean text";
  if (!dt__chart_text_is_clean(chart->tags, sizeof chart->tags))
    return "The tags are not clean text";
  if (!(chart->swing >= 0.5 && chart->swing <= 0.75))
    return "The swing is not in 0.5 to 0.75";
  if (chart->swing_pair < 0 || chart->swing_pair > DT_CHART_STEP_MAX || chart->swing_pair % 2 != 0)
    return "The pair that swings is not an even number of ticks";
  if (chart->swing_pair == 0 && chart->swing > 0.5)
    return "It swings, but no pair is given that does";
  if (chart->step < 1 || chart->step > DT_CHART_STEP_MAX)
    return "The step is out of range";
  if (chart->bar_count < 1 || chart->bar_count > DT_CHART_BARS_MAX)
    return "The number of bars is not in 1 to 10000";
  return NULL;
}

static bool is_meter(dt_meter meter) {
  return meter.numerator >= 1 && meter.numerator <= 64 && meter.denominator >= 1 &&
         meter.denominator <= 64 && (meter.denominator & (meter.denominator - 1)) == 0;
}

static const char* check_map(const dt_chart* chart) {
  const dt_tempo_map* map = &chart->map;
  if (map->ticks_per_quarter != DT_TICKS_PER_QUARTER)
    return "Its ticks are not those of a chart";
  if (map->tempo_count == 0 || map->tempi[0].tick != 0)
    return "No tempo is set at the start";
  if (map->meter_count == 0 || map->meters[0].tick != 0)
    return "No metre is set at the start";
  for (size_t i = 0; i < map->meter_count; i++) {
    const dt_meter_change* change = &map->meters[i];
    if (!is_meter(change->meter))
      return "A metre is out of range";
    const dt_meter_change* before = change - (i > 0);
    if (i > 0 && (change->tick <= before->tick ||
                  (change->tick - before->tick) % dt_meter_bar_ticks(before->meter) != 0))
      return "A metre changes inside a bar";
  }
  const dt_tick end = dt__chart_end(chart);
  for (size_t i = 0; i < map->tempo_count; i++) {
    if (!(map->tempi[i].us_per_quarter >= 1 && map->tempi[i].us_per_quarter <= 6e8))
      return "A tempo is out of range";
    if (i > 0 && map->tempi[i].tick <= map->tempi[i - 1].tick)
      return "The tempi are not in order";
  }
  if (map->tempi[map->tempo_count - 1].tick >= end)
    return "A tempo is set after the end";
  return map->meters[map->meter_count - 1].tick >= end ? "A metre is set after the end" : NULL;
}

static const char* check_note(const dt_chart_note* note, dt_tick end) {
  if (note->tick < 0 || note->tick >= end)
    return "A note stands outside the bars";
  if ((unsigned)note->drum >= (unsigned)DT_DRUM_COUNT)
    return "A note has no known drum";
  if ((unsigned)note->loud > DT_LOUD_ACCENT || (unsigned)note->ornament > DT_ROLL)
    return "A note is struck in no known way";
  if (note->hand == '\0' || strchr("RLKH ", note->hand) == NULL)
    return "A note has no known hand";
  if (note->ornament != DT_ROLL)
    return note->length != 0 || note->roll_step != 0 ? "A note that is no roll has a length" : NULL;
  if (note->length <= 0 || note->length > end - note->tick)
    return "A roll ends outside the bars";
  if (note->roll_step < 0 || (note->roll_step > 0 && note->length % note->roll_step != 0))
    return "A roll is not a whole number of its strokes";
  return NULL;
}

static const char* check_notes(const dt_chart* chart) {
  const dt_tick end = dt__chart_end(chart);
  dt_tick rolled_until[DT_DRUM_COUNT] = {0};
  if (chart->note_count > DT_CHART_NOTES_MAX)
    return "It has too many notes";
  for (size_t i = 0; i < chart->note_count; i++) {
    const dt_chart_note* note = &chart->notes[i];
    const char* wrong = check_note(note, end);
    if (wrong != NULL)
      return wrong;
    const dt_chart_note* before = note - (i > 0);
    if (i > 0 &&
        (before->tick > note->tick || (before->tick == note->tick && before->drum > note->drum)))
      return "The notes are not in order";
    if (i > 0 && before->tick == note->tick && before->drum == note->drum)
      return "A drum is struck twice at once";
    if (note->tick < rolled_until[note->drum])
      return "A drum is struck while it is rolled on";
    rolled_until[note->drum] = note->tick + note->length;
  }
  return NULL;
}

static bool is_bar_line(const dt_chart* chart, dt_tick tick) {
  return tick == dt__chart_end(chart) ||
         dt_chart_bar_tick(chart, dt_chart_bar_at(chart, tick)) == tick;
}

static const char* check_span(const dt_chart* chart, const dt_chart_span* span) {
  if (span->start < 0 || span->end <= span->start || span->end > dt__chart_end(chart))
    return "A section or fill does not lie inside the bars";
  if (!dt__chart_text_is_clean(span->name, sizeof span->name))
    return "The name of a section or fill is not clean text";
  if (!span->fill && span->name[0] == '\0')
    return "A section has no name";
  if (!span->fill && !(is_bar_line(chart, span->start) && is_bar_line(chart, span->end)))
    return "A section begins or ends inside a bar";
  return NULL;
}

static const char* check_spans(const dt_chart* chart) {
  dt_tick until[2] = {0, 0}; /* of the sections, of the fills */
  if (chart->span_count > DT_CHART_SPANS_MAX)
    return "It has too many sections and fills";
  for (size_t i = 0; i < chart->span_count; i++) {
    const dt_chart_span* span = &chart->spans[i];
    const char* wrong = check_span(chart, span);
    if (wrong != NULL)
      return wrong;
    const dt_chart_span* before = span - (i > 0);
    if (i > 0 && (before->start > span->start ||
                  (before->start == span->start && before->fill && !span->fill)))
      return "The sections and fills are not in order";
    if (span->start < until[span->fill])
      return span->fill ? "Two fills overlap" : "Two sections overlap";
    until[span->fill] = span->end;
  }
  return NULL;
}

static const char* check_order(const dt_chart* chart) {
  if (chart->order_count > DT_CHART_ORDER_MAX)
    return "The order of playing is too long";
  for (size_t i = 0; i < chart->order_count; i++) {
    const dt_chart_segment* segment = &chart->order[i];
    if (segment->first_bar < 0 || segment->bar_count < 1 || segment->bar_count > chart->bar_count ||
        segment->first_bar > chart->bar_count - segment->bar_count)
      return "The order of playing names a bar that is not there";
    if (segment->times < 1 || segment->times > 999)
      return "A repeat is not played 1 to 999 times";
  }
  return dt_chart_played_bars(chart) > DT_CHART_PLAYED_MAX ? "It plays more than 100000 bars"
                                                           : NULL;
}

const char* dt_chart_check(const dt_chart* chart) {
  const char* (*const checks[])(const dt_chart*) = {check_head, check_map, check_notes, check_spans,
                                                    check_order};
  for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
    const char* wrong = checks[i](chart);
    if (wrong != NULL)
      return wrong;
  }
  return NULL;
}
