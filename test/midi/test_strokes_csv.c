#include "dt/strokes_csv.h"

#include <math.h>

#include "../support/failing_allocator.h"

static dt_strokes parse_ok(const char* text) {
  dt_strokes strokes;
  dt_error err = {.sentence = ""};
  if (dt_strokes_parse_csv(&strokes, NULL, text, strlen(text), &err) != DT_OK)
    fail_msg("%s", err.sentence);
  return strokes;
}

static void reads_the_takes_format(void** state) {
  (void)state;
  dt_strokes strokes = parse_ok("time_s,drum,velocity,note\n"
                                "0.795833,kick,92,36\n"
                                "-0.0017,hihat_closed,,\n"
                                "\n"
                                "1e1,tom_low,0.5,41\n");
  assert_int_equal(strokes.count, 3);
  assert_true(strokes.items[0].time_s == -0.0017); /* sorted */
  assert_int_equal(strokes.items[0].drum, DT_HIHAT_CLOSED);
  assert_true(strokes.items[0].velocity == 0.0F);
  assert_int_equal(strokes.items[0].note, -1);
  assert_true(strokes.items[0].openness == -1.0F);
  assert_true(strokes.items[0].confidence == 1.0F);
  assert_true(strokes.items[1].time_s == 0.795833);
  assert_int_equal(strokes.items[1].note, 36);
  assert_true(strokes.items[2].time_s == 10.0);
  assert_true(strokes.items[2].velocity == 0.5F);
  dt_strokes_clear(&strokes, NULL);
}

static void other_columns_in_any_order_mark_and_carriage_returns(void** state) {
  (void)state;
  dt_strokes strokes =
      parse_ok("\xEF\xBB\xBFtime_s,drum,velocity,grid_s,choke_s,confidence,openness\r\n"
               "0.5,crash,100,whatever \"it\" is,0.25,0.75,-1\r\n"
               "0.6,hihat,100,,,,0.5");
  assert_int_equal(strokes.count, 2);
  assert_true(strokes.items[0].choke_s == 0.25F);
  assert_true(strokes.items[0].confidence == 0.75F);
  assert_true(strokes.items[0].openness == -1.0F);
  assert_true(strokes.items[1].openness == 0.5F);
  assert_true(strokes.items[1].confidence == 1.0F);
  dt_strokes_clear(&strokes, NULL);
}

static void a_list_without_strokes_is_a_list(void** state) {
  (void)state;
  dt_take take;
  static const char text[] = "time_s,drum,velocity\n";
  assert_int_equal(dt_take_from_csv(&take, NULL, text, sizeof text - 1, NULL), DT_OK);
  assert_int_equal(take.strokes.count, 0);
  assert_true(take.duration_s == 0.0);
  dt_take_clear(&take, NULL);
}

static void the_take_lasts_to_its_last_stroke(void** state) {
  (void)state;
  dt_take take;
  static const char text[] = "time_s,drum,velocity\n2.5,kick,1\n1,kick,1\n";
  assert_int_equal(dt_take_from_csv(&take, NULL, text, sizeof text - 1, NULL), DT_OK);
  assert_true(take.duration_s == 2.5);
  assert_false(take.has_click);
  dt_take_clear(&take, NULL);
}

