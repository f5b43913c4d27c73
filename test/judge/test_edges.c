#include "judge_support.h"

/* Takes at the edges: too short, far away, huge, broken; other grids and metres; no memory. */

static dt_verdict judge_groove(const char* groove, const char* how, uint64_t seed) {
  dt_take take = dt__played(groove, how, seed);
  dt_verdict verdict = dt__judge(&take, NULL);
  dt__assert_sound(&verdict, &take);
  dt_take_clear(&take, NULL);
  return verdict;
}

static void a_few_strokes_are_not_enough_to_tell(void** state) {
  (void)state;
  for (size_t count = 0; count <= 15; ++count) {
    dt_take take = dt__played("rock", "bars=8 scatter=8ms", 8);
    take.strokes.count = count;
    for (int mode = 0; mode < 3; ++mode) {
      dt_judge_config config = dt__config((dt_grid_mode)mode, 120, mode == 1 ? 2.0 : -1.0);
      dt_verdict v = dt__judge(&take, &config);
      dt__assert_sound(&v, &take);
      assert_int_equal(v.word, DT_WORD_CANT_TELL);
      assert_in_range(v.strokes_needed, 8, 16);
      assert_true(v.strokes_needed + count >= 16);
      assert_int_not_equal(v.all.drift_bpm_per_min.known, DT_KNOWN);
      dt_verdict_clear(&v, NULL);
    }
    take.strokes.count = 8 * 13;
    dt_take_clear(&take, NULL);
  }
}

/* What is asked for is enough, give or take. */
static void the_number_of_strokes_needed_is_about_right(void** state) {
  (void)state;
  dt_take take = dt__played("rock", "bars=200 scatter=16ms clock=3ms alpha=0.3", 9);
  const size_t all = take.strokes.count;
  take.strokes.count = 40;
  dt_verdict v = dt__judge(&take, NULL);
  assert_int_equal(v.word, DT_WORD_CANT_TELL);
  assert_in_range(v.strokes_needed, 5, 300);
  const size_t needed = v.strokes_needed;
  dt_verdict_clear(&v, NULL);
  take.strokes.count = 40 + 3 * needed;
  v = dt__judge(&take, NULL);
  assert_int_not_equal(v.word, DT_WORD_CANT_TELL);
  dt_verdict_clear(&v, NULL);
  take.strokes.count = all;
  dt_take_clear(&take, NULL);
}

static dt_take from_times(const double* time_s, size_t count, const dt_drum* drum) {
  dt_take take;
  memset(&take, 0, sizeof(take));
  for (size_t i = 0; i < count; ++i) {
    const dt_stroke stroke = dt_stroke_at(time_s[i], drum ? drum[i] : DT_SNARE);
    assert_int_equal(dt_strokes_add(&take.strokes, NULL, &stroke), DT_OK);
    take.duration_s = time_s[i];
  }
  return take;
}

static void assert_cant_tell(dt_take* take) {
  for (int mode = 1; mode < 3; ++mode)
    for (int start = 0; start < 2; ++start) {
      dt_judge_config config = dt__config((dt_grid_mode)mode, 97, start ? 0.0 : -1.0);
      dt_verdict v = dt__judge(take, &config);
      dt__assert_sound(&v, take);
      assert_int_equal(v.word, DT_WORD_CANT_TELL);
      assert_int_equal(v.voice_count == 0 || v.all.stroke_count >= 4, true);
      dt_verdict_clear(&v, NULL);
    }
  dt_take_clear(take, NULL);
}

static void strokes_in_odd_places_break_nothing(void** state) {
  (void)state;
  static const double APART[] = {1.0, 3601.0};
  dt_take take = from_times(APART, 2, NULL);
  assert_cant_tell(&take);
  double same[100];
  dt_drum drums[100];
  for (int i = 0; i < 100; ++i) {
    same[i] = 7.0;
    drums[i] = (dt_drum)(i % DT_DRUM_COUNT);
  }
  take = from_times(same, 100, NULL);
  assert_cant_tell(&take);
  take = from_times(same, 100, drums);
  assert_cant_tell(&take);
  /* Two clusters an hour apart. */
  for (int i = 0; i < 100; ++i)
    same[i] = i < 50 ? 1.0 : 3601.0;
  take = from_times(same, 100, drums);
  assert_cant_tell(&take);
}

