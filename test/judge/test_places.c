#include "feel_support.h"

#include "dt/places.h"

/* Rock: eighths, kick on 1 and 3, snare on 2 and 4 `late_ms` behind; slow wandering in everything.
 * Offsets come from the tempo as well: `pulse_ms` of a tick. */
static void rock(dt__made* made, dt_tick from, dt_tick to, double late_ms, double wander_ms) {
  for (dt_tick t = from; t < to; t += DT__QUARTER / 2) {
    const double slow = wander_ms * sin((double)t / DT__BAR * 0.9);
    dt__strike(made, t, DT_VOICE_HIHAT, slow, 4.0);
    if (t % DT__QUARTER == 0) {
      const bool back = t / DT__QUARTER % 2 != 0;
      dt__strike(made, t, back ? DT_VOICE_SNARE : DT_VOICE_KICK, slow + (back ? late_ms : 0.0),
                 4.0);
    }
  }
}

static const dt_place* place_at(const dt_places* places, dt_voice voice, int bar_tick) {
  for (size_t k = 0; k < places->place_count; k++)
    if (places->places[k].voice == voice && places->places[k].bar_tick == bar_tick)
      return &places->places[k];
  fail_msg("No %s at %d", dt_voice_name(voice), bar_tick);
  return NULL;
}

static void measure(dt__made* made, dt_places* places) {
  assert_int_equal(dt_places_measure(places, NULL, dt__marks(made)), DT_OK);
}

static void late_backbeats_are_found_where_they_are(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 1);
  rock(made, 0, 32 * DT__BAR, 12.0, 0.0);
  dt_places places;
  measure(made, &places);
  assert_int_equal(places.place_count, 12);
  const double mean = 2.0 * 12.0 / 12.0;
  const dt_place* two = place_at(&places, DT_VOICE_SNARE, DT__QUARTER);
  assert_string_equal(two->name, "2");
  assert_int_equal(two->count, 32);
  dt__assert_holds(two->offset_ms, 12.0 - mean, 5.0);
  dt__assert_holds(two->scatter_ms, 4.0, 5.0);
  const dt_place* and_of_three = place_at(&places, DT_VOICE_HIHAT, 5 * DT__QUARTER / 2);
  assert_string_equal(and_of_three->name, "& of 3");
  dt__assert_holds(and_of_three->offset_ms, -mean, 5.0);
  dt__assert_unknown(two->offset_click_ms, DT_NOT_TESTABLE);
  dt_places_clear(&places, NULL);
}

static void wandering_is_no_habit_and_makes_no_interval_wide(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 2);
  rock(made, 0, 32 * DT__BAR, 0.0, 20.0);
  dt_places places;
  measure(made, &places);
  for (size_t k = 0; k < places.place_count; k++) {
    assert_true(fabs(places.places[k].offset_ms.value) < 8.0);
    assert_true(places.places[k].offset_ms.high - places.places[k].offset_ms.low < 14.0);
  }
  dt_places_clear(&places, NULL);
}

static void with_a_click_places_stand_against_it(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 3);
  rock(made, 0, 32 * DT__BAR, 10.0, 0.0);
  made->marks.has_click = true;
  for (size_t i = 0; i < made->marks.count; i++)
    made->items[i].asynchrony_ms = made->items[i].own_ms - 15.0;
  dt_places places;
  measure(made, &places);
  dt__assert_holds(place_at(&places, DT_VOICE_SNARE, DT__QUARTER)->offset_click_ms, -5.0, 5.0);
  dt__assert_holds(place_at(&places, DT_VOICE_KICK, 0)->offset_click_ms, -15.0, 5.0);
  dt_places_clear(&places, NULL);
}

/* Strokes come ever earlier where the tempo steps by gain_bpm at every one of the ticks. The own
 * pulse is what the judge would fit: it follows the take's steady part, ramp_bpm a beat, and misses
 * the steps. */
static void step_tempo(dt__made* made, const dt_tick* steps, size_t count, double gain_bpm,
                       double ramp_bpm) {
  const double beat_ms = 60e3 / made->bpm;
  for (size_t i = 0; i < made->marks.count; i++) {
    dt_mark* mark = &made->items[i];
    const double beat = mark->tick / DT__QUARTER;
    double ahead_ms = 0.0;
    for (size_t k = 0; k < count; k++) {
      const double beats = fmax(0.0, (mark->tick - (double)steps[k]) / DT__QUARTER);
      ahead_ms += beats * beat_ms * gain_bpm / made->bpm;
    }
    const double ramp_ms = 0.5 * beat * beat * beat_ms * ramp_bpm / made->bpm;
    mark->own_ms -= ahead_ms - ramp_ms;
    mark->straight_ms -= ahead_ms - ramp_ms;
    mark->time_s -= 1e-3 * ahead_ms;
  }
}

/* Three and a half bars of groove, half a bar of sixteenths on the toms. */
static void with_fills(dt__made* made, int fills, double gain_bpm) {
  dt_tick steps[64];
  for (int k = 0; k < fills; k++) {
    const dt_tick start = (dt_tick)k * 4 * DT__BAR;
    const dt_tick fill = start + 7 * DT__BAR / 2;
    rock(made, start, fill, 0.0, 0.0);
    for (dt_tick t = fill; t < start + 4 * DT__BAR; t += DT__QUARTER / 4)
      dt__strike(made, t, DT_VOICE_TOMS, 0.0, 8.0)->fill = k;
    steps[k] = start + 4 * DT__BAR;
  }
  step_tempo(made, steps, (size_t)fills, gain_bpm, gain_bpm / 16.0);
}

