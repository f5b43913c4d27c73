#include "../support/failing_allocator.h"

#include "../support/near.h"
#include "align_play.h"

#include "align_charts.h"

/* Which stroke was meant for which note: what a player would miss if it were told wrongly. */

static play steady(const dt_chart* chart) {
  (void)chart;
  play how;
  memset(&how, 0, sizeof(how));
  how.seed = 1;
  how.scatter_s = 0.008;
  how.clock_s = 0.002;
  how.bars = 8;
  how.skip_at = how.repeat_at = -1;
  how.lead_in_bars = 1.0;
  how.click = true;
  return how;
}

static dt_alignment align(const meant* m, const dt_chart* chart) {
  const dt_judge_config config = dt_judge_default(&m->take);
  dt_alignment a;
  dt_error err;
  if (dt_align(&a, NULL, &m->take, &config, chart, &err) != DT_OK) {
    fail_msg("%s", err.sentence);
  }
  return a;
}

static double share_of(const dt_chart* chart, const play* how) {
  meant m = play_chart(chart, how);
  dt_alignment a = align(&m, chart);
  const mark_sheet s = mark_alignment(&m, &a);
  dt_alignment_clear(&a, NULL);
  play_clear(&m);
  return mark_share(&s);
}

static void a_clean_take_is_all_hits_on_every_chart(void** state) {
  (void)state;
  static test_chart charts[TEST_CHARTS_MAX];
  const size_t count = charts_made(charts);
  for (size_t c = 0; c < count; ++c) {
    for (int click = 0; click < 2; ++click) {
      play how = steady(&charts[c].chart);
      how.click = click == 1;
      how.bars = 12;
      meant m = play_chart(&charts[c].chart, &how);
      dt_alignment a = align(&m, &charts[c].chart);
      const mark_sheet s = mark_alignment(&m, &a);
      if (mark_share(&s) < 0.99) {
        fail_msg("%s, %s: %.3f right", charts[c].name, click ? "click" : "free", mark_share(&s));
      }
      dt_alignment_clear(&a, NULL);
      play_clear(&m);
    }
  }
  charts_clear(charts, count);
}

static void faults_are_called_by_their_names(void** state) {
  (void)state;
  dt_chart chart = chart_song();
  for (int click = 0; click < 2; ++click) {
    play how = steady(&chart);
    how.click = click == 1;
    how.bars = 16;
    how.missed = how.added = how.wrong = 0.05;
    assert_true(share_of(&chart, &how) >= 0.99);
    how.missed = how.added = how.wrong = 0.20;
    assert_true(share_of(&chart, &how) >= 0.95);
  }
  dt_chart_clear(&chart, NULL);
}

static void flams_drags_and_rolls_are_one_event(void** state) {
  (void)state;
  static const dt_meter FOUR = {4, 4};
  static const char* const LINES[] = {"f---f---f---f---", "d---d---d---d---", "r~~~X---r~~~X---",
                                      "b~~~X---b~~~X---"};
  for (int k = 0; k < 4; ++k) {
    dt_chart chart = chart_of_line(LINES[k], FOUR, 80, 240);
    play how = steady(&chart);
    meant m = play_chart(&chart, &how);
    dt_alignment a = align(&m, &chart);
    assert_int_equal(a.event_count, 8 * 4);
    assert_int_equal(a.hit_count, 8 * 4);
    assert_int_equal(a.missed_count + a.wrong_count + a.extra_count, 0);
    int strokes = 0;
    for (size_t e = 0; e < a.event_count; ++e) {
      strokes += a.events[e].stroke_count;
      assert_int_equal(a.strokes[a.events[e].stroke].order, 0);
    }
    assert_int_equal(strokes, m.stroke_count);
    for (size_t i = 0; i < m.stroke_count; ++i) {
      assert_int_equal(a.strokes[i].order, m.strokes[i].order);
    }
    dt_alignment_clear(&a, NULL);
    play_clear(&m);
    dt_chart_clear(&chart, NULL);
  }
}

