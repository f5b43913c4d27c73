#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dt/kitmap.h"
#include "musicxml_reader.h"

/* ---- small things */

static void copy_word(char* to, size_t room, const char* from) {
  size_t size = 0;
  for (; size + 1 < room && from[size] != '\0'; size++)
    to[size] = from[size];
  memset(to + size, 0, room - size);
}

void dt__xml_fail(dt__xml_reader* in, dt_status status, const char* sentence) {
  if (in->status != DT_OK)
    return;
  in->status = dt_fail(in->score->err, status, "Line %lu, column %lu: %s",
                       (unsigned long)XML_GetCurrentLineNumber(in->parser),
                       (unsigned long)XML_GetCurrentColumnNumber(in->parser) + 1, sentence);
  XML_StopParser(in->parser, XML_FALSE);
}

const char* dt__xml_attribute(const char** attributes, const char* name) {
  for (; attributes[0] != NULL; attributes += 2)
    if (strcmp(attributes[0], name) == 0)
      return attributes[1];
  return NULL;
}

static bool is_value(const char** attributes, const char* name, const char* value) {
  const char* at = dt__xml_attribute(attributes, name);
  return at != NULL && strcmp(at, value) == 0;
}

dt__xml_measure* dt__xml_this_measure(const dt__xml_reader* in) {
  return in->measure >= 0 ? &in->score->measures[in->measure] : NULL;
}

/* No duration is longer than a day of quarters. */
dt__fine dt__xml_fine(const dt__xml_reader* in, double divisions) {
  const double quarters = divisions / in->divisions;
  if (!(fabs(quarters) < 1e5))
    return 0;
  return (dt__fine)llround(quarters * DT_TICKS_PER_QUARTER * (double)DT__FINE);
}

double dt__xml_type_quarters(const char* type, int* flags) {
  static const struct {
    const char* name;
    double quarters;
    int flags;
  } types[] = {{"quarter", 1, 0},      {"eighth", 0.5, 1},    {"16th", 0.25, 2},
               {"half", 2, 0},         {"whole", 4, 0},       {"32nd", 0.125, 3},
               {"64th", 0.0625, 4},    {"128th", 0.03125, 5}, {"256th", 0.015625, 6},
               {"breve", 8, 0},        {"long", 16, 0},       {"512th", 0.0078125, 7},
               {"1024th", 1 / 256., 8}};
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (strcmp(type, types[i].name) == 0) {
      *flags = types[i].flags;
      return types[i].quarters;
    }
  *flags = 0;
  return 0;
}

static double number(const dt__xml_reader* in) {
  const double value = strtod(in->text, NULL);
  return isfinite(value) ? value : 0;
}

static int whole_number(const dt__xml_reader* in) {
  const double value = number(in);
  return value > -1e6 && value < 1e6 ? (int)value : 0;
}

static dt__xml_element element_of(const char* name) {
  static const char* const names[] = {
#define DT__XML_NAME(id, name) name,
      DT__XML_ELEMENTS(DT__XML_NAME)
#undef DT__XML_NAME
  };
  size_t low = 0;
  size_t high = DT__XML_ELEMENT_COUNT;
  while (low < high) {
    const size_t at = low + (high - low) / 2;
    const int order = strcmp(names[at], name);
    if (order == 0)
      return (dt__xml_element)at;
    if (order < 0)
      low = at + 1;
    else
      high = at;
  }
  return DT__XML_ELEMENT_COUNT;
}

/* Is the open element, whose depth counts, inside such a one? */
static bool is_inside(const dt__xml_reader* in, dt__xml_element element) {
  for (int i = in->depth - 1; i > 0; i--)
    if (in->path[i - 1] == element)
      return true;
  return false;
}

static bool is_child_of(const dt__xml_reader* in, dt__xml_element parent) {
  return in->depth >= 2 && in->path[in->depth - 2] == parent;
}

/* ---- the list of parts */

