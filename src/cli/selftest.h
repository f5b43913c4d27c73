#ifndef DT_SELFTEST_H
#define DT_SELFTEST_H

#include "dt/drummer.h"
#include "dt/judge.h"
#include "terminal.h"

/* The bounds that the instrument must keep. */
#define DT__BIAS_LIMIT_MS   0.2
#define DT__JITTER_LIMIT_MS 0.3

/* The background noise in the test's sound, RMS. */
#define DT__NOISE_DBFS (-60)

enum { DT__SELFTEST_DRUMS_MAX = DT_DRUM_COUNT, DT__SELFTEST_TRIALS = 5 };

/* How exactly the ear heard strokes of one drum (or of all). */
typedef struct dt__exactness {
  dt_drum drum;
  size_t played;
  size_t missed;    /* no stroke heard within 25 ms */
  size_t extra;     /* moments heard at which nothing was played */
  size_t doubled;   /* heard as a second drum at the same moment */
  size_t named;     /* heard as its own voice, alone or beside another */
  double bias_ms;   /* median of heard minus played */
  double jitter_ms; /* robust SD of it (IQR / 1.349) */
  bool good;
} dt__exactness;

/* One number that was put in, and what the judge found. */
typedef struct dt__trial {
  const char* name; /* "drift" */
  const char* unit;
  double truth;
  dt_estimate found;
  bool good;
} dt__trial;

typedef struct dt__selftest {
  uint64_t seed;
  int rate_hz;
  dt__exactness drums[DT__SELFTEST_DRUMS_MAX];
  size_t drum_count;
  dt__exactness all;
  dt__trial trials[DT__SELFTEST_TRIALS];
  size_t trial_count;
  bool good;
} dt__selftest;

/* Plays, renders and hears: *played holds what was done, *heard what the ear made of it. Errors:
 * those of its parts, and DT_CANCELLED. On failure both are empty. */
dt_status dt__selftest_hear(const dt_drummer* drummer, const dt_part* part, int rate_hz,
                            dt_take* played, dt_take* heard, dt__progress* progress);

/* Compares two lists sorted by time. errors_ms has room for played->count, and receives heard minus
 * played of those that were heard; the result is how many. */
size_t dt__selftest_match(const dt_strokes* played, const dt_strokes* heard, dt__exactness* found,
                          double* errors_ms);

/* Bias and jitter from the errors, which are reordered, and whether all is within bounds. */
void dt__selftest_grade(dt__exactness* found, double* errors_ms, size_t count);

/* The whole test. Errors as dt__selftest_hear. */
dt_status dt__selftest_run(dt__selftest* result, uint64_t seed, dt__progress* progress);

dt_status dt__selftest_text(const dt__selftest* result, bool utf8, dt_sink sink);
dt_status dt__selftest_json(const dt__selftest* result, dt_sink sink);

#endif
