#include "touch_support.h"

#include "dt/flam.h"

/* Flams and drags: spacing and level of the grace strokes. */

static dt_mark* grace(const dt_mark* main, int order, double before_ms, double db) {
  dt_mark* g = dt_player_mark(&player, main->time_s, main->tick, main->voice, 0.0, db);
  g->time_s = main->time_s - 1e-3 * before_ms;
  g->event = main->event;
  g->order = order;
  g->ornament = main->ornament;
  g->hand = main->hand;
  return g;
}

/* Right flams closer than left ones by `wider_ms`. */
static void play_flams(int count, double mean_ms, double sd_ms, double wider_ms) {
  for (int k = 0; k < count; ++k) {
    const double db = -6.0 + dt_rng_normal(&player.rng);
    dt_mark* main = dt_player_mark(&player, 1.0 + 0.5 * k, 960.0 * k, DT_VOICE_SNARE,
                                   6.0 * dt_rng_normal(&player.rng), db);
    main->ornament = DT_FLAM;
    main->hand = k % 2 ? 'L' : 'R';
    const double spacing = mean_ms + sd_ms * dt_rng_normal(&player.rng) + (k % 2 ? wider_ms : 0.0);
    grace(main, -1, spacing, db - 8.0 + dt_rng_normal(&player.rng));
  }
}

static void start(uint64_t seed) {
  dt_player_start(&player, seed, DT_NOISE_WHITE, 0.0, 0.0);
}

static dt_flams measure(void) {
  dt_flams flams;
  assert_int_equal(dt_flams_measure(&flams, NULL, dt_player_end(&player)), DT_OK);
  return flams;
}

static void flam_spacing_and_level_are_what_was_played(void** state) {
  (void)state;
  start(21);
  play_flams(60, 40.0, 5.0, 0.0);
  const dt_flams f = measure();
  assert_int_equal(f.flam_count, 60);
  assert_int_equal(f.flat_count, 0);
  touch_assert_near("mean", f.flam.mean_ms, 40.0, 4.0);
  touch_assert_near("SD", f.flam.sd_ms, 5.0, 3.0);
  touch_assert_near("level", f.flam_grace_db, -8.0, 1.5);
  touch_assert_unknown("drags", f.drag_whole.mean_ms, DT_NOT_TESTABLE);
}

static void each_hand_has_its_own_flam(void** state) {
  (void)state;
  start(22);
  play_flams(60, 35.0, 3.0, 12.0);
  const dt_flams f = measure();
  assert_int_equal(f.left.count, 30);
  touch_assert_near("right", f.right.mean_ms, 35.0, 4.0);
  touch_assert_near("left", f.left.mean_ms, 47.0, 4.0);
  touch_assert_near("difference", f.left_minus_right_ms, 12.0, 5.0);
}

static void the_instruments_jitter_is_in_both_strokes(void** state) {
  (void)state;
  start(23);
  play_flams(200, 40.0, sqrt(25.0 + 2.0 * 9.0), 0.0);
  player.marks.jitter_ms = 3.0;
  touch_assert_near("SD", measure().flam.sd_ms, 5.0, 2.2);
}

static void flat_flams_are_counted(void** state) {
  (void)state;
  start(24);
  play_flams(10, 12.0, 0.0, 0.0);
  assert_int_equal(measure().flat_count, 10);
}

static void drags_have_two_spacings(void** state) {
  (void)state;
  start(25);
  for (int k = 0; k < 20; ++k) {
    dt_mark* main = dt_player_mark(&player, 1.0 + 0.5 * k, 960.0 * k, DT_VOICE_SNARE, 0.0, -6.0);
    main->ornament = DT_DRAG;
    grace(main, -1, 30.0 + dt_rng_normal(&player.rng), -15.0);
    grace(main, -2, 70.0 + dt_rng_normal(&player.rng), -17.0);
  }
  const dt_flams f = measure();
  assert_int_equal(f.drag_count, 20);
  touch_assert_near("first", f.drag_first.mean_ms, 40.0, 2.5);
  touch_assert_near("second", f.drag_second.mean_ms, 30.0, 2.0);
  touch_assert_near("whole", f.drag_whole.mean_ms, 70.0, 2.0);
  assert_near(f.drag_grace_db.value, -10.0, 1e-9);
  assert_int_equal(f.flam_count, 0);
}

static void few_flams_cannot_tell(void** state) {
  (void)state;
  start(26);
  play_flams(5, 40.0, 5.0, 0.0);
  player.marks.has_velocity = false;
  const dt_flams f = measure();
  assert_int_equal(f.flam_count, 5);
  touch_assert_unknown("mean", f.flam.mean_ms, DT_CANT_TELL);
  touch_assert_unknown("SD", f.flam.sd_ms, DT_CANT_TELL);
  touch_assert_unknown("level", f.flam_grace_db, DT_NOT_TESTABLE);
}

static void a_grace_stroke_that_was_not_heard_is_no_flam(void** state) {
  (void)state;
  start(27);
  play_flams(20, 40.0, 5.0, 0.0);
  dt_player_end(&player);
  for (size_t i = 0; i < player.marks.count; ++i)
    if (player.items[i].order < 0 && i < 20)
      player.items[i].label = DT_LABEL_EXTRA;
  assert_int_equal(measure().flam_count, 10);
}

static bool attempt(const dt_allocator* allocator, void* ctx) {
  dt_flams flams;
  const dt_status status = dt_flams_measure(&flams, allocator, ctx);
  if (status != DT_OK)
    touch_assert_unknown("mean", flams.flam.mean_ms, DT_NOT_TESTABLE);
  return status == DT_OK;
}

static void no_memory_is_said(void** state) {
  (void)state;
  start(28);
  play_flams(20, 40.0, 5.0, 0.0);
  dt_player_end(&player);
  assert_int_equal(dt_failing_sweep(attempt, &player.marks), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(flam_spacing_and_level_are_what_was_played),
      cmocka_unit_test(each_hand_has_its_own_flam),
      cmocka_unit_test(the_instruments_jitter_is_in_both_strokes),
      cmocka_unit_test(flat_flams_are_counted),
      cmocka_unit_test(drags_have_two_spacings),
      cmocka_unit_test(few_flams_cannot_tell),
      cmocka_unit_test(a_grace_stroke_that_was_not_heard_is_no_flam),
      cmocka_unit_test(no_memory_is_said),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