static void begin_score_part(dt__xml_reader* in, const char** attributes) {
  const char* id = dt__xml_attribute(attributes, "id");
  dt__xml_part* parts =
      dt__list_room(in->score->allocator, in->parts, in->part_count, &in->part_room, sizeof *parts);
  if (parts == NULL) {
    dt__xml_fail(in, DT_NO_MEMORY, dt_status_sentence(DT_NO_MEMORY));
    return;
  }
  in->parts = parts;
  in->listed_part = (int)in->part_count;
  parts[in->part_count] = (dt__xml_part){.by_name = DT_DRUM_COUNT};
  copy_word(parts[in->part_count++].id, sizeof parts->id, id != NULL ? id : "");
}

static dt__xml_instrument* find_instrument(const dt__xml_reader* in, int part, const char* id) {
  for (size_t i = 0; i < in->instrument_count; i++)
    if (in->instruments[i].part == part && strncmp(in->instruments[i].id, id, 63) == 0)
      return &in->instruments[i];
  return NULL;
}

static void begin_instrument(dt__xml_reader* in, const char** attributes) {
  const char* id = dt__xml_attribute(attributes, "id");
  if (in->listed_part < 0 || !is_inside(in, DT__XML_SCORE_PART))
    return;
  copy_word(in->attribute, sizeof in->attribute, id != NULL ? id : "");
  if (find_instrument(in, in->listed_part, in->attribute) != NULL)
    return;
  if (in->instrument_count >= 4096) {
    dt__xml_fail(in, DT_TOO_LARGE, "More than 4096 instruments: this is no drum chart");
    return;
  }
  dt__xml_instrument* all = dt__list_room(in->score->allocator, in->instruments,
                                          in->instrument_count, &in->instrument_room, sizeof *all);
  if (all == NULL) {
    dt__xml_fail(in, DT_NO_MEMORY, dt_status_sentence(DT_NO_MEMORY));
    return;
  }
  in->instruments = all;
  dt__xml_instrument* new = &all[in->instrument_count++];
  *new = (dt__xml_instrument){
      .part = in->listed_part, .by_name = DT_DRUM_COUNT, .by_sound = DT_DRUM_COUNT};
  memcpy(new->id, in->attribute, sizeof new->id);
}

static void end_instrument_text(dt__xml_reader* in, dt__xml_element element) {
  if (in->listed_part < 0 || !is_inside(in, DT__XML_SCORE_PART))
    return;
  dt__xml_instrument* instrument = find_instrument(in, in->listed_part, in->attribute);
  if (element == DT__XML_MIDI_CHANNEL && whole_number(in) == 10)
    in->parts[in->listed_part].has_channel_10 = true;
  if (instrument == NULL)
    return;
  if (element == DT__XML_INSTRUMENT_NAME)
    instrument->by_name = dt__xml_drum_of_name(in->text);
  if (element == DT__XML_INSTRUMENT_SOUND)
    instrument->by_sound = dt__xml_drum_of_sound(in->text);
  if (element == DT__XML_MIDI_UNPITCHED)
    instrument->unpitched = whole_number(in);
}

static dt_drum gm_drum(int note) {
  const dt_kitmap* map = dt_kitmap_named("gm");
  return note >= 0 && note < 128 ? (dt_drum)map->drum_of[note] : DT_DRUM_COUNT;
}

/* midi-unpitched counts from 1, but not every program knows: where the names agree better with a
 * count from 0, it is that (w3c-cg/musicxml issue 431). */
static void find_base(dt__xml_reader* in) {
  for (size_t p = 0; p < in->part_count; p++) {
    int ones = 0;
    int zeros = 0;
    for (size_t i = 0; i < in->instrument_count; i++) {
      const dt__xml_instrument* instrument = &in->instruments[i];
      if (instrument->part != (int)p || instrument->unpitched == 0 ||
          instrument->by_name >= DT_DRUM_COUNT)
        continue;
      ones += gm_drum(instrument->unpitched - 1) == instrument->by_name;
      zeros += gm_drum(instrument->unpitched) == instrument->by_name;
    }
    in->parts[p].is_zero_based = zeros > ones;
  }
}

/* ---- parts and measures */

