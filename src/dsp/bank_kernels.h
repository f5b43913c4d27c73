#ifndef DT_DSP_BANK_KERNELS_H
#define DT_DSP_BANK_KERNELS_H

#include <stdbool.h>

#include "dt/bank.h"

/*
 * The filters' work, once in plain C and once for each width of registers (bank_body.h), all with
 * the same bits: every band is worked on by the same steps in the same order.
 */
typedef struct dt__bank_kernel {
  const char* name;
  bool (*is_usable)(void) DT_NONBLOCKING;
  void (*add_energy)(dt_bank* bank, const float* samples, size_t count,
                     float energy[DT_BANK_BANDS]) DT_NONBLOCKING;
} dt__bank_kernel;

extern const dt__bank_kernel dt__bank_plain;
extern const dt__bank_kernel dt__bank_lanes4;
#if defined(__x86_64__)
extern const dt__bank_kernel dt__bank_avx2;
extern const dt__bank_kernel dt__bank_avx512;
#endif

/* From plain C (0) to the widest; NULL beyond. */
const dt__bank_kernel* dt__bank_variant(size_t i) DT_NONBLOCKING;

/* The widest that this processor has. */
const dt__bank_kernel* dt__bank_best(void) DT_NONBLOCKING;

/* A whisper 240 dB down keeps the state out of denormal numbers, which are slow. */
#define DT__BANK_WHISPER 1e-12f

#endif
