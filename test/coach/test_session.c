/* A session: rests, ceilings and tiredness protect the player; every mode asks for what it is;
 * music is taken apart and put back; what is kept of it is true. */

#include "coach_support.h"

static dt_coach coach;

static void the_same_is_said_until_something_is_told(void** state) {
  (void)state;
  dt__start(&coach, DT_MODE_LADDER, 8, NULL, 0);
  dt_instruction first;
  dt_instruction second;
  dt_coach_next(&coach, &first);
  dt_coach_next(&coach, &second);
  assert_memory_equal(&first, &second, sizeof first);
  assert_int_equal(first.act, DT_ACT_PLAY);
}

static void thirty_seconds_on_thirty_off_and_a_long_rest_after_the_third(void** state) {
  (void)state;
  dt__start(&coach, DT_MODE_OWN, 4, NULL, 0);
  double rests[6];
  int count = 0;
  while (count < 6) {
    dt_instruction now;
    dt_coach_next(&coach, &now);
    if (now.act == DT_ACT_PLAY) {
      assert_near(now.bars * 240.0 / now.bpm, 30.0, 6.0);
      const dt_shown s = dt__clean_take(&now, 30.0);
      (void)dt_coach_took(&coach, &s);
    } else {
      assert_int_equal(now.act, DT_ACT_REST);
      rests[count++] = now.rest_s;
      dt_coach_rested(&coach, now.rest_s);
    }
  }
  for (int i = 0; i < 6; ++i)
    assert_near(rests[i], i == 2 ? 300.0 : 30.0, 0.0);
}

static void the_days_ceiling_counts_what_was_played_before(void** state) {
  (void)state;
  const dt_past past = {.day = 100, .chart = "other", .played_s = 59.0 * 60.0};
  dt__start(&coach, DT_MODE_LADDER, 1, &past, 1);
  dt_instruction now = dt__next_take(&coach);
  int takes = 0;
  while (now.act == DT_ACT_PLAY) {
    const dt_shown s = dt__clean_take(&now, 30.0);
    (void)dt_coach_took(&coach, &s);
    now = dt__next_take(&coach);
    ++takes;
  }
  assert_int_equal(takes, 2);
  assert_int_equal(now.act, DT_ACT_DONE);
  assert_int_equal(now.line, DT_LINE_CEILING);
  assert_string_equal(now.say, "60 minutes played: that is all for today.");
}

static void tired_strokes_end_an_exercise(void** state) {
  (void)state;
  dt__start(&coach, DT_MODE_LADDER, 1, NULL, 0);
  int takes = 0;
  for (; takes < 30 && !coach.exercises[0].over; ++takes) {
    const dt_instruction now = dt__next_take(&coach);
    dt_shown s = dt__clean_take(&now, 30.0);
    s.level_db = -6.0 - 0.4 * takes;
    (void)dt_coach_took(&coach, &s);
  }
  assert_in_range(takes, 5, 10);
  assert_true(coach.exercises[0].tired);
  dt_instruction now;
  dt_coach_next(&coach, &now);
  assert_int_equal(now.line, DT_LINE_TIRED);
  dt_past past;
  assert_true(dt_coach_past(&coach, 0, &past));
  assert_true(past.tired && past.takes == takes);
}

static void fresh_strokes_do_not(void** state) {
  (void)state;
  dt__start(&coach, DT_MODE_LADDER, 1, NULL, 0);
  for (int takes = 0; takes < 60; ++takes) {
    const dt_instruction now = dt__next_take(&coach);
    dt_shown s = dt__clean_take(&now, 30.0);
    s.level_db = -6.0 + (takes % 3 - 1) * 0.5;
    (void)dt_coach_took(&coach, &s);
  }
  assert_false(coach.exercises[0].tired);
}

/* A take that fails at bar `bar`, stopped. */
static dt_instruction fail_at(const dt_instruction* now, int bar) {
  dt_shown s = dt__clean_take(now, 15.0);
  for (int b = 0; b <= bar && !coach.last_stop.stop; ++b) {
    const dt_bar_heard heard = {
        .bar = b, .written = b, .notes = 8, .missed = b == bar ? 8 : 0, .length_s = 2.0};
    (void)dt_coach_bar(&coach, &heard);
  }
  s.stopped = coach.last_stop.stop;
  s.stopped_for = coach.last_stop.why;
  assert_true(s.stopped);
  (void)dt_coach_took(&coach, &s);
  return dt__next_take(&coach);
}