static void begin_part(dt__xml_reader* in, const char** attributes) {
  const char* id = dt__xml_attribute(attributes, "id");
  in->part = -1;
  for (size_t i = 0; i < in->part_count && id != NULL; i++)
    if (strncmp(in->parts[i].id, id, sizeof in->parts[i].id - 1) == 0)
      in->part = (int)i;
  in->measure = -1;
  in->divisions = 1;
  in->is_percussion = false;
  in->staff_lines = 5;
  in->grace_slots = 0;
  in->has_chord = false;
  memset(in->grace, 0, sizeof in->grace);
  in->tie_count = 0;
}

static void begin_measure(dt__xml_reader* in, const char** attributes) {
  dt__xml_score* score = in->score;
  const int next = in->measure + 1;
  if (next >= DT_CHART_BARS_MAX) {
    dt__xml_fail(in, DT_TOO_LARGE, "More than 10000 measures: cut the score into pieces");
    return;
  }
  if ((size_t)next == score->measure_count) {
    dt__xml_measure* measures =
        dt__list_room(score->allocator, score->measures, score->measure_count, &score->measure_room,
                      sizeof *measures);
    if (measures == NULL) {
      dt__xml_fail(in, DT_NO_MEMORY, dt_status_sentence(DT_NO_MEMORY));
      return;
    }
    score->measures = measures;
    measures[score->measure_count++] = (dt__xml_measure){.length = 0};
  }
  in->measure = next;
  in->at = in->chord_at = 0;
  in->is_ending_begun = false;
  if (is_value(attributes, "implicit", "yes") || is_value(attributes, "number", "0"))
    score->measures[next].is_implicit = true;
}

static void move(dt__xml_reader* in, int sign) {
  dt__xml_measure* measure = dt__xml_this_measure(in);
  dt__xml_end_chord(in);
  if (measure == NULL || in->note.duration < 0)
    return;
  in->at += sign * dt__xml_fine(in, in->note.duration);
  /* Back to the bar line, whatever was rounded in the file's durations. */
  if (in->at < DT__FINE)
    in->at = in->at < 0 || sign < 0 ? 0 : in->at;
  if (in->at > measure->length)
    measure->length = in->at;
  in->chord_at = in->at;
}

/* A metre of several fractions is their sum, in the smallest of their beats. */
static void add_meter(dt__xml_reader* in) {
  const int d = in->beat_type;
  if (in->beats < 1 || in->beats > 64 || d < 1 || d > 64 || (d & (d - 1)) != 0) {
    dt__xml_fail(in, DT_BAD_DATA, "This is no metre (1 to 64 beats of 1/1 to 1/64)");
    return;
  }
  if (in->sum.numerator == 0) {
    in->sum = (dt_meter){in->beats, d};
    return;
  }
  const int common = d > in->sum.denominator ? d : in->sum.denominator;
  in->sum.numerator = in->sum.numerator * (common / in->sum.denominator) + in->beats * (common / d);
  in->sum.denominator = common;
  if (in->sum.numerator > 64)
    dt__xml_fail(in, DT_BAD_DATA, "This is no metre (1 to 64 beats of 1/1 to 1/64)");
}

static void end_beats(dt__xml_reader* in) {
  int sum = 0;
  for (const char* at = in->text; *at != '\0';) {
    char* end = NULL;
    const long beats = strtol(at, &end, 10);
    if (end == at)
      break;
    sum += beats > 0 && beats <= 64 ? (int)beats : 65;
    if (sum > 65)
      sum = 65;
    at = *end == '+' ? end + 1 : end;
  }
  in->beats = sum;
}

static void end_time(dt__xml_reader* in) {
  dt__xml_measure* measure = dt__xml_this_measure(in);
  if (measure == NULL)
    return;
  if (in->sum.numerator > 0) {
    measure->meter = in->sum;
    measure->is_free = false;
  } else {
    measure->is_free = true;
  }
}

/* ---- bar lines */

