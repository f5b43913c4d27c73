#include "../support/failing_allocator.h"

#include <math.h>

#include "band_model.h"

__extension__ typedef __int128 wide;

enum { PROGRAMS = 60 };

static const int rates[] = {8000, 11025, 16000, 22050, 44100, 48000, 88200, 96000, 192000};
static const dt_meter meters[] = {{4, 4}, {3, 4}, {2, 2},  {6, 8},  {12, 8}, {7, 8},
                                  {5, 4}, {5, 8}, {11, 8}, {9, 16}, {1, 4},  {13, 16}};

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof *(array)))

static dt_meter any_meter(dt_rng* rng) {
  return meters[dt_rng_below(rng, COUNT(meters))];
}

static double any_bpm(dt_rng* rng) {
  const double bpm = 40 + 260 * dt_rng_uniform(rng);
  return dt_rng_below(rng, 2) ? floor(bpm) : bpm;
}

static void any_groups(dt_rng* rng, dt_band_click* click, dt_meter meter) {
  for (int left = meter.numerator; left > 0 && click->group_count < DT_BAND_GROUPS_MAX;) {
    const int most = left < 4 ? left : 4;
    const int group = 1 + (int)dt_rng_below(rng, (uint32_t)most);
    click->groups[click->group_count++] = group;
    left -= group;
  }
}

static dt_band_click any_click(dt_rng* rng, dt_meter meter) {
  dt_band_click click = dt_band_click_default();
  click.sound = (dt_band_sound)dt_rng_below(rng, DT_BAND_SOUND_COUNT);
  click.divide = (int)dt_rng_below(rng, 7);
  if (click.divide % 2 == 0 && dt_rng_below(rng, 2)) {
    click.swing = 0.5 + 0.3 * dt_rng_uniform(rng);
    click.swing_over = 2 * (int)dt_rng_below(rng, 4);
  }
  if (dt_rng_below(rng, 4) == 0)
    click.sub_only = 1 + (int)dt_rng_below(rng, 3);
  click.beat_db[dt_rng_below(rng, 4)] = DT_BAND_SILENT_DB;
  if (dt_rng_below(rng, 2))
    any_groups(rng, &click, meter);
  return click;
}

static model_program any_program(dt_rng* rng) {
  model_program p = {.rate_hz = rates[dt_rng_below(rng, COUNT(rates))]};
  p.at = (dt_frame)dt_rng_below(rng, 5000) + (dt_rng_below(rng, 2) ? (dt_frame)1 << 40 : 0);
  p.start = dt_band_command_of(DT_BAND_START, 0).start;
  p.start.bpm = any_bpm(rng);
  p.start.meter = any_meter(rng);
  p.start.count_in_bars = (int)dt_rng_below(rng, 3);
  p.click = any_click(rng, p.start.meter);
  p.bars = (dt_band_bars){.on = 1};
  if (dt_rng_below(rng, 2))
    p.bars = (dt_band_bars){.on = 1 + (int)dt_rng_below(rng, 3),
                            .off = 1 + (int)dt_rng_below(rng, 2),
                            .off_step = (int)dt_rng_below(rng, 3),
                            .off_max = dt_rng_below(rng, 2) ? 3 : 0,
                            .begin_off = dt_rng_below(rng, 2)};
  p.stop_bar = 4 + (int)dt_rng_below(rng, 14);
  for (int bar = 0; bar < p.stop_bar; bar++) {
    if (p.tempo_count < MODEL_CHANGES && dt_rng_below(rng, 4) == 0)
      p.tempi[p.tempo_count++] =
          (model_tempo){bar, any_bpm(rng), (int)dt_rng_below(rng, 3) * (int)dt_rng_below(rng, 4)};
    if (p.meter_count < MODEL_CHANGES && dt_rng_below(rng, 5) == 0)
      p.meters[p.meter_count++] = (model_meter){bar, any_meter(rng)};
  }
  return p;
}

/* In any order that the header allows: the start first. */
static void put_program(dt_band* band, const model_program* p) {
  dt_band_command c = dt_band_command_of(DT_BAND_CLICK, p->at);
  c.click = p->click;
  put(band, &c);
  c = dt_band_command_of(DT_BAND_START, p->at);
  c.start = p->start;
  put(band, &c);
  c = dt_band_command_of(DT_BAND_BARS, p->at);
  c.bars.bus = DT_BAND_CLICKS;
  c.bars.bars = p->bars;
  c.bar = 0;
  put(band, &c);
  for (int i = p->tempo_count - 1; i >= 0; i--) {
    c = dt_band_command_of(DT_BAND_TEMPO, p->at);
    c.bar = p->tempi[i].bar;
    c.tempo.bpm = p->tempi[i].bpm;
    c.tempo.ramp_bars = p->tempi[i].ramp_bars;
    put(band, &c);
  }
  for (int i = 0; i < p->meter_count; i++) {
    c = dt_band_command_of(DT_BAND_METER, p->at);
    c.bar = p->meters[i].bar;
    c.meter = p->meters[i].meter;
    put(band, &c);
  }
  c = dt_band_command_of(DT_BAND_STOP, p->at);
  c.bar = p->stop_bar;
  put(band, &c);
}