/* The same take moved by 10^6 s says the same. */
static void a_take_far_from_zero_is_judged_like_one_at_zero(void** state) {
  (void)state;
  dt_take take = dt__played("funk", "bpm=100 bars=16 scatter=8ms drift=+3bpm/min lead-in=0s", 11);
  dt_judge_config config = dt__config(DT_GRID_TEMPO, 100, 0.0);
  dt_verdict near = dt__judge(&take, &config);
  for (size_t i = 0; i < take.strokes.count; ++i)
    take.strokes.items[i].time_s += 1e6;
  config.start_s = 1e6;
  dt_verdict far = dt__judge(&take, &config);
  dt__assert_sound(&far, &take);
  assert_int_equal(far.word, near.word);
  assert_near(far.all.placement_ms.value, near.all.placement_ms.value, 1e-3);
  assert_near(far.all.drift_bpm_per_min.value, near.all.drift_bpm_per_min.value, 1e-4);
  assert_near(far.all.scatter_ms.value, near.all.scatter_ms.value, 1e-3);
  dt_verdict_clear(&far, NULL);
  /* Free, too, where nothing says when it began. */
  config.mode = DT_GRID_FREE;
  far = dt__judge(&take, &config);
  dt__assert_sound(&far, &take);
  dt_verdict_clear(&near, NULL);
  for (size_t i = 0; i < take.strokes.count; ++i)
    take.strokes.items[i].time_s -= 1e6;
  near = dt__judge(&take, &config);
  assert_near(far.all.tempo_bpm.value, near.all.tempo_bpm.value, 1e-3);
  assert_near(far.all.scatter_ms.value, near.all.scatter_ms.value, 1e-3);
  dt_verdict_clear(&far, NULL);
  dt_verdict_clear(&near, NULL);
  dt_take_clear(&take, NULL);
}

static void twenty_thousand_strokes_are_judged(void** state) {
  (void)state;
  dt_take take = dt__played("rock16", "bpm=110 bars=900 scatter=8ms drift=+0.1bpm/min", 12);
  assert_true(take.strokes.count > 19000);
  dt_verdict v = dt__judge(&take, NULL);
  dt__assert_sound(&v, &take);
  assert_near(v.all.drift_bpm_per_min.value, 0.1, 0.01);
  assert_near(v.all.scatter_ms.value, 8.0, 0.3);
  assert_near(v.bars, 900, 1);
  dt_verdict_clear(&v, NULL);
  dt_take_clear(&take, NULL);
}

/* The click's grid may change its tempo; the player is judged against it all the same. */
static void a_click_with_several_tempi_is_followed(void** state) {
  (void)state;
  dt_take take = dt__played("rock", "bpm=120 bars=24 scatter=6ms placement=+9ms", 14);
  assert_true(take.has_click);
  dt_tempo_map other = {.ticks_per_quarter = 480};
  static const double BPM[] = {120, 90, 140, 104};
  for (int k = 0; k < 4; ++k)
    assert_int_equal(dt_tempo_map_set_tempo(&other, NULL, 480 * 4 * (1 + 6 * k), 6e7 / BPM[k]),
                     DT_OK);
  for (size_t i = 0; i < take.strokes.count; ++i) {
    /* Placement and scatter stay in seconds; only the click is bent. */
    const double beat = dt_tempo_map_ticks(&take.click, take.strokes.items[i].time_s) /
                        take.click.ticks_per_quarter;
    const double nearest = floor(beat * 2 + 0.5) / 2;
    const double away_s = (beat - nearest) * 0.5;
    take.strokes.items[i].time_s = dt_tempo_map_seconds(&other, nearest * 480) + away_s;
  }
  dt_strokes_sort(&take.strokes);
  dt_tempo_map_clear(&take.click, NULL);
  take.click = other;
  dt_verdict v = dt__judge(&take, NULL);
  dt__assert_sound(&v, &take);
  assert_int_equal(v.word, DT_WORD_IN_THE_POCKET);
  assert_near(v.all.placement_ms.value, 9.0, 2.0);
  assert_near(v.all.scatter_ms.value, 6.0, 1.0);
  assert_near(v.all.drift_percent_per_min.value, 0.0, 0.5);
  assert_int_equal(v.outlier_count, 0);
  dt_verdict_clear(&v, NULL);
  dt_take_clear(&take, NULL);
}