static void begin_ending(dt__xml_reader* in, const char** attributes) {
  dt__xml_measure* measure = dt__xml_this_measure(in);
  const char* numbers = dt__xml_attribute(attributes, "number");
  if (measure == NULL || numbers == NULL)
    return;
  if (!is_value(attributes, "type", "start")) {
    measure->bar.ends_ending = true;
    return;
  }
  uint32_t mask = 0;
  for (const char* at = numbers; *at != '\0';) {
    char* end = NULL;
    const long n = strtol(at, &end, 10);
    if (end != at && n >= 1)
      mask |= 1U << (n < 31 ? n : 31);
    at = end != at ? end : at + 1;
  }
  measure->bar.ending = mask;
}

static void begin_repeat(dt__xml_reader* in, const char** attributes) {
  dt__xml_measure* measure = dt__xml_this_measure(in);
  if (measure == NULL)
    return;
  if (is_value(attributes, "direction", "forward")) {
    measure->bar.has_forward = true;
    return;
  }
  const char* times = dt__xml_attribute(attributes, "times");
  const long n = times != NULL ? strtol(times, NULL, 10) : 2;
  if (n < 0 || n > 999) {
    dt__xml_fail(in, DT_TOO_LARGE, "A repeat is played at most 999 times");
    return;
  }
  measure->bar.backward = n < 1 ? 1 : (int)n;
  measure->bar.says_times = times != NULL;
}

/* ---- elements */

static void begin_in_note(dt__xml_reader* in, dt__xml_element element, const char** attributes) {
  dt__xml_note* note = &in->note;
  const char* value = NULL;
  switch (element) {
  case DT__XML_GRACE:
    note->is_grace = true;
    break;
  case DT__XML_CUE:
    note->is_cue = true;
    break;
  case DT__XML_CHORD:
    note->is_chord = true;
    break;
  case DT__XML_REST:
    note->is_rest = true;
    break;
  case DT__XML_UNPITCHED:
    note->is_unpitched = true;
    break;
  case DT__XML_PITCH:
    note->is_pitched = true;
    break;
  case DT__XML_ACCENT:
  case DT__XML_STRONG_ACCENT:
    note->has_accent = true;
    break;
  case DT__XML_OPEN:
    note->is_open = true;
    break;
  case DT__XML_STOPPED:
    note->is_stopped = true;
    break;
  case DT__XML_DOT:
    note->dots += note->dots < 4;
    break;
  case DT__XML_NOTEHEAD:
    note->has_parentheses = is_value(attributes, "parentheses", "yes");
    break;
  case DT__XML_TIE:
    note->has_tie_start |= is_value(attributes, "type", "start");
    note->has_tie_stop |= is_value(attributes, "type", "stop");
    break;
  case DT__XML_TREMOLO:
    value = dt__xml_attribute(attributes, "type");
    note->is_buzz = value != NULL && strcmp(value, "unmeasured") == 0;
    note->is_tremolo = value == NULL || strcmp(value, "single") == 0 || note->is_buzz;
    break;
  case DT__XML_INSTRUMENT:
    value = dt__xml_attribute(attributes, "id");
    if (value != NULL && in->part >= 0) {
      const dt__xml_instrument* found = find_instrument(in, in->part, value);
      note->instrument = found != NULL ? (int)(found - in->instruments) : -1;
    }
    break;
  default:
    break;
  }
}

static void begin_mark(dt__xml_reader* in, dt__xml_element element, const char** attributes) {
  dt__xml_measure* measure = dt__xml_this_measure(in);
  if (element == DT__XML_BRACKET)
    in->direction.bracket = is_value(attributes, "type", "start")  ? 'b'
                            : is_value(attributes, "type", "stop") ? 'e'
                                                                   : '\0';
  if (element == DT__XML_OFFSET)
    in->direction.moves_sound |= is_value(attributes, "sound", "yes");
  if (measure != NULL && element == DT__XML_SEGNO)
    measure->bar.has_segno = true;
  if (measure != NULL && element == DT__XML_CODA && is_inside(in, DT__XML_BARLINE))
    measure->bar.has_coda = true;
}