/* Beats are whole ticks, but tempi are rounded to 1e-9 bpm and 1/65536 tick; what lies
 * between beats is rounded to 1/65536 tick. So says the header. */
static long double rounding_frames(const model_click* click, const model_program* p) {
  const long double step = p->rate_hz * 60.0L / 39 / 960 / 65536;
  const long double base = 1e-4L;
  return click->sub == 0 ? base : base + step;
}

static void compare(const model_program* p, const model_list* list, const band_run* run,
                    uint64_t seed) {
  assert_int_equal(count_kind(run, DT_BAND_TICKED), list->count);
  size_t i = 0;
  for (size_t e = 0; e < run->event_count; e++) {
    const dt_band_event* got = &run->events[e];
    if (got->kind != DT_BAND_TICKED)
      continue;
    const model_click* want = &list->clicks[i++];
    const long double exact = (long double)got->frame + (long double)got->offset_frames;
    if (got->bar != want->bar || got->beat != want->beat || got->sub != want->sub ||
        got->sounding != want->sounding || fabsl(exact - want->frame) > rounding_frames(want, p))
      fail_msg("seed %llu, click %zu: bar %d beat %d sub %d on %d at %.6Lf; meant: bar %d beat %d "
               "sub %d on %d at %.6Lf",
               (unsigned long long)seed, i, got->bar, got->beat, got->sub, got->sounding, exact,
               want->bar, want->beat, want->sub, want->sounding, want->frame);
    if (fabs(got->offset_frames) > 0.5)
      fail_msg("seed %llu: %f is not the nearest frame", (unsigned long long)seed,
               got->offset_frames);
  }
}

/* The whole sound once more: the click's own tables, laid at the events' frames. */
static void click_alone(int rate_hz, const dt_band_click* click, const dt_band_event* event,
                        float* sound, size_t length) {
  dt_band* band = new_band(rate_hz, false);
  dt_band_command c = dt_band_command_of(DT_BAND_CLICK, 0);
  c.click = *click;
  put(band, &c);
  /* A bar of one click: the accent's, the beat's, or a subdivision's sound. */
  c.click.divide = 0;
  c.click.group_count = 0;
  c.click.swing = 0.5;
  const int beat = event->beat;
  c.click.beat_db[0] = event->sub > 0 ? click->divide_db : click->beat_db[beat];
  c.click.accents = click->accents >> beat & 1;
  put(band, &c);
  c = dt_band_command_of(DT_BAND_START, 0);
  c.start.bpm = 5;
  if (event->bar < 0)
    c.start.count_in_bars = 1;
  put(band, &c);
  band_run run = {0};
  const size_t skip = event->bar < 0 && beat > 0 ? (size_t)(12 * rate_hz) : 0;
  run_frames(&run, band, 0, skip + length, 4096);
  memcpy(sound, run.samples + skip, length * sizeof *sound);
  run_free(&run);
  dt_band_free(band);
}

static void sound_matches(const model_program* p, const band_run* run, uint64_t seed) {
  const size_t length = (size_t)(0.1 * p->rate_hz);
  double* want = test_calloc(run->sample_count + length, sizeof *want);
  /* bar < 0 or not, accent or not: four sounds at most, without subdivisions and levels. */
  float* sounds[4] = {0};
  for (size_t e = 0; e < run->event_count; e++) {
    const dt_band_event* event = &run->events[e];
    if (event->kind != DT_BAND_TICKED || !event->sounding)
      continue;
    const int kind = (event->bar < 0 ? 2 : 0) + (event->beat == 0 ? 1 : 0);
    if (!sounds[kind]) {
      sounds[kind] = test_calloc(length, sizeof(float));
      click_alone(p->rate_hz, &p->click, event, sounds[kind], length);
    }
    assert_true(sounds[kind][0] != 0);
    for (size_t i = 0; i < length; i++)
      if ((size_t)(event->frame - run->start) + i < run->sample_count)
        want[(size_t)(event->frame - run->start) + i] += (double)sounds[kind][i];
  }
  for (size_t i = 0; i < run->sample_count; i++)
    if (fabs((double)run->samples[i] - want[i]) > 1e-6)
      fail_msg("seed %llu: frame %lld is %g, not %g", (unsigned long long)seed,
               (long long)run->start + (long long)i, (double)run->samples[i], want[i]);
  for (int k = 0; k < 4; k++)
    if (sounds[k])
      test_free(sounds[k]);
  test_free(want);
}

