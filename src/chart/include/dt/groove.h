#ifndef DT_GROOVE_H
#define DT_GROOVE_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/drum.h"
#include "dt/tempo.h"

/*
 * A groove: one or more bars that repeat. Positions are integer ticks, DT_TICKS_PER_QUARTER a
 * quarter; swing is not written into the positions but kept beside them.
 */
typedef struct dt_groove_note {
  dt_tick tick; /* 0 .. bars * bar length - 1, straight position */
  dt_drum drum;
  int velocity; /* 1..127 */
  bool flam;    /* a grace stroke goes before it */
  char hand;    /* 'R', 'L', 'F' (foot), or ' ' where not given */
} dt_groove_note;

typedef struct dt_groove {
  const char* name;  /* "rock" */
  const char* title; /* "Rock eighths" */
  dt_meter meter;
  int bars;
  double bpm;           /* the tempo it is usually played at, quarter notes a minute */
  double swing;         /* where the off-beat stands in its pair: 0.5 straight .. 0.75 */
  dt_tick swing_pair;   /* length of the pair that swings, ticks (960 swung eighths, 480
                           sixteenths); 0 = nothing swings */
  const dt_groove_note* notes; /* sorted by tick, then drum */
  size_t note_count;
} dt_groove;

/* Built-in grooves; NULL past the last one. Static storage. */
const dt_groove* dt_groove_at(size_t index);
const dt_groove* dt_groove_named(const char* name);

/* Length of one bar in ticks. */
dt_tick dt_meter_bar_ticks(dt_meter meter);

/* Where a straight tick stands once swung (fractional ticks): positions inside a swing_pair are
 * moved piecewise linearly so that its middle lands at `swing` of the pair. */
double dt_swing_tick(dt_tick tick, dt_tick swing_pair, double swing);

#endif
