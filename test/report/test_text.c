#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fixture.h"

static void assert_headline(const dt_verdict* verdict, const char* expected) {
  char text[96];
  dt_report_headline(verdict, text, sizeof text);
  assert_string_equal(text, expected);
}

static void the_first_line_says_it_in_half_a_second(void** state) {
  (void)state;
  fixture f;
  fixture_fill(&f);
  assert_headline(&f.verdict, "RUSHING  +1.8 bpm over 16 bars");
  f.verdict.bpm_change = 0.04;
  assert_headline(&f.verdict, "RUSHING  +0.04 bpm over 16 bars");
  f.verdict.word = DT_WORD_DRAGGING;
  f.verdict.bpm_change = -0.9;
  f.verdict.bars = 0.3;
  assert_headline(&f.verdict, "DRAGGING  -0.9 bpm over 1 bar");
  f.verdict.ahead_of_click = true;
  assert_headline(&f.verdict, "DRAGGING  +0.9 bpm against the click");
  f.verdict.word = DT_WORD_IN_THE_POCKET;
  assert_headline(&f.verdict, "IN THE POCKET  scatter 9 ms");
  f.verdict.word = DT_WORD_SCATTERED;
  f.verdict.all.scatter_ms = estimate_of(24.2, 1);
  assert_headline(&f.verdict, "SCATTERED  24 ms (limit 13)");
  f.verdict.word = DT_WORD_CANT_TELL;
  f.verdict.strokes_needed = 40;
  assert_headline(&f.verdict, "CAN'T TELL YET  needs about 40 more strokes");
  f.verdict.strokes_needed = 1;
  assert_headline(&f.verdict, "CAN'T TELL YET  needs about 1 more stroke");
}

static void a_scatter_just_over_the_limit_does_not_look_like_a_mistake(void** state) {
  (void)state;
  fixture f;
  fixture_fill(&f);
  f.verdict.word = DT_WORD_SCATTERED;
  f.verdict.all.scatter_ms = estimate_of(13.3, 1);
  assert_headline(&f.verdict, "SCATTERED  13.3 ms (limit 13.0)");
}

static void the_whole_page_reads_like_this(void** state) {
  (void)state;
  fixture f;
  dt_buffer buffer;
  fixture_fill(&f);
  f.verdict.word = DT_WORD_IN_THE_POCKET;
  f.verdict.drift_found = false;
  assert_string_equal(
      fixture_write(&f, dt_report_text, &buffer),
      "o IN THE POCKET  scatter 9 ms\n"
      "Placement: you were early, 12.3 ms ahead of the click (between 10.8 and 13.8).\n"
      "Drift: none found; your tempo held (+0.9 bpm a minute, +0.7 to +1.1).\n"
      "Scatter: you spread 9.1 ms around your own pulse (between 8.5 and 9.8).\n"
      "\n"
      "             strokes       vs click, ms     drift, bpm/min     scatter, ms\n"
      "all              512        -12.3 +-1.5       +0.90 +-0.20       9.1 +-0.7\n"
      "kick             200        -10.0 +-1.5       +0.90 +-0.20       9.1 +-0.7\n"
      "hi-hat pedal     312         +3.2 +-1.5       +0.90 +-0.20       9.1 +-0.7\n"
      "\n"
      "Grid: straight sixteenths, 120.0 bpm from the click, 4/4. 1 stroke far off any\n"
      "grid position left out. 2 notes not in the kit's map judged as \"other\". Limits\n"
      "for level player: scatter 13.0 ms, drift 1.0 % over the take (from what\n"
      "listeners notice, Madison & Merker 2002). Instrument's own jitter 0.30 ms\n"
      "subtracted. Timing noise: clock, 4 beats. +- 95 % interval.\n");
  dt_buffer_clear(&buffer);
}

static void what_was_taken_off_a_live_take_is_said(void** state) {
  (void)state;
  fixture f;
  dt_buffer buffer;
  fixture_fill(&f);
  f.take.latency_s = 0.01234;
  const char* text = fixture_write(&f, dt_report_text, &buffer);
  assert_non_null(strstr(text, "12.34"));
  assert_non_null(strstr(text, "latency"));
  dt_buffer_clear(&buffer);
}

