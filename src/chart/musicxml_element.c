#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "musicxml_reader.h"

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
    note->has_parentheses = dt__xml_is_value(attributes, "parentheses", "yes");
    break;
  case DT__XML_TIE:
    note->has_tie_start |= dt__xml_is_value(attributes, "type", "start");
    note->has_tie_stop |= dt__xml_is_value(attributes, "type", "stop");
    break;
  case DT__XML_TREMOLO:
    value = dt__xml_attribute(attributes, "type");
    note->is_buzz = value != NULL && strcmp(value, "unmeasured") == 0;
    note->is_tremolo = value == NULL || strcmp(value, "single") == 0 || note->is_buzz;
    break;
  case DT__XML_INSTRUMENT:
    value = dt__xml_attribute(attributes, "id");
    if (value != NULL && in->part >= 0) {
      const dt__xml_instrument* found = dt__xml_find_instrument(in, in->part, value);
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
    in->direction.bracket = dt__xml_is_value(attributes, "type", "start")  ? 'b'
                            : dt__xml_is_value(attributes, "type", "stop") ? 'e'
                                                                           : '\0';
  if (element == DT__XML_OFFSET)
    in->direction.moves_sound |= dt__xml_is_value(attributes, "sound", "yes");
  if (measure != NULL && element == DT__XML_SEGNO)
    measure->bar.has_segno = true;
  if (measure != NULL && element == DT__XML_CODA && dt__xml_is_inside(in, DT__XML_BARLINE))
    measure->bar.has_coda = true;
}

