#ifndef DT_STAGE_LIVE_H
#define DT_STAGE_LIVE_H

#include "dt/json.h"
#include "dt/stage.h"
#include "feed.h"
#include "messages.h"

/*
 * The session that is going on, in a thread of its own; there is one at most. What it says goes to
 * the feed, what is played to the store and the practice log, exactly as `doubletime practice`
 * keeps it. All functions but the thread's own are the server's thread's.
 */
typedef struct dt__live dt__live;
typedef struct dt__osc dt__osc;

/* config is borrowed. NULL on want of memory. osc: NULL: none. */
dt__live* dt__live_new(const dt_stage_config* config, dt__feed* feed, dt__osc* osc);

/* Ends a session, keeps all of it, and waits for that. */
void dt__live_free(dt__live* live);

/* From the JSON of POST /session. is_own: it comes from the command line and may name files. What
 * is wrong with the request is told here; what is wrong with the device comes as a message. Errors
 * as dt_stage_begin. */
dt_status dt__live_begin(dt__live* live, const char* json, size_t size, bool is_own, dt_error* err);

bool dt__live_is_running(dt__live* live);
void dt__live_press(dt__live* live, dt__msg_key key); /* without effect while none runs */
void dt__live_stop(dt__live* live);

/* Now, by the server's clock and in the stream; *stream_ms NAN while none runs. */
void dt__live_clock(dt__live* live, double* server_ms, double* stream_ms);

/* Now and then: the sounds of takes are cut as far as their session is recorded. */
void dt__live_tick(dt__live* live);

/* Tells OSC of the beats that are due. In how many us the next one is; -1: none is known. */
int64_t dt__live_tell_beats(dt__live* live);

/* The last `session` message, as fields; "" none yet. For GET /session. */
bool dt__live_tell(dt__live* live, dt_buffer* fields);

/* What real time did to it, as fields of an object that is open. */
void dt__live_counters(dt__live* live, dt_json* json);

/* The device at work; "" none. */
void dt__live_device(dt__live* live, char* text, size_t size);

#endif
