/* JSON lines: out, in and out again is the same; what is wrong is said and refused. */
#include "store_support.h"

static void export_import_export_gives_the_same_bytes(void** state) {
  (void)state;
  static const char* const how[] = {"scatter=9ms", "scatter=9ms drift=+3bpm/min miss=5%",
                                    "pink=5ms hihat.scatter=2x"};
  const dt__yard yard = dt__yard_new();
  const dt__yard other_yard = dt__yard_new();
  dt_store* store = dt__opened(yard.path);
  dt_store* other = dt__opened(other_yard.path);
  for (int i = 0; i < 3; ++i) {
    dt__made made = dt__made_take(how[i], 6, (uint64_t)i + 1);
    made.record.number = 10 * (i + 1);
    made.record.chart = i == 1 ? "bad \xFF bytes" : NULL;
    if (i == 2) {
      made.record.take.has_click = false;
      made.record.judged = NULL;
      made.record.judged_count = 0;
      made.record.report = NULL;
    }
    const int64_t number = dt__saved(store, &made.record);
    assert_int_equal(number, 10 * (i + 1));
    dt_buffer line = dt__exported(store, number);
    dt_record read;
    dt_error err = {.sentence = ""};
    if (dt_record_read(&read, NULL, (const char*)line.bytes, line.size - 1, &err) != DT_OK)
      fail_msg("%s", err.sentence);
    assert_int_equal(read.take.strokes.count, made.record.take.strokes.count);
    for (size_t k = 0; k < read.take.strokes.count; ++k) {
      assert_true(read.take.strokes.items[k].time_s == made.record.take.strokes.items[k].time_s);
      if (read.judged && !isnan(made.record.judged[k].residual_ms))
        assert_true(read.judged[k].residual_ms == made.record.judged[k].residual_ms);
    }
    assert_int_equal(dt__saved(other, &read), number);
    dt_record_clear(&read, NULL);
    dt_buffer again = dt__exported(other, number);
    assert_string_equal((const char*)line.bytes, (const char*)again.bytes);
    assert_null(memchr(line.bytes, '\n', line.size - 2)); /* one line */
    dt_buffer_clear(&line);
    dt_buffer_clear(&again);
    dt__made_clear(&made);
  }
  dt_store_close(store);
  dt_store_close(other);
  dt__yard_clear(&yard);
  dt__yard_clear(&other_yard);
}

#define HEAD "{\"schema\":\"doubletime.take/1\",\"take\":1,\"taken_at_s\":5,"
#define TAKE                                                                                       \
  "\"source\":\"midi\",\"duration_s\":9,\"clock_jitter_s\":0,\"clock_bias_s\":0,"                  \
  "\"ignored_notes\":0,"
#define SETTINGS "\"settings\":{\"grid\":\"free\",\"meter\":[4,4],\"level\":\"pro\"},"
#define NOTHING  "{\"known\":\"cant_tell\",\"value\":null}"
#define VERDICT                                                                                    \
  "\"verdict\":{\"word\":\"rushing\",\"strokes\":2,\"bars\":1.5,\"placement_ms\":" NOTHING         \
  ",\"drift_bpm_per_min\":" NOTHING ",\"scatter_ms\":" NOTHING "},"
#define STROKES(times, drums)                                                                      \
  "\"strokes\":{\"time_s\":" times ",\"drum\":" drums                                              \
  ",\"velocity\":[1,2],\"openness\":[-1,-1],\"confidence\":[1,1],\"choke_s\":[0,0],\"note\":[-"    \
  "1,36]}}"
#define GOOD HEAD TAKE SETTINGS VERDICT STROKES("[1,2e0]", "[\"kick\",\"snare\"]")

static void a_line_by_another_hand_is_read(void** state) {
  (void)state;
  static const char line[] = GOOD;
  dt_record record;
  dt_error err = {.sentence = ""};
  if (dt_record_read(&record, NULL, line, strlen(line), &err) != DT_OK)
    fail_msg("%s", err.sentence);
  assert_int_equal(record.take.strokes.count, 2);
  assert_int_equal(record.take.strokes.items[1].drum, DT_SNARE);
  assert_true(record.take.strokes.items[1].time_s == 2);
  assert_true(record.take.latency_s == 0); /* lines of older programs do not have it */
  assert_null(record.judged);
  assert_null(record.player);
  assert_int_equal(record.summary.missed_count, -1);
  dt_record_clear(&record, NULL);
}

typedef struct bad_line {
  const char* line;
  dt_status status;
  const char* words;
} bad_line;

