#include "session_run.h"

#include <stdlib.h>
#include <unistd.h>

#include "../support/failing_allocator.h"
#include "dt/kitmap.h"
#include "dt/pads.h"
#include "scripted.h"

#define RATE_HZ 48000

/* ---- a kit that plays what it is asked for ---- */

typedef struct kit_note {
  double ms; /* after the stroke */
  int note;
  double share; /* of the stroke's velocity */
} kit_note;

static void strike(dt_pads* pads, dt_frame at, int velocity, const kit_note* notes, int count) {
  for (int i = 0; i < count; i++) {
    const double loud = fmax(1, velocity * notes[i].share);
    const uint8_t bytes[3] = {0x99, (uint8_t)notes[i].note, (uint8_t)lround(loud)};
    dt_pads_midi(pads, at + llround(notes[i].ms * RATE_HZ / 1000), bytes, 3);
  }
}

static const int velocities[5] = {30, 60, 90, 110, 127};

/* Five strokes, half a second apart. */
static dt_frame strike_five(dt_pads* pads, dt_frame at, const kit_note* notes, int count) {
  for (int i = 0; i < 5; i++, at += RATE_HZ / 2)
    strike(pads, at, velocities[i], notes, count);
  return at;
}

static dt_pads* a_kit(void) {
  dt_pads* pads = dt_pads_new(NULL, RATE_HZ);
  assert_non_null(pads);
  return pads;
}

static dt_pads_pad pad_of(const dt_pads* pads, int pad) {
  dt_pads_pad found;
  assert_true(dt_pads_pad_of(pads, pad, &found));
  return found;
}

static void a_pad_gives_its_note_and_velocities(void** state) {
  (void)state;
  dt_pads* pads = a_kit();
  static const kit_note kick[] = {{0, 35, 1}};
  assert_int_equal(dt_pads_ask(pads, DT_KICK), 0);
  strike_five(pads, 1000, kick, 1);
  assert_int_equal(dt_pads_struck(pads), 5);
  const dt_pads_pad found = pad_of(pads, 0);
  assert_int_equal(found.strokes, 5);
  assert_int_equal(found.note_count, 1);
  assert_int_equal(found.notes[0], 35);
  assert_int_equal(found.lowest, 30);
  assert_true(found.typical > 89.9 && found.typical < 90.1);
  assert_int_equal(found.ghost_count, 0);
  assert_int_equal(found.strays, 0);
  dt_pads_free(pads);
}

static void crosstalk_is_named_with_a_threshold(void** state) {
  (void)state;
  dt_pads* pads = a_kit();
  static const kit_note snare[] = {{0, 38, 1}, {4, 48, 0.2}};
  dt_pads_ask(pads, DT_SNARE);
  strike_five(pads, 1000, snare, 2);
  assert_int_equal(dt_pads_struck(pads), 5);
  const dt_pads_pad found = pad_of(pads, 0);
  assert_int_equal(found.note_count, 1);
  assert_int_equal(found.ghost_count, 1);
  assert_int_equal(found.ghosts[0].note, 48);
  assert_int_equal(found.ghosts[0].of, 38);
  assert_int_equal(found.ghosts[0].times, 5);
  assert_int_equal(found.ghosts[0].strokes, 5);
  assert_true(fabs(found.ghosts[0].within_ms - 4) < 0.01);
  assert_true(found.ghosts[0].threshold > 0.2 && found.ghosts[0].threshold < 0.35);
  dt_pads_free(pads);
}

/* Another pad as loud as this one was struck by somebody; so was one that comes later. */
static void a_second_hand_is_no_crosstalk(void** state) {
  (void)state;
  dt_pads* pads = a_kit();
  static const kit_note both[] = {{0, 38, 1}, {4, 48, 0.7}, {25, 51, 0.2}};
  dt_pads_ask(pads, DT_SNARE);
  strike_five(pads, 1000, both, 3);
  const dt_pads_pad found = pad_of(pads, 0);
  assert_int_equal(found.ghost_count, 0);
  assert_int_equal(found.strays, 10);
  dt_pads_free(pads);
}

