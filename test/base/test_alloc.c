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

static void the_system_serves_when_nobody_is_named(void** state) {
  (void)state;
  char* block = dt_alloc(NULL, 4);
  assert_non_null(block);
  memcpy(block, "abc", 4);
  char* larger = dt_resize(NULL, block, 4, 40000);
  assert_non_null(larger);
  assert_string_equal(larger, "abc");
  char* smaller = dt_resize(NULL, larger, 40000, 2);
  assert_non_null(smaller);
  assert_memory_equal(smaller, "ab", 2);
  dt_release(NULL, smaller, 2);
}

static void zeroed_memory_is_zero(void** state) {
  (void)state;
  dt_failing failing = {0};
  const dt_allocator allocator = dt_failing_allocator(&failing);
  unsigned char* block = dt_alloc_zero(&allocator, 100); /* filled with 0xCD below */
  assert_non_null(block);
  for (int i = 0; i < 100; ++i)
    assert_int_equal(block[i], 0);
  dt_release(&allocator, block, 100);
  assert_int_equal(failing.live_blocks, 0);
}

static void nothing_is_asked_for_nothing(void** state) {
  (void)state;
  dt_failing failing = {0};
  const dt_allocator allocator = dt_failing_allocator(&failing);
  assert_null(dt_alloc(&allocator, 0));
  assert_null(dt_alloc_zero(&allocator, 0));
  assert_null(dt_resize(&allocator, NULL, 0, 0));
  dt_release(&allocator, NULL, 0);
  assert_int_equal(failing.requests, 0);
}

static void a_refused_resize_leaves_the_old_block(void** state) {
  (void)state;
  dt_failing failing = {.fail_at = 2};
  const dt_allocator allocator = dt_failing_allocator(&failing);
  char* block = dt_alloc(&allocator, 4);
  assert_non_null(block);
  memcpy(block, "abc", 4);
  assert_null(dt_resize(&allocator, block, 4, 400));
  assert_string_equal(block, "abc");
  assert_null(dt_resize(&allocator, block, 4, 0));
  assert_int_equal(failing.live_blocks, 0);
}

/* The test double itself. */
static bool two_blocks(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  void* a = dt_alloc(allocator, 10);
  void* b = dt_alloc(allocator, 20);
  const bool is_built = a != NULL && b != NULL;
  dt_release(allocator, a, 10);
  dt_release(allocator, b, 20);
  return is_built;
}

static void the_sweep_visits_every_request(void** state) {
  (void)state;
  assert_int_equal(dt_failing_sweep(two_blocks, NULL), 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_system_serves_when_nobody_is_named),
      cmocka_unit_test(zeroed_memory_is_zero),
      cmocka_unit_test(nothing_is_asked_for_nothing),
      cmocka_unit_test(a_refused_resize_leaves_the_old_block),
      cmocka_unit_test(the_sweep_visits_every_request),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
