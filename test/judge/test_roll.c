#include "touch_support.h"

#include "dt/roll.h"

/* Rolls: found where they are, and measured as they were played. */

static const dt_roll_player SINGLES = {.strokes = 64,
                                       .interval_ms = 80.0,
                                       .motor_ms = 4.0,
                                       .later_ms = 6.0,
                                       .louder_db = -2.0,
                                       .level_sd_db = 0.8,
                                       .sticking = "RL"};

static void start(uint64_t seed) {
  dt_player_start(&player, seed, DT_NOISE_WHITE, 0.0, 0.0);
}

static dt_rolls measure(void) {
  dt_rolls rolls;
  assert_int_equal(dt_rolls_measure(&rolls, NULL, dt_player_end(&player)), DT_OK);
  return rolls;
}

static dt_rolls play(uint64_t seed, const dt_roll_player* how, int count) {
  start(seed);
  double at_s = 1.0;
  for (int k = 0; k < count; ++k)
    at_s = dt_player_roll(&player, how, at_s, 1e6 * k) + 1.0;
  return measure();
}

static void evenness_speed_and_hands_are_what_was_played(void** state) {
  (void)state;
  dt_rolls rolls = play(4, &SINGLES, 5);
  assert_int_equal(rolls.count, 5);
  assert_int_equal(rolls.stroke_count, 320);
  assert_int_equal(rolls.items[0].kind, DT_ROLL_RUN);
  assert_int_equal(rolls.items[2].stroke_count, 64);
  touch_assert_near("CV", rolls.cv_pct, 100.0 * sqrt(2.0) * 4.0 / 80.0, 2.0);
  touch_assert_near("rate", rolls.strokes_per_min, 750.0, 5.0);
  assert_true(rolls.hands.sticking);
  touch_assert_near("left later", rolls.hands.later_ms, 6.0, 3.0);
  touch_assert_near("left later", rolls.hands.later_pct, 7.5, 4.0);
  touch_assert_near("left louder", rolls.hands.louder_db, -2.0, 0.6);
  touch_assert_unknown("doubles", rolls.hands.double_ms, DT_NOT_TESTABLE);
  touch_assert_holds("CV of one", rolls.items[1].cv_pct, 100.0 * sqrt(2.0) * 4.0 / 80.0);
  dt_rolls_clear(&rolls, NULL);
}

static void uneven_hands_are_not_called_an_uneven_roll(void** state) {
  (void)state;
  dt_roll_player how = SINGLES;
  how.later_ms = 15.0;
  how.motor_ms = 1.0;
  dt_rolls rolls = play(5, &how, 3);
  touch_assert_near("left later", rolls.hands.later_ms, 15.0, 1.0);
  touch_assert_near("CV", rolls.cv_pct, 100.0 * sqrt(2.0) / 80.0, 0.8);
  dt_rolls_clear(&rolls, NULL);
}

static void doubles_are_read_from_the_sticking(void** state) {
  (void)state;
  dt_roll_player how = SINGLES;
  how.sticking = "RRLL";
  how.double_ms = -7.0;
  how.strokes = 128;
  dt_rolls rolls = play(60, &how, 2);
  touch_assert_near("second of a double", rolls.hands.double_ms, -7.0, 4.0);
  touch_assert_near("left later", rolls.hands.later_ms, 6.0, 4.0);
  touch_assert_near("CV", rolls.cv_pct, 100.0 * sqrt(2.0) * 4.0 / 80.0, 2.5);
  dt_rolls_clear(&rolls, NULL);
}

static void the_instruments_jitter_is_not_the_players(void** state) {
  (void)state;
  dt_roll_player how = SINGLES;
  how.motor_ms = 2.0;
  dt_player_start(&player, 7, DT_NOISE_WHITE, 0.0, 3.0);
  double at_s = 1.0;
  for (int k = 0; k < 6; ++k)
    at_s = dt_player_roll(&player, &how, at_s, 1e6 * k) + 1.0;
  dt_rolls rolls = measure();
  touch_assert_near("CV", rolls.cv_pct, 100.0 * sqrt(2.0) * 2.0 / 80.0, 2.5);
  dt_rolls_clear(&rolls, NULL);
}

static void a_roll_that_speeds_up_slowly_is_even(void** state) {
  (void)state;
  start(8);
  double at_s = 1.0;
  for (int i = 0; i < 96; ++i) {
    dt_player_mark(&player, at_s, 240.0 * i, DT_VOICE_SNARE, 0.0, -9.0)->hand = i % 2 ? 'L' : 'R';
    at_s += 1e-3 * (100.0 - 0.2 * i);
  }
  dt_rolls rolls = measure();
  assert_true(rolls.cv_pct.value < 0.1);
  assert_int_equal(rolls.breakdown_count, 0);
  dt_rolls_clear(&rolls, NULL);
}

