#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdalign.h>

#include "dt/alloc.h"
#include "dt/arena.h"

typedef struct thing {
  char* name;
  double* numbers;
  char* tail;
} thing;

static void layout(dt_arena* arena, thing* t) {
  t->name = dt_arena_take(arena, 7, 1);
  t->numbers = dt_arena_take(arena, 5, sizeof(double));
  t->tail = dt_arena_take(arena, 3, 1);
}

static void the_measured_size_is_exactly_enough(void** state) {
  (void)state;
  thing t;
  dt_arena arena = dt_arena_measure();
  layout(&arena, &t);
  assert_null(t.name);
  assert_null(t.numbers);
  assert_null(t.tail);
  const size_t size = arena.used;
  unsigned char* block = dt_alloc(NULL, size);
  assert_non_null(block);
  arena = dt_arena_over(block, size);
  layout(&arena, &t);
  assert_int_equal(arena.used, size);
  assert_ptr_equal(t.tail + 3, block + size);
  memset(t.name, 1, 7);
  memset(t.numbers, 2, 5 * sizeof(double));
  memset(t.tail, 3, 3);
  assert_int_equal(t.name[6], 1);
  dt_release(NULL, block, size);
}

static void every_piece_is_aligned_for_any_type(void** state) {
  (void)state;
  alignas(max_align_t) unsigned char memory[1000];
  dt_arena arena = dt_arena_over(memory, sizeof memory);
  for (size_t size = 1; size < 30; ++size) {
    const unsigned char* piece = dt_arena_take(&arena, size, 1);
    assert_non_null(piece);
    assert_int_equal((uintptr_t)piece % alignof(max_align_t), 0);
  }
}

static void a_full_block_gives_no_more(void** state) {
  (void)state;
  alignas(max_align_t) unsigned char memory[64];
  dt_arena arena = dt_arena_over(memory, sizeof memory);
  assert_non_null(dt_arena_take(&arena, 1, 33));
  assert_null(dt_arena_take(&arena, 17, 1)); /* 16 are left after padding */
  assert_non_null(dt_arena_take(&arena, 16, 1));
  assert_null(dt_arena_take(&arena, 1, 1));
  assert_int_equal(arena.used, 64);
}

static void a_size_beyond_counting_fails_instead_of_wrapping(void** state) {
  (void)state;
  dt_arena arena = dt_arena_measure();
  assert_null(dt_arena_take(&arena, SIZE_MAX / 8 + 1, 8));
  assert_int_equal(arena.used, SIZE_MAX);
  assert_null(dt_arena_take(&arena, 1, 1)); /* and stays so */
  assert_int_equal(arena.used, SIZE_MAX);

  arena = dt_arena_measure();
  assert_null(dt_arena_take(&arena, SIZE_MAX - 20, 1));
  assert_null(dt_arena_take(&arena, 30, 1)); /* the sum wraps */
  assert_int_equal(arena.used, SIZE_MAX);

  arena = dt_arena_measure();
  assert_null(dt_arena_take(&arena, SIZE_MAX - 3, 1));
  assert_null(dt_arena_take(&arena, 1, 1)); /* the padding wraps */
  assert_int_equal(arena.used, SIZE_MAX);

  unsigned char memory[16];
  arena = dt_arena_over(memory, sizeof memory);
  assert_null(dt_arena_take(&arena, SIZE_MAX, SIZE_MAX));
  assert_int_equal(arena.used, SIZE_MAX);
}

static void no_items_cost_nothing(void** state) {
  (void)state;
  dt_arena arena = dt_arena_measure();
  assert_null(dt_arena_take(&arena, 0, 8));
  assert_null(dt_arena_take(&arena, 8, 0));
  assert_int_equal(arena.used, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_measured_size_is_exactly_enough),
      cmocka_unit_test(every_piece_is_aligned_for_any_type),
      cmocka_unit_test(a_full_block_gives_no_more),
      cmocka_unit_test(a_size_beyond_counting_fails_instead_of_wrapping),
      cmocka_unit_test(no_items_cost_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
