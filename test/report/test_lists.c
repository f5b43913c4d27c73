#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fixture.h"

static dt_status write_csv(const dt_take* take, const dt_verdict* verdict,
                           const dt_report_options* options, dt_sink sink) {
  return dt_report_csv(take, options ? verdict : NULL, sink);
}

static dt_status write_bare_csv(const dt_take* take, const dt_verdict* verdict,
                                const dt_report_options* options, dt_sink sink) {
  (void)verdict;
  (void)options;
  return dt_report_csv(take, NULL, sink);
}

static dt_status write_audacity(const dt_take* take, const dt_verdict* verdict,
                                const dt_report_options* options, dt_sink sink) {
  (void)options;
  return dt_report_audacity(take, verdict, sink);
}

static dt_status write_bare_audacity(const dt_take* take, const dt_verdict* verdict,
                                     const dt_report_options* options, dt_sink sink) {
  (void)options;
  (void)verdict;
  return dt_report_audacity(take, NULL, sink);
}

static dt_status write_sv(const dt_take* take, const dt_verdict* verdict,
                          const dt_report_options* options, dt_sink sink) {
  (void)options;
  return dt_report_sonic_visualiser(take, verdict, sink);
}

static dt_status write_bare_sv(const dt_take* take, const dt_verdict* verdict,
                               const dt_report_options* options, dt_sink sink) {
  (void)options;
  (void)verdict;
  return dt_report_sonic_visualiser(take, NULL, sink);
}

static void assert_written(fixture_writer write, const char* expected) {
  fixture f;
  dt_buffer buffer;
  fixture_fill(&f);
  assert_string_equal(fixture_write(&f, write, &buffer), expected);
  dt_buffer_clear(&buffer);
}

static void a_spreadsheet_reads_the_strokes(void** state) {
  (void)state;
  assert_written(
      write_csv,
      "time_s,drum,velocity,note,beat,grid_time_s,asynchrony_ms,residual_ms,outlier,ornament\n"
      "0.001234,kick,100,36,0.000000,0.000000,1.234,0.000,0,0\n"
      "0.500000,snare,63.5,,1.000000,0.512000,-12.000,-10.000,0,0\n"
      "0.700000,hihat_open,,,1.500000,0.750000,-50.000,-49.000,1,0\n"
      "1.500000,crash,,,,,,,,\n");
}

static void without_a_verdict_the_strokes_stand_alone(void** state) {
  (void)state;
  assert_written(write_bare_csv, "time_s,drum,velocity,note\n"
                                 "0.001234,kick,100,36\n"
                                 "0.500000,snare,63.5,\n"
                                 "0.700000,hihat_open,,\n"
                                 "1.500000,crash,,\n");
}

static void audacity_shows_each_stroke_with_its_error(void** state) {
  (void)state;
  assert_written(write_audacity, "0.001234\t0.001234\tkick 1.2 ms late\n"
                                 "0.500000\t0.500000\tsnare 12.0 ms early\n"
                                 "0.700000\t0.700000\thihat_open off the grid\n"
                                 "1.500000\t1.500000\tcrash\n");
  assert_written(write_bare_audacity, "0.001234\t0.001234\tkick\n"
                                      "0.500000\t0.500000\tsnare\n"
                                      "0.700000\t0.700000\thihat_open\n"
                                      "1.500000\t1.500000\tcrash\n");
}

static void sonic_visualiser_draws_the_asynchronies(void** state) {
  (void)state;
  assert_written(write_sv, "0.001234500,1.234,kick\n"
                           "0.500000000,-12.000,snare\n"
                           "0.700000000,-50.000,hihat_open\n");
  assert_written(write_bare_sv, "0.001234500,kick\n"
                                "0.500000000,snare\n"
                                "0.700000000,hihat_open\n"
                                "1.500000000,crash\n");
}

static void a_stroke_that_was_not_judged_does_not_get_its_neighbours_numbers(void** state) {
  (void)state;
  fixture f;
  dt_buffer buffer;
  fixture_fill(&f);
  f.judged[1] = f.judged[2];
  f.verdict.judged_count = 2;
  const char* text = fixture_write(&f, write_csv, &buffer);
  assert_non_null(strstr(text, "0.500000,snare,63.5,,,,,,,\n"));
  assert_non_null(strstr(text, "0.700000,hihat_open,,,1.500000,"));
  dt_buffer_clear(&buffer);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_spreadsheet_reads_the_strokes),
      cmocka_unit_test(without_a_verdict_the_strokes_stand_alone),
      cmocka_unit_test(audacity_shows_each_stroke_with_its_error),
      cmocka_unit_test(sonic_visualiser_draws_the_asynchronies),
      cmocka_unit_test(a_stroke_that_was_not_judged_does_not_get_its_neighbours_numbers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
