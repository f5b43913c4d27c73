#include "background.h"

#include <sys/resource.h>

#define NICE 10

/* On Linux 0 is the calling thread, not the process. Where it is refused, all stays as it is. */
void dt__background(void) {
  (void)setpriority(PRIO_PROCESS, 0, NICE);
}
