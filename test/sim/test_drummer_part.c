#include "sim_chart.h"

/* What the drummer makes of a part: its tempo, its fills and sections, its bars. */

static void the_clicks_own_tempo_changes_are_played(void** state) {
  (void)state;
  dt_chart chart = dt__blank(4);
  assert_int_equal(dt_tempo_map_set_tempo(&chart.map, NULL, 7680, 1e6), DT_OK); /* 60 bpm */
  dt__line(&chart, DT_SNARE, 960, "xxxxxxxxxxxxxxxx", NULL);
  dt__playing p = dt__play_chart(&chart, "bars=4", 1);
  for (size_t i = 0; i < 16; ++i)
    assert_near(p.truths.items[i].stroke.time_s,
                2 + (i < 8 ? 0.5 * (double)i : 4 + (double)(i - 8)), 1e-9);
  dt_take take;
  assert_int_equal(dt_take_from_truths(&take, NULL, &p.truths, &p.drummer, &p.part), DT_OK);
  assert_true(take.has_click);
  assert_near(dt_tempo_map_bpm(&take.click, 3840 + 7679), 120, 1e-9);
  assert_near(dt_tempo_map_bpm(&take.click, 3840 + 7680), 60, 1e-9);
  assert_near(take.duration_s, 2 + 4 + 8, 1e-9);
  dt_take_clear(&take, NULL);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

/* Twice the tempo of the click, so twice the drift in bpm: in proportion. */
static void drift_is_in_proportion_where_the_tempo_changes(void** state) {
  (void)state;
  dt_chart chart = dt__blank(2);
  assert_int_equal(dt_tempo_map_set_tempo(&chart.map, NULL, 3840, 250000), DT_OK);
  dt__line(&chart, DT_SNARE, 960, "xxxxxxxx", NULL);
  dt__playing p = dt__play_chart(&chart, "bars=2 drift=60bpm/min", 1);
  for (size_t i = 0; i < 8; ++i) {
    const dt_truth* t = &p.truths.items[i];
    const double own_s = t->stroke.time_s - 2;
    assert_near(own_s + 0.5 * own_s * own_s / 120, t->click_time_s - 2, 1e-9);
  }
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static double bpm_between(const dt_truth* a, const dt_truth* b) {
  return 60 * (double)(b->tick - a->tick) / 960 / (b->stroke.time_s - a->stroke.time_s);
}

static void a_fill_gains_tempo_that_is_kept(void** state) {
  (void)state;
  dt_chart chart = dt__blank(4);
  dt__line(&chart, DT_SNARE, 960, "xxxxxxxxxxxxxxxx", NULL);
  dt__span(&chart, true, 3840, 7680); /* all of bar 2 */
  dt__playing p = dt__play_chart(&chart, "bars=8 fill=+6bpm", 1);
  const dt_truth* t = p.truths.items;
  assert_near(bpm_between(&t[0], &t[4]), 120, 1e-9);
  assert_near(bpm_between(&t[4], &t[8]), 123, 1e-9); /* linear in his own time: the mean */
  assert_near(bpm_between(&t[8], &t[20]), 126, 1e-9);
  assert_near(bpm_between(&t[24], &t[31]), 132, 1e-9);
  assert_near(t[31].click_time_s, 2 + 31 * 0.5, 1e-9);
  dt__done(&p);
  p = dt__play_chart(&chart, "bars=8 fill.rush=5%", 1);
  t = p.truths.items;
  assert_near(bpm_between(&t[0], &t[4]), 120, 1e-9);
  assert_near(bpm_between(&t[4], &t[8]), 126, 1e-9);
  assert_near(bpm_between(&t[8], &t[20]), 120, 1e-9);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

/* A fill over a bar line is one fill, and gains once; drift goes on through it. */
static void a_fill_over_a_bar_line_gains_once(void** state) {
  (void)state;
  dt_chart chart = dt__blank(4);
  dt__line(&chart, DT_SNARE, 960, "xxxxxxxxxxxxxxxx", NULL);
  dt__span(&chart, true, 1920, 5760);
  dt__playing p = dt__play_chart(&chart, "bars=4 fill=-10bpm", 1);
  assert_near(bpm_between(&p.truths.items[6], &p.truths.items[15]), 110, 1e-9);
  dt__done(&p);
  p = dt__play_chart(&chart, "bars=4 fill=-10bpm drift=+30bpm/min", 1);
  const double own_s = p.truths.items[15].own_time_s - p.truths.items[14].own_time_s;
  const double middle_s = (p.truths.items[15].own_time_s + p.truths.items[14].own_time_s) / 2 - 2;
  assert_near(60 / own_s, 110 + 30 * middle_s / 60, 1e-6);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static void a_new_section_brings_a_new_tempo(void** state) {
  (void)state;
  dt_chart chart = dt__blank(4);
  dt__line(&chart, DT_SNARE, 960, "xxxxxxxxxxxxxxxx", NULL);
  dt__span(&chart, false, 0, 7680);
  dt__span(&chart, false, 7680, 15360);
  dt__playing p = dt__play_chart(&chart, "bars=8 section=+2bpm", 1);
  const dt_truth* t = p.truths.items;
  assert_near(bpm_between(&t[0], &t[8]), 120, 1e-9);
  assert_near(bpm_between(&t[8], &t[16]), 122, 1e-9);
  assert_near(bpm_between(&t[16], &t[24]), 124, 1e-9); /* back to the first is a change too */
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static void a_tempo_that_nobody_plays_is_refused(void** state) {
  (void)state;
  dt_chart chart = dt__blank(2);
  dt__line(&chart, DT_SNARE, 960, "xxxxxxxx", NULL);
  dt__span(&chart, true, 3840, 7680);
  dt_drummer drummer = dt__told("bars=64 fill=-20bpm");
  dt_part part;
  dt_truths truths;
  dt_error err;
  assert_int_equal(dt_drummer_part(&drummer, &chart, NULL, &part), DT_OK);
  assert_int_equal(dt_drummer_play(&drummer, &part, NULL, &truths, &err), DT_BAD_ARGUMENT);
  assert_non_null(strstr(err.sentence, "fills"));
  assert_null(truths.items);
  dt_part_clear(&part, NULL);
  dt_chart_clear(&chart, NULL);
}

/* Each bar has its own count of snares: bar 1 one, bar 2 two ... */
static dt_chart counted(int bars) {
  dt_chart chart = dt__blank(bars);
  for (int bar = 0; bar < bars; ++bar)
    for (int k = 0; k <= bar && k < 16; ++k) {
      const dt_chart_note note = {.tick = 3840 * bar + 240 * k, .drum = DT_SNARE, .hand = ' '};
      assert_int_equal(dt_chart_add_note(&chart, NULL, &note), DT_OK);
    }
  return chart;
}

static void a_skipped_bar_is_left_out_and_the_click_goes_on(void** state) {
  (void)state;
  dt_chart chart = counted(6);
  dt__playing p = dt__play_chart(&chart, "bars=6 skip.bar=3", 1);
  const size_t order[] = {0, 1, 3, 4, 5};
  assert_int_equal(p.truths.bar_count, 5);
  assert_int_equal(p.truths.skipped_count, 1);
  for (size_t i = 0; i < 5; ++i) {
    assert_int_equal(p.truths.bars[i].part_bar, order[i]);
    assert_int_equal(p.truths.bars[i].tick, 3840 * (int)i);
    assert_int_equal(p.truths.bars[i].jumped, i == 2);
  }
  assert_int_equal(p.truths.event_count, 21 - 3);
  for (size_t i = 0; i < p.truths.count; ++i) {
    const dt_truth* t = &p.truths.items[i];
    assert_near(t->stroke.time_s, 2 + (double)t->tick / 1920, 1e-9);
    assert_int_equal(t->note, p.truths.events[t->event].note);
    assert_int_equal(p.part.notes[t->note].bar, p.truths.bars[t->bar].part_bar);
  }
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static void a_repeated_bar_is_played_again(void** state) {
  (void)state;
  dt_chart chart = counted(6);
  dt__playing p = dt__play_chart(&chart, "bars=6 repeat.bar=4", 1);
  const size_t order[] = {0, 1, 2, 3, 3, 4, 5};
  assert_int_equal(p.truths.bar_count, 7);
  assert_int_equal(p.truths.repeated_count, 1);
  assert_int_equal(p.truths.event_count, 21 + 4);
  for (size_t i = 0; i < 7; ++i) {
    assert_int_equal(p.truths.bars[i].part_bar, order[i]);
    assert_int_equal(p.truths.bars[i].jumped, i == 4);
  }
  dt_take take;
  assert_int_equal(dt_take_from_truths(&take, NULL, &p.truths, &p.drummer, &p.part), DT_OK);
  assert_near(take.duration_s, 8 * 2, 1e-9);
  dt_take_clear(&take, NULL);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static void drawn_bars_keep_their_distance(void** state) {
  (void)state;
  dt_chart chart = counted(8);
  size_t skipped = 0;
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    dt__playing p = dt__play_chart(&chart, "bars=24 skip=2 repeat=2", seed);
    assert_int_equal(p.truths.skipped_count, 2);
    assert_int_equal(p.truths.repeated_count, 2);
    assert_int_equal(p.truths.bar_count, 24);
    assert_int_equal(p.truths.bars[1].part_bar, 1);
    assert_int_equal(p.truths.bars[22].part_bar, 22);
    size_t last = 0;
    for (size_t i = 1; i < 24; ++i) {
      if (!p.truths.bars[i].jumped)
        continue;
      assert_true(i >= 2 && i - last >= 2);
      last = i;
      skipped += p.truths.bars[i].part_bar;
    }
    dt__done(&p);
  }
  assert_true(skipped > 0);
  dt_chart_clear(&chart, NULL);
}

/* So that a test can add a lost place to a take and still know the strokes. */
static void the_other_bars_keep_their_draws(void** state) {
  (void)state;
  dt_chart chart = counted(8);
  dt__playing all = dt__play_chart(&chart, "bars=8 scatter=9ms velocity=7 pink=0ms", 4);
  const char* const how[] = {"bars=8 scatter=9ms velocity=7 skip.bar=4",
                             "bars=8 scatter=9ms velocity=7 repeat.bar=4"};
  for (size_t h = 0; h < 2; ++h) {
    dt__playing p = dt__play_chart(&chart, how[h], 4);
    for (size_t e = 0; e < p.truths.event_count; ++e) {
      const dt_truth* t = &p.truths.items[p.truths.events[e].stroke];
      const dt_truth* same = &all.truths.items[all.truths.events[t->note].stroke];
      if (t->bar == 4 && h == 1)
        continue; /* the bar that is played again has draws of its own */
      assert_near(dt__off_ms(t), dt__off_ms(same), 1e-6);
      assert_true(t->stroke.velocity == same->stroke.velocity);
    }
    dt__done(&p);
  }
  dt__done(&all);
  dt_chart_clear(&chart, NULL);
}

static void a_bar_that_is_not_there_is_refused(void** state) {
  (void)state;
  dt_chart chart = counted(4);
  dt_part part;
  assert_int_equal(dt_part_from_chart(&part, NULL, &chart, 4, 0), DT_OK);
  dt_truths truths;
  dt_error err;
  dt_drummer drummer = dt__told("skip.bar=5");
  assert_int_equal(dt_drummer_play(&drummer, &part, NULL, &truths, &err), DT_BAD_ARGUMENT);
  assert_non_null(strstr(err.sentence, "skip.bar"));
  drummer = dt__told("repeat.bar=17");
  assert_int_equal(dt_drummer_play(&drummer, &part, NULL, &truths, &err), DT_BAD_ARGUMENT);
  assert_non_null(strstr(err.sentence, "repeat.bar"));
  dt_part_clear(&part, NULL);
  dt_part empty = {.map = {.ticks_per_quarter = 960}};
  drummer = dt__told("");
  assert_int_equal(dt_drummer_play(&drummer, &empty, NULL, &truths, &err), DT_BAD_ARGUMENT);
  dt_chart_clear(&chart, NULL);
}

/* Bars of 4, 7 eighths: each keeps its own beat, and the timekeeper passes on. */
static void metres_may_change(void** state) {
  (void)state;
  dt_chart chart = dt__blank(2);
  assert_int_equal(dt_tempo_map_set_meter(&chart.map, NULL, 3840, (dt_meter){7, 8}), DT_OK);
  dt__line(&chart, DT_SNARE, 480, "xxxxxxxxxxxxxxx", NULL);
  dt__playing p = dt__play_chart(&chart, "bars=4 clock=10ms", 1);
  assert_int_equal(p.truths.count, 30);
  for (size_t i = 0; i < 7; ++i) { /* in 4/4 the eighths between beats follow them */
    const double here = dt__off_ms(&p.truths.items[i]);
    if (i % 2 == 1)
      assert_near(here,
                  (dt__off_ms(&p.truths.items[i - 1]) + dt__off_ms(&p.truths.items[i + 1])) / 2,
                  1e-6);
  }
  dt_take take;
  assert_int_equal(dt_take_from_truths(&take, NULL, &p.truths, &p.drummer, &p.part), DT_OK);
  assert_int_equal(dt_tempo_map_meter(&take.click, 7680).numerator, 7);
  assert_int_equal(dt_tempo_map_meter(&take.click, 7679).numerator, 4);
  dt_take_clear(&take, NULL);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

/* With full correction each beat makes up for the one before: the sums of the asynchronies
 * telescope as long as every beat is heard, wherever its bar begins. */
static void every_beat_is_heard_in_every_metre(void** state) {
  (void)state;
  dt_chart chart = dt__blank(2);
  assert_int_equal(dt_tempo_map_set_meter(&chart.map, NULL, 0, (dt_meter){7, 8}), DT_OK);
  assert_int_equal(dt_tempo_map_set_meter(&chart.map, NULL, 3360, (dt_meter){4, 4}), DT_OK);
  dt__line(&chart, DT_SNARE, 480, "xxxxxxxx-x-x-x-", NULL);
  dt__playing p = dt__play_chart(&chart, "bars=800 scatter=5ms alpha=1", 8);
  assert_int_equal(p.truths.count, 400 * 11);
  double sum = 0;
  for (size_t i = 0; i < p.truths.count; ++i) {
    sum += dt__off_ms(&p.truths.items[i]);
    assert_true(fabs(sum) < 45);
  }
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static void a_roll_that_is_played_again_is_another_roll(void** state) {
  (void)state;
  dt_chart chart = dt__blank(3);
  dt__line(&chart, DT_SNARE, 3840, "rrr", NULL);
  dt__playing p = dt__play_chart(&chart, "bars=3 repeat.bar=2 roll.cv=10%", 8);
  assert_int_equal(p.truths.count, 4 * 32);
  for (size_t a = 0; a < 4; ++a)
    for (size_t b = 0; b < a; ++b)
      assert_true(fabs(dt__off_ms(&p.truths.items[32 * a + 5]) -
                       dt__off_ms(&p.truths.items[32 * b + 5])) > 1e-6);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_clicks_own_tempo_changes_are_played),
      cmocka_unit_test(drift_is_in_proportion_where_the_tempo_changes),
      cmocka_unit_test(a_fill_gains_tempo_that_is_kept),
      cmocka_unit_test(a_fill_over_a_bar_line_gains_once),
      cmocka_unit_test(a_new_section_brings_a_new_tempo),
      cmocka_unit_test(a_tempo_that_nobody_plays_is_refused),
      cmocka_unit_test(a_skipped_bar_is_left_out_and_the_click_goes_on),
      cmocka_unit_test(a_repeated_bar_is_played_again),
      cmocka_unit_test(drawn_bars_keep_their_distance),
      cmocka_unit_test(the_other_bars_keep_their_draws),
      cmocka_unit_test(a_bar_that_is_not_there_is_refused),
      cmocka_unit_test(metres_may_change),
      cmocka_unit_test(every_beat_is_heard_in_every_metre),
      cmocka_unit_test(a_roll_that_is_played_again_is_another_roll),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
