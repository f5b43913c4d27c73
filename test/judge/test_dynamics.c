#include "touch_support.h"

#include "dt/dynamics.h"

/* Dynamics: accents, ghosts, evenness, crescendo; and silence where the instrument cannot tell. */

typedef struct how {
  int bars;
  double accent_db;
  double ghost_db;
  double sd_db;
  double db_per_min;
  double four_db; /* backbeat on 4 louder by this */
} how;

static const how FUNK = {32, 5.0, -10.0, 0.8, 0.0, 0.0};

static void play(uint64_t seed, const how* h) {
  static const char snare[] = "..g.X..g.g..X.x.";
  dt_player_start(&player, seed, DT_NOISE_WHITE, 0.0, 0.0);
  for (int step = 0; step < 16 * h->bars; ++step) {
    const double at_s = 0.125 * step;
    const char c = snare[step % 16];
    const double trend = h->db_per_min * at_s / 60.0;
    if (step % 2 == 0)
      dt_player_mark(&player, at_s, 240.0 * step, DT_VOICE_HIHAT, 0.0,
                     -12.0 + trend + h->sd_db * dt_rng_normal(&player.rng));
    if (c == '.')
      continue;
    const double db = -9.0 + trend +
                      (c == 'X'   ? h->accent_db
                       : c == 'g' ? h->ghost_db
                                  : 0.0) +
                      (step % 16 == 12 ? h->four_db : 0.0) + h->sd_db * dt_rng_normal(&player.rng);
    dt_player_mark(&player, at_s, 240.0 * step, DT_VOICE_SNARE, 0.0, db)->loud =
        c == 'X'   ? DT_LOUD_ACCENT
        : c == 'g' ? DT_LOUD_GHOST
                   : DT_LOUD_NORMAL;
  }
}

static dt_dynamics measure(void) {
  dt_dynamics d;
  assert_int_equal(dt_dynamics_measure(&d, NULL, dt_player_end(&player)), DT_OK);
  return d;
}

static const dt_voice_dynamics* voice(const dt_dynamics* d, dt_voice v) {
  for (size_t k = 0; k < d->voice_count; ++k)
    if (d->voices[k].voice == v)
      return &d->voices[k];
  fail_msg("No %s", dt_voice_name(v));
  return NULL;
}

static void accents_and_ghosts_stand_where_they_were_played(void** state) {
  (void)state;
  play(131, &FUNK);
  const dt_dynamics d = measure();
  const dt_voice_dynamics* snare = voice(&d, DT_VOICE_SNARE);
  assert_int_equal(d.voice_count, 2);
  assert_int_equal(snare->loud_count[DT_LOUD_GHOST], 96);
  assert_false(snare->inferred);
  touch_assert_near("accent", snare->accent_db, 5.0, 1.0);
  touch_assert_near("ghost", snare->ghost_db, -10.0, 1.0);
  touch_assert_near("accent - ghost", snare->accent_ghost_db, 15.0, 1.0);
  touch_assert_near("accent", d.accent_db, 5.0, 1.0);
  touch_assert_near("evenness", snare->evenness_db, 0.8, 0.25);
  touch_assert_near("normal level", snare->level_db[DT_LOUD_NORMAL], -9.0, 1.0);
  touch_assert_unknown("hat", voice(&d, DT_VOICE_HIHAT)->accent_db, DT_NOT_TESTABLE);
  touch_assert_near("crescendo", d.crescendo_db_per_min, 0.0, 1.5);
}

static void a_crescendo_is_no_unevenness(void** state) {
  (void)state;
  how h = FUNK;
  h.db_per_min = -4.0;
  play(32, &h);
  const dt_dynamics d = measure();
  touch_assert_near("crescendo", d.crescendo_db_per_min, -4.0, 1.0);
  touch_assert_near("a bar", d.crescendo_db_per_bar, -4.0 * 2.0 / 60.0, 0.05);
  touch_assert_near("evenness", d.evenness_db, 0.8, 0.25);
  touch_assert_near("accent", d.accent_db, 5.0, 1.0);
}

