#ifndef DT_JUDGE_LOCAL_SCATTER_INTERNAL_H
#define DT_JUDGE_LOCAL_SCATTER_INTERNAL_H

#include "series_internal.h"
#include "spots_internal.h"

/*
 * Scatter about the local pulse, by class of stroke (limb, fill or groove, voice).
 *
 * A stroke against the straight line between the strokes before and after it: what a timekeeper
 * does slowly cancels, but the neighbours' own scatter comes in. Its expected square is
 *
 *   E d_i^2 = var(class of i) + sum over neighbours of weight^2 var(class of neighbour)
 *
 * which is linear in the classes' variances; solved by least squares with weights 1 / E^2.
 */
enum { DT__CLASSES_MAX = 10 };

typedef struct dt__local {
  int classes;
  double variance_ms2[DT__CLASSES_MAX]; /* the instrument's still in it; NAN unknown */
  size_t count[DT__CLASSES_MAX];
  size_t runs[DT__CLASSES_MAX]; /* stretches of strokes of the class alone, next to each other */
  double* influence;            /* classes x rows: each row's share in the error of the variance */
  size_t rows;
  double freedom;  /* of the rows: less the habits and the classes */
  double* own_ms2; /* for each spot: its squared distance less what its neighbours are expected to
                      add; NAN where it has none on both sides */
  void* memory;
  size_t memory_size;
} dt__local;

/* spots fitted, each with its class 0 .. classes - 1. Errors: DT_NO_MEMORY. Too few: variances
 * NAN. */
dt_status dt__local_scatter(dt__local* local, const dt_allocator* allocator, const dt__spots* spots,
                            int classes, double reach_ticks) DT_NODISCARD;
void dt__local_clear(dt__local* local, const dt_allocator* allocator);

/* SD of a class, and the ratio of the SDs of two classes, the instrument's jitter off. Uses
 * influence as scratch of the class asked for. */
dt_estimate dt__local_sd(const dt__local* local, int kind, double jitter_ms);
dt_estimate dt__local_ratio(const dt__local* local, int of, int to, double jitter_ms,
                            double* scratch);

#endif
