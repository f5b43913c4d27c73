#ifndef DT_COACH_SAY_H
#define DT_COACH_SAY_H

#include "dt/coach_plan.h"
#include "dt/coach_stop.h"

/*
 * The coach's sentences, in three tones: one line each, at most DT_SAY_CHARS_MAX characters, about
 * the music and never about the person. Bars are counted from 1 for people.
 */
#define DT_SAY_MAX       128 /* bytes with the NUL */
#define DT_SAY_CHARS_MAX 72

typedef enum dt_line {
  DT_LINE_NONE,
  DT_LINE_START,        /* {bpm} {bars} */
  DT_LINE_AGAIN,        /* same tempo */
  DT_LINE_UP,           /* {bpm} */
  DT_LINE_DOWN,         /* {bpm} */
  DT_LINE_FROM_BAR,     /* again from {bar} */
  DT_LINE_LOOP,         /* two bars from {bar}, {bpm} */
  DT_LINE_SLOW_LOOP,    /* likewise slower */
  DT_LINE_RIGHT,        /* right hand alone */
  DT_LINE_LEFT,         /* left hand alone */
  DT_LINE_TOGETHER,     /* the whole again */
  DT_LINE_BURST,        /* two bars at {bpm}, above the clean tempo, then back */
  DT_LINE_PLATEAU,      /* the ladder stands still at {bpm} */
  DT_LINE_MISSED,       /* {count} notes missed, {place} */
  DT_LINE_RUSHING,      /* {place} */
  DT_LINE_DRAGGING,     /* {place} */
  DT_LINE_EARLY,        /* {place} */
  DT_LINE_LATE,         /* {place} */
  DT_LINE_SCATTER,      /* {place} */
  DT_LINE_DYNAMICS,     /* accents, ghost notes */
  DT_LINE_CLEAN,        /* a clean take at {bpm} */
  DT_LINE_REST,         /* {s} */
  DT_LINE_LONG_REST,    /* {s} */
  DT_LINE_TIRED,        /* strokes get looser or softer: the exercise ends */
  DT_LINE_CEILING,      /* the day's playing is done: {count} minutes */
  DT_LINE_EXERCISE_END, /* clean at {bpm} */
  DT_LINE_GOAL,         /* the goal is reached, {bpm} */
  DT_LINE_GAP,          /* {count} silent bars */
  DT_LINE_QUIET,        /* the click goes as the time holds */
  DT_LINE_SURPRISE,
  DT_LINE_ENDURANCE,
  DT_LINE_TRADE, /* {count} bars each */
  DT_LINE_OWN,
  DT_LINE_COLD,      /* cold test at {bpm} */
  DT_LINE_COLD_KEPT, /* it is still there */
  DT_LINE_COLD_LOST, /* it is not; back to {bpm} */
  DT_LINE_DONE,      /* the plan is done */
  DT_LINE_COUNT
} dt_line;

/* What goes into a sentence's places. */
typedef struct dt_words {
  double bpm;
  int bar; /* from 0 */
  int bars;
  int count;
  double seconds;
  dt_where where;
} dt_words;

/* The pattern itself, with its {places}; "" out of range. Static storage. */
const char* dt_line_pattern(dt_line line, dt_tone tone);

/* Fills text (DT_SAY_MAX bytes) with the finished sentence. */
void dt_say(char text[DT_SAY_MAX], dt_line line, dt_tone tone, const dt_words* words);

/* Which line says why a take was stopped, or what of it failed. */
dt_line dt_line_of_failure(dt_criterion why, int direction);

#endif
