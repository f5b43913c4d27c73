#include "../judge/practise_play.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "balanced.h"
#include "dt/report.h"
#include "schema.h"

/* What a player with faults reads after playing from a chart. */

typedef struct charted {
  dt__practice played;
  dt_study study;
  dt_report_options options;
  dt_buffer html;
  dt_buffer json;
  dt_buffer text;
} charted;

typedef dt_status (*writer)(const dt_take* take, const dt_verdict* verdict,
                            const dt_report_options* options, dt_sink sink);

static void put(charted* c, writer write, dt_buffer* bytes) {
  const dt_sink sink = dt_buffer_sink(bytes);
  assert_int_equal(write(&c->played.take, &c->played.verdict, &c->options, sink), DT_OK);
  assert_int_equal(dt_sink_write(sink, "", 1), DT_OK);
}

static void put_page(charted* c) {
  const dt_sink sink = dt_buffer_sink(&c->html);
  assert_int_equal(
      dt_report_html(&c->played.take, &c->played.verdict, &c->study, &c->options, sink), DT_OK);
  assert_int_equal(dt_sink_write(sink, "", 1), DT_OK);
}

static void make(charted* c, const char* chart, const char* words, uint64_t seed) {
  memset(c, 0, sizeof *c);
  dt__practice_make(&c->played, chart, words, seed, true);
  assert_int_equal(dt__practice_study(&c->played, NULL, &c->study), DT_OK);
  c->options = (dt_report_options){.file = "take.mid",
                                   .version = "1.2.3",
                                   .utf8 = true,
                                   .config = &c->played.config,
                                   .study = &c->study};
  put_page(c);
  put(c, dt_report_json, &c->json);
  put(c, dt_report_text, &c->text);
}

static void clear(charted* c) {
  dt_buffer_clear(&c->html);
  dt_buffer_clear(&c->json);
  dt_buffer_clear(&c->text);
  dt_study_clear(&c->study, NULL);
  dt__practice_clear(&c->played);
}

static json_t* json_of(const charted* c) {
  json_error_t error;
  json_t* root = json_loads((const char*)c->json.bytes, JSON_REJECT_DUPLICATES, &error);
  if (!root)
    fail_msg("line %d: %s", error.line, error.text);
  return root;
}

static size_t count_of(const dt_buffer* bytes, const char* what) {
  size_t count = 0;
  for (const char* at = (const char*)bytes->bytes; (at = strstr(at, what)) != NULL; at++)
    count++;
  return count;
}

static void assert_says(const dt_buffer* bytes, const char* what) {
  if (count_of(bytes, what) == 0)
    fail_msg("\"%s\" is not said", what);
}

#define FAULTS                                                                                     \
  " scatter=7ms velocity=8 left=+8ms left.velocity=-15 miss=4% extra=4% wrong=4% skip=1 clock=4ms"

static void every_form_holds_for_every_kind_of_chart(void** state) {
  (void)state;
  static const char* const CHARTS[] = {
      "rock-song",       "jazz-song", "shuffle", "five-stroke-roll", "multiple-bounce-roll",
      "flam-paradiddle", "drag",      "seven",   "funk-half-open",   "quarters"};
  load_schema();
  for (size_t i = 0; i < sizeof CHARTS / sizeof CHARTS[0]; i++) {
    charted c;
    make(&c, CHARTS[i], "bars=16" FAULTS, 40 + i);
    json_t* root = json_of(&c);
    assert_fits(schema, root, CHARTS[i]);
    assert_non_null(json_object_get(root, "chart"));
    assert_non_null(json_object_get(root, "study"));
    json_decref(root);
    assert_balanced((const char*)c.html.bytes);
    if (count_of(&c.html, "nan") + count_of(&c.json, "nan") + count_of(&c.text, "nan") > 0)
      fail_msg("%s: what is no number is shown as one", CHARTS[i]);
    clear(&c);
  }
  json_decref(schema);
}