static void every_metre_counts_its_own_bars(void** state) {
  (void)state;
  static const struct {
    const char* groove;
    dt_meter meter;
  } METRES[] = {{"rock", {4, 4}},  {"waltz", {3, 4}}, {"sixeight", {6, 8}},
                {"seven", {7, 8}}, {"samba", {2, 4}}, {"jazz", {4, 4}}};
  for (size_t k = 0; k < sizeof(METRES) / sizeof(METRES[0]); ++k) {
    dt_verdict v = judge_groove(METRES[k].groove, "bars=24 scatter=6ms snare=+12ms", 15);
    assert_int_equal(v.meter.numerator, METRES[k].meter.numerator);
    assert_int_equal(v.meter.denominator, METRES[k].meter.denominator);
    assert_near(v.bars, 24, 1);
    assert_near(v.all.scatter_ms.value, 6.0, 1.0);
    assert_int_equal(v.outlier_count, 0);
    /* The count-in is one bar, so the groove begins in the bar after it. */
    const double bar = 4.0 * v.meter.numerator / v.meter.denominator;
    assert_near(v.judged[0].beat, bar, 1e-9);
    dt_verdict_clear(&v, NULL);
  }
  /* A metre given by hand. */
  dt_take take = dt__played("rock", "bars=12 scatter=6ms", 16);
  dt_judge_config config = dt_judge_default(&take);
  config.meter = (dt_meter){3, 4};
  dt_verdict v = dt__judge(&take, &config);
  assert_int_equal(v.meter.numerator, 3);
  assert_near(v.bars, 16, 0.5);
  dt_verdict_clear(&v, NULL);
  dt_take_clear(&take, NULL);
}

static bool same_bytes(const void* a, const void* b, size_t size) {
  return memcmp(a, b, size) == 0;
}

static void the_same_take_gives_the_same_bytes(void** state) {
  (void)state;
  for (int mode = 0; mode < 3; ++mode) {
    dt_take take = dt__played("funk", "bars=16 scatter=9ms clock=4ms alpha=0.2 velocity=9", 21);
    const dt_judge_config config = dt__config((dt_grid_mode)mode, 120, -1);
    dt_failing dirty = {0}; /* Fills every block with 0xCD first. */
    const dt_allocator allocator = dt_failing_allocator(&dirty);
    dt_verdict a;
    dt_verdict b;
    memset(&a, 0x55, sizeof(a));
    memset(&b, 0xAA, sizeof(b));
    assert_int_equal(dt_judge(&a, NULL, &take, &config, NULL), DT_OK);
    assert_int_equal(dt_judge(&b, &allocator, &take, &config, NULL), DT_OK);
    assert_int_equal(a.judged_count, b.judged_count);
    assert_true(same_bytes(a.judged, b.judged, a.judged_count * sizeof(*a.judged)));
    dt_judged* const of_a = a.judged;
    dt_judged* const of_b = b.judged;
    a.judged = b.judged = NULL;
    assert_true(same_bytes(&a.all, &b.all, sizeof(a.all)));
    assert_true(same_bytes(a.voices, b.voices, sizeof(a.voices)));
    assert_true(same_bytes(&a.subdivision, &b.subdivision, sizeof(a.subdivision)));
    assert_true(same_bytes(a.noise_model, b.noise_model, sizeof(a.noise_model)));
    assert_int_equal(a.word, b.word);
    a.judged = of_a;
    b.judged = of_b;
    dt_verdict_clear(&a, NULL);
    dt_verdict_clear(&b, &allocator);
    assert_int_equal(dirty.live_blocks, 0);
    dt_take_clear(&take, NULL);
  }
}

static void assert_refused(const dt_take* take, dt_judge_config config, const char* says) {
  dt_verdict v;
  dt_error err = {.sentence = ""};
  memset(&v, 0x55, sizeof(v));
  assert_int_equal(dt_judge(&v, NULL, take, &config, &err), DT_BAD_ARGUMENT);
  if (!strstr(err.sentence, says))
    fail_msg("\"%s\" does not say \"%s\"", err.sentence, says);
  assert_null(v.judged);
  assert_int_equal(v.judged_count, 0);
  assert_int_equal(dt_judge(&v, NULL, take, &config, NULL), DT_BAD_ARGUMENT);
}

