#ifndef DT_STOP_INTERNAL_H
#define DT_STOP_INTERNAL_H

#include "dt/coach_stop.h"

/* bar: index into test->heard. */
void dt__stop_place(dt_stop* stop, const dt_stop_test* test, int bar);

/* Drift and placement; *stop is written only where the result is true. */
bool dt__stop_for_time(const dt_stop_test* test, dt_stop* stop);

#endif
