#include "../support/failing_allocator.h"

#include "../support/near.h"
#include "dt/drummer.h"

static dt_drummer read(const char* text) {
  dt_drummer drummer = dt_drummer_default();
  dt_error err = {0};
  if (dt_drummer_parse(&drummer, text, &err) != DT_OK)
    fail_msg("\"%s\": %s", text, err.sentence);
  return drummer;
}

static void the_words_of_the_manual_set_their_traits(void** state) {
  (void)state;
  const dt_drummer d = read("bpm=100 bars=16 seed=7 lead-in=0.5s drift=+2bpm/min placement=-5ms "
                            "scatter=9ms clock=6ms alpha=0.3 beta=0.1 pink=5ms swing=62% "
                            "velocity=8 fatigue=10%/min miss=2% flam=25ms");
  assert_near(d.bpm, 100, 0);
  assert_int_equal(d.bars, 16);
  assert_true(d.seed == 7);
  assert_near(d.lead_in_s, 0.5, 0);
  assert_near(d.drift_bpm_per_min, 2, 0);
  assert_near(d.placement_ms, -5, 0);
  assert_near(d.scatter_ms, 9, 0);
  assert_near(d.clock_ms, 6, 0);
  assert_near(d.phase_correction, 0.3, 0);
  assert_near(d.period_correction, 0.1, 0);
  assert_near(d.pink_ms, 5, 0);
  assert_near(d.swing, 0.62, 1e-15);
  assert_near(d.velocity_sd, 8, 0);
  assert_near(d.fatigue, 0.1, 1e-15);
  assert_near(d.miss_rate, 0.02, 1e-15);
  assert_near(d.flam_ms, 25, 0);
}

static void limbs_have_offsets_and_scatter(void** state) {
  (void)state;
  const dt_drummer d = read("kick=-1ms,snare=+8ms,hihat=-3ms,pedal=2ms,toms=4ms,ride=5ms,"
                            "crash=6ms,other=7ms,hihat.scatter=1.5x,pedal.scatter=2");
  const double offsets[DT_VOICE_COUNT] = {-1, 8, -3, 2, 4, 5, 6, 7};
  for (size_t i = 0; i < DT_VOICE_COUNT; i++)
    assert_near(d.limb_offset_ms[i], offsets[i], 0);
  assert_near(d.limb_scatter[DT_VOICE_HIHAT], 1.5, 0);
  assert_near(d.limb_scatter[DT_VOICE_HIHAT_PEDAL], 2, 0);
  assert_near(read("hi-hat=1ms").limb_offset_ms[DT_VOICE_HIHAT], 1, 0);
}

