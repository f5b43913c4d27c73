#ifndef DT_EAR_EVENTS_H
#define DT_EAR_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/arena.h"
#include "dt/ear.h"

/*
 * What the ear tells: events as they come, strokes by time. Two queues that drop what is new when
 * they are full.
 */
#define DT__HELD_MAX 256

typedef struct dt__events {
  dt_ear_event* events; /* ring */
  size_t event_head;
  size_t event_count;
  dt_stroke* strokes; /* ring: decided, and nothing earlier will come */
  size_t stroke_head;
  size_t stroke_count;
  dt_stroke held[DT__HELD_MAX]; /* decided, an earlier one may still come; by time */
  size_t held_count;
} dt__events;

void dt__events_layout(dt__events* events, dt_arena* arena);
void dt__events_clear(dt__events* events) DT_NONBLOCKING;

void dt__events_add(dt__events* events, const dt_ear_event* event) DT_NONBLOCKING;

/* A decided stroke. */
void dt__events_hold(dt__events* events, const dt_stroke* stroke) DT_NONBLOCKING;

/* Later strokes are not before this time: hand over what is. */
void dt__events_hand_over(dt__events* events, double before_s) DT_NONBLOCKING;

bool dt__events_next(dt__events* events, dt_ear_event* event) DT_NONBLOCKING;
bool dt__events_next_stroke(dt__events* events, dt_stroke* stroke) DT_NONBLOCKING;

#endif
