#ifndef DT_JUDGE_SWING_INTERNAL_H
#define DT_JUDGE_SWING_INTERNAL_H

#include "dt/swing.h"

/* One pair as played. */
typedef struct dt__pair {
  double tick; /* of its off-beat */
  dt_voice voice;
  double share;
  double long_ms;
  double short_ms;
} dt__pair;

/* swing_pairs.c: every pair of a voice, in order; room for as many as there are marks.
 * from_pulse: its own strokes made too few pairs, so the pulse stands in for its on-beats. */
size_t dt__swing_pairs(const dt_marks* marks, dt_voice voice, dt__pair* pairs, bool* from_pulse);

/* sixteenths.c; unknown: none are measured. */
void dt__sixteenths_unknown(dt_swing* swing);
dt_status dt__sixteenths_measure(dt_swing* swing, const dt_allocator* allocator,
                                 const dt_marks* marks) DT_NODISCARD;

#endif
