#include "../support/failing_allocator.h"

#include <math.h>
#include <stdio.h>

#include "../support/near.h"
#include "../support/play_chart.h"
#include "dt/drummer.h"
#include "dt/synthkit.h"

#define PI   3.14159265358979323846
#define RATE 44100

static dt_synthkit* kit; /* one for all tests: it is never changed by playing */

static int make_kit(void** state) {
  (void)state;
  kit = dt_synthkit_new(NULL, RATE, 1);
  return kit == NULL;
}

static int free_kit(void** state) {
  (void)state;
  dt_synthkit_free(kit);
  return 0;
}

static dt_stroke hit(dt_drum drum, double time_s, double velocity) {
  dt_stroke stroke = dt_stroke_at(time_s, drum);
  stroke.velocity = (float)velocity;
  return stroke;
}

/* A new block that holds the first seconds of a stream with one stroke. */
static float* sound(const dt_synthkit* k, const dt_stroke* stroke, size_t frames) {
  float* x = test_calloc(frames, sizeof *x);
  dt_synthkit_add(k, stroke, x, frames, 0);
  return x;
}

static double peak_of(const float* x, size_t count) {
  double peak = 0;
  for (size_t i = 0; i < count; i++)
    peak = fmax(peak, fabs((double)x[i]));
  return peak;
}

static double rms_of(const float* x, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += (double)x[i] * (double)x[i];
  return sqrt(sum / (double)count);
}

static double db(double ratio) {
  return 20 * log10(ratio);
}

/* Samples from the stroke to the first time at which the steps from sample to sample (the simplest
 * pre-emphasis) exceed a tenth of their largest. */
static double attack_after(const float* x, double stroke_at, size_t within) {
  const size_t start = (size_t)stroke_at - 8;
  double largest = 0;
  for (size_t i = start; i < start + within; i++)
    largest = fmax(largest, fabs((double)x[i] - (double)x[i - 1]));
  size_t i = start;
  while (fabs((double)x[i] - (double)x[i - 1]) < largest / 10)
    i++;
  return (double)i - stroke_at;
}

static void expect_prompt(const dt_synthkit* k, double rate, dt_drum drum, double at,
                          double velocity) {
  const dt_stroke stroke = hit(drum, at / rate, velocity);
  const size_t frames = 2000;
  float* x = sound(k, &stroke, frames);
  for (size_t n = 0; n < (size_t)at - 3; n++)
    assert_true(x[n] == 0);
  const double late = attack_after(x, at, (size_t)(rate / 100));
  if (late < -2 || late > 1e-4 * rate + 1)
    fail_msg("%s at %g Hz, velocity %g, starts %.2f samples after its stroke", dt_drum_name(drum),
             rate, velocity, late);
  test_free(x);
}

/* The truth of every test of the ear rests on this one. */
static void every_drum_starts_at_its_stroke_to_a_tenth_of_a_millisecond(void** state) {
  (void)state;
  const int rates[] = {44100, 48000, 96000};
  for (uint64_t seed = 1; seed <= 3; seed++) {
    const int rate = rates[seed - 1];
    dt_synthkit* k = dt_synthkit_new(NULL, rate, seed);
    for (int drum = 0; drum < DT_DRUM_COUNT; drum++)
      for (int i = 0; i < 30; i++)
        for (int velocity = 7; velocity <= 127; velocity += 30)
          expect_prompt(k, rate, (dt_drum)drum, 1000 + i * 1.237, velocity);
    dt_synthkit_free(k);
  }
}

/* A quarter of a sample later is the same sound a quarter of a sample later. In the tail of a tom
 * only its body sounds, which does not vary: the delay is the slope of the difference. */
static void strokes_between_two_samples_are_placed_there(void** state) {
  (void)state;
  const size_t frames = RATE / 2;
  const dt_stroke whole = hit(DT_TOM_HIGH, 100.0 / RATE, 100);
  float* x = sound(kit, &whole, frames);
  for (int k = 1; k < 10; k++) {
    const double delay = k / 10.0;
    const dt_stroke later = hit(DT_TOM_HIGH, (100 + delay) / RATE, 100);
    float* y = sound(kit, &later, frames);
    double num = 0;
    double den = 0;
    for (size_t n = 8000; n + 1 < frames; n++) {
      const double slope = ((double)x[n + 1] - (double)x[n - 1]) / 2;
      num += ((double)x[n] - (double)y[n]) * slope;
      den += slope * slope;
    }
    assert_near(num / den, delay, 0.01);
    test_free(y);
  }
  test_free(x);
}

