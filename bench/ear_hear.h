#ifndef DT_BENCH_EAR_HEAR_H
#define DT_BENCH_EAR_HEAR_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/ear.h"
#include "dt/error.h"
#include "score.h"

/*
 * Runs the ear over files and samples, and notes what it told when.
 */

/* Milliseconds from a stroke's own time to when it could be known. */
typedef enum stage { STAGE_FLAG, STAGE_TIME, STAGE_STROKE, STAGE_WITHDRAWN, STAGE_COUNT } stage;

typedef struct heard {
  hits strokes; /* sorted */
  values latency_ms[STAGE_COUNT];
  size_t events;
  size_t flags;
  values flag_known_s; /* when each was known, in order */
  size_t flagless;     /* strokes that came without a flag */
  size_t too_early;    /* events said to be known before their samples were fed, or out of order */
  size_t handed_late;  /* events handed over a block or more after they were known */
  double length_s;
  double cpu_s;            /* opening, reading, mixing down and hearing */
  size_t ear_bytes;        /* of memory that the ear took */
  bool has_no_finite_time; /* a stroke whose time or velocity is no number */
} heard;

void heard_clear(heard* h);

/* Uses this model file from now on instead of the built-in network. */
bool hear_use_model(const char* path, dt_error* error);

/* The ear that is scored; allocator NULL is the system's. */
dt_ear* hear_new(const dt_allocator* allocator, int rate_hz, dt_error* error);

/* block: samples fed at a time, 1..DT_EAR_BLOCK_MAX. False with a sentence when the file cannot be
 * read to its end (what was heard until then is in *out). */
bool hear_file(const char* path, size_t block, heard* out, dt_error* error);

/* The same for a file in memory. */
bool hear_bytes(const void* bytes, size_t size, size_t block, heard* out, dt_error* error);

void hear_samples(const float* samples, size_t count, int rate_hz, size_t block, heard* out);

/* Onsets by aubioonset, default settings. False when it did not run. */
bool hear_peer(const char* path, heard* out);

/* Are two lists the same, bit for bit? */
bool is_same_hearing(const heard* a, const heard* b);

/* Processor seconds of this process, or of the children it waited for. */
double own_cpu_s(void);
double children_cpu_s(void);

#endif
