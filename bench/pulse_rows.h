#ifndef PULSE_ROWS_H
#define PULSE_ROWS_H

#include <stddef.h>
#include <stdint.h>

/* The pulse on what is made up: Markdown on standard output. */

/* The simulated drummer, at other tempi than he played: ramps, jumps, silence, seven, drift. */
void pulse_virtual_rows(uint64_t first_seed, size_t seeds);

/* Random and speech-like lists of times: how many are taken for a pulse. */
void pulse_random_rows(uint64_t first_seed, size_t lists);

#endif
