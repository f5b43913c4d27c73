#include "practise_play.h"

/* Faults of one kind each, dialled into the virtual drummer: is it named first, with its bars, its
 * drum and its effect? Seeds are fixed; bench_judge_practise says how often. */

static dt_practise practise_of(const char* chart, const char* words, uint64_t seed, bool written) {
  dt__practice p;
  dt_study study;
  dt__practice_make(&p, chart, words, seed, written);
  assert_int_equal(dt__practice_study(&p, NULL, &study), DT_OK);
  const dt_practise practise = study.practise;
  dt_study_clear(&study, NULL);
  dt__practice_clear(&p);
  return practise;
}

static dt_practise_line first_of(const char* chart, const char* words, dt_weakness weakness) {
  const dt_practise practise = practise_of(chart, words, 7, true);
  if (practise.count == 0)
    fail_msg("%s [%s]: nothing was named", chart, words);
  if (practise.lines[0].weakness != weakness)
    fail_msg("%s [%s]: %s", chart, words, practise.lines[0].text);
  assert_true(practise.lines[0].severity >= 1.0);
  assert_int_equal(practise.lines[0].text[strlen(practise.lines[0].text) - 1], '.');
  return practise.lines[0];
}

static void assert_says(const dt_practise_line* line, const char* words) {
  if (strstr(line->text, words) == NULL)
    fail_msg("No \"%s\" in: %s", words, line->text);
}

static void a_clean_take_gets_none(void** state) {
  (void)state;
  static const char* const CHARTS[] = {"rock", "funk", "paradiddle", "shuffle", "flams"};
  static const char* const PLAYERS[] = {"bars=32 scatter=8ms velocity=5",
                                        "bars=32 scatter=7ms clock=4ms alpha=0.3 velocity=5",
                                        "bars=32 scatter=7ms pink=5ms lead-in=1.4s velocity=5"};
  for (size_t c = 0; c < 5; c++)
    for (size_t k = 0; k < 3; k++) {
      const dt_practise practise = practise_of(CHARTS[c], PLAYERS[k], 3, true);
      if (practise.count > 0)
        fail_msg("%s [%s]: %s", CHARTS[c], PLAYERS[k], practise.lines[0].text);
    }
}

static void the_whole_ahead_or_behind_is_a_feel(void** state) {
  (void)state;
  assert_int_equal(practise_of("rock", "bars=32 placement=-25ms", 1, true).count, 0);
  assert_int_equal(practise_of("rock", "bars=32 kick=-10ms snare=-10ms", 1, true).count, 0);
}

static void tempo_that_moves_at_fills_is_named_with_their_bars(void** state) {
  (void)state;
  dt_practise_line line = first_of("rock-song", "bars=32 fill=+2.5bpm lead-in=1.4s", DT_WEAK_FILLS);
  assert_says(&line, "gain 2.");
  assert_says(&line, "over the take");
  assert_int_equal(line.bars[0], 4);
  line = first_of("rock-song", "bars=32 fill.rush=6%", DT_WEAK_FILLS);
  assert_says(&line, "rush in fills");
}

/* Where every section begins after a fill, what happens there is the fill's. */
static void a_fill_before_a_section_is_one_line(void** state) {
  (void)state;
  const dt_practise practise =
      practise_of("soul-song", "bars=32 fill=+2.5bpm lead-in=1.4s", 7, true);
  assert_true(practise.count > 0);
  assert_int_equal(practise.lines[0].weakness, DT_WEAK_FILLS);
  for (int k = 0; k < practise.count; k++)
    assert_true(practise.lines[k].weakness != DT_WEAK_SECTIONS);
}

static void steps_at_sections_are_no_drift(void** state) {
  (void)state;
  static const char CHART[] =
      "tempo: 112\nstep: 1/8\n\n[A]\nhi-hat |xxxxxxxx|%|%|%|%|%|%|%|\n"
      "snare |--x---x-|%|%|%|%|%|%|%|\n\n[B]\nride |xxxxxxxx|%|%|%|%|%|%|%|\n"
      "snare |--x---x-|%|%|%|%|%|%|%|\n";
  const dt_practise_line line =
      first_of(CHART, "bars=48 section=-3bpm lead-in=1.4s", DT_WEAK_SECTIONS);
  assert_says(&line, "lose");
}