/* Each note once, each stroke at most once; the counts are those of the list. */
static void every_note_has_a_fate(void** state) {
  (void)state;
  charted c;
  make(&c, "rock-song", "bars=32" FAULTS, 7);
  json_t* root = json_of(&c);
  json_t* chart = json_object_get(root, "chart");
  json_t* notes = json_object_get(chart, "notes");
  json_t* strokes = json_object_get(root, "strokes");
  const size_t stroke_count = json_array_size(strokes);
  bool* taken = calloc(stroke_count + 1, sizeof *taken);
  long count[3] = {0};
  static const char* const FATES[] = {"hit", "missed", "wrong_drum"};
  static const char* const COUNTS[] = {"hit_count", "missed_count", "wrong_count"};
  assert_non_null(taken);
  for (size_t i = 0; i < json_array_size(notes); i++) {
    json_t* note = json_array_get(notes, i);
    const char* fate = json_string_value(json_object_get(note, "fate"));
    json_t* stroke = json_object_get(note, "stroke");
    for (int f = 0; f < 3; f++)
      count[f] += strcmp(fate, FATES[f]) == 0;
    assert_int_equal(json_is_null(stroke), strcmp(fate, "missed") == 0);
    if (json_is_null(stroke))
      continue;
    const size_t at = (size_t)json_integer_value(stroke);
    assert_in_range(at, 0, stroke_count - 1);
    assert_false(taken[at]);
    taken[at] = true;
    if (strcmp(fate, "wrong_drum") == 0)
      assert_string_not_equal(
          json_string_value(json_object_get(note, "drum")),
          json_string_value(json_object_get(json_array_get(strokes, at), "drum")));
  }
  free(taken);
  for (int f = 0; f < 3; f++) {
    assert_true(count[f] > 0);
    assert_int_equal(count[f], json_integer_value(json_object_get(chart, COUNTS[f])));
  }
  json_decref(root);
  clear(&c);
}

static void mistakes_are_counted_in_words_and_drawn(void** state) {
  (void)state;
  charted c;
  char words[128];
  make(&c, "rock-song", "bars=32" FAULTS, 8);
  const dt_alignment* a = &c.played.alignment;
  snprintf(words, sizeof words, "Notes: %zu of %zu right, %zu missed, %zu on another drum; %zu",
           a->hit_count, a->event_count, a->missed_count, a->wrong_count, a->extra_count);
  assert_says(&c.text, words);
  snprintf(words, sizeof words,
           ": %zu notes right, %zu missed, %zu on another drum, %zu strokes extra", a->hit_count,
           a->missed_count, a->wrong_count, a->extra_count);
  assert_says(&c.html, words);
  assert_says(&c.html, "Against the chart Rock, eight bars with fills");
  /* A ring for each missed note, one more in the legend; a cross for each extra stroke. */
  assert_int_equal(count_of(&c.html, "a4 4 0 1 0 8 0a"), a->missed_count + 1);
  assert_int_equal(count_of(&c.html, "m-4 0l4 -4l4 4l-4 4z"), a->wrong_count);
  assert_true(count_of(&c.html, "m-3 -3l6 6m-6 0l6 -6") > 0);
  clear(&c);
}

static void a_bar_that_was_skipped_shows_where_it_went_on(void** state) {
  (void)state;
  charted c;
  make(&c, "rock-song", "bars=32 scatter=5ms skip.bar=13", 9);
  size_t jumped = 0;
  for (size_t i = 1; i < c.played.alignment.bar_count; i++)
    jumped += c.played.alignment.bars[i].jumped;
  assert_int_equal(jumped, 1);
  assert_says(&c.html, ">13 \u21b7 4</text>");
  /* Once in the drawing, once in the legend. */
  assert_int_equal(count_of(&c.html, "\u21b7 "), 2);
  assert_int_equal(count_of(&c.json, "\"jumped\": true"), 1);
  clear(&c);
}

