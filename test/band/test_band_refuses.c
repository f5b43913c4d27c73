#include "../support/failing_allocator.h"

#include <math.h>

#include "../support/groove_charts.h"
#include "band_run.h"

static dt_band* band; /* without a kit, at 48 kHz */

static int make(void** state) {
  (void)state;
  band = new_band(48000, false);
  return 0;
}

static int unmake(void** state) {
  (void)state;
  dt_band_free(band);
  return 0;
}

static void refused(const dt_band_command* c) {
  assert_int_equal(dt_band_put(band, c), DT_BAD_ARGUMENT);
}

#define NOT_A_NUMBER ((double)NAN)
#define ENDLESS      ((double)INFINITY)

static void what_is_not_a_number_never_reaches_the_sound(void** state) {
  (void)state;
  static const double wrong[] = {NOT_A_NUMBER, ENDLESS, -ENDLESS};
  for (size_t i = 0; i < 3; i++) {
    const float wrong_f = (float)wrong[i];
    dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
    c.start.bpm = wrong[i];
    refused(&c);
    c = dt_band_command_of(DT_BAND_TEMPO, 0);
    c.tempo.bpm = wrong[i];
    refused(&c);
    c = dt_band_command_of(DT_BAND_CLICK, 0);
    c.click.swing = wrong[i];
    refused(&c);
    c = dt_band_command_of(DT_BAND_CLICK, 0);
    c.click.drop = wrong[i];
    refused(&c);
    c = dt_band_command_of(DT_BAND_CLICK, 0);
    c.click.beat_db[63] = wrong_f;
    refused(&c);
    c = dt_band_command_of(DT_BAND_CLICK, 0);
    c.click.divide_db = wrong_f;
    refused(&c);
    c = dt_band_command_of(DT_BAND_LEVEL, 0);
    c.level.db = wrong_f;
    refused(&c);
    c = dt_band_command_of(DT_BAND_LEVEL, 0);
    c.level.ramp_ms = wrong_f;
    refused(&c);
    c = dt_band_command_of(DT_BAND_KIT, 0);
    c.kit.db[DT_CRASH] = wrong_f;
    refused(&c);
    dt_band_config config = dt_band_config_default(48000);
    config.route[1][7] = wrong_f;
    dt_band* none = band;
    assert_int_equal(dt_band_new(&none, NULL, &config), DT_BAD_ARGUMENT);
    assert_null(none);
  }
}

static void what_is_out_of_range_is_refused(void** state) {
  (void)state;
  dt_band_command c;
#define REFUSED(kind, field, value)                                                                \
  c = dt_band_command_of(kind, 0);                                                                 \
  c.field = (value);                                                                               \
  refused(&c)
  REFUSED(DT_BAND_START, start.bpm, 4.9);
  REFUSED(DT_BAND_START, start.bpm, 1001);
  REFUSED(DT_BAND_START, start.bpm, 0); /* as written, but nothing is */
  REFUSED(DT_BAND_START, start.meter.numerator, 0);
  REFUSED(DT_BAND_START, start.meter.numerator, 65);
  REFUSED(DT_BAND_START, start.meter.denominator, 3);
  REFUSED(DT_BAND_START, start.count_in_bars, 3);
  REFUSED(DT_BAND_START, start.count_in_bars, -1);
  REFUSED(DT_BAND_START, start.times, -1);
  REFUSED(DT_BAND_START, start.count_style, (dt_band_count_style)7);
  REFUSED(DT_BAND_START, at, ((dt_frame)1 << 53) + 1);
  REFUSED(DT_BAND_START, bar, -3);
  REFUSED(DT_BAND_TEMPO, tempo.ramp_bars, -1);
  REFUSED(DT_BAND_METER, meter.denominator, 0);
  REFUSED(DT_BAND_CLICK, click.sound, DT_BAND_SOUND_COUNT);
  REFUSED(DT_BAND_CLICK, click.divide, 17);
  REFUSED(DT_BAND_CLICK, click.swing, 0.81);
  REFUSED(DT_BAND_CLICK, click.swing_over, 3);
  REFUSED(DT_BAND_CLICK, click.swing_over, 18);
  REFUSED(DT_BAND_CLICK, click.sub_only, -1);
  REFUSED(DT_BAND_CLICK, click.group_count, 17);
  REFUSED(DT_BAND_CLICK, click.group_count, 1); /* and groups[0] is 0 */
  REFUSED(DT_BAND_CLICK, click.drop, 1.01);
  REFUSED(DT_BAND_BARS, bars.bus, DT_BAND_COUNT_IN);
  REFUSED(DT_BAND_BARS, bars.bars.on, 0);
  REFUSED(DT_BAND_BARS, bars.bars.off, -1);
  REFUSED(DT_BAND_LEVEL, level.bus, DT_BAND_BUS_COUNT);
  REFUSED(DT_BAND_LEVEL, level.db, 12.5F);
  REFUSED(DT_BAND_LEVEL, level.ramp_ms, -1);
  REFUSED(DT_BAND_KIT, kind, DT_BAND_COMMAND_COUNT);
  c = dt_band_command_of(DT_BAND_CLICK, 0);
  c.click.divide = 3;
  c.click.swing = 0.6;
  refused(&c);
  assert_int_equal(dt_band_counts(band).queue_full, 0);
}

