#ifndef DT_STAGE_CUTTER_H
#define DT_STAGE_CUTTER_H

#include <stdint.h>

#include "dt/home.h"
#include "dt/tempo.h"
#include "feed.h"

/*
 * Cuts the sound of each take out of the recording of its session (docs/practice.md), while that
 * still grows, and keeps it as the take's (kept_sound.h). One thread; nobody waits for it. What it
 * has done it tells as a `sound` message, what it could not do as `trouble`.
 */
typedef struct dt__cutter dt__cutter;

typedef struct dt__cut {
  char folder[DT_HOME_PATH]; /* of the session */
  int64_t number;            /* of the take */
  dt_frame from;             /* of the session's stream */
  dt_frame to;
} dt__cut;

/* db: the database (NULL: the player's own); borrowed. NULL on want of memory. */
dt__cutter* dt__cutter_new(const char* db, dt__feed* feed);

/* What was put is cut first, and nothing is waited for that still grows. NULL is allowed. */
void dt__cutter_free(dt__cutter* cutter);

/* Any thread. A cut waits until a second behind its end is heard. False on want of memory. */
bool dt__cutter_put(dt__cutter* cutter, const dt__cut* cut);

/* Any thread. The session in this folder goes on, and everything before the frame is decided; NULL:
 * none goes on, all recordings are whole. */
void dt__cutter_follow(dt__cutter* cutter, const char* folder, dt_frame heard);

#endif
