#ifndef DT_BENCH_STORE_BENCH_H
#define DT_BENCH_STORE_BENCH_H

#include "dt/store.h"

/* What the store's benchmarks share. */

/* Says what and ends the program. */
void bench_die(const char* what);

/* Wall time. */
double bench_now_s(void);

/* store_layouts.c: rows against blobs, as a Markdown table. path is written and removed. */
void bench_layouts(const dt_record* pool, size_t pool_count, const char* path);

/* store_kill.c: imports that are killed in the middle, as a Markdown paragraph. The program is run
 * on a database of its own in folder. */
void bench_kills(const char* program, const dt_record* pool, size_t pool_count, const char* folder,
                 int loops, uint64_t seed);

#endif
