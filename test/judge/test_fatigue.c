#include "touch_support.h"

#include "dt/fatigue.h"
#include "dt/roll.h"

/* Fatigue: what changes over a take, and what only seems to. */

typedef struct how {
  double minutes;
  double growth[2]; /* right, left: of motor noise, a minute */
  double db_per_min[2];
  bool hands;
} how;

static void play(uint64_t seed, dt_noise noise, const how* h) {
  dt_player_start(&player, seed, noise, 8.0, 0.0);
  for (int i = 0; 0.1 * i < 60.0 * h->minutes; ++i) {
    const int hand = i % 2;
    const double minutes = 0.1 * i / 60.0;
    const double motor = 6.0 * (1.0 + h->growth[hand] * minutes) * dt_rng_normal(&player.rng);
    const double db = -9.0 + h->db_per_min[hand] * minutes + 0.8 * dt_rng_normal(&player.rng);
    dt_mark* m = dt_player_mark(&player, 0.1 * i, 192.0 * i, DT_VOICE_SNARE, motor, db);
    m->hand = h->hands ? "RL"[hand] : ' ';
  }
}

static dt_fatigue measure(const dt_verdict* verdict) {
  dt_fatigue f;
  assert_int_equal(dt_fatigue_measure(&f, NULL, dt_player_end(&player), verdict), DT_OK);
  return f;
}

static void growing_scatter_and_falling_level_are_found(void** state) {
  (void)state;
  const how h = {3.0, {0.3, 0.3}, {-1.5, -1.5}, false};
  play(51, DT_NOISE_WHITE, &h);
  const dt_fatigue f = measure(NULL);
  assert_near(f.minutes, 3.0, 0.01);
  touch_assert_near("scatter", f.scatter_pct.per_min, 30.0, 18.0);
  assert_true(f.scatter_pct.p < 1e-3);
  touch_assert_near("level", f.level_db.per_min, -1.5, 0.2);
  assert_true(f.level_db.p < 1e-3);
  touch_assert_unknown("right hand", f.right_scatter_pct.per_min, DT_NOT_TESTABLE);
  touch_assert_unknown("drift", f.drift_bpm.per_min, DT_NOT_TESTABLE);
}

static void a_wandering_tempo_is_not_tiredness(void** state) {
  (void)state;
  const uint64_t first = 500;
  const how h = {2.0, {0.0, 0.0}, {0.0, 0.0}, false};
  int found = 0;
  for (uint64_t seed = first; seed < first + 100; ++seed) {
    play(seed, DT_NOISE_PINK, &h);
    found += measure(NULL).scatter_pct.p < 0.05;
  }
  if (found > 13)
    fail_msg("%d of 100 (seeds from %llu)", found, (unsigned long long)first);
}

static void the_hand_that_tires_is_named(void** state) {
  (void)state;
  const how h = {3.0, {0.0, 0.5}, {0.0, -2.0}, true};
  play(52, DT_NOISE_WHITE, &h);
  const dt_fatigue f = measure(NULL);
  touch_assert_near("right", f.right_scatter_pct.per_min, 0.0, 15.0);
  touch_assert_holds("left", f.left_scatter_pct.per_min, 50.0);
  assert_true(f.left_minus_right_scatter_pct.per_min.low > 0.0);
  assert_true(f.left_minus_right_scatter_pct.p < 0.01);
  touch_assert_near("left level", f.left_level_db.per_min, -2.0, 0.25);
  touch_assert_near("levels", f.left_minus_right_level_db.per_min, -2.0, 0.4);
}

static void short_takes_cannot_tell(void** state) {
  (void)state;
  const how h = {0.9, {0.3, 0.3}, {-1.0, -1.0}, false};
  play(53, DT_NOISE_WHITE, &h);
  const dt_fatigue f = measure(NULL);
  touch_assert_unknown("scatter", f.scatter_pct.per_min, DT_CANT_TELL);
  assert_true(isnan(f.scatter_pct.p));
  touch_assert_unknown("level", f.level_db.per_min, DT_CANT_TELL);
}

static void drift_is_the_verdicts_own(void** state) {
  (void)state;
  const how h = {2.0, {0.0, 0.0}, {0.0, 0.0}, false};
  play(54, DT_NOISE_WHITE, &h);
  dt_verdict verdict;
  memset(&verdict, 0, sizeof(verdict));
  verdict.all.drift_bpm_per_min = (dt_estimate){-2.0, -3.0, -1.0, DT_KNOWN};
  verdict.all.drift_p = 0.002;
  const dt_fatigue f = measure(&verdict);
  touch_assert_holds("drift", f.drift_bpm.per_min, -2.0);
  assert_near(f.drift_bpm.p, 0.002, 0.0);
}

static void rolls_that_get_slower_are_seen(void** state) {
  (void)state;
  dt_player_start(&player, 55, DT_NOISE_WHITE, 0.0, 0.0);
  double at_s = 0.0;
  for (int k = 0; k < 40; ++k) {
    const dt_roll_player roll = {.strokes = 16,
                                 .interval_ms = 60e3 / (800.0 - 40.0 * at_s / 60.0),
                                 .motor_ms = 3.0,
                                 .level_sd_db = 1.0};
    at_s = dt_player_roll(&player, &roll, at_s, 1e6 * k) + 2.0;
  }
  touch_assert_near("strokes a minute, a minute", measure(NULL).roll_rate.per_min, -40.0, 10.0);
}

static void velocities_that_say_nothing_are_not_testable(void** state) {
  (void)state;
  const how h = {2.0, {0.0, 0.0}, {0.0, 0.0}, false};
  play(56, DT_NOISE_WHITE, &h);
  for (size_t i = 0; i < player.marks.count; ++i)
    player.items[i].level_db = -3.0;
  touch_assert_unknown("level", measure(NULL).level_db.per_min, DT_NOT_TESTABLE);
}

static bool attempt(const dt_allocator* allocator, void* ctx) {
  dt_fatigue f;
  const dt_status status = dt_fatigue_measure(&f, allocator, ctx, NULL);
  if (status != DT_OK)
    touch_assert_unknown("scatter", f.scatter_pct.per_min, DT_CANT_TELL);
  return status == DT_OK;
}

static void no_memory_is_said(void** state) {
  (void)state;
  const how h = {1.5, {0.0, 0.0}, {0.0, 0.0}, true};
  play(57, DT_NOISE_WHITE, &h);
  dt_player_end(&player);
  assert_true(dt_failing_sweep(attempt, &player.marks) >= 5);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(growing_scatter_and_falling_level_are_found),
      cmocka_unit_test(a_wandering_tempo_is_not_tiredness),
      cmocka_unit_test(the_hand_that_tires_is_named),
      cmocka_unit_test(short_takes_cannot_tell),
      cmocka_unit_test(drift_is_the_verdicts_own),
      cmocka_unit_test(rolls_that_get_slower_are_seen),
      cmocka_unit_test(velocities_that_say_nothing_are_not_testable),
      cmocka_unit_test(no_memory_is_said),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
