#ifndef DT_STAGE_NOW_H
#define DT_STAGE_NOW_H

#include "feed.h"

/*
 * The state as it is, for a page that comes in the middle: the messages that still hold, kept aside
 * because the feed may have dropped them. A new session ends all but the device; a new take ends
 * the last one's bars and verdict.
 */
typedef struct dt__now dt__now;

dt__now* dt__now_new(void);
void dt__now_free(dt__now* now);

/* Takes in what the feed has beyond what is known. */
void dt__now_follow(dt__now* now, dt__feed* feed);
uint64_t dt__now_seq(const dt__now* now); /* of the newest that was taken in */

/* A session is going on. */
bool dt__now_is_running(const dt__now* now);

size_t dt__now_count(const dt__now* now);

/* The index-th message that holds, the oldest first: a whole frame without its seq, cleared first.
 * False: it is newer than `until`, or no memory. */
bool dt__now_get(const dt__now* now, size_t index, uint64_t until, dt_buffer* frame);

#endif
