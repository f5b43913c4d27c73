#ifndef DT_GROOVE_H
#define DT_GROOVE_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/drum.h"
#include "dt/meter.h"
#include "dt/tempo.h"

/*
 * A groove: one or more bars that repeat, written as a drummer writes it on paper, one line a drum
 * and one character a step:
 *
 *   hi-hat  "XxxxXxox"     x stroke   X accent   g ghost note   f flam
 *   snare   "--X---X-"     o open (a hi-hat line)               - rest
 *   kick    "x---xx--"     | may stand between bars
 *
 * Swing is not written into the positions but kept beside them. dt_groove_notes turns the lines
 * into notes at integer ticks, DT_TICKS_PER_QUARTER a quarter.
 */
#define DT_GROOVE_LINES_MAX 6
#define DT_GROOVE_NOTES_MAX 256

typedef struct dt_groove_line {
  dt_drum drum;
  const char* pattern; /* NULL: no more lines */
} dt_groove_line;

typedef struct dt_groove {
  const char* name;  /* "rock" */
  const char* title; /* "Rock, eighths" */
  dt_meter meter;
  int bars;           /* how many bars the lines hold, >= 1 */
  double bpm;         /* the tempo it is usually played at, quarter notes a minute */
  double swing;       /* where the off-beat stands in its pair: 0.5 straight .. 0.75 */
  dt_tick swing_pair; /* length of the pair that swings, ticks (960: eighths swing, 480:
                         sixteenths do); 0 = nothing ever swings */
  dt_tick step;       /* length of one character, ticks; > 0 */
  dt_groove_line lines[DT_GROOVE_LINES_MAX];
  const char* sticking; /* R and L for the hands, a character a step; NULL where not given */
} dt_groove;

typedef struct dt_groove_note {
  dt_tick tick; /* 0 .. bars * bar length - 1, straight position */
  dt_drum drum; /* an "o" on a hi-hat line is DT_HIHAT_OPEN */
  int velocity; /* 1..127: accent 115, stroke 90, ghost note 35 */
  bool flam;    /* a grace stroke goes before it */
  char hand;    /* 'R', 'L', 'F' (foot), or ' ' where not given */
} dt_groove_note;

/* Built-in grooves; NULL past the last one, NULL for an unknown name. Static storage, any thread.
 */
const dt_groove* dt_groove_at(size_t index);
const dt_groove* dt_groove_named(const char* name);

/* The groove's notes, sorted by tick, then drum; the result is how many, 1..DT_GROOVE_NOTES_MAX for
 * a built-in one. Characters past the groove's bars and unknown characters are rests; notes past
 * DT_GROOVE_NOTES_MAX are left out. Any thread, real-time safe. */
size_t dt_groove_notes(const dt_groove* groove, dt_groove_note notes[DT_GROOVE_NOTES_MAX]);

#endif