static void the_words_for_faults_set_their_traits(void** state) {
  (void)state;
  const dt_drummer d =
      read("fill=+3bpm fill.rush=4% section=-2bpm left=+6ms left.scatter=1.8x left.velocity=-15 "
           "right=-1ms right.scatter=1.1x right.velocity=3 unison=5ms backbeat=+12ms offbeat=8ms "
           "sixteenths=10ms swing.wobble=3% ride.swing=58% hihat.lead=6ms flam.sd=5ms drag=60ms "
           "grace=45% roll=18/s roll.cv=8% roll.alternate=+6ms roll.alternate.velocity=-12 "
           "roll.break=4s roll.break.factor=2.5x stroke=85 accent=105 ghost=60 crescendo=+3dB/min "
           "open=90% half=50% closed=5% openness.sd=6% fatigue.tempo=-1bpm/min "
           "fatigue.velocity=-3/min extra=3% wrong=2% skip=1 skip.bar=17 repeat=2 repeat.bar=9");
  assert_near(d.fill_bpm, 3, 0);
  assert_near(d.fill_rush, 0.04, 1e-15);
  assert_near(d.section_bpm, -2, 0);
  assert_near(d.left.offset_ms, 6, 0);
  assert_near(d.left.scatter, 1.8, 1e-15);
  assert_near(d.left.velocity, -15, 0);
  assert_near(d.right.offset_ms, -1, 0);
  assert_near(d.right.scatter, 1.1, 1e-15);
  assert_near(d.right.velocity, 3, 0);
  assert_near(d.unison_ms, 5, 0);
  assert_near(d.backbeat_ms, 12, 0);
  assert_near(d.offbeat_ms, 8, 0);
  assert_near(d.uneven_ms, 10, 0);
  assert_near(d.swing_wobble, 0.03, 1e-15);
  assert_near(d.limb_swing[DT_VOICE_RIDE], 0.58, 1e-15);
  assert_near(d.limb_lead_ms[DT_VOICE_HIHAT], 6, 0);
  assert_near(d.flam_sd_ms, 5, 0);
  assert_near(d.drag_ms, 60, 0);
  assert_near(d.grace_level, 0.45, 1e-15);
  assert_near(d.roll_rate, 18, 0);
  assert_near(d.roll_cv, 0.08, 1e-15);
  assert_near(d.roll_alternate_ms, 6, 0);
  assert_near(d.roll_alternate_velocity, -12, 0);
  assert_near(d.roll_break_s, 4, 0);
  assert_near(d.roll_break_factor, 2.5, 0);
  assert_near(d.stroke_velocity, 85, 0);
  assert_near(d.accent_velocity, 105, 0);
  assert_near(d.ghost_velocity, 60, 0);
  assert_near(d.crescendo_db_per_min, 3, 0);
  assert_near(d.openness_open, 0.9, 1e-15);
  assert_near(d.openness_half, 0.5, 1e-15);
  assert_near(d.openness_closed, 0.05, 1e-15);
  assert_near(d.openness_sd, 0.06, 1e-15);
  assert_near(d.fatigue_bpm_per_min, -1, 0);
  assert_near(d.fatigue_velocity_per_min, -3, 0);
  assert_near(d.extra_rate, 0.03, 1e-15);
  assert_near(d.wrong_rate, 0.02, 1e-15);
  assert_int_equal(d.skip_count, 1);
  assert_int_equal(d.skip_bar, 17);
  assert_int_equal(d.repeat_count, 2);
  assert_int_equal(d.repeat_bar, 9);
  assert_near(read("crescendo=-0.5dB/bar").crescendo_db_per_bar, -0.5, 0);
}

static void places_in_the_bar_are_named_by_their_beat(void** state) {
  (void)state;
  const dt_drummer d = read("at2.5=+8ms at4=-3ms at2.5=9ms");
  assert_near(d.places[0].beat, 2.5, 0);
  assert_near(d.places[0].offset_ms, 9, 0);
  assert_near(d.places[1].beat, 4, 0);
  assert_near(d.places[1].offset_ms, -3, 0);
  assert_near(d.places[2].beat, 0, 0);
}

static void what_is_not_named_stays(void** state) {
  (void)state;
  dt_drummer d = read("scatter=3ms");
  assert_int_equal(dt_drummer_parse(&d, " bars=4 ,", NULL), DT_OK);
  assert_near(d.scatter_ms, 3, 0);
  assert_int_equal(d.bars, 4);
  d = read("");
  assert_near(d.scatter_ms, dt_drummer_default().scatter_ms, 0);
}

static void the_later_word_wins(void** state) {
  (void)state;
  assert_near(read("scatter=3ms scatter=4ms").scatter_ms, 4, 0);
  assert_near(read("drift=1%/min drift=3bpm/min").drift_bpm_per_min, 3, 0);
  assert_near(read("beginner drift=0bpm/min").drift_bpm_per_min, 0, 0);
  assert_near(read("drift=1%/min machine").drift_bpm_per_min, 0, 0);
}

static void percent_drift_is_of_the_tempo_wherever_it_stands(void** state) {
  (void)state;
  assert_near(read("drift=-1.5%/min bpm=200").drift_bpm_per_min, -3, 1e-12);
  assert_near(read("bpm=200 drift=-1.5%/min").drift_bpm_per_min, -3, 1e-12);
}

