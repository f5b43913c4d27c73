/* What a take showed: where the placement moved, which bars are weak, what failed, who is tired. */

#include "coach_support.h"

#include "coach_internal.h"

enum { BARS = 16 };

static dt_verdict verdict;

/* Bars in which nothing is wrong, 12 strokes each with an SD of 8 ms. */
static void even_bars(dt_bar_heard bars[BARS], double mean_ms) {
  for (int b = 0; b < BARS; ++b)
    bars[b] = (dt_bar_heard){.bar = b,
                             .written = b,
                             .notes = 12,
                             .strokes = 12,
                             .length_s = 2.0,
                             .mean_ms = mean_ms,
                             .squares_ms2 = 11.0 * 8.0 * 8.0,
                             .level_db = -6.0};
  memset(&verdict, 0, sizeof verdict);
  verdict.span_s = 30.0;
  verdict.all.placement_ms = verdict.all.scatter_ms = DT__UNKNOWN;
  verdict.all.drift_percent_per_min = DT__UNKNOWN;
  verdict.all.drift_p = (double)NAN;
}

static dt_shown shown_of(const dt_bar_heard* bars, int count) {
  return dt_shown_of(&verdict, NULL, bars, count, 120.0, BARS);
}

static void a_step_is_found_with_its_side(void** state) {
  (void)state;
  dt_bar_heard bars[BARS];
  even_bars(bars, -10.0);
  assert_true(shown_of(bars, BARS).wander_ms == 0.0);
  assert_true(shown_of(bars, 4).wander_ms == 0.0);
  assert_true(isnan(shown_of(bars, 3).wander_ms)); /* a quarter of it is no bar */
  for (int b = 8; b < BARS; ++b)
    bars[b].mean_ms = 15.0;
  assert_near(shown_of(bars, BARS).wander_ms, 25.0, 1e-9);
  for (int b = 12; b < BARS; ++b)
    bars[b].mean_ms = -25.0; /* further back than it went */
  assert_near(shown_of(bars, BARS).wander_ms, -40.0, 1e-9);
}

/* 5 bars: quarters of 1, 1, 1 and 2; the first alone is early. */
static void quarters_need_not_be_equal(void** state) {
  (void)state;
  dt_bar_heard bars[BARS];
  even_bars(bars, 10.0);
  bars[0].mean_ms = -20.0;
  assert_near(shown_of(bars, 5).wander_ms, 30.0, 1e-9);
  bars[1].mean_ms = 0.0;
  assert_near(shown_of(bars, 8).wander_ms, 20.0, 1e-9); /* of 8 two are a quarter */
  even_bars(bars, 10.0);
  for (int b = 3; b < 5; ++b)
    bars[b].mean_ms = 40.0 + 20.0 * b;
  assert_near(shown_of(bars, 5).wander_ms, 100.0, 1e-9); /* to the mean of both */
}

static void a_step_in_the_noise_is_none(void** state) {
  (void)state;
  dt_bar_heard bars[BARS];
  even_bars(bars, 0.0);
  for (int b = 8; b < BARS; ++b)
    bars[b].mean_ms = 15.0;
  for (int b = 0; b < BARS; ++b)
    bars[b].squares_ms2 = 11.0 * 40.0 * 40.0;
  assert_true(shown_of(bars, BARS).wander_ms == 0.0);
  even_bars(bars, 0.0);
  for (int b = 8; b < 12; ++b)
    bars[b] = (dt_bar_heard){.bar = b, .written = b, .notes = 12, .missed = 12, .length_s = 2.0};
  assert_true(shown_of(bars, BARS).wander_ms == 0.0); /* nothing was heard there */
}

static void weak_bars_are_named_once_the_worst_first(void** state) {
  (void)state;
  dt_bar_heard bars[BARS];
  even_bars(bars, 0.0);
  assert_int_equal(shown_of(bars, BARS).weak_count, 0);
  bars[3].missed = 2;
  bars[5].mean_ms = 60.0;
  bars[9].missed = 5;
  bars[10].missed = 4;
  bars[10].written = 9; /* the same bar again, in a loop */
  bars[12].squares_ms2 = 11.0 * 90.0 * 90.0;
  bars[14].missed = 1; /* among these it is not weak enough to be named */
  const dt_shown s = shown_of(bars, BARS);
  assert_int_equal(s.weak_count, 4);
  assert_int_equal(s.weak_bars[0], 9);
  assert_int_equal(s.weak_bars[1], 3);
  assert_int_equal(s.weak_bars[2], 5);
  assert_int_equal(s.weak_bars[3], 12);
}

