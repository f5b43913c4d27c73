#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dt/error.h"

static void a_person_reads_what_and_where(void** state) {
  (void)state;
  dt_error err = {0};
  assert_int_equal(dt_fail(&err, DT_BAD_DATA, "Byte %d: the track %s early", 14, "ends"),
                   DT_BAD_DATA);
  assert_int_equal(err.status, DT_BAD_DATA);
  assert_string_equal(err.sentence, "Byte 14: the track ends early");
}

static void whoever_wants_no_sentence_still_gets_the_status(void** state) {
  (void)state;
  assert_int_equal(dt_fail(NULL, DT_IO, "Nobody reads %s", "this"), DT_IO);
}

static void a_long_sentence_is_cut_not_overrun(void** state) {
  (void)state;
  char text[2 * DT_ERROR_SENTENCE_MAX];
  memset(text, 'x', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  struct {
    dt_error err;
    char after[8];
  } box;
  memset(&box, 'z', sizeof box);
  (void)dt_fail(&box.err, DT_TOO_LARGE, "%s", text);
  assert_int_equal(strlen(box.err.sentence), DT_ERROR_SENTENCE_MAX - 1);
  assert_memory_equal(box.after, "zzzzzzzz", 8);
}

static void the_last_failure_replaces_the_one_before(void** state) {
  (void)state;
  dt_error err = {0};
  (void)dt_fail(&err, DT_BAD_DATA, "A long first sentence");
  (void)dt_fail(&err, DT_IO, "Short");
  assert_int_equal(err.status, DT_IO);
  assert_string_equal(err.sentence, "Short");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_person_reads_what_and_where),
      cmocka_unit_test(whoever_wants_no_sentence_still_gets_the_status),
      cmocka_unit_test(a_long_sentence_is_cut_not_overrun),
      cmocka_unit_test(the_last_failure_replaces_the_one_before),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
