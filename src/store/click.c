#include <math.h>
#include <string.h>

#include "line_internal.h"

/* {"ticks_per_quarter":480,"tempi":[[TICK,US_PER_QUARTER],...],"meters":[[TICK,4,4],...]} */
dt_status dt__click_write(const dt_tempo_map* click, dt_sink sink) {
  dt_status status = dt_sink_printf(sink, "{\"ticks_per_quarter\":%ld,\"tempi\":[",
                                    (long)click->ticks_per_quarter);
  for (size_t i = 0; i < click->tempo_count && status == DT_OK; ++i) {
    status = dt_sink_printf(sink, "%s[%lld,", i ? "," : "", (long long)click->tempi[i].tick);
    if (status == DT_OK)
      status = dt__json_exact(sink, click->tempi[i].us_per_quarter);
    if (status == DT_OK)
      status = dt_sink_printf(sink, "]");
  }
  if (status == DT_OK)
    status = dt_sink_printf(sink, "],\"meters\":[");
  for (size_t i = 0; i < click->meter_count && status == DT_OK; ++i)
    status = dt_sink_printf(sink, "%s[%lld,%d,%d]", i ? "," : "", (long long)click->meters[i].tick,
                            click->meters[i].meter.numerator, click->meters[i].meter.denominator);
  return status == DT_OK ? dt_sink_printf(sink, "]}") : status;
}

static dt_status bad_click(dt_error* err) {
  return dt_fail(err, DT_BAD_DATA,
                 "\"click\" must be null, or ticks_per_quarter, tempi and meters as in "
                 "docs/store.md");
}

/* A whole number, or -1. */
static int64_t whole(const json_t* row, size_t at) {
  const json_t* value = json_array_get(row, at);
  return json_is_integer(value) ? (int64_t)json_integer_value(value) : -1;
}

static dt_status read_tempo(dt_tempo_map* click, const dt_allocator* allocator, const json_t* row) {
  if (json_array_size(row) != 2 || !json_is_number(json_array_get(row, 1)))
    return DT_BAD_ARGUMENT;
  return dt_tempo_map_set_tempo(click, allocator, whole(row, 0),
                                json_number_value(json_array_get(row, 1)));
}

static dt_status read_meter(dt_tempo_map* click, const dt_allocator* allocator, const json_t* row) {
  const int64_t above = whole(row, 1);
  const int64_t below = whole(row, 2);
  if (json_array_size(row) != 3 || above > 64 || below > 64)
    return DT_BAD_ARGUMENT;
  return dt_tempo_map_set_meter(click, allocator, whole(row, 0),
                                (dt_meter){(int)above, (int)below});
}

dt_status dt__click_read(dt_tempo_map* click, const dt_allocator* allocator, const json_t* object,
                         dt_error* err) {
  const json_t* tempi = json_object_get(object, "tempi");
  const json_t* meters = json_object_get(object, "meters");
  const json_t* ticks = json_object_get(object, "ticks_per_quarter");
  const int64_t ticks_per_quarter = json_is_integer(ticks) ? json_integer_value(ticks) : 0;
  memset(click, 0, sizeof(*click));
  if (ticks_per_quarter < 1 || ticks_per_quarter > 32767 || !json_is_array(tempi) ||
      !json_is_array(meters))
    return bad_click(err);
  click->ticks_per_quarter = (int32_t)ticks_per_quarter;
  dt_status status = DT_OK;
  for (size_t i = 0; i < json_array_size(tempi) && status == DT_OK; ++i)
    status = read_tempo(click, allocator, json_array_get(tempi, i));
  for (size_t i = 0; i < json_array_size(meters) && status == DT_OK; ++i)
    status = read_meter(click, allocator, json_array_get(meters, i));
  if (status == DT_OK)
    return DT_OK;
  dt_tempo_map_clear(click, allocator);
  if (status == DT_BAD_ARGUMENT)
    return bad_click(err);
  return dt_fail(err, status, "%s", dt_status_sentence(status));
}

dt_status dt__click_parse(dt_tempo_map* click, const dt_allocator* allocator, const char* text,
                          size_t size, dt_error* err) {
  json_t* object = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
  const dt_status status = dt__click_read(click, allocator, object, err);
  json_decref(object);
  return status;
}
