#ifndef DT_BENCH_RENDERS_H
#define DT_BENCH_RENDERS_H

#include <stdbool.h>

/* Isolated strokes and flams of the program's own kit, whose times are exact. */
void score_renders(void);

/* Writes the kit's sounds as DRUM-VELOCITY.wav, each stroke at 4.5 ms, for train/render_dev.py. */
bool write_samples(const char* into);

#endif
