#include "dt/groove.h"

#include <string.h>

#include "grooves.h"

#define VELOCITY_ACCENT 115
#define VELOCITY_STROKE 90
#define VELOCITY_GHOST  35

const dt_groove* dt_groove_at(size_t index) {
  /* Walks, so that any index is safe. */
  for (size_t i = 0; dt__grooves[i].name; i++)
    if (i == index)
      return &dt__grooves[i];
  return NULL;
}

const dt_groove* dt_groove_named(const char* name) {
  for (size_t i = 0; name && dt__grooves[i].name; i++)
    if (strcmp(dt__grooves[i].name, name) == 0)
      return &dt__grooves[i];
  return NULL;
}

/* The step's character without the bar lines; '-' past the end of the pattern. */
static char pattern_step(const char* pattern, size_t step) {
  for (; pattern && *pattern; pattern++) {
    if (*pattern == '|')
      continue;
    if (step-- == 0)
      return *pattern;
  }
  return '-';
}

static bool is_hihat(dt_drum drum) {
  return drum == DT_HIHAT || drum == DT_HIHAT_CLOSED;
}

static int velocity_of(char symbol) {
  switch (symbol) {
  case 'x':
  case 'o':
    return VELOCITY_STROKE;
  case 'X':
  case 'f':
    return VELOCITY_ACCENT;
  case 'g':
    return VELOCITY_GHOST;
  default:
    return 0;
  }
}

static char hand_of(const dt_groove* groove, dt_drum drum, size_t step) {
  if (drum == DT_KICK || drum == DT_HIHAT_PEDAL)
    return 'F';
  const char hand = pattern_step(groove->sticking, step);
  return hand == 'R' || hand == 'L' ? hand : ' ';
}

/* Keeps the notes of one step, which end the list, in order of drum. */
static void insert_by_drum(dt_groove_note* notes, size_t count, dt_groove_note note) {
  while (count > 0 && notes[count - 1].tick == note.tick && notes[count - 1].drum > note.drum) {
    notes[count] = notes[count - 1];
    count--;
  }
  notes[count] = note;
}

size_t dt_groove_notes(const dt_groove* groove, dt_groove_note notes[DT_GROOVE_NOTES_MAX]) {
  const dt_tick end = dt_meter_bar_ticks(groove->meter) * groove->bars;
  size_t count = 0;
  size_t step = 0;
  for (dt_tick tick = 0; tick < end; tick += groove->step, step++) {
    for (size_t i = 0; i < DT_GROOVE_LINES_MAX && groove->lines[i].pattern; i++) {
      const char symbol = pattern_step(groove->lines[i].pattern, step);
      const int velocity = velocity_of(symbol);
      if (velocity == 0 || count == DT_GROOVE_NOTES_MAX)
        continue;
      const dt_drum line_drum = groove->lines[i].drum;
      const dt_groove_note note = {
          .tick = tick,
          .drum = symbol == 'o' && is_hihat(line_drum) ? DT_HIHAT_OPEN : line_drum,
          .velocity = velocity,
          .flam = symbol == 'f',
          .hand = hand_of(groove, line_drum, step),
      };
      insert_by_drum(notes, count++, note);
    }
  }
  return count;
}
