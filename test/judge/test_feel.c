#include "../support/failing_allocator.h"

#include <math.h>

#include "../support/near.h"
#include "dt/rng.h"
#include "judge_internal.h"

/* What is a habit and what is scatter, on residuals written by hand. */

enum { N_MAX = 400 };

typedef struct bench {
  dt__work work;
  dt_voice voice[N_MAX];
  double grid_beat[N_MAX];
  double residual_s[N_MAX];
  double feel_s[N_MAX];
  double white[N_MAX];
  uint64_t key[N_MAX];
} bench;

/* Eighths in 4/4: kick on the beat, snare off it. */
static void set_up(bench* b, size_t count) {
  memset(b, 0, sizeof(*b));
  b->work.count = count;
  b->work.voice = b->voice;
  b->work.grid_beat = b->grid_beat;
  b->work.residual_s = b->residual_s;
  b->work.feel_s = b->feel_s;
  b->work.white = b->white;
  b->work.key = b->key;
  b->work.meter = (dt_meter){4, 4};
  for (size_t i = 0; i < count; ++i) {
    b->grid_beat[i] = 0.5 * (double)i - 8.0;
    b->voice[i] = i % 2 ? DT_VOICE_SNARE : DT_VOICE_KICK;
  }
}

static void what_comes_back_every_bar_is_taken_out(void** state) {
  (void)state;
  bench b;
  set_up(&b, 64);
  for (size_t i = 0; i < 64; ++i)
    b.residual_s[i] = i % 8 == 2 ? 0.030 : 0.002; /* the kick on two is late */
  dt__take_out_feel(&b.work);
  /* Four kicks a bar share a mean that stays with the voice. */
  const double mean = (0.030 + 3 * 0.002) / 4;
  for (size_t i = 0; i < 64; ++i) {
    assert_near(b.residual_s[i], i % 2 ? 0.002 : mean, 1e-15);
    assert_near(b.feel_s[i], i % 2 ? 0.0 : i % 8 == 2 ? 0.030 - mean : 0.002 - mean, 1e-15);
  }
  assert_int_equal(b.work.feel_cells, 6); /* Four places each, less one mean each. */
}

static void three_times_is_not_yet_a_habit(void** state) {
  (void)state;
  bench b;
  set_up(&b, 24);
  for (size_t i = 0; i < 24; ++i)
    b.residual_s[i] = i % 8 == 2 ? 0.030 : 0.0;
  dt__take_out_feel(&b.work);
  assert_int_equal(b.work.feel_cells, 0);
  for (size_t i = 0; i < 24; ++i)
    assert_near(b.residual_s[i], i % 8 == 2 ? 0.030 : 0.0, 0);
}

/* What swing moves has a mean of its own. */
static void off_beats_that_swing_are_compared_among_themselves(void** state) {
  (void)state;
  bench b;
  set_up(&b, 64);
  b.work.swing_pair_beats = 1.0;
  for (size_t i = 0; i < 64; ++i) {
    b.voice[i] = DT_VOICE_RIDE;
    b.residual_s[i] = i % 2 ? 0.020 : 0.0;
    assert_int_equal(dt__is_off_beat(&b.work, i), i % 2 == 1);
  }
  dt__take_out_feel(&b.work);
  for (size_t i = 0; i < 64; ++i)
    assert_near(b.residual_s[i], i % 2 ? 0.020 : 0.0, 1e-15);
  b.work.swing_pair_beats = 0.0;
  assert_false(dt__is_off_beat(&b.work, 1));
  dt__take_out_feel(&b.work);
  for (size_t i = 0; i < 64; ++i)
    assert_near(b.residual_s[i], 0.010, 1e-15);
}

static void a_loose_limb_counts_less(void** state) {
  (void)state;
  bench b;
  set_up(&b, N_MAX);
  dt_rng rng = dt_rng_seeded(1, 1);
  double square = 0;
  double weighted = 0;
  for (size_t i = 0; i < N_MAX; ++i)
    b.residual_s[i] = (i % 2 ? 0.004 : 0.016) * dt_rng_normal(&rng) + (i % 2 ? 0.1 : 0.0);
  dt__voice_variance(&b.work);
  double mean = 0;
  for (size_t i = 0; i < N_MAX; ++i) {
    mean += b.white[i] / N_MAX;
    assert_near(b.white[i], b.white[i % 2], 0);
  }
  assert_near(mean, 1.0, 1e-12);
  /* 16 times the variance, drawn a little towards the rest. */
  assert_in_range((int)(b.white[0] / b.white[1]), 7, 16);
  double of_voice[2] = {0};
  for (size_t i = 0; i < N_MAX; ++i)
    of_voice[i % 2] += b.residual_s[i] / (N_MAX / 2);
  for (size_t i = 0; i < N_MAX; ++i) {
    const double away = b.residual_s[i] - of_voice[i % 2];
    square += away * away;
    weighted += away * away / b.white[i];
  }
  assert_near(b.work.white_gain, square / weighted, 1e-9);
}

static void a_machine_has_equal_limbs(void** state) {
  (void)state;
  bench b;
  set_up(&b, 32);
  dt__voice_variance(&b.work);
  for (size_t i = 0; i < 32; ++i)
    assert_near(b.white[i], 1.0, 0);
  assert_near(b.work.white_gain, 1.0, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_comes_back_every_bar_is_taken_out),
      cmocka_unit_test(three_times_is_not_yet_a_habit),
      cmocka_unit_test(off_beats_that_swing_are_compared_among_themselves),
      cmocka_unit_test(a_loose_limb_counts_less),
      cmocka_unit_test(a_machine_has_equal_limbs),
  };
  return cmocka_run_group_tests_name("feel", tests, NULL, NULL);
}
