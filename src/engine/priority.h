#ifndef DT_PRIORITY_H
#define DT_PRIORITY_H

#include <sched.h>
#include <stdbool.h>

/* How this thread was scheduled before. */
typedef struct dt__priority {
  bool is_raised;
  int policy;
  struct sched_param param;
} dt__priority;

/* This thread's turn comes soon: real-time priority below every device's callback, where the system
 * allows it. For threads that work a few percent of the time. */
dt__priority dt__priority_raise(void);
void dt__priority_lower(const dt__priority* before);

#endif
