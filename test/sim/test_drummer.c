#include "../support/failing_allocator.h"

#include <math.h>

#include "../support/near.h"
#include "../support/play_chart.h"
#include "dt/drummer.h"

/*
 * What the simulated drummer promises, exactly: where strokes stand without noise, what each trait
 * changes and what it leaves alone. What it promises of its noise is in test_drummer_noise.
 */
static dt_truths play(const dt_drummer* drummer, const char* groove) {
  dt_truths truths;
  dt_error err;
  assert_int_equal(dt__play_text(drummer, dt__groove_text(groove), NULL, &truths, &err), DT_OK);
  return truths;
}

static dt_drummer machine(void) {
  dt_drummer drummer = dt_drummer_default();
  drummer.scatter_ms = 0;
  return drummer;
}

static void clear(dt_truths* truths) {
  dt_truths_clear(truths, NULL);
}

static void a_machine_plays_on_the_click_after_one_bar(void** state) {
  (void)state;
  const dt_drummer drummer = machine();
  dt_truths t = play(&drummer, "rock");
  assert_int_equal(t.count, 8 * 13);
  assert_int_equal(t.missed_count, 0);
  assert_near(t.items[0].stroke.time_s, 2.0, 1e-12);
  for (size_t i = 0; i < t.count; i++) {
    assert_near(t.items[i].stroke.time_s, 2.0 + (double)t.items[i].tick / 1920, 1e-9);
    assert_near(t.items[i].click_time_s, t.items[i].stroke.time_s, 1e-12);
    assert_near(t.items[i].own_time_s, t.items[i].stroke.time_s, 1e-12);
    assert_int_equal(t.items[i].stroke.note, dt_drum_gm_note(t.items[i].stroke.drum));
  }
  clear(&t);
}

static void strokes_come_in_order_of_time_then_drum(void** state) {
  (void)state;
  dt_drummer drummer = machine();
  for (int noisy = 0; noisy < 2; noisy++) {
    drummer.scatter_ms = noisy ? 60 : 0;
    dt_truths t = play(&drummer, "funk");
    for (size_t i = 1; i < t.count; i++) {
      const dt_stroke* a = &t.items[i - 1].stroke;
      const dt_stroke* b = &t.items[i].stroke;
      assert_true(a->time_s < b->time_s || (a->time_s == b->time_s && a->drum < b->drum));
    }
    clear(&t);
  }
}

static void the_bars_asked_for_are_played_even_inside_a_groove(void** state) {
  (void)state;
  dt_drummer drummer = machine();
  drummer.bars = 3; /* the jazz groove has two */
  dt_truths t = play(&drummer, "jazz");
  assert_true(t.items[t.count - 1].tick < 3 * 3840);
  assert_true(t.items[t.count - 1].tick >= 3 * 3840 - 960);
  clear(&t);
}

static void drift_raises_the_tempo_linearly_in_time(void** state) {
  (void)state;
  for (int sign = -1; sign <= 1; sign += 2) {
    dt_drummer drummer = machine();
    drummer.bars = 64;
    drummer.drift_bpm_per_min = 2.5 * sign;
    dt_truths t = play(&drummer, "rock");
    for (size_t i = 0; i < t.count; i++) {
      const double minutes = (t.items[i].stroke.time_s - 2) / 60;
      const double quarters =
          drummer.bpm * minutes + drummer.drift_bpm_per_min * minutes * minutes / 2;
      assert_near(quarters, (double)t.items[i].tick / 960, 1e-8);
      assert_near(t.items[i].own_time_s, t.items[i].stroke.time_s, 1e-12);
    }
    /* The click does not move. */
    const dt_truth* last = &t.items[t.count - 1];
    assert_near(last->click_time_s, 2 + (double)last->tick / 1920, 1e-9);
    clear(&t);
  }
}

static void correction_does_not_fight_the_drift(void** state) {
  (void)state;
  dt_drummer drummer = machine();
  drummer.bars = 64;
  drummer.drift_bpm_per_min = 3;
  drummer.phase_correction = 0.5;
  drummer.period_correction = 0.2;
  dt_truths t = play(&drummer, "rock");
  for (size_t i = 0; i < t.count; i++)
    assert_near(t.items[i].stroke.time_s, t.items[i].own_time_s, 1e-12);
  clear(&t);
}