static void a_breakdown_is_found_where_it_is(void** state) {
  (void)state;
  dt_roll_player how = SINGLES;
  how.strokes = 120;
  how.break_at = 70;
  how.break_uneven = 3.0;
  dt_rolls rolls = play(9, &how, 1);
  const dt_roll* roll = &rolls.items[0];
  assert_int_equal(roll->breakdown_known, DT_KNOWN);
  assert_int_equal(roll->breakdown, DT_BREAKS_UNEVEN);
  assert_near(roll->breakdown_after_s, 70 * 0.08, 0.8);
  assert_near(roll->breakdown_s - roll->start_s, roll->breakdown_after_s, 1e-9);
  assert_true(roll->breakdown_p < 0.01);
  assert_true(roll->cv_after_pct > 2.0 * roll->cv_before_pct);
  dt_rolls_clear(&rolls, NULL);
  how.break_uneven = 0.0;
  how.break_slow = 1.12;
  rolls = play(9, &how, 1);
  assert_int_equal(rolls.items[0].breakdown, DT_BREAKS_SLOW);
  assert_near(rolls.items[0].breakdown_after_s, 70 * 0.08, 0.3);
  assert_near(rolls.items[0].rate_after / rolls.items[0].rate_before, 1.0 / 1.12, 0.02);
  dt_rolls_clear(&rolls, NULL);
}

static void rolls_that_hold_are_not_said_to_break(void** state) {
  (void)state;
  const uint64_t first = 100;
  dt_roll_player how = SINGLES;
  int broken = 0;
  for (uint64_t seed = first; seed < first + 200; ++seed) {
    dt_rolls rolls = play(seed, &how, 1);
    broken += rolls.breakdown_count > 0;
    assert_int_equal(rolls.tested_count, 1);
    dt_rolls_clear(&rolls, NULL);
  }
  if (broken > 14) /* 5 % is 10, and it is a binomial */
    fail_msg("%d of 200 rolls (seeds from %llu) are said to break", broken,
             (unsigned long long)first);
}

/* Loose hands make means that differ by more than five percent, too. */
static void an_uneven_roll_is_not_said_to_slow_down(void** state) {
  (void)state;
  const uint64_t first = 500;
  dt_roll_player how = SINGLES;
  how.motor_ms = 14.0;
  how.strokes = 32;
  int slow = 0;
  for (uint64_t seed = first; seed < first + 200; ++seed) {
    dt_rolls rolls = play(seed, &how, 1);
    for (size_t k = 0; k < rolls.count; ++k)
      slow += rolls.items[k].breakdown == DT_BREAKS_SLOW;
    dt_rolls_clear(&rolls, NULL);
  }
  if (slow > 6)
    fail_msg("%d of 200 rolls (seeds from %llu) are said to slow down", slow,
             (unsigned long long)first);
}

static void a_stroke_left_out_divides_but_does_not_spoil(void** state) {
  (void)state;
  dt_rolls rolls = play(10, &SINGLES, 1);
  const double whole = rolls.cv_pct.value;
  dt_rolls_clear(&rolls, NULL);
  memmove(player.items + 30, player.items + 31, 33 * sizeof(dt_mark));
  --player.marks.count;
  rolls = measure();
  assert_int_equal(rolls.count, 2);
  assert_near(rolls.cv_pct.value, whole, 1.0);
  dt_rolls_clear(&rolls, NULL);
}

static void written_rolls_are_one_each(void** state) {
  (void)state;
  start(11);
  for (int k = 0; k < 4; ++k)
    for (int i = 0; i < 9; ++i) {
      dt_mark* m = dt_player_mark(&player, 2.0 * k + 0.06 * i, 3840.0 * k, DT_VOICE_SNARE,
                                  2.0 * dt_rng_normal(&player.rng), -9.0 - 0.1 * (i % 3));
      m->ornament = DT_ROLL;
      m->order = i;
      m->event = (size_t)k;
    }
  dt_rolls rolls = measure();
  assert_int_equal(rolls.count, 4);
  assert_int_equal(rolls.items[3].kind, DT_ROLL_WRITTEN);
  assert_int_equal(rolls.items[3].stroke_count, 9);
  assert_false(rolls.hands.sticking);
  touch_assert_holds("CV", rolls.cv_pct, 100.0 * sqrt(2.0) * 2.0 / 60.0);
  dt_rolls_clear(&rolls, NULL);
}