static void fills_have_a_panel_and_a_shade(void** state) {
  (void)state;
  charted c;
  make(&c, "rock-song", "bars=32 scatter=6ms fill.rush=4%", 10);
  assert_true(c.study.places.fills.count > 1);
  assert_says(&c.html, "id=\"fills\"");
  assert_says(&c.html, "tempo after fills");
  assert_true(count_of(&c.html, "<rect class=\"f\"") >= c.study.places.fills.count);
  clear(&c);
  make(&c, "rock", "bars=32 scatter=6ms", 10);
  assert_int_equal(count_of(&c.html, "id=\"fills\""), 0);
  assert_int_equal(count_of(&c.html, "<rect class=\"f\""), 0);
  clear(&c);
}

static void hands_are_set_against_each_other(void** state) {
  (void)state;
  charted c;
  make(&c, "paradiddle", "bars=32 scatter=5ms left=+12ms left.velocity=-20 velocity=5", 11);
  assert_says(&c.html, "Left hand against right hand");
  assert_says(&c.html, "<th scope=\"row\">left hand</th>");
  json_t* root = json_of(&c);
  json_t* hands = json_object_get(json_object_get(root, "study"), "hands");
  assert_int_equal(json_array_size(json_object_get(hands, "limbs")), 2);
  json_t* later = json_object_get(hands, "left_later_ms");
  assert_true(json_number_value(json_object_get(later, "low")) < 12.0);
  assert_true(json_number_value(json_object_get(later, "high")) > 12.0);
  assert_true(json_number_value(json_object_get(later, "low")) > 6.0);
  json_t* louder = json_object_get(hands, "left_louder_db");
  assert_true(json_number_value(json_object_get(louder, "high")) < 0.0);
  json_decref(root);
  clear(&c);
}

static void rolls_and_flams_are_measured_and_listed(void** state) {
  (void)state;
  charted c;
  make(&c, "nine-stroke-roll", "bars=16 scatter=4ms roll.cv=8% velocity=6", 12);
  assert_true(c.study.rolls.count > 0);
  assert_says(&c.html, "id=\"rolls\"");
  assert_says(&c.html, "All rolls together");
  assert_says(&c.json, "\"rolls\"");
  clear(&c);
  make(&c, "flam-tap", "bars=32 scatter=4ms flam=40ms flam.sd=5ms velocity=6", 13);
  assert_true(c.study.flams.flam_count > 20);
  assert_says(&c.html, "flam, spread");
  assert_int_equal(count_of(&c.html, "drag, spread"), 0);
  clear(&c);
  make(&c, "single-drag-tap", "bars=32 scatter=4ms drag=70ms velocity=6", 14);
  assert_true(c.study.flams.drag_count > 10);
  assert_says(&c.html, "drag, spread");
  clear(&c);
}

static void a_hi_hat_left_half_open_is_seen(void** state) {
  (void)state;
  charted c;
  make(&c, "disco", "bars=32 scatter=5ms velocity=6 closed=40% openness.sd=5%", 15);
  json_t* root = json_of(&c);
  json_t* openness = json_object_get(json_object_get(root, "study"), "openness");
  json_t* sloppy = json_object_get(openness, "sloppy_share");
  assert_true(json_number_value(json_object_get(sloppy, "value")) > 0.5);
  assert_says(&c.html, "<th scope=\"row\">closed");
  json_decref(root);
  clear(&c);
}

static void what_to_practise_names_its_bars(void** state) {
  (void)state;
  charted c;
  make(&c, "rock-song", "bars=32 scatter=18ms miss=8% backbeat=+25ms", 16);
  assert_true(c.study.practise.count > 0);
  assert_says(&c.text, "\nPractise:\n1. ");
  assert_says(&c.html, "<ol class=\"todo\">\n<li>");
  /* Hand-made, to see one bar and several. */
  c.study.practise.count = 2;
  c.study.practise.lines[0].bar_count = 1;
  c.study.practise.lines[0].bars[0] = 7;
  c.study.practise.lines[1] = c.study.practise.lines[0];
  c.study.practise.lines[1].bar_count = 3;
  c.study.practise.lines[1].bars[1] = 8;
  c.study.practise.lines[1].bars[2] = 30;
  dt_buffer_clear(&c.text);
  put(&c, dt_report_text, &c.text);
  for (char* at = (char*)c.text.bytes; *at; at++)
    if (*at == '\n')
      *at = ' ';
  assert_says(&c.text, " (bar 7) 2. ");
  assert_says(&c.text, " (bars 7, 8, 30) ");
  clear(&c);
}

