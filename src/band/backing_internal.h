#ifndef DT_BACKING_INTERNAL_H
#define DT_BACKING_INTERNAL_H

#include "dt/backing.h"
#include "place.h"

/* Places count from the start of the file. */
typedef struct dt__backing_note {
  dt__place on;
  dt__place off;
  uint8_t channel;
  uint8_t key;
  uint8_t velocity;
} dt__backing_note;

/* A program, controller, pressure or bend. */
typedef struct dt__backing_control {
  dt__place place;
  uint8_t status;
  uint8_t data1;
  uint8_t data2;
} dt__backing_control;

typedef struct dt__backing_bar {
  dt__place place;
  size_t note; /* the first at or after its line */
  size_t control;
} dt__backing_bar;

struct dt_backing {
  dt_allocator allocator;
  bool has_allocator;
  size_t block_size;
  dt__backing_note* notes; /* by their begin */
  size_t note_count;
  dt__backing_control* controls;
  size_t control_count;
  dt__backing_bar* bars; /* one more than bar_count: the end */
  int bar_count;
};

/* A message along the part; places count from its bar 0. */
typedef struct dt__backing_event {
  dt__place place;
  uint64_t order; /* at one place */
  uint8_t status;
  uint8_t data1;
  uint8_t data2;
} dt__backing_event;

typedef struct dt__backing_tempo {
  dt__place place;
  int64_t nano_bpm;
} dt__backing_tempo;

/* A line of a bar, and how things stood there once it was reached. */
typedef struct dt__backing_line_bar {
  dt__place place;
  int64_t set_nano_bpm; /* what the first tempo becomes there; 0: nothing is set */
  size_t event;         /* the first at or after it */
  size_t tempo;         /* the first after it */
  dt__clock clock;      /* before anything is set here; meaningful up to the cursor's bar */
  int64_t base_nano_bpm;
} dt__backing_line_bar;

struct dt_backing_line {
  dt_allocator allocator;
  bool has_allocator;
  size_t block_size;
  dt__backing_event* events;
  size_t event_count;
  dt__backing_tempo* tempi;
  size_t tempo_count;
  dt__backing_line_bar* bars; /* one more than bar_count: the end */
  int bar_count;
  /* The cursor: */
  size_t event;
  size_t tempo; /* the next change */
  int bar;      /* the next line */
  int64_t base_nano_bpm;
  dt__clock clock;
};

/* backing_events.c: writes the events along the part, sorted, unless events is NULL; how many.
 * Counting stops soon after DT_BACKING_MESSAGES_MAX. */
size_t dt__backing_events(const dt_backing* backing, const dt_part* part, const dt_backing_how* how,
                          dt__backing_event* events);

#endif
