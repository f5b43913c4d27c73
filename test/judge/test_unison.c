#include "feel_support.h"

#include "dt/unison.h"

/* Kick and hi-hat on every quarter. */
static void together(dt__made* made, int bars, double kick_ms, double kick_sd, double hat_sd) {
  for (dt_tick t = 0; t < (dt_tick)bars * DT__BAR; t += DT__QUARTER) {
    dt__strike(made, t, DT_VOICE_KICK, kick_ms, kick_sd);
    dt__strike(made, t, DT_VOICE_HIHAT, 0.0, hat_sd);
    dt__strike(made, t + DT__QUARTER / 2, DT_VOICE_HIHAT, 0.0, hat_sd);
  }
}

static dt_unison measure(dt__made* made) {
  dt_unison unison;
  assert_int_equal(dt_unison_measure(&unison, NULL, dt__marks(made)), DT_OK);
  return unison;
}

static void the_early_one_leads(void** state) {
  (void)state;
  for (int kick_first = 0; kick_first < 2; kick_first++) {
    dt__made* made = dt__make(120, 1);
    together(made, 32, kick_first ? -9.0 : 9.0, 3.0, 3.0);
    const dt_unison unison = measure(made);
    assert_int_equal(unison.pair_count, 1);
    assert_int_equal(unison.count, 128);
    const dt_unison_pair* pair = &unison.pairs[0];
    assert_int_equal(pair->first, kick_first ? DT_VOICE_KICK : DT_VOICE_HIHAT);
    assert_int_equal(pair->second, kick_first ? DT_VOICE_HIHAT : DT_VOICE_KICK);
    assert_int_equal(pair->leads, DT_KNOWN);
    dt__assert_holds(pair->lead_ms, 9.0, 3.0);
    dt__assert_holds(pair->spread_ms, sqrt(18.0), 1.5);
  }
}

static void nobody_leads_when_it_could_be_chance(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 2);
  together(made, 8, 0.0, 8.0, 8.0);
  const dt_unison unison = measure(made);
  assert_int_equal(unison.pairs[0].leads, DT_CANT_TELL);
  assert_true(unison.pairs[0].lead_ms.value >= 0 && unison.pairs[0].lead_ms.low <= 0);
}

static void the_spread_is_of_both_limbs_without_the_jitter(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 3);
  together(made, 100, 0.0, 10.0, 10.0); /* the instrument's 8 in both: 6 and 6 are left */
  made->marks.jitter_ms = 8.0;
  const dt_unison unison = measure(made);
  dt__assert_holds(unison.pairs[0].spread_ms, sqrt(72.0), 4.5);
  dt__assert_holds(unison.spread_ms, sqrt(72.0), 4.5);
}

static void the_timekeeper_is_not_in_the_spread(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 4);
  for (int k = 0; k < 100; k++) {
    const double wander_ms = 40.0 * sin(0.3 * k);
    dt__strike(made, k * DT__QUARTER, DT_VOICE_SNARE, wander_ms, 2.0);
    dt__strike(made, k * DT__QUARTER, DT_VOICE_RIDE, wander_ms, 2.0);
  }
  dt__assert_holds(measure(made).pairs[0].spread_ms, sqrt(8.0), 1.2);
}

static void one_sound_is_no_unison(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 5);
  together(made, 16, 0.0, 6.0, 6.0);
  for (size_t i = 0; i + 1 < made->marks.count; i++)
    if (i % 6 < 3 && made->items[i].tick == made->items[i + 1].tick)
      made->items[i + 1].time_s = made->items[i].time_s;
  const dt_unison unison = measure(made);
  assert_true(unison.pairs[0].same_time_count > 20);
  dt__assert_unknown(unison.pairs[0].spread_ms, DT_NOT_TESTABLE);
  dt__assert_unknown(unison.pairs[0].lead_ms, DT_NOT_TESTABLE);
}

static void a_machine_has_no_spread(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 6);
  together(made, 16, 0.0, 0.0, 0.0);
  const dt_unison unison = measure(made);
  assert_int_equal(unison.pairs[0].same_time_count, 64);
  assert_near(unison.pairs[0].spread_ms.value, 0.0, 1e-9);
}

static void grace_strokes_and_extra_strokes_are_in_no_unison(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 7);
  together(made, 4, 0.0, 1.0, 1.0);
  for (size_t i = 0; i < made->marks.count; i++)
    if (made->items[i].voice == DT_VOICE_KICK)
      made->items[i].order = -1;
  assert_int_equal(measure(made).pair_count, 0);
}

static void few_unisons_say_nothing(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 8);
  together(made, 1, -9.0, 1.0, 1.0);
  const dt_unison unison = measure(made);
  assert_int_equal(unison.pairs[0].count, 4);
  dt__assert_unknown(unison.pairs[0].spread_ms, DT_CANT_TELL);
  dt__assert_unknown(unison.spread_ms, DT_CANT_TELL);
}

static bool measured(const dt_allocator* allocator, void* ctx) {
  dt_unison unison;
  const dt_status status = dt_unison_measure(&unison, allocator, ctx);
  assert_true(status == DT_OK || (status == DT_NO_MEMORY && unison.pair_count == 0));
  return status == DT_OK;
}

static void without_memory_nothing_is_known(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 9);
  together(made, 4, -9.0, 1.0, 1.0);
  dt_marks marks = *dt__marks(made);
  assert_true(dt_failing_sweep(measured, &marks) >= 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_early_one_leads),
      cmocka_unit_test(nobody_leads_when_it_could_be_chance),
      cmocka_unit_test(the_spread_is_of_both_limbs_without_the_jitter),
      cmocka_unit_test(the_timekeeper_is_not_in_the_spread),
      cmocka_unit_test(one_sound_is_no_unison),
      cmocka_unit_test(a_machine_has_no_spread),
      cmocka_unit_test(grace_strokes_and_extra_strokes_are_in_no_unison),
      cmocka_unit_test(few_unisons_say_nothing),
      cmocka_unit_test(without_memory_nothing_is_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
