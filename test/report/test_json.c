#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "fixture.h"
#include "schema.h"

/* Reads back what was written; the caller decrefs. Duplicate keys are refused. */
static json_t* written(const fixture* f) {
  dt_buffer buffer;
  json_error_t error;
  json_t* root =
      json_loads(fixture_write(f, dt_report_json, &buffer), JSON_REJECT_DUPLICATES, &error);
  if (!root)
    fail_msg("line %d: %s", error.line, error.text);
  dt_buffer_clear(&buffer);
  return root;
}

static const char* text_at(json_t* root, const char* group, const char* key) {
  json_t* object = group ? json_object_get(root, group) : root;
  const char* text = json_string_value(json_object_get(object, key));
  assert_non_null(text);
  return text;
}

static void another_program_reads_the_verdict(void** state) {
  (void)state;
  fixture f;
  fixture_fill(&f);
  json_t* root = written(&f);
  assert_string_equal(text_at(root, NULL, "schema"), "doubletime.judge/1");
  assert_string_equal(text_at(root, NULL, "version"), "1.2.3");
  assert_string_equal(text_at(root, "take", "source"), "midi");
  assert_string_equal(text_at(root, "config", "grid"), "click");
  assert_string_equal(text_at(root, "config", "meter"), "4/4");
  assert_string_equal(text_at(root, "config", "level"), "player");
  assert_true(json_is_null(json_object_get(json_object_get(root, "config"), "start_s")));
  assert_string_equal(text_at(root, "verdict", "word"), "rushing");
  assert_string_equal(text_at(root, "verdict", "text"), "RUSHING  +1.8 bpm over 16 bars");
  assert_string_equal(text_at(root, "subdivision", "text"), "straight sixteenths");
  json_t* scatter = json_object_get(json_object_get(root, "all"), "scatter_ms");
  assert_string_equal(text_at(scatter, NULL, "known"), "known");
  assert_float_equal(json_number_value(json_object_get(scatter, "low")), 8.5, 1e-9);
  json_t* voices = json_object_get(root, "voices");
  assert_int_equal(json_array_size(voices), 2);
  assert_string_equal(text_at(json_array_get(voices, 1), NULL, "voice"), "hi-hat pedal");
  json_decref(root);
}

static double latency_of(const fixture* f) {
  json_t* root = written(f);
  json_t* value = json_object_get(json_object_get(root, "instrument"), "latency_ms");
  assert_true(json_is_number(value));
  const double latency_ms = json_number_value(value);
  json_decref(root);
  return latency_ms;
}

static void what_was_taken_off_a_live_take_is_there(void** state) {
  (void)state;
  fixture f;
  fixture_fill(&f);
  assert_true(latency_of(&f) == 0);
  f.take.latency_s = 0.01234;
  assert_float_equal(latency_of(&f), 12.34, 1e-9);
}

static void every_stroke_is_there_judged_or_not(void** state) {
  (void)state;
  fixture f;
  fixture_fill(&f);
  json_t* root = written(&f);
  json_t* strokes = json_object_get(root, "strokes");
  assert_int_equal(json_array_size(strokes), 4);
  json_t* first = json_array_get(strokes, 0);
  assert_string_equal(text_at(first, NULL, "drum"), "kick");
  assert_int_equal(json_integer_value(json_object_get(first, "note")), 36);
  assert_true(json_is_false(json_object_get(first, "outlier")));
  assert_true(json_is_true(json_object_get(json_array_get(strokes, 2), "outlier")));
  json_t* last = json_array_get(strokes, 3);
  assert_true(json_is_null(json_object_get(last, "outlier")));
  assert_true(json_is_null(json_object_get(last, "asynchrony_ms")));
  assert_true(json_is_null(json_object_get(last, "velocity")));
  assert_float_equal(json_number_value(json_object_get(last, "choke_s")), 0.2, 1e-6);
  json_decref(root);
}

static void the_folders_of_the_take_do_not_change_a_byte(void** state) {
  (void)state;
  fixture here;
  fixture there;
  dt_buffer one;
  dt_buffer other;
  fixture_fill(&here);
  fixture_fill(&there);
  here.options.file = "take.mid";
  there.options.file = "/far/away/take.mid";
  assert_string_equal(fixture_write(&here, dt_report_json, &one),
                      fixture_write(&there, dt_report_json, &other));
  dt_buffer_clear(&one);
  dt_buffer_clear(&other);
}

static void numbers_have_fixed_decimals_and_no_negative_zero(void** state) {
  (void)state;
  fixture f;
  dt_buffer buffer;
  fixture_fill(&f);
  const char* text = fixture_write(&f, dt_report_json, &buffer);
  assert_non_null(strstr(text, "\"asynchrony_ms\": -12.000,"));
  assert_non_null(strstr(text, "\"time_s\": 0.500000,"));
  assert_null(strstr(text, ": -0.0000"));
  assert_null(strstr(text, ": -0.000,"));
  assert_null(strstr(text, "nan"));
  dt_buffer_clear(&buffer);
}

static void what_is_not_known_is_null_even_when_a_number_lies_there(void** state) {
  (void)state;
  fixture f;
  fixture_fill(&f);
  f.verdict.all.drift_bpm_per_min.known = DT_CANT_TELL;
  json_t* root = written(&f);
  json_t* drift = json_object_get(json_object_get(root, "all"), "drift_bpm_per_min");
  assert_string_equal(text_at(drift, NULL, "known"), "cant_tell");
  assert_true(json_is_null(json_object_get(drift, "value")));
  assert_true(json_is_null(json_object_get(drift, "low")));
  json_decref(root);
}

static void a_phase_that_was_given_is_kept(void** state) {
  (void)state;
  fixture f;
  fixture_fill(&f);
  f.config.mode = DT_GRID_TEMPO;
  f.config.start_s = 2.5;
  f.verdict.mode = DT_GRID_TEMPO;
  json_t* root = written(&f);
  json_t* config = json_object_get(root, "config");
  assert_string_equal(text_at(config, NULL, "grid"), "tempo");
  assert_float_equal(json_number_value(json_object_get(config, "start_s")), 2.5, 1e-9);
  json_decref(root);
}

static void the_schema_describes_every_field(void** state) {
  (void)state;
  load_schema();
  for (int word = DT_WORD_CANT_TELL; word <= DT_WORD_IN_THE_POCKET; word++) {
    fixture f;
    fixture_fill(&f);
    f.verdict.word = (dt_word)word;
    f.verdict.all.placement_ms = estimate_unknown((dt_known)(word % 3));
    f.verdict.click_bpm = word == DT_WORD_CANT_TELL ? (double)NAN : 120;
    f.verdict.subdivision.feel = (dt_feel)(word % 4);
    f.verdict.mode = (dt_grid_mode)(word % 3);
    json_t* root = written(&f);
    assert_fits(schema, root, "the verdict");
    json_decref(root);
  }
  json_decref(schema);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(another_program_reads_the_verdict),
      cmocka_unit_test(what_was_taken_off_a_live_take_is_there),
      cmocka_unit_test(every_stroke_is_there_judged_or_not),
      cmocka_unit_test(the_folders_of_the_take_do_not_change_a_byte),
      cmocka_unit_test(numbers_have_fixed_decimals_and_no_negative_zero),
      cmocka_unit_test(what_is_not_known_is_null_even_when_a_number_lies_there),
      cmocka_unit_test(a_phase_that_was_given_is_kept),
      cmocka_unit_test(the_schema_describes_every_field),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