static void swing_moves_offbeats_for_click_and_player(void** state) {
  (void)state;
  dt_drummer drummer = machine();
  dt_truths t = play(&drummer, "shuffle"); /* 2:1 by itself */
  for (size_t i = 0; i < t.count; i++) {
    const double beat = (double)(t.items[i].tick / 960);
    const double inside = t.items[i].tick % 960 == 480 ? 2.0 / 3 : 0;
    assert_near(t.items[i].click_time_s, 2 + (beat + inside) / 2, 1e-9);
    assert_near(t.items[i].stroke.time_s, t.items[i].click_time_s, 1e-12);
  }
  clear(&t);
  drummer.swing = 0.62;
  t = play(&drummer, "rock");
  assert_int_equal(t.items[2].tick, 480);
  assert_near(t.items[2].stroke.time_s, 2 + 0.62 / 2, 1e-9);
  clear(&t);
}

static void placement_and_limbs_are_offsets(void** state) {
  (void)state;
  dt_drummer drummer = machine();
  drummer.placement_ms = -5;
  drummer.limb_offset_ms[DT_VOICE_SNARE] = 8;
  dt_truths t = play(&drummer, "rock");
  for (size_t i = 0; i < t.count; i++) {
    const bool snare = t.items[i].stroke.drum == DT_SNARE;
    const double off = t.items[i].stroke.time_s - t.items[i].click_time_s;
    assert_near(off, snare ? 0.003 : -0.005, 1e-12);
  }
  clear(&t);
}

static void flams_have_a_soft_grace_stroke_before(void** state) {
  (void)state;
  dt_drummer drummer = machine();
  drummer.flam_ms = 25;
  dt_truths t = play(&drummer, "flams");
  assert_int_equal(t.count, 2 * 8 * 4);
  for (size_t i = 0; i < t.count; i += 2) {
    const dt_truth* grace = &t.items[i];
    const dt_truth* stroke = &t.items[i + 1];
    assert_true(grace->kind == DT_TRUTH_GRACE && stroke->kind == DT_TRUTH_MAIN);
    assert_int_equal(grace->tick, stroke->tick);
    assert_near(stroke->stroke.time_s - grace->stroke.time_s, 0.025, 1e-12);
    assert_near(stroke->click_time_s - grace->click_time_s, 0.025, 1e-12);
    assert_near(stroke->own_time_s - grace->own_time_s, 0.025, 1e-12);
    assert_true(grace->stroke.velocity < 0.5F * stroke->stroke.velocity);
  }
  clear(&t);
  drummer.flam_ms = 0;
  t = play(&drummer, "flams");
  assert_int_equal(t.count, 8 * 4);
  clear(&t);
}

static void a_flam_stays_a_flam_however_loose_the_hands(void** state) {
  (void)state;
  dt_drummer drummer = dt_drummer_default();
  drummer.scatter_ms = 40;
  drummer.bpm = 40;
  drummer.bars = 200;
  dt_truths t = play(&drummer, "flams");
  for (size_t i = 0; i + 1 < t.count; i += 2)
    assert_true(t.items[i + 1].stroke.time_s - t.items[i].stroke.time_s >= 0.015 - 1e-12);
  clear(&t);
}

static void the_same_seed_plays_the_same_take(void** state) {
  (void)state;
  dt_drummer drummer = dt_drummer_default();
  drummer.clock_ms = 5;
  drummer.pink_ms = 4;
  drummer.phase_correction = 0.3;
  drummer.velocity_sd = 9;
  drummer.miss_rate = 0.05;
  dt_truths a = play(&drummer, "funk");
  dt_truths b = play(&drummer, "funk");
  assert_int_equal(a.count, b.count);
  for (size_t i = 0; i < a.count; i++) {
    assert_true(a.items[i].stroke.time_s == b.items[i].stroke.time_s);
    assert_true(a.items[i].stroke.velocity == b.items[i].stroke.velocity);
    assert_int_equal(a.items[i].stroke.drum, b.items[i].stroke.drum);
  }
  drummer.seed++;
  dt_truths c = play(&drummer, "funk");
  assert_true(c.items[0].stroke.time_s != a.items[0].stroke.time_s);
  clear(&a);
  clear(&b);
  clear(&c);
}

/* So that a test can add misses to a take and still know every stroke that is left. */
static void misses_leave_the_other_strokes_alone(void** state) {
  (void)state;
  dt_drummer drummer = dt_drummer_default();
  drummer.velocity_sd = 9;
  dt_truths all = play(&drummer, "flams");
  drummer.miss_rate = 0.3;
  dt_truths some = play(&drummer, "flams");
  assert_int_equal(some.count + 2 * some.missed_count, all.count);
  assert_true(some.missed_count > 0);
  for (size_t i = 0, j = 0; i < some.count; i++, j++) {
    while (j < all.count && all.items[j].stroke.time_s != some.items[i].stroke.time_s)
      j++;
    assert_true(j < all.count);
    assert_true(all.items[j].stroke.velocity == some.items[i].stroke.velocity);
  }
  drummer.miss_rate = 1;
  dt_truths none = play(&drummer, "flams");
  assert_int_equal(none.count, 0);
  assert_null(none.items);
  assert_int_equal(none.missed_count, 32);
  clear(&all);
  clear(&some);
  clear(&none);
}