static void units_are_understood(void** state) {
  (void)state;
  assert_near(read("scatter=0.009s").scatter_ms, 9, 1e-12);
  assert_near(read("scatter=900us").scatter_ms, 0.9, 1e-12);
  assert_near(read("lead-in=250ms").lead_in_s, 0.25, 1e-12);
  assert_near(read("lead_in=2s").lead_in_s, 2, 0);
  assert_near(read("bpm=96.5bpm").bpm, 96.5, 0);
  assert_near(read("swing=2:1").swing, 2.0 / 3, 1e-15);
  assert_near(read("swing=0.6").swing, 0.6, 0);
  assert_near(read("correction=0.25").phase_correction, 0.25, 0);
  assert_near(read("scatter=+.5ms").scatter_ms, 0.5, 0);
  assert_near(read("scatter=5.ms").scatter_ms, 5, 0);
  assert_true(read("seed=18446744073709551615").seed == UINT64_MAX);
}

static void presets_change_how_and_leave_what(void** state) {
  (void)state;
  const char* const names[] = {"machine", "pro", "player", "beginner"};
  double scatter = -1;
  for (size_t i = 0; i < 4; i++) {
    dt_drummer d = read("bpm=77 bars=3 seed=5 lead-in=1s snare=4ms");
    assert_int_equal(dt_drummer_parse(&d, names[i], NULL), DT_OK);
    assert_true(d.scatter_ms > scatter);
    scatter = d.scatter_ms;
    assert_near(d.limb_offset_ms[DT_VOICE_SNARE], 0, 0);
    assert_near(d.bpm, 77, 0);
    assert_int_equal(d.bars, 3);
    assert_true(d.seed == 5);
    assert_near(d.lead_in_s, 1, 0);
  }
}

static void expect_refused(const char* text, const char* word, const char* hint) {
  dt_drummer drummer = dt_drummer_default();
  const dt_drummer before = drummer;
  dt_error err = {0};
  assert_int_equal(dt_drummer_parse(&drummer, text, &err), DT_BAD_ARGUMENT);
  if (!strstr(err.sentence, word) || !strstr(err.sentence, hint))
    fail_msg("\"%s\" gave: %s", text, err.sentence);
  assert_memory_equal(&drummer, &before, sizeof before);
  assert_int_equal(dt_drummer_parse(&drummer, text, NULL), DT_BAD_ARGUMENT);
}

static void a_wrong_word_is_named_with_what_is_possible(void** state) {
  (void)state;
  expect_refused("bars=4 scater=9ms", "scater=9ms", "scatter");
  expect_refused("sloppy", "sloppy", "beginner");
  expect_refused("=", "=", "possible");
  expect_refused("snarex=3ms", "snarex=3ms", "snare");
  expect_refused("snare.swing=3ms", "snare.swing=3ms", "snare");
  expect_refused("Bars=3", "Bars=3", "bars");
}

