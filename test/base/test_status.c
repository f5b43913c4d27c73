#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dt/status.h"

static void every_failure_has_a_sentence_of_its_own(void** state) {
  (void)state;
  for (int a = 0; a < DT_STATUS_COUNT; ++a) {
    const char* sentence = dt_status_sentence((dt_status)a);
    assert_true(sentence[0] >= 'A' && sentence[0] <= 'Z');
    assert_true(sentence[strlen(sentence) - 1] != '.');
    for (int b = 0; b < a; ++b)
      assert_string_not_equal(sentence, dt_status_sentence((dt_status)b));
  }
}

static void success_is_zero(void** state) {
  (void)state;
  assert_int_equal(DT_OK, 0);
  assert_string_equal(dt_status_sentence(DT_OK), "Success");
}

static void a_number_from_outside_the_table_is_survived(void** state) {
  (void)state;
  assert_string_equal(dt_status_sentence(DT_STATUS_COUNT), "Unknown status");
  assert_string_equal(dt_status_sentence((dt_status)1000000), "Unknown status");
  assert_string_equal(dt_status_sentence((dt_status)-1), "Unknown status");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_failure_has_a_sentence_of_its_own),
      cmocka_unit_test(success_is_zero),
      cmocka_unit_test(a_number_from_outside_the_table_is_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