static void a_band_that_cannot_be_is_refused(void** state) {
  (void)state;
  dt_band_config config;
  dt_band* none = NULL;
#define NO_BAND(field, value)                                                                      \
  config = dt_band_config_default(48000);                                                          \
  config.field = (value);                                                                          \
  assert_int_equal(dt_band_new(&none, NULL, &config), DT_BAD_ARGUMENT);                            \
  assert_null(none)
  NO_BAND(rate_hz, 7999);
  NO_BAND(rate_hz, 192001);
  NO_BAND(channel_count, 0);
  NO_BAND(channel_count, 9);
  NO_BAND(commands, 0);
  NO_BAND(voices, 65);
  NO_BAND(events, 15);
  NO_BAND(route[0][0], -1);
  NO_BAND(route[0][0], 1e-7F);
}

static void a_song_needs_a_kit_and_its_own_bars(void** state) {
  (void)state;
  dt_part part = dt__part_of(dt__grooves[0].text, 2, 0);
  dt_band_song* song = NULL;
  assert_int_equal(dt_band_song_new(&song, NULL, &part), DT_OK);
  dt_band_command c = dt_band_command_of(DT_BAND_START, 0);
  c.start.song = song;
  refused(&c);
  dt_band* with_kit = new_band(8000, true);
  c.start.first_bar = 2;
  assert_int_equal(dt_band_put(with_kit, &c), DT_BAD_ARGUMENT);
  c.start.first_bar = 1;
  c.start.bar_count = 2;
  assert_int_equal(dt_band_put(with_kit, &c), DT_BAD_ARGUMENT);
  c.start.bar_count = 1;
  assert_int_equal(dt_band_put(with_kit, &c), DT_OK);
  dt_band_free(with_kit);
  dt_band_song_free(song);
  const dt_part empty = {0};
  assert_int_equal(dt_band_song_new(&song, NULL, &empty), DT_BAD_ARGUMENT);
  assert_null(song);
  dt_part_clear(&part, NULL);
}

static bool build_band(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  const dt_band_config config = dt_band_config_default(8000);
  dt_band* made = NULL;
  const dt_status status = dt_band_new(&made, allocator, &config);
  assert_true(status == DT_OK || (status == DT_NO_MEMORY && made == NULL));
  dt_band_free(made);
  return status == DT_OK;
}

static bool build_song(const dt_allocator* allocator, void* ctx) {
  dt_band_song* made = NULL;
  const dt_status status = dt_band_song_new(&made, allocator, ctx);
  assert_true(status == DT_OK || (status == DT_NO_MEMORY && made == NULL));
  dt_band_song_free(made);
  return status == DT_OK;
}

static void without_memory_nothing_leaks(void** state) {
  (void)state;
  assert_int_equal(dt_failing_sweep(build_band, NULL), 3);
  dt_part part = dt__part_of(dt__grooves[0].text, 2, 0);
  assert_int_equal(dt_failing_sweep(build_song, &part), 1);
  dt_part_clear(&part, NULL);
  dt_band_free(NULL);
  dt_band_song_free(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_not_a_number_never_reaches_the_sound),
      cmocka_unit_test(what_is_out_of_range_is_refused),
      cmocka_unit_test(a_band_that_cannot_be_is_refused),
      cmocka_unit_test(a_song_needs_a_kit_and_its_own_bars),
      cmocka_unit_test(without_memory_nothing_leaks),
  };
  return cmocka_run_group_tests(tests, make, unmake);
}
