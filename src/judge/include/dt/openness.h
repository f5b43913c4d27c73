#ifndef DT_OPENNESS_H
#define DT_OPENNESS_H

#include "dt/marks.h"

/*
 * The hi-hat's foot: how open it was for what is written closed and open, how steadily, and how
 * often a stroke that should be closed was played open. Openness is 0 closed .. 1 open, as the
 * instrument says it.
 */
#define DT_OPENNESS_SLOPPY 0.25 /* more open than this is not closed */

typedef enum dt_hat {
  DT_HAT_CLOSED, /* written closed */
  DT_HAT_OPEN,   /* written open */
  DT_HAT_ANY,    /* written as hi-hat, neither closed nor open */
  DT_HAT_PEDAL,  /* closed by the foot */
  DT_HAT_COUNT
} dt_hat;

typedef struct dt_hat_openness {
  size_t count;
  size_t known_count; /* of them, openness is known */
  dt_estimate mean;
  dt_estimate sd;
} dt_hat_openness;

typedef struct dt_openness {
  bool written; /* classes are the chart's; else as played */
  dt_hat_openness hats[DT_HAT_COUNT];
  size_t sloppy_count;      /* written closed, played open: more open than DT_OPENNESS_SLOPPY, or,
                               where openness is unknown, heard as an open hi-hat */
  dt_estimate sloppy_share; /* of the strokes written closed, 0..1. Not testable without a chart */
  size_t choked_count;      /* written open, played closed */
  dt_estimate choked_share; /* of the strokes written open */
  dt_estimate contrast;     /* mean openness of open minus closed */
} dt_openness;

/* Measures. alignment: that the marks were made with, or NULL. DT_NOT_TESTABLE where openness is
 * unknown, DT_CANT_TELL with few strokes. Errors: DT_NO_MEMORY (*openness is then empty). Owns
 * nothing. Deterministic. Any thread; not real-time. */
dt_status dt_openness_measure(dt_openness* openness, const dt_allocator* allocator,
                              const dt_marks* marks, const dt_alignment* alignment) DT_NODISCARD;

/* "closed", "open", "hi-hat", "pedal". Static storage. */
const char* dt_hat_name(dt_hat hat);

#endif
