#ifndef DT_BENCH_COACH_STOPS_H
#define DT_BENCH_COACH_STOPS_H

#include <stdint.h>

/* Good and bad takes of the simulated drummer, judged bar by bar as a live engine would. */
void stops(int takes, uint64_t first);

#endif
