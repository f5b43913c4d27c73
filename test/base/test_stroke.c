#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/failing_allocator.h"
#include "dt/rng.h"
#include "dt/stroke.h"

#define SEED 20240611U

static void an_unknown_is_marked_as_unknown(void** state) {
  (void)state;
  const dt_stroke s = dt_stroke_at(1.25, DT_RIDE);
  assert_true(s.time_s == 1.25 && s.drum == DT_RIDE);
  assert_true(s.velocity == 0.0F && s.openness == -1.0F && s.confidence == 1.0F);
  assert_true(s.choke_s == 0.0F && s.note == -1);
}

static void a_long_take_keeps_every_stroke(void** state) {
  (void)state;
  dt_failing failing = {0};
  const dt_allocator allocator = dt_failing_allocator(&failing);
  dt_strokes list = {0};
  for (int i = 0; i < 5000; ++i) {
    const dt_stroke s = dt_stroke_at(i, DT_KICK);
    assert_int_equal(dt_strokes_add(&list, &allocator, &s), DT_OK);
  }
  assert_int_equal(list.count, 5000);
  for (int i = 0; i < 5000; ++i)
    assert_true(list.items[i].time_s == i);
  assert_true(failing.requests < 20); /* it doubles */
  dt_strokes_clear(&list, &allocator);
  assert_int_equal(failing.live_blocks, 0);
  assert_null(list.items);
  assert_int_equal(list.count + list.capacity, 0);
}

static void a_stroke_of_the_list_itself_can_be_added(void** state) {
  (void)state;
  dt_failing failing = {0}; /* moves the block whenever it grows */
  const dt_allocator allocator = dt_failing_allocator(&failing);
  dt_strokes list = {0};
  const dt_stroke s = dt_stroke_at(7.0, DT_SNARE);
  assert_int_equal(dt_strokes_add(&list, &allocator, &s), DT_OK);
  for (int i = 0; i < 200; ++i)
    assert_int_equal(dt_strokes_add(&list, &allocator, &list.items[0]), DT_OK);
  for (int i = 0; i <= 200; ++i)
    assert_true(list.items[i].time_s == 7.0);
  dt_strokes_clear(&list, &allocator);
}

static bool add_many(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  dt_strokes list = {0};
  bool is_whole = true;
  for (int i = 0; i < 300 && is_whole; ++i) {
    const dt_stroke s = dt_stroke_at(i, DT_KICK);
    const dt_status status = dt_strokes_add(&list, allocator, &s);
    if (status != DT_OK) {
      assert_int_equal(status, DT_NO_MEMORY);
      assert_int_equal(list.count, i); /* as it was */
      for (int k = 0; k < i; ++k)
        assert_true(list.items[k].time_s == k);
      is_whole = false;
    }
  }
  dt_strokes_clear(&list, allocator);
  return is_whole;
}

static void lack_of_memory_loses_no_stroke_already_there(void** state) {
  (void)state;
  assert_true(dt_failing_sweep(add_many, NULL) >= 2);
}

static void a_list_too_large_to_count_is_refused(void** state) {
  (void)state;
  const size_t most = SIZE_MAX / sizeof(dt_stroke);
  dt_strokes list = {.count = most, .capacity = most};
  const dt_stroke s = dt_stroke_at(0.0, DT_KICK);
  assert_int_equal(dt_strokes_add(&list, NULL, &s), DT_NO_MEMORY);
}

/* Reference order: by time, drum, note, then by the order of arrival (kept in velocity). */
static int reference_order(const void* left, const void* right) {
  const dt_stroke* a = left;
  const dt_stroke* b = right;
  if (a->time_s != b->time_s)
    return a->time_s < b->time_s ? -1 : 1;
  if (a->drum != b->drum)
    return a->drum < b->drum ? -1 : 1;
  if (a->note != b->note)
    return a->note < b->note ? -1 : 1;
  return a->velocity < b->velocity ? -1 : a->velocity > b->velocity;
}

static void check_sort(dt_rng* rng, size_t count, uint32_t times) {
  dt_stroke* items = dt_alloc(NULL, (count + 1) * sizeof *items);
  dt_stroke* expected = dt_alloc(NULL, (count + 1) * sizeof *expected);
  assert_non_null(items);
  assert_non_null(expected);
  for (size_t i = 0; i < count; ++i) {
    /* times 0: nearly in order, as strokes come. */
    const double time_s = times > 0 ? dt_rng_below(rng, times) : (double)i + dt_rng_below(rng, 4);
    items[i] = dt_stroke_at(time_s, (dt_drum)dt_rng_below(rng, 3));
    items[i].note = (int)dt_rng_below(rng, 2);
    items[i].velocity = (float)i;
    expected[i] = items[i];
  }
  qsort(expected, count, sizeof *expected, reference_order);
  dt_strokes list = {items, count, count + 1};
  dt_strokes_sort(&list);
  for (size_t i = 0; i < count; ++i) {
    if (reference_order(&items[i], &expected[i]) != 0)
      fail_msg("Seed %u, %zu strokes over %u times: wrong at %zu", SEED, count, times, i);
  }
  dt_release(NULL, items, (count + 1) * sizeof *items);
  dt_release(NULL, expected, (count + 1) * sizeof *expected);
}

static void strokes_are_ordered_and_equal_ones_keep_their_order(void** state) {
  (void)state;
  printf("seed %u\n", SEED);
  dt_rng rng = dt_rng_seeded(SEED, 1);
  for (size_t count = 0; count < 140; ++count) {
    check_sort(&rng, count, 0);
    check_sort(&rng, count, 3);
    check_sort(&rng, count, 1000);
  }
  check_sort(&rng, 20000, 0);
  check_sort(&rng, 20000, 1);
  check_sort(&rng, 20000, 50);
  check_sort(&rng, 20001, 1000000);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_unknown_is_marked_as_unknown),
      cmocka_unit_test(a_long_take_keeps_every_stroke),
      cmocka_unit_test(a_stroke_of_the_list_itself_can_be_added),
      cmocka_unit_test(lack_of_memory_loses_no_stroke_already_there),
      cmocka_unit_test(a_list_too_large_to_count_is_refused),
      cmocka_unit_test(strokes_are_ordered_and_equal_ones_keep_their_order),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
