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
#include "dt/sink.h"

static void what_is_written_stands_in_the_buffer(void** state) {
  (void)state;
  dt_buffer buffer = {0};
  const dt_sink sink = dt_buffer_sink(&buffer);
  assert_int_equal(dt_sink_write(sink, "", 0), DT_OK);
  assert_null(buffer.bytes);
  assert_int_equal(dt_sink_write(sink, "a\0b", 3), DT_OK);
  assert_int_equal(dt_sink_printf(sink, "%d-%s", 12, "x"), DT_OK);
  assert_int_equal(buffer.size, 7);
  assert_memory_equal(buffer.bytes, "a\0b12-x", 7);
  dt_buffer_clear(&buffer);
  assert_null(buffer.bytes);
  assert_int_equal(buffer.size + buffer.capacity, 0);
}

static bool write_much(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  dt_buffer buffer = {.allocator = allocator};
  const dt_sink sink = dt_buffer_sink(&buffer);
  bool is_whole = true;
  for (unsigned i = 0; i < 3000 && is_whole; ++i) {
    const size_t before = buffer.size;
    is_whole = dt_sink_printf(sink, "%04u", i) == DT_OK;
    assert_int_equal(buffer.size, before + (is_whole ? 4 : 0));
  }
  if (is_whole)
    assert_memory_equal(buffer.bytes + 4 * 2999, "2999", 4);
  dt_buffer_clear(&buffer);
  assert_ptr_equal(buffer.allocator, allocator);
  return is_whole;
}

static void a_growing_buffer_loses_nothing_when_memory_ends(void** state) {
  (void)state;
  assert_true(dt_failing_sweep(write_much, NULL) >= 4);
}

static void one_large_piece_fits(void** state) {
  (void)state;
  dt_buffer buffer = {0};
  static char piece[100000];
  memset(piece, 'p', sizeof piece);
  assert_int_equal(dt_sink_write(dt_buffer_sink(&buffer), piece, sizeof piece), DT_OK);
  assert_memory_equal(buffer.bytes, piece, sizeof piece);
  dt_buffer_clear(&buffer);
}

static void a_size_beyond_counting_is_refused(void** state) {
  (void)state;
  dt_buffer buffer = {0};
  const dt_sink sink = dt_buffer_sink(&buffer);
  assert_int_equal(dt_sink_write(sink, "abc", 3), DT_OK);
  assert_int_equal(dt_sink_write(sink, "abc", SIZE_MAX - 1), DT_NO_MEMORY);
  assert_int_equal(buffer.size, 3);
  dt_buffer_clear(&buffer);
}

static void a_long_line_is_cut_at_the_stated_length(void** state) {
  (void)state;
  dt_buffer buffer = {0};
  assert_int_equal(dt_sink_printf(dt_buffer_sink(&buffer), "%*d", 5000, 1), DT_OK);
  assert_int_equal(buffer.size, 1023);
  dt_buffer_clear(&buffer);
}

static dt_status refuse(void* ctx, const void* bytes, size_t size) {
  (void)bytes;
  (void)size;
  ++*(int*)ctx;
  return DT_IO;
}

static void a_refusal_is_passed_on(void** state) {
  (void)state;
  int calls = 0;
  const dt_sink sink = {refuse, &calls};
  assert_int_equal(dt_sink_write(sink, "x", 1), DT_IO);
  assert_int_equal(dt_sink_printf(sink, "x"), DT_IO);
  assert_int_equal(calls, 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_written_stands_in_the_buffer),
      cmocka_unit_test(a_growing_buffer_loses_nothing_when_memory_ends),
      cmocka_unit_test(one_large_piece_fits),
      cmocka_unit_test(a_size_beyond_counting_is_refused),
      cmocka_unit_test(a_long_line_is_cut_at_the_stated_length),
      cmocka_unit_test(a_refusal_is_passed_on),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