static dt_instruction be_clean(const dt_instruction* now) {
  const dt_shown s = dt__clean_take(now, 15.0);
  assert_int_equal(dt_coach_took(&coach, &s).failed, DT_CLEAN);
  return dt__next_take(&coach);
}

static void music_is_taken_apart_and_put_back(void** state) {
  (void)state;
  dt__start(&coach, DT_MODE_LADDER, 12, NULL, 0);
  dt_instruction now = dt__next_take(&coach);
  assert_int_equal(now.piece, DT_PIECE_WHOLE);
  const double whole = now.bpm;
  now = fail_at(&now, 6);
  assert_int_equal(now.piece, DT_PIECE_FROM_BAR);
  assert_int_equal(now.from_bar, 6);
  assert_string_equal(now.say, "Again from bar 7.");
  now = fail_at(&now, 0);
  assert_int_equal(now.piece, DT_PIECE_LOOP);
  assert_int_equal(now.loop_bars, 2);
  for (int i = 0; i < 3; ++i)
    now = fail_at(&now, 0);
  assert_int_equal(now.piece, DT_PIECE_SLOW_LOOP);
  assert_true(now.bpm < 0.9 * whole);
  for (int i = 0; i < 3; ++i)
    now = fail_at(&now, 0);
  assert_int_equal(now.piece, DT_PIECE_RIGHT);
  assert_int_equal(now.limbs, DT_LIMBS_RIGHT);
  now = be_clean(&now);
  assert_int_equal(now.limbs, DT_LIMBS_LEFT);
  now = be_clean(&now);
  assert_int_equal(now.piece, DT_PIECE_SLOW_LOOP);
  now = be_clean(&now);
  assert_int_equal(now.piece, DT_PIECE_LOOP);
  assert_false(now.counts);
  now = be_clean(&now);
  assert_int_equal(now.piece, DT_PIECE_WHOLE);
  assert_int_equal(now.line, DT_LINE_TOGETHER);
  assert_int_equal(coach.exercises[0].takes, 1);
}

static void yesterdays_tempo_is_tested_cold_and_first(void** state) {
  (void)state;
  const dt_past past = {.day = 99,
                        .chart = "groove",
                        .mode = DT_MODE_LADDER,
                        .played_s = 600.0,
                        .bpm = 140.0,
                        .sd = 0.02,
                        .top_bpm = 145.0};
  dt__start(&coach, DT_MODE_LADDER, 1, &past, 1);
  dt_instruction now = dt__next_take(&coach);
  assert_true(now.cold && now.counts);
  assert_near(now.bpm, 140.0, 0.0);
  now = be_clean(&now);
  assert_false(now.cold);
  dt_past kept;
  assert_true(dt_coach_past(&coach, 0, &kept));
  assert_true(kept.cold_kept && kept.cold_bpm == 140.0 && kept.day == 100);

  dt__start(&coach, DT_MODE_RETENTION, 1, &past, 1);
  now = dt__next_take(&coach);
  for (int i = 0; i < 2; ++i) {
    assert_true(now.cold && now.bpm == 140.0);
    dt_shown s = dt__clean_take(&now, 30.0);
    s.missed = 3;
    (void)dt_coach_took(&coach, &s);
    now = dt__next_take(&coach);
  }
  const dt_shown last = dt__clean_take(&now, 30.0);
  (void)dt_coach_took(&coach, &last);
  dt_coach_next(&coach, &now);
  assert_int_equal(now.line, DT_LINE_COLD_LOST);
  assert_string_equal(now.say, "140 bpm did not stay.");
}

