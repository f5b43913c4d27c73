/* Beats as data: what a sequencer and an editor read back. */

#include "../support/failing_allocator.h"

#include <math.h>
#include <stdio.h>

#include "../support/near.h"
#include "dt/beaten.h"

enum { BEATS = 64 };

typedef struct fixture {
  dt_beat beats[BEATS];
  dt_beat_section section;
  dt_beat_track track;
} fixture;

/* Beats that begin on beat first_in_bar at start_s, with a tempo that moves. */
static void make(fixture* f, double start_s, int first_in_bar, dt_meter meter) {
  memset(f, 0, sizeof *f);
  double at_s = start_s;
  int bar = 0;
  for (int k = 0; k < BEATS; ++k) {
    const int in_bar = (first_in_bar - 1 + k) % meter.numerator + 1;
    bar += k > 0 && in_bar == 1;
    f->beats[k] =
        (dt_beat){.time_s = at_s, .bpm = 120 + 5 * sin(0.3 * k), .bar = bar, .in_bar = in_bar};
    at_s += 60.0 / f->beats[k].bpm;
  }
  f->section = (dt_beat_section){.count = BEATS, .meter = meter, .swing_ratio = 1, .bpm = 120};
  f->track = (dt_beat_track){.beats = f->beats,
                             .beat_count = BEATS,
                             .sections = &f->section,
                             .section_count = 1,
                             .pulse_probability = 1,
                             .bpm = 120,
                             .meter = meter};
}

/* Every beat stands on a whole beat of the map, the ones on bar lines; *first_tick of beat 0. */
static void assert_map(const fixture* f, const dt_tempo_map* map) {
  const double first = dt_tempo_map_ticks(map, f->beats[0].time_s);
  for (int k = 0; k < BEATS; ++k)
    assert_near(dt_tempo_map_seconds(map, floor(first + 0.5) + 960.0 * k), f->beats[k].time_s,
                2e-6);
  for (size_t k = 0; k < map->tempo_count; ++k)
    assert_near(map->tempi[k].us_per_quarter, floor(map->tempi[k].us_per_quarter), 1e-9);
}

static void a_sequencer_has_every_beat_where_it_was_played(void** state) {
  (void)state;
  static const double STARTS[] = {0.0, 0.004, 0.3, 2.0, 61.7};
  for (size_t s = 0; s < sizeof STARTS / sizeof *STARTS; ++s)
    for (int first = 1; first <= 4; ++first) {
      fixture f;
      dt_tempo_map map;
      make(&f, STARTS[s], first, (dt_meter){4, 4});
      assert_int_equal(dt_beaten_map(&map, NULL, &f.track), DT_OK);
      assert_map(&f, &map);
      dt_tempo_map_clear(&map, NULL);
    }
}

/* Bars are counted through the metres from tick 0: a "one" must stand on a bar line. */
static void bar_lines_stand_on_one(void** state) {
  (void)state;
  fixture f;
  dt_tempo_map map;
  make(&f, 1.23, 3, (dt_meter){4, 4});
  assert_int_equal(dt_beaten_map(&map, NULL, &f.track), DT_OK);
  for (int k = 0; k < BEATS; ++k) {
    if (f.beats[k].in_bar != 1)
      continue;
    const double tick = floor(dt_tempo_map_ticks(&map, f.beats[k].time_s) + 0.5);
    dt_tick line = 0;
    for (size_t m = 0; m < map.meter_count && (double)map.meters[m].tick <= tick; ++m)
      line = map.meters[m].tick;
    const dt_meter meter = dt_tempo_map_meter(&map, tick);
    const double bar = 3840.0 * meter.numerator / meter.denominator;
    assert_near(fmod(tick - (double)line, bar), 0, 1e-6);
  }
  dt_tempo_map_clear(&map, NULL);
}

static void ten_silent_hours_move_nothing(void** state) {
  (void)state;
  fixture f;
  dt_tempo_map map;
  make(&f, 1.0, 1, (dt_meter){4, 4});
  for (int k = 32; k < BEATS; ++k)
    f.beats[k].time_s += 36000;
  assert_int_equal(dt_beaten_map(&map, NULL, &f.track), DT_OK);
  for (int k = 0; k < BEATS; ++k) {
    const double ticks = dt_tempo_map_ticks(&map, f.beats[k].time_s);
    assert_near(ticks, floor(ticks + 0.5), 0.05);
  }
  dt_tempo_map_clear(&map, NULL);
}

static void beats_before_zero_are_left_out(void** state) {
  (void)state;
  fixture f;
  dt_tempo_map map;
  make(&f, -0.9, 1, (dt_meter){3, 4});
  assert_int_equal(dt_beaten_map(&map, NULL, &f.track), DT_OK);
  assert_near(fmod(dt_tempo_map_ticks(&map, f.beats[2].time_s) + 0.5, 60), 0.5, 0.05);
  dt_tempo_map_clear(&map, NULL);
  f.track.beat_count = 0;
  assert_int_equal(dt_beaten_map(&map, NULL, &f.track), DT_OK);
  assert_int_equal(map.tempo_count, 0);
}

static bool mapped(const dt_allocator* allocator, void* ctx) {
  fixture* f = ctx;
  dt_tempo_map map;
  const dt_status status = dt_beaten_map(&map, allocator, &f->track);
  assert_true(status == DT_OK || (status == DT_NO_MEMORY && map.tempo_count == 0));
  dt_tempo_map_clear(&map, allocator);
  return status == DT_OK;
}

static void without_memory_there_is_no_map(void** state) {
  (void)state;
  fixture f;
  make(&f, 1.0, 2, (dt_meter){4, 4});
  assert_true(dt_failing_sweep(mapped, &f) >= 2);
}

static void audacity_shows_bars_and_fills(void** state) {
  (void)state;
  fixture f;
  make(&f, 1.0, 4, (dt_meter){4, 4});
  for (int k = 11; k < 13; ++k)
    f.beats[k].is_fill = true;
  dt_buffer buffer = {.bytes = NULL};
  const dt_beaten beaten = {.track = &f.track};
  assert_int_equal(dt_beaten_labels(&beaten, dt_buffer_sink(&buffer)), DT_OK);
  assert_int_equal(dt_sink_write(dt_buffer_sink(&buffer), "", 1), DT_OK);
  const char* text = (const char*)buffer.bytes;
  assert_ptr_equal(strstr(text, "1.000000\t1.000000\t0.4\n"), text);
  assert_non_null(strstr(text, "\t1.1\n"));
  char fill[64];
  snprintf(fill, sizeof fill, "%.6f\t%.6f\tfill\n", f.beats[11].time_s, f.beats[13].time_s);
  assert_non_null(strstr(text, fill));
  dt_buffer_clear(&buffer);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_sequencer_has_every_beat_where_it_was_played),
      cmocka_unit_test(bar_lines_stand_on_one),
      cmocka_unit_test(ten_silent_hours_move_nothing),
      cmocka_unit_test(beats_before_zero_are_left_out),
      cmocka_unit_test(without_memory_there_is_no_map),
      cmocka_unit_test(audacity_shows_bars_and_fills),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