static void hihats_say_how_open_they_are(void** state) {
  (void)state;
  const dt_drummer drummer = machine();
  dt_truths t = play(&drummer, "funk");
  size_t open = 0;
  for (size_t i = 0; i < t.count; i++) {
    const dt_stroke* s = &t.items[i].stroke;
    const bool is_open = s->drum == DT_HIHAT_OPEN;
    open += is_open;
    const float expected = s->drum == DT_HIHAT_CLOSED ? 0.0F : is_open ? 1.0F : -1.0F;
    assert_true(s->openness == expected);
  }
  assert_int_equal(open, 4);
  clear(&t);
}

static dt_take take_of(const dt_drummer* drummer, const char* groove) {
  dt_truths t;
  dt_take take;
  assert_int_equal(dt__play_text(drummer, dt__groove_text(groove), &take, &t, NULL), DT_OK);
  assert_int_equal(take.strokes.count, t.count);
  clear(&t);
  return take;
}

static void a_take_counts_in_one_bar_on_its_click(void** state) {
  (void)state;
  dt_drummer drummer = machine();
  drummer.bpm = 97;
  dt_take take = take_of(&drummer, "seven");
  assert_true(take.has_click);
  assert_int_equal(take.source, DT_TAKE_MIDI);
  assert_near(dt_tempo_map_bpm(&take.click, 0), 97, 1e-9);
  assert_int_equal(dt_tempo_map_meter(&take.click, 0).numerator, 7);
  assert_int_equal(dt_tempo_map_meter(&take.click, 0).denominator, 8);
  assert_near(dt_tempo_map_ticks(&take.click, take.strokes.items[0].time_s), 3360, 1e-6);
  assert_near(take.duration_s, 9 * 3.5 * 60 / 97, 1e-9);
  dt_take_clear(&take, NULL);
}

static void a_lead_in_of_no_whole_bars_has_no_click(void** state) {
  (void)state;
  dt_drummer drummer = machine();
  drummer.lead_in_s = 0.5;
  dt_take take = take_of(&drummer, "rock");
  assert_false(take.has_click);
  assert_near(take.strokes.items[0].time_s, 0.5, 1e-12);
  dt_take_clear(&take, NULL);
  drummer.lead_in_s = 0;
  take = take_of(&drummer, "rock");
  assert_true(take.has_click);
  dt_take_clear(&take, NULL);
  drummer.lead_in_s = 4;
  take = take_of(&drummer, "rock");
  assert_true(take.has_click);
  dt_take_clear(&take, NULL);
}

static void an_early_first_stroke_is_exact_in_truth_and_at_zero_in_the_take(void** state) {
  (void)state;
  dt_drummer drummer = machine();
  drummer.lead_in_s = 0;
  drummer.placement_ms = -20;
  dt_truths t = play(&drummer, "quarters");
  assert_near(t.items[0].stroke.time_s, -0.020, 1e-12);
  clear(&t);
  dt_take take = take_of(&drummer, "quarters");
  assert_true(take.strokes.items[0].time_s == 0);
  dt_take_clear(&take, NULL);
}

static void a_late_last_stroke_is_inside_the_take(void** state) {
  (void)state;
  dt_drummer drummer = machine();
  drummer.placement_ms = 500;
  drummer.bpm = 400;
  dt_take take = take_of(&drummer, "rolls");
  assert_true(take.duration_s >= take.strokes.items[take.strokes.count - 1].time_s);
  dt_take_clear(&take, NULL);
}

static void expect_refused(const dt_drummer* drummer, int bars, const char* word) {
  dt_part part = dt__groove_part("rock", bars, 120);
  dt_truths truths;
  dt_error err = {0};
  assert_int_equal(dt_drummer_play(drummer, &part, NULL, &truths, &err), DT_BAD_ARGUMENT);
  assert_non_null(strstr(err.sentence, word));
  assert_null(truths.items);
  assert_int_equal(truths.count, 0);
  assert_int_equal(dt_drummer_play(drummer, &part, NULL, &truths, NULL), DT_BAD_ARGUMENT);
  dt_part_clear(&part, NULL);
}

#define REFUSED(field, value, word)                                                                \
  do {                                                                                             \
    dt_drummer drummer = dt_drummer_default();                                                     \
    drummer.field = (value);                                                                       \
    expect_refused(&drummer, 8, word);                                                             \
  } while (0)

