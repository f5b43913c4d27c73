#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "musicxml_reader.h"

static void add_mark(dt__xml_reader* in, dt__xml_mark_kind kind, dt__fine at, double us,
                     const char* name) {
  dt__xml_score* score = in->score;
  if (score->mark_count >= 4 * (size_t)DT_CHART_SPANS_MAX) {
    dt__xml_fail(in, DT_TOO_LARGE, "More than 80000 tempi and marks: cut the score into pieces");
    return;
  }
  dt__xml_mark* marks = dt__list_room(score->allocator, score->marks, score->mark_count,
                                      &score->mark_room, sizeof *marks);
  if (marks == NULL) {
    dt__xml_fail(in, DT_NO_MEMORY, dt_status_sentence(DT_NO_MEMORY));
    return;
  }
  score->marks = marks;
  dt__xml_mark* mark = &marks[score->mark_count++];
  *mark = (dt__xml_mark){
      .kind = kind, .measure = in->measure, .at = at < 0 ? 0 : at, .us_per_quarter = us};
  dt_chart_copy_text(mark->name, sizeof mark->name, name, strlen(name));
}

static bool is_yes(const char** attributes, const char* name) {
  const char* value = dt__xml_attribute(attributes, name);
  return value != NULL && strcmp(value, "no") != 0;
}

/* Decimals of a tempo that come within a millionth of a whole microsecond mean it. */
static double us_of_bpm(double bpm) {
  if (!(bpm >= 0.1 && bpm <= 6e7))
    return 0;
  const double us = 6e7 / bpm;
  return fabs(us - round(us)) < 1e-6 ? round(us) : us;
}

void dt__xml_begin_sound(dt__xml_reader* in, const char** attributes) {
  dt__xml_measure* measure = dt__xml_this_measure(in);
  const char* tempo = dt__xml_attribute(attributes, "tempo");
  const double us = tempo != NULL ? us_of_bpm(strtod(tempo, NULL)) : 0;
  if (measure == NULL)
    return;
  measure->bar.has_segno |= is_yes(attributes, "segno");
  measure->bar.has_coda |= is_yes(attributes, "coda");
  measure->bar.has_tocoda |= is_yes(attributes, "tocoda");
  measure->bar.has_dacapo |= is_yes(attributes, "dacapo");
  measure->bar.has_dalsegno |= is_yes(attributes, "dalsegno");
  measure->bar.has_fine |= is_yes(attributes, "fine");
  const bool is_in_direction = in->depth >= 2 && in->path[in->depth - 2] == DT__XML_DIRECTION;
  if (is_in_direction)
    in->direction.us = us;
  else if (us > 0)
    add_mark(in, DT__XML_TEMPO, in->at, us, "");
}

void dt__xml_end_swing(dt__xml_reader* in) {
  const double a = in->swing_first;
  const double b = in->swing_second;
  dt__xml_score* score = in->score;
  if (score->has_swing || !(a > 0 && b > 0) || a <= b)
    return;
  const double swing = a / (a + b);
  score->has_swing = true;
  score->swing = swing > 0.75 ? 0.75 : swing;
  score->swing_pair = in->swing_pair;
}

/* Words that name a part of a tune, as players write them. */
static bool is_section_word(const char* words) {
  static const char* const names[] = {
      "intro",     "verse", "pre-chorus", "chorus", "refrain", "bridge", "solo",  "head",
      "interlude", "break", "vamp",       "outro",  "ending",  "tag",    "shout", "groove"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (dt__text_begins(words, names[i]))
      return true;
  return false;
}

static void end_words(dt__xml_reader* in, dt__fine at) {
  const dt__xml_direction* direction = &in->direction;
  const char* words = direction->words;
  if (direction->bracket == 'e')
    add_mark(in, DT__XML_FILL_END, at, 0, "");
  if (direction->rehearsal[0] != '\0')
    add_mark(in, DT__XML_SECTION, at, 0, direction->rehearsal);
  else if (strcmp(words, DT__XML_END_OF_SECTION) == 0)
    add_mark(in, DT__XML_SECTION_END, at, 0, "");
  else if (dt__text_begins(words, "fill") && words[4] != 'e') /* not "filled" */
    add_mark(in, direction->bracket == 'b' ? DT__XML_FILL : DT__XML_FILL_TO_BAR, at, 0,
             words + (words[4] == ':' ? 5 : 4));
  else if (is_section_word(words))
    add_mark(in, DT__XML_SECTION, at, 0, words);
}

void dt__xml_end_direction(dt__xml_reader* in) {
  const dt__xml_direction* direction = &in->direction;
  if (dt__xml_this_measure(in) == NULL)
    return;
  double us = direction->us;
  if (us == 0)
    us = us_of_bpm(direction->per_minute * direction->beat_quarters);
  const dt__fine at = in->at + direction->offset;
  if (us > 0)
    add_mark(in, DT__XML_TEMPO, direction->moves_sound || direction->us == 0 ? at : in->at, us, "");
  end_words(in, at);
}
