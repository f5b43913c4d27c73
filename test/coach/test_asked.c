/* What is asked becomes bars to play, and what was played becomes bars heard. */

#include "coach_support.h"

#include "dt/chart_text.h"
#include "dt/drummer.h"

static dt_coach coach;

static const char TEXT[] = "tempo: 100\nstep: 1/8\n\n[A]\n"
                           "hi-hat |x-x-x-x-|x-x-x-x-|xxxxxxxx|\n"
                           "snare  |--x---x-|--x---x-|--x---x-|\n"
                           "kick   |x---x---|x---x---|x---x---|\n"
                           "hands hi-hat |R-R-R-R-|R-R-R-R-|RLRLRLRL|\n";

static dt_chart chart_of(const char* text) {
  dt_chart chart;
  dt_error err = {.sentence = ""};
  if (dt_chart_parse(&chart, NULL, text, strlen(text), &err) != DT_OK)
    fail_msg("%s", err.sentence);
  return chart;
}

static void a_loop_is_two_bars_over_and_over(void** state) {
  (void)state;
  dt_chart chart = chart_of(TEXT);
  const dt_chart_facts facts = dt_chart_facts_of(&chart);
  assert_int_equal(facts.bars, 3);
  assert_int_equal(facts.beats_per_bar, 4);
  assert_true(facts.sticking);
  dt__start(&coach, DT_MODE_LADDER, 3, NULL, 0);
  (void)dt__next_take(&coach);
  coach.now.from_bar = 1;
  coach.now.loop_bars = 2;
  coach.now.bars = 6;
  dt_part part;
  assert_int_equal(dt_coach_part(&part, NULL, &chart, &coach), DT_OK);
  assert_int_equal(part.bar_count, 6);
  for (size_t b = 0; b < 6; ++b)
    assert_int_equal(part.bars[b].written, 1 + b % 2);
  assert_near(dt_tempo_map_bpm(&part.map, 0.0), coach.now.bpm, 1e-9);
  dt_part_clear(&part, NULL);
  coach.now.limbs = DT_LIMBS_LEFT;
  assert_int_equal(dt_coach_part(&part, NULL, &chart, &coach), DT_OK);
  assert_int_equal(part.note_count, 12);
  dt_part_clear(&part, NULL);
  coach.now.loop_bars = 0;
  coach.now.limbs = DT_LIMBS_FEET;
  assert_int_equal(dt_coach_part(&part, NULL, &chart, &coach), DT_OK);
  assert_int_equal(part.bars[0].written, 1);
  assert_int_equal(part.bars[2].written, 0);
  assert_int_equal(part.note_count, 12);
  dt_part_clear(&part, NULL);
  coach.now.from_bar = 3;
  assert_int_equal(dt_coach_part(&part, NULL, &chart, &coach), DT_BAD_ARGUMENT);
  dt_chart_clear(&chart, NULL);
}

static bool ask(const dt_allocator* allocator, void* ctx) {
  dt_part part;
  const bool done = dt_coach_part(&part, allocator, ctx, &coach) == DT_OK;
  dt_part_clear(&part, allocator);
  return done;
}

static void without_memory_it_fails_cleanly(void** state) {
  (void)state;
  dt_chart chart = chart_of(TEXT);
  dt__start(&coach, DT_MODE_SURPRISE, 3, NULL, 0);
  (void)dt__next_take(&coach);
  coach.now.limbs = DT_LIMBS_HANDS;
  assert_true(dt_failing_sweep(ask, &chart) >= 1);
  dt_chart_clear(&chart, NULL);
}

static void surprises_bend_the_part(void** state) {
  (void)state;
  dt_chart chart = chart_of(TEXT);
  dt__start(&coach, DT_MODE_SURPRISE, 3, NULL, 0);
  (void)dt__next_take(&coach);
  dt_part part;
  assert_int_equal(dt_coach_part(&part, NULL, &chart, &coach), DT_OK);
  for (size_t b = 0; b < part.bar_count; ++b) {
    dt_cue cue;
    dt_coach_cue(&coach, (int)b, &cue);
    assert_near(dt_tempo_map_bpm(&part.map, (double)part.bars[b].tick),
                coach.now.bpm * cue.tempo_factor, 1e-6);
  }
  dt_part_clear(&part, NULL);
  dt_chart_clear(&chart, NULL);
}

