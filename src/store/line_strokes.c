#include <math.h>
#include <string.h>

#include "line_internal.h"

/*
 * The strokes of a line, column by column, so that
 * pandas.DataFrame(json.loads(line)["strokes"]) is a table.
 */
typedef enum column {
  TIME,
  DRUM,
  VELOCITY,
  OPENNESS,
  CONFIDENCE,
  CHOKE,
  NOTE,
  BEAT,
  GRID_TIME,
  ASYNCHRONY,
  RESIDUAL,
  OUTLIER,
  ORNAMENT,
  COLUMNS
} column;

static const char* const names[COLUMNS] = {
    "time_s", "drum",        "velocity",      "openness",    "confidence", "choke_s", "note",
    "beat",   "grid_time_s", "asynchrony_ms", "residual_ms", "outlier",    "ornament"};

/* The columns that only a judged take has. */
enum { FIRST_JUDGED = BEAT };

static dt_status put_value(dt_sink sink, column which, const dt_stroke* s, const dt_judged* j) {
  switch (which) {
  case TIME:
    return dt__json_exact(sink, s->time_s);
  case DRUM:
    return dt__json_text(sink, dt_drum_name(s->drum));
  case VELOCITY:
    return dt__json_exact_float(sink, s->velocity);
  case OPENNESS:
    return dt__json_exact_float(sink, s->openness);
  case CONFIDENCE:
    return dt__json_exact_float(sink, s->confidence);
  case CHOKE:
    return dt__json_exact_float(sink, s->choke_s);
  case NOTE:
    return dt_sink_printf(sink, "%d", s->note);
  case BEAT:
    return dt__json_exact(sink, j->beat);
  case GRID_TIME:
    return dt__json_exact(sink, j->grid_time_s);
  case ASYNCHRONY:
    return dt__json_exact(sink, j->asynchrony_ms);
  case RESIDUAL:
    return dt__json_exact(sink, j->residual_ms);
  case OUTLIER:
    return dt_sink_write(sink, j->outlier ? "1" : "0", 1);
  case ORNAMENT:
    return dt_sink_write(sink, j->ornament ? "1" : "0", 1);
  case COLUMNS:
    break;
  }
  return DT_OK;
}

dt_status dt__strokes_write(const dt_record* record, dt_sink sink) {
  const int columns = record->judged ? COLUMNS : FIRST_JUDGED;
  dt_status status = DT_OK;
  for (int c = 0; c < columns && status == DT_OK; ++c) {
    status = dt_sink_printf(sink, "%s\"%s\":[", c ? "," : "{", names[c]);
    for (size_t i = 0; i < record->take.strokes.count && status == DT_OK; ++i) {
      if (i > 0)
        status = dt_sink_write(sink, ",", 1);
      if (status == DT_OK)
        status = put_value(sink, (column)c, &record->take.strokes.items[i],
                           record->judged ? &record->judged[i] : NULL);
    }
    if (status == DT_OK)
      status = dt_sink_write(sink, "]", 1);
  }
  return status == DT_OK ? dt_sink_write(sink, "}", 1) : status;
}

/* A number inside low..high. */
static bool number_in(const json_t* value, double low, double high, double* number) {
  *number = json_number_value(value);
  return json_is_number(value) && *number >= low && *number <= high;
}

static bool float_in(const json_t* value, double low, double high, float* number) {
  double wide = 0;
  const bool good = number_in(value, low, high, &wide);
  *number = (float)wide;
  return good;
}

static bool number_or_null(const json_t* value, double* number) {
  *number = json_is_null(value) ? (double)NAN : json_number_value(value);
  return json_is_null(value) || json_is_number(value);
}

static bool bit_of(const json_t* value, bool* bit) {
  const json_int_t number = json_integer_value(value);
  *bit = number == 1;
  return json_is_integer(value) && (number == 0 || number == 1);
}

static bool drum_of(const json_t* value, dt_drum* drum) {
  const char* name = json_string_value(value);
  *drum = name ? dt_drum_from_name(name) : DT_DRUM_COUNT;
  return *drum != DT_DRUM_COUNT;
}

static bool note_of(const json_t* value, int* note) {
  const json_int_t number = json_integer_value(value);
  *note = number >= -1 && number <= 127 ? (int)number : -1;
  return json_is_integer(value) && number >= -1 && number <= 127;
}