static void a_tempo_that_moves_has_no_constant_placement(void** state) {
  (void)state;
  fixture f;
  dt_buffer buffer;
  fixture_fill(&f);
  const char* text = fixture_write(&f, dt_report_text, &buffer);
  assert_non_null(
      strstr(text, "Placement: moves with your tempo; on average you were 12 ms early."));
  assert_non_null(strstr(text, "vs own pulse, ms"));
  assert_null(strstr(text, "vs click"));
  dt_buffer_clear(&buffer);
}

static void each_verdict_has_a_shape_for_those_who_cannot_see_colour(void** state) {
  (void)state;
  static const struct {
    dt_word word;
    const char* plain;
    const char* shape;
  } rows[] = {
      {DT_WORD_RUSHING, "^ ", "\u25b2 "},   {DT_WORD_DRAGGING, "v ", "\u25bc "},
      {DT_WORD_SCATTERED, "x ", "\u25c6 "}, {DT_WORD_IN_THE_POCKET, "o ", "\u25cf "},
      {DT_WORD_CANT_TELL, "? ", "? "},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    fixture f;
    dt_buffer buffer;
    fixture_fill(&f);
    f.verdict.word = rows[i].word;
    assert_memory_equal(fixture_write(&f, dt_report_text, &buffer), rows[i].plain, 2);
    dt_buffer_clear(&buffer);
    f.options.utf8 = true;
    assert_memory_equal(fixture_write(&f, dt_report_text, &buffer), rows[i].shape,
                        strlen(rows[i].shape));
    dt_buffer_clear(&buffer);
  }
}

static void without_utf8_every_byte_is_ascii_and_without_colour_there_is_no_escape(void** state) {
  (void)state;
  fixture f;
  dt_buffer buffer;
  fixture_fill(&f);
  for (const char* p = fixture_write(&f, dt_report_text, &buffer); *p; p++)
    assert_true((*p >= ' ' && *p <= '~') || *p == '\n');
  dt_buffer_clear(&buffer);
  f.options.color = true;
  assert_non_null(strstr(fixture_write(&f, dt_report_text, &buffer), "\033[1;31m^ RUSHING"));
  dt_buffer_clear(&buffer);
}

/* Columns between two line ends, colours not counted. */
static size_t widest_line(const char* text) {
  size_t widest = 0;
  size_t columns = 0;
  for (; *text; text++) {
    if (*text == '\033') {
      text = strchr(text, 'm');
      continue;
    }
    columns = *text == '\n' ? 0 : columns + ((*text & 0xC0) != 0x80);
    widest = columns > widest ? columns : widest;
  }
  return widest;
}

static void no_line_is_wider_than_a_terminal(void** state) {
  (void)state;
  fixture f;
  dt_buffer buffer;
  fixture_fill(&f);
  f.options.utf8 = true;
  f.options.color = true;
  f.verdict.bpm_change = -31.8;
  f.verdict.all.placement_ms = estimate_of(-147.3, 22.2);
  f.verdict.all.drift_bpm_per_min = estimate_of(-31.8, 12.2);
  f.verdict.all.scatter_ms = estimate_of(112.3, 12.2);
  assert_true(widest_line(fixture_write(&f, dt_report_text, &buffer)) <= 80);
  dt_buffer_clear(&buffer);
  f.verdict.drift_found = false;
  f.verdict.all.placement_ms = estimate_of(-11.3, 22.2);
  assert_true(widest_line(fixture_write(&f, dt_report_text, &buffer)) <= 80);
  dt_buffer_clear(&buffer);
  f.verdict.ahead_of_click = true;
  assert_true(widest_line(fixture_write(&f, dt_report_text, &buffer)) <= 80);
  dt_buffer_clear(&buffer);
}