static void the_same_stroke_sounds_the_same_whatever_the_block(void** state) {
  (void)state;
  const size_t frames = 30000;
  const dt_drum drums[] = {DT_KICK, DT_CRASH, DT_CLAP};
  const size_t blocks[] = {1, 7, 64, 1000, 4096};
  for (size_t d = 0; d < 3; d++) {
    const dt_stroke stroke = hit(drums[d], 1234.56 / RATE, 99);
    float* all = sound(kit, &stroke, frames);
    for (size_t b = 0; b < 5; b++) {
      float* x = test_calloc(frames, sizeof *x);
      for (size_t at = 0; at < frames; at += blocks[b]) {
        const size_t n = frames - at < blocks[b] ? frames - at : blocks[b];
        dt_synthkit_add(kit, &stroke, x + at, n, (dt_frame)at);
      }
      assert_memory_equal(x, all, frames * sizeof *x);
      test_free(x);
    }
    test_free(all);
  }
}

static void playing_adds_to_what_is_there(void** state) {
  (void)state;
  const dt_stroke stroke = hit(DT_SNARE, 10.0 / RATE, 99);
  float* once = sound(kit, &stroke, 500);
  float twice[500];
  memcpy(twice, once, sizeof twice);
  dt_synthkit_add(kit, &stroke, twice, 500, 0);
  for (size_t i = 0; i < 500; i++)
    assert_near((double)twice[i], 2 * (double)once[i], 1e-6);
  test_free(once);
}

static void velocity_goes_over_forty_decibels_without_a_step_back(void** state) {
  (void)state;
  const size_t frames = RATE / 4;
  for (int drum = 0; drum < DT_DRUM_COUNT; drum++) {
    double softest = 0;
    double before = 0;
    for (int velocity = 1; velocity <= 127; velocity += 3) {
      const dt_stroke stroke = hit((dt_drum)drum, 10.0 / RATE, velocity);
      float* x = sound(kit, &stroke, frames);
      const double level = rms_of(x, frames);
      assert_true(level > before);
      softest = velocity == 1 ? level : softest;
      before = level;
      test_free(x);
    }
    const double range = db(before / softest);
    if (range < 38 || range > 52)
      fail_msg("%s has a range of %.1f dB", dt_drum_name((dt_drum)drum), range);
  }
}

/* Centre of the power spectrum of the first 60 ms, Hz. */
static double centroid(dt_drum drum, double velocity) {
  enum { FRAMES = RATE * 6 / 100, BANDS = 160 };
  const dt_stroke stroke = hit(drum, 8.0 / RATE, velocity);
  float* x = sound(kit, &stroke, FRAMES);
  double total = 0;
  double weighted = 0;
  for (int b = 0; b < BANDS; b++) {
    const double hz = 30 * pow(18000.0 / 30, (b + 0.5) / BANDS);
    double re = 0;
    double im = 0;
    for (int n = 0; n < FRAMES; n++) {
      const double fade = 0.5 + 0.5 * cos(PI * n / FRAMES);
      re += fade * (double)x[n] * cos(2 * PI * hz * n / RATE);
      im += fade * (double)x[n] * sin(2 * PI * hz * n / RATE);
    }
    const double power = (re * re + im * im) * hz; /* bands are as wide as they are high */
    total += power;
    weighted += power * hz;
  }
  test_free(x);
  return weighted / total;
}

static void drums_lie_where_drums_lie_in_the_spectrum(void** state) {
  (void)state;
  static const struct {
    dt_drum drum;
    double low_hz;
    double high_hz;
  } expected[] = {
      {DT_KICK, 50, 200},           {DT_TOM_LOW, 80, 250},        {DT_TOM_MID, 120, 320},
      {DT_TOM_HIGH, 160, 400},      {DT_SNARE, 300, 1800},        {DT_RIMSHOT, 400, 2000},
      {DT_CROSS_STICK, 700, 1800},  {DT_COWBELL, 600, 1500},      {DT_HIHAT_CLOSED, 6000, 12000},
      {DT_HIHAT_OPEN, 5000, 11000}, {DT_HIHAT_PEDAL, 2000, 8000}, {DT_RIDE, 4000, 11000},
      {DT_RIDE_BELL, 2000, 6000},   {DT_CRASH, 3500, 9000},
  };
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    const double hz = centroid(expected[i].drum, 100);
    if (hz < expected[i].low_hz || hz > expected[i].high_hz)
      fail_msg("%s is centred at %.0f Hz", dt_drum_name(expected[i].drum), hz);
  }
  assert_true(centroid(DT_TOM_LOW, 100) < centroid(DT_TOM_MID, 100));
  assert_true(centroid(DT_TOM_MID, 100) < centroid(DT_TOM_HIGH, 100));
}

static void harder_strokes_are_brighter(void** state) {
  (void)state;
  const dt_drum drums[] = {DT_KICK, DT_SNARE, DT_RIMSHOT, DT_TOM_HIGH, DT_TOM_LOW, DT_RIDE_BELL};
  for (size_t i = 0; i < sizeof drums / sizeof *drums; i++)
    assert_true(centroid(drums[i], 120) > 1.03 * centroid(drums[i], 30));
}

