#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "../support/failing_allocator.h"
#include "dt/rng.h"
#include "dt/tempo.h"

#define SEED 20240613U

static void an_empty_map_is_120_in_four_four(void** state) {
  (void)state;
  const dt_tempo_map map = {.ticks_per_quarter = 480};
  assert_true(dt_tempo_map_seconds(&map, 960.0) == 1.0);
  assert_true(dt_tempo_map_ticks(&map, 1.0) == 960.0);
  assert_true(dt_tempo_map_seconds(&map, -960.0) == -1.0);
  assert_true(dt_tempo_map_ticks(&map, -1.0) == -960.0);
  assert_true(dt_tempo_map_bpm(&map, 5.0) == 120.0);
  assert_int_equal(dt_tempo_map_meter(&map, 5.0).numerator, 4);
  assert_int_equal(dt_tempo_map_meter(&map, 5.0).denominator, 4);
}

static void a_click_that_changes_is_followed(void** state) {
  (void)state;
  dt_tempo_map map = {.ticks_per_quarter = 100};
  /* Out of order, and one of them twice. */
  assert_int_equal(dt_tempo_map_set_tempo(&map, NULL, 400, 250000.0), DT_OK);
  assert_int_equal(dt_tempo_map_set_tempo(&map, NULL, 0, 1e6), DT_OK);
  assert_int_equal(dt_tempo_map_set_tempo(&map, NULL, 200, 9e5), DT_OK);
  assert_int_equal(dt_tempo_map_set_tempo(&map, NULL, 200, 5e5), DT_OK);
  assert_int_equal(map.tempo_count, 3);
  const double ticks[] = {-100.0, 0.0, 150.0, 200.0, 300.0, 400.0, 800.0};
  const double times_s[] = {-1.0, 0.0, 1.5, 2.0, 2.5, 3.0, 4.0};
  const double bpm[] = {60.0, 60.0, 60.0, 120.0, 120.0, 240.0, 240.0};
  for (size_t i = 0; i < sizeof ticks / sizeof ticks[0]; ++i) {
    assert_true(dt_tempo_map_seconds(&map, ticks[i]) == times_s[i]);
    assert_true(dt_tempo_map_ticks(&map, times_s[i]) == ticks[i]);
    assert_true(dt_tempo_map_bpm(&map, ticks[i]) == bpm[i]);
  }
  dt_tempo_map_clear(&map, NULL);
  assert_int_equal(map.ticks_per_quarter, 100);
  assert_true(dt_tempo_map_bpm(&map, 0.0) == 120.0);
}

static void the_first_change_may_come_late(void** state) {
  (void)state;
  dt_tempo_map map = {.ticks_per_quarter = 96};
  assert_int_equal(dt_tempo_map_set_tempo(&map, NULL, 192, 1e6), DT_OK);
  assert_int_equal(dt_tempo_map_set_meter(&map, NULL, 384, (dt_meter){7, 8}), DT_OK);
  assert_int_equal(map.tempi[0].tick, 0);
  assert_int_equal(map.meters[0].tick, 0);
  assert_true(dt_tempo_map_bpm(&map, 191.0) == 120.0 && dt_tempo_map_bpm(&map, 192.0) == 60.0);
  assert_true(dt_tempo_map_seconds(&map, 288.0) == 2.0);
  assert_int_equal(dt_tempo_map_meter(&map, 383.5).numerator, 4);
  assert_int_equal(dt_tempo_map_meter(&map, 384.0).numerator, 7);
  dt_tempo_map_clear(&map, NULL);
}