static void what_is_not_known_is_said_and_never_printed_as_nan(void** state) {
  (void)state;
  fixture f;
  dt_buffer buffer;
  fixture_fill(&f);
  f.verdict.word = DT_WORD_CANT_TELL;
  f.verdict.mode = DT_GRID_FREE;
  f.verdict.phase_known = false;
  f.verdict.click_bpm = (double)NAN;
  f.verdict.subdivision.division = 0;
  f.verdict.bpm_change = (double)NAN;
  f.verdict.all = (dt_timing){
      .stroke_count = 3,
      .placement_ms = estimate_unknown(DT_NOT_TESTABLE),
      .placement_own_ms = estimate_unknown(DT_NOT_TESTABLE),
      .tempo_bpm = estimate_unknown(DT_CANT_TELL),
      .drift_bpm_per_min = estimate_unknown(DT_CANT_TELL),
      .drift_percent_per_min = estimate_unknown(DT_CANT_TELL),
      .drift_p = (double)NAN,
      .scatter_ms = estimate_unknown(DT_CANT_TELL),
  };
  const char* text = fixture_write(&f, dt_report_text, &buffer);
  assert_non_null(strstr(text, "Placement: needs a click to compare with"));
  assert_non_null(strstr(text, "Drift: can't tell yet from 3 strokes."));
  assert_non_null(strstr(text, "Scatter: can't tell yet from 3 strokes."));
  assert_non_null(strstr(text, "vs own pulse, ms"));
  /* The small print may break anywhere. */
  for (char* end = (char*)buffer.bytes; (end = strchr(end, '\n'));)
    *end = ' ';
  assert_non_null(strstr(text, "? can't tell yet, - not testable"));
  assert_non_null(strstr(text, "tempo not found"));
  assert_non_null(strstr(text, "Grid: not found,"));
  assert_null(strstr(text, "nan"));
  dt_buffer_clear(&buffer);
}

static void a_tempo_without_a_start_says_what_is_missing(void** state) {
  (void)state;
  fixture f;
  dt_buffer buffer;
  fixture_fill(&f);
  f.verdict.mode = DT_GRID_TEMPO;
  f.verdict.phase_known = false;
  f.verdict.all.placement_ms = estimate_unknown(DT_NOT_TESTABLE);
  assert_non_null(strstr(fixture_write(&f, dt_report_text, &buffer), "give --start."));
  dt_buffer_clear(&buffer);
}

static void late_and_on_the_click_are_said_in_words(void** state) {
  (void)state;
  fixture f;
  dt_buffer buffer;
  fixture_fill(&f);
  f.verdict.drift_found = false;
  f.verdict.all.placement_ms = estimate_of(12.3, 2);
  assert_non_null(strstr(fixture_write(&f, dt_report_text, &buffer),
                         "you were late, 12.3 ms behind the click (between 10.3 and 14.3)"));
  dt_buffer_clear(&buffer);
  f.verdict.all.placement_ms = estimate_of(-0.6, 1.8);
  assert_non_null(strstr(fixture_write(&f, dt_report_text, &buffer),
                         "on the click; you were 0.6 ms early (2.4 early to 1.2 late)"));
  dt_buffer_clear(&buffer);
}