static void bars_say_what_was_missed_and_where_it_stood(void** state) {
  (void)state;
  dt_chart chart = chart_of(TEXT);
  dt_drummer d = dt_drummer_default();
  dt_error err = {.sentence = ""};
  d.seed = 5;
  assert_int_equal(dt_drummer_parse(&d, "bpm=100 bars=9 scatter=6ms placement=-12ms miss=5%", &err),
                   DT_OK);
  dt_part part;
  dt_truths truths;
  dt_take take;
  assert_int_equal(dt_drummer_part(&d, &chart, NULL, &part), DT_OK);
  assert_int_equal(dt_drummer_play(&d, &part, NULL, &truths, &err), DT_OK);
  assert_int_equal(dt_take_from_truths(&take, NULL, &truths, &d, &part), DT_OK);
  dt_judge_config config = dt_judge_default(&take);
  dt_alignment alignment;
  dt_verdict verdict;
  dt_marks marks;
  assert_int_equal(dt_align(&alignment, NULL, &take, &config, &chart, &err), DT_OK);
  config.chart = &chart;
  config.alignment = &alignment;
  assert_int_equal(dt_judge(&verdict, NULL, &take, &config, &err), DT_OK);
  assert_int_equal(dt_marks_make(&marks, NULL, &take, &verdict, &alignment, &chart), DT_OK);
  dt_bar_heard bars[16];
  assert_int_equal(
      dt_bars_heard(bars, 16, &take, &marks, &alignment, &part, part.bars[0].length, 16), 9);
  int missed[9] = {0};
  for (size_t i = 0; i < truths.event_count; ++i)
    missed[truths.events[i].bar] += truths.events[i].fate == DT_TRUTH_MISSED;
  int all = 0;
  for (int b = 0; b < 9; ++b) {
    assert_int_equal(bars[b].missed, missed[b]);
    assert_int_equal(bars[b].notes, b % 3 == 2 ? 12 : 8);
    assert_near(bars[b].mean_ms, -12.0, 9.0);
    assert_near(bars[b].length_s, 2.4, 1e-9);
    all += bars[b].missed;
  }
  assert_true(all >= 1);
  const dt_shown shown = dt_shown_of(&verdict, NULL, bars, 9, 100.0, 9);
  assert_int_equal(shown.missed, all);
  assert_near(shown.played_s, 21.6, 1e-9);
  assert_int_equal(dt_clean_check(&shown, DT_LEVEL_PLAYER, 0.6).failed, DT_FAIL_MISSED);
  dt_marks_clear(&marks, NULL);
  dt_verdict_clear(&verdict, NULL);
  dt_alignment_clear(&alignment, NULL);
  dt_take_clear(&take, NULL);
  dt_truths_clear(&truths, NULL);
  dt_part_clear(&part, NULL);
  dt_chart_clear(&chart, NULL);
}

static void each_criterion_can_fail(void** state) {
  (void)state;
  const dt_instruction now = {.bars = 8, .bpm = 120.0};
  dt_shown s = dt__clean_take(&now, 16.0);
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).failed, DT_CLEAN);
  s.scatter_ms = (dt_estimate){30.0, 25.0, 35.0, DT_KNOWN};
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).failed, DT_FAIL_SCATTER);
  s = dt__clean_take(&now, 16.0);
  s.drift_percent = (dt_estimate){-3.0, -4.0, -2.0, DT_KNOWN};
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).failed, DT_CLEAN);
  s.drift_sure = true;
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).failed, DT_FAIL_DRIFT);
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).direction, -1);
  s = dt__clean_take(&now, 16.0);
  s.wander_ms = -40.0;
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).failed, DT_FAIL_PLACEMENT);
  s = dt__clean_take(&now, 16.0);
  s.accent_db = (dt_estimate){1.0, 0.5, 1.5, DT_KNOWN};
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).failed, DT_FAIL_DYNAMICS);
  s = dt__clean_take(&now, 16.0);
  s.missed = 1;
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).failed, DT_FAIL_MISSED);
  s.heard = true; /* the ear mishears one in fifty */
  assert_int_equal(dt_clean_check(&s, DT_LEVEL_PLAYER, 0.5).failed, DT_CLEAN);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_loop_is_two_bars_over_and_over),
      cmocka_unit_test(without_memory_it_fails_cleanly),
      cmocka_unit_test(surprises_bend_the_part),
      cmocka_unit_test(bars_say_what_was_missed_and_where_it_stood),
      cmocka_unit_test(each_criterion_can_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