static void a_steady_drift_is_rushing(void** state) {
  (void)state;
  const dt_practise_line line =
      first_of("funk", "bars=40 drift=+4bpm/min lead-in=1.4s", DT_WEAK_DRIFT);
  assert_says(&line, "rushing");
}

static void a_hand_is_named_not_what_it_sounds_like(void** state) {
  (void)state;
  dt_practise_line line = first_of("paradiddle", "bars=40 left=+16ms", DT_WEAK_HAND_TIME);
  assert_says(&line, "16 ms late");
  assert_says(&line, "without it your spread would be");
  first_of("rolls", "bars=40 left=+16ms", DT_WEAK_HAND_TIME);
  first_of("tempo: 150\nstep: 1/12\n\nsnare |xxxxxxxxxxxx|\nhands |RLRLRLRLRLRL|\n",
           "bars=40 left=+16ms", DT_WEAK_HAND_TIME);
  line = first_of("paradiddle", "bars=40 left.scatter=2.3x", DT_WEAK_HAND_SCATTER);
  assert_says(&line, "left hand");
  line = first_of("paradiddle", "bars=40 right.scatter=2.3x", DT_WEAK_HAND_SCATTER);
  assert_says(&line, "right hand");
  line = first_of("rolls", "bars=40 left.velocity=-40", DT_WEAK_HAND_LEVEL);
  assert_says(&line, "left hand");
}

static void late_backbeats_are_one_line(void** state) {
  (void)state;
  const dt_practise_line line = first_of("rock", "bars=32 backbeat=+24ms", DT_WEAK_PLACE);
  assert_int_equal(line.voice, DT_VOICE_SNARE);
  assert_says(&line, "snare on \"2\" and \"4\"");
  assert_says(&line, "late");
}

static void a_loose_drum_is_not_the_unisons_that_it_joins(void** state) {
  (void)state;
  assert_int_equal(first_of("rock", "bars=40 kick.scatter=2.5x", DT_WEAK_VOICE_SCATTER).voice,
                   DT_VOICE_KICK);
  assert_int_equal(first_of("funk", "bars=40 snare.scatter=2.5x", DT_WEAK_VOICE_SCATTER).voice,
                   DT_VOICE_SNARE);
  first_of("rock", "bars=40 unison=20ms", DT_WEAK_UNISON);
}

static void feel_that_wobbles_is_named(void** state) {
  (void)state;
  first_of("shuffle", "bars=40 swing.wobble=7%", DT_WEAK_SWING);
  first_of("jazz", "bars=40 swing.wobble=7%", DT_WEAK_SWING);
  first_of("rock16", "bars=40 sixteenths=-18ms", DT_WEAK_SIXTEENTHS);
}

static void rolls_are_uneven_or_alternate_or_break(void** state) {
  (void)state;
  static const char CHART[] = "tempo: 96\nstep: 1/16\n\nsnare |r~~~~~~~~~~~~~~~|~~~~~~~~~~~~~~~~|"
                              "X---x---x---x---|x---x---x---x---|\n";
  first_of(CHART, "bars=40 roll.cv=25%", DT_WEAK_ROLL);
  first_of(CHART, "bars=40 roll.alternate=+12ms", DT_WEAK_ROLL_HANDS);
  const dt_practise_line line =
      first_of(CHART, "bars=40 roll.break=2.5s roll.break.factor=5x", DT_WEAK_ROLL_BREAKS);
  assert_says(&line, "10 long rolls");
}

static void flams_are_flat_or_wide_or_uneven(void** state) {
  (void)state;
  dt_practise_line line = first_of("flams", "bars=40 flam=10ms", DT_WEAK_FLAM);
  assert_says(&line, "flat");
  line = first_of("flams", "bars=40 flam=74ms", DT_WEAK_FLAM);
  assert_says(&line, "wide");
  line = first_of("flams", "bars=40 flam=45ms flam.sd=18ms", DT_WEAK_FLAM);
  assert_says(&line, "vary");
}

static void dynamics_and_the_foot_are_named(void** state) {
  (void)state;
  assert_int_equal(first_of("funk", "bars=32 velocity=5 ghost=75", DT_WEAK_GHOSTS).voice,
                   DT_VOICE_SNARE);
  first_of("tempo: 90\nstep: 1/8\n\nsnare |x-g-x-gg|\n", "bars=32 velocity=5 ghost=75",
           DT_WEAK_GHOSTS);
  first_of("rock16", "bars=32 velocity=5 accent=93", DT_WEAK_ACCENTS);
  first_of("rock16", "bars=32 stroke=70 accent=95 velocity=23", DT_WEAK_EVENNESS);
  first_of("rock", "bars=32 closed=45% openness.sd=5%", DT_WEAK_OPENNESS);
}