static void without_a_chart_fast_runs_are_found(void** state) {
  (void)state;
  start(12);
  player.marks.has_chart = false;
  for (int i = 0; i < 16; ++i) /* a groove is no roll */
    dt_player_mark(&player, 0.25 * i, 480.0 * i, DT_VOICE_SNARE, 0.0, -9.0)->tick = (double)NAN;
  for (int i = 0; i < 20; ++i)
    dt_player_mark(&player, 5.0 + 0.07 * i, 0.0, DT_VOICE_SNARE, 2.0 * dt_rng_normal(&player.rng),
                   -9.0);
  dt_rolls rolls = measure();
  assert_int_equal(rolls.count, 1);
  assert_int_equal(rolls.items[0].kind, DT_ROLL_FOUND);
  assert_int_equal(rolls.items[0].stroke_count, 20);
  assert_near(rolls.items[0].start_s, 5.0, 0.02);
  dt_rolls_clear(&rolls, NULL);
}

static void swung_or_slow_runs_are_no_rolls(void** state) {
  (void)state;
  start(13);
  for (int i = 0; i < 32; ++i) {
    dt_mark* m = dt_player_mark(&player, 0.1 * i + (i % 2 ? 0.02 : 0.0), 240.0 * i, DT_VOICE_HIHAT,
                                0.0, -9.0);
    m->own_ms = 0.0;
    m->straight_ms = i % 2 ? 20.0 : 0.0;
  }
  for (int i = 0; i < 32; ++i)
    dt_player_mark(&player, 5.0 + 0.2 * i, 9600.0 + 240.0 * i, DT_VOICE_SNARE, 0.0, -9.0);
  dt_rolls rolls = measure();
  assert_int_equal(rolls.count, 0);
  touch_assert_unknown("CV", rolls.cv_pct, DT_NOT_TESTABLE);
  dt_rolls_clear(&rolls, NULL);
}

static void few_strokes_cannot_tell_and_no_velocities_are_not_testable(void** state) {
  (void)state;
  dt_roll_player how = SINGLES;
  how.strokes = 8;
  how.level_sd_db = 0.0;
  how.louder_db = 0.0;
  dt_rolls rolls = play(14, &how, 1);
  assert_int_equal(rolls.items[0].breakdown_known, DT_CANT_TELL);
  assert_int_equal(rolls.items[0].breakdown, DT_HOLDS);
  touch_assert_unknown("louder", rolls.hands.louder_db, DT_NOT_TESTABLE);
  dt_rolls_clear(&rolls, NULL);
}

static bool attempt(const dt_allocator* allocator, void* ctx) {
  dt_rolls rolls;
  const dt_status status = dt_rolls_measure(&rolls, allocator, ctx);
  if (status != DT_OK)
    assert_int_equal(rolls.count, 0);
  dt_rolls_clear(&rolls, allocator);
  return status == DT_OK;
}

static void no_memory_is_said(void** state) {
  (void)state;
  start(15);
  dt_player_roll(&player, &SINGLES, 1.0, 0.0);
  dt_player_end(&player);
  assert_int_equal(dt_failing_sweep(attempt, &player.marks), 2);
  player.marks.count = 0;
  assert_int_equal(dt_failing_sweep(attempt, &player.marks), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(evenness_speed_and_hands_are_what_was_played),
      cmocka_unit_test(uneven_hands_are_not_called_an_uneven_roll),
      cmocka_unit_test(doubles_are_read_from_the_sticking),
      cmocka_unit_test(the_instruments_jitter_is_not_the_players),
      cmocka_unit_test(a_roll_that_speeds_up_slowly_is_even),
      cmocka_unit_test(a_breakdown_is_found_where_it_is),
      cmocka_unit_test(rolls_that_hold_are_not_said_to_break),
      cmocka_unit_test(an_uneven_roll_is_not_said_to_slow_down),
      cmocka_unit_test(a_stroke_left_out_divides_but_does_not_spoil),
      cmocka_unit_test(written_rolls_are_one_each),
      cmocka_unit_test(without_a_chart_fast_runs_are_found),
      cmocka_unit_test(swung_or_slow_runs_are_no_rolls),
      cmocka_unit_test(few_strokes_cannot_tell_and_no_velocities_are_not_testable),
      cmocka_unit_test(no_memory_is_said),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