static void what_no_player_can_do_is_refused_by_name(void** state) {
  (void)state;
  REFUSED(bpm, 19, "bpm");
  REFUSED(bpm, (double)NAN, "bpm");
  REFUSED(bars, -1, "bars");
  REFUSED(bars, 10001, "bars");
  REFUSED(drift_bpm_per_min, 201, "drift");
  REFUSED(drift_bpm_per_min, (double)INFINITY, "drift");
  REFUSED(placement_ms, -501, "placement");
  REFUSED(scatter_ms, -1, "scatter");
  REFUSED(clock_ms, 201, "clock");
  REFUSED(phase_correction, 1.01, "alpha");
  REFUSED(period_correction, 0.1, "beta"); /* without alpha */
  REFUSED(pink_ms, -0.1, "pink");
  REFUSED(limb_offset_ms[DT_VOICE_KICK], 501, "kick");
  REFUSED(limb_scatter[DT_VOICE_HIHAT], 11, "hihat.scatter");
  REFUSED(swing, 0.4, "swing");
  REFUSED(velocity_sd, -1, "velocity");
  REFUSED(fatigue, 11, "fatigue");
  REFUSED(miss_rate, 1.1, "miss");
  REFUSED(flam_ms, 201, "flam");
  REFUSED(lead_in_s, -2, "lead-in");
}

static void a_drift_that_ends_the_music_is_refused(void** state) {
  (void)state;
  dt_drummer drummer = machine();
  drummer.drift_bpm_per_min = -60;
  drummer.bars = 200;
  expect_refused(&drummer, 200, "drift");
  drummer.drift_bpm_per_min = 200;
  drummer.bars = 2000;
  expect_refused(&drummer, 2000, "drift");
}

static void an_empty_chart_is_silence(void** state) {
  (void)state;
  const dt_drummer drummer = machine();
  dt_truths t;
  dt_take take;
  assert_int_equal(dt__play_text(&drummer, "step: 1/4\nsnare |----|\n", &take, &t, NULL), DT_OK);
  assert_int_equal(t.count, 0);
  assert_int_equal(t.event_count, 0);
  assert_near(take.duration_s, 18, 1e-9);
  dt_take_clear(&take, NULL);
  clear(&t);
}

static bool play_and_take(const dt_allocator* allocator, void* ctx) {
  const dt_part* part = ctx;
  dt_drummer drummer = dt_drummer_default();
  drummer.pink_ms = 3;
  dt_truths truths;
  dt_take take = {0};
  dt_error err;
  const dt_status played = dt_drummer_play(&drummer, part, allocator, &truths, &err);
  dt_status taken = played;
  if (played == DT_OK)
    taken = dt_take_from_truths(&take, allocator, &truths, &drummer, part);
  if (taken != DT_OK) {
    assert_int_equal(taken, DT_NO_MEMORY);
    assert_int_equal(take.strokes.count, 0);
    assert_false(take.has_click);
  }
  dt_take_clear(&take, allocator);
  dt_truths_clear(&truths, allocator);
  return taken == DT_OK;
}

static void without_memory_nothing_is_half_done(void** state) {
  (void)state;
  dt_part part = dt__groove_part("funk", 8, 120);
  assert_true(dt_failing_sweep(play_and_take, &part) >= 4);
  dt_part_clear(&part, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_machine_plays_on_the_click_after_one_bar),
      cmocka_unit_test(strokes_come_in_order_of_time_then_drum),
      cmocka_unit_test(the_bars_asked_for_are_played_even_inside_a_groove),
      cmocka_unit_test(drift_raises_the_tempo_linearly_in_time),
      cmocka_unit_test(correction_does_not_fight_the_drift),
      cmocka_unit_test(swing_moves_offbeats_for_click_and_player),
      cmocka_unit_test(placement_and_limbs_are_offsets),
      cmocka_unit_test(flams_have_a_soft_grace_stroke_before),
      cmocka_unit_test(a_flam_stays_a_flam_however_loose_the_hands),
      cmocka_unit_test(the_same_seed_plays_the_same_take),
      cmocka_unit_test(misses_leave_the_other_strokes_alone),
      cmocka_unit_test(hihats_say_how_open_they_are),
      cmocka_unit_test(a_take_counts_in_one_bar_on_its_click),
      cmocka_unit_test(a_lead_in_of_no_whole_bars_has_no_click),
      cmocka_unit_test(an_early_first_stroke_is_exact_in_truth_and_at_zero_in_the_take),
      cmocka_unit_test(a_late_last_stroke_is_inside_the_take),
      cmocka_unit_test(what_no_player_can_do_is_refused_by_name),
      cmocka_unit_test(a_drift_that_ends_the_music_is_refused),
      cmocka_unit_test(an_empty_chart_is_silence),
      cmocka_unit_test(without_memory_nothing_is_half_done),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
