#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <sched.h>

#include "../support/failing_allocator.h"
#include "dt/ring.h"
#include "ring_internal.h"

static void records_come_out_as_they_went_in(void** state) {
  (void)state;
  dt_ring* ring = dt_ring_new(NULL, 5, sizeof(int)); /* rounded up to 8 */
  assert_non_null(ring);
  int got = -1;
  assert_false(dt_ring_read(ring, &got));
  assert_int_equal(got, -1);
  for (int i = 0; i < 8; ++i) {
    assert_int_equal(dt_ring_waiting(ring), i);
    assert_true(dt_ring_write(ring, &i));
  }
  for (int i = 0; i < 8; ++i) {
    assert_true(dt_ring_read(ring, &got));
    assert_int_equal(got, i);
  }
  assert_int_equal(dt_ring_waiting(ring), 0);
  dt_ring_free(ring);
}

static void a_full_ring_refuses_and_counts(void** state) {
  (void)state;
  dt_ring* ring = dt_ring_new(NULL, 2, sizeof(int));
  assert_non_null(ring);
  for (int i = 0; i < 5; ++i)
    assert_int_equal(dt_ring_write(ring, &i), i < 2);
  assert_int_equal(dt_ring_overflows(ring), 3);
  int got = -1;
  assert_true(dt_ring_read(ring, &got));
  assert_int_equal(got, 0);
  assert_true(dt_ring_write(ring, &got)); /* room again */
  assert_int_equal(dt_ring_overflows(ring), 3);
  dt_ring_free(ring);
}

static void impossible_rings_are_refused(void** state) {
  (void)state;
  assert_null(dt_ring_new(NULL, 0, 4));
  assert_null(dt_ring_new(NULL, 4, 0));
  assert_null(dt_ring_new(NULL, ((uint32_t)1 << 30) + 1, 1));
  assert_null(dt_ring_new(NULL, UINT32_MAX, UINT32_MAX));
  dt_ring_free(NULL);
}

static bool make_ring(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  dt_ring* ring = dt_ring_new(allocator, 100, 24);
  dt_ring_free(ring);
  return ring != NULL;
}

static void lack_of_memory_leaves_no_ring(void** state) {
  (void)state;
  assert_int_equal(dt_failing_sweep(make_ring, NULL), 1);
}

static void the_counters_may_wrap(void** state) {
  (void)state;
  for (uint32_t capacity = 1; capacity <= 8; capacity *= 2) {
    dt_ring* ring = dt__ring_new_at(NULL, capacity, sizeof(uint32_t), UINT32_MAX - 20);
    assert_non_null(ring);
    uint32_t next = 0;
    for (uint32_t i = 0; i < 50; ++i) {
      /* Filled to the brim each round, so that full and empty are told apart at the wrap. */
      while (dt_ring_write(ring, &next))
        ++next;
      assert_int_equal(dt_ring_waiting(ring), capacity);
      for (uint32_t k = next - capacity; k != next; ++k) {
        uint32_t got = 0;
        assert_true(dt_ring_read(ring, &got));
        assert_int_equal(got, k);
      }
      assert_int_equal(dt_ring_waiting(ring), 0);
    }
    dt_ring_free(ring);
  }
}

/* Two threads. Each record carries its number in every word, so that a torn one shows. */
#define WORDS   6
#define RECORDS 300000U

typedef struct record {
  uint32_t words[WORDS];
} record;

typedef struct traffic {
  dt_ring* ring;
  uint64_t refused;
} traffic;

static void* write_all(void* ctx) {
  traffic* t = ctx;
  for (uint32_t i = 0; i < RECORDS; ++i) {
    record r;
    for (int w = 0; w < WORDS; ++w)
      r.words[w] = i * 2654435761U + (uint32_t)w;
    while (!dt_ring_write(t->ring, &r)) {
      ++t->refused;
      sched_yield();
    }
  }
  return NULL;
}

static void two_threads_lose_and_tear_nothing(void** state) {
  (void)state;
  const uint32_t capacities[] = {1, 16, 1024};
  for (size_t c = 0; c < sizeof capacities / sizeof capacities[0]; ++c) {
    /* A third of the way through, the counters wrap. */
    traffic t = {dt__ring_new_at(NULL, capacities[c], sizeof(record), UINT32_MAX - RECORDS / 3), 0};
    assert_non_null(t.ring);
    pthread_t writer;
    assert_int_equal(pthread_create(&writer, NULL, write_all, &t), 0);
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < RECORDS; ++i) {
      record r = {{0}};
      while (!dt_ring_read(t.ring, &r))
        sched_yield();
      if (dt_ring_waiting(t.ring) > capacities[c])
        ++wrong;
      for (int w = 0; w < WORDS; ++w) {
        if (r.words[w] != i * 2654435761U + (uint32_t)w)
          ++wrong;
      }
    }
    assert_int_equal(pthread_join(writer, NULL), 0);
    assert_int_equal(wrong, 0);
    assert_int_equal(dt_ring_waiting(t.ring), 0);
    assert_int_equal(dt_ring_overflows(t.ring), t.refused);
    dt_ring_free(t.ring);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(records_come_out_as_they_went_in),
      cmocka_unit_test(a_full_ring_refuses_and_counts),
      cmocka_unit_test(impossible_rings_are_refused),
      cmocka_unit_test(lack_of_memory_leaves_no_ring),
      cmocka_unit_test(the_counters_may_wrap),
      cmocka_unit_test(two_threads_lose_and_tear_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
