#include "../support/failing_allocator.h"

#include <math.h>

#include "../support/near.h"
#include "judge_internal.h"

/* From numbers to the one word. */

static dt_estimate about(double value, double half) {
  return (dt_estimate){value, value - half, value + half, DT_KNOWN};
}

/* A minute at 120 bpm, steady, tight and well known; level player: 22 ms, 1 %. */
static dt_verdict good(void) {
  dt_verdict v;
  memset(&v, 0, sizeof(v));
  v.span_s = 60;
  v.beat_s = 0.5;
  v.click_bpm = 120;
  v.phase_known = true;
  v.tolerance = dt_level_tolerance(DT_LEVEL_PLAYER, 0.5);
  v.all.stroke_count = 200;
  v.all.tempo_bpm = about(120, 0.1);
  v.all.drift_bpm_per_min = about(0.1, 0.3);
  v.all.drift_percent_per_min = about(0.1 / 1.2, 0.3 / 1.2);
  v.all.drift_p = 0.5;
  v.all.scatter_ms = about(10, 1);
  return v;
}

static void drift(dt_verdict* v, double bpm_per_min, double p) {
  v->all.drift_bpm_per_min = about(bpm_per_min, 0.3);
  v->all.drift_percent_per_min = about(bpm_per_min / 1.2, 0.3 / 1.2);
  v->all.drift_p = p;
}

static void assert_word(dt_verdict v, dt_word word) {
  v.strokes_needed = 0;
  dt__decide_word(&v);
  assert_string_equal(dt_word_text(v.word), dt_word_text(word));
  assert_true((v.word == DT_WORD_CANT_TELL) == (v.strokes_needed > 0));
}

static void steady_and_tight_is_in_the_pocket(void** state) {
  (void)state;
  dt_verdict v = good();
  assert_word(v, DT_WORD_IN_THE_POCKET);
  dt__decide_word(&v);
  assert_near(v.bpm_change, 0.1, 1e-12);
  assert_false(v.drift_found);
  assert_false(v.ahead_of_click);
}

static void drift_is_named_only_when_found_and_heard(void** state) {
  (void)state;
  dt_verdict v = good();
  drift(&v, 3.0, 1e-6);
  assert_word(v, DT_WORD_RUSHING);
  dt__decide_word(&v);
  assert_true(v.drift_found);
  assert_near(v.bpm_change, 3.0, 1e-12);
  drift(&v, -3.0, 1e-6);
  assert_word(v, DT_WORD_DRAGGING);
  drift(&v, 3.0, 0.02); /* Chance. */
  assert_word(v, DT_WORD_IN_THE_POCKET);
  drift(&v, 1.0, 1e-6); /* Found, but 0.8 % is let pass. */
  assert_word(v, DT_WORD_IN_THE_POCKET);
  dt__decide_word(&v);
  assert_true(v.drift_found);
  v.tolerance = dt_level_tolerance(DT_LEVEL_PRO, 0.5);
  v.all.drift_percent_per_min = about(1.0 / 1.2, 0.1);
  assert_word(v, DT_WORD_RUSHING);
  /* It is the change over the whole take that counts, not the rate. */
  v = good();
  drift(&v, 3.0, 1e-6);
  v.span_s = 15;
  assert_word(v, DT_WORD_IN_THE_POCKET);
  dt__decide_word(&v);
  assert_near(v.bpm_change, 0.75, 1e-12);
}

static void drift_goes_before_scatter(void** state) {
  (void)state;
  dt_verdict v = good();
  v.all.scatter_ms = about(50, 1);
  assert_word(v, DT_WORD_SCATTERED);
  drift(&v, -3.0, 1e-6);
  assert_word(v, DT_WORD_DRAGGING);
}

