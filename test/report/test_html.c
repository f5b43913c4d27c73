#include "../judge/judge_support.h"

#include <string.h>

#include "balanced.h"
#include "dt/report.h"
#include "dt/study.h"

/* A page and what it was made from. */
typedef struct page {
  dt_take take;
  dt_verdict verdict;
  dt_study study;
  dt_buffer html;
} page;

static page page_of(dt_take take, const char* file) {
  page p = {.take = take};
  p.verdict = dt__judge(&p.take, NULL);
  assert_int_equal(dt_study_make(&p.study, NULL, &p.take, &p.verdict, NULL, NULL), DT_OK);
  const dt_report_options options = {.file = file, .version = "1.2.3", .study = &p.study};
  assert_int_equal(dt_report_html(&p.take, &p.verdict, &p.study, &options, dt_buffer_sink(&p.html)),
                   DT_OK);
  assert_int_equal(dt_sink_write(dt_buffer_sink(&p.html), "", 1), DT_OK);
  return p;
}

static const char* text_of(const page* p) {
  return (const char*)p->html.bytes;
}

static void clear(page* p) {
  dt_buffer_clear(&p->html);
  dt_study_clear(&p->study, NULL);
  dt_verdict_clear(&p->verdict, NULL);
  dt_take_clear(&p->take, NULL);
}

static void what_was_taken_off_a_live_take_is_said(void** state) {
  (void)state;
  dt_take take = dt__played("funk", "bars=8 scatter=9ms", 3);
  take.latency_s = 0.01234;
  page p = page_of(take, "take.mid");
  assert_non_null(strstr(text_of(&p), "12.34 ms of latency"));
  clear(&p);
}

static void a_page_needs_nothing_but_itself(void** state) {
  (void)state;
  page p = page_of(dt__played("funk", "bars=32 scatter=9ms", 3), "take.mid");
  const char* html = text_of(&p);
  static const char* const FETCHES[] = {"http", "<script", "<link", "src=", "url(", "@import"};
  for (size_t i = 0; i < sizeof FETCHES / sizeof FETCHES[0]; i++)
    if (strstr(html, FETCHES[i]))
      fail_msg("The page has %s in it", FETCHES[i]);
  assert_balanced(html);
  assert_non_null(strstr(html, "prefers-color-scheme:dark"));
  assert_non_null(strstr(html, "@page{size:A4"));
  static const char* const PANELS[] = {"verdict", "practise", "numbers",  "strokes", "tempo",
                                       "places",  "together", "dynamics", "how"};
  for (size_t i = 1; i < sizeof PANELS / sizeof PANELS[0]; i++) {
    char id[32];
    snprintf(id, sizeof id, "id=\"%s\"", PANELS[i]);
    if (!strstr(html, id))
      fail_msg("The page has no panel %s", PANELS[i]);
  }
  clear(&p);
}

static void five_minutes_fit_into_300_kilobytes(void** state) {
  (void)state;
  page p = page_of(dt__played("funk", "bpm=100 bars=125 scatter=9ms", 4), "long.mid");
  assert_in_range(p.take.duration_s, 300, 310);
  assert_in_range(p.html.size, 50000, 300000);
  clear(&p);
}

static void the_same_take_makes_the_same_page(void** state) {
  (void)state;
  page a = page_of(dt__played("shuffle", "bars=16 scatter=9ms", 5), "a.mid");
  page b = page_of(dt__played("shuffle", "bars=16 scatter=9ms", 5), "a.mid");
  assert_int_equal(a.html.size, b.html.size);
  assert_memory_equal(a.html.bytes, b.html.bytes, a.html.size);
  clear(&a);
  clear(&b);
}

static void a_hostile_name_stays_text(void** state) {
  (void)state;
  page p = page_of(dt__played("rock", "bars=8", 6), "\"><img onerror=alert(1)> & \x01.mid");
  assert_null(strstr(text_of(&p), "<img"));
  assert_non_null(strstr(text_of(&p), "&quot;&gt;&lt;img onerror=alert(1)&gt; &amp;  .mid"));
  assert_balanced(text_of(&p));
  clear(&p);
}

static void a_take_of_nothing_still_has_a_page(void** state) {
  (void)state;
  for (size_t count = 0; count <= 5; count++) {
    dt_take take = {0};
    for (size_t i = 0; i < count; i++) {
      const dt_stroke stroke = dt_stroke_at(0.5 * (double)i, DT_SNARE);
      assert_int_equal(dt_strokes_add(&take.strokes, NULL, &stroke), DT_OK);
    }
    page p = page_of(take, NULL);
    assert_balanced(text_of(&p));
    assert_non_null(strstr(text_of(&p), "CAN'T TELL"));
    assert_null(strstr(text_of(&p), "nan"));
    clear(&p);
  }
}

static void a_page_without_numbers_that_are_not(void** state) {
  (void)state;
  static const char* const GROOVES[] = {"rock", "jazz", "samba", "flams", "paradiddle", "seven"};
  for (size_t i = 0; i < sizeof GROOVES / sizeof GROOVES[0]; i++) {
    page p = page_of(dt__played(GROOVES[i], "bars=24 clock=4ms alpha=0.3", 7), "x.mid");
    for (const char* at = text_of(&p); (at = strstr(at, "nan")) != NULL; at++)
      fail_msg("%s: %.60s", GROOVES[i], at - 20);
    if (strstr(text_of(&p), "inf)") || strstr(text_of(&p), ">inf"))
      fail_msg("%s: infinity", GROOVES[i]);
    assert_balanced(text_of(&p));
    clear(&p);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_was_taken_off_a_live_take_is_said),
      cmocka_unit_test(a_page_needs_nothing_but_itself),
      cmocka_unit_test(five_minutes_fit_into_300_kilobytes),
      cmocka_unit_test(the_same_take_makes_the_same_page),
      cmocka_unit_test(a_hostile_name_stays_text),
      cmocka_unit_test(a_take_of_nothing_still_has_a_page),
      cmocka_unit_test(a_page_without_numbers_that_are_not),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