static void a_take_is_the_sum_of_its_bars(void** state) {
  (void)state;
  dt_bar_heard bars[BARS];
  even_bars(bars, 0.0);
  bars[1].missed = 2;
  bars[6].missed = 1;
  bars[2].extra = 3;
  bars[0].level_db = (double)NAN;
  bars[1].level_db = -10.0;
  verdict.all.drift_percent_per_min = (dt_estimate){-4.0, -5.0, -3.0, DT_KNOWN};
  verdict.all.drift_p = 0.002;
  const dt_shown s = shown_of(bars, 3);
  assert_int_equal(s.notes, 36);
  assert_int_equal(s.missed, 2);
  assert_int_equal(s.extra, 3);
  assert_int_equal(s.bars, 3);
  assert_int_equal(s.bars_asked, BARS);
  assert_near(s.played_s, 6.0, 1e-12);
  assert_near(s.level_db, -8.0, 1e-12);            /* of those that are known */
  assert_near(s.drift_percent.value, -2.0, 1e-12); /* in half a minute */
  assert_near(s.drift_percent.low, -2.5, 1e-12);
  assert_near(s.drift_percent.high, -1.5, 1e-12);
  assert_true(s.drift_sure);
  verdict.all.drift_p = 0.02;
  assert_false(shown_of(bars, 3).drift_sure);
}

static dt_shown clean_take(void) {
  const dt_instruction now = {.bars = 8, .bpm = 120.0};
  return dt__clean_take(&now, 16.0);
}

static void failures_say_to_which_side(void** state) {
  (void)state;
  dt_shown s = clean_take();
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).direction, 0);
  s.wander_ms = -40.0; /* earlier */
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).direction, 1);
  s.wander_ms = 40.0;
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).direction, -1);
  s = clean_take();
  s.drift_sure = true;
  s.drift_percent = (dt_estimate){3.0, 2.0, 4.0, DT_KNOWN};
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).direction, 1);
  s.wander_ms = 10.0; /* inside: what failed is the drift */
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).direction, 1);
  s = clean_take();
  s.wander_ms = 10.0;
  s.missed = 3;
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).direction, 0);
}

static void the_worst_of_the_failures_is_named(void** state) {
  (void)state;
  dt_shown s = clean_take();
  s.missed = 1;                                             /* twice the limit */
  s.scatter_ms = (dt_estimate){33.0, 30.0, 36.0, DT_KNOWN}; /* one and a half times */
  s.wander_ms = 11.0;
  dt_clean c = dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5);
  assert_int_equal(c.failed, DT_FAIL_MISSED);
  assert_near(c.ratio[DT_FAIL_MISSED], 2.0, 1e-9);
  assert_near(c.ratio[DT_FAIL_SCATTER], 1.5, 1e-9);
  assert_near(c.ratio[DT_FAIL_PLACEMENT], 0.5, 1e-9);
  assert_near(c.margin, 1.5, 1e-9); /* for the ladder: a slip is not a matter of tempo */
  s.scatter_ms.value = 55.0;
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).failed, DT_FAIL_SCATTER);
}

static void a_stopped_take_failed_for_what_it_was_stopped(void** state) {
  (void)state;
  dt_shown s = clean_take();
  s.stopped = true;
  s.stopped_for = DT_FAIL_PLACEMENT;
  s.wander_ms = 3.0;
  s.missed = 2;
  dt_clean c = dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5);
  assert_int_equal(c.failed, DT_FAIL_PLACEMENT);
  assert_near(c.ratio[DT_FAIL_PLACEMENT], 1.3, 1e-12);
  assert_near(c.margin, 1.3, 1e-12);
  s.wander_ms = 44.0; /* twice the limit: worse than a stop says */
  c = dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5);
  assert_near(c.ratio[DT_FAIL_PLACEMENT], 2.0, 1e-9);
}

static void dynamics_fail_at_the_kind_end_only(void** state) {
  (void)state;
  dt_shown s = clean_take();
  s.accent_db = (dt_estimate){1.0, -1.0, 3.1, DT_KNOWN};
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).failed, DT_CLEAN);
  s.ghost_db = (dt_estimate){-2.0, -4.1, 0.0, DT_KNOWN};
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).failed, DT_CLEAN);
  s.ghost_db.low = -3.9;
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).failed, DT_FAIL_DYNAMICS);
  s.ghost_db = DT__UNKNOWN;
  s.accent_db.high = 2.9;
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).failed, DT_FAIL_DYNAMICS);
}

/* ---- tired ---- */