static void check_bars(const dt_alignment* a, const int* written, const bool* jumped, int bars) {
  assert_int_equal(a->bar_count, bars);
  for (int b = 0; b < bars; ++b) {
    assert_int_equal(a->bars[b].written, written[b]);
    assert_int_equal(a->bars[b].jumped, jumped[b]);
    assert_int_equal(a->bars[b].length, 3840);
    assert_int_equal(a->bars[b].tick, a->bars[0].tick + 3840 * b);
  }
}

static void a_skipped_or_repeated_bar_is_found_again(void** state) {
  (void)state;
  dt_chart chart = chart_song();
  static const int SKIPPED[] = {0, 1, 2, 4, 5, 6, 7, 0};
  static const bool SKIP[] = {false, false, false, true, false, false, false, false};
  static const int REPEATED[] = {0, 1, 2, 3, 3, 4, 5, 6};
  static const bool REPEAT[] = {false, false, false, false, true, false, false, false};
  for (int click = 0; click < 2; ++click) {
    play how = steady(&chart);
    how.click = click == 1;
    how.skip_at = 3;
    meant m = play_chart(&chart, &how);
    dt_alignment a = align(&m, &chart);
    check_bars(&a, SKIPPED, SKIP, 8);
    assert_int_equal(a.missed_count + a.extra_count, 0);
    dt_alignment_clear(&a, NULL);
    play_clear(&m);
    how.skip_at = -1;
    how.repeat_at = 4;
    m = play_chart(&chart, &how);
    a = align(&m, &chart);
    check_bars(&a, REPEATED, REPEAT, 8);
    assert_int_equal(a.missed_count + a.extra_count, 0);
    dt_alignment_clear(&a, NULL);
    play_clear(&m);
  }
  dt_chart_clear(&chart, NULL);
}

static void one_may_begin_anywhere_after_counting_in(void** state) {
  (void)state;
  dt_chart chart = chart_song();
  for (int first = 0; first < 8; first += 3) {
    for (int click = 0; click < 2; ++click) {
      play how = steady(&chart);
      how.click = click == 1;
      how.first_bar = first;
      how.count_in = true;
      how.lead_in_bars = 2.0;
      meant m = play_chart(&chart, &how);
      dt_alignment a = align(&m, &chart);
      assert_int_equal(a.extra_count, 4);
      assert_int_equal(a.missed_count, 0);
      assert_int_equal(a.bars[0].written, first);
      assert_int_equal(a.bars[0].tick, click ? 2 * 3840 : 0);
      dt_alignment_clear(&a, NULL);
      play_clear(&m);
    }
  }
  dt_chart_clear(&chart, NULL);
}

static void the_fills_and_sections_played_are_counted(void** state) {
  (void)state;
  dt_chart chart = chart_song();
  play how = steady(&chart);
  how.bars = 16;
  meant m = play_chart(&chart, &how);
  dt_alignment a = align(&m, &chart);
  int last = -1;
  for (size_t e = 0; e < a.event_count; ++e) {
    const dt_tick in = (a.events[e].note.tick - a.bars[0].tick) % (8 * 3840);
    assert_int_equal(a.events[e].section, in < 4 * 3840 ? 0 : 2);
    const bool fill = in % (4 * 3840) >= 13440;
    assert_int_equal(a.events[e].fill >= 0, fill);
    last = fill ? a.events[e].fill : last;
  }
  assert_int_equal(last, 3);
  dt_alignment_clear(&a, NULL);
  play_clear(&m);
  dt_chart_clear(&chart, NULL);
}

static void the_tempo_need_not_be_the_charts(void** state) {
  (void)state;
  dt_chart chart = chart_song();
  for (double bpm = 55.0; bpm <= 240.0; bpm += 37.0) {
    play how = steady(&chart);
    how.click = false;
    how.bpm = bpm;
    how.bars = 16;
    if (share_of(&chart, &how) < 0.99) {
      fail_msg("%.0f bpm: %.3f right", bpm, share_of(&chart, &how));
    }
  }
  dt_chart_clear(&chart, NULL);
}

