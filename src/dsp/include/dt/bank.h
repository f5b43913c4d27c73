#ifndef DT_BANK_H
#define DT_BANK_H

#include <stddef.h>

#include "dt/attr.h"

/*
 * Sixteen complex gammatone filters (third order), 50 Hz to 15 kHz, spaced by a factor of 1.46:
 * an ear's first stage. A complex filter's magnitude is its envelope, without the ripple that a
 * real band-pass has at twice its frequency. After M. Slaney, "An efficient implementation of the
 * Patterson-Holdsworth auditory filter bank", Apple TR 35, 1993, in the all-pole form: each stage
 * is z[n] = (1 - |p|) x[n] + p z[n-1].
 *
 * A struct of plain values: copy it to save its state. One thread at a time.
 */
#define DT_BANK_BANDS 16

typedef struct dt_bank {
  float pole_re[DT_BANK_BANDS];
  float pole_im[DT_BANK_BANDS];
  float gain[DT_BANK_BANDS];
  float state[6][DT_BANK_BANDS]; /* stage 1 re, im, stage 2 re, im, stage 3 re, im */
  int band_count;                /* bands below 0.45 of the rate, 1..DT_BANK_BANDS; the others pass
                                    the last one's coefficients */
} dt_bank;

/* rate_hz 8000..192000. */
void dt_bank_init(dt_bank* bank, int rate_hz);

/* Forget the past, keep the coefficients. */
void dt_bank_reset(dt_bank* bank) DT_NONBLOCKING;

/* Filters count samples and adds each band's |z|^2 to energy[]. Samples must be finite and below
 * 1e9. A sine of amplitude a in the middle of a band adds about a^2/4 a sample. */
void dt_bank_add_energy(dt_bank* bank, const float* samples, size_t count,
                        float energy[DT_BANK_BANDS]) DT_NONBLOCKING;

/* Middle of a band, Hz. */
double dt_bank_center_hz(int band);

#endif
