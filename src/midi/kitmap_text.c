#include <string.h>

#include "dt/kitmap.h"
#include "line_internal.h"

/* Cuts the next word from a line; empty at its end. */
static dt__line next_word(dt__line* line) {
  dt__line word = *line;
  while (word.size > 0 && (*word.text == ' ' || *word.text == '\t'))
    ++word.text, --word.size;
  size_t length = 0;
  while (length < word.size && word.text[length] != ' ' && word.text[length] != '\t')
    ++length;
  line->text = word.text + length;
  line->size = word.size - length;
  word.size = length;
  return word;
}

/* 0..127, or -1. */
static int note_of(dt__line word) {
  int note = 0;
  if (word.size == 0 || word.size > 3)
    return -1;
  for (size_t i = 0; i < word.size; ++i) {
    if (word.text[i] < '0' || word.text[i] > '9')
      return -1;
    note = note * 10 + (word.text[i] - '0');
  }
  return note < 128 ? note : -1;
}

static dt_status extend_by(dt_kitmap* map, dt__line line, size_t number, dt_error* err) {
  const char* comment = memchr(line.text, '#', line.size);
  if (comment != NULL)
    line.size = (size_t)(comment - line.text);
  const dt__line note_word = next_word(&line);
  const dt__line drum_word = next_word(&line);
  if (note_word.size == 0)
    return DT_OK;
  char shown[DT__SHOWN_MAX];
  const int note = note_of(note_word);
  if (note < 0)
    return dt_fail(err, DT_BAD_DATA,
                   "Line %zu: \"%s\" is no note: write NOTE DRUM, such as 22 hihat_closed, with a "
                   "note from 0 to 127",
                   number, dt__shown(shown, note_word));
  const dt_drum drum = dt__drum_in(drum_word);
  if (drum == DT_DRUM_COUNT)
    return dt_fail(err, DT_BAD_DATA,
                   "Line %zu: \"%s\" is no drum: write NOTE DRUM, with a drum such as kick, snare, "
                   "hihat_closed, tom_low, ride, crash or other",
                   number, dt__shown(shown, drum_word));
  const dt__line rest = next_word(&line);
  if (rest.size > 0)
    return dt_fail(err, DT_BAD_DATA,
                   "Line %zu: \"%s\" is too much: write NOTE DRUM, and comments after #", number,
                   dt__shown(shown, rest));
  map->drum_of[note] = (unsigned char)drum;
  return DT_OK;
}

dt_status dt_kitmap_extend(dt_kitmap* map, const char* text, size_t size, dt_error* err) {
  dt_kitmap extended = *map;
  dt__lines lines = dt__lines_of(text, size);
  dt__line line;
  while (dt__next_line(&lines, &line)) {
    const dt_status status = extend_by(&extended, line, lines.number, err);
    if (status != DT_OK)
      return status;
  }
  *map = extended;
  return DT_OK;
}
