/* A plan is what was written: read, written and read again it is the same, and what is wrong is
 * said in one sentence with its line. */

#include "coach_support.h"

static const char WHOLE[] = "# for Tuesday\n"
                            "name: Tuesday\nceiling: 45 min\ntone: stern\nwork: 40 s\n"
                            "rest: 0.5 min\nlong-rest: 240\n\n"
                            "[paradiddle]\nmode: ladder\nfrom: 90 bpm\nto: 220\nminutes: 10\n"
                            "level: pro\n"
                            "[funk]\r\nmode: gap\r\ntempo: 96.5\r\nbars: 16\r\nlimbs: hands\r\n"
                            "subdivisions: 4\r\n";

static dt_plan parsed(const char* text) {
  dt_plan plan;
  dt_error err = {.sentence = ""};
  if (dt_plan_parse(&plan, text, strlen(text), &err) != DT_OK)
    fail_msg("%s", err.sentence);
  return plan;
}

static void everything_is_read(void** state) {
  (void)state;
  const dt_plan plan = parsed(WHOLE);
  assert_string_equal(plan.name, "Tuesday");
  assert_int_equal(plan.tone, DT_TONE_STERN);
  assert_near(plan.limits.ceiling_min, 45.0, 0.0);
  assert_near(plan.limits.work_s, 40.0, 0.0);
  assert_near(plan.limits.rest_s, 30.0, 0.0);
  assert_near(plan.limits.long_rest_s, 240.0, 0.0);
  assert_int_equal(plan.count, 2);
  assert_string_equal(plan.exercises[0].chart, "paradiddle");
  assert_near(plan.exercises[0].from_bpm, 90.0, 0.0);
  assert_near(plan.exercises[0].to_bpm, 220.0, 0.0);
  assert_int_equal(plan.exercises[0].level, DT_LEVEL_PRO);
  assert_int_equal(plan.exercises[1].mode, DT_MODE_GAP);
  assert_near(plan.exercises[1].bpm, 96.5, 0.0);
  assert_int_equal(plan.exercises[1].bars, 16);
  assert_int_equal(plan.exercises[1].limbs, DT_LIMBS_HANDS);
  assert_int_equal(plan.exercises[1].subdivisions, 4);
}

static void written_and_read_again_it_is_the_same(void** state) {
  (void)state;
  const dt_plan plan = parsed(WHOLE);
  dt_buffer text = {0};
  dt_buffer again = {0};
  assert_int_equal(dt_plan_write(&plan, dt_buffer_sink(&text)), DT_OK);
  dt_plan second;
  assert_int_equal(dt_plan_parse(&second, (const char*)text.bytes, text.size, NULL), DT_OK);
  assert_memory_equal(&second.exercises, &plan.exercises, sizeof plan.exercises);
  assert_memory_equal(&second.limits, &plan.limits, sizeof plan.limits);
  assert_int_equal(dt_plan_write(&second, dt_buffer_sink(&again)), DT_OK);
  assert_int_equal(text.size, again.size);
  assert_memory_equal(text.bytes, again.bytes, text.size);
  dt_buffer_clear(&text);
  dt_buffer_clear(&again);
}

static void what_is_wrong_is_said_with_its_line(void** state) {
  (void)state;
  static const struct {
    const char* text;
    const char* says;
  } WRONG[] = {
      {"", "Line 1: A plan needs"},
      {"name: x\n", "Line 1: A plan needs"},
      {"mode: ladder\n", "Line 1: \"mode\" is no setting of a plan"},
      {"[a]\nmode: leader\n", "Line 2: \"leader\" is no mode"},
      {"[a]\nfrom: fast\n", "Line 2: \"fast\": from takes a number from 20 to 400 bpm"},
      {"[a]\nfrom: 500\n", "Line 2: \"500\""},
      {"[a]\nfrom: 90 s\n", "Line 2: \"90 s\""},
      {"[a]\n\n\nfrom: 200\nto: 100\n", "Line 1: A ladder goes from a lower tempo"},
      {"[a]\nbars: 1.5\n", "Line 2: \"1.5\""},
      {"[a]\nmode: own\nmode: own\n", "Line 3: mode is said twice"},
      {"[a\n", "Line 1: \"[a\": a chart's name"},
      {"[]\n", "Line 1: Name a chart"},
      {"[a]\nlimbs: nose\n", "Line 2: \"nose\""},
      {"[a]\nhello\n", "Line 2: \"hello\": write [chart]"},
      {"[a\x01]\n", "Line 1: A name is UTF-8"},
      {"[\xff]\n", "Line 1: A name is UTF-8"},
      {"tone: rude\n", "Line 1: \"rude\" is no tone"},
      {"rest: 11 min\n[a]\n", "Line 1: \"11 min\": rest takes a number from 0 to 600 s"},
      {"[a]\nlevel: god\n", "Line 2: \"god\" is no level"},
  };
  for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; ++i) {
    dt_plan plan;
    dt_error err = {.sentence = ""};
    assert_int_equal(dt_plan_parse(&plan, WRONG[i].text, strlen(WRONG[i].text), &err), DT_BAD_DATA);
    if (strncmp(err.sentence, WRONG[i].says, strlen(WRONG[i].says)) != 0)
      fail_msg("%s\nfor: %s", err.sentence, WRONG[i].text);
    assert_int_equal(plan.count, 0);
  }
}

static void a_plan_too_long_is_refused(void** state) {
  (void)state;
  char text[512] = "";
  for (int i = 0; i <= DT_PLAN_EXERCISES_MAX; ++i)
    strcat(text, "[a]\n");
  dt_plan plan;
  dt_error err = {.sentence = ""};
  assert_int_equal(dt_plan_parse(&plan, text, strlen(text), &err), DT_TOO_LARGE);
  assert_string_equal(err.sentence, "Line 33: A plan has at most 32 exercises");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(everything_is_read),
      cmocka_unit_test(written_and_read_again_it_is_the_same),
      cmocka_unit_test(what_is_wrong_is_said_with_its_line),
      cmocka_unit_test(a_plan_too_long_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