static void two_and_four_are_compared(void** state) {
  (void)state;
  how h = FUNK;
  h.four_db = -2.0;
  play(33, &h);
  touch_assert_near("4 minus 2", measure().backbeat_db, -2.0, 1.5);
}

static void without_a_chart_only_clear_loudnesses_are_told_apart(void** state) {
  (void)state;
  play(34, &FUNK);
  player.marks.has_chart = false;
  for (size_t i = 0; i < player.marks.count; ++i)
    player.items[i].loud = DT_LOUD_NORMAL;
  dt_dynamics d = measure();
  assert_true(voice(&d, DT_VOICE_SNARE)->inferred);
  touch_assert_near("accent", voice(&d, DT_VOICE_SNARE)->accent_db, 5.0, 1.5);
  touch_assert_near("ghost", voice(&d, DT_VOICE_SNARE)->ghost_db, -10.0, 1.5);
  assert_false(voice(&d, DT_VOICE_HIHAT)->inferred);
  how h = FUNK; /* a wide spread hides them */
  h.sd_db = 4.0;
  play(35, &h);
  player.marks.has_chart = false;
  for (size_t i = 0; i < player.marks.count; ++i)
    player.items[i].loud = DT_LOUD_NORMAL;
  d = measure();
  touch_assert_unknown("accent", voice(&d, DT_VOICE_SNARE)->accent_db, DT_NOT_TESTABLE);
}

static void an_instrument_that_cannot_tell_is_not_testable(void** state) {
  (void)state;
  play(36, &FUNK);
  for (size_t i = 0; i < player.marks.count; ++i)
    if (player.items[i].voice == DT_VOICE_SNARE)
      player.items[i].level_db = -5.0;
    else if (player.items[i].level_db > -12.0)
      player.items[i].level_db = 0.0;
  dt_dynamics d = measure();
  assert_int_equal(voice(&d, DT_VOICE_SNARE)->levels, DT_LEVELS_CONSTANT);
  assert_int_equal(voice(&d, DT_VOICE_HIHAT)->levels, DT_LEVELS_SATURATED);
  touch_assert_unknown("snare", voice(&d, DT_VOICE_SNARE)->accent_db, DT_NOT_TESTABLE);
  touch_assert_unknown("hat", voice(&d, DT_VOICE_HIHAT)->evenness_db, DT_NOT_TESTABLE);
  touch_assert_unknown("all", d.crescendo_db_per_min, DT_NOT_TESTABLE);
  for (size_t i = 0; i < player.marks.count; ++i)
    player.items[i].level_db = (double)NAN;
  player.marks.has_velocity = false;
  d = measure();
  assert_int_equal(voice(&d, DT_VOICE_SNARE)->levels, DT_LEVELS_NONE);
  touch_assert_unknown("all", d.accent_db, DT_NOT_TESTABLE);
}

static void few_strokes_cannot_tell(void** state) {
  (void)state;
  how h = FUNK;
  h.bars = 2;
  play(37, &h);
  const dt_dynamics d = measure();
  touch_assert_unknown("accent", voice(&d, DT_VOICE_SNARE)->accent_db, DT_CANT_TELL);
}

static bool attempt(const dt_allocator* allocator, void* ctx) {
  dt_dynamics d;
  const dt_status status = dt_dynamics_measure(&d, allocator, ctx);
  if (status != DT_OK)
    assert_int_equal(d.voice_count, 0);
  return status == DT_OK;
}

static void no_memory_is_said(void** state) {
  (void)state;
  play(38, &FUNK);
  dt_player_end(&player);
  assert_int_equal(dt_failing_sweep(attempt, &player.marks), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(accents_and_ghosts_stand_where_they_were_played),
      cmocka_unit_test(a_crescendo_is_no_unevenness),
      cmocka_unit_test(two_and_four_are_compared),
      cmocka_unit_test(without_a_chart_only_clear_loudnesses_are_told_apart),
      cmocka_unit_test(an_instrument_that_cannot_tell_is_not_testable),
      cmocka_unit_test(few_strokes_cannot_tell),
      cmocka_unit_test(no_memory_is_said),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