static void the_loudest_chord_does_not_clip(void** state) {
  (void)state;
  const dt_drum chord[] = {DT_KICK, DT_SNARE, DT_CRASH};
  const size_t frames = RATE / 4;
  for (int i = 0; i < 20; i++) {
    float* x = test_calloc(frames, sizeof *x);
    for (size_t d = 0; d < 3; d++) {
      const dt_stroke stroke = hit(chord[d], (10 + i * 0.7) / RATE, 127);
      dt_synthkit_add(kit, &stroke, x, frames, 0);
    }
    assert_true(peak_of(x, frames) <= 1);
    test_free(x);
  }
}

static void a_groove_has_a_healthy_level(void** state) {
  (void)state;
  const dt_drummer drummer = dt_drummer_default();
  dt_truths t;
  assert_int_equal(dt__play_text(&drummer, dt__groove_text("rock"), NULL, &t, NULL), DT_OK);
  const size_t frames = 19 * RATE;
  float* x = test_calloc(frames, sizeof *x);
  for (size_t i = 0; i < t.count; i++)
    dt_synthkit_add(kit, &t.items[i].stroke, x, frames, 0);
  assert_true(peak_of(x, frames) > 0.2 && peak_of(x, frames) < 1);
  for (size_t i = 0; i < frames; i++)
    assert_true(isfinite(x[i]));
  test_free(x);
  dt_truths_clear(&t, NULL);
}

static void every_drum_dies_away_within_its_length(void** state) {
  (void)state;
  for (int drum = 0; drum < DT_DRUM_COUNT; drum++) {
    const size_t length = (size_t)dt_synthkit_length(kit, (dt_drum)drum);
    assert_true(length > RATE / 50 && length < 5 * RATE);
    const dt_stroke stroke = hit((dt_drum)drum, 10.4 / RATE, 127);
    float* x = sound(kit, &stroke, length + 100);
    const double peak = peak_of(x, length);
    assert_true(peak_of(x + length - 400, 400) < peak * 0.003);
    assert_true(peak_of(x + length, 14) < peak * 2e-5); /* no click at the end */
    assert_true(peak_of(x + length + 12, 88) == 0);
    test_free(x);
  }
}

static void equal_strokes_differ_a_little_but_not_in_level(void** state) {
  (void)state;
  const size_t frames = RATE / 5;
  int different = 0;
  int other_noise = 0;
  const dt_stroke first = hit(DT_SNARE, 0.1, 100);
  float* x = sound(kit, &first, frames);
  for (int i = 1; i < 20; i++) {
    const dt_stroke other = hit(DT_SNARE, 0.1 + i, 100);
    float* y = test_calloc(frames, sizeof *y);
    dt_synthkit_add(kit, &other, y, frames, (dt_frame)i * RATE);
    different += memcmp(x, y, frames * sizeof *x) != 0;
    const double gain = rms_of(y, frames) / rms_of(x, frames);
    assert_true(fabs(db(gain)) < 1.5);
    for (size_t n = 0; n < frames; n++)
      y[n] -= (float)gain * x[n];
    other_noise += rms_of(y, frames) > 0.05 * rms_of(x, frames);
    test_free(y);
  }
  assert_int_equal(different, 19);
  assert_in_range(other_noise, 5, 18); /* a few noises take turns */
  test_free(x);
}

static void a_seed_is_a_kit(void** state) {
  (void)state;
  dt_synthkit* same = dt_synthkit_new(NULL, RATE, 1);
  dt_synthkit* other = dt_synthkit_new(NULL, RATE, 2);
  assert_non_null(same);
  assert_non_null(other);
  const dt_stroke stroke = hit(DT_RIDE, 0.01, 100);
  float* a = sound(kit, &stroke, 4000);
  float* b = sound(same, &stroke, 4000);
  float* c = sound(other, &stroke, 4000);
  assert_memory_equal(a, b, 4000 * sizeof *a);
  assert_memory_not_equal(a, c, 4000 * sizeof *a);
  test_free(a);
  test_free(b);
  test_free(c);
  dt_synthkit_free(same);
  dt_synthkit_free(other);
}

