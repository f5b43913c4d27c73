#include "touch_support.h"

#include "dt/openness.h"

/* The hi-hat's foot. */

enum { STROKES = 40 };
static dt_aligned_stroke aligned[STROKES];
static dt_event events[STROKES];
static dt_alignment alignment;

/* Every fourth is written open; of the closed ones every sixth (5 of 30) is played half open. */
static void play(bool openness_known) {
  dt_player_start(&player, 41, DT_NOISE_WHITE, 0.0, 0.0);
  memset(&alignment, 0, sizeof(alignment));
  memset(events, 0, sizeof(events));
  int closed = 0;
  for (int i = 0; i < STROKES; ++i) {
    dt_mark* m = dt_player_mark(&player, 0.25 * i, 480.0 * i, DT_VOICE_HIHAT, 0.0, -9.0);
    const bool open = i % 4 == 3;
    const bool sloppy = !open && closed++ % 6 == 0;
    const double meant = open ? 0.8 : sloppy ? 0.5 : 0.05;
    m->openness = openness_known ? meant + 0.02 * dt_rng_normal(&player.rng) : (double)NAN;
    m->drum = open || sloppy ? DT_HIHAT_OPEN : DT_HIHAT_CLOSED;
    events[i].note.drum = open ? DT_HIHAT_OPEN : DT_HIHAT_CLOSED;
    aligned[i] = (dt_aligned_stroke){DT_LABEL_HIT, (size_t)i, 0};
  }
  alignment.strokes = aligned;
  alignment.stroke_count = STROKES;
  alignment.events = events;
  alignment.event_count = STROKES;
  dt_player_end(&player);
}

static dt_openness measure(const dt_alignment* with) {
  dt_openness o;
  assert_int_equal(dt_openness_measure(&o, NULL, &player.marks, with), DT_OK);
  return o;
}

static void open_closed_and_sloppy_are_what_was_played(void** state) {
  (void)state;
  play(true);
  const dt_openness o = measure(&alignment);
  assert_true(o.written);
  assert_int_equal(o.hats[DT_HAT_OPEN].count, 10);
  assert_int_equal(o.hats[DT_HAT_CLOSED].count, 30);
  touch_assert_near("open", o.hats[DT_HAT_OPEN].mean, 0.8, 0.1);
  touch_assert_near("SD", o.hats[DT_HAT_OPEN].sd, 0.02, 0.06);
  assert_int_equal(o.sloppy_count, 5);
  touch_assert_near("sloppy", o.sloppy_share, 5.0 / 30.0, 0.3);
  assert_true(o.sloppy_share.low > 0.0);
  assert_int_equal(o.choked_count, 0);
  assert_true(o.choked_share.low >= 0.0 && o.choked_share.high < 0.4);
  assert_true(o.contrast.low > 0.5);
}

static void the_drum_tells_where_openness_is_unknown(void** state) {
  (void)state;
  play(false);
  const dt_openness o = measure(&alignment);
  touch_assert_unknown("open", o.hats[DT_HAT_OPEN].mean, DT_NOT_TESTABLE);
  assert_int_equal(o.sloppy_count, 5);
  touch_assert_near("sloppy", o.sloppy_share, 5.0 / 30.0, 0.3);
}

static void without_a_chart_nothing_is_sloppy(void** state) {
  (void)state;
  play(true);
  const dt_openness o = measure(NULL);
  assert_false(o.written);
  assert_int_equal(o.hats[DT_HAT_OPEN].count, 15);
  assert_int_equal(o.sloppy_count, 0);
  touch_assert_unknown("sloppy", o.sloppy_share, DT_NOT_TESTABLE);
}

static void extra_strokes_count_nowhere(void** state) {
  (void)state;
  play(true);
  for (int i = 0; i < 20; ++i) {
    player.items[i].label = DT_LABEL_EXTRA;
    aligned[i].event = SIZE_MAX;
  }
  const dt_openness o = measure(&alignment);
  assert_int_equal(o.hats[DT_HAT_OPEN].count + o.hats[DT_HAT_CLOSED].count, 20);
}

static bool attempt(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  dt_openness o;
  const dt_status status = dt_openness_measure(&o, allocator, &player.marks, &alignment);
  if (status != DT_OK)
    assert_int_equal(o.hats[DT_HAT_CLOSED].count, 0);
  return status == DT_OK;
}

static void no_memory_is_said(void** state) {
  (void)state;
  play(true);
  assert_int_equal(dt_failing_sweep(attempt, NULL), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(open_closed_and_sloppy_are_what_was_played),
      cmocka_unit_test(the_drum_tells_where_openness_is_unknown),
      cmocka_unit_test(without_a_chart_nothing_is_sloppy),
      cmocka_unit_test(extra_strokes_count_nowhere),
      cmocka_unit_test(no_memory_is_said),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