static void tiring_is_looser_or_softer(void** state) {
  (void)state;
  dt_practise_line line = first_of("rock", "bars=64 velocity=5 fatigue=90%/min", DT_WEAK_TIRING);
  assert_says(&line, "scatter grew");
  line = first_of("rock", "bars=64 velocity=5 fatigue.velocity=-18/min", DT_WEAK_TIRING);
  assert_says(&line, "softer");
}

static void looseness_and_mistakes_of_the_whole_are_named(void** state) {
  (void)state;
  first_of("rock", "bars=40 scatter=38ms", DT_WEAK_SCATTER);
  const dt_practise_line line = first_of("funk", "bars=40 miss=8%", DT_WEAK_MISSED);
  assert_int_equal(line.bar_count, 3); /* the worst, not the first */
  assert_true(line.bars[2] > 10);
  first_of("funk", "bars=40 wrong=8%", DT_WEAK_MISSED);
  first_of("funk", "bars=40 extra=8%", DT_WEAK_MISSED);
}

/* What is steady may be meant: no hands, no flams, no sixteenths that only swing. */
static void without_a_chart_feel_is_left_alone(void** state) {
  (void)state;
  static const char* const WORDS[] = {"bars=40 left=+16ms", "bars=40 sixteenths=+16ms",
                                      "bars=40 velocity=25 stroke=70 accent=95",
                                      "bars=40 backbeat=+18ms"};
  for (size_t k = 0; k < 4; k++) {
    const dt_practise practise = practise_of("rock16", WORDS[k], 5, false);
    if (practise.count > 0)
      fail_msg("[%s]: %s", WORDS[k], practise.lines[0].text);
  }
}

static void no_more_than_three_and_the_worst_first(void** state) {
  (void)state;
  const dt_practise practise = practise_of(
      "funk", "bars=40 ghost=80 kick.scatter=3x closed=50% openness.sd=5% miss=9% velocity=5", 9,
      true);
  assert_int_equal(practise.count, DT_PRACTISE_MAX);
  for (int k = 1; k < practise.count; k++) {
    assert_true(practise.lines[k - 1].severity >= practise.lines[k].severity);
    assert_true(practise.lines[k - 1].weakness != practise.lines[k].weakness);
  }
  for (int k = 0; k < practise.count; k++)
    for (int b = 1; b < practise.lines[k].bar_count; b++)
      assert_true(practise.lines[k].bars[b - 1] < practise.lines[k].bars[b]);
}

static void every_weakness_has_a_name(void** state) {
  (void)state;
  for (int k = 0; k < DT_WEAKNESS_COUNT; k++)
    assert_true(strlen(dt_weakness_name((dt_weakness)k)) > 3);
  assert_string_equal(dt_weakness_name(DT_WEAKNESS_COUNT), "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_clean_take_gets_none),
      cmocka_unit_test(the_whole_ahead_or_behind_is_a_feel),
      cmocka_unit_test(tempo_that_moves_at_fills_is_named_with_their_bars),
      cmocka_unit_test(a_fill_before_a_section_is_one_line),
      cmocka_unit_test(steps_at_sections_are_no_drift),
      cmocka_unit_test(a_steady_drift_is_rushing),
      cmocka_unit_test(a_hand_is_named_not_what_it_sounds_like),
      cmocka_unit_test(late_backbeats_are_one_line),
      cmocka_unit_test(a_loose_drum_is_not_the_unisons_that_it_joins),
      cmocka_unit_test(feel_that_wobbles_is_named),
      cmocka_unit_test(rolls_are_uneven_or_alternate_or_break),
      cmocka_unit_test(flams_are_flat_or_wide_or_uneven),
      cmocka_unit_test(dynamics_and_the_foot_are_named),
      cmocka_unit_test(tiring_is_looser_or_softer),
      cmocka_unit_test(looseness_and_mistakes_of_the_whole_are_named),
      cmocka_unit_test(without_a_chart_feel_is_left_alone),
      cmocka_unit_test(no_more_than_three_and_the_worst_first),
      cmocka_unit_test(every_weakness_has_a_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