static void the_grid_is_named_as_musicians_name_it(void** state) {
  (void)state;
  static const struct {
    dt_subdivision grid;
    int below;
    const char* words;
  } rows[] = {
      {{DT_FEEL_STRAIGHT, 1, 0.5, 1}, 4, "Grid: straight quarters,"},
      {{DT_FEEL_STRAIGHT, 8, 0.5, 1}, 4, "Grid: straight thirty-seconds,"},
      {{DT_FEEL_TRIPLET, 3, 0.5, 1}, 4, "Grid: eighth triplets,"},
      {{DT_FEEL_TRIPLET, 6, 0.5, 1}, 8, "Grid: triplets, 6 to the beat,"},
      {{DT_FEEL_STRAIGHT, 2, 0.5, 1}, 8, "Grid: straight, 2 to the beat,"},
      {{DT_FEEL_SWUNG_EIGHTHS, 2, 0.631, 1}, 4, "Grid: swung eighths 63 %,"},
      {{DT_FEEL_SWUNG_SIXTEENTHS, 4, 0.58, 1}, 4, "Grid: swung sixteenths 58 %,"},
      {{DT_FEEL_MIXED, 12, 0.5, 1}, 4, "Grid: sixteenths and triplets mixed,"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    fixture f;
    dt_buffer buffer;
    fixture_fill(&f);
    f.verdict.subdivision = rows[i].grid;
    f.verdict.meter.denominator = rows[i].below;
    assert_non_null(strstr(fixture_write(&f, dt_report_text, &buffer), rows[i].words));
    dt_buffer_clear(&buffer);
  }
}

/* A sink that takes `left` writes and then refuses. */
static dt_status refuse_after(void* context, const void* bytes, size_t size) {
  int* left = context;
  (void)bytes;
  (void)size;
  return (*left)-- > 0 ? DT_OK : DT_IO;
}

static void a_full_disk_is_reported_wherever_it_fills(void** state) {
  (void)state;
  fixture f;
  fixture_fill(&f);
  for (int writes = 0; writes < 20; writes++) {
    int left = writes;
    dt_sink sink = {refuse_after, &left};
    assert_int_equal(dt_report_text(&f.take, &f.verdict, &f.options, sink), DT_IO);
    left = writes;
    assert_int_equal(dt_report_json(&f.take, &f.verdict, &f.options, sink), DT_IO);
    left = writes;
    assert_int_equal(dt_report_csv(&f.take, &f.verdict, sink), DT_IO);
    left = writes > 8 ? 8 : writes;
    assert_int_equal(dt_report_audacity(&f.take, &f.verdict, sink), DT_IO);
    left = writes > 8 ? 8 : writes;
    assert_int_equal(dt_report_sonic_visualiser(&f.take, &f.verdict, sink), DT_IO);
  }
}

/* A sink that refuses one write and would take the rest. */
static dt_status refuse_first(void* context, const void* bytes, size_t size) {
  int* writes = context;
  (void)bytes;
  (void)size;
  return ++*writes == 1 ? DT_IO : DT_OK;
}

static void after_a_refusal_nothing_more_is_written(void** state) {
  (void)state;
  fixture f;
  fixture_fill(&f);
  int writes = 0;
  dt_sink sink = {refuse_first, &writes};
  assert_int_equal(dt_report_text(&f.take, &f.verdict, &f.options, sink), DT_IO);
  assert_int_equal(writes, 1);
  writes = 0;
  assert_int_equal(dt_report_csv(&f.take, &f.verdict, sink), DT_IO);
  assert_int_equal(writes, 1);
}

static void each_verdict_has_a_colour_that_ends_with_its_line(void** state) {
  (void)state;
  static const struct {
    dt_word word;
    const char* start;
  } WORDS[] = {
      {DT_WORD_RUSHING, "\033[1;31m\u25b2 RUSHING"},
      {DT_WORD_DRAGGING, "\033[1;34m\u25bc DRAGGING"},
      {DT_WORD_SCATTERED, "\033[1;33m\u25c6 SCATTERED"},
      {DT_WORD_IN_THE_POCKET, "\033[1;32m\u25cf IN THE POCKET"},
      {DT_WORD_CANT_TELL, "\033[1m? CAN'T TELL YET"},
  };
  for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
    fixture f;
    dt_buffer buffer;
    fixture_fill(&f);
    f.verdict.word = WORDS[i].word;
    f.options.color = f.options.utf8 = true;
    const char* text = fixture_write(&f, dt_report_text, &buffer);
    assert_memory_equal(text, WORDS[i].start, strlen(WORDS[i].start));
    assert_memory_equal(strchr(text, '\n') - 4, "\033[0m", 4);
    dt_buffer_clear(&buffer);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_line_says_it_in_half_a_second),
      cmocka_unit_test(a_scatter_just_over_the_limit_does_not_look_like_a_mistake),
      cmocka_unit_test(the_whole_page_reads_like_this),
      cmocka_unit_test(what_was_taken_off_a_live_take_is_said),
      cmocka_unit_test(a_tempo_that_moves_has_no_constant_placement),
      cmocka_unit_test(each_verdict_has_a_shape_for_those_who_cannot_see_colour),
      cmocka_unit_test(without_utf8_every_byte_is_ascii_and_without_colour_there_is_no_escape),
      cmocka_unit_test(no_line_is_wider_than_a_terminal),
      cmocka_unit_test(what_is_not_known_is_said_and_never_printed_as_nan),
      cmocka_unit_test(a_tempo_without_a_start_says_what_is_missing),
      cmocka_unit_test(late_and_on_the_click_are_said_in_words),
      cmocka_unit_test(the_grid_is_named_as_musicians_name_it),
      cmocka_unit_test(a_full_disk_is_reported_wherever_it_fills),
      cmocka_unit_test(after_a_refusal_nothing_more_is_written),
      cmocka_unit_test(each_verdict_has_a_colour_that_ends_with_its_line),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