static void begin_element(dt__xml_reader* in, dt__xml_element element, const char** attributes) {
  if (is_inside(in, DT__XML_NOTE))
    begin_in_note(in, element, attributes);
  const char* name = NULL;
  switch (element) {
  case DT__XML_SCORE_PART:
    begin_score_part(in, attributes);
    break;
  case DT__XML_SCORE_INSTRUMENT:
  case DT__XML_MIDI_INSTRUMENT:
    begin_instrument(in, attributes);
    break;
  case DT__XML_PART:
    begin_part(in, attributes);
    break;
  case DT__XML_MEASURE:
    begin_measure(in, attributes);
    break;
  case DT__XML_NOTE:
  case DT__XML_BACKUP:
  case DT__XML_FORWARD:
    in->note = (dt__xml_note){.duration = -1, .instrument = -1, .actual = 1, .normal = 1};
    in->note.hand = ' ';
    break;
  case DT__XML_DIRECTION:
    in->direction = (dt__xml_direction){.offset = 0};
    break;
  case DT__XML_METRONOME:
    in->direction.beat_quarters = in->direction.per_minute = 0;
    break;
  case DT__XML_SOUND:
    dt__xml_begin_sound(in, attributes);
    break;
  case DT__XML_SWING:
    in->swing_first = in->swing_second = 1;
    in->swing_pair = DT_TICKS_PER_QUARTER;
    break;
  case DT__XML_TIME:
    in->sum = (dt_meter){0, 1};
    break;
  case DT__XML_ENDING:
    begin_ending(in, attributes);
    break;
  case DT__XML_REPEAT:
    begin_repeat(in, attributes);
    break;
  case DT__XML_MISCELLANEOUS_FIELD:
    name = dt__xml_attribute(attributes, "name");
    break;
  case DT__XML_OTHER_PLAY:
  case DT__XML_MEASURE_REPEAT:
    name = dt__xml_attribute(attributes, "type");
    break;
  case DT__XML_BRACKET:
  case DT__XML_OFFSET:
  case DT__XML_SEGNO:
  case DT__XML_CODA:
    begin_mark(in, element, attributes);
    break;
  default:
    break;
  }
  if (name != NULL)
    copy_word(in->attribute, sizeof in->attribute, name);
}

static void end_in_note(dt__xml_reader* in, dt__xml_element element) {
  dt__xml_note* note = &in->note;
  switch (element) {
  case DT__XML_DURATION:
    note->duration = fmax(number(in), 0);
    break;
  case DT__XML_DISPLAY_STEP:
  case DT__XML_STEP:
    note->step = in->text[0];
    break;
  case DT__XML_DISPLAY_OCTAVE:
  case DT__XML_OCTAVE:
    note->octave = whole_number(in);
    break;
  case DT__XML_NOTEHEAD:
    copy_word(note->head, sizeof note->head, in->text);
    break;
  case DT__XML_TYPE:
    note->type_quarters = dt__xml_type_quarters(in->text, &note->flags);
    break;
  case DT__XML_ACTUAL_NOTES:
    note->actual = whole_number(in);
    break;
  case DT__XML_NORMAL_NOTES:
    note->normal = whole_number(in);
    break;
  case DT__XML_TREMOLO:
    note->slashes = whole_number(in);
    break;
  case DT__XML_FINGERING:
  case DT__XML_TEXT:
    if (in->text[0] != '\0' && in->text[1] == '\0' && strchr("RLKHrl", in->text[0]) != NULL)
      note->hand = in->text[0] == 'r' ? 'R' : in->text[0] == 'l' ? 'L' : in->text[0];
    break;
  case DT__XML_OTHER_PLAY:
    if (strcmp(in->attribute, DT__XML_PLAY_STEP) == 0)
      note->play_step = whole_number(in);
    break;
  default:
    break;
  }
}

