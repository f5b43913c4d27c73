#include "dt/bank.h"

#include <math.h>
#include <string.h>

#include "dt/rt_poison.h" /* last: see there */

#define LOWEST_HZ  50.0
#define HIGHEST_HZ 15000.0

/* Bandwidth as a share of the centre, and its least: narrower low bands would hear a bass drum
 * tens of milliseconds late. */
#define BANDWIDTH_SHARE  0.3
#define BANDWIDTH_MIN_HZ 40.0

/* A whisper 240 dB down keeps the state out of denormal numbers, which are slow. */
#define WHISPER 1e-12f

static const double two_pi = 6.28318530717958647692;

/* Eight bands side by side: the recurrence is a chain of latencies that lanes hide. */
#define LANES 8
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

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

/* By pointer: passing such vectors by value has no stable calling convention. */
static inline void load(lanes* v, const float* x) {
  memcpy(v, x, sizeof *v);
}

static inline void store(float* x, const lanes* v) {
  memcpy(x, v, sizeof *v);
}

static void add_energy(dt_bank* bank, int first, const float* samples, size_t count,
                       float* energy) {
  lanes p, q, g, re1, im1, re2, im2, re3, im3;
  load(&p, bank->pole_re + first);
  load(&q, bank->pole_im + first);
  load(&g, bank->gain + first);
  load(&re1, bank->state[0] + first);
  load(&im1, bank->state[1] + first);
  load(&re2, bank->state[2] + first);
  load(&im2, bank->state[3] + first);
  load(&re3, bank->state[4] + first);
  load(&im3, bank->state[5] + first);
  lanes sum = {0};
  for (size_t n = 0; n < count; n++) {
    lanes in = (samples[n] + WHISPER) * g;
    lanes t = (in + p * re1) - q * im1;
    im1 = q * re1 + p * im1;
    re1 = t;
    t = (re1 + p * re2) - q * im2;
    im2 = (im1 + q * re2) + p * im2;
    re2 = t;
    t = (re2 + p * re3) - q * im3;
    im3 = (im2 + q * re3) + p * im3;
    re3 = t;
    sum += re3 * re3 + im3 * im3;
  }
  store(bank->state[0] + first, &re1);
  store(bank->state[1] + first, &im1);
  store(bank->state[2] + first, &re2);
  store(bank->state[3] + first, &im2);
  store(bank->state[4] + first, &re3);
  store(bank->state[5] + first, &im3);
  lanes total;
  load(&total, energy + first);
  total += sum * (g * g) * (g * g); /* the gains of the last two stages */
  store(energy + first, &total);
}

void dt_bank_add_energy(dt_bank* bank, const float* samples, size_t count,
                        float energy[DT_BANK_BANDS]) {
  for (int first = 0; first < DT_BANK_BANDS; first += LANES)
    add_energy(bank, first, samples, count, energy);
}