static void a_wrong_value_is_named_with_its_unit_and_range(void** state) {
  (void)state;
  expect_refused("scatter=9", "scatter=9", "200ms");
  expect_refused("scatter=9bpm", "scatter=9bpm", "200ms");
  expect_refused("scatter=", "scatter=", "200ms");
  expect_refused("scatter=-1ms", "scatter=-1ms", "0ms");
  expect_refused("scatter=ninems", "ninems", "number");
  expect_refused("scatter=1e2ms", "1e2ms", "number");
  expect_refused("scatter=1.2.3ms", "1.2.3ms", "number");
  expect_refused("scatter=1234567890123456ms", "scatter", "number");
  expect_refused("scatter=infms", "infms", "number");
  expect_refused("scatter=--3ms", "--3ms", "number");
  expect_refused("bpm=500", "bpm=500", "400bpm");
  expect_refused("drift=2", "drift=2", "%/min");
  expect_refused("drift=2bpm", "drift=2bpm", "bpm/min");
  expect_refused("drift=x%/min", "drift", "%/min");
  expect_refused("miss=0.02", "miss=0.02", "100%");
  expect_refused("fatigue=10%", "fatigue=10%", "%/min");
  expect_refused("swing=80%", "swing=80%", "75%");
  expect_refused("swing=0%", "swing=0%", "2:1");
  expect_refused("swing=9:1", "swing=9:1", "2:1");
  expect_refused("lead-in=-1s", "lead-in=-1s", "3600s");
  expect_refused("snare=8", "snare=8", "snare takes");
  expect_refused("kick.scatter=0x", "kick.scatter=0x", "10x");
  expect_refused("bars=0", "bars=0", "10000");
  expect_refused("bars=10001", "bars=10001", "10000");
  expect_refused("bars=3.5", "bars=3.5", "whole");
  expect_refused("bars=", "bars=", "whole");
  expect_refused("crescendo=3", "crescendo=3", "dB/bar");
  expect_refused("fatigue.tempo=-1%/min", "fatigue.tempo", "bpm/min");
  expect_refused("at0.5=3ms", "at0.5=3ms", "beat");
  expect_refused("at2=3", "at2=3", "500ms");
  expect_refused("at1=1ms at2=1ms at3=1ms at4=1ms at1.5=1ms at2.5=1ms at3.5=1ms at4.5=1ms "
                 "at4.75=1ms",
                 "at4.75", "8");
  expect_refused("skip.bar=0", "skip.bar=0", "10000");
  expect_refused("skip=101", "skip=101", "100");
  expect_refused("ride.swing=80%", "ride.swing", "2:1");
  expect_refused("roll=2/s", "roll=2/s", "60/s");
  expect_refused("left.swing=60%", "left.swing", "left");
  expect_refused("seed=-1", "seed=-1", "whole");
  expect_refused("seed=18446744073709551616", "seed", "2^64");
}

static void traits_that_do_not_go_together_are_refused(void** state) {
  (void)state;
  expect_refused("beta=0.1", "beta", "alpha");
  expect_refused("drift=100%/min bpm=300", "drift", "200");
}

/* The sentence goes to a terminal. */
static void a_word_of_garbage_is_shown_short_and_printable(void** state) {
  (void)state;
  char text[2000];
  memset(text, 0x1B, sizeof text);
  text[0] = '\xFF';
  text[sizeof text - 1] = '\0';
  dt_drummer drummer = dt_drummer_default();
  dt_error err = {0};
  assert_int_equal(dt_drummer_parse(&drummer, text, &err), DT_BAD_ARGUMENT);
  assert_non_null(strstr(err.sentence, "...\""));
  assert_non_null(strstr(err.sentence, "beginner")); /* nothing was cut off */
  for (const char* c = err.sentence; *c; c++)
    assert_true(*c >= ' ' && *c <= '~');
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_words_of_the_manual_set_their_traits),
      cmocka_unit_test(limbs_have_offsets_and_scatter),
      cmocka_unit_test(the_words_for_faults_set_their_traits),
      cmocka_unit_test(places_in_the_bar_are_named_by_their_beat),
      cmocka_unit_test(what_is_not_named_stays),
      cmocka_unit_test(the_later_word_wins),
      cmocka_unit_test(percent_drift_is_of_the_tempo_wherever_it_stands),
      cmocka_unit_test(units_are_understood),
      cmocka_unit_test(presets_change_how_and_leave_what),
      cmocka_unit_test(a_wrong_word_is_named_with_what_is_possible),
      cmocka_unit_test(a_wrong_value_is_named_with_its_unit_and_range),
      cmocka_unit_test(traits_that_do_not_go_together_are_refused),
      cmocka_unit_test(a_word_of_garbage_is_shown_short_and_printable),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
