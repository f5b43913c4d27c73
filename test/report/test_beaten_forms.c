/* Beats as a glance, as data, as rows and labels; two takes side by side as data. */

#include "../support/failing_allocator.h"

#include <math.h>
#include <stdio.h>

#include <jansson.h>

#include "../support/near.h"
#include "dt/beaten.h"
#include "dt/report.h"

enum { BEATS = 64 };

typedef struct fixture {
  dt_take take;
  dt_beat beats[BEATS];
  dt_beat_section sections[2];
  dt_beat_track track;
  dt_beat_swing swing;
  dt_beat_call calls[BEATS];
  dt_follower_state last;
  dt_beaten_live live;
  dt_beaten beaten;
} fixture;

static fixture f;

/* 16 bars at 120 bpm from 1 s on; the second half swings, its last bar but one is a fill. */
static void make(void) {
  memset(&f, 0, sizeof f);
  f.take.source = DT_TAKE_SOUND;
  f.take.duration_s = 34.0;
  for (int k = 0; k < BEATS; ++k) {
    f.beats[k] = (dt_beat){
        .time_s = 1.0 + 0.5 * k, .bpm = 120, .bar = k / 4, .in_bar = k % 4 + 1, .strength = 1};
    f.beats[k].is_fill = k / 4 == 14;
    f.calls[k] = (dt_beat_call){
        .time_s = 1.0 + 0.5 * k, .made_s = 0.7 + 0.5 * k, .bpm = 120, .confidence = 0.9};
  }
  for (int s = 0; s < 2; ++s)
    f.sections[s] = (dt_beat_section){
        .first = 32U * (size_t)s, .count = 32, .meter = {4, 4}, .swing_ratio = 1 + s, .bpm = 120};
  f.track = (dt_beat_track){.beats = f.beats,
                            .beat_count = BEATS,
                            .sections = f.sections,
                            .section_count = 2,
                            .pulse_probability = 0.97,
                            .tempo_probability = 0.8,
                            .downbeat_probability = 0.7,
                            .bpm = 120,
                            .meter = {4, 4}};
  f.track.alternatives[0] = (dt_beat_alternative){.bpm = 60, .ratio = 0.5, .probability = 0.15};
  f.track.alternative_count = 1;
  f.swing.swing.all.ratio = (dt_estimate){1.93, 1.8, 2.1, DT_KNOWN};
  f.swing.swing.all.short_ms = (dt_estimate){171, 165, 177, DT_KNOWN};
  f.swing.swing.all.pair_count = 40;
  f.last.late_strokes = 3;
  f.live = (dt_beaten_live){.calls = f.calls,
                            .lock_s = 4.5,
                            .lock_bars = 1.75,
                            .latency_s = 0.02,
                            .least_notice_beats = 0.55,
                            .last = &f.last};
  f.beaten = (dt_beaten){.file = "/tapes/monday.wav",
                         .version = "1.2.3",
                         .format = "WAV, 16 bit",
                         .rate_hz = 44100,
                         .channels = 2,
                         .track = &f.track,
                         .swing = &f.swing};
}

typedef dt_status (*form)(dt_sink sink);

static dt_status text_form(dt_sink sink) {
  return dt_beaten_text(&f.take, &f.beaten, sink);
}
static dt_status json_form(dt_sink sink) {
  return dt_beaten_json(&f.take, &f.beaten, sink);
}
static dt_status csv_form(dt_sink sink) {
  return dt_beaten_csv(&f.beaten, sink);
}
static dt_status labels_form(dt_sink sink) {
  return dt_beaten_labels(&f.beaten, sink);
}

static char* written(form write, dt_buffer* buffer) {
  *buffer = (dt_buffer){0};
  assert_int_equal(write(dt_buffer_sink(buffer)), DT_OK);
  assert_int_equal(dt_sink_write(dt_buffer_sink(buffer), "", 1), DT_OK);
  return (char*)buffer->bytes;
}

static int lines_of(const char* text) {
  int lines = 0;
  for (; *text; ++text)
    lines += *text == '\n';
  return lines;
}

