#include "beats_support.h"

/* The follower: beats called before they come. */

enum { CALLS_MAX = 2000 };

/* Follows, asking every step_s; returns how many beats were called. */
static size_t follow(const played* p, double step_s, double until_s, dt_beat_call* calls) {
  const dt_beat_config config = dt_beat_default();
  dt_follower* f = NULL;
  assert_int_equal(dt_follower_new(&f, NULL, &config), DT_OK);
  size_t next = 0;
  size_t count = 0;
  for (double now = step_s; now < until_s; now += step_s) {
    for (; next < p->count && p->strokes[next].time_s < now; ++next)
      dt_follower_stroke(f, &p->strokes[next]);
    count += dt_follower_advance(f, now, calls + count, CALLS_MAX - count);
  }
  const dt_follower_state state = dt_follower_look(f);
  assert_int_equal(state.late_strokes, 0);
  assert_int_equal(state.dropped_strokes, 0);
  dt_follower_free(f, NULL);
  return count;
}

static void live_beats_are_called_half_a_beat_ahead(void** state) {
  (void)state;
  static dt_beat_call calls[CALLS_MAX];
  const played* p = play_text(groove_text("rock"), "bars=16 scatter=8ms", 7);
  const size_t count = follow(p, 0.01, 33, calls);
  assert_true(count > 55);
  size_t hits = 0;
  size_t late = 0;
  for (size_t k = 0; k < count; ++k) {
    assert_true(calls[k].time_s - calls[k].made_s >= 0.4999 * 60 / calls[k].bpm);
    late += calls[k].time_s > 5;
    for (size_t j = 0; j < p->beat_count; ++j)
      hits += calls[k].time_s > 5 && fabs(calls[k].time_s - p->beat_s[j]) < 0.03 &&
              calls[k].in_bar == p->in_bar[j];
  }
  assert_true(hits + 2 >= late);
  assert_true(calls[count - 1].is_locked);
}

/* Half a beat is lost, and the groove goes on: the beats go with it, within sixteen bars. */
static void who_loses_half_a_beat_is_found_again(void** state) {
  (void)state;
  static const char* const NAME[] = {"rock", "funk", "bossa"};
  for (size_t k = 0; k < sizeof(NAME) / sizeof(*NAME); ++k) {
    static played p;
    static dt_beat_call calls[CALLS_MAX];
    p = *play_text(groove_text(NAME[k]), "bars=12 scatter=8ms", 5);
    const size_t first = p.count;
    const double beat = p.beat_s[1] - p.beat_s[0];
    const double again = p.beat_s[p.beat_count - 1] + 1.5 * beat;
    const played* more = play_text(groove_text(NAME[k]), "bars=24 scatter=8ms", 6);
    for (size_t i = 0; i < more->count; ++i) {
      p.strokes[p.count] = more->strokes[i];
      p.strokes[p.count].time_s += again - more->beat_s[0];
      p.count += p.strokes[p.count].time_s > p.strokes[first - 1].time_s;
    }
    for (size_t i = 0; i < p.count; ++i)
      p.strokes[i].confidence = 0.4F;
    const size_t n = follow(&p, 0.05, p.strokes[p.count - 1].time_s, calls);
    for (size_t i = 0; i < n; ++i) {
      const double at = (calls[i].time_s - again) / beat;
      if (at > 64 && fabs(at - floor(at + 0.5)) > 0.15)
        fail_msg("%s: beat %.2f", NAME[k], at);
    }
  }
}

/* Two beats are lost: "one" is counted where it is now, within sixteen bars. */
static void who_loses_half_a_bar_is_counted_right_again(void** state) {
  (void)state;
  static played p;
  static dt_beat_call calls[CALLS_MAX];
  p = *play_text(groove_text("rock16"), "bars=12 scatter=8ms", 5);
  const double beat = p.beat_s[1] - p.beat_s[0];
  const double again = p.beat_s[p.beat_count - 1] - beat;
  while (p.strokes[p.count - 1].time_s > again - 0.3 * beat)
    --p.count;
  const double last_s = p.strokes[p.count - 1].time_s;
  const played* more = play_text(groove_text("rock16"), "bars=32 scatter=8ms", 6);
  for (size_t i = 0; i < more->count; ++i) {
    p.strokes[p.count] = more->strokes[i];
    p.strokes[p.count].time_s += again - more->beat_s[0];
    p.count += p.strokes[p.count].time_s > last_s;
  }
  const size_t n = follow(&p, 0.05, p.strokes[p.count - 1].time_s, calls);
  for (size_t i = 0; i < n; ++i) {
    const double at = (calls[i].time_s - again) / beat;
    if (at > 64 && calls[i].in_bar != (int)floor(at + 0.5) % 4 + 1)
      fail_msg("beat %.2f is called %d", at, calls[i].in_bar);
  }
}