static void a_bad_line_is_refused_with_its_reason(void** state) {
  (void)state;
  static const bad_line bad[] = {
      {"", DT_BAD_DATA, "not JSON"},
      {"[]", DT_BAD_DATA, "object"},
      {"{}", DT_UNSUPPORTED, "schema"},
      {"{\"schema\":\"doubletime.take/2\"}", DT_UNSUPPORTED, "newer"},
      {HEAD HEAD TAKE, DT_BAD_DATA, "not JSON"},
      {HEAD "\"take\":2," TAKE SETTINGS VERDICT STROKES("[1,2]", "[\"kick\",\"snare\"]"),
       DT_BAD_DATA, "duplicate"},
      {HEAD SETTINGS VERDICT STROKES("[1,2]", "[\"kick\",\"snare\"]"), DT_BAD_DATA, "source"},
      {HEAD TAKE VERDICT STROKES("[1,2]", "[\"kick\",\"snare\"]"), DT_BAD_DATA, "settings"},
      {HEAD TAKE SETTINGS STROKES("[1,2]", "[\"kick\",\"snare\"]"), DT_BAD_DATA, "verdict"},
      {HEAD TAKE SETTINGS VERDICT "\"strokes\":[]}", DT_BAD_DATA, "strokes"},
      {HEAD TAKE SETTINGS VERDICT STROKES("[1,2,3]", "[\"kick\",\"snare\"]"), DT_BAD_DATA,
       "as long as"},
      {HEAD TAKE SETTINGS VERDICT STROKES("[1,NaN]", "[\"kick\",\"snare\"]"), DT_BAD_DATA,
       "not JSON"},
      {HEAD TAKE SETTINGS VERDICT STROKES("[1,1e999]", "[\"kick\",\"snare\"]"), DT_BAD_DATA,
       "not JSON"},
      {HEAD TAKE SETTINGS VERDICT STROKES("[1,1e300]", "[\"kick\",\"snare\"]"), DT_BAD_DATA,
       "value 2 of \"time_s\""},
      {HEAD TAKE SETTINGS VERDICT STROKES("[1,null]", "[\"kick\",\"snare\"]"), DT_BAD_DATA,
       "time_s"},
      {HEAD TAKE SETTINGS VERDICT STROKES("[2,1]", "[\"kick\",\"snare\"]"), DT_BAD_DATA,
       "out of order"},
      {HEAD TAKE SETTINGS VERDICT STROKES("[1,2]", "[\"kick\",\"gong\"]"), DT_BAD_DATA, "drum"},
      {HEAD "\"player\":7," TAKE SETTINGS VERDICT STROKES("[1,2]", "[\"kick\",\"snare\"]"),
       DT_BAD_DATA, "player"},
      {HEAD "\"player\":\"\"," TAKE SETTINGS VERDICT STROKES("[1,2]", "[\"kick\",\"snare\"]"),
       DT_BAD_DATA, "player"},
      {HEAD "\"report\":[1]," TAKE SETTINGS VERDICT STROKES("[1,2]", "[\"kick\",\"snare\"]"),
       DT_BAD_DATA, "report"},
      {HEAD "\"click\":{\"ticks_per_quarter\":0}," TAKE SETTINGS VERDICT STROKES(
           "[1,2]", "[\"kick\",\"snare\"]"),
       DT_BAD_DATA, "click"},
      {HEAD "\"click\":{\"ticks_per_quarter\":9,\"tempi\":[[0,-1]],\"meters\":[]}," TAKE SETTINGS
           VERDICT STROKES("[1,2]", "[\"kick\",\"snare\"]"),
       DT_BAD_DATA, "click"},
      {"{\"schema\":\"doubletime.take/1\",\"take\":99999999999999999999}", DT_BAD_DATA, "not JSON"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
    dt_record record;
    dt_error err = {.sentence = ""};
    const dt_status status = dt_record_read(&record, NULL, bad[i].line, strlen(bad[i].line), &err);
    if (status != bad[i].status || !strstr(err.sentence, bad[i].words))
      fail_msg("%s: status %d, '%s' (wanted '%s')", bad[i].line, (int)status, err.sentence,
               bad[i].words);
  }
}

static void a_deep_line_is_refused(void** state) {
  (void)state;
  enum { DEEP = 1000000 };
  char* line = malloc(DEEP);
  assert_non_null(line);
  memset(line, '[', DEEP);
  dt_record record;
  assert_int_equal(dt_record_read(&record, NULL, line, DEEP, NULL), DT_BAD_DATA);
  free(line);
}

static void a_zero_byte_is_refused(void** state) {
  (void)state;
  static const char line[] = HEAD
      "\"report\":{\"x\":1.5\0}," TAKE SETTINGS VERDICT STROKES("[1,2]", "[\"kick\",\"snare\"]");
  dt_record record;
  assert_int_equal(dt_record_read(&record, NULL, line, sizeof line - 1, NULL), DT_BAD_DATA);
}

static bool read_once(const dt_allocator* allocator, void* ctx) {
  const dt_buffer* line = ctx;
  dt_record record;
  const dt_status status =
      dt_record_read(&record, allocator, (const char*)line->bytes, line->size - 1, NULL);
  if (status != DT_OK) {
    assert_int_equal(status, DT_NO_MEMORY);
    return false;
  }
  dt_record_clear(&record, allocator);
  return true;
}

static void reading_survives_want_of_memory(void** state) {
  (void)state;
  dt__made made = dt__made_take("scatter=9ms", 4, 1);
  dt_buffer line = {0};
  assert_int_equal(dt_record_write(&made.record, dt_buffer_sink(&line)), DT_OK);
  assert_int_equal(dt_sink_write(dt_buffer_sink(&line), "", 1), DT_OK);
  assert_true(dt_failing_sweep(read_once, &line) >= 4);
  dt_buffer_clear(&line);
  dt__made_clear(&made);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(export_import_export_gives_the_same_bytes),
      cmocka_unit_test(a_line_by_another_hand_is_read),
      cmocka_unit_test(a_bad_line_is_refused_with_its_reason),
      cmocka_unit_test(a_zero_byte_is_refused),
      cmocka_unit_test(a_deep_line_is_refused),
      cmocka_unit_test(reading_survives_want_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
