#ifndef DT_STROKE_H
#define DT_STROKE_H

#include <stddef.h>

#include "dt/alloc.h"
#include "dt/attr.h"
#include "dt/drum.h"
#include "dt/status.h"

/*
 * One hit. time_s is the time of its attack in seconds from the start of the take: for sound, the
 * moment defined in dt/ear.h (attack convention); for MIDI, the note-on.
 */
typedef struct dt_stroke {
  double time_s;    /* finite; >= 0 but for truths that begin before the recording */
  dt_drum drum;     /* 0..DT_DRUM_COUNT-1 */
  float velocity;   /* 1..127 on the MIDI scale, fractions allowed; 0 where unknown */
  float openness;   /* hi-hat: 0 closed .. 1 open; -1 where unknown or not a hi-hat */
  float confidence; /* 0..1 that this is a stroke at all; 1 for MIDI */
  float choke_s;    /* seconds from the attack to the choke of a cymbal; 0 = not choked */
  int note;         /* MIDI note as it came, 0..127; -1 where there was none */
} dt_stroke;

/* A growing list of strokes. Zero-initialise. */
typedef struct dt_strokes {
  dt_stroke* items;
  size_t count;
  size_t capacity;
} dt_strokes;

/* A stroke with nothing known but when and what: velocity 0, openness -1, confidence 1, no choke,
 * no note. */
dt_stroke dt_stroke_at(double time_s, dt_drum drum) DT_NONBLOCKING;

/* Append a copy. DT_NO_MEMORY leaves the list as it was. Not real-time. */
dt_status dt_strokes_add(dt_strokes* list, const dt_allocator* allocator,
                         const dt_stroke* stroke) DT_NODISCARD;

/* Order by time, then drum, then note: the order of every output. Stable. No allocation. */
void dt_strokes_sort(dt_strokes* list);

/* Gives back the list's memory and empties it. */
void dt_strokes_clear(dt_strokes* list, const dt_allocator* allocator);

#endif