static void how_often_time_is_told_changes_nothing(void** state) {
  (void)state;
  static dt_beat_call often[CALLS_MAX];
  static dt_beat_call seldom[CALLS_MAX];
  const played* p = play_text(groove_text("funk"), "bars=12 scatter=8ms", 8);
  const size_t a = follow(p, 0.003, 25, often);
  const size_t b = follow(p, 0.37, 25, seldom);
  assert_true(b <= a && b + 1 >= a);
  for (size_t k = 0; k < b; ++k) {
    assert_true(often[k].time_s == seldom[k].time_s && often[k].made_s == seldom[k].made_s);
    assert_true(often[k].in_bar == seldom[k].in_bar && often[k].bpm == seldom[k].bpm);
  }
}

static bool same_calls(const dt_beat_call* a, const dt_beat_call* b) {
  return a->time_s == b->time_s && a->made_s == b->made_s && a->bpm == b->bpm &&
         a->confidence == b->confidence && a->in_bar == b->in_bar &&
         a->meter.numerator == b->meter.numerator && a->is_locked == b->is_locked;
}

static void a_take_filtered_afterwards_gives_the_live_beats(void** state) {
  (void)state;
  static dt_beat_call live[CALLS_MAX];
  static dt_beat_call after[CALLS_MAX];
  const dt_beat_config config = dt_beat_default();
  const played* p = play_text(groove_text("shuffle"), "bars=12 scatter=10ms", 31);
  const double end = p->strokes[p->count - 1].time_s;
  dt_follower* f = NULL;
  assert_int_equal(dt_follower_new(&f, NULL, &config), DT_OK);
  size_t n[2] = {0, 0};
  for (size_t k = 0, next = 0; k < (size_t)(end * 200); ++k) { /* as an audio callback does */
    for (; next < p->count && p->strokes[next].time_s < 0.005 * (double)k; ++next)
      dt_follower_stroke(f, &p->strokes[next]);
    n[0] += dt_follower_advance(f, 0.005 * (double)k, live + n[0], CALLS_MAX - n[0]);
  }
  dt_follower_reset(f);
  for (size_t k = 0; k < p->count; ++k) { /* from stroke to stroke */
    n[1] += dt_follower_advance(f, p->strokes[k].time_s, after + n[1], CALLS_MAX - n[1]);
    dt_follower_stroke(f, &p->strokes[k]);
  }
  dt_follower_free(f, NULL);
  assert_true(n[0] > 30 && n[0] <= n[1] && n[0] + 1 >= n[1]);
  for (size_t k = 0; k < n[0]; ++k)
    assert_true(same_calls(&live[k], &after[k]));
}

static void four_silent_bars_are_kept_time_through(void** state) {
  (void)state;
  static dt_beat_call calls[CALLS_MAX];
  played* p = play_text(groove_text("rock"), "bars=20 scatter=5ms", 9);
  const double from = p->beat_s[32] - 0.1;
  const double to = p->beat_s[48] - 0.1;
  size_t n = 0;
  for (size_t k = 0; k < p->count; ++k)
    if (p->strokes[k].time_s < from || p->strokes[k].time_s > to)
      p->strokes[n++] = p->strokes[k];
  p->count = n;
  const size_t count = follow(p, 0.01, 41, calls);
  size_t hits = 0;
  for (size_t k = 0; k < count; ++k)
    for (size_t j = 32; j < 60; ++j)
      hits += fabs(calls[k].time_s - p->beat_s[j]) < 0.06 && calls[k].in_bar == p->in_bar[j];
  assert_true(hits >= 27);
}

static void late_and_too_many_strokes_are_counted(void** state) {
  (void)state;
  const dt_beat_config config = dt_beat_default();
  dt_follower* f = NULL;
  assert_int_equal(dt_follower_new(&f, NULL, &config), DT_OK);
  dt_beat_call calls[4];
  assert_int_equal(dt_follower_advance(f, 2, calls, 4), 0);
  dt_stroke stroke = dt_stroke_at(1, DT_SNARE);
  dt_follower_stroke(f, &stroke);
  assert_int_equal(dt_follower_look(f).late_strokes, 1);
  stroke.time_s = 3;
  for (int k = 0; k < 100; ++k)
    dt_follower_stroke(f, &stroke);
  assert_int_equal(dt_follower_look(f).dropped_strokes, 36);
  dt_follower_reset(f);
  assert_int_equal(dt_follower_look(f).dropped_strokes, 0);
  dt_follower_free(f, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(live_beats_are_called_half_a_beat_ahead),
      cmocka_unit_test(who_loses_half_a_beat_is_found_again),
      cmocka_unit_test(who_loses_half_a_bar_is_counted_right_again),
      cmocka_unit_test(how_often_time_is_told_changes_nothing),
      cmocka_unit_test(a_take_filtered_afterwards_gives_the_live_beats),
      cmocka_unit_test(four_silent_bars_are_kept_time_through),
      cmocka_unit_test(late_and_too_many_strokes_are_counted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