static void gaps_lengthen_with_success(void** state) {
  (void)state;
  dt__start(&coach, DT_MODE_GAP, 4, NULL, 0);
  dt_instruction now = dt__next_take(&coach);
  assert_string_equal(now.say, "1 silent bar; be there when the click is back.");
  dt_cue cue;
  dt_coach_cue(&coach, 3, &cue);
  assert_true(cue.click == 1.0);
  dt_coach_cue(&coach, 4, &cue);
  assert_true(cue.click == 0.0);
  dt_coach_cue(&coach, 5, &cue);
  assert_true(cue.click == 1.0);
  now = be_clean(&now);
  now = be_clean(&now);
  assert_int_equal(coach.exercises[0].gap_bars, 3);
  for (int b = 0; b < 8; ++b) { /* lands 80 ms late */
    const dt_bar_heard heard = {.bar = b,
                                .notes = 8,
                                .strokes = 8,
                                .mean_ms = b < 7 ? 0.0 : 80.0,
                                .squares_ms2 = 300.0,
                                .length_s = 2.0};
    (void)dt_coach_bar(&coach, &heard);
  }
  const dt_shown s = dt__clean_take(&now, 20.0);
  assert_int_equal(dt_coach_took(&coach, &s).failed, DT_FAIL_PLACEMENT);
  assert_int_equal(coach.exercises[0].gap_bars, 2);
}

static void the_click_fades_and_returns(void** state) {
  (void)state;
  dt__start(&coach, DT_MODE_QUIET, 4, NULL, 0);
  (void)dt__next_take(&coach);
  dt_bar_heard heard = {.notes = 8, .strokes = 8, .squares_ms2 = 300.0, .length_s = 2.0};
  dt_cue cue;
  for (int b = 0; b < 14; ++b) {
    heard.bar = b;
    (void)dt_coach_bar(&coach, &heard);
  }
  dt_coach_cue(&coach, 15, &cue);
  assert_true(cue.click == 0.0);
  heard.bar = 14;
  heard.mean_ms = 60.0;
  (void)dt_coach_bar(&coach, &heard);
  dt_coach_cue(&coach, 16, &cue);
  assert_true(cue.click == 1.0);
}

static void surprises_come_from_the_seed(void** state) {
  (void)state;
  dt__start(&coach, DT_MODE_SURPRISE, 4, NULL, 0);
  (void)dt__next_take(&coach);
  static dt_coach other;
  other = coach;
  int surprising = 0;
  for (int b = 0; b < 64; ++b) {
    dt_cue a;
    dt_cue c;
    dt_coach_cue(&coach, b, &a);
    dt_coach_cue(&other, b, &c);
    assert_true(a.tempo_factor == c.tempo_factor && a.click_beats == c.click_beats &&
                a.shift_beats == c.shift_beats && a.call == c.call);
    assert_true(a.tempo_factor >= 0.9 && a.tempo_factor <= 2.0);
    if (b < 4)
      assert_true(a.tempo_factor == 1.0 && a.click_beats == 15);
    surprising += a.tempo_factor != 1.0 || a.click_beats != 15 || a.shift_beats != 0.0;
  }
  assert_in_range(surprising, 8, 56);
}

static void trading_and_own_time_and_endurance(void** state) {
  (void)state;
  dt_cue cue;
  dt__start(&coach, DT_MODE_TRADE, 4, NULL, 0);
  dt_instruction now = dt__next_take(&coach);
  assert_int_equal(now.bars % 8, 0);
  dt_coach_cue(&coach, 3, &cue);
  assert_int_equal(cue.role, DT_ROLE_LISTEN);
  dt_coach_cue(&coach, 4, &cue);
  assert_int_equal(cue.role, DT_ROLE_PLAY);
  dt__start(&coach, DT_MODE_OWN, 4, NULL, 0);
  now = dt__next_take(&coach);
  assert_int_equal(now.count_in_bars, 2);
  dt_coach_cue(&coach, 0, &cue);
  assert_true(cue.click == 0.0);
  dt__start(&coach, DT_MODE_ENDURANCE, 4, NULL, 0);
  now = dt__next_take(&coach);
  assert_true(now.bars * 240.0 / now.bpm > 250.0);
  const dt_shown s = dt__clean_take(&now, 200.0);
  (void)dt_coach_took(&coach, &s);
  dt_past past;
  assert_true(dt_coach_past(&coach, 0, &past));
  assert_near(past.held, 200.0, 0.0);
  dt_coach_next(&coach, &now);
  assert_int_equal(now.line, DT_LINE_LONG_REST);
}