static void a_wrong_line_is_named(void** state) {
  (void)state;
#define HEAD "time_s,drum,velocity\n"
  static const struct {
    const char* text;
    const char* sentence;
  } cases[] = {
      {"", "Line 1: nothing here"},
      {"\n" HEAD, "Line 1: a list of strokes begins with"},
      {"drum,time_s,velocity\n", "Line 1: a list of strokes begins with"},
      {"time_s,drum\n", "Line 1: a list of strokes begins with"},
      {"time_s,drum,velocity,note,note\n", "Line 1: the column note stands twice"},
      {HEAD "1,kick\n", "Line 2: 2 fields"},
      {HEAD "1,kick,1,2\n", "Line 2: more than the 3 fields"},
      {HEAD "1,kick,1\n1,bongo,2\n", "Line 3: \"bongo\" is no drum"},
      {HEAD "1,,1\n", "Line 2: \"\" is no drum"},
      {HEAD ",kick,1\n", "Line 2: time_s is \"\""},
      {HEAD "0x10,kick,1\n", "Line 2: time_s is \"0x10\""},
      {HEAD "nan,kick,1\n", "Line 2: time_s is \"nan\""},
      {HEAD "inf,kick,1\n", "Line 2: time_s is \"inf\""},
      {HEAD "1e999,kick,1\n", "Line 2: time_s is \"1e999\""},
      {HEAD "1.2.3,kick,1\n", "Line 2: time_s is \"1.2.3\""},
      {HEAD " 1,kick,1\n", "Line 2: time_s is \" 1\""},
      {HEAD "\"1\",kick,1\n", "Line 2: time_s is \"\"1\"\""},
      {HEAD "-2,kick,1\n", "Line 2: time_s is \"-2\", outside"},
      {HEAD "1,kick,128\n", "Line 2: velocity is \"128\", outside"},
      {HEAD "1,kick,-1\n", "Line 2: velocity is \"-1\", outside"},
      {HEAD "11111111111111111111111111111111111111111111,kick,1\n",
       "Line 2: time_s is \"111111111111111111111...\""},
      {"time_s,drum,velocity,note\n1,kick,1,36.5\n", "Line 2: note is not a whole"},
      {"time_s,drum,velocity,note\n1,kick,1,128\n", "Line 2: note is \"128\", outside"},
      {"time_s,drum,velocity,note\n1,kick,1,3688888888888\n", "Line 2: note is \"36888"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    dt_strokes strokes;
    dt_error err = {.sentence = ""};
    assert_int_equal(
        dt_strokes_parse_csv(&strokes, NULL, cases[i].text, strlen(cases[i].text), &err),
        DT_BAD_DATA);
    if (strstr(err.sentence, cases[i].sentence) != err.sentence)
      fail_msg("\"%s\" does not begin with \"%s\"", err.sentence, cases[i].sentence);
    assert_null(strokes.items);
  }
  dt_strokes strokes;
  static const char late[] = HEAD "1e6,kick,1\n";
  assert_int_equal(dt_strokes_parse_csv(&strokes, NULL, late, sizeof late - 1, NULL), DT_TOO_LARGE);
}

static void a_nul_byte_is_no_end(void** state) {
  (void)state;
  static const char text[] = HEAD "1\0,kick,1\n";
  dt_strokes strokes;
  assert_int_equal(dt_strokes_parse_csv(&strokes, NULL, text, sizeof text - 1, NULL), DT_BAD_DATA);
  static const char drum[] = HEAD "1,kick\0,1\n";
  assert_int_equal(dt_strokes_parse_csv(&strokes, NULL, drum, sizeof drum - 1, NULL), DT_BAD_DATA);
}

static void is_known_by_its_first_bytes(void** state) {
  (void)state;
  assert_true(dt_strokes_csv_is("time_s,drum", 11));
  assert_true(dt_strokes_csv_is("\xEF\xBB\xBFtime_s", 9));
  assert_false(dt_strokes_csv_is("time", 4));
  assert_false(dt_strokes_csv_is("MThd\0\0", 6));
  assert_false(dt_strokes_csv_is("", 0));
}

static bool parse_and_clear(const dt_allocator* allocator, void* ctx) {
  const char* text = ctx;
  dt_strokes strokes;
  dt_error err = {.sentence = ""};
  const dt_status status = dt_strokes_parse_csv(&strokes, allocator, text, strlen(text), &err);
  if (status != DT_OK) {
    assert_int_equal(status, DT_NO_MEMORY);
    assert_true(err.sentence[0] != '\0');
  }
  dt_strokes_clear(&strokes, allocator);
  return status == DT_OK;
}

static void no_memory_is_a_status(void** state) {
  (void)state;
  char text[4096] = HEAD;
  for (int i = 0; i < 100; ++i)
    strcat(text, "1,kick,100\n");
  assert_true(dt_failing_sweep(parse_and_clear, text) >= 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_the_takes_format),
      cmocka_unit_test(other_columns_in_any_order_mark_and_carriage_returns),
      cmocka_unit_test(a_list_without_strokes_is_a_list),
      cmocka_unit_test(the_take_lasts_to_its_last_stroke),
      cmocka_unit_test(a_wrong_line_is_named),
      cmocka_unit_test(a_nul_byte_is_no_end),
      cmocka_unit_test(is_known_by_its_first_bytes),
      cmocka_unit_test(no_memory_is_a_status),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
