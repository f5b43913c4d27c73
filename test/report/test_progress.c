/* The clean tempo over the days, as a page and in a take's report. */
#include "../judge/judge_support.h"

#include <string.h>

#include "balanced.h"
#include "dt/report_progress.h"
#include "dt/study.h"

static const dt_report_day days[] = {
    {.day = 19782, .bpm = 100, .low_bpm = 92, .high_bpm = 109},
    {.day = 19783, .cold_bpm = 98, .cold_kept = true},
    {.day = 19790, .bpm = 112.4, .low_bpm = 108, .high_bpm = 117, .cold_bpm = 100},
    {.day = 20000, .bpm = 131, .low_bpm = 128, .high_bpm = 134},
};
static const char* const today[] = {"rock <cold>: 118 bpm"};

static char* page_of(const dt_report_progress* progress, dt_buffer* buffer) {
  *buffer = (dt_buffer){.bytes = NULL};
  assert_int_equal(dt_report_progress_html(progress, "1.2.3", dt_buffer_sink(buffer)), DT_OK);
  assert_int_equal(dt_sink_write(dt_buffer_sink(buffer), "", 1), DT_OK);
  return (char*)buffer->bytes;
}

static int count(const char* text, const char* word) {
  int found = 0;
  for (const char* at = text; (at = strstr(at, word)) != NULL; at++)
    found++;
  return found;
}

static void every_day_is_there_with_its_interval(void** state) {
  (void)state;
  const dt_report_exercise exercises[] = {{"rock & \"roll\"", days, 4}, {"funk, right", days, 1}};
  const dt_report_progress progress = {today, 1, 12.4, exercises, 2};
  dt_buffer buffer;
  const char* html = page_of(&progress, &buffer);
  assert_balanced(html);
  assert_non_null(strstr(html, "2024-02-29")); /* day 19782: a leap day */
  assert_non_null(strstr(html, "2024-03-01"));
  assert_non_null(strstr(html, "112 <small>(108 to 117)</small>"));
  assert_non_null(strstr(html, "98 bpm: kept"));
  assert_non_null(strstr(html, "100 bpm: lost"));
  assert_non_null(strstr(html, "rock &amp; &quot;roll&quot;: clean tempo over the days"));
  assert_non_null(strstr(html, "rock &lt;cold&gt;: 118 bpm"));
  assert_non_null(strstr(html, "12 minutes played"));
  /* A picture where there are two days or more to join; a bar for each that is known. */
  assert_int_equal(count(html, "<svg"), 1);
  assert_int_equal(count(html, "class=\"band\""), 3);
  assert_null(strstr(html, "nan"));
  dt_buffer_clear(&buffer);
}

/* The line rises as the tempo does: later points stand higher on the page. */
static void the_picture_rises_with_the_tempo(void** state) {
  (void)state;
  const dt_report_exercise exercise = {"rock", days, 4};
  const dt_report_progress progress = {NULL, 0, 0, &exercise, 1};
  dt_buffer buffer;
  const char* at = strstr(page_of(&progress, &buffer), "<circle");
  double last = 1e9;
  for (int i = 0; i < 3; i++) {
    assert_non_null(at);
    const double y = strtod(strstr(at, "cy=\"") + 4, NULL);
    assert_true(y > 0 && y < last);
    last = y;
    at = strstr(at + 1, "<circle");
  }
  assert_null(at);
  dt_buffer_clear(&buffer);
}

static void nothing_practised_is_a_page_too(void** state) {
  (void)state;
  const dt_report_progress progress = {NULL, 0, 0, NULL, 0};
  dt_buffer buffer;
  assert_balanced(page_of(&progress, &buffer));
  dt_buffer_clear(&buffer);
}

static void a_takes_report_shows_its_charts_progress(void** state) {
  (void)state;
  dt_take take = dt__played("funk", "bars=8 scatter=9ms", 3);
  dt_verdict verdict = dt__judge(&take, NULL);
  dt_study study;
  assert_int_equal(dt_study_make(&study, NULL, &take, &verdict, NULL, NULL), DT_OK);
  const dt_report_exercise exercise = {"funk", days, 4};
  for (int with = 0; with < 2; with++) {
    const dt_report_options options = {.study = &study, .progress = with ? &exercise : NULL};
    dt_buffer buffer = {.bytes = NULL};
    assert_int_equal(dt_report_html(&take, &verdict, &study, &options, dt_buffer_sink(&buffer)),
                     DT_OK);
    assert_int_equal(dt_sink_write(dt_buffer_sink(&buffer), "", 1), DT_OK);
    const char* html = (const char*)buffer.bytes;
    assert_balanced(html);
    assert_int_equal(strstr(html, "funk: clean tempo over the days") != NULL, with);
    assert_int_equal(strstr(html, "practice log") != NULL, with);
    dt_buffer_clear(&buffer);
  }
  dt_study_clear(&study, NULL);
  dt_verdict_clear(&verdict, NULL);
  dt_take_clear(&take, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_day_is_there_with_its_interval),
      cmocka_unit_test(the_picture_rises_with_the_tempo),
      cmocka_unit_test(nothing_practised_is_a_page_too),
      cmocka_unit_test(a_takes_report_shows_its_charts_progress),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