static void play_program(uint64_t seed, bool sound) {
  dt_rng rng = dt_rng_seeded(seed, 1);
  model_program p = any_program(&rng);
  if (sound) {
    p.rate_hz = p.rate_hz > 48000 ? 48000 : p.rate_hz;
    p.click.divide = 0;
    p.click.swing = 0.5;
    p.click.accents = 1;
    for (int b = 1; b < DT_BAND_BEATS_MAX; b++)
      p.click.beat_db[b] = -6;
  }
  const model_list list = model_play(&p);
  dt_band* band = new_band(p.rate_hz, false);
  put_program(band, &p);
  const dt_frame from = p.at - (dt_frame)dt_rng_below(&rng, 3000);
  const size_t total =
      (size_t)(list.clicks[list.count - 1].frame - (long double)from) + (size_t)(4 * p.rate_hz);
  band_run run = {0};
  run_frames(&run, band, from, total, 0);
  compare(&p, &list, &run, seed);
  if (sound)
    sound_matches(&p, &run, seed);
  const dt_band_counters counts = dt_band_counts(band);
  assert_int_equal(counts.late + counts.dropped + counts.skipped + counts.cut, 0);
  assert_int_equal(count_kind(&run, DT_BAND_STOPPED), 1);
  run_free(&run);
  free(list.clicks);
  dt_band_free(band);
}

static uint64_t first_seed(void) {
  const char* text = getenv("DT_SEED");
  return text ? strtoull(text, NULL, 10) : 1;
}

static void every_click_stands_where_a_plain_model_puts_it(void** state) {
  (void)state;
  const uint64_t seed = first_seed();
  print_message("seeds %llu to %llu (DT_SEED)\n", (unsigned long long)seed,
                (unsigned long long)seed + PROGRAMS - 1);
  for (uint64_t i = 0; i < PROGRAMS; i++)
    play_program(seed + i, false);
}

static void nothing_sounds_but_the_clicks_that_are_told(void** state) {
  (void)state;
  const uint64_t seed = first_seed() + 1000;
  print_message("seeds %llu to %llu (DT_SEED)\n", (unsigned long long)seed,
                (unsigned long long)seed + PROGRAMS / 6 - 1);
  for (uint64_t i = 0; i < PROGRAMS / 6; i++)
    play_program(seed + i, true);
}

/* Halves up: floor((2 k 60 rate 1e9 + n) / 2n), of whole numbers. */
static dt_frame exact_frame(int64_t quarters, int rate_hz, int64_t nano_bpm) {
  const wide twice = (wide)2 * quarters * 60 * rate_hz * 1000000000;
  return (dt_frame)((twice + nano_bpm) / (2 * (wide)nano_bpm));
}

static void ten_hours(int rate_hz, double bpm, int64_t nano_bpm) {
  dt_band_config config = dt_band_config_default(rate_hz);
  config.has_kit = false;
  config.events = 4096;
  dt_band* band = NULL;
  assert_int_equal(dt_band_new(&band, NULL, &config), DT_OK);
  dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
  c.start.bpm = bpm;
  put(band, &c);
  float* out = test_malloc(sizeof(float) * (size_t)rate_hz);
  int64_t quarters = 0;
  const dt_frame end = (dt_frame)rate_hz * 36000;
  for (dt_frame at = 0; at < end; at += rate_hz) {
    dt_band_process(band, at, &out, (size_t)rate_hz);
    const dt_band_event* events = NULL;
    const size_t count = dt_band_events(band, &events);
    for (size_t i = 0; i < count; i++)
      if (events[i].kind == DT_BAND_TICKED)
        assert_int_equal(events[i].frame, exact_frame(quarters++, rate_hz, nano_bpm));
  }
  assert_int_equal(quarters,
                   (wide)nano_bpm * 600 / 1000000000 + ((wide)nano_bpm * 600 % 1000000000 != 0));
  test_free(out);
  dt_band_free(band);
}

static void ten_hours_of_click_do_not_drift_by_a_frame(void** state) {
  (void)state;
  ten_hours(8000, 119.999999999, 119999999999);
  ten_hours(11025, 97.3, 97300000000);
  ten_hours(44100, 123.456789, 123456789000);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_click_stands_where_a_plain_model_puts_it),
      cmocka_unit_test(nothing_sounds_but_the_clicks_that_are_told),
      cmocka_unit_test(ten_hours_of_click_do_not_drift_by_a_frame),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
