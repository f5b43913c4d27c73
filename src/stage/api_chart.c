#include <math.h>
#include <stdio.h>
#include <string.h>

#include "api_internal.h"

static void put_meter(dt_json* json, dt_meter meter) {
  char text[32];
  snprintf(text, sizeof text, "%d/%d", meter.numerator, meter.denominator);
  dt_json_string(json, "meter", text);
}

void dt__chart_line(dt_json* json, const dt_chart* chart, bool is_own) {
  dt_json_string(json, "name", chart->name);
  dt_json_string(json, "title", chart->title);
  dt_json_string(json, "tags", chart->tags);
  dt_json_int(json, "bars", dt_chart_played_bars(chart));
  dt_json_number(json, "bpm", dt_tempo_map_bpm(&chart->map, 0), 3);
  put_meter(json, dt_tempo_map_meter(&chart->map, 0));
  dt_json_bool(json, "is_own", is_own);
}

static void put_name(dt_json* json, const char* key, const char* name) {
  dt_json_string(json, key, name && name[0] ? name : NULL);
}

/* Sections are in order and do not overlap: *at moves along with the bars. */
static const char* section_at(const dt_chart* chart, dt_tick tick, size_t* at) {
  for (; *at < chart->span_count; ++*at) {
    const dt_chart_span* span = &chart->spans[*at];
    if (span->fill || span->end <= tick)
      continue;
    return span->start <= tick ? span->name : NULL;
  }
  return NULL;
}

static void put_bars(dt_json* json, const dt_chart* chart) {
  size_t at = 0;
  dt_json_begin_array(json, "bar_list");
  for (int i = 0; i < chart->bar_count; i++) {
    const dt_tick tick = dt_chart_bar_tick(chart, i);
    const dt_meter meter = dt_tempo_map_meter(&chart->map, (double)tick);
    dt_json_begin_object(json, NULL);
    dt_json_int(json, "tick", tick);
    dt_json_int(json, "numerator", meter.numerator);
    dt_json_int(json, "denominator", meter.denominator);
    put_name(json, "section", section_at(chart, tick, &at));
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
}

static void put_tempi(dt_json* json, const dt_tempo_map* map) {
  dt_json_begin_array(json, "tempi");
  for (size_t i = 0; i < map->tempo_count; i++) {
    dt_json_begin_object(json, NULL);
    dt_json_int(json, "tick", map->tempi[i].tick);
    dt_json_number(json, "bpm", 60e6 / map->tempi[i].us_per_quarter, 4);
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
}

static void put_notes(dt_json* json, const dt_chart* chart) {
  static const char* const louds[] = {"ghost", "normal", "accent"};
  static const char* const ornaments[] = {"plain", "flam", "drag", "roll"};
  dt_json_begin_array(json, "notes");
  for (size_t i = 0; i < chart->note_count; i++) {
    const dt_chart_note* note = &chart->notes[i];
    const char hand[2] = {note->hand, '\0'};
    dt_json_begin_object(json, NULL);
    dt_json_int(json, "tick", note->tick);
    dt_json_string(json, "drum", dt_drum_name(note->drum));
    dt_json_string(json, "loud", louds[note->loud]);
    dt_json_string(json, "ornament", ornaments[note->ornament]);
    dt_json_string(json, "hand", note->hand == ' ' || !note->hand ? NULL : hand);
    dt_json_int(json, "length", note->length);
    dt_json_int(json, "roll_step", note->roll_step);
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
}

static void put_spans(dt_json* json, const dt_chart* chart) {
  dt_json_begin_array(json, "spans");
  for (size_t i = 0; i < chart->span_count; i++) {
    const dt_chart_span* span = &chart->spans[i];
    dt_json_begin_object(json, NULL);
    dt_json_int(json, "tick", span->start);
    dt_json_int(json, "end_tick", span->end);
    dt_json_bool(json, "is_fill", span->fill);
    put_name(json, "name", span->name);
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
}

static void put_order(dt_json* json, const dt_chart* chart) {
  dt_json_begin_array(json, "order");
  for (size_t i = 0; i < chart->order_count; i++) {
    const dt_chart_segment* segment = &chart->order[i];
    dt_json_begin_object(json, NULL);
    dt_json_int(json, "first_bar", segment->first_bar);
    dt_json_int(json, "bar_count", segment->bar_count);
    dt_json_int(json, "times", segment->times);
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
}

dt_status dt__chart_json(dt_json* json, const dt_chart* chart, const char* text, size_t size,
                         bool is_own) {
  dt_buffer copy = {0}; /* with its NUL */
  dt_status status = size > 0 ? dt_sink_write(dt_buffer_sink(&copy), text, size) : DT_OK;
  if (status == DT_OK)
    status = dt_sink_write(dt_buffer_sink(&copy), "", 1);
  if (status != DT_OK)
    return status;
  dt_json_begin_object(json, NULL);
  dt__chart_line(json, chart, is_own);
  dt_json_string(json, "text", (const char*)copy.bytes);
  dt_buffer_clear(&copy);
  dt_json_int(json, "ticks_per_quarter", DT_TICKS_PER_QUARTER);
  dt_json_int(json, "end_tick", dt_chart_bar_tick(chart, chart->bar_count));
  dt_json_number(json, "swing", chart->swing, 4);
  dt_json_int(json, "swing_pair", chart->swing_pair);
  dt_json_int(json, "step", chart->step);
  put_bars(json, chart);
  put_tempi(json, &chart->map);
  put_notes(json, chart);
  put_spans(json, chart);
  put_order(json, chart);
  dt_json_end_object(json);
  return dt_json_finish(json);
}