void dt__xml_begin_element(dt__xml_reader* in, dt__xml_element element, const char** attributes) {
  if (dt__xml_is_inside(in, DT__XML_NOTE))
    begin_in_note(in, element, attributes);
  const char* name = NULL;
  switch (element) {
  case DT__XML_SCORE_PART:
    dt__xml_begin_score_part(in, attributes);
    break;
  case DT__XML_SCORE_INSTRUMENT:
  case DT__XML_MIDI_INSTRUMENT:
    dt__xml_begin_instrument(in, attributes);
    break;
  case DT__XML_PART:
    dt__xml_begin_part(in, attributes);
    break;
  case DT__XML_MEASURE:
    dt__xml_begin_measure(in, attributes);
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
    dt__xml_begin_ending(in, attributes);
    break;
  case DT__XML_REPEAT:
    dt__xml_begin_repeat(in, attributes);
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
    dt__xml_copy_word(in->attribute, sizeof in->attribute, name);
}

static void end_in_note(dt__xml_reader* in, dt__xml_element element) {
  dt__xml_note* note = &in->note;
  switch (element) {
  case DT__XML_DURATION:
    note->duration = fmax(dt__xml_number(in), 0);
    break;
  case DT__XML_DISPLAY_STEP:
  case DT__XML_STEP:
    note->step = in->text[0];
    break;
  case DT__XML_DISPLAY_OCTAVE:
  case DT__XML_OCTAVE:
    note->octave = dt__xml_whole_number(in);
    break;
  case DT__XML_NOTEHEAD:
    dt__xml_copy_word(note->head, sizeof note->head, in->text);
    break;
  case DT__XML_TYPE:
    note->type_quarters = dt__xml_type_quarters(in->text, &note->flags);
    break;
  case DT__XML_ACTUAL_NOTES:
    note->actual = dt__xml_whole_number(in);
    break;
  case DT__XML_NORMAL_NOTES:
    note->normal = dt__xml_whole_number(in);
    break;
  case DT__XML_TREMOLO:
    note->slashes = dt__xml_whole_number(in);
    break;
  case DT__XML_FINGERING:
  case DT__XML_TEXT:
    if (in->text[0] != '\0' && in->text[1] == '\0' && strchr("RLKHrl", in->text[0]) != NULL)
      note->hand = in->text[0] == 'r' ? 'R' : in->text[0] == 'l' ? 'L' : in->text[0];
    break;
  case DT__XML_OTHER_PLAY:
    if (strcmp(in->attribute, DT__XML_PLAY_STEP) == 0)
      note->play_step = dt__xml_whole_number(in);
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
    score->step = dt__xml_whole_number(in);
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
    direction->offset = dt__xml_fine(in, dt__xml_number(in));
    break;
  case DT__XML_BEAT_UNIT:
    if (direction->beat_quarters == 0)
      direction->beat_quarters = dt__xml_type_quarters(in->text, &flags);
    break;
  case DT__XML_BEAT_UNIT_DOT:
    direction->beat_quarters *= 1.5;
    break;
  case DT__XML_PER_MINUTE:
    direction->per_minute = dt__xml_number(in);
    break;
  case DT__XML_OTHER_PLAY:
    if (strcmp(in->attribute, DT__XML_PLAY_TEMPO) == 0) {
      direction->us = dt__xml_number(in);
      direction->is_us_exact = true;
    }
    break;
  default:
    break;
  }
}

void dt__xml_end_element(dt__xml_reader* in, dt__xml_element element) {
  if (dt__xml_is_inside(in, DT__XML_NOTE) ||
      (element == DT__XML_DURATION &&
       (dt__xml_is_child_of(in, DT__XML_BACKUP) || dt__xml_is_child_of(in, DT__XML_FORWARD))))
    end_in_note(in, element);
  else if (dt__xml_is_inside(in, DT__XML_DIRECTION))
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
    if (in->listed_part >= 0 && dt__xml_is_child_of(in, DT__XML_SCORE_PART))
      in->parts[in->listed_part].by_name = dt__xml_drum_of_name(in->text);
    break;
  case DT__XML_INSTRUMENT_NAME:
  case DT__XML_INSTRUMENT_SOUND:
  case DT__XML_MIDI_UNPITCHED:
  case DT__XML_MIDI_CHANNEL:
    dt__xml_end_instrument_text(in, element);
    break;
  case DT__XML_PART_LIST:
    dt__xml_find_base(in);
    break;
  case DT__XML_DIVISIONS:
    if (dt__xml_number(in) > 0 && dt__xml_number(in) < 1e7)
      in->divisions = dt__xml_number(in);
    else
      dt__xml_fail(in, DT_BAD_DATA, "Divisions must be more than 0");
    break;
  case DT__XML_BEATS:
    dt__xml_end_beats(in);
    break;
  case DT__XML_BEAT_TYPE:
    in->beat_type = dt__xml_whole_number(in);
    if (dt__xml_is_child_of(in, DT__XML_TIME))
      dt__xml_add_meter(in);
    break;
  case DT__XML_TIME:
    dt__xml_end_time(in);
    break;
  case DT__XML_SIGN:
    in->is_percussion = strcmp(in->text, "percussion") == 0;
    if (in->is_percussion)
      in->score->has_percussion = true;
    break;
  case DT__XML_STAFF_LINES:
    in->staff_lines = dt__xml_whole_number(in);
    break;
  case DT__XML_MEASURE_REPEAT:
    if (measure != NULL && strcmp(in->attribute, "start") == 0)
      measure->repeats = dt__xml_whole_number(in) >= 1 && dt__xml_whole_number(in) <= 16
                             ? dt__xml_whole_number(in)
                             : 1;
    else if (measure != NULL)
      measure->repeats = -1;
    break;
  case DT__XML_FIRST:
    in->swing_first = dt__xml_number(in);
    break;
  case DT__XML_SECOND:
    in->swing_second = dt__xml_number(in);
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
    dt__xml_move(in, -1);
    break;
  case DT__XML_FORWARD:
    dt__xml_move(in, 1);
    break;
  case DT__XML_PART:
    dt__xml_end_chord(in);
    in->measure = -1;
    break;
  default:
    break;
  }
}
