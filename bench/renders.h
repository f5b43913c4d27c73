#ifndef DT_BENCH_RENDERS_H
#define DT_BENCH_RENDERS_H

/* Isolated strokes and flams of the program's own kit, whose times are exact. */
void score_renders(void);

#endif