static void the_goal_ends_the_ladder(void** state) {
  (void)state;
  dt__start(&coach, DT_MODE_LADDER, 1, NULL, 0);
  coach.plan.exercises[0].to_bpm = 90.0;
  dt_instruction now = dt__next_take(&coach);
  int takes = 0;
  while (now.act == DT_ACT_PLAY && takes++ < 40) {
    assert_true(now.bpm <= 90.0);
    const dt_shown s = dt__clean_take(&now, 30.0);
    (void)dt_coach_took(&coach, &s);
    dt_coach_next(&coach, &now);
    if (now.line == DT_LINE_GOAL)
      break;
    now = dt__next_take(&coach);
  }
  assert_int_equal(now.line, DT_LINE_GOAL);
  now = dt__next_take(&coach);
  assert_int_equal(now.line, DT_LINE_DONE);
}

static void a_plateau_is_met_with_two_fast_bars_that_do_not_count(void** state) {
  (void)state;
  dt__start(&coach, DT_MODE_LADDER, 1, NULL, 0);
  coach.plan.limits.ceiling_min = 480.0;
  int bursts = 0;
  for (int t = 0; t < 90 && bursts == 0; ++t) {
    const dt_instruction now = dt__next_take(&coach);
    const double m = (log(now.bpm / 110.0)) * 4.0 + (t % 7 == 0 ? 0.05 : -0.12);
    dt_shown s = dt__clean_take(&now, 30.0);
    const double limit = dt_level_tolerance(DT_LEVEL_PLAYER, 60.0 / now.bpm).scatter_ms;
    s.scatter_ms = (dt_estimate){limit * exp(m), 0.0, 99.0, DT_KNOWN};
    bursts += now.burst;
    if (now.burst) {
      assert_false(now.counts);
      assert_int_equal(now.bars, 2);
      assert_true(now.bpm <= coach.exercises[0].tempo.bpm * 1.05 + 0.5);
    }
    (void)dt_coach_took(&coach, &s);
  }
  assert_int_equal(bursts, 1);
  const dt_instruction now = dt__next_take(&coach);
  assert_true(!now.counts && now.bpm < coach.exercises[0].tempo.bpm * 0.85);
}

static void what_the_player_leaves_is_played_time_and_nothing_else(void** state) {
  (void)state;
  dt__start(&coach, DT_MODE_LADDER, 1, NULL, 0);
  const dt_instruction now = dt__next_take(&coach);
  dt_shown s = dt__clean_take(&now, 10.0);
  s.abandoned = true;
  s.missed = 9;
  (void)dt_coach_took(&coach, &s);
  assert_int_equal(coach.exercises[0].takes, 0);
  assert_near(coach.today_s, 10.0, 0.0);
  dt_coach_skip(&coach);
  assert_int_equal(dt__next_take(&coach).act, DT_ACT_DONE);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_same_is_said_until_something_is_told),
      cmocka_unit_test(thirty_seconds_on_thirty_off_and_a_long_rest_after_the_third),
      cmocka_unit_test(the_days_ceiling_counts_what_was_played_before),
      cmocka_unit_test(tired_strokes_end_an_exercise),
      cmocka_unit_test(fresh_strokes_do_not),
      cmocka_unit_test(music_is_taken_apart_and_put_back),
      cmocka_unit_test(yesterdays_tempo_is_tested_cold_and_first),
      cmocka_unit_test(gaps_lengthen_with_success),
      cmocka_unit_test(the_click_fades_and_returns),
      cmocka_unit_test(surprises_come_from_the_seed),
      cmocka_unit_test(trading_and_own_time_and_endurance),
      cmocka_unit_test(the_goal_ends_the_ladder),
      cmocka_unit_test(a_plateau_is_met_with_two_fast_bars_that_do_not_count),
      cmocka_unit_test(what_the_player_leaves_is_played_time_and_nothing_else),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
