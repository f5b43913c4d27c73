#include "../support/failing_allocator.h"

#include "../support/near.h"
#include "dt/groove.h"

static dt_groove_note notes[DT_GROOVE_NOTES_MAX];

static dt_groove one_bar(dt_drum drum, const char* pattern, const char* sticking) {
  return (dt_groove){
      .name = "test",
      .meter = {4, 4},
      .bars = 1,
      .bpm = 100,
      .swing = 0.5,
      .step = 960,
      .lines = {{drum, pattern}},
      .sticking = sticking,
  };
}

static void every_built_in_groove_can_be_played(void** state) {
  (void)state;
  size_t count = 0;
  for (const dt_groove* g; (g = dt_groove_at(count)) != NULL; count++) {
    assert_ptr_equal(dt_groove_named(g->name), g); /* so no two share a name */
    assert_true(g->title[0] != '\0');
    assert_true(g->bpm >= 20 && g->bpm <= 400);
    assert_true(g->swing >= 0.5 && g->swing <= 0.75);
    const size_t n = dt_groove_notes(g, notes);
    assert_in_range(n, 1, DT_GROOVE_NOTES_MAX);
    for (size_t i = 0; i < n; i++) {
      assert_in_range(notes[i].tick, 0, g->bars * dt_meter_bar_ticks(g->meter) - 1);
      assert_in_range(notes[i].velocity, 1, 127);
      if (i > 0)
        assert_true(notes[i].tick > notes[i - 1].tick ||
                    (notes[i].tick == notes[i - 1].tick && notes[i].drum > notes[i - 1].drum));
    }
  }
  assert_true(count >= 12);
}

/* A line that is too long or too short is a slip of the pen in the book. */
static void every_line_of_the_book_fills_its_bars(void** state) {
  (void)state;
  const dt_groove* g;
  for (size_t i = 0; (g = dt_groove_at(i)) != NULL; i++) {
    const size_t steps = (size_t)(g->bars * dt_meter_bar_ticks(g->meter) / g->step);
    for (size_t l = 0; l < DT_GROOVE_LINES_MAX && g->lines[l].pattern; l++) {
      size_t length = 0;
      for (const char* c = g->lines[l].pattern; *c; c++) {
        assert_non_null(strchr("xXogf-|", *c));
        length += *c != '|';
      }
      assert_int_equal(length, steps);
    }
    if (g->sticking)
      assert_int_equal(strlen(g->sticking), steps);
  }
}

