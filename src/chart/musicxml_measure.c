#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "musicxml_reader.h"

void dt__xml_begin_part(dt__xml_reader* in, const char** attributes) {
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

void dt__xml_begin_measure(dt__xml_reader* in, const char** attributes) {
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
  if (dt__xml_is_value(attributes, "implicit", "yes") ||
      dt__xml_is_value(attributes, "number", "0"))
    score->measures[next].is_implicit = true;
}

void dt__xml_move(dt__xml_reader* in, int sign) {
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
void dt__xml_add_meter(dt__xml_reader* in) {
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

void dt__xml_end_beats(dt__xml_reader* in) {
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

void dt__xml_end_time(dt__xml_reader* in) {
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

void dt__xml_begin_ending(dt__xml_reader* in, const char** attributes) {
  dt__xml_measure* measure = dt__xml_this_measure(in);
  const char* numbers = dt__xml_attribute(attributes, "number");
  if (measure == NULL || numbers == NULL)
    return;
  if (!dt__xml_is_value(attributes, "type", "start")) {
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

void dt__xml_begin_repeat(dt__xml_reader* in, const char** attributes) {
  dt__xml_measure* measure = dt__xml_this_measure(in);
  if (measure == NULL)
    return;
  if (dt__xml_is_value(attributes, "direction", "forward")) {
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