static void nothing_to_practise_says_so(void** state) {
  (void)state;
  charted c;
  make(&c, "rock", "bars=32 machine scatter=3ms", 17);
  c.study.practise.count = 0;
  dt_buffer_clear(&c.html);
  put_page(&c);
  assert_says(&c.html, c.played.verdict.word == DT_WORD_CANT_TELL ? "Too little to say yet"
                                                                  : "Nothing stands out");
  clear(&c);
}

static void the_page_says_each_verdict_in_word_shape_and_meaning(void** state) {
  (void)state;
  static const struct {
    dt_word word;
    double bpm_change;
    const char* shape;
    const char* drift;
  } SAID[] = {
      {DT_WORD_RUSHING, 2.0, "\u25b2</span> RUSHING <b>", "rushing: your tempo rose"},
      {DT_WORD_DRAGGING, -2.0, "\u25bc</span> DRAGGING <b>", "dragging: your tempo fell"},
      {DT_WORD_SCATTERED, 0.0, "\u25c6</span> SCATTERED <b>", "no drift found"},
      {DT_WORD_IN_THE_POCKET, 0.0, "\u25cf</span> IN THE POCKET <b>", "no drift found"},
      {DT_WORD_CANT_TELL, 0.0, "?</span> CAN'T TELL YET <b>", "no drift found"},
  };
  charted c;
  make(&c, "rock", "bars=16 scatter=5ms", 18);
  for (size_t i = 0; i < sizeof SAID / sizeof SAID[0]; i++) {
    c.played.verdict.word = SAID[i].word;
    c.played.verdict.bpm_change = SAID[i].bpm_change;
    c.played.verdict.drift_found = SAID[i].bpm_change != 0.0;
    dt_buffer_clear(&c.html);
    put_page(&c);
    assert_says(&c.html, SAID[i].shape);
    assert_says(&c.html, SAID[i].drift);
  }
  dt_estimate* placement = &c.played.verdict.all.placement_ms;
  static const double OFFSETS_MS[] = {-20.0, 0.0, 20.0};
  static const char* const MEANINGS[] = {"you were early</dd>", "on the click</dd>",
                                         "you were late</dd>"};
  for (int i = 0; i < 3; i++) {
    *placement = (dt_estimate){OFFSETS_MS[i], OFFSETS_MS[i] - 3, OFFSETS_MS[i] + 3, DT_KNOWN};
    dt_buffer_clear(&c.html);
    put_page(&c);
    assert_says(&c.html, MEANINGS[i]);
  }
  placement->known = DT_NOT_TESTABLE;
  dt_buffer_clear(&c.html);
  put_page(&c);
  assert_says(&c.html, "needs a click to compare with");
  clear(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_form_holds_for_every_kind_of_chart),
      cmocka_unit_test(every_note_has_a_fate),
      cmocka_unit_test(mistakes_are_counted_in_words_and_drawn),
      cmocka_unit_test(a_bar_that_was_skipped_shows_where_it_went_on),
      cmocka_unit_test(fills_have_a_panel_and_a_shade),
      cmocka_unit_test(hands_are_set_against_each_other),
      cmocka_unit_test(rolls_and_flams_are_measured_and_listed),
      cmocka_unit_test(a_hi_hat_left_half_open_is_seen),
      cmocka_unit_test(what_to_practise_names_its_bars),
      cmocka_unit_test(nothing_to_practise_says_so),
      cmocka_unit_test(the_page_says_each_verdict_in_word_shape_and_meaning),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
