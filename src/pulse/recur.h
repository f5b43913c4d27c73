#ifndef DT_RECUR_H
#define DT_RECUR_H

#include "reading.h"

/*
 * What comes again, at one octave of the pulse: how like what is played is what was played a beat
 * to four bars earlier, which tells how long a bar is; and where in the bar the playing departs
 * from the bars next to it (fills), and crashes after that, which tells where "one" is. Half beats
 * are counted from the octave's beat 0.
 */
typedef struct dt__recurrence {
  float repeat[DT__READ_REPEAT];
  float unusual[DT__READ_HALVES]; /* of half beats with this remainder */
  float crash[DT__READ_HALVES];
} dt__recurrence;

void dt__recur(const dt__spot* spots, size_t count, double ratio, dt__recurrence* out);

#endif