static bool take_value(const json_t* value, column which, dt_stroke* s, dt_judged* j) {
  switch (which) {
  case TIME:
    return number_in(value, -1e9, 1e9, &s->time_s);
  case DRUM:
    return drum_of(value, &s->drum);
  case VELOCITY:
    return float_in(value, 0, 127, &s->velocity);
  case OPENNESS:
    return float_in(value, -1, 1, &s->openness);
  case CONFIDENCE:
    return float_in(value, 0, 1, &s->confidence);
  case CHOKE:
    return float_in(value, 0, 1e6, &s->choke_s);
  case NOTE:
    return note_of(value, &s->note);
  case BEAT:
    return number_or_null(value, &j->beat);
  case GRID_TIME:
    return number_or_null(value, &j->grid_time_s);
  case ASYNCHRONY:
    return number_or_null(value, &j->asynchrony_ms);
  case RESIDUAL:
    return number_or_null(value, &j->residual_ms);
  case OUTLIER:
    return bit_of(value, &j->outlier);
  case ORNAMENT:
    return bit_of(value, &j->ornament);
  case COLUMNS:
    break;
  }
  return false;
}

static dt_status read_column(dt_record* record, column which, const json_t* values, dt_error* err) {
  const size_t count = record->take.strokes.count;
  if (!json_is_array(values) || json_array_size(values) != count)
    return dt_fail(err, DT_BAD_DATA, "\"strokes\": \"%s\" must be a list as long as \"time_s\"",
                   names[which]);
  for (size_t i = 0; i < count; ++i) {
    dt_judged unused;
    dt_judged* judged = record->judged ? &record->judged[i] : &unused;
    if (!take_value(json_array_get(values, i), which, &record->take.strokes.items[i], judged))
      return dt_fail(err, DT_BAD_DATA, "\"strokes\": value %zu of \"%s\" makes no sense", i + 1,
                     names[which]);
  }
  return DT_OK;
}

static bool in_order(const dt_stroke* a, const dt_stroke* b) {
  if (a->time_s != b->time_s)
    return a->time_s < b->time_s;
  return a->drum != b->drum ? a->drum < b->drum : a->note <= b->note;
}

static dt_status check_order(const dt_strokes* strokes, dt_error* err) {
  for (size_t i = 1; i < strokes->count; ++i)
    if (!in_order(&strokes->items[i - 1], &strokes->items[i]))
      return dt_fail(err, DT_BAD_DATA, "\"strokes\": stroke %zu is out of order (time, drum, note)",
                     i + 1);
  return DT_OK;
}

static dt_status make_room(dt_record* record, const dt_allocator* allocator, size_t count,
                           bool judged, dt_error* err) {
  dt_strokes* strokes = &record->take.strokes;
  strokes->items = dt_alloc_zero(allocator, count * sizeof(dt_stroke));
  strokes->count = strokes->capacity = strokes->items ? count : 0;
  if (judged) {
    record->judged = dt_alloc_zero(allocator, count * sizeof(dt_judged));
    record->judged_count = record->judged ? count : 0;
  }
  if (!strokes->items || (judged && !record->judged))
    return dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
  for (size_t i = 0; i < record->judged_count; ++i)
    record->judged[i].stroke = i;
  return DT_OK;
}

dt_status dt__strokes_read(dt_record* record, const dt_allocator* allocator, const json_t* columns,
                           dt_error* err) {
  const json_t* times = json_object_get(columns, names[TIME]);
  const size_t count = json_array_size(times);
  const bool judged = json_object_get(columns, names[BEAT]) != NULL;
  if (!json_is_object(columns) || !json_is_array(times))
    return dt_fail(err, DT_BAD_DATA, "\"strokes\" must be an object of lists");
  if (count > DT_RECORD_STROKES_MAX)
    return dt_fail(err, DT_TOO_LARGE, "More than %d strokes in one take", DT_RECORD_STROKES_MAX);
  if (count == 0)
    return DT_OK;
  dt_status status = make_room(record, allocator, count, judged, err);
  for (int c = 0; c < (judged ? COLUMNS : FIRST_JUDGED) && status == DT_OK; ++c)
    status = read_column(record, (column)c, json_object_get(columns, names[c]), err);
  return status == DT_OK ? check_order(&record->take.strokes, err) : status;
}
