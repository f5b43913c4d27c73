#include "feel_support.h"

#include "dt/swing.h"

/* Eighths on the ride for so many bars, the off-beat at `share` of the beat. */
static void ride(dt__made* made, int bars, double share, double sd_ms) {
  const double beat_ms = 60e3 / made->bpm;
  for (dt_tick t = 0; t <= (dt_tick)bars * DT__BAR; t += DT__QUARTER / 2) {
    const bool off = t % DT__QUARTER != 0;
    dt__strike(made, t, DT_VOICE_RIDE, off ? (share - 0.5) * beat_ms : 0.0, sd_ms);
  }
}

static dt_swing measure(dt__made* made) {
  dt_swing swing;
  assert_int_equal(dt_swing_measure(&swing, NULL, dt__marks(made)), DT_OK);
  return swing;
}

static void a_triplet_is_two_to_one(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 1);
  ride(made, 8, 2.0 / 3.0, 0.0);
  const dt_swing swing = measure(made);
  assert_int_equal(swing.voice_count, 1);
  assert_int_equal(swing.voices[0].voice, DT_VOICE_RIDE);
  assert_int_equal(swing.voices[0].pair_count, 32);
  assert_false(swing.voices[0].from_pulse);
  assert_near(swing.all.share.value, 2.0 / 3.0, 1e-9);
  assert_near(swing.all.ratio.value, 2.0, 1e-7);
  assert_near(swing.all.median_ratio.value, 2.0, 1e-7);
  assert_near(swing.all.short_ms.value, 500.0 / 3.0, 1e-6);
  assert_near(swing.all.long_ms.value, 1000.0 / 3.0, 1e-6);
  assert_near(swing.all.spread.value, 0.0, 1e-9);
  assert_int_equal(swing.swung, DT_KNOWN);
}

static void straight_music_is_half_and_half(void** state) {
  (void)state;
  dt__made* made = dt__make(100, 2);
  ride(made, 16, 0.5, 6.0);
  const dt_swing swing = measure(made);
  dt__assert_holds(swing.all.share, 0.5, 0.02);
  dt__assert_holds(swing.all.ratio, 1.0, 0.08);
  assert_int_equal(swing.swung, DT_CANT_TELL);
}

static void a_loose_drummer_does_not_swing_harder(void** state) {
  (void)state;
  double mean[2];
  for (int loose = 0; loose < 2; loose++) {
    dt__made* made = dt__make(160, 3);
    ride(made, 200, 0.68, loose ? 22.0 : 2.0);
    mean[loose] = measure(made).all.ratio.value;
  }
  /* The mean of the pairs' ratios would be 0.25 more. */
  assert_near(mean[1], mean[0], 0.1);
}

static void the_spread_is_the_players_without_the_instruments_jitter(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 4);
  ride(made, 100, 0.6, 10.0); /* 8 ms of the player, 6 of the instrument */
  made->marks.jitter_ms = 6.0;
  const double share_sd = 8.0 / 500.0 * sqrt(1.0 + 0.36 + 0.16);
  dt__assert_holds(measure(made).all.spread, share_sd, 0.006);
}

static void off_beats_alone_are_read_against_the_pulse(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 5);
  for (dt_tick t = 0; t < 16 * DT__BAR; t += DT__QUARTER) {
    dt__strike(made, t, DT_VOICE_KICK, 0.0, 2.0);
    dt__strike(made, t + DT__QUARTER / 2, DT_VOICE_SNARE, 60.0, 2.0);
  }
  const dt_swing swing = measure(made);
  assert_int_equal(swing.voice_count, 1);
  assert_true(swing.voices[0].from_pulse);
  dt__assert_holds(swing.voices[0].share, 0.62, 0.01);
}

static void every_pair_is_in_a_bin(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 6);
  ride(made, 20, 0.6, 30.0);
  const dt_swing swing = measure(made);
  size_t sum = 0;
  for (int k = 0; k < DT_SWING_BINS; k++)
    sum += swing.all.bins[k];
  assert_int_equal(sum, swing.all.pair_count);
  assert_true(swing.all.bins[16] > 0);
}

static void a_missed_off_beat_leaves_one_pair_out(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 7);
  ride(made, 8, 0.6, 0.0);
  made->items[9].label = DT_LABEL_EXTRA;
  made->items[9].tick = (double)NAN;
  const dt_swing swing = measure(made);
  assert_int_equal(swing.all.pair_count, 31);
  assert_near(swing.all.share.value, 0.6, 1e-9);
}

static void a_missed_on_beat_leaves_two_pairs_out(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 7);
  ride(made, 8, 0.6, 0.0);
  made->items[10].label = DT_LABEL_EXTRA;
  made->items[10].tick = (double)NAN;
  const dt_swing swing = measure(made);
  assert_int_equal(swing.all.pair_count, 30);
  assert_near(swing.all.share.value, 0.6, 1e-9);
}

