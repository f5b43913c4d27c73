#include "dt/strokes_csv.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "line_internal.h"

#define COLUMNS_MAX    64
#define NUMBER_MAX     40 /* characters of a number */
#define TIME_MIN_S     (-1.0)
#define TIME_MAX_S     (24 * 3600.0)
#define REQUIRED_COUNT 3

typedef enum column { TIME, DRUM, VELOCITY, NOTE, OPENNESS, CONFIDENCE, CHOKE, SKIPPED } column;

static const char* const column_names[SKIPPED] = {
    "time_s", "drum", "velocity", "note", "openness", "confidence", "choke_s",
};

typedef struct table {
  column columns[COLUMNS_MAX];
  size_t column_count;
  size_t line_number;
  dt_error* err;
} table;

/* Cuts the next field from a line; false when there is none left. */
static bool next_field(dt__line* line, dt__line* field, bool* more) {
  if (!*more)
    return false;
  const char* comma = line->size > 0 ? memchr(line->text, ',', line->size) : NULL;
  *field = *line;
  *more = comma != NULL;
  if (comma != NULL) {
    field->size = (size_t)(comma - line->text);
    line->text = comma + 1;
    line->size -= field->size + 1;
  }
  return true;
}

static column column_named(dt__line name) {
  for (int i = 0; i < SKIPPED; ++i)
    if (strlen(column_names[i]) == name.size && memcmp(column_names[i], name.text, name.size) == 0)
      return (column)i;
  return SKIPPED;
}

static dt_status read_head(table* in, dt__line line) {
  dt__line field;
  bool more = true;
  unsigned seen = 0;
  while (next_field(&line, &field, &more)) {
    if (in->column_count == COLUMNS_MAX)
      return dt_fail(in->err, DT_BAD_DATA, "Line %zu: more than %d columns: remove some",
                     in->line_number, COLUMNS_MAX);
    const column name = column_named(field);
    if (in->column_count < REQUIRED_COUNT && name != (column)in->column_count)
      break;
    if (name != SKIPPED && (seen >> name & 1) != 0)
      return dt_fail(in->err, DT_BAD_DATA, "Line %zu: the column %s stands twice: remove one",
                     in->line_number, column_names[name]);
    seen |= 1U << name;
    in->columns[in->column_count++] = name;
  }
  if (in->column_count < REQUIRED_COUNT)
    return dt_fail(in->err, DT_BAD_DATA,
                   "Line %zu: a list of strokes begins with the line time_s,drum,velocity",
                   in->line_number);
  return DT_OK;
}

/* Digits, point, sign and exponent only: strtod alone also takes hexadecimal and infinities. */
static bool to_number(dt__line field, double* number) {
  char text[NUMBER_MAX];
  if (field.size == 0 || field.size >= sizeof text)
    return false;
  for (size_t i = 0; i < field.size; ++i) {
    if (field.text[i] == '\0' || strchr("0123456789+-.eE", field.text[i]) == NULL)
      return false;
    text[i] = field.text[i];
  }
  text[field.size] = '\0';
  char* end = NULL;
  *number = strtod(text, &end);
  return *end == '\0' && isfinite(*number);
}

static dt_status read_number(const table* in, column name, dt__line field, double low, double high,
                             double* number) {
  char shown[DT__SHOWN_MAX];
  if (!to_number(field, number))
    return dt_fail(in->err, DT_BAD_DATA,
                   "Line %zu: %s is \"%s\", not a number such as 12.5 (quotes and decimal commas "
                   "are not allowed)",
                   in->line_number, column_names[name], dt__shown(shown, field));
  if (*number < low || *number > high)
    return dt_fail(in->err, name == TIME && *number > high ? DT_TOO_LARGE : DT_BAD_DATA,
                   "Line %zu: %s is \"%s\", outside %g to %g", in->line_number, column_names[name],
                   dt__shown(shown, field), low, high);
  return DT_OK;
}

static dt_status read_drum(const table* in, dt__line field, dt_drum* drum) {
  char shown[DT__SHOWN_MAX];
  *drum = dt__drum_in(field);
  if (*drum != DT_DRUM_COUNT)
    return DT_OK;
  return dt_fail(in->err, DT_BAD_DATA,
                 "Line %zu: \"%s\" is no drum: use a name such as kick, snare, hihat_closed, "
                 "tom_low, ride, crash or other",
                 in->line_number, dt__shown(shown, field));
}