static void what_every_fill_gains_is_found(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 4);
  with_fills(made, 10, 1.5);
  dt_places places;
  measure(made, &places);
  assert_int_equal(places.fills.count, 10);
  dt__assert_holds(places.fills.gain_bpm, 1.5, 1.2);
  assert_true(places.fills.gain_bpm.low > 0);
  dt__assert_holds(places.fills.inside_bpm, 0.0, 1.5);
  dt__assert_holds(places.fills.placement_ms, 0.0, 9.0);
  dt__assert_holds(places.fills.scatter_ratio, 2.0, 1.6);
  const dt_fill* third = &places.fills.items[2];
  assert_int_equal(third->first_bar, 11);
  assert_int_equal(third->count, 8);
  assert_near(third->tick, 11.5 * DT__BAR, 0.0);
  dt__assert_holds(third->gain_bpm, 1.5, 3.0);
  assert_near(third->after_bpm.value - third->before_bpm.value, third->gain_bpm.value, 1e-3);
  assert_near(third->before_bpm.value, 120.0 + 2 * 1.5, 1.0);
  dt__assert_unknown(places.fills.items[9].after_bpm, DT_CANT_TELL);
  dt_places_clear(&places, NULL);
}

static void fills_that_gain_nothing_are_not_blamed(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 5);
  with_fills(made, 10, 0.0);
  dt_places places;
  measure(made, &places);
  dt__assert_holds(places.fills.gain_bpm, 0.0, 1.2);
  dt_places_clear(&places, NULL);
}

static void a_chorus_that_is_faster_is_found(void** state) {
  (void)state;
  dt__made* made = dt__make(110, 6);
  const dt_tick change = 16 * DT__BAR;
  rock(made, 0, 2 * change, 0.0, 0.0);
  for (size_t i = 0; i < made->marks.count; i++)
    made->items[i].section = made->items[i].tick >= (double)change;
  step_tempo(made, &change, 1, 3.0, 0.0);
  dt_places places;
  measure(made, &places);
  assert_int_equal(places.change_count, 1);
  assert_int_equal(places.changes[0].from, 0);
  assert_int_equal(places.changes[0].to, 1);
  assert_int_equal(places.changes[0].bar, 16);
  dt__assert_holds(places.changes[0].step_bpm, 3.0, 2.0);
  dt__assert_holds(places.change_bpm, 3.0, 2.0);
  dt_places_clear(&places, NULL);
}

static void without_a_chart_there_are_no_fills(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 7);
  rock(made, 0, 8 * DT__BAR, 0.0, 0.0);
  made->marks.has_chart = false;
  dt_places places;
  measure(made, &places);
  assert_int_equal(places.fills.count, 0);
  dt__assert_unknown(places.fills.gain_bpm, DT_NOT_TESTABLE);
  dt__assert_unknown(places.change_bpm, DT_NOT_TESTABLE);
  dt_places_clear(&places, NULL);
}

static void no_strokes_are_no_places(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 8);
  dt_places places;
  measure(made, &places);
  assert_int_equal(places.place_count, 0);
  dt_places_clear(&places, NULL);
}

static void a_player_counts_places(void** state) {
  (void)state;
  static const struct {
    int bar_tick;
    dt_meter meter;
    const char* name;
  } PLACES[] = {
      {0, {4, 4}, "1"},           {960, {4, 4}, "2"},
      {2400, {4, 4}, "& of 3"},   {240, {4, 4}, "e of 1"},
      {3600, {4, 4}, "a of 4"},   {1280, {4, 4}, "trip of 2"},
      {1600, {4, 4}, "let of 2"}, {960 + 360, {4, 4}, "2 + 3/8"},
      {0, {6, 8}, "1"},           {1440, {6, 8}, "4"},
      {1680, {6, 8}, "& of 4"},   {2880, {7, 8}, "7"},
      {160, {4, 4}, "1 + 1/6"},
  };
  for (size_t k = 0; k < sizeof PLACES / sizeof *PLACES; k++) {
    char name[DT_PLACE_NAME_MAX];
    dt_place_name(name, PLACES[k].bar_tick, PLACES[k].meter);
    assert_string_equal(name, PLACES[k].name);
  }
}

static bool measured(const dt_allocator* allocator, void* ctx) {
  dt_places places;
  const dt_status status = dt_places_measure(&places, allocator, ctx);
  assert_true(status == DT_OK || (status == DT_NO_MEMORY && !places.places));
  dt_places_clear(&places, allocator);
  return status == DT_OK;
}

static void without_memory_nothing_is_known(void** state) {
  (void)state;
  dt__made* made = dt__make(120, 9);
  with_fills(made, 3, 0.0);
  for (size_t i = 0; i < made->marks.count; i++)
    made->items[i].section = made->items[i].bar >= 4;
  dt_marks marks = *dt__marks(made);
  assert_true(dt_failing_sweep(measured, &marks) >= 8);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(late_backbeats_are_found_where_they_are),
      cmocka_unit_test(wandering_is_no_habit_and_makes_no_interval_wide),
      cmocka_unit_test(with_a_click_places_stand_against_it),
      cmocka_unit_test(what_every_fill_gains_is_found),
      cmocka_unit_test(fills_that_gain_nothing_are_not_blamed),
      cmocka_unit_test(a_chorus_that_is_faster_is_found),
      cmocka_unit_test(without_a_chart_there_are_no_fills),
      cmocka_unit_test(no_strokes_are_no_places),
      cmocka_unit_test(a_player_counts_places),
      cmocka_unit_test(without_memory_nothing_is_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