static void a_tempo_that_drifts_a_tenth_loses_nothing(void** state) {
  (void)state;
  dt_chart chart = chart_song();
  for (int way = -1; way <= 1; way += 2) {
    play how = steady(&chart);
    how.click = false;
    how.drift = 0.1 * way;
    how.bars = 16;
    assert_true(share_of(&chart, &how) >= 0.99);
  }
  dt_chart_clear(&chart, NULL);
}

static void who_runs_away_from_his_click_is_followed(void** state) {
  (void)state;
  dt_chart song = chart_song();
  dt_chart sixteenths = chart_of_groove("paradiddle");
  play how = steady(&song);
  how.drift = 0.04;
  how.bars = 16;
  assert_true(share_of(&song, &how) >= 0.99);
  assert_true(share_of(&sixteenths, &how) >= 0.99);
  dt_chart_clear(&song, NULL);
  dt_chart_clear(&sixteenths, NULL);
}

static void a_given_tempo_does_for_a_click(void** state) {
  (void)state;
  dt_chart chart = chart_song();
  play how = steady(&chart);
  how.click = false;
  meant m = play_chart(&chart, &how);
  dt_judge_config config = dt_judge_default(&m.take);
  config.mode = DT_GRID_TEMPO;
  config.bpm = 112.0;
  for (int known = 0; known < 2; ++known) {
    config.start_s = known ? 4.0 * 60.0 / 110.0 : -1.0;
    config.bpm = known ? 110.0 : 112.0;
    dt_alignment a;
    assert_int_equal(dt_align(&a, NULL, &m.take, &config, &chart, NULL), DT_OK);
    assert_int_equal(a.missed_count + a.extra_count + a.wrong_count, 0);
    assert_int_equal(a.events[0].note.tick, 0);
    dt_alignment_clear(&a, NULL);
  }
  play_clear(&m);
  dt_chart_clear(&chart, NULL);
}

static void ending_on_the_next_one_misses_no_bar(void** state) {
  (void)state;
  dt_chart chart = chart_of_groove("rock");
  play how = steady(&chart);
  meant m = play_chart(&chart, &how);
  const double beat_s = 60.0 / dt_tempo_map_bpm(&chart.map, 0.0);
  const dt_stroke last[] = {dt_stroke_at(9 * 4 * beat_s + 0.005, DT_KICK),
                            dt_stroke_at(9 * 4 * beat_s + 0.006, DT_HIHAT_CLOSED)};
  for (int k = 0; k < 2; ++k) {
    assert_int_equal(dt_strokes_add(&m.take.strokes, NULL, &last[k]), DT_OK);
  }
  dt_alignment a = align(&m, &chart);
  assert_int_equal(a.missed_count + a.extra_count, 0);
  assert_int_equal(a.bar_count, 9);
  dt_alignment_clear(&a, NULL);
  play_clear(&m);
  dt_chart_clear(&chart, NULL);
}

static dt_fate fate_of(dt_drum written, dt_drum played) {
  static const dt_meter FOUR = {4, 4};
  dt_chart chart = chart_empty(FOUR, 1, 100);
  for (int q = 0; q < 4; ++q) {
    chart_note(&chart, q * 960, q % 2 ? DT_KICK : written, DT_LOUD_NORMAL, DT_PLAIN, 0, 0);
  }
  play how = steady(&chart);
  meant m = play_chart(&chart, &how);
  for (size_t i = 0; i < m.take.strokes.count; ++i) {
    dt_stroke* stroke = &m.take.strokes.items[i];
    stroke->drum = stroke->drum == written && i % 4 == 0 ? played : stroke->drum;
  }
  dt_alignment a = align(&m, &chart);
  const dt_fate fate = a.events[0].fate;
  dt_alignment_clear(&a, NULL);
  play_clear(&m);
  dt_chart_clear(&chart, NULL);
  return fate;
}

