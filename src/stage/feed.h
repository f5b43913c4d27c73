#ifndef DT_STAGE_FEED_H
#define DT_STAGE_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/sink.h"

/*
 * All messages to the pages, in one numbered line: any thread puts, the server's thread reads. The
 * last DT__FEED_BYTES of them are kept for pages that were away.
 */
typedef struct dt__feed dt__feed;

#define DT__FEED_BYTES ((size_t)8 << 20)

/* wake(context) is called after each put, in the putting thread: lws_cancel_service. NULL on want
 * of memory. */
dt__feed* dt__feed_new(void (*wake)(void* context), void* context);
void dt__feed_free(dt__feed* feed);

/* fields: what follows the seq, as messages.h writes it: `"type":"stroke",...` without braces. The
 * feed adds v and seq. Never waits for a page; takes a short lock. */
void dt__feed_put(dt__feed* feed, const char* fields, size_t size);

uint64_t dt__feed_newest(dt__feed* feed); /* 0: none yet */
uint64_t dt__feed_oldest(dt__feed* feed);
uint64_t dt__feed_lost(dt__feed* feed); /* put while there was no memory: they have no seq */

/* How many bytes of messages came after `seq`. False: some of them are gone, or `seq` is not yet
 * there. */
bool dt__feed_after(dt__feed* feed, uint64_t seq, uint64_t* bytes);

/* The message `seq` as a whole frame, copied into *frame (cleared first). False: gone, or not yet
 * there, or no memory. */
bool dt__feed_get(dt__feed* feed, uint64_t seq, dt_buffer* frame);

#endif
