#include "../support/failing_allocator.h"

#include <math.h>

#include "../support/groove_charts.h"
#include "../support/near.h"
#include "band_run.h"

static const int rates[] = {8000, 22050, 44100, 48000, 96000, 192000};

enum { RATE_COUNT = sizeof rates / sizeof *rates };

/* One click, at frame 100: half a second of it. */
static band_run one_click(int rate_hz, dt_band_sound sound, uint64_t accents) {
  dt_band* band = new_band(rate_hz, false);
  dt_band_command c = dt_band_command_of(DT_BAND_CLICK, 0);
  c.click.sound = sound;
  c.click.accents = accents;
  put(band, &c);
  c = dt_band_command_of(DT_BAND_START, 100);
  c.start.bpm = 60;
  put(band, &c);
  band_run run = {0};
  run_frames(&run, band, 0, (size_t)rate_hz / 2, 0);
  dt_band_free(band);
  return run;
}

static float peak_of(const band_run* run) {
  float peak = 0;
  for (size_t i = 0; i < run->sample_count; i++)
    peak = fmaxf(peak, fabsf(run->samples[i]));
  return peak;
}

static void a_click_begins_at_its_frame_and_is_as_loud_as_told(void** state) {
  (void)state;
  for (int r = 0; r < RATE_COUNT; r++)
    for (int s = 0; s < DT_BAND_SOUND_COUNT; s++) {
      band_run run = one_click(rates[r], (dt_band_sound)s, 1);
      for (size_t i = 0; i < 100; i++)
        assert_true(run.samples[i] == 0);
      assert_true(run.samples[100] != 0);
      assert_near((double)peak_of(&run), 0.5, 1e-6);
      /* Half its first peak within half a millisecond. */
      float early = 0;
      for (size_t i = 100; i <= 100 + (size_t)rates[r] / 2000; i++)
        early = fmaxf(early, fabsf(run.samples[i]));
      assert_true(early > 0.15F);
      run_free(&run);
    }
}

static double magnitude(const float* x, size_t count, int rate_hz, double hz) {
  double re = 0;
  double im = 0;
  for (size_t i = 0; i < count; i++) {
    const double phase = 2 * 3.14159265358979323846 * hz * (double)i / rate_hz;
    re += (double)x[i] * cos(phase);
    im += (double)x[i] * sin(phase);
  }
  return sqrt(re * re + im * im) / rate_hz;
}

/* What folds back would be there at 48 kHz and not at 192: below 8 kHz the two must agree, but for
 * their level (the highest sample is not the highest moment). */
static void nothing_is_aliased(void** state) {
  (void)state;
  enum { LINES = 156 };
  for (int s = 0; s < DT_BAND_SOUND_COUNT; s++)
    for (uint64_t accent = 0; accent <= 1; accent++) {
      band_run low = one_click(48000, (dt_band_sound)s, accent);
      band_run high = one_click(192000, (dt_band_sound)s, accent);
      double a[LINES];
      double b[LINES];
      double ab = 0;
      double bb = 0;
      for (int i = 0; i < LINES; i++) {
        a[i] = magnitude(low.samples + 100, 4400, 48000, 200 + 50 * i);
        b[i] = magnitude(high.samples + 100, 17600, 192000, 200 + 50 * i);
        ab += a[i] * b[i];
        bb += b[i] * b[i];
      }
      double worst = 0;
      double peak = 0;
      for (int i = 0; i < LINES; i++) {
        worst = fmax(worst, fabs(a[i] - ab / bb * b[i]));
        peak = fmax(peak, a[i]);
      }
      print_message("sound %d: the rates differ by %.1f dB\n", s, 20 * log10(worst / peak));
      assert_true(worst < 0.02 * peak);
      assert_near(ab / bb, 1, 0.1);
      run_free(&low);
      run_free(&high);
    }
}

/* A steady tone would be best; a dense roll of clicks shows every step as well. */
static void a_fade_has_no_steps_and_reaches_its_level(void** state) {
  (void)state;
  enum { RATE = 48000 };
  band_run runs[2] = {{0}};
  for (int faded = 0; faded < 2; faded++) {
    dt_band* band = new_band(RATE, false);
    dt_band_command c = dt_band_command_of(DT_BAND_CLICK, 0);
    c.click.divide = 16;
    put(band, &c);
    c = dt_band_command_of(DT_BAND_START, 0);
    c.start.bpm = 300;
    put(band, &c);
    c = dt_band_command_of(DT_BAND_LEVEL, 10000);
    c.level.bus = DT_BAND_CLICKS;
    c.level.db = faded ? -40 : 0;
    c.level.ramp_ms = 1000;
    put(band, &c);
    run_frames(&runs[faded], band, 0, 90000, 0);
    dt_band_free(band);
  }
  double last = 1;
  for (size_t i = 0; i < 90000; i++) {
    const double x = (double)runs[0].samples[i];
    if (fabs(x) < 0.01)
      continue;
    const double gain = (double)runs[1].samples[i] / x;
    const double since = ((double)i - 10000) / RATE;
    const double db = since < 0 ? 0 : since > 1 ? -40 : -40 * since;
    assert_near(20 * log10(gain), db, 0.01);
    assert_true(gain <= last + 1e-6);
    last = gain;
  }
  assert_near(last, 0.01, 1e-5);
  run_free(&runs[0]);
  run_free(&runs[1]);
}

