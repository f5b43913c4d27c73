#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bank_kernels.h"
#include "dt/rng.h"

static void sine(float* x, size_t count, double hz, double rate_hz, double amplitude) {
  for (size_t n = 0; n < count; n++)
    x[n] = (float)(amplitude * sin(6.283185307179586 * hz * (double)n / rate_hz));
}

/* Energy a sample, after the bank has settled. */
static void steady_energy(int rate_hz, double hz, double amplitude, float energy[DT_BANK_BANDS]) {
  size_t count = (size_t)rate_hz;
  float* x = calloc(count, sizeof *x);
  assert_non_null(x);
  dt_bank bank;
  dt_bank_init(&bank, rate_hz);
  sine(x, count, hz, rate_hz, amplitude);
  float ignored[DT_BANK_BANDS] = {0};
  dt_bank_add_energy(&bank, x, count / 2, ignored);
  memset(energy, 0, DT_BANK_BANDS * sizeof *energy);
  dt_bank_add_energy(&bank, x + count / 2, count / 2, energy);
  for (int b = 0; b < DT_BANK_BANDS; b++)
    energy[b] /= (float)(count / 2);
  free(x);
}

static void a_tone_is_loudest_in_its_own_band(void** state) {
  (void)state;
  static const int rates[] = {22050, 44100, 48000, 96000, 192000};
  for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
    for (int b = 0; b < DT_BANK_BANDS; b++) {
      if (dt_bank_center_hz(b) > 0.3 * rates[r])
        continue;
      float energy[DT_BANK_BANDS];
      steady_energy(rates[r], dt_bank_center_hz(b), 0.5, energy);
      /* Low bands are wide for their place and hear the tone's mirror too: 2 dB. */
      assert_true(fabs(10 * log10((double)energy[b] / (0.25 / 4))) < 2);
      for (int other = 0; other < DT_BANK_BANDS; other++)
        if (abs(other - b) > 2 && dt_bank_center_hz(other) < 0.45 * rates[r])
          assert_true(energy[other] < energy[b] / 4);
    }
  }
}

static void energy_does_not_depend_on_the_blocks(void** state) {
  (void)state;
  float x[1000];
  for (int n = 0; n < 1000; n++)
    x[n] = (float)((n * 7919) % 1000) / 1000 - 0.5f;
  dt_bank whole;
  dt_bank_init(&whole, 44100);
  dt_bank parts = whole;
  float a[DT_BANK_BANDS] = {0};
  float b[DT_BANK_BANDS] = {0};
  dt_bank_add_energy(&whole, x, 1000, a);
  for (size_t at = 0; at < 1000;) {
    size_t part = at % 7 + 1 < 1000 - at ? at % 7 + 1 : 1000 - at;
    dt_bank_add_energy(&parts, x + at, part, b);
    at += part;
  }
  assert_memory_equal(whole.state, parts.state, sizeof whole.state);
  for (int i = 0; i < DT_BANK_BANDS; i++)
    assert_true(fabsf(a[i] - b[i]) <= 1e-5f * a[i]);
}

static void every_kernel_hears_the_same_bits(void** state) {
  (void)state;
  const uint64_t seed = 3;
  dt_rng rng = dt_rng_seeded(seed, 0);
  static const int rates[] = {8000, 44100, 192000};
  for (size_t v = 1; dt__bank_variant(v) != NULL; v++) {
    if (!dt__bank_variant(v)->is_usable())
      continue;
    for (int run = 0; run < 60; run++) {
      dt_bank plain;
      dt_bank_init(&plain, rates[run % 3]);
      dt_bank other = plain;
      float a[DT_BANK_BANDS] = {0};
      float b[DT_BANK_BANDS] = {0};
      for (int block = 0; block < 6; block++) {
        float x[200];
        const size_t count = (size_t)(dt_rng_uniform(&rng) * 200);
        const double loud = pow(10, 8 * dt_rng_uniform(&rng) - 4);
        for (size_t n = 0; n < count; n++)
          x[n] = (float)(loud * dt_rng_normal(&rng));
        dt__bank_plain.add_energy(&plain, x, count, a);
        dt__bank_variant(v)->add_energy(&other, x, count, b);
      }
      if (memcmp(plain.state, other.state, sizeof plain.state) != 0 || memcmp(a, b, sizeof a) != 0)
        fail_msg("%s, seed %d, run %d", dt__bank_variant(v)->name, (int)seed, run);
    }
  }
}

static void silence_after_sound_ends_in_normal_numbers(void** state) {
  (void)state;
  float x[4410] = {1};
  dt_bank bank;
  dt_bank_init(&bank, 44100);
  float energy[DT_BANK_BANDS] = {0};
  for (int i = 0; i < 100; i++) {
    dt_bank_add_energy(&bank, x, 4410, energy);
    x[0] = 0;
  }
  for (int s = 0; s < 6; s++)
    for (int b = 0; b < DT_BANK_BANDS; b++)
      assert_true(fpclassify(bank.state[s][b]) != FP_SUBNORMAL);
}

static void low_rates_have_fewer_bands(void** state) {
  (void)state;
  dt_bank bank;
  dt_bank_init(&bank, 8000);
  assert_true(bank.band_count >= 10 && bank.band_count < DT_BANK_BANDS);
  assert_true(dt_bank_center_hz(bank.band_count - 1) < 3600);
  dt_bank_init(&bank, 44100);
  assert_int_equal(bank.band_count, DT_BANK_BANDS);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_tone_is_loudest_in_its_own_band),
      cmocka_unit_test(energy_does_not_depend_on_the_blocks),
      cmocka_unit_test(every_kernel_hears_the_same_bits),
      cmocka_unit_test(silence_after_sound_ends_in_normal_numbers),
      cmocka_unit_test(low_rates_have_fewer_bands),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
