#ifndef DT_EAR_FLAG_KERNELS_H
#define DT_EAR_FLAG_KERNELS_H

#include <stddef.h>

#include "flag.h"
#include "flag_weights.h"

/*
 * The arithmetic of the flags, one body (flag_body.h) for each width of registers, from plain C to
 * AVX2, all with the same bits.
 */
typedef struct dt__flag_kernel {
  const char* name;
  bool (*is_usable)(void) DT_NONBLOCKING;
  /* Takes a hop into the rings. */
  void (*take)(dt__flag* flag, const float* samples) DT_NONBLOCKING;
  /* How likely it begins a stroke, in log odds. */
  float (*score)(const dt__flag* flag) DT_NONBLOCKING;
} dt__flag_kernel;

extern const dt__flag_kernel dt__flag_plain;
extern const dt__flag_kernel dt__flag_lanes4;
#if defined(__x86_64__)
extern const dt__flag_kernel dt__flag_avx2;
#endif

/* From plain C (0) to the widest; NULL beyond. */
const dt__flag_kernel* dt__flag_variant(size_t i) DT_NONBLOCKING;

/* The widest that this processor has. */
const dt__flag_kernel* dt__flag_best(void) DT_NONBLOCKING;

#endif
