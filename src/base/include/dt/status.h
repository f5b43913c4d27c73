#ifndef DT_STATUS_H
#define DT_STATUS_H

#include "dt/attr.h"

/*
 * The one table of what can go wrong in the world. Success is 0.
 *
 * Three words are kept apart everywhere: assert (our bug), status (the world: a file, a device, a
 * user's request), counter (real time: what was dropped or late).
 *
 * Sentences start with a capital letter and end without a stop.
 */
#define DT_STATUS_LIST(X)                                                                          \
  X(DT_OK, "Success")                                                                              \
  X(DT_NO_MEMORY, "Not enough memory")                                                             \
  X(DT_BAD_ARGUMENT, "The request makes no sense")                                                 \
  X(DT_BAD_DATA, "The data is damaged or not of the expected kind")                                \
  X(DT_UNSUPPORTED, "The data is of a kind that is not supported")                                 \
  X(DT_NOT_FOUND, "No such thing")                                                                 \
  X(DT_IO, "Reading or writing failed")                                                            \
  X(DT_TOO_LARGE, "The data is larger than the limit")                                             \
  X(DT_TOO_FEW, "Too few strokes to tell")                                                         \
  X(DT_CANCELLED, "Stopped on request")

typedef enum dt_status {
#define DT_STATUS_ENUM(name, sentence) name,
  DT_STATUS_LIST(DT_STATUS_ENUM)
#undef DT_STATUS_ENUM
      DT_STATUS_COUNT
} dt_status;

/* The status's sentence. Any value is allowed; an unknown one gives "Unknown status". Never NULL,
 * static storage, any thread, real-time safe. */
const char* dt_status_sentence(dt_status status) DT_NONBLOCKING;

#endif
