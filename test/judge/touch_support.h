#ifndef DT_TEST_TOUCH_SUPPORT_H
#define DT_TEST_TOUCH_SUPPORT_H

/* Marks to measure. Include first, from a cmocka test. */

#include "../support/failing_allocator.h"

#include <math.h>
#include <stdio.h>

#include "../support/mark_player.h"
#include "../support/near.h"

static dt_mark_player player;

static inline void touch_assert_holds(const char* what, dt_estimate e, double truth) {
  if (e.known != DT_KNOWN)
    fail_msg("%s is not known", what);
  if (!(e.low <= e.value && e.value <= e.high))
    fail_msg("%s: %g stands outside %g .. %g", what, e.value, e.low, e.high);
  if (!(e.low <= truth && truth <= e.high))
    fail_msg("%s is %g (%g .. %g), not %g", what, e.value, e.low, e.high, truth);
}

/* Holds it, and narrowly enough to be of use. */
static inline void touch_assert_near(const char* what, dt_estimate e, double truth, double width) {
  touch_assert_holds(what, e, truth);
  if (e.high - e.low > width)
    fail_msg("%s: %g .. %g is wider than %g", what, e.low, e.high, width);
}

static inline void touch_assert_unknown(const char* what, dt_estimate e, dt_known why) {
  if (e.known != why || !isnan(e.value) || !isnan(e.low) || !isnan(e.high))
    fail_msg("%s: known %d, not %d; %g (%g .. %g)", what, e.known, why, e.value, e.low, e.high);
}

#endif