static void another_articulation_is_no_wrong_drum(void** state) {
  (void)state;
  static const dt_drum SAME[][2] = {{DT_HIHAT_CLOSED, DT_HIHAT}, {DT_HIHAT, DT_HIHAT_OPEN},
                                    {DT_SNARE, DT_RIMSHOT},      {DT_RIDE, DT_RIDE_BELL},
                                    {DT_CRASH, DT_SPLASH},       {DT_COWBELL, DT_DRUM_OTHER}};
  static const dt_drum OTHER[][2] = {{DT_HIHAT_CLOSED, DT_HIHAT_OPEN},
                                     {DT_HIHAT_CLOSED, DT_HIHAT_PEDAL},
                                     {DT_SNARE, DT_CROSS_STICK},
                                     {DT_TOM_HIGH, DT_TOM_LOW},
                                     {DT_SNARE, DT_TOM_HIGH}};
  for (size_t k = 0; k < sizeof(SAME) / sizeof(SAME[0]); ++k) {
    assert_int_equal(fate_of(SAME[k][0], SAME[k][1]), DT_FATE_HIT);
    assert_int_equal(fate_of(SAME[k][1], SAME[k][0]), DT_FATE_HIT);
  }
  for (size_t k = 0; k < sizeof(OTHER) / sizeof(OTHER[0]); ++k) {
    assert_int_equal(fate_of(OTHER[k][0], OTHER[k][1]), DT_FATE_WRONG_DRUM);
    assert_int_equal(fate_of(OTHER[k][1], OTHER[k][0]), DT_FATE_WRONG_DRUM);
  }
}

/* Mean share of charts that are less believed than the right one. */
static void the_right_chart_is_believed_before_others(void** state) {
  (void)state;
  static test_chart charts[TEST_CHARTS_MAX];
  const size_t count = charts_made(charts);
  double beaten = 0.0;
  double of = 0.0;
  for (size_t c = 0; c < count; ++c) {
    play how = steady(&charts[c].chart);
    how.missed = how.added = 0.05;
    meant m = play_chart(&charts[c].chart, &how);
    dt_alignment right = align(&m, &charts[c].chart);
    assert_true(right.confidence >= 0.0 && right.confidence <= 1.0);
    for (size_t other = 0; other < count; other += 3) {
      dt_alignment a = align(&m, &charts[other].chart);
      beaten += other != c && a.confidence < right.confidence;
      of += other != c;
      dt_alignment_clear(&a, NULL);
    }
    dt_alignment_clear(&right, NULL);
    play_clear(&m);
  }
  print_message("the right chart beats %.1f %% of the others\n", 100.0 * beaten / of);
  assert_true(beaten / of > 0.95);
  charts_clear(charts, count);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_clean_take_is_all_hits_on_every_chart),
      cmocka_unit_test(faults_are_called_by_their_names),
      cmocka_unit_test(flams_drags_and_rolls_are_one_event),
      cmocka_unit_test(a_skipped_or_repeated_bar_is_found_again),
      cmocka_unit_test(one_may_begin_anywhere_after_counting_in),
      cmocka_unit_test(the_fills_and_sections_played_are_counted),
      cmocka_unit_test(the_tempo_need_not_be_the_charts),
      cmocka_unit_test(a_tempo_that_drifts_a_tenth_loses_nothing),
      cmocka_unit_test(who_runs_away_from_his_click_is_followed),
      cmocka_unit_test(a_given_tempo_does_for_a_click),
      cmocka_unit_test(ending_on_the_next_one_misses_no_bar),
      cmocka_unit_test(another_articulation_is_no_wrong_drum),
      cmocka_unit_test(the_right_chart_is_believed_before_others),
  };
  return cmocka_run_group_tests_name("align", tests, NULL, NULL);
}
