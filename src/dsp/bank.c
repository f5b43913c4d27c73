#include "dt/bank.h"

#include <math.h>
#include <string.h>

#include "bank_kernels.h"

#include "dt/rt_poison.h" /* last: see there */

#define LOWEST_HZ  50.0
#define HIGHEST_HZ 15000.0

/* Bandwidth as a share of the centre, and its least: narrower low bands would hear a bass drum
 * tens of milliseconds late. */
#define BANDWIDTH_SHARE  0.3
#define BANDWIDTH_MIN_HZ 40.0

static const double two_pi = 6.28318530717958647692;

double dt_bank_center_hz(int band) {
  return LOWEST_HZ * pow(HIGHEST_HZ / LOWEST_HZ, band / (double)(DT_BANK_BANDS - 1));
}

void dt_bank_init(dt_bank* bank, int rate_hz) {
  bank->band_count = 0;
  for (int b = 0; b < DT_BANK_BANDS; b++) {
    double center_hz = dt_bank_center_hz(b);
    if (center_hz < 0.45 * rate_hz)
      bank->band_count = b + 1;
    else
      center_hz = dt_bank_center_hz(bank->band_count - 1);
    double width_hz = fmax(BANDWIDTH_MIN_HZ, BANDWIDTH_SHARE * center_hz);
    double radius = exp(-two_pi * width_hz / rate_hz);
    double angle = two_pi * center_hz / rate_hz;
    bank->pole_re[b] = (float)(radius * cos(angle));
    bank->pole_im[b] = (float)(radius * sin(angle));
    bank->gain[b] = (float)(1 - radius);
  }
  dt_bank_reset(bank);
}

void dt_bank_reset(dt_bank* bank) {
  memset(bank->state, 0, sizeof bank->state);
}

/* ---------------------------------------------------------------- plain C */

static void add_band(dt_bank* bank, int b, const float* samples, size_t count, float* energy) {
  const float p = bank->pole_re[b];
  const float q = bank->pole_im[b];
  const float g = bank->gain[b];
  float re[3] = {bank->state[0][b], bank->state[2][b], bank->state[4][b]};
  float im[3] = {bank->state[1][b], bank->state[3][b], bank->state[5][b]};
  float sum = 0;
  for (size_t n = 0; n < count; n++) {
    float t = ((samples[n] + DT__BANK_WHISPER) * g + p * re[0]) - q * im[0];
    im[0] = q * re[0] + p * im[0];
    re[0] = t;
    for (int s = 1; s < 3; s++) {
      t = (re[s - 1] + p * re[s]) - q * im[s];
      im[s] = (im[s - 1] + q * re[s]) + p * im[s];
      re[s] = t;
    }
    sum += re[2] * re[2] + im[2] * im[2];
  }
  for (int s = 0; s < 3; s++) {
    bank->state[2 * s][b] = re[s];
    bank->state[2 * s + 1][b] = im[s];
  }
  *energy += sum * (g * g) * (g * g); /* the gains of the last two stages */
}

static void add_energy(dt_bank* bank, const float* samples, size_t count,
                       float energy[DT_BANK_BANDS]) DT_NONBLOCKING {
  for (int b = 0; b < DT_BANK_BANDS; b++)
    add_band(bank, b, samples, count, &energy[b]);
}

static bool always(void) DT_NONBLOCKING {
  return true;
}

const dt__bank_kernel dt__bank_plain = {"plain C", always, add_energy};

/* ---------------------------------------------------------------- the choice */

static const dt__bank_kernel* const variants[] = {
    &dt__bank_plain,
    &dt__bank_lanes4,
#if defined(__x86_64__)
    &dt__bank_avx2,
    &dt__bank_avx512,
#endif
};
enum { VARIANTS = sizeof variants / sizeof variants[0] };

const dt__bank_kernel* dt__bank_variant(size_t i) {
  return i < VARIANTS ? variants[i] : NULL;
}

const dt__bank_kernel* dt__bank_best(void) {
  size_t i = VARIANTS - 1;
  while (i > 0 && !variants[i]->is_usable()) /* the plain one always is */
    i--;
  return variants[i];
}

void dt_bank_add_energy(dt_bank* bank, const float* samples, size_t count,
                        float energy[DT_BANK_BANDS]) {
  dt__bank_best()->add_energy(bank, samples, count, energy);
}
