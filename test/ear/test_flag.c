#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dt/rng.h"
#include "flag_kernels.h"

/* A flag stage with memory of its own. */
typedef struct stage {
  dt__flag flag;
  void* block;
} stage;

static stage stage_new(int rate_hz) {
  stage s = {0};
  dt_arena arena = dt_arena_measure();
  dt__flag_layout(&s.flag, &arena);
  s.block = calloc(1, arena.used);
  assert_non_null(s.block);
  arena = dt_arena_over(s.block, arena.used);
  dt__flag_layout(&s.flag, &arena);
  dt__flag_init(&s.flag, rate_hz);
  return s;
}

/* Noise that is loud now and then, and silence between. */
static void fill(float* x, int count, int hop, dt_rng* rng) {
  double loud = hop % 50 < 40 ? 0 : pow(10, 4 * dt_rng_uniform(rng) - 4);
  for (int n = 0; n < count; n++)
    x[n] = (float)(loud * dt_rng_normal(rng));
}

static void every_kernel_flags_the_same_hops(void** state) {
  (void)state;
  static const int rates[] = {8000, 44100, 192000};
  for (size_t v = 1; dt__flag_variant(v) != NULL; v++) {
    const dt__flag_kernel* kernel = dt__flag_variant(v);
    if (!kernel->is_usable())
      continue;
    for (int r = 0; r < 3; r++) {
      const uint64_t seed = 11;
      dt_rng rng = dt_rng_seeded(seed, (uint64_t)r);
      stage plain = stage_new(rates[r]);
      stage other = stage_new(rates[r]);
      for (int hop = 0; hop < 600; hop++) {
        float x[DT__FLAG_HOP_MAX];
        fill(x, plain.flag.hop_frames, hop, &rng);
        dt__flag_plain.take(&plain.flag, x);
        kernel->take(&other.flag, x);
        const float a = dt__flag_plain.score(&plain.flag);
        const float b = kernel->score(&other.flag);
        if (memcmp(&a, &b, sizeof a) != 0)
          fail_msg("%s, %d Hz, seed %d, hop %d: %.9g, not %.9g", kernel->name, rates[r], (int)seed,
                   hop, (double)b, (double)a);
        plain.flag.hops++;
        other.flag.hops++;
      }
      assert_memory_equal(plain.flag.loud, other.flag.loud, sizeof plain.flag.loud);
      assert_memory_equal(plain.flag.mean, other.flag.mean,
                          DT__FLAG_RING * sizeof *plain.flag.mean);
      free(plain.block);
      free(other.block);
    }
  }
}

static void a_stroke_in_quiet_is_flagged_soon(void** state) {
  (void)state;
  stage s = stage_new(44100);
  dt_rng rng = dt_rng_seeded(5, 0);
  int first = -1;
  for (int hop = 0; hop < 260 && first < 0; hop++) {
    float x[DT__FLAG_HOP_MAX] = {0};
    for (int n = 0; n < s.flag.hop_frames && hop >= 200; n++)
      x[n] = (float)(0.3 * exp(-(hop - 200) / 30.0) * dt_rng_normal(&rng));
    if (dt__flag_hop(&s.flag, x) > 0)
      first = hop;
  }
  assert_in_range(first, 200, 203);
  free(s.block);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_kernel_flags_the_same_hops),
      cmocka_unit_test(a_stroke_in_quiet_is_flagged_soon),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