static void silence_is_silent_and_comes_back(void** state) {
  (void)state;
  enum { RATE = 48000 };
  dt_band* band = new_band(RATE, false);
  dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
  put(band, &c);
  c = dt_band_command_of(DT_BAND_LEVEL, 30000);
  c.level.db = DT_BAND_SILENT_DB;
  put(band, &c);
  c.at = 100000;
  c.level.db = 0;
  put(band, &c);
  band_run run = {0};
  run_frames(&run, band, 0, 150000, 0);
  for (size_t i = 30000 + RATE / 200; i < 100000; i++)
    assert_true(run.samples[i] == 0);
  float peak = 0;
  for (size_t i = 120000; i < 150000; i++)
    peak = fmaxf(peak, fabsf(run.samples[i]));
  assert_near((double)peak, 0.5 * pow(10, -6 / 20.0), 1e-5);
  run_free(&run);
  dt_band_free(band);
}

static void each_bus_goes_where_it_is_sent(void** state) {
  (void)state;
  dt_band_config config = dt_band_config_default(48000);
  config.channel_count = 3;
  config.has_kit = false;
  const float route[DT_BAND_BUS_COUNT][3] = {{1, 0, 0.5F}, {0, 1, 0}, {0, 0, 0}};
  for (int b = 0; b < DT_BAND_BUS_COUNT; b++)
    for (int i = 0; i < 3; i++)
      config.route[b][i] = route[b][i];
  dt_band* band = NULL;
  assert_int_equal(dt_band_new(&band, NULL, &config), DT_OK);
  dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
  c.start.count_in_bars = 1;
  put(band, &c);
  static float x[3][110000];
  float* out[3] = {x[0], x[1], x[2]};
  dt_band_process(band, 0, out, 110000);
  for (size_t i = 0; i < 96000; i++)
    assert_true(x[0][i] == 0 && x[2][i] == 0);
  assert_true(x[1][0] != 0 && x[0][96000] != 0);
  for (size_t i = 96000; i < 110000; i++)
    assert_true(x[1][i] == 0 && x[2][i] == 0.5F * x[0][i]);
  dt_band_free(band);
}

static void no_sample_is_denormal_or_wild(void** state) {
  (void)state;
  dt_part part = dt__part_of("tempo: 240\nmeter: 4/4\nstep: 1/16\n\n"
                             "crash |x---x---x---x---|\nride |xxxxxxxxxxxxxxxx|\n"
                             "snare |xxxxxxxxxxxxxxxx|\nkick |x---x---x---x---|\n",
                             2, 0);
  dt_band_song* song = NULL;
  assert_int_equal(dt_band_song_new(&song, NULL, &part), DT_OK);
  dt_band* band = new_band(44100, true);
  dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
  c.start.song = song;
  put(band, &c);
  c = dt_band_command_of(DT_BAND_LEVEL, 50000);
  c.level.bus = DT_BAND_DRUMS;
  c.level.db = -119;
  c.level.ramp_ms = 2000;
  put(band, &c);
  c.at = 250000;
  c.level.db = 0;
  c.level.ramp_ms = 3000;
  put(band, &c);
  band_run run = {0};
  run_frames(&run, band, 0, 44100 * 12, 0);
  size_t sounding = 0;
  for (size_t i = 0; i < run.sample_count; i++) {
    const int kind = fpclassify(run.samples[i]);
    if (kind != FP_ZERO && kind != FP_NORMAL)
      fail_msg("frame %zu is %g", i, (double)run.samples[i]);
    assert_true(fabsf(run.samples[i]) < 8);
    sounding += run.samples[i] != 0;
  }
  assert_true(sounding > 100000);
  /* And in the end there is nothing. */
  assert_true(run.samples[run.sample_count - 1] == 0);
  run_free(&run);
  dt_band_free(band);
  dt_band_song_free(song);
  dt_part_clear(&part, NULL);
}

static void the_numbers_of_a_count_in_can_be_told_apart(void** state) {
  (void)state;
  enum { RATE = 48000, LENGTH = 12000 };
  dt_band* band = new_band(RATE, false);
  dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
  c.start.count_in_bars = 2;
  c.start.count_style = DT_BAND_COUNT_CLASSIC;
  c.start.spoken = true;
  put(band, &c);
  band_run run = {0};
  run_frames(&run, band, 0, RATE * 4, 0);
  static const bool counted[] = {true, false, true, false, true, true, true, true};
  for (size_t i = 0; i < 8; i++)
    assert_int_equal(nth_kind(&run, DT_BAND_TICKED, i)->sounding, counted[i]);
  /* One, two; and then one, two, three, four. */
  const float* one = run.samples;
  const float* words[4];
  for (int w = 0; w < 4; w++)
    words[w] = run.samples + RATE * 2 + w * RATE / 2;
  assert_memory_equal(one, words[0], LENGTH * sizeof *one);
  assert_memory_equal(run.samples + RATE, words[1], LENGTH * sizeof *one);
  for (int a = 0; a < 4; a++)
    for (int b = 0; b < a; b++) {
      double difference = 0;
      double power = 0;
      for (double hz = 200; hz < 3500; hz += 20) {
        const double x = magnitude(words[a] + 3000, 6000, RATE, hz);
        const double y = magnitude(words[b] + 3000, 6000, RATE, hz);
        difference += (x - y) * (x - y);
        power += x * x + y * y;
      }
      assert_true(difference > 0.1 * power);
    }
  run_free(&run);
  dt_band_free(band);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_click_begins_at_its_frame_and_is_as_loud_as_told),
      cmocka_unit_test(nothing_is_aliased),
      cmocka_unit_test(a_fade_has_no_steps_and_reaches_its_level),
      cmocka_unit_test(silence_is_silent_and_comes_back),
      cmocka_unit_test(each_bus_goes_where_it_is_sent),
      cmocka_unit_test(no_sample_is_denormal_or_wild),
      cmocka_unit_test(the_numbers_of_a_count_in_can_be_told_apart),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
