#ifndef DT_MPEG_H
#define DT_MPEG_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Enough of a file's start to hold two MPEG frames of any kind.
 */
#define DT__MPEG_HEAD_BYTES 8192

/*
 * Do these first bytes of a file look like MPEG audio and yet cannot be? Any two bytes FF Ex do, to
 * libsndfile; its decoder then says on standard error what it thinks of the rest. True when the
 * bytes begin with such a pair and the first frame's header is impossible, or no second frame
 * stands where the first one ends. (ISO/IEC 11172-3, 2.4.1.3 and 2.4.2.3.)
 */
bool dt__mpeg_is_false(const unsigned char* head, size_t size);

#endif
