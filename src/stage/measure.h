#ifndef DT_STAGE_MEASURE_H
#define DT_STAGE_MEASURE_H

#include "dt/stage.h"
#include "feed.h"

/*
 * The guided measurements of the page, in a thread of their own; one at a time, and not beside a
 * session. What to do and what is found goes to the feed as `calibrate` messages; a latency that
 * was found, or a kit's map, is kept in the setup. The functions are the server's thread's.
 */
typedef struct dt__measure dt__measure;

/* config is borrowed. NULL on want of memory. */
dt__measure* dt__measure_new(const dt_stage_config* config, dt__feed* feed);

/* Ends what is going on, and waits for that. NULL is allowed. */
void dt__measure_free(dt__measure* measure);

/* what: "level", "latency" or "pads". Errors with a sentence: DT_BAD_DATA (another), DT_CANCELLED
 * (one goes on already), DT_NO_MEMORY. */
dt_status dt__measure_begin(dt__measure* measure, const char* what, dt_error* err) DT_NODISCARD;

bool dt__measure_is_running(dt__measure* measure);

/* "skip" this pad, "end" it and keep what was found, "cancel"; without effect while nothing is
 * measured. False: no such key. */
bool dt__measure_press(dt__measure* measure, const char* key);

#endif