/* In which of 20 takes it is said; 20: in none. */
static int tired_at(double bpm, double level_step_db, double ratio, double ratio_step) {
  dt_tired tired;
  dt_shown s = clean_take();
  s.bpm = bpm;
  dt__tired_start(&tired);
  for (int take = 0; take < 20; ++take) {
    const int late = take < 5 ? 0 : take - 4;
    s.level_db = -10.0 + level_step_db * late;
    if (dt__tired_see(&tired, &s, ratio + ratio_step * late))
      return take;
  }
  return 20;
}

static void softer_and_looser_takes_tell_of_tiredness(void** state) {
  (void)state;
  assert_int_equal(tired_at(100.0, 0.0, 0.7, 0.0), 20);
  assert_int_equal(tired_at(100.0, 0.5, 0.7, -0.02), 20); /* louder and tighter */
  assert_int_equal(tired_at(100.0, -0.5, 0.7, 0.0), 7);   /* 0.4 and 0.9 beyond the slack */
  const int loose = tired_at(100.0, 0.0, 0.5, 0.15);
  assert_true(loose > 5 && loose < 10);
  assert_int_equal(tired_at(100.0, 0.0, (double)NAN, 0.0), 20);
}

/* Within one take both have to be sure: louder may be looser, too. */
static void one_long_take_tells_of_it(void** state) {
  (void)state;
  dt_tired tired;
  dt_shown s = clean_take();
  dt__tired_start(&tired);
  s.scatter_growth.per_min = (dt_estimate){20.0, 5.0, 35.0, DT_KNOWN};
  assert_false(dt__tired_see(&tired, &s, (double)NAN));
  s.level_slope.per_min = (dt_estimate){-2.0, -3.0, -1.0, DT_KNOWN};
  assert_true(dt__tired_see(&tired, &s, (double)NAN));
  s.level_slope.per_min.high = 0.5; /* perhaps not softer */
  assert_false(dt__tired_see(&tired, &s, (double)NAN));
  s.level_slope.per_min = (dt_estimate){-1.0, -1.2, -0.8, DT_KNOWN}; /* surely, but hardly */
  assert_false(dt__tired_see(&tired, &s, (double)NAN));
  s.level_slope.per_min = (dt_estimate){-2.0, -3.0, -1.0, DT_KNOWN};
  s.scatter_growth.per_min.low = -1.0;
  assert_false(dt__tired_see(&tired, &s, (double)NAN));
  s.scatter_growth.per_min = (dt_estimate){10.0, 8.0, 12.0, DT_KNOWN};
  assert_false(dt__tired_see(&tired, &s, (double)NAN));
}

/* A ratio of nothing is none: it must not count among the fresh takes. */
static void what_was_not_heard_is_no_fresh_take(void** state) {
  (void)state;
  dt_tired tired;
  dt_shown s = clean_take();
  dt__tired_start(&tired);
  for (int take = 0; take < 3; ++take)
    assert_false(dt__tired_see(&tired, &s, take == 1 ? 0.0 : (double)NAN));
  assert_int_equal(tired.scatters, 0);
  assert_int_equal(tired.levels, 0);
}

/* Faster is looser, by the square of the tempo; much faster is another exercise. */
static void faster_is_not_tired(void** state) {
  (void)state;
  dt_tired tired;
  dt_shown s = clean_take();
  s.bpm = 100.0;
  dt__tired_start(&tired);
  for (int take = 0; take < 4; ++take)
    assert_false(dt__tired_see(&tired, &s, 0.5));
  assert_int_equal(tired.scatters, 3);
  s.bpm = 102.9;
  for (int take = 0; take < 30; ++take)
    assert_false(dt__tired_see(&tired, &s, 0.5 * 1.029 * 1.029 * 1.2));
  assert_true(tired.fresh_bpm == 100.0);
  s.bpm = 103.1;
  assert_false(dt__tired_see(&tired, &s, 2.0));
  assert_true(tired.fresh_bpm == 103.1 && tired.scatters == 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_step_is_found_with_its_side),
      cmocka_unit_test(quarters_need_not_be_equal),
      cmocka_unit_test(a_step_in_the_noise_is_none),
      cmocka_unit_test(weak_bars_are_named_once_the_worst_first),
      cmocka_unit_test(a_take_is_the_sum_of_its_bars),
      cmocka_unit_test(failures_say_to_which_side),
      cmocka_unit_test(the_worst_of_the_failures_is_named),
      cmocka_unit_test(a_stopped_take_failed_for_what_it_was_stopped),
      cmocka_unit_test(dynamics_fail_at_the_kind_end_only),
      cmocka_unit_test(softer_and_looser_takes_tell_of_tiredness),
      cmocka_unit_test(one_long_take_tells_of_it),
      cmocka_unit_test(what_was_not_heard_is_no_fresh_take),
      cmocka_unit_test(faster_is_not_tired),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