static void end_field(dt__xml_reader* in) {
  dt__xml_score* score = in->score;
  if (strcmp(in->attribute, DT__XML_FIELD_NAME) == 0)
    dt_chart_copy_text(score->name, sizeof score->name, in->text, in->text_size);
  if (strcmp(in->attribute, DT__XML_FIELD_TAGS) == 0)
    dt_chart_copy_text(score->tags, sizeof score->tags, in->text, in->text_size);
  if (strcmp(in->attribute, DT__XML_FIELD_STEP) == 0)
    score->step = whole_number(in);
  if (strcmp(in->attribute, DT__XML_FIELD_SWING) != 0)
    return;
  char* end = NULL;
  const double swing = strtod(in->text, &end);
  const double pair = strtod(end, NULL);
  if (!(swing >= 0.5 && swing <= 0.75 && pair >= 0 && pair <= (double)DT_CHART_STEP_MAX) ||
      (dt_tick)pair % 2 != 0 || (pair < 2 && swing > 0.5))
    return;
  score->swing = swing;
  score->swing_pair = (dt_tick)pair;
  score->has_swing = true;
}

static void end_in_direction(dt__xml_reader* in, dt__xml_element element) {
  dt__xml_direction* direction = &in->direction;
  int flags = 0;
  switch (element) {
  case DT__XML_REHEARSAL:
    dt_chart_copy_text(direction->rehearsal, sizeof direction->rehearsal, in->text, in->text_size);
    break;
  case DT__XML_WORDS:
    if (direction->words[0] == '\0')
      dt_chart_copy_text(direction->words, sizeof direction->words, in->text, in->text_size);
    break;
  case DT__XML_OFFSET:
    direction->offset = dt__xml_fine(in, number(in));
    break;
  case DT__XML_BEAT_UNIT:
    if (direction->beat_quarters == 0)
      direction->beat_quarters = dt__xml_type_quarters(in->text, &flags);
    break;
  case DT__XML_BEAT_UNIT_DOT:
    direction->beat_quarters *= 1.5;
    break;
  case DT__XML_PER_MINUTE:
    direction->per_minute = number(in);
    break;
  case DT__XML_OTHER_PLAY:
    if (strcmp(in->attribute, DT__XML_PLAY_TEMPO) == 0) {
      direction->us = number(in);
      direction->is_us_exact = true;
    }
    break;
  default:
    break;
  }
}

static void end_element(dt__xml_reader* in, dt__xml_element element) {
  if (is_inside(in, DT__XML_NOTE) ||
      (element == DT__XML_DURATION &&
       (is_child_of(in, DT__XML_BACKUP) || is_child_of(in, DT__XML_FORWARD))))
    end_in_note(in, element);
  else if (is_inside(in, DT__XML_DIRECTION))
    end_in_direction(in, element);
  dt__xml_measure* measure = dt__xml_this_measure(in);
  switch (element) {
  case DT__XML_WORK_TITLE:
    dt_chart_copy_text(in->score->title, sizeof in->score->title, in->text, in->text_size);
    break;
  case DT__XML_MOVEMENT_TITLE:
    if (in->score->title[0] == '\0')
      dt_chart_copy_text(in->score->title, sizeof in->score->title, in->text, in->text_size);
    break;
  case DT__XML_MISCELLANEOUS_FIELD:
    end_field(in);
    break;
  case DT__XML_PART_NAME:
    if (in->listed_part >= 0 && is_child_of(in, DT__XML_SCORE_PART))
      in->parts[in->listed_part].by_name = dt__xml_drum_of_name(in->text);
    break;
  case DT__XML_INSTRUMENT_NAME:
  case DT__XML_INSTRUMENT_SOUND:
  case DT__XML_MIDI_UNPITCHED:
  case DT__XML_MIDI_CHANNEL:
    end_instrument_text(in, element);
    break;
  case DT__XML_PART_LIST:
    find_base(in);
    break;
  case DT__XML_DIVISIONS:
    if (number(in) > 0 && number(in) < 1e7)
      in->divisions = number(in);
    else
      dt__xml_fail(in, DT_BAD_DATA, "Divisions must be more than 0");
    break;
  case DT__XML_BEATS:
    end_beats(in);
    break;
  case DT__XML_BEAT_TYPE:
    in->beat_type = whole_number(in);
    if (is_child_of(in, DT__XML_TIME))
      add_meter(in);
    break;
  case DT__XML_TIME:
    end_time(in);
    break;
  case DT__XML_SIGN:
    in->is_percussion = strcmp(in->text, "percussion") == 0;
    if (in->is_percussion)
      in->score->has_percussion = true;
    break;
  case DT__XML_STAFF_LINES:
    in->staff_lines = whole_number(in);
    break;
  case DT__XML_MEASURE_REPEAT:
    if (measure != NULL && strcmp(in->attribute, "start") == 0)
      measure->repeats = whole_number(in) >= 1 && whole_number(in) <= 16 ? whole_number(in) : 1;
    else if (measure != NULL)
      measure->repeats = -1;
    break;
  case DT__XML_FIRST:
    in->swing_first = number(in);
    break;
  case DT__XML_SECOND:
    in->swing_second = number(in);
    break;
  case DT__XML_SWING_TYPE:
    if (strcmp(in->text, "16th") == 0)
      in->swing_pair = DT_TICKS_PER_QUARTER / 2;
    break;
  case DT__XML_SWING:
    dt__xml_end_swing(in);
    break;
  case DT__XML_DIRECTION:
    dt__xml_end_direction(in);
    break;
  case DT__XML_NOTE:
    dt__xml_end_note(in);
    break;
  case DT__XML_BACKUP:
    move(in, -1);
    break;
  case DT__XML_FORWARD:
    move(in, 1);
    break;
  case DT__XML_PART:
    dt__xml_end_chord(in);
    in->measure = -1;
    break;
  default:
    break;
  }
}

