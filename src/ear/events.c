#include "events.h"

#include <math.h>
#include <string.h>

#include "dt/rt_poison.h" /* last: see there */

void dt__events_layout(dt__events* events, dt_arena* arena) {
  events->events = dt_arena_take(arena, DT_EAR_EVENT_QUEUE, sizeof *events->events);
  events->strokes = dt_arena_take(arena, DT_EAR_QUEUE, sizeof *events->strokes);
}

void dt__events_clear(dt__events* events) {
  events->event_head = 0;
  events->event_count = 0;
  events->stroke_head = 0;
  events->stroke_count = 0;
  events->held_count = 0;
}

void dt__events_add(dt__events* events, const dt_ear_event* event) {
  if (events->event_count == DT_EAR_EVENT_QUEUE)
    return;
  events->events[(events->event_head + events->event_count++) % DT_EAR_EVENT_QUEUE] = *event;
}

static void enqueue(dt__events* events, const dt_stroke* stroke) {
  if (events->stroke_count == DT_EAR_QUEUE)
    return;
  events->strokes[(events->stroke_head + events->stroke_count++) % DT_EAR_QUEUE] = *stroke;
}

void dt__events_hand_over(dt__events* events, double before_s) {
  size_t done = 0;
  while (done < events->held_count && events->held[done].time_s < before_s)
    enqueue(events, &events->held[done++]);
  events->held_count -= done;
  memmove(events->held, events->held + done, events->held_count * sizeof *events->held);
}

void dt__events_hold(dt__events* events, const dt_stroke* stroke) {
  if (events->held_count == DT__HELD_MAX)
    dt__events_hand_over(events, (double)INFINITY);
  size_t at = events->held_count++;
  for (; at > 0 && events->held[at - 1].time_s > stroke->time_s; at--)
    events->held[at] = events->held[at - 1];
  events->held[at] = *stroke;
}

bool dt__events_next(dt__events* events, dt_ear_event* event) {
  if (events->event_count == 0)
    return false;
  *event = events->events[events->event_head];
  events->event_head = (events->event_head + 1) % DT_EAR_EVENT_QUEUE;
  events->event_count--;
  return true;
}

bool dt__events_next_stroke(dt__events* events, dt_stroke* stroke) {
  if (events->stroke_count == 0)
    return false;
  *stroke = events->strokes[events->stroke_head];
  events->stroke_head = (events->stroke_head + 1) % DT_EAR_QUEUE;
  events->stroke_count--;
  return true;
}
