/* What the click does in each bar, and what is done to it for a surprise. */

#include "coach_support.h"

#include <stdlib.h>

#include "coach_internal.h"

enum { BARS = 32, SEEDS = 200 };

/* A coach in the middle of a take; clean_bpm 0: nothing is known. */
static void begin(dt_coach* coach, dt_practice_mode mode, double clean_bpm, uint64_t seed) {
  dt__start(coach, mode, BARS, NULL, 0);
  coach->options.seed = seed;
  coach->exercises[0].facts.beats_per_bar = 4;
  (void)dt__next_take(coach);
  coach->exercises[0].past.bpm = clean_bpm;
  coach->now.bpm = 100.0;
}

static void every_beat_has_its_click(void** state) {
  (void)state;
  static dt_coach coach;
  static const struct {
    int beats;
    uint64_t clicks;
  } bars[] = {{1, 1}, {3, 7}, {4, 15}, {63, UINT64_MAX >> 1}, {64, UINT64_MAX}, {70, UINT64_MAX}};
  for (size_t i = 0; i < sizeof bars / sizeof *bars; ++i)
    for (int surprise = 0; surprise < 2; ++surprise) {
      dt_cue cue;
      begin(&coach, surprise ? DT_MODE_SURPRISE : DT_MODE_LADDER, 0.0, 1);
      coach.exercises[0].facts.beats_per_bar = bars[i].beats;
      dt_coach_cue(&coach, 1, &cue); /* in the first phrase nothing happens */
      assert_true(cue.click_beats == bars[i].clicks);
      assert_true(cue.click == 1.0 && cue.tempo_factor == 1.0 && cue.shift_beats == 0.0);
    }
}

/* How often each thing happened. */
typedef struct counts {
  int ups;
  int downs;
  int dropped;
  int doubled;
  int turned;
  double highest; /* of the jumps, as a factor */
} counts;

/* The four bars of a phrase; whether the next must be told where it is again. */
static bool look_at_phrase(const dt_coach* coach, int phrase, bool was_unsettled, counts* n) {
  dt__surprise s[4];
  for (int place = 0; place < 4; ++place) {
    s[place] = dt__surprise_at(coach, 4 * phrase + place);
    assert_true((s[place].click_beats & ~(uint64_t)15) == 0);
  }
  assert_true(s[0].click_beats == 15 && s[1].click_beats == 15); /* two bars to settle */
  assert_true(s[0].shift_beats == 0.0 && s[1].shift_beats == 0.0);
  const double factor = s[0].tempo_factor;
  const bool jumped = factor != 1.0;
  assert_true(s[1].tempo_factor == factor && s[1].unsettled == jumped &&
              !(s[0].unsettled < jumped));
  if (was_unsettled)
    assert_true(s[0].unsettled);
  else
    assert_true(s[0].unsettled == jumped);
  if (jumped) {
    assert_true(fabs(factor - 1.0) >= 0.03 && fabs(factor - 1.0) <= 0.08);
    assert_true(s[3].tempo_factor == factor && !s[2].unsettled && !s[3].unsettled);
    n->ups += factor > 1.0;
    n->downs += factor < 1.0;
    n->highest = fmax(n->highest, factor);
  }
  const bool doubled = s[2].tempo_factor == 2.0;
  if (doubled) {
    assert_true(s[3].tempo_factor == 2.0 && s[2].unsettled && s[3].unsettled);
    assert_int_equal(s[2].call, DT_CALL_DOUBLE_TIME);
    assert_true(s[2].click_beats == 5); /* every second of the quicker beats */
  }
  n->doubled += doubled;
  n->dropped += s[3].click_beats == 0;
  n->turned += s[2].shift_beats == 0.5 && s[3].shift_beats == 0.5;
  return doubled || jumped;
}

static counts look_at_all(double clean_bpm) {
  static dt_coach coach;
  counts n = {0};
  for (uint64_t seed = 1; seed <= SEEDS; ++seed) {
    begin(&coach, DT_MODE_SURPRISE, clean_bpm, seed);
    bool is_unsettled = false;
    for (int phrase = 0; phrase < BARS / 4; ++phrase) {
      const counts before = n;
      is_unsettled = look_at_phrase(&coach, phrase, is_unsettled, &n);
      if (phrase == 0)
        assert_memory_equal(&before, &n, sizeof n); /* nothing yet */
    }
  }
  return n;
}

/* 1,400 phrases: each of five things in about 280 of them. */
static void is_about(int count, int expected) {
  assert_true(abs(count - expected) < 5 * (int)sqrt(expected));
}

static void surprises_come_in_equal_shares(void** state) {
  (void)state;
  const counts n = look_at_all(250.0);
  print_message("seeds 1 to %d: %d up, %d down, %d dropped, %d doubled, %d turned\n", SEEDS, n.ups,
                n.downs, n.dropped, n.doubled, n.turned);
  is_about(n.ups, 140);
  is_about(n.downs, 140);
  is_about(n.dropped, 280);
  is_about(n.doubled, 280);
  is_about(n.turned, 280);
}

static void nobody_is_asked_for_more_than_was_clean(void** state) {
  (void)state;
  counts n = look_at_all(199.0);
  assert_int_equal(n.doubled, 0); /* 200 would be more */
  is_about(n.ups, 140);
  n = look_at_all(105.0 / (1.0 + DT_LADDER_BEYOND)); /* up to 105 bpm */
  assert_true(n.ups > 30 && n.ups < n.downs / 2);
  assert_true(n.highest > 1.045 && n.highest <= 1.05);
  n = look_at_all(0.0);
  assert_true(n.doubled == 0 && n.ups == 0); /* nothing is known */
  is_about(n.downs, 280);
}

/* Back to the tempo is called where it was doubled. */
static void the_way_back_is_called(void** state) {
  (void)state;
  static dt_coach coach;
  int backs = 0;
  for (uint64_t seed = 1; seed <= SEEDS; ++seed) {
    begin(&coach, DT_MODE_SURPRISE, 250.0, seed);
    for (int bar = 4; bar < BARS; bar += 4) {
      const bool was_doubled = dt__surprise_at(&coach, bar - 1).tempo_factor == 2.0;
      assert_true((dt__surprise_at(&coach, bar).call == DT_CALL_BACK) == was_doubled);
      backs += was_doubled;
    }
  }
  assert_true(backs > 100);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_beat_has_its_click),
      cmocka_unit_test(surprises_come_in_equal_shares),
      cmocka_unit_test(nobody_is_asked_for_more_than_was_clean),
      cmocka_unit_test(the_way_back_is_called),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