static void every_rate_has_about_the_same_levels(void** state) {
  (void)state;
  const int rates[] = {8000, 22050, 48000, 96000};
  for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
    dt_synthkit* k = dt_synthkit_new(NULL, rates[r], 1);
    assert_non_null(k);
    for (int drum = 0; drum < DT_DRUM_COUNT; drum++) {
      const dt_stroke stroke = hit((dt_drum)drum, 0.01, 127);
      const size_t frames = (size_t)rates[r] / 2;
      float* x = sound(k, &stroke, frames);
      float* y = sound(kit, &stroke, RATE / 2);
      const double off = db(peak_of(x, frames) / peak_of(y, RATE / 2));
      if (!(fabs(off) < (rates[r] < 16000 ? 6 : 4))) /* telephone: peaks fall between samples */
        fail_msg("%s is %+.1f dB off at %d Hz", dt_drum_name((dt_drum)drum), off, rates[r]);
      test_free(x);
      test_free(y);
    }
    dt_synthkit_free(k);
  }
}

static void rates_out_of_range_give_no_kit(void** state) {
  (void)state;
  assert_null(dt_synthkit_new(NULL, 7999, 1));
  assert_null(dt_synthkit_new(NULL, 192001, 1));
  assert_null(dt_synthkit_new(NULL, -1, 1));
  dt_synthkit_free(NULL);
}

static void a_stroke_that_is_none_is_silent(void** state) {
  (void)state;
  dt_stroke strokes[] = {hit(DT_KICK, (double)NAN, 90), hit(DT_KICK, (double)INFINITY, 90),
                         hit((dt_drum)DT_DRUM_COUNT, 0.001, 90), hit((dt_drum)-1, 0.001, 90),
                         hit(DT_KICK, 1e300, 90)};
  for (size_t i = 0; i < sizeof strokes / sizeof *strokes; i++) {
    float* x = sound(kit, &strokes[i], 1000);
    assert_true(peak_of(x, 1000) == 0);
    test_free(x);
  }
  assert_int_equal(dt_synthkit_length(kit, DT_DRUM_COUNT), 0);
}

static void unknown_velocity_is_a_medium_stroke(void** state) {
  (void)state;
  const dt_stroke unknown = hit(DT_TOM_MID, 0.001, 0);
  const dt_stroke medium = hit(DT_TOM_MID, 0.001, 90);
  float* a = sound(kit, &unknown, 1000);
  float* b = sound(kit, &medium, 1000);
  assert_memory_equal(a, b, 1000 * sizeof *a);
  test_free(a);
  test_free(b);
}

static void a_stroke_before_the_start_is_heard_in_its_tail(void** state) {
  (void)state;
  const dt_stroke early = hit(DT_CRASH, -0.1, 100);
  float* x = sound(kit, &early, 1000);
  assert_true(peak_of(x, 1000) > 0.01);
  test_free(x);
}

static void a_plain_hihat_is_open_when_it_says_so(void** state) {
  (void)state;
  dt_stroke stroke = hit(DT_HIHAT, 0.001, 100);
  float* closed = sound(kit, &stroke, RATE);
  stroke.openness = 1;
  float* open = sound(kit, &stroke, RATE);
  assert_true(rms_of(open + RATE / 2, 1000) > 10 * rms_of(closed + RATE / 2, 1000) &&
              rms_of(open + RATE / 2, 1000) > 1e-4);
  test_free(closed);
  test_free(open);
}

static bool build_and_free(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  dt_synthkit* k = dt_synthkit_new(allocator, 8000, 1);
  const bool built = k != NULL;
  dt_synthkit_free(k);
  return built;
}

static void without_memory_there_is_no_kit(void** state) {
  (void)state;
  assert_int_equal(dt_failing_sweep(build_and_free, NULL), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_drum_starts_at_its_stroke_to_a_tenth_of_a_millisecond),
      cmocka_unit_test(strokes_between_two_samples_are_placed_there),
      cmocka_unit_test(the_same_stroke_sounds_the_same_whatever_the_block),
      cmocka_unit_test(playing_adds_to_what_is_there),
      cmocka_unit_test(velocity_goes_over_forty_decibels_without_a_step_back),
      cmocka_unit_test(drums_lie_where_drums_lie_in_the_spectrum),
      cmocka_unit_test(harder_strokes_are_brighter),
      cmocka_unit_test(the_loudest_chord_does_not_clip),
      cmocka_unit_test(a_groove_has_a_healthy_level),
      cmocka_unit_test(every_drum_dies_away_within_its_length),
      cmocka_unit_test(equal_strokes_differ_a_little_but_not_in_level),
      cmocka_unit_test(a_seed_is_a_kit),
      cmocka_unit_test(every_rate_has_about_the_same_levels),
      cmocka_unit_test(rates_out_of_range_give_no_kit),
      cmocka_unit_test(a_stroke_that_is_none_is_silent),
      cmocka_unit_test(unknown_velocity_is_a_medium_stroke),
      cmocka_unit_test(a_stroke_before_the_start_is_heard_in_its_tail),
      cmocka_unit_test(a_plain_hihat_is_open_when_it_says_so),
      cmocka_unit_test(without_memory_there_is_no_kit),
  };
  return cmocka_run_group_tests(tests, make_kit, free_kit);
}