static dt_status read_field(const table* in, column name, dt__line field, dt_stroke* stroke) {
  double number = 0.0;
  dt_status status = DT_OK;
  if (name == SKIPPED || (field.size == 0 && name > DRUM))
    return DT_OK;
  switch (name) {
  case TIME:
    return read_number(in, name, field, TIME_MIN_S, TIME_MAX_S, &stroke->time_s);
  case DRUM:
    return read_drum(in, field, &stroke->drum);
  case VELOCITY:
    status = read_number(in, name, field, 0.0, 127.0, &number);
    stroke->velocity = (float)number;
    return status;
  case NOTE:
    status = read_number(in, name, field, -1.0, 127.0, &number);
    if (status != DT_OK)
      return status; /* an int may not hold it */
    stroke->note = (int)number;
    if (number != stroke->note)
      return dt_fail(in->err, DT_BAD_DATA, "Line %zu: note is not a whole number from 0 to 127",
                     in->line_number);
    return status;
  case OPENNESS:
    status = read_number(in, name, field, -1.0, 1.0, &number);
    stroke->openness = number < 0.0 ? -1.0F : (float)number;
    return status;
  case CONFIDENCE:
    status = read_number(in, name, field, 0.0, 1.0, &number);
    stroke->confidence = (float)number;
    return status;
  default:
    status = read_number(in, name, field, 0.0, TIME_MAX_S, &number);
    stroke->choke_s = (float)number;
    return status;
  }
}

static dt_status read_stroke(const table* in, dt__line line, dt_stroke* stroke) {
  *stroke = dt_stroke_at(0.0, DT_DRUM_OTHER);
  dt__line field;
  bool more = true;
  size_t count = 0;
  while (next_field(&line, &field, &more)) {
    if (count == in->column_count)
      return dt_fail(in->err, DT_BAD_DATA,
                     "Line %zu: more than the %zu fields that the first line names (a decimal "
                     "comma?)",
                     in->line_number, in->column_count);
    const dt_status status = read_field(in, in->columns[count++], field, stroke);
    if (status != DT_OK)
      return status;
  }
  if (count < in->column_count)
    return dt_fail(in->err, DT_BAD_DATA,
                   "Line %zu: %zu fields, but the first line names %zu: the file is cut or damaged",
                   in->line_number, count, in->column_count);
  return DT_OK;
}

static dt_status read_lines(table* in, dt__lines* lines, dt_strokes* strokes,
                            const dt_allocator* allocator) {
  dt__line line;
  while (dt__next_line(lines, &line)) {
    in->line_number = lines->number;
    dt_stroke stroke;
    dt_status status = DT_OK;
    if (in->column_count == 0) {
      status = read_head(in, line);
    } else if (line.size > 0) {
      status = read_stroke(in, line, &stroke);
      if (status == DT_OK)
        status = dt_strokes_add(strokes, allocator, &stroke);
      if (status == DT_NO_MEMORY)
        dt_fail(in->err, status, "%s", dt_status_sentence(status));
    }
    if (status != DT_OK)
      return status;
  }
  if (in->column_count == 0)
    return dt_fail(in->err, DT_BAD_DATA,
                   "Line 1: nothing here: a list of strokes begins with the line "
                   "time_s,drum,velocity");
  return DT_OK;
}

bool dt_strokes_csv_is(const void* bytes, size_t size) {
  dt__lines lines = dt__lines_of(bytes, size);
  const size_t length = strlen(column_names[TIME]);
  return lines.rest.size >= length && memcmp(lines.rest.text, column_names[TIME], length) == 0;
}

dt_status dt_strokes_parse_csv(dt_strokes* strokes, const dt_allocator* allocator,
                               const void* bytes, size_t size, dt_error* err) {
  *strokes = (dt_strokes){0};
  table in = {.err = err};
  dt__lines lines = dt__lines_of(bytes, size);
  const dt_status status = read_lines(&in, &lines, strokes, allocator);
  if (status == DT_OK)
    dt_strokes_sort(strokes);
  else
    dt_strokes_clear(strokes, allocator);
  return status;
}

dt_status dt_take_from_csv(dt_take* take, const dt_allocator* allocator, const void* bytes,
                           size_t size, dt_error* err) {
  *take = (dt_take){.source = DT_TAKE_MIDI};
  const dt_status status = dt_strokes_parse_csv(&take->strokes, allocator, bytes, size, err);
  if (status == DT_OK && take->strokes.count > 0)
    take->duration_s = fmax(0.0, take->strokes.items[take->strokes.count - 1].time_s);
  return status;
}