static void a_double_trigger_is_no_second_stroke(void** state) {
  (void)state;
  dt_pads* pads = a_kit();
  static const kit_note twice[] = {{0, 36, 1}, {22, 36, 0.4}};
  dt_pads_ask(pads, DT_KICK);
  strike_five(pads, 1000, twice, 2);
  assert_int_equal(dt_pads_struck(pads), 5);
  const dt_pads_pad found = pad_of(pads, 0);
  assert_int_equal(found.ghost_count, 1);
  assert_int_equal(found.ghosts[0].note, 36);
  assert_int_equal(found.ghosts[0].of, 36);
  assert_true(fabs(found.ghosts[0].within_ms - 22) < 0.01);
  dt_pads_free(pads);
}

static void one_slip_does_not_move_a_note(void** state) {
  (void)state;
  dt_pads* pads = a_kit();
  static const kit_note tom[] = {{0, 48, 1}};
  static const kit_note slip[] = {{0, 45, 1}};
  dt_pads_ask(pads, DT_TOM_HIGH);
  const dt_frame at = strike_five(pads, 1000, tom, 1);
  strike(pads, at, 90, slip, 1);
  const dt_pads_pad found = pad_of(pads, 0);
  assert_int_equal(found.note_count, 1);
  assert_int_equal(found.notes[0], 48);
  assert_int_equal(found.strays, 1);
  dt_pads_free(pads);
}

static void a_skipped_pad_is_not_measured(void** state) {
  (void)state;
  dt_pads* pads = a_kit();
  static const kit_note crash[] = {{0, 49, 1}};
  dt_pads_ask(pads, DT_CRASH);
  strike_five(pads, 1000, crash, 1);
  dt_pads_skip(pads);
  strike_five(pads, 200000, crash, 1);
  assert_int_equal(dt_pads_struck(pads), 0);
  assert_int_equal(pad_of(pads, 0).strokes, 0);
  dt_buffer text = {0};
  assert_int_equal(dt_pads_write(pads, dt_buffer_sink(&text)), DT_OK);
  assert_int_equal(dt_sink_write(dt_buffer_sink(&text), "", 1), DT_OK);
  assert_non_null(strstr((const char*)text.bytes, "crash: not measured"));
  dt_buffer_clear(&text);
  dt_pads_free(pads);
}

static void the_delay_of_two_pads_has_an_interval_or_is_not_measured(void** state) {
  (void)state;
  dt_pads* pads = a_kit();
  static const kit_note snare[] = {{0, 38, 1}};
  static const kit_note kick[] = {{0, 36, 1}};
  static const double delays_ms[9] = {2.0, 2.5, 1.5, 3.0, 1.0, 2.2, 1.8, 2.4, 2.1};
  dt_pads_ask(pads, DT_SNARE);
  dt_frame at = strike_five(pads, 1000, snare, 1);
  dt_pads_ask(pads, DT_KICK);
  at = strike_five(pads, at, kick, 1);
  assert_false(dt_pads_ask_together(pads, 0, 2));
  assert_true(dt_pads_ask_together(pads, 0, 1));
  for (int i = 0; i < 9; i++, at += RATE_HZ / 2) {
    const kit_note both[] = {{0, 38, 1}, {delays_ms[i], 36, 1}};
    strike(pads, at, 100, both, 2);
    dt_pads_pair pair;
    assert_true(dt_pads_pair_of(pads, 0, &pair));
    assert_int_equal(pair.times, i + 1);
    assert_int_equal(dt_pads_struck(pads), i + 1);
    assert_true((i + 1 >= 6) == !isnan(pair.delay_ms));
  }
  dt_pads_pair pair;
  assert_true(dt_pads_pair_of(pads, 0, &pair));
  assert_true(fabs(pair.delay_ms - 2.1) < 0.02);
  /* Ranks 2 and 8 of 9: 96 %. */
  assert_true(fabs(pair.low_ms - 1.5) < 0.02 && fabs(pair.high_ms - 2.5) < 0.02);
  strike(pads, at, 100, snare, 1); /* one of them alone does not count */
  assert_int_equal(dt_pads_struck(pads), 9);
  dt_pads_free(pads);
}

