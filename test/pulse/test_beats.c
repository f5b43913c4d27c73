#include "pulse_support.h"

#include "../../src/pulse/recur.h"

#include "dt/beats.h"
#include "dt/chart_text.h"
#include "dt/meter.h"
#include "dt/rng.h"

/* Beats, bars, tempo and feel, offline and live. */

typedef struct played {
  dt_stroke strokes[DT__STROKES_MAX];
  size_t count;
  double beat_s[4096]; /* on the player's own pulse */
  int in_bar[4096];
  size_t beat_count;
} played;

/* A chart played; static storage. */
static played* play_text(const char* text, const char* how, uint64_t seed) {
  static played p;
  dt_chart chart;
  dt_error err = {.sentence = ""};
  dt_drummer drummer = dt_drummer_default();
  dt_part part;
  dt_truths truths;
  drummer.seed = seed;
  drummer.lead_in_s = 0.3;
  if (dt_chart_parse(&chart, NULL, text, strlen(text), &err) != DT_OK ||
      dt_drummer_parse(&drummer, how, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  drummer.bpm = 0;
  drummer.bars = 0;
  if (dt_drummer_parse(&drummer, how, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  assert_int_equal(dt_drummer_part(&drummer, &chart, NULL, &part), DT_OK);
  if (dt_drummer_play(&drummer, &part, NULL, &truths, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  p.count = p.beat_count = 0;
  for (size_t i = 0; i < truths.count; ++i) {
    assert_true(p.count < DT__STROKES_MAX);
    p.strokes[p.count++] = truths.items[i].stroke;
  }
  for (size_t b = 0; b < part.bar_count; ++b) {
    const dt_tick beat = dt_meter_beat_ticks(part.bars[b].meter);
    for (dt_tick tick = 0; tick < part.bars[b].length; tick += beat) {
      p.in_bar[p.beat_count] = (int)(tick / beat) + 1;
      p.beat_s[p.beat_count++] = 0.3 + dt_part_seconds(&part, part.bars[b].tick + tick);
    }
  }
  dt_truths_clear(&truths, NULL);
  dt_part_clear(&part, NULL);
  dt_chart_clear(&chart, NULL);
  return &p;
}

static const char* groove_text(const char* name) {
  for (size_t k = 0; k < DT__GROOVES; ++k)
    if (strcmp(dt__grooves[k].name, name) == 0)
      return dt__grooves[k].text;
  fail_msg("no groove %s", name);
  return NULL;
}

static dt_beat_track track_of(const played* p, const dt_beat_config* config) {
  dt_beat_track track;
  const double end = p->count > 0 ? p->strokes[p->count - 1].time_s : 0;
  assert_int_equal(dt_beat_track_find(&track, NULL, p->strokes, p->count, end, config), DT_OK);
  return track;
}

/* Share of true beats after 5 s that were found within 35 ms, with their number in the bar. */
static double found_share(const played* p, const dt_beat_track* track, bool with_number) {
  double hits = 0;
  double n = 0;
  for (size_t k = 0; k < p->beat_count; ++k) {
    if (p->beat_s[k] < 5 || p->beat_s[k] > p->strokes[p->count - 1].time_s)
      continue;
    n += 1;
    for (size_t j = 0; j < track->beat_count; ++j) {
      if (fabs(track->beats[j].time_s - p->beat_s[k]) < 0.035 &&
          (!with_number || track->beats[j].in_bar == p->in_bar[k])) {
        hits += 1;
        break;
      }
    }
  }
  return n > 0 ? hits / n : 0;
}

static void beats_and_bars_of_plain_grooves_are_found(void** state) {
  (void)state;
  static const char* const NAME[] = {"rock", "rock16", "funk", "shuffle"};
  const dt_beat_config config = dt_beat_default();
  for (size_t k = 0; k < sizeof NAME / sizeof *NAME; ++k) {
    for (uint64_t seed = 1; seed <= 3; ++seed) {
      const played* p = play_text(groove_text(NAME[k]), "bars=12 scatter=8ms", seed);
      dt_beat_track track = track_of(p, &config);
      const double share = found_share(p, &track, true);
      if (share < 0.97)
        fail_msg("%s, seed %llu: %.2f of the beats found, %.1f bpm", NAME[k],
                 (unsigned long long)seed, share, track.bpm);
      assert_true(track.pulse_probability > 0.9);
      /* A shuffle may be written in 12/8: four beats a bar in both. */
      assert_true(track.meter.numerator == 4 || (k == 3 && track.meter.numerator == 12));
      dt_beat_track_clear(&track, NULL);
    }
  }
}

enum { KICK, SNARE, CRASH = 9, TOMS, SPOTS_MAX = 200 };

static size_t add_spot(dt__spot* spots, size_t n, double beat, int group) {
  assert_true(n < SPOTS_MAX);
  spots[n] = (dt__spot){beat, 1, group};
  return n + 1;
}

/* Sixteen bars of one groove; every eighth bar ends in toms, and a crash begins the next. */
static size_t play_phrases(dt__spot* spots, bool with_fills) {
  size_t n = 0;
  for (int bar = 0; bar < 16; ++bar) {
    n = add_spot(spots, n, 4 * bar, KICK);
    if (with_fills && bar == 8)
      n = add_spot(spots, n, 4 * bar, CRASH);
    n = add_spot(spots, n, 4 * bar + 1.5, KICK);
    n = add_spot(spots, n, 4 * bar + 2, SNARE);
    for (int k = 0; with_fills && bar % 8 == 7 && k < 2; ++k)
      n = add_spot(spots, n, 4 * bar + 3 + 0.5 * k, TOMS);
  }
  return n;
}

static void what_comes_again_tells_the_length_of_the_bar(void** state) {
  (void)state;
  dt__spot spots[SPOTS_MAX];
  dt__recurrence found;
  const size_t n = play_phrases(spots, false);
  dt__recur(spots, n, 1, &found);
  assert_true(found.repeat[2] > 0.99F); /* four beats */
  assert_true(found.repeat[0] < 0.1F && found.repeat[1] < 0.8F);
  dt__recur(spots, n, 0.5, &found);
  assert_true(found.repeat[1] > 0.99F); /* two beats, counted half as fast */
  assert_true(found.repeat[0] < 0.8F);
}

static void fills_are_seen_before_one_and_crashes_on_it(void** state) {
  (void)state;
  dt__spot spots[SPOTS_MAX];
  dt__recurrence found;
  dt__recur(spots, play_phrases(spots, true), 1, &found);
  for (int half = 0; half < 6; ++half) {
    assert_true(found.unusual[6] > found.unusual[half] && found.unusual[7] > found.unusual[half]);
    assert_true(half == 0 || found.crash[0] > found.crash[half]);
  }
  assert_true(found.crash[0] > 0);
}

/* A ride at 215, which counted at half that would be a slow beat in swung sixteenths. */
static void quick_swing_is_not_read_at_half_its_tempo(void** state) {
  (void)state;
  const dt_beat_config config = dt_beat_default();
  for (uint64_t seed = 41; seed <= 43; ++seed) {
    const played* p = play_text(groove_text("jazz"), "bars=16 bpm=215 scatter=8ms", seed);
    dt_beat_track track = track_of(p, &config);
    if (fabs(track.bpm / 215 - 1) > 0.02)
      fail_msg("seed %llu: %.1f bpm", (unsigned long long)seed, track.bpm);
    dt_beat_track_clear(&track, NULL);
  }
}

static void seven_eighths_are_counted_to_seven(void** state) {
  (void)state;
  const char* const SEVEN = "tempo: 124\nmeter: 7/8\nstep: 1/8\n\nhi-hat |XxXxXxx|\n"
                            "snare  |--X--X-|\nkick   |x---x--|\n";
  const dt_beat_config config = dt_beat_default();
  const played* p = play_text(SEVEN, "bars=16 scatter=6ms", 4);
  dt_beat_track track = track_of(p, &config);
  assert_int_equal(track.meter.numerator, 7);
  assert_true(found_share(p, &track, true) > 0.9);
  dt_beat_track_clear(&track, NULL);
}

static void tempo_is_right_to_half_a_percent(void** state) {
  (void)state;
  const dt_beat_config config = dt_beat_default();
  const played* p = play_text(groove_text("rock"), "bars=32 scatter=8ms", 5);
  dt_beat_track track = track_of(p, &config);
  double square = 0;
  size_t n = 0;
  for (size_t k = 4; k + 4 < track.beat_count; ++k, ++n)
    square += pow(track.beats[k].bpm / 120 - 1, 2);
  assert_true(n > 100);
  assert_true(sqrt(square / (double)n) < 0.005);
  dt_beat_track_clear(&track, NULL);
}

static void random_times_have_no_pulse(void** state) {
  (void)state;
  const dt_beat_config config = dt_beat_default();
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    static played p;
    dt_rng rng = dt_rng_seeded(seed, 1);
    double at = 0;
    p.count = 200;
    for (size_t k = 0; k < p.count; ++k) {
      at -= log(1 - dt_rng_uniform(&rng)) / 5;
      const dt_drum any = (dt_drum)(dt_rng_uniform(&rng) * DT_DRUM_OTHER);
      p.strokes[k] = dt_stroke_at(at, seed % 2 == 0 ? DT_SNARE : any);
    }
    dt_beat_track track = track_of(&p, &config);
    if (track.pulse_probability >= 0.5 || track.beat_count > 0)
      fail_msg("seed %llu: probability %.2f, %zu beats", (unsigned long long)seed,
               track.pulse_probability, track.beat_count);
    dt_beat_track_clear(&track, NULL);
  }
}

/* The ear takes six drums in ten for others; when they are struck it still knows. */
static void drums_that_are_mistaken_still_keep_a_pulse(void** state) {
  (void)state;
  static played p;
  dt_rng rng = dt_rng_seeded(3, 1);
  p = *play_text(groove_text("sixeight"), "bars=12 scatter=8ms", 5);
  for (size_t k = 0; k < p.count; ++k) {
    p.strokes[k].confidence = 0.8F;
    if (dt_rng_uniform(&rng) < 0.6)
      p.strokes[k].drum = (dt_drum)(dt_rng_uniform(&rng) * DT_DRUM_OTHER);
  }
  const dt_beat_config config = dt_beat_default();
  dt_beat_track track = track_of(&p, &config);
  if (track.pulse_probability < 0.5 || found_share(&p, &track, false) < 0.95)
    fail_msg("probability %.2f, found %.2f", track.pulse_probability,
             found_share(&p, &track, false));
  dt_beat_track_clear(&track, NULL);
}

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

static void slow_even_eighths_are_not_read_twice_as_fast(void** state) {
  (void)state;
  const char* const SLOW = "tempo: 72\nmeter: 4/4\nstep: 1/8\n\nhi-hat |XxXxXxXx|\n"
                           "snare  |--X---X-|\nkick   |x---xx--|\n";
  const dt_beat_config config = dt_beat_default();
  const played* p = play_text(SLOW, "bars=12 scatter=8ms", 32);
  dt_beat_track track = track_of(p, &config);
  assert_near(track.bpm, 72, 1);
  assert_true(found_share(p, &track, true) > 0.95);
  bool twice = false; /* what it could be instead is told */
  for (size_t k = 0; k < track.alternative_count; ++k)
    twice |= fabs(track.alternatives[k].ratio - 2) < 0.05 && track.alternatives[k].probability > 0;
  assert_true(twice);
  dt_beat_track_clear(&track, NULL);
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

static void taps_decide_the_tempo(void** state) {
  (void)state;
  const played* p = play_text(groove_text("rock"), "bars=8 scatter=5ms", 11);
  double taps[8];
  for (int k = 0; k < 8; ++k)
    taps[k] = p->beat_s[0] + k; /* half-time: every second beat */
  dt_beat_config config = dt_beat_default();
  config.tap_s = taps;
  config.tap_count = 8;
  dt_beat_track track = track_of(p, &config);
  assert_near(track.bpm, 60, 1.5);
  dt_beat_track_clear(&track, NULL);
}

static void double_time_is_a_feel_and_no_tempo(void** state) {
  (void)state;
  const char* const TEXT = "tempo: 110\nmeter: 4/4\nstep: 1/16\n\n[A] x8\n"
                           "hi-hat |x-x-x-x-x-x-x-x-|\nsnare  |----X-------X---|\n"
                           "kick   |x-------x-x-----|\n\n[B] x6\n"
                           "hi-hat |x-x-x-x-x-x-x-x-|\nsnare  |--X---X---X---X-|\n"
                           "kick   |x---x---x---x---|\n\n[A2] x6\n"
                           "hi-hat |x-x-x-x-x-x-x-x-|\nsnare  |----X-------X---|\n"
                           "kick   |x-------x-x-----|\n";
  const dt_beat_config config = dt_beat_default();
  const played* p = play_text(TEXT, "scatter=6ms", 12);
  dt_beat_track track = track_of(p, &config);
  assert_true(found_share(p, &track, false) > 0.97);
  bool seen = false;
  for (size_t k = 0; k < track.section_count; ++k) {
    seen |= track.sections[k].span == DT_BEAT_DOUBLE_TIME && track.sections[k].count >= 16;
    assert_near(track.sections[k].bpm, 110, 2);
  }
  assert_true(seen);
  dt_beat_track_clear(&track, NULL);
}

static void nonsense_is_refused(void** state) {
  (void)state;
  dt_beat_track track;
  dt_follower* f = NULL;
  dt_beat_config config = dt_beat_default();
  const dt_stroke back[2] = {dt_stroke_at(2, DT_KICK), dt_stroke_at(1, DT_KICK)};
  const dt_stroke nan_[1] = {dt_stroke_at((double)NAN, DT_KICK)};
  assert_int_equal(dt_beat_track_find(&track, NULL, back, 2, 3, &config), DT_BAD_ARGUMENT);
  assert_int_equal(dt_beat_track_find(&track, NULL, nan_, 1, 3, &config), DT_BAD_ARGUMENT);
  assert_int_equal(dt_beat_track_find(&track, NULL, back, 1, 1, &config), DT_BAD_ARGUMENT);
  config.low_bpm = 10;
  assert_int_equal(dt_beat_track_find(&track, NULL, back, 1, 3, &config), DT_BAD_ARGUMENT);
  assert_int_equal(dt_follower_new(&f, NULL, &config), DT_BAD_ARGUMENT);
  assert_null(f);
  config = dt_beat_default();
  config.meter = (dt_meter){9, 16};
  assert_int_equal(dt_follower_new(&f, NULL, &config), DT_BAD_ARGUMENT);
  config = dt_beat_default();
  assert_int_equal(dt_beat_track_find(&track, NULL, back, 0, 0, &config), DT_OK);
  assert_int_equal(track.beat_count, 0);
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

static bool track_once(const dt_allocator* allocator, void* ctx) {
  const played* p = ctx;
  const dt_beat_config config = dt_beat_default();
  dt_beat_track track;
  const dt_status status = dt_beat_track_find(&track, allocator, p->strokes, p->count,
                                              p->strokes[p->count - 1].time_s, &config);
  if (status != DT_OK)
    assert_int_equal(status, DT_NO_MEMORY);
  dt_beat_track_clear(&track, allocator);
  return status == DT_OK;
}

static bool follow_once(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  const dt_beat_config config = dt_beat_default();
  dt_follower* f = NULL;
  const dt_status status = dt_follower_new(&f, allocator, &config);
  dt_follower_free(f, allocator);
  return status == DT_OK;
}

static void no_memory_leaves_nothing_behind(void** state) {
  (void)state;
  played* p = play_text(groove_text("rock"), "bars=3", 1);
  assert_true(dt_failing_sweep(track_once, p) >= 6);
  assert_true(dt_failing_sweep(follow_once, NULL) >= 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(beats_and_bars_of_plain_grooves_are_found),
      cmocka_unit_test(what_comes_again_tells_the_length_of_the_bar),
      cmocka_unit_test(fills_are_seen_before_one_and_crashes_on_it),
      cmocka_unit_test(quick_swing_is_not_read_at_half_its_tempo),
      cmocka_unit_test(seven_eighths_are_counted_to_seven),
      cmocka_unit_test(tempo_is_right_to_half_a_percent),
      cmocka_unit_test(random_times_have_no_pulse),
      cmocka_unit_test(drums_that_are_mistaken_still_keep_a_pulse),
      cmocka_unit_test(live_beats_are_called_half_a_beat_ahead),
      cmocka_unit_test(who_loses_half_a_beat_is_found_again),
      cmocka_unit_test(how_often_time_is_told_changes_nothing),
      cmocka_unit_test(a_take_filtered_afterwards_gives_the_live_beats),
      cmocka_unit_test(slow_even_eighths_are_not_read_twice_as_fast),
      cmocka_unit_test(four_silent_bars_are_kept_time_through),
      cmocka_unit_test(taps_decide_the_tempo),
      cmocka_unit_test(double_time_is_a_feel_and_no_tempo),
      cmocka_unit_test(nonsense_is_refused),
      cmocka_unit_test(late_and_too_many_strokes_are_counted),
      cmocka_unit_test(no_memory_leaves_nothing_behind),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
