#ifndef DT_PATTERNS_SIZE_H
#define DT_PATTERNS_SIZE_H

/* Made by train/fit_pulse.py. */
enum { DT__PATTERNS = 33, DT__SEGMENTS = 118, DT__GROUPS = 12, DT__BINS = 24 };

#endif
