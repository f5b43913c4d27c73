#include "sim_chart.h"

#include "dt/level.h"
#include "dt/stat.h"

/* What each trait changes, exactly where it is steady and in its size where it is noise. */

/* The steady offset of every stroke of a bar of sixteenths, against what is expected. */
static void expect_offsets(const char* how, const char* hands, const double* expected) {
  dt_chart chart = dt__blank(1);
  dt__line(&chart, DT_SNARE, 240, "xxxxxxxxxxxxxxxx", hands);
  dt__playing p = dt__play_chart(&chart, how, 1);
  for (size_t i = 0; i < 32; ++i) {
    const dt_truth* t = &p.truths.items[i];
    assert_near(dt__off_ms(t), expected[i % 16], 1e-9);
    assert_near(t->offset_ms, expected[i % 16], 1e-9);
  }
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static void places_in_the_bar_are_early_or_late(void** state) {
  (void)state;
  const double back[16] = {[4] = 12, [12] = 12};
  expect_offsets("bars=2 backbeat=+12ms", NULL, back);
  const double off[16] = {[2] = 7, [6] = 7, [10] = 7, [14] = 7};
  expect_offsets("bars=2 offbeat=7ms", NULL, off);
  const double uneven[16] = {0, -5, 0, -5, 0, -5, 0, -5, 0, -5, 0, -5, 0, -5, 0, -5};
  expect_offsets("bars=2 sixteenths=-5ms", NULL, uneven);
  const double at[16] = {[6] = 8, [15] = -4};
  expect_offsets("bars=2 at2.5=+8ms at4.75=-4ms", NULL, at);
}

static void hands_are_early_late_and_soft(void** state) {
  (void)state;
  const double left[16] = {0, 6, 0, 6, 0, 6, 0, 6, 0, 6, 0, 6, 0, 6, 0, 6};
  expect_offsets("bars=2 left=+6ms", "RLRLRLRLRLRLRLRL", left);
  const double right[16] = {-3, 0, -3, -3, 0, -3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  expect_offsets("bars=2 right=-3ms", "RLRRLRLL        ", right);
  dt_chart chart = dt__blank(1);
  dt__line(&chart, DT_SNARE, 240, "xxxx", "RLR ");
  dt__playing p = dt__play_chart(&chart, "bars=1 left.velocity=-15 right.velocity=2", 1);
  const float expected[4] = {92, 75, 92, 90};
  for (size_t i = 0; i < 4; ++i)
    assert_true(p.truths.items[i].stroke.velocity == expected[i]);
  assert_int_equal(p.truths.items[1].hand, 'L');
  assert_int_equal(p.truths.items[3].hand, ' ');
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static void a_loose_hand_scatters(void** state) {
  (void)state;
  dt_chart chart = dt__blank(1);
  dt__line(&chart, DT_SNARE, 240, "xxxxxxxxxxxxxxxx", "RLRLRLRLRLRLRLRL");
  dt__playing p = dt__play_chart(&chart, "bars=800 bpm=60 scatter=5ms left.scatter=1.8x", 3);
  double sum[2] = {0, 0};
  for (size_t i = 0; i < p.truths.count; ++i) {
    const double off = dt__off_ms(&p.truths.items[i]);
    sum[p.truths.items[i].hand == 'L'] += off * off / 6400;
  }
  assert_near(sqrt(sum[0]), 5, 0.2);
  assert_near(sqrt(sum[1]), 9, 0.35);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static void where_limbs_meet_one_may_lead_and_all_may_spread(void** state) {
  (void)state;
  dt_chart chart = dt__rock();
  dt__playing p = dt__play_chart(&chart, "bars=2 hihat.lead=6ms", 1);
  for (size_t i = 0; i < p.truths.count; ++i) {
    const dt_truth* t = &p.truths.items[i];
    const bool meets = t->tick % 960 == 0;
    assert_near(dt__off_ms(t), t->stroke.drum == DT_HIHAT_CLOSED && meets ? -6 : 0, 1e-9);
  }
  dt__done(&p);
  p = dt__play_chart(&chart, "bars=1000 unison=4ms", 2);
  double sum = 0;
  size_t n = 0;
  for (size_t i = 0; i < p.truths.count; ++i) {
    const dt_truth* t = &p.truths.items[i];
    if (t->tick % 960 != 0) {
      assert_near(dt__off_ms(t), 0, 1e-7);
      continue;
    }
    sum += dt__off_ms(t) * dt__off_ms(t);
    ++n;
  }
  assert_int_equal(n, 8000);
  assert_near(sqrt(sum / (double)n), 4, 0.15);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static void a_limb_may_swing_by_itself(void** state) {
  (void)state;
  dt_chart chart = dt__rock();
  dt__line(&chart, DT_RIDE, 480, "xxxxxxxx", NULL);
  dt__playing p = dt__play_chart(&chart, "bars=2 bpm=60 swing=60% ride.swing=66%", 1);
  for (size_t i = 0; i < p.truths.count; ++i) {
    const dt_truth* t = &p.truths.items[i];
    const bool off = t->tick % 960 == 480;
    assert_near(t->own_time_s - 4, (double)(t->tick / 960) + (off ? 0.6 : 0), 1e-9);
    assert_near(t->offset_ms, off && t->stroke.drum == DT_RIDE ? 60 : 0, 1e-6);
    assert_near(dt__off_ms(t), t->offset_ms, 1e-6);
  }
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static void swing_wobbles_from_pair_to_pair_for_all(void** state) {
  (void)state;
  dt_chart chart = dt__rock();
  dt__line(&chart, DT_TOM_LOW, 480, "-x-x-x-x", NULL);
  dt__playing p = dt__play_chart(&chart, "bars=500 bpm=60 swing=62% swing.wobble=3%", 5);
  double sum = 0;
  double square = 0;
  size_t n = 0;
  for (size_t i = 0; i < p.truths.count; ++i) {
    const dt_truth* t = &p.truths.items[i];
    if (t->tick % 960 == 0) {
      assert_near(dt__off_ms(t), 0, 1e-6);
      continue;
    }
    const double off = dt__off_ms(t) / 1000; /* in pairs of one second */
    if (i > 0 && p.truths.items[i - 1].tick == t->tick)
      assert_near(off, dt__off_ms(&p.truths.items[i - 1]) / 1000, 1e-9);
    sum += off;
    square += off * off;
    ++n;
    assert_near(t->offset_ms, 0, 0);
  }
  assert_int_equal(n, 4000);
  assert_near(sum / (double)n, 0, 0.002);
  assert_near(sqrt(square / (double)n), 0.03, 0.0015);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static void flams_and_drags_have_their_spacing(void** state) {
  (void)state;
  dt_chart chart = dt__blank(1);
  dt__line(&chart, DT_SNARE, 960, "fd--", "RR  ");
  dt__playing p = dt__play_chart(&chart, "bars=1000 flam=40ms flam.sd=4ms drag=80ms grace=50%", 6);
  double gap[3][1000];
  assert_int_equal(p.truths.count, 5000);
  for (size_t bar = 0; bar < 1000; ++bar) {
    const dt_truth* t = &p.truths.items[5 * bar];
    const int order[5] = {-1, 0, -2, -1, 0};
    for (size_t i = 0; i < 5; ++i) {
      assert_int_equal(t[i].order, order[i]);
      assert_int_equal(t[i].kind, order[i] < 0 ? DT_TRUTH_GRACE : DT_TRUTH_MAIN);
      assert_int_equal(t[i].hand, order[i] < 0 ? 'L' : 'R');
      assert_near((double)t[i].stroke.velocity, order[i] < 0 ? 45 : 90, 1e-4);
    }
    gap[0][bar] = 1000 * (t[1].stroke.time_s - t[0].stroke.time_s);
    gap[1][bar] = 1000 * (t[4].stroke.time_s - t[3].stroke.time_s);
    gap[2][bar] = 1000 * (t[4].stroke.time_s - t[2].stroke.time_s);
    assert_int_equal(p.truths.events[2 * bar].stroke_count, 2);
    assert_int_equal(p.truths.events[2 * bar + 1].stroke_count, 3);
  }
  const double meant[3] = {40, 40, 80};
  for (size_t k = 0; k < 3; ++k) {
    assert_near(dt_mean(gap[k], 1000), meant[k], 0.5);
    assert_near(dt_sd(gap[k], 1000), 4, 0.35);
  }
  dt__done(&p);
  p = dt__play_chart(&chart, "bars=2 drag=0ms flam=0ms", 6);
  assert_int_equal(p.truths.count, 4);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

/* The note before is nearer than the grace stroke would be. */
static void grace_strokes_stay_behind_the_note_before(void** state) {
  (void)state;
  dt_chart chart = dt__blank(1);
  dt__line(&chart, DT_SNARE, 240, "xdxdxdxd", NULL);
  dt__playing p = dt__play_chart(&chart, "bars=4 bpm=240 drag=100ms", 1);
  for (size_t i = 1; i < p.truths.count; ++i)
    assert_true(p.truths.items[i].tick >= p.truths.items[i - 1].tick);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static double roll_cv(const dt__playing* p, double from_s, double until_s) {
  double square = 0;
  size_t n = 0;
  for (size_t i = 1; i < p->truths.count; ++i) {
    const dt_truth* t = &p->truths.items[i];
    const double since_s = (double)t->order * (t->own_time_s - t[-1].own_time_s);
    if (t->order < 1 || since_s < from_s || since_s >= until_s)
      continue;
    const double meant = t->own_time_s - t[-1].own_time_s;
    const double x = (t->stroke.time_s - t[-1].stroke.time_s) / meant - 1;
    square += x * x;
    ++n;
  }
  assert_true(n > 500);
  return sqrt(square / (double)n);
}

static void rolls_have_their_speed_and_evenness(void** state) {
  (void)state;
  dt_chart chart = dt__blank(1);
  dt__line(&chart, DT_SNARE, 3840, "r", "R");
  dt__playing p = dt__play_chart(&chart, "bars=100 roll.cv=8%", 7);
  assert_int_equal(p.truths.count, 100 * 32);
  for (size_t i = 0; i < p.truths.count; ++i) {
    const dt_truth* t = &p.truths.items[i];
    assert_int_equal(t->order, i % 32);
    assert_int_equal(t->tick, 120 * i);
    assert_int_equal(t->kind, i % 32 == 0 ? DT_TRUTH_MAIN : DT_TRUTH_ROLL);
    assert_int_equal(t->hand, i % 2 == 0 ? 'R' : 'L');
  }
  assert_near(roll_cv(&p, 0, 1e9), 0.08, 0.003);
  dt__done(&p);
  p = dt__play_chart(&chart, "bars=100 roll.cv=4% roll.break=1s roll.break.factor=3x", 7);
  assert_near(roll_cv(&p, 0, 1), 0.04, 0.002);
  assert_near(roll_cv(&p, 1.1, 9), 0.12, 0.006);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static void a_roll_without_spacing_goes_as_fast_as_the_player(void** state) {
  (void)state;
  dt_chart chart = dt__blank(1);
  dt__line(&chart, DT_SNARE, 3840, "z", NULL);
  dt__playing p = dt__play_chart(&chart, "bars=2 roll=21/s", 7);
  assert_int_equal(p.truths.count, 2 * 42);
  for (size_t i = 1; i < 42; ++i)
    assert_near(p.truths.items[i].stroke.time_s - p.truths.items[i - 1].stroke.time_s, 1.0 / 21,
                1e-9);
  assert_int_equal(p.truths.events[1].stroke_count, 42);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static void rolls_may_limp(void** state) {
  (void)state;
  dt_chart chart = dt__blank(1);
  dt__line(&chart, DT_SNARE, 1920, "r-", NULL);
  dt__playing p =
      dt__play_chart(&chart, "bars=1 roll.alternate=+5ms roll.alternate.velocity=-20", 7);
  assert_int_equal(p.truths.count, 16);
  for (size_t i = 0; i < 16; ++i) {
    const dt_truth* t = &p.truths.items[i];
    assert_near(dt__off_ms(t), i % 2 ? 5 : 0, 1e-9);
    assert_near(t->offset_ms, i % 2 ? 5 : 0, 1e-9);
    assert_true(t->stroke.velocity == (i % 2 ? 70.0F : 90.0F));
  }
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static void loud_and_soft_are_as_told(void** state) {
  (void)state;
  dt_chart chart = dt__blank(1);
  dt__line(&chart, DT_SNARE, 960, "xXg-", NULL);
  dt__playing p = dt__play_chart(&chart, "bars=1 accent=105 ghost=60 stroke=80", 1);
  assert_true(p.truths.items[0].stroke.velocity == 80);
  assert_true(p.truths.items[1].stroke.velocity == 105);
  assert_true(p.truths.items[2].stroke.velocity == 60);
  dt__done(&p);
  p = dt__play_chart(&chart, "bars=1", 1);
  assert_true(p.truths.items[1].stroke.velocity == 115);
  assert_true(p.truths.items[2].stroke.velocity == 35);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static void dynamics_grow_and_fade(void** state) {
  (void)state;
  dt_chart chart = dt__blank(1);
  dt__line(&chart, DT_SNARE, 960, "x---", NULL);
  const char* const how[] = {"bars=30 stroke=50 crescendo=+6dB/min",
                             "bars=30 stroke=50 crescendo=0.2dB/bar"};
  for (size_t k = 0; k < 2; ++k) {
    dt__playing p = dt__play_chart(&chart, how[k], 1);
    for (size_t i = 0; i < 30; ++i)
      assert_near(dt_velocity_db((double)p.truths.items[i].stroke.velocity) - dt_velocity_db(50),
                  0.2 * (double)i, 1e-4);
    dt__done(&p);
  }
  dt__playing p = dt__play_chart(&chart, "bars=30 fatigue.velocity=-30/min", 1);
  for (size_t i = 0; i < 30; ++i)
    assert_near((double)p.truths.items[i].stroke.velocity, 90 - (double)i, 1e-4);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static void tiring_costs_tempo(void** state) {
  (void)state;
  dt_chart chart = dt__blank(1);
  dt__line(&chart, DT_SNARE, 960, "x---", NULL);
  dt__playing a = dt__play_chart(&chart, "bars=30 fatigue.tempo=-3bpm/min drift=1bpm/min", 1);
  dt__playing b = dt__play_chart(&chart, "bars=30 drift=-2bpm/min", 1);
  for (size_t i = 0; i < 30; ++i)
    assert_near(a.truths.items[i].stroke.time_s, b.truths.items[i].stroke.time_s, 1e-9);
  dt__done(&a);
  dt__done(&b);
  dt_chart_clear(&chart, NULL);
}

static void hihats_open_as_told(void** state) {
  (void)state;
  dt_chart chart = dt__blank(1);
  dt__line(&chart, DT_HIHAT_CLOSED, 240, "x-------", NULL);
  dt__line(&chart, DT_HIHAT_OPEN, 240, "--x-----", NULL);
  dt__line(&chart, DT_HIHAT, 240, "----x---", NULL);
  dt__line(&chart, DT_SNARE, 240, "------x-", NULL);
  dt__playing p = dt__play_chart(&chart, "bars=1 open=80% half=45% closed=10%", 1);
  const float expected[4] = {0.1F, 0.8F, 0.45F, -1};
  for (size_t i = 0; i < 4; ++i)
    assert_true(p.truths.items[i].stroke.openness == expected[i]);
  dt__done(&p);
  p = dt__play_chart(&chart, "bars=1", 1);
  assert_true(p.truths.items[2].stroke.openness == -1);
  dt__done(&p);
  p = dt__play_chart(&chart, "bars=1000 open=50% openness.sd=10%", 1);
  double open[1000];
  for (size_t i = 0; i < 1000; ++i)
    open[i] = (double)p.truths.items[4 * i + 1].stroke.openness;
  assert_near(dt_mean(open, 1000), 0.5, 0.012);
  assert_near(dt_sd(open, 1000), 0.1, 0.008);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

/* Every trait's noise is its own: what one adds, another does not move. */
static void a_trait_leaves_the_others_draws(void** state) {
  (void)state;
  static const char* const MORE[] = {
      "unison=3ms", "swing.wobble=2%", "roll.cv=9%",     "flam.sd=6ms",        "openness.sd=5%",
      "velocity=9", "wrong=5%",        "left.scatter=2", "roll.alternate=3ms", "extra=5%"};
  dt_chart chart = dt__rock();
  dt__line(&chart, DT_TOM_HIGH, 480, "-f-r-d-x", "RLRLRLRL");
  dt__playing plain = dt__play_chart(&chart, "bars=20 bpm=90 scatter=6ms pink=4ms clock=3ms", 9);
  for (size_t k = 0; k < sizeof MORE / sizeof *MORE; ++k) {
    char how[120];
    snprintf(how, sizeof how, "bars=20 bpm=90 scatter=6ms pink=4ms clock=3ms %s", MORE[k]);
    dt__playing p = dt__play_chart(&chart, how, 9);
    size_t same = 0;
    size_t main_strokes = 0;
    for (size_t e = 0; e < p.truths.event_count; ++e) {
      const dt_truth* a = &p.truths.items[p.truths.events[e].stroke];
      const dt_truth* b = &plain.truths.items[plain.truths.events[e].stroke];
      if (a->stroke.drum == DT_KICK || a->stroke.drum == DT_SNARE) {
        ++main_strokes;
        same += fabs(a->stroke.time_s - b->stroke.time_s) < 1e-12;
      }
    }
    if (k == 0)
      assert_true(same == 0 && main_strokes > 50);
    else
      assert_int_equal(same, main_strokes);
    dt__done(&p);
  }
  dt__done(&plain);
  dt_chart_clear(&chart, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(places_in_the_bar_are_early_or_late),
      cmocka_unit_test(hands_are_early_late_and_soft),
      cmocka_unit_test(a_loose_hand_scatters),
      cmocka_unit_test(where_limbs_meet_one_may_lead_and_all_may_spread),
      cmocka_unit_test(a_limb_may_swing_by_itself),
      cmocka_unit_test(swing_wobbles_from_pair_to_pair_for_all),
      cmocka_unit_test(flams_and_drags_have_their_spacing),
      cmocka_unit_test(grace_strokes_stay_behind_the_note_before),
      cmocka_unit_test(rolls_have_their_speed_and_evenness),
      cmocka_unit_test(a_roll_without_spacing_goes_as_fast_as_the_player),
      cmocka_unit_test(rolls_may_limp),
      cmocka_unit_test(loud_and_soft_are_as_told),
      cmocka_unit_test(dynamics_grow_and_fade),
      cmocka_unit_test(tiring_costs_tempo),
      cmocka_unit_test(hihats_open_as_told),
      cmocka_unit_test(a_trait_leaves_the_others_draws),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