/* ---- expat */

static bool is_root_known(dt__xml_reader* in, dt__xml_element element) {
  if (in->has_root)
    return true;
  in->has_root = true;
  if (element == DT__XML_SCORE_PARTWISE)
    return true;
  if (element == DT__XML_SCORE_TIMEWISE)
    dt__xml_fail(in, DT_UNSUPPORTED,
                 "This score is written measure by measure (score-timewise): export it part by "
                 "part (score-partwise)");
  else
    dt__xml_fail(in, DT_BAD_DATA, "This is no MusicXML score (one begins with score-partwise)");
  return false;
}

static void XMLCALL on_begin(void* ctx, const char* name, const char** attributes) {
  dt__xml_reader* in = ctx;
  if (in->status != DT_OK)
    return;
  if (in->depth >= DT__XML_DEPTH_MAX) {
    dt__xml_fail(in, DT_BAD_DATA,
                 "Elements inside elements inside elements: no score is that deep");
    return;
  }
  for (const char** at = attributes; *at != NULL; at++)
    if (strlen(*at) > DT__XML_ATTRIBUTE_MAX) {
      dt__xml_fail(in, DT_TOO_LARGE, "An attribute of more than 4096 bytes: this is no score");
      return;
    }
  const dt__xml_element element = element_of(name);
  in->path[in->depth++] = element;
  in->text_size = 0;
  in->text[0] = '\0';
  if (is_root_known(in, element) && element < DT__XML_ELEMENT_COUNT)
    begin_element(in, element, attributes);
}

static void XMLCALL on_end(void* ctx, const char* name) {
  (void)name;
  dt__xml_reader* in = ctx;
  if (in->status != DT_OK || in->depth == 0)
    return;
  const dt__xml_element element = in->path[in->depth - 1];
  while (in->text_size > 0 && in->text[in->text_size - 1] == ' ')
    in->text[--in->text_size] = '\0';
  if (element < DT__XML_ELEMENT_COUNT)
    end_element(in, element);
  in->depth--;
  in->text_size = 0;
  in->text[0] = '\0';
}

/* Text is kept without the white space around it. */
static void XMLCALL on_text(void* ctx, const char* text, int size) {
  dt__xml_reader* in = ctx;
  for (int i = 0; i < size && in->text_size < sizeof in->text - 1; i++) {
    const bool is_space = strchr(" \t\r\n", text[i]) != NULL;
    if (!is_space || in->text_size > 0)
      in->text[in->text_size++] = is_space ? ' ' : text[i];
  }
  in->text[in->text_size] = '\0';
}

