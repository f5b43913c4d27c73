#include <string.h>

#include "text_internal.h"

static bool is_foot(dt_drum drum) {
  return drum == DT_KICK || drum == DT_HIHAT_PEDAL;
}

size_t dt__hand_target(const dt_chart_note* notes, size_t count, char hand) {
  const bool wants_foot = hand == 'K' || hand == 'H';
  const dt_drum usual = hand == 'K' ? DT_KICK : DT_HIHAT_PEDAL;
  size_t target = count;
  int candidates = 0;
  for (size_t i = 0; i < count; i++) {
    if (is_foot(notes[i].drum) != wants_foot)
      continue;
    if (wants_foot && notes[i].drum == usual)
      return i;
    target = i;
    candidates++;
  }
  return candidates == 1 ? target : count;
}

/* The first note of these bars at or after a tick. */
static size_t note_at(const dt__text_parser* p, dt_tick tick) {
  size_t low = p->system_notes;
  size_t high = p->chart->note_count;
  while (low < high) {
    const size_t at = low + (high - low) / 2;
    if (p->chart->notes[at].tick < tick)
      low = at + 1;
    else
      high = at;
  }
  return low;
}

static dt_status hand_cell(dt__text_parser* p, const dt__text_line* line, dt_tick tick,
                           const char* at) {
  const char hand = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
  if (hand == '-' || hand == '.')
    return DT_OK;
  if (hand == '\0' || strchr("RLKH", hand) == NULL)
    return FAIL_SAY(p, at,
                    "A hand is R or L, a foot K (kick) or H (hi-hat), and - where it is not "
                    "given");
  const size_t first = note_at(p, tick);
  size_t count = 0;
  while (first + count < p->chart->note_count && p->chart->notes[first + count].tick == tick)
    count++;
  if (count == 0)
    return FAIL_AT(p, at, "Nothing is struck here for %c; write -", hand);
  dt_chart_note* notes = p->chart->notes + first;
  size_t target = 0;
  if (line->drum == DT_DRUM_COUNT) {
    target = dt__hand_target(notes, count, hand);
    if (target == count && count > 1)
      return FAIL_AT(p, at,
                     "Which drum is %c for? Give that drum a line of its own: hands %s |...|", hand,
                     dt__text_drum_name(notes[0].drum));
  } else {
    while (target < count && notes[target].drum != line->drum)
      target++;
  }
  if (target == count)
    return FAIL_AT(p, at, "Nothing is struck here for %c; write -", hand);
  if (notes[target].hand != ' ')
    return FAIL_AT(p, at, "The hand of the %s is given twice here",
                   dt__text_drum_name(notes[target].drum));
  notes[target].hand = hand;
  return DT_OK;
}

dt_status dt__text_hands(dt__text_parser* p) {
  dt_status status = DT_OK;
  for (size_t i = 0; i < p->line_count && status == DT_OK; i++)
    if (p->lines[i].kind == DT__LINE_HANDS)
      status = dt__text_each_cell(p, &p->lines[i], hand_cell);
  return status;
}
