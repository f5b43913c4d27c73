#include "api_support.h"

static void the_history_comes_in_pages_without_a_hole(void** state) {
  yard* y = *state;
  int64_t seen[8];
  size_t count = 0;
  char target[64] = "/takes?limit=2";
  assert_int_equal(ask(y, "/takes"), 200);
  assert_int_equal(json_array_size(field(y, "takes")), 0);
  for (int i = 0; i < 5; i++) /* two of the same second */
    assert_int_equal(keep(y, "rock", 0.006, (uint64_t)i + 1, 1000 + i / 2), i + 1);
  for (bool more = true; more && count < 8;) {
    assert_int_equal(ask(y, target), 200);
    const json_t* takes = field(y, "takes");
    for (size_t i = 0; i < json_array_size(takes); i++)
      seen[count++] = json_integer_value(json_object_get(json_array_get(takes, i), "take"));
    more = json_is_integer(field(y, "next"));
    snprintf(target, sizeof target, "/takes?limit=2&before=%lld",
             (long long)json_integer_value(field(y, "next")));
  }
  assert_int_equal(count, 5);
  for (int i = 0; i < 5; i++)
    assert_int_equal(seen[i], 5 - i);
  assert_int_equal(ask(y, "/takes?chart=rock&drum=snare&since=1001&limit=1000"), 200);
  assert_int_equal(json_array_size(field(y, "takes")), 3);
  assert_int_equal(ask(y, "/takes?chart=nothing"), 200);
  assert_int_equal(json_array_size(field(y, "takes")), 0);
}

static void a_wrong_question_gets_a_sentence(void** state) {
  yard* y = *state;
  static const char* const wrong[] = {
      "/takes?limit=0",
      "/takes?limit=many",
      "/takes?word=lovely",
      "/takes?drum=triangle",
      "/takes?before=-1",
      "/takes?since=yesterday",
      "/takes?limit=1001",
      "/compare",
      "/compare?a=1",
      "/compare?a=1&b=x",
      "/takes/1/wave?points=0",
      "/takes/1/wave?from_s=nan",
      "/takes/1/strokes?format=xml",
      "/takes/1/wave?from_s=3&to_s=2",
  };
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    if (ask(y, wrong[i]) != 422)
      fail_msg("%s: %d", wrong[i], y->reply.status);
    assert_true(strlen(sentence(y)) > 10);
  }
  static const char* const nowhere[] = {
      "/takes/0",
      "/takes/12",
      "/takes/ninety",
      "/takes/9999999999999999999",
      "/takes/1/lyrics",
      "/takes//verdict",
      "/",
      "",
      "/takes/",
      "/charts/no-such",
      "/uploads/u9",
      "/takes/1/sound",
      "/takes/1/wave",
      "/takes/7/page",
      "/compare?a=1&b=2",
  };
  for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
    if (ask(y, nowhere[i]) != 404)
      fail_msg("%s: %d", nowhere[i], y->reply.status);
    assert_true(strlen(sentence(y)) > 10);
  }
  assert_int_equal(ask_with(y, "DELETE", "/takes/1", NULL, 0), 405);
  assert_non_null(strstr(sentence(y), "forgets nothing"));
  assert_int_equal(ask_with(y, "POST", "/charts/rock", NULL, 0), 405);
  assert_non_null(strstr(sentence(y), "GET or PUT or DELETE"));
}

/* What the judge said then, with every stroke: as `judge --json` writes it. */
static void the_verdict_comes_back_whole(void** state) {
  yard* y = *state;
  const int64_t number_of_it = keep(y, "paradiddle", 0.005, 1, 5000);
  assert_int_equal(number_of_it, 1);
  assert_int_equal(ask(y, "/takes/1/verdict"), 200);
  assert_string_equal(word(y, "schema"), "doubletime.judge/1");
  assert_string_equal(word(y, "version"), "test");
  assert_true(json_array_size(field(y, "strokes")) >= 64);
  assert_non_null(field(y, "chart"));
  assert_non_null(field(y, "study"));
  const size_t strokes = json_array_size(field(y, "strokes"));
  assert_int_equal(ask(y, "/takes/1/strokes"), 200);
  assert_int_equal(json_array_size(field(y, "strokes")), strokes);
  const json_t* first = json_array_get(field(y, "strokes"), 0);
  assert_true(json_is_number(json_object_get(first, "asynchrony_ms")));
  assert_int_equal(ask(y, "/takes/1/strokes?format=csv"), 200);
  assert_true(body_has(y, "time_s,drum,velocity"));
  assert_string_equal(y->reply.download, "doubletime-take-1.csv");
  assert_int_equal(ask(y, "/takes/1/strokes?format=midi"), 200);
  assert_memory_equal(y->reply.body.bytes, "MThd", 4);
}

static void a_take_says_what_it_was_judged_by(void** state) {
  yard* y = *state;
  assert_int_equal(keep(y, "rock", 0.005, 1, 5000), 1);
  assert_int_equal(ask(y, "/takes/1"), 200);
  assert_int_equal((int)number(y, "taken_at_s"), 5000);
  assert_string_equal(word(y, "chart"), "rock");
  assert_string_equal(word(y, "level"), "player");
  assert_true(json_is_false(field(y, "has_sound")));
  const json_t* settings = field(y, "settings");
  assert_string_equal(json_string_value(json_object_get(settings, "grid")), "tempo");
  assert_int_equal(ask_with(y, "HEAD", "/takes/1", NULL, 0), 200);
}

static void a_page_stands_by_itself(void** state) {
  yard* y = *state;
  assert_int_equal(keep(y, "rock", 0.005, 1, 5000), 1);
  assert_int_equal(ask(y, "/takes/1/page?download=1"), 200);
  assert_true(body_has(y, "<!DOCTYPE html>") || body_has(y, "<!doctype html>"));
  assert_string_equal(y->reply.download, "doubletime-take-1.html");
  assert_false(body_has(y, "<script"));
}

static void two_takes_are_compared(void** state) {
  yard* y = *state;
  assert_int_equal(keep(y, "rock", 0.004, 1, 5000), 1);
  assert_int_equal(keep(y, "rock", 0.020, 2, 6000), 2);
  assert_int_equal(ask(y, "/compare?a=1&b=2"), 200);
  assert_string_equal(word(y, "schema"), "doubletime.compare/1");
  assert_string_equal(word(y, "result"), "real_change");
  assert_int_equal(ask(y, "/compare?a=1&b=1"), 200);
  assert_string_equal(word(y, "result"), "noise");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(the_history_comes_in_pages_without_a_hole, yard_begin,
                                      yard_end),
      cmocka_unit_test_setup_teardown(a_wrong_question_gets_a_sentence, yard_begin, yard_end),
      cmocka_unit_test_setup_teardown(the_verdict_comes_back_whole, yard_begin, yard_end),
      cmocka_unit_test_setup_teardown(a_take_says_what_it_was_judged_by, yard_begin, yard_end),
      cmocka_unit_test_setup_teardown(a_page_stands_by_itself, yard_begin, yard_end),
      cmocka_unit_test_setup_teardown(two_takes_are_compared, yard_begin, yard_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