static void the_grooves_of_the_manual_are_there(void** state) {
  (void)state;
  static const char* const names[] = {"rock",       "rock16", "funk",  "halftime", "shuffle",
                                      "jazz",       "bossa",  "samba", "train",    "sixeight",
                                      "waltz",      "seven",  "rolls", "quarters", "flams",
                                      "paradiddle", "doubles"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    assert_non_null(dt_groove_named(names[i]));
}

static void unknown_names_and_indices_give_nothing(void** state) {
  (void)state;
  assert_null(dt_groove_named("polka"));
  assert_null(dt_groove_named(""));
  assert_null(dt_groove_named(NULL));
  assert_null(dt_groove_at(1000));
  assert_null(dt_groove_at(SIZE_MAX));
}

static void rock_puts_the_backbeat_on_two_and_four(void** state) {
  (void)state;
  const size_t n = dt_groove_notes(dt_groove_named("rock"), notes);
  dt_tick snares[4];
  size_t count = 0;
  for (size_t i = 0; i < n; i++)
    if (notes[i].drum == DT_SNARE && count < 4)
      snares[count++] = notes[i].tick;
  assert_int_equal(count, 2);
  assert_int_equal(snares[0], 960);
  assert_int_equal(snares[1], 2880);
}

static void symbols_say_how_a_note_is_struck(void** state) {
  (void)state;
  const dt_groove g = one_bar(DT_SNARE, "xXgf", "RLxR");
  assert_int_equal(dt_groove_notes(&g, notes), 4);
  assert_true(notes[2].velocity < notes[0].velocity && notes[0].velocity < notes[1].velocity);
  assert_false(notes[0].flam || notes[1].flam || notes[2].flam);
  assert_true(notes[3].flam);
  assert_int_equal(notes[0].hand, 'R');
  assert_int_equal(notes[1].hand, 'L');
  assert_int_equal(notes[2].hand, ' ');
}

static void an_open_hihat_is_another_drum(void** state) {
  (void)state;
  dt_groove g = one_bar(DT_HIHAT_CLOSED, "xo-|x", NULL);
  assert_int_equal(dt_groove_notes(&g, notes), 3);
  assert_int_equal(notes[0].drum, DT_HIHAT_CLOSED);
  assert_int_equal(notes[1].drum, DT_HIHAT_OPEN);
  assert_int_equal(notes[2].tick, 2880);
  g.lines[0].drum = DT_RIDE; /* nothing to open here */
  (void)dt_groove_notes(&g, notes);
  assert_int_equal(notes[1].drum, DT_RIDE);
}

static void feet_are_feet(void** state) {
  (void)state;
  dt_groove g = one_bar(DT_KICK, "xx--", "RLRL");
  g.lines[1] = (dt_groove_line){DT_HIHAT_PEDAL, "x---"};
  assert_int_equal(dt_groove_notes(&g, notes), 3);
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(notes[i].hand, 'F');
}

static void what_is_not_written_is_a_rest(void** state) {
  (void)state;
  dt_groove g = one_bar(DT_SNARE, "x?", NULL);
  assert_int_equal(dt_groove_notes(&g, notes), 1);
  g = one_bar(DT_SNARE, "xxxxxxxx", NULL); /* twice the bar */
  assert_int_equal(dt_groove_notes(&g, notes), 4);
}

static void a_groove_too_dense_is_cut_not_overrun(void** state) {
  (void)state;
  static char dense[1001];
  memset(dense, 'x', sizeof dense - 1);
  dt_groove g = one_bar(DT_SNARE, dense, NULL);
  g.step = 5;
  assert_int_equal(dt_groove_notes(&g, notes), DT_GROOVE_NOTES_MAX);
}

static void bars_and_beats_have_their_lengths(void** state) {
  (void)state;
  assert_int_equal(dt_meter_bar_ticks((dt_meter){4, 4}), 3840);
  assert_int_equal(dt_meter_bar_ticks((dt_meter){7, 8}), 3360);
  assert_int_equal(dt_meter_bar_ticks((dt_meter){5, 64}), 300);
  assert_int_equal(dt_meter_beat_ticks((dt_meter){4, 4}), 960);
  assert_int_equal(dt_meter_beat_ticks((dt_meter){6, 4}), 960);
  assert_int_equal(dt_meter_beat_ticks((dt_meter){7, 8}), 480);
  assert_int_equal(dt_meter_beat_ticks((dt_meter){3, 8}), 480);
  assert_int_equal(dt_meter_beat_ticks((dt_meter){6, 8}), 1440);
  assert_int_equal(dt_meter_beat_ticks((dt_meter){12, 8}), 1440);
}

static void swing_moves_the_offbeat_and_nothing_else(void** state) {
  (void)state;
  assert_near(dt_swing_tick(480, 960, 2.0 / 3), 640, 1e-9);
  assert_near(dt_swing_tick(960, 960, 2.0 / 3), 960, 1e-9);
  assert_near(dt_swing_tick(960 + 480, 960, 0.6), 960 + 576, 1e-9);
  assert_near(dt_swing_tick(240, 960, 0.6), 288, 1e-9);
  assert_near(dt_swing_tick(720, 960, 0.6), 576 + 192, 1e-9);
  assert_near(dt_swing_tick(-480, 960, 0.6), -384, 1e-9);
  assert_near(dt_swing_tick(480, 0, 0.6), 480, 0);
  for (dt_tick t = -2000; t < 2000; t++) {
    assert_near(dt_swing_tick(t, 960, 0.5), (double)t, 1e-9);
    assert_true(dt_swing_tick(t + 1, 480, 0.75) > dt_swing_tick(t, 480, 0.75));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_built_in_groove_can_be_played),
      cmocka_unit_test(every_line_of_the_book_fills_its_bars),
      cmocka_unit_test(the_grooves_of_the_manual_are_there),
      cmocka_unit_test(unknown_names_and_indices_give_nothing),
      cmocka_unit_test(rock_puts_the_backbeat_on_two_and_four),
      cmocka_unit_test(symbols_say_how_a_note_is_struck),
      cmocka_unit_test(an_open_hihat_is_another_drum),
      cmocka_unit_test(feet_are_feet),
      cmocka_unit_test(what_is_not_written_is_a_rest),
      cmocka_unit_test(a_groove_too_dense_is_cut_not_overrun),
      cmocka_unit_test(bars_and_beats_have_their_lengths),
      cmocka_unit_test(swing_moves_the_offbeat_and_nothing_else),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