static void XMLCALL on_entity(void* ctx, const char* name, int is_parameter, const char* value,
                              int size, const char* base, const char* system, const char* public,
                              const char* notation) {
  (void)name, (void)is_parameter, (void)value, (void)size, (void)base, (void)system;
  (void)public, (void)notation;
  dt__xml_fail(ctx, DT_UNSUPPORTED,
               "The document defines entities, which no score needs: "
               "export it again");
}

/* What expat finds wrong, in a sentence. */
static dt_status fail_xml(dt__xml_reader* in) {
  const enum XML_Error error = XML_GetErrorCode(in->parser);
  if (error == XML_ERROR_NO_MEMORY)
    dt__xml_fail(in, DT_NO_MEMORY, dt_status_sentence(DT_NO_MEMORY));
  else
    in->status =
        dt_fail(in->score->err, DT_BAD_DATA,
                "Line %lu, column %lu: The XML is damaged (%s): export the score again",
                (unsigned long)XML_GetCurrentLineNumber(in->parser),
                (unsigned long)XML_GetCurrentColumnNumber(in->parser) + 1, XML_ErrorString(error));
  return in->status;
}

/* In pieces: expat counts in int. */
#define PIECE (1 << 20)

static dt_status feed(dt__xml_reader* in, const char* bytes, size_t size) {
  size_t at = 0;
  do {
    const size_t piece = size - at < PIECE ? size - at : PIECE;
    const enum XML_Status status =
        XML_Parse(in->parser, bytes + at, (int)piece, at + piece == size);
    if (in->status != DT_OK)
      return in->status;
    if (status != XML_STATUS_OK)
      return fail_xml(in);
    at += piece;
  } while (at < size);
  return DT_OK;
}

static dt_status read_document(dt__xml_reader* in, const char* bytes, size_t size) {
  dt_error* err = in->score->err;
  /* Expat's memory comes from malloc: its hooks carry no context that could name an allocator. It
   * is bounded by the longest single piece of markup. */
  in->parser = XML_ParserCreate(NULL);
  if (in->parser == NULL)
    return dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
  XML_SetUserData(in->parser, in);
  XML_SetElementHandler(in->parser, on_begin, on_end);
  XML_SetCharacterDataHandler(in->parser, on_text);
  XML_SetEntityDeclHandler(in->parser, on_entity);
  dt_status status = feed(in, bytes, size);
  XML_ParserFree(in->parser);
  if (status == DT_OK && !in->score->has_percussion)
    status = dt_fail(err, DT_BAD_DATA,
                     "There is no percussion part in this score (no percussion clef and no "
                     "unpitched notes), so there is no drum chart");
  if (status == DT_OK && in->score->measure_count == 0)
    status = dt_fail(err, DT_BAD_DATA, "There are no measures in this score");
  return status;
}

dt_status dt__xml_read(dt__xml_score* score, const void* bytes, size_t size) {
  static const char zip[] = {'P', 'K', 3, 4};
  if (size >= sizeof zip && memcmp(bytes, zip, sizeof zip) == 0)
    return dt_fail(score->err, DT_UNSUPPORTED,
                   "Line 1, column 1: this is compressed MusicXML (.mxl), which is not read: "
                   "export the score as uncompressed MusicXML (.musicxml)");
  if (size > DT__XML_SIZE_MAX)
    return dt_fail(score->err, DT_TOO_LARGE, "The score has %zu MiB, the limit is %zu", size >> 20,
                   DT__XML_SIZE_MAX >> 20);
  dt__xml_reader in = {.score = score, .listed_part = -1, .part = -1, .measure = -1};
  in.divisions = 1;
  const dt_status status = read_document(&in, bytes, size);
  dt_release(score->allocator, in.instruments, in.instrument_room * sizeof *in.instruments);
  dt_release(score->allocator, in.parts, in.part_room * sizeof *in.parts);
  return status;
}

void dt__xml_score_clear(dt__xml_score* score) {
  dt_release(score->allocator, score->measures, score->measure_room * sizeof *score->measures);
  dt_release(score->allocator, score->strokes, score->stroke_room * sizeof *score->strokes);
  dt_release(score->allocator, score->marks, score->mark_room * sizeof *score->marks);
}