static void what_could_be_chance_is_not_called_swing(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 12);
  ride(made, 3, 0.54, 25.0);
  const dt_swing swing = measure(made);
  assert_true(swing.all.share.value > DT_SWING_STRAIGHT);
  assert_true(swing.all.share.low < DT_SWING_STRAIGHT);
  assert_int_equal(swing.swung, DT_CANT_TELL);
}

static void few_pairs_or_nothing_to_swing_is_said(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 8);
  ride(made, 1, 0.6, 1.0);
  dt_swing swing = measure(made);
  assert_int_equal(swing.all.pair_count, 4);
  dt__assert_unknown(swing.all.ratio, DT_CANT_TELL);
  made = dt__make(120, 8);
  ride(made, 8, 0.6, 1.0);
  made->marks.swing_pair = 0;
  swing = measure(made);
  dt__assert_unknown(swing.all.ratio, DT_NOT_TESTABLE);
  assert_int_equal(swing.swung, DT_NOT_TESTABLE);
  assert_true(isnan(swing.norm_ratio));
}

static void the_norm_falls_from_slow_to_fast(void** state) {
  (void)state;
  assert_near(dt_swing_norm_ratio(60), 3.5, 1e-12);
  assert_near(dt_swing_norm_ratio(120), 3.5, 1e-12);
  assert_near(dt_swing_norm_ratio(210), 2.25, 1e-12);
  assert_near(dt_swing_norm_ratio(300), 1.0, 1e-12);
  assert_near(dt_swing_norm_ratio(400), 1.0, 1e-12);
  /* About 100 ms, as was measured, wherever the tempo is medium or fast. */
  for (int bpm = 120; bpm <= 300; bpm += 10)
    assert_near(dt_swing_norm_short_ms(bpm), 100.0, 15.0);
}

static void late_es_are_uneven_sixteenths(void** state) {
  (void)state;
  dt__made* made = dt__make(90, 9);
  made->marks.swing_pair = DT__QUARTER / 2;
  for (dt_tick t = 0; t < 24 * DT__BAR; t += DT__QUARTER / 4)
    dt__strike(made, t, DT_VOICE_HIHAT, t % DT__QUARTER == DT__QUARTER / 4 ? 12.0 : 0.0, 5.0);
  const dt_swing swing = measure(made);
  assert_int_equal(swing.sixteenths_count, 1);
  const dt_sixteenths* s = &swing.sixteenths[0];
  assert_int_equal(s->count[1], 96);
  dt__assert_holds(s->deviation_ms[0], -3.0, 4.0);
  dt__assert_holds(s->deviation_ms[1], 9.0, 4.0);
  dt__assert_holds(s->deviation_ms[2], -3.0, 4.0);
  dt__assert_holds(s->deviation_ms[3], -3.0, 4.0);
  dt__assert_holds(s->uneven_ms, sqrt(27.0), 3.0);
}

static void no_sixteenths_are_not_uneven(void** state) {
  (void)state;
  dt__made* made = dt__make(90, 10);
  ride(made, 8, 0.6, 1.0);
  const dt_swing swing = measure(made);
  assert_int_equal(swing.sixteenths_count, 0);
  dt__assert_unknown(swing.sixteenths_all.uneven_ms, DT_NOT_TESTABLE);
}

static bool measured(const dt_allocator* allocator, void* ctx) {
  dt_swing swing;
  const dt_status status = dt_swing_measure(&swing, allocator, ctx);
  if (status != DT_OK) {
    assert_int_equal(status, DT_NO_MEMORY);
    assert_int_equal(swing.voice_count, 0);
    assert_true(isnan(swing.all.share.value));
  }
  return status == DT_OK;
}

static void without_memory_nothing_is_known(void** state) {
  (void)state;
  dt__made* made = dt__make(90, 11);
  ride(made, 8, 0.6, 1.0);
  dt_marks marks = *dt__marks(made);
  assert_true(dt_failing_sweep(measured, &marks) >= 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_triplet_is_two_to_one),
      cmocka_unit_test(straight_music_is_half_and_half),
      cmocka_unit_test(a_loose_drummer_does_not_swing_harder),
      cmocka_unit_test(the_spread_is_the_players_without_the_instruments_jitter),
      cmocka_unit_test(off_beats_alone_are_read_against_the_pulse),
      cmocka_unit_test(every_pair_is_in_a_bin),
      cmocka_unit_test(a_missed_off_beat_leaves_one_pair_out),
      cmocka_unit_test(a_missed_on_beat_leaves_two_pairs_out),
      cmocka_unit_test(what_could_be_chance_is_not_called_swing),
      cmocka_unit_test(few_pairs_or_nothing_to_swing_is_said),
      cmocka_unit_test(the_norm_falls_from_slow_to_fast),
      cmocka_unit_test(late_es_are_uneven_sixteenths),
      cmocka_unit_test(no_sixteenths_are_not_uneven),
      cmocka_unit_test(without_memory_nothing_is_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
