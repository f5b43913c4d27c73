#include "priority.h"

#include <pthread.h>

/* Above all that only computes, below every device's callback (JACK's clients have 5 and more). */
#define PRIORITY 2

/* The thread that hears and judges works a few percent of the time, but when others compute it
 * would wait tens of milliseconds for its turn. Where the system does not allow it, all stays as it
 * is. */
dt__priority dt__priority_raise(void) {
  dt__priority before = {.is_raised = false};
  if (pthread_getschedparam(pthread_self(), &before.policy, &before.param) != 0 ||
      before.policy != SCHED_OTHER)
    return before;
  const struct sched_param raised = {.sched_priority = PRIORITY};
  before.is_raised = pthread_setschedparam(pthread_self(), SCHED_FIFO, &raised) == 0;
  return before;
}

void dt__priority_lower(const dt__priority* before) {
  if (before->is_raised)
    (void)pthread_setschedparam(pthread_self(), before->policy, &before->param);
}