static void the_map_that_is_written_can_be_read(void** state) {
  (void)state;
  dt_pads* pads = a_kit();
  static const kit_note snare[] = {{0, 31, 1}, {4, 48, 0.2}};
  static const kit_note hats[] = {{0, 8, 1}};
  static const kit_note tom[] = {{0, 48, 1}, {20, 48, 0.3}};
  dt_pads_ask(pads, DT_SNARE);
  dt_frame at = strike_five(pads, 1000, snare, 2);
  dt_pads_ask(pads, DT_HIHAT_CLOSED);
  at = strike_five(pads, at, hats, 1);
  dt_pads_ask(pads, DT_HIHAT_OPEN);
  at = strike_five(pads, at, hats, 1);
  dt_pads_ask(pads, DT_TOM_HIGH);
  strike_five(pads, at, tom, 2);
  assert_int_equal(pad_of(pads, 2).same_as, 1);
  dt_buffer text = {0};
  dt_error err = {0};
  assert_int_equal(dt_pads_write(pads, dt_buffer_sink(&text)), DT_OK);
  dt_kitmap map = *dt_kitmap_named("gm");
  assert_int_equal(dt_kitmap_extend(&map, (const char*)text.bytes, text.size, &err), DT_OK);
  assert_int_equal(map.drum_of[31], DT_SNARE);
  assert_int_equal(map.drum_of[8], DT_HIHAT); /* both came on it */
  assert_int_equal(map.drum_of[48], DT_TOM_HIGH);
  dt_ghosts ghosts;
  assert_int_equal(dt_ghosts_parse(&ghosts, (const char*)text.bytes, text.size, RATE_HZ, &err),
                   DT_OK);
  assert_int_equal(ghosts.rule_count, 2);
  assert_int_equal(ghosts.rules[0].note, 48);
  assert_int_equal(ghosts.rules[0].of, 31);
  assert_int_equal(ghosts.rules[0].within_frames, 480);
  assert_int_equal(ghosts.rules[1].of, 48);
  dt_buffer_clear(&text);
  dt_pads_free(pads);
}

/* ---- through a port ---- */

static void a_kit_is_learned_through_a_port(void** state) {
  (void)state;
  static const int notes[][3] = {{4800, 40, 90},  {4990, 48, 20},  {28800, 40, 100},
                                 {28990, 48, 25}, {52800, 40, 70}, {52990, 48, 10}};
  scripted script = {notes, 6};
  dt_port_config config = dt_port_config_default();
  config.device = "null";
  config.has_midi_in = true;
  config.null.speed = 0;
  config.null.input = play_script;
  config.null.context = &script;
  dt_error err = {0};
  dt_port* port = dt_port_open(&config, &err);
  assert_non_null(port);
  dt_pads* pads = a_kit();
  dt_pads_ask(pads, DT_SNARE);
  assert_int_equal(dt_port_start(port, dt_pads_process, pads, &err), DT_OK);
  dt_frame heard = 0;
  for (int i = 0; i < 20; i++) {
    assert_true(dt_port_step(port, 4800));
    heard = dt_pads_hear(pads);
  }
  assert_true(heard >= 90000);
  assert_int_equal(dt_pads_struck(pads), 3);
  assert_true(fabs(dt_pads_quiet_ms(pads, 52990 + 480) - 10) < 0.001);
  const dt_pads_pad found = pad_of(pads, 0);
  assert_int_equal(found.notes[0], 40);
  assert_int_equal(found.ghost_count, 1);
  assert_int_equal(dt_pads_lost(pads), 0);
  dt_port_close(port);
  dt_pads_free(pads);
}

static bool make_and_free(const dt_allocator* allocator, void* context) {
  (void)context;
  dt_pads* pads = dt_pads_new(allocator, RATE_HZ);
  const bool is_made = pads != NULL;
  dt_pads_free(pads);
  return is_made;
}

static void no_memory_makes_no_pads_and_no_leak(void** state) {
  (void)state;
  assert_true(dt_failing_sweep(make_and_free, NULL) >= 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_pad_gives_its_note_and_velocities),
      cmocka_unit_test(crosstalk_is_named_with_a_threshold),
      cmocka_unit_test(a_second_hand_is_no_crosstalk),
      cmocka_unit_test(a_double_trigger_is_no_second_stroke),
      cmocka_unit_test(one_slip_does_not_move_a_note),
      cmocka_unit_test(a_skipped_pad_is_not_measured),
      cmocka_unit_test(the_delay_of_two_pads_has_an_interval_or_is_not_measured),
      cmocka_unit_test(the_map_that_is_written_can_be_read),
      cmocka_unit_test(a_kit_is_learned_through_a_port),
      cmocka_unit_test(no_memory_makes_no_pads_and_no_leak),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
