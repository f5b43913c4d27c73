#include <string.h>

#include "text_internal.h"

/* "note snare at 2+1/16 ghost flam hand L": what the cells cannot say. */

static bool begins_with(dt__slice line, const char* first, const char* second) {
  if (!dt__slice_is(dt__take_word(&line), first))
    return false;
  return second == NULL || dt__slice_is(dt__take_word(&line), second);
}

bool dt__is_note_line(dt__slice line) {
  return begins_with(line, "note", NULL);
}

bool dt__is_fill_line(dt__slice line) {
  return begins_with(line, "fill", "from");
}

static dt__slice before_at(dt__slice s) {
  dt__slice rest = s;
  while (!dt__is_end(rest)) {
    const dt__slice word = dt__take_word(&rest);
    if (dt__slice_is(word, "at"))
      return (dt__slice){s.at, word.at};
  }
  return (dt__slice){NULL, NULL};
}

/* "tempo: 120 at 2+1/4", whose tempo begins inside the bars; the line is given whole. */
bool dt__is_tempo_line(dt__slice line) {
  dt__slice key = {line.at, line.at};
  while (key.end < line.end && *key.end != ':')
    key.end++;
  if (key.end == line.end)
    return false;
  const dt__slice value = {key.end + 1, line.end};
  key = dt__trimmed(key);
  return (dt__slice_is(key, "tempo") || dt__slice_is(key, "bpm")) && before_at(value).at != NULL;
}

/* "2+3/16": bar 2 of these bars and so far into it. */
static dt_status read_place(dt__text_parser* p, dt__slice* s, bool must_be_inside, dt_tick* tick) {
  const dt_tick bar_ticks = dt_meter_bar_ticks(p->meter);
  int bar = 0;
  dt__skip_space(s);
  const char* at = s->at;
  if (!dt__take_count(s, &bar) || bar < 1)
    return FAIL_SAY(p, at,
                    "Write the place as a bar of these, from 1, and how far into it: 2+3/16");
  dt_tick offset = 0;
  if (s->at < s->end && *s->at == '+') {
    s->at++;
    offset = dt__take_duration(s);
    if (offset == 0)
      return FAIL_SAY(p, at, "Write how far into the bar as 3/16, or in ticks as 37t");
  }
  if (must_be_inside && (bar > p->system_bars || offset >= bar_ticks))
    return FAIL_AT(p, at, "This lies outside the %d bars it stands with", p->system_bars);
  *tick = p->system_tick + (bar - 1) * bar_ticks + offset;
  return DT_OK;
}

static dt_status read_roll(dt__text_parser* p, dt__slice* s, dt_chart_note* note) {
  dt__skip_space(s);
  const char* at = s->at;
  note->ornament = DT_ROLL;
  note->length = dt__take_duration(s);
  if (note->length == 0)
    return FAIL_SAY(p, at, "Say how long is rolled: roll 1/4, or roll 1/4 of 1/32");
  dt__slice rest = *s;
  if (!dt__slice_is(dt__take_word(&rest), "of"))
    return DT_OK;
  dt__skip_space(&rest);
  at = rest.at;
  note->roll_step = dt__take_duration(&rest);
  *s = rest;
  if (note->roll_step == 0 || note->length % note->roll_step != 0)
    return FAIL_SAY(p, at, "A roll is a whole number of its strokes, such as roll 1/4 of 1/32");
  return DT_OK;
}

static dt_status read_word(dt__text_parser* p, dt__slice word, dt__slice* rest,
                           dt_chart_note* note) {
  if (dt__slice_is(word, "ghost"))
    note->loud = DT_LOUD_GHOST;
  else if (dt__slice_is(word, "accent"))
    note->loud = DT_LOUD_ACCENT;
  else if (dt__slice_is(word, "flam") && note->ornament == DT_PLAIN)
    note->ornament = DT_FLAM;
  else if (dt__slice_is(word, "drag") && note->ornament == DT_PLAIN)
    note->ornament = DT_DRAG;
  else if (dt__slice_is(word, "roll") && note->ornament == DT_PLAIN)
    return read_roll(p, rest, note);
  else if (dt__slice_is(word, "hand")) {
    const dt__slice hand = dt__take_word(rest);
    if (hand.end - hand.at != 1 || strchr("RLKH", *hand.at) == NULL)
      return FAIL_SAY(p, hand.at, "A hand is R or L, a foot K or H");
    note->hand = *hand.at;
  } else if (!dt__slice_is(word, "normal"))
    return FAIL_AT(p, word.at,
                   "\"%s\" is not understood here; a note is ghost or accent, flam, drag or roll "
                   "1/4, hand R",
                   dt__text_quote(word).text);
  return DT_OK;
}

dt_status dt__text_note(dt__text_parser* p, dt__slice line) {
  (void)dt__take_word(&line);
  dt__skip_space(&line);
  const char* at = line.at;
  const dt__slice name = before_at(line);
  dt_chart_note note = {.loud = DT_LOUD_NORMAL, .hand = ' '};
  if (name.at == NULL)
    return FAIL_SAY(p, at, "Write the note as: note snare at 2+3/16 ghost flam hand L");
  note.drum = dt__text_drum(name);
  if (note.drum == DT_DRUM_COUNT)
    return FAIL_AT(p, at, "There is no drum \"%s\"", dt__text_quote(name).text);
  line.at = name.end + 2;
  dt_status status = read_place(p, &line, true, &note.tick);
  while (status == DT_OK && !dt__is_end(line)) {
    const dt__slice word = dt__take_word(&line);
    status = read_word(p, word, &line, &note);
  }
  return status == DT_OK ? dt__text_emit(p, &note, at) : status;
}

dt_status dt__text_fill_line(dt__text_parser* p, dt__slice line) {
  const char* at = line.at;
  dt_tick start = 0;
  dt_tick end = 0;
  (void)dt__take_word(&line);
  (void)dt__take_word(&line);
  dt_status status = read_place(p, &line, true, &start);
  if (status != DT_OK)
    return status;
  const dt__slice to = dt__take_word(&line);
  if (!dt__slice_is(to, "to"))
    return FAIL_SAY(p, to.at,
                    "Write the fill as: fill from 1+3/4 to 2 and its name, if it has one");
  status = read_place(p, &line, false, &end);
  if (status != DT_OK)
    return status;
  if (end <= start)
    return FAIL_SAY(p, at, "The fill ends before it begins");
  return dt__text_fill(p, start, end, line, at);
}

dt_status dt__text_tempo_line(dt__text_parser* p, dt__slice line) {
  while (*line.at != ':')
    line.at++;
  line.at++;
  dt__skip_space(&line);
  double us = 0;
  dt_tick tick = 0;
  dt_status status = dt__text_tempo_value(p, &line, &us);
  if (status != DT_OK)
    return status;
  const dt__slice word = dt__take_word(&line);
  if (!dt__slice_is(word, "at"))
    return FAIL_AT(p, word.at, "\"%s\" is not understood; write tempo: 120 at 2+1/4",
                   dt__text_quote(word).text);
  status = read_place(p, &line, true, &tick);
  if (status == DT_OK && !dt__is_end(line))
    return FAIL_SAY(p, line.at, "Nothing more is expected here");
  if (status == DT_OK && dt_tempo_map_set_tempo(&p->chart->map, p->allocator, tick, us) != DT_OK)
    return dt_fail(p->err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
  return status;
}