static void the_metre_in_force_is_found(void** state) {
  (void)state;
  dt_tempo_map map = {.ticks_per_quarter = 96};
  for (int i = 63; i >= 0; --i) /* backwards */
    assert_int_equal(dt_tempo_map_set_meter(&map, NULL, i * 100, (dt_meter){i + 1, 8}), DT_OK);
  assert_int_equal(dt_tempo_map_set_meter(&map, NULL, 500, (dt_meter){3, 16}), DT_OK);
  assert_int_equal(map.meter_count, 64);
  for (int i = 0; i < 64; ++i)
    assert_int_equal(dt_tempo_map_meter(&map, i * 100 + 99).numerator, i == 5 ? 3 : i + 1);
  assert_int_equal(dt_tempo_map_meter(&map, 500.0).denominator, 16);
  assert_int_equal(dt_tempo_map_meter(&map, -50.0).numerator, 1);
  assert_int_equal(dt_tempo_map_meter(&map, 1e12).numerator, 64);
  dt_tempo_map_clear(&map, NULL);
}

static void nonsense_is_refused_and_changes_nothing(void** state) {
  (void)state;
  dt_tempo_map map = {.ticks_per_quarter = 96};
  const double bad_us[] = {0.0, -5e5, 0.999, 6.1e8, (double)NAN, HUGE_VAL, -HUGE_VAL};
  for (size_t i = 0; i < sizeof bad_us / sizeof bad_us[0]; ++i)
    assert_int_equal(dt_tempo_map_set_tempo(&map, NULL, 0, bad_us[i]), DT_BAD_ARGUMENT);
  const dt_tick bad_ticks[] = {-1, INT64_MIN, INT64_MAX};
  for (size_t i = 0; i < 3; ++i) {
    assert_int_equal(dt_tempo_map_set_tempo(&map, NULL, bad_ticks[i], 5e5), DT_BAD_ARGUMENT);
    assert_int_equal(dt_tempo_map_set_meter(&map, NULL, bad_ticks[i], (dt_meter){4, 4}),
                     DT_BAD_ARGUMENT);
  }
  const dt_meter bad[] = {{0, 4}, {65, 4}, {-3, 4}, {4, 0}, {4, 3}, {4, 128}, {4, -4}};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i)
    assert_int_equal(dt_tempo_map_set_meter(&map, NULL, 0, bad[i]), DT_BAD_ARGUMENT);
  assert_null(map.tempi);
  assert_null(map.meters);
  /* The ends of the ranges are good. */
  assert_int_equal(dt_tempo_map_set_tempo(&map, NULL, 0, 1.0), DT_OK);
  assert_int_equal(dt_tempo_map_set_tempo(&map, NULL, 1, 6e8), DT_OK);
  assert_int_equal(dt_tempo_map_set_meter(&map, NULL, 0, (dt_meter){64, 64}), DT_OK);
  assert_int_equal(dt_tempo_map_set_meter(&map, NULL, 1, (dt_meter){1, 1}), DT_OK);
  dt_tempo_map_clear(&map, NULL);
}

static bool fill_map(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  dt_tempo_map map = {.ticks_per_quarter = 96};
  bool is_whole = true;
  for (int i = 1; i <= 40 && is_whole; ++i) {
    const size_t tempi = map.tempo_count;
    const size_t meters = map.meter_count;
    const dt_status a = dt_tempo_map_set_tempo(&map, allocator, i * 10, 1e5 + i);
    const dt_status b = dt_tempo_map_set_meter(&map, allocator, i * 10, (dt_meter){i, 4});
    is_whole = a == DT_OK && b == DT_OK;
    if (a != DT_OK) {
      assert_int_equal(a, DT_NO_MEMORY);
      assert_int_equal(map.tempo_count, tempi);
    }
    if (b != DT_OK) {
      assert_int_equal(b, DT_NO_MEMORY);
      assert_int_equal(map.meter_count, meters);
    }
  }
  dt_tempo_map_clear(&map, allocator);
  return is_whole;
}

static void lack_of_memory_leaves_the_map_as_it_was(void** state) {
  (void)state;
  const size_t requests = dt_failing_sweep(fill_map, NULL);
  assert_in_range(requests, 4, 12); /* it doubles */
}

