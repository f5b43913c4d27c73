#ifndef DT_EAR_TELL_H
#define DT_EAR_TELL_H

#include "decide.h"
#include "flag.h"

/* From decisions to events and strokes. */

/* A flag, its time, or its end. */
void dt__tell_stage(dt__decide* decide, const dt__blow* blow, dt_ear_stage stage,
                    dt__now now) DT_NONBLOCKING;

/* The drums of one family, struck at time_s; blow may be NULL. */
void dt__tell_family(dt__decide* decide, int family, const dt__net_out* out, double time_s,
                     dt__blow* blow, bool is_shared, dt__now now) DT_NONBLOCKING;

/* Tells the soft stroke of the hi-hat that waits, if at the end of the frame at end_s nothing can
 * follow any more that would make it none. */
void dt__tell_soft(dt__decide* decide, double end_s, dt__now now) DT_NONBLOCKING;

/* What an answer says about one family and its drums. */
void dt__copy_family(dt__net_out* to, const dt__net_out* from, int family) DT_NONBLOCKING;

#endif
