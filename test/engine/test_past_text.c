#include "dt/past_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const dt_past SAMPLE = {.day = 20000,
                               .chart = "rock",
                               .mode = DT_MODE_LADDER,
                               .played_s = 612.5,
                               .takes = 30,
                               .clean_takes = 26,
                               .bpm = 131.25,
                               .low_bpm = 127.1,
                               .high_bpm = 135.9,
                               .sd = 0.0171,
                               .top_bpm = 134.5,
                               .cold_bpm = 120.0,
                               .cold_kept = true,
                               .weakest = DT_FAIL_DRIFT,
                               .weak_bars = {3, 7},
                               .weak_count = 2,
                               .forewarned = 0.75};

static void write_line(char line[1024], const dt_past* past) {
  memset(line, 0, 1024);
  FILE* file = fmemopen(line, 1023, "w");
  assert_non_null(file);
  assert_true(dt_past_write(file, past));
  assert_int_equal(fclose(file), 0);
}

static void everything_the_coach_knew_comes_back_the_next_day(void** state) {
  (void)state;
  char line[1024];
  write_line(line, &SAMPLE);
  dt_past past;
  assert_true(dt_past_read(line, &past));
  assert_memory_equal(&past.sd, &SAMPLE.sd, sizeof past.sd);
  assert_true(past.top_bpm == SAMPLE.top_bpm);
  assert_true(past.forewarned == SAMPLE.forewarned);
  assert_true(past.cold_kept);
  assert_int_equal(past.weak_count, 2);
  assert_int_equal(past.weak_bars[1], 7);
  assert_string_equal(past.chart, "rock");
}

/* The two newest fields are cut off, as older programs wrote the line. */
static void a_log_of_an_older_program_is_still_read(void** state) {
  (void)state;
  char line[1024];
  write_line(line, &SAMPLE);
  *strrchr(line, '\t') = '\0';
  *strrchr(line, '\t') = '\0';
  dt_past past;
  assert_true(dt_past_read(line, &past));
  assert_true(past.bpm == SAMPLE.bpm);
  assert_true(past.top_bpm == 0 && past.forewarned == 0);
}

static void a_line_cut_in_the_middle_of_a_field_is_refused(void** state) {
  (void)state;
  char line[1024];
  write_line(line, &SAMPLE);
  *strrchr(line, '\t') = '\0'; /* one of the two is there, the other is not */
  dt_past past;
  assert_false(dt_past_read(line, &past));
  assert_int_equal(past.takes, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(everything_the_coach_knew_comes_back_the_next_day),
      cmocka_unit_test(a_log_of_an_older_program_is_still_read),
      cmocka_unit_test(a_line_cut_in_the_middle_of_a_field_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