static void a_glance_says_tempo_metre_fills_and_swing(void** state) {
  (void)state;
  static const char* const words[] = {"120.0 bpm, 4/4",
                                      "pulse     64 beats",
                                      "97 % sure",
                                      "else 60.0 (15 %)",
                                      "in bar 15",
                                      "1-8",
                                      "1.93:1 (1.80 to 2.10)",
                                      "40 pairs"};
  dt_buffer buffer;
  make();
  char* text = written(text_form, &buffer);
  for (size_t i = 0; i < sizeof words / sizeof *words; ++i)
    if (!strstr(text, words[i]))
      fail_msg("'%s' is not in\n%s", words[i], text);
  assert_null(strchr(text, '\033'));
  for (char* line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
    assert_true(strlen(line) <= 80);
  dt_buffer_clear(&buffer);
  f.beaten.live = &f.live;
  f.beaten.color = true;
  text = written(text_form, &buffer);
  assert_non_null(strstr(text, "locked after 1.8 bars"));
  assert_non_null(strstr(text, "at least 0.55 beats ahead"));
  assert_non_null(strchr(text, '\033'));
  dt_buffer_clear(&buffer);
  f.live.lock_s = (double)NAN;
  text = written(text_form, &buffer);
  assert_non_null(strstr(text, "never locked"));
  dt_buffer_clear(&buffer);
}

static json_t* parsed(form write) {
  dt_buffer buffer;
  json_error_t where;
  json_t* root = json_loads(written(write, &buffer), JSON_REJECT_DUPLICATES, &where);
  if (!root)
    fail_msg("line %d: %s", where.line, where.text);
  dt_buffer_clear(&buffer);
  return root;
}

static const json_t* at(const json_t* root, const char* key, size_t index) {
  return json_array_get(json_object_get(root, key), index);
}

static double number(const json_t* object, const char* key) {
  const json_t* value = json_object_get(object, key);
  assert_true(json_is_number(value));
  return json_number_value(value);
}

static void data_holds_every_beat(void** state) {
  (void)state;
  make();
  json_t* root = parsed(json_form);
  assert_string_equal(json_string_value(json_object_get(root, "file")), "monday.wav");
  assert_string_equal(json_string_value(json_object_get(root, "mode")), "offline");
  assert_int_equal(json_array_size(json_object_get(root, "beats")), BEATS);
  assert_int_equal(json_array_size(json_object_get(root, "sections")), 2);
  assert_near(number(at(root, "beats", 9), "time_s"), 5.5, 1e-9);
  assert_near(number(at(root, "beats", 9), "beat_in_bar"), 2, 0);
  assert_near(number(json_object_get(root, "sound"), "channels"), 2, 0);
  assert_true(json_is_null(json_object_get(root, "live")));
  json_decref(root);
  f.beaten.live = &f.live;
  f.beaten.format = NULL;
  root = parsed(json_form);
  assert_string_equal(json_string_value(json_object_get(root, "mode")), "live");
  assert_true(json_is_null(json_object_get(root, "sound")));
  assert_near(number(json_object_get(root, "live"), "late_strokes"), 3, 0);
  assert_near(number(at(root, "beats", 9), "made_s"), 5.22, 1e-9); /* heard 20 ms later */
  json_decref(root);
}

static void no_pulse_is_said_and_holds_nothing(void** state) {
  (void)state;
  make();
  f.track.beat_count = f.track.section_count = 0;
  f.track.pulse_probability = 0.02;
  json_t* root = parsed(json_form);
  assert_true(json_is_false(json_object_get(root, "has_pulse")));
  assert_int_equal(json_array_size(json_object_get(root, "beats")), 0);
  json_decref(root);
  dt_buffer buffer;
  assert_null(strstr(written(text_form, &buffer), "bpm"));
  dt_buffer_clear(&buffer);
}

static void rows_and_labels_have_a_line_a_beat(void** state) {
  (void)state;
  dt_buffer buffer;
  make();
  assert_int_equal(lines_of(written(csv_form, &buffer)), BEATS + 1);
  dt_buffer_clear(&buffer);
  const char* text = written(labels_form, &buffer);
  assert_int_equal(lines_of(text), BEATS + 1); /* and the fill */
  assert_non_null(strstr(text, "5.500000\t5.500000\t3.2\n"));
  dt_buffer_clear(&buffer);
}

/* ---- two takes ---- */

static dt_comparison comparison;

static dt_status compare_form(dt_sink sink) {
  static dt_verdict verdicts[2];
  verdicts[0].all.stroke_count = 100;
  verdicts[1].all.stroke_count = 120;
  verdicts[0].all.tempo_bpm.value = verdicts[1].all.tempo_bpm.value = 96;
  const dt_compared a = {.name = "take 1", .verdict = &verdicts[0]};
  const dt_compared b = {.name = "take \"2\"", .verdict = &verdicts[1]};
  return dt_report_compare_json(&comparison, &a, &b, "1.2.3", sink);
}

static void changes_are_told_with_their_word(void** state) {
  (void)state;
  const double nan = (double)NAN;
  memset(&comparison, 0, sizeof comparison);
  comparison.seed = UINT64_MAX;
  comparison.draws = 2000;
  comparison.count = 2;
  comparison.changes[0] = (dt_change){
      DT_MEASURE_SCATTER, DT_VOICE_COUNT, DT_KNOWN, 12.0, 9.0, 0.75, 0.6, 0.9, 0.01, true};
  comparison.changes[1] = (dt_change){
      DT_MEASURE_DRIFT, DT_VOICE_COUNT, DT_CANT_TELL, nan, nan, nan, nan, nan, nan, false};
  static const char* const results[] = {"cant_tell", "noise", "real_change"};
  for (size_t k = 0; k < 3; ++k) {
    comparison.known_count = k > 0;
    comparison.real_count = k > 1;
    json_t* root = parsed(compare_form);
    assert_string_equal(json_string_value(json_object_get(root, "result")), results[k]);
    assert_string_equal(json_string_value(json_object_get(root, "seed")), "18446744073709551615");
    assert_string_equal(json_string_value(json_object_get(json_object_get(root, "b"), "name")),
                        "take \"2\"");
    const json_t* first = at(root, "changes", 0);
    assert_string_equal(json_string_value(json_object_get(first, "voice")), "all");
    assert_string_equal(json_string_value(json_object_get(first, "number")), "scatter_ms");
    assert_near(number(first, "change"), 0.75, 1e-9);
    assert_true(json_is_true(json_object_get(first, "is_ratio")));
    assert_true(json_is_null(json_object_get(at(root, "changes", 1), "p")));
    json_decref(root);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_glance_says_tempo_metre_fills_and_swing),
      cmocka_unit_test(data_holds_every_beat),
      cmocka_unit_test(no_pulse_is_said_and_holds_nothing),
      cmocka_unit_test(rows_and_labels_have_a_line_a_beat),
      cmocka_unit_test(changes_are_told_with_their_word),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