static void another_tempo_than_the_clicks_is_rushing_or_dragging(void** state) {
  (void)state;
  dt_verdict v = good();
  v.all.tempo_bpm = about(123, 0.5);
  assert_word(v, DT_WORD_RUSHING);
  dt__decide_word(&v);
  assert_true(v.ahead_of_click);
  assert_near(v.bpm_change, 3.0, 1e-12);
  v.all.tempo_bpm = about(117, 0.5);
  assert_word(v, DT_WORD_DRAGGING);
  v.all.tempo_bpm = about(123, 4.0); /* May be the click's. */
  assert_word(v, DT_WORD_IN_THE_POCKET);
  v.all.tempo_bpm = about(121, 0.5); /* 0.8 %. */
  assert_word(v, DT_WORD_IN_THE_POCKET);
  v.all.tempo_bpm = about(123, 0.5);
  v.phase_known = false;
  assert_word(v, DT_WORD_IN_THE_POCKET);
}

static void praise_waits_until_a_fault_would_have_shown(void** state) {
  (void)state;
  dt_verdict v = good();
  v.all.drift_percent_per_min = about(0.1, 3.0);
  assert_word(v, DT_WORD_CANT_TELL);
  dt__decide_word(&v);
  /* Three times too wide: 3^(2/3) times as many strokes, less those there are. */
  assert_int_equal(v.strokes_needed, (size_t)ceil(200 * (pow(3, 2.0 / 3) - 1)));
  v = good();
  v.all.scatter_ms = about(22.5, 8);
  assert_word(v, DT_WORD_CANT_TELL);
  dt__decide_word(&v);
  assert_in_range(v.strokes_needed, 900, 930);
  v.all.scatter_ms = about(60, 20); /* Loose however one takes it. */
  assert_word(v, DT_WORD_SCATTERED);
  v.all.scatter_ms = about(12, 5); /* Tight however one takes it. */
  assert_word(v, DT_WORD_IN_THE_POCKET);
  v.all.scatter_ms = about(23, 2); /* On the edge, and known well enough. */
  assert_word(v, DT_WORD_SCATTERED);
}

static void nobody_is_asked_for_more_than_two_thousand_strokes(void** state) {
  (void)state;
  dt_verdict v = good();
  v.all.drift_percent_per_min = about(0.1, 1e6);
  dt__decide_word(&v);
  assert_int_equal(v.word, DT_WORD_CANT_TELL);
  assert_int_equal(v.strokes_needed, 2000);
}

static void what_is_not_known_cannot_be_told(void** state) {
  (void)state;
  for (size_t have = 0; have < 40; have += 5) {
    dt_verdict v = good();
    v.all.stroke_count = have;
    v.all.drift_bpm_per_min.known = DT_CANT_TELL;
    assert_word(v, DT_WORD_CANT_TELL);
    dt__decide_word(&v);
    assert_true(isnan(v.bpm_change));
    assert_in_range(v.strokes_needed, 8, 16);
    assert_true(have + v.strokes_needed >= 16);
    v = good();
    v.all.scatter_ms.known = DT_CANT_TELL;
    assert_word(v, DT_WORD_CANT_TELL);
  }
}

static void every_word_has_its_text(void** state) {
  (void)state;
  assert_string_equal(dt_word_text(DT_WORD_RUSHING), "RUSHING");
  assert_string_equal(dt_word_text(DT_WORD_DRAGGING), "DRAGGING");
  assert_string_equal(dt_word_text(DT_WORD_SCATTERED), "SCATTERED");
  assert_string_equal(dt_word_text(DT_WORD_IN_THE_POCKET), "IN THE POCKET");
  assert_string_equal(dt_word_text(DT_WORD_CANT_TELL), "CAN'T TELL YET");
  assert_string_equal(dt_word_text((dt_word)99), "CAN'T TELL YET");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(steady_and_tight_is_in_the_pocket),
      cmocka_unit_test(drift_is_named_only_when_found_and_heard),
      cmocka_unit_test(drift_goes_before_scatter),
      cmocka_unit_test(another_tempo_than_the_clicks_is_rushing_or_dragging),
      cmocka_unit_test(praise_waits_until_a_fault_would_have_shown),
      cmocka_unit_test(nobody_is_asked_for_more_than_two_thousand_strokes),
      cmocka_unit_test(what_is_not_known_cannot_be_told),
      cmocka_unit_test(every_word_has_its_text),
  };
  return cmocka_run_group_tests_name("word", tests, NULL, NULL);
}