/* Seconds summed the plain way, from the definition. */
static double plain_seconds(const dt_tempo_map* map, double tick) {
  double sum_s = 0.0;
  for (size_t i = 0; i < map->tempo_count; ++i) {
    const double from = (double)map->tempi[i].tick;
    const double to = i + 1 < map->tempo_count ? fmin(tick, (double)map->tempi[i + 1].tick) : tick;
    if (to > from)
      sum_s += (to - from) * map->tempi[i].us_per_quarter * 1e-6 / map->ticks_per_quarter;
  }
  return sum_s;
}

static void there_and_back_is_the_same_place_on_any_map(void** state) {
  (void)state;
  printf("seed %u\n", SEED);
  dt_rng rng = dt_rng_seeded(SEED, 1);
  for (int round = 0; round < 400; ++round) {
    dt_tempo_map map = {.ticks_per_quarter = 1 + (int32_t)dt_rng_below(&rng, 32767)};
    const uint32_t changes = 1 + dt_rng_below(&rng, 60);
    const uint32_t span = 1 + dt_rng_below(&rng, 2000000);
    for (uint32_t i = 0; i < changes; ++i) {
      const double us = 6e7 / (20.0 + 380.0 * dt_rng_uniform(&rng));
      assert_int_equal(dt_tempo_map_set_tempo(&map, NULL, dt_rng_below(&rng, span), us), DT_OK);
    }
    assert_int_equal(map.tempi[0].tick, 0);
    for (size_t i = 1; i < map.tempo_count; ++i)
      assert_true(map.tempi[i - 1].tick < map.tempi[i].tick);
    for (int i = 0; i < 50; ++i) {
      const double tick = (dt_rng_uniform(&rng) * 1.5 - 0.1) * span;
      const double time_s = dt_tempo_map_seconds(&map, tick);
      const double back = dt_tempo_map_ticks(&map, time_s);
      if (fabs(back - tick) > 1e-9 * (1.0 + fabs(tick)))
        fail_msg("Round %d of seed %u: %.17g became %.17g", round, SEED, tick, back);
      if (tick >= 0.0 && fabs(time_s - plain_seconds(&map, tick)) > 1e-9 * (1.0 + time_s))
        fail_msg("Round %d of seed %u: %.17g s at %.17g", round, SEED, time_s, tick);
    }
    /* On the changes themselves it is exact, or a stroke on the seam would change sides. */
    for (size_t i = 0; i < map.tempo_count; ++i) {
      const double tick = (double)map.tempi[i].tick;
      assert_true(fabs(dt_tempo_map_ticks(&map, dt_tempo_map_seconds(&map, tick)) - tick) < 1e-6);
    }
    dt_tempo_map_clear(&map, NULL);
  }
}

static void a_day_of_music_does_not_slip(void** state) {
  (void)state;
  dt_tempo_map map = {.ticks_per_quarter = DT_TICKS_PER_QUARTER};
  /* A change each bar for a day at 100 bpm: whole microseconds add up exactly. */
  const int bars = 36000;
  for (int i = 0; i < bars; ++i) {
    const double us = i % 2 == 0 ? 599999.0 : 600001.0;
    assert_int_equal(dt_tempo_map_set_tempo(&map, NULL, (dt_tick)i * 4 * DT_TICKS_PER_QUARTER, us),
                     DT_OK);
  }
  assert_true(dt_tempo_map_seconds(&map, bars * 4.0 * DT_TICKS_PER_QUARTER) == 86400.0);
  assert_true(dt_tempo_map_ticks(&map, 86400.0) == bars * 4.0 * DT_TICKS_PER_QUARTER);
  dt_tempo_map_clear(&map, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_empty_map_is_120_in_four_four),
      cmocka_unit_test(a_click_that_changes_is_followed),
      cmocka_unit_test(the_first_change_may_come_late),
      cmocka_unit_test(the_metre_in_force_is_found),
      cmocka_unit_test(nonsense_is_refused_and_changes_nothing),
      cmocka_unit_test(lack_of_memory_leaves_the_map_as_it_was),
      cmocka_unit_test(there_and_back_is_the_same_place_on_any_map),
      cmocka_unit_test(a_day_of_music_does_not_slip),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