static void what_cannot_be_judged_is_refused_with_a_sentence(void** state) {
  (void)state;
  dt_take take = dt__played("rock", "bars=4", 22);
  const dt_judge_config good = dt__config(DT_GRID_TEMPO, 120, -1);
  dt_judge_config c = good;
  static const double BPM[] = {0, -5, 19.9, 400.1, 1e9};
  for (size_t k = 0; k < sizeof(BPM) / sizeof(BPM[0]); ++k) {
    c.bpm = BPM[k];
    assert_refused(&take, c, "between 20 and 400 bpm");
  }
  c.bpm = (double)NAN;
  assert_refused(&take, c, "between 20 and 400 bpm");
  c = good;
  c.start_s = (double)NAN;
  assert_refused(&take, c, "first beat");
  c.start_s = (double)INFINITY;
  assert_refused(&take, c, "first beat");
  static const dt_meter METRES[] = {{4, 3}, {-1, 4}, {65, 4}, {4, 0}, {4, 128}, {4, -4}};
  for (size_t k = 0; k < sizeof(METRES) / sizeof(METRES[0]); ++k) {
    c = good;
    c.meter = METRES[k];
    assert_refused(&take, c, "metre");
  }
  c = good;
  c.mode = (dt_grid_mode)7;
  assert_refused(&take, c, "no such");
  c = good;
  c.level = (dt_level)3;
  assert_refused(&take, c, "no such");
  const double last = take.strokes.items[30].time_s;
  take.strokes.items[30].time_s = take.strokes.items[29].time_s - 0.001;
  assert_refused(&take, good, "Stroke 31");
  take.strokes.items[30].time_s = (double)NAN;
  assert_refused(&take, good, "Stroke 31");
  take.strokes.items[30].time_s = last;
  const size_t end = take.strokes.count - 1;
  take.strokes.items[end].time_s = (double)INFINITY;
  assert_refused(&take, good, "out of range");
  take.strokes.items[end].time_s = 90000;
  assert_refused(&take, good, "longer than a day");
  take.strokes.items[end].time_s = 1000;
  assert_int_equal(dt_tempo_map_set_tempo(&take.click, NULL, 0, 6e7 / 1000), DT_OK);
  assert_refused(&take, dt_judge_default(&take), "1000 bpm");
  take.has_click = false;
  assert_refused(&take, dt__config(DT_GRID_CLICK, 0, -1), "no click");
  dt_take_clear(&take, NULL);
}

static void the_default_is_the_click_or_else_free(void** state) {
  (void)state;
  dt_take take = dt__played("waltz", "bars=4", 23);
  assert_int_equal(dt_judge_default(&take).mode, DT_GRID_CLICK);
  assert_int_equal(dt_judge_default(&take).level, DT_LEVEL_PLAYER);
  take.has_click = false;
  const dt_judge_config config = dt_judge_default(&take);
  assert_int_equal(config.mode, DT_GRID_FREE);
  dt_verdict v = dt__judge(&take, &config);
  assert_int_equal(v.meter.numerator, 4);
  dt_verdict_clear(&v, NULL);
  dt_take_clear(&take, NULL);
}

typedef struct sweep {
  const dt_take* take;
  dt_judge_config config;
} sweep;

static bool judge_and_clear(const dt_allocator* allocator, void* ctx) {
  const sweep* s = ctx;
  dt_verdict v;
  dt_error err = {.sentence = ""};
  const dt_status status = dt_judge(&v, allocator, s->take, &s->config, &err);
  if (status != DT_OK) {
    assert_int_equal(status, DT_NO_MEMORY);
    assert_null(v.judged);
    assert_true(err.sentence[0] != '\0');
    return false;
  }
  dt_verdict_clear(&v, allocator);
  return true;
}

static void memory_that_runs_out_is_said_and_given_back(void** state) {
  (void)state;
  dt_take take = dt__played("rock", "bars=8 scatter=8ms", 24);
  for (int mode = 0; mode < 3; ++mode) {
    sweep s = {&take, dt__config((dt_grid_mode)mode, 120, -1)};
    assert_true(dt_failing_sweep(judge_and_clear, &s) >= 8);
  }
  sweep s = {&take, dt__config(DT_GRID_TEMPO, 120, 2.0)};
  assert_true(dt_failing_sweep(judge_and_clear, &s) >= 8);
  dt_take_clear(&take, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_few_strokes_are_not_enough_to_tell),
      cmocka_unit_test(the_number_of_strokes_needed_is_about_right),
      cmocka_unit_test(strokes_in_odd_places_break_nothing),
      cmocka_unit_test(a_take_far_from_zero_is_judged_like_one_at_zero),
      cmocka_unit_test(twenty_thousand_strokes_are_judged),
      cmocka_unit_test(a_click_with_several_tempi_is_followed),
      cmocka_unit_test(every_metre_counts_its_own_bars),
      cmocka_unit_test(the_same_take_gives_the_same_bytes),
      cmocka_unit_test(what_cannot_be_judged_is_refused_with_a_sentence),
      cmocka_unit_test(the_default_is_the_click_or_else_free),
      cmocka_unit_test(memory_that_runs_out_is_said_and_given_back),
  };
  return cmocka_run_group_tests_name("edges", tests, NULL, NULL);
}
