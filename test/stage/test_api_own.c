#include "api_support.h"
#include "dt/chart_text.h"
#include "dt/home_log.h"

static const char groove[] = "title: Mine\ntempo: 96\nmeter: 4/4\nstep: 1/8\n\n"
                             "[Verse]\nhi-hat |xxxxxxxx|\nsnare  |--x---x-|\nkick   |x---x---|\n";

static void an_own_chart_is_kept_listed_drawn_and_removed(void** state) {
  yard* y = *state;
  assert_int_equal(put(y, "/charts/my-groove", groove), 200);
  assert_string_equal(word(y, "name"), "my-groove");
  assert_string_equal(word(y, "title"), "Mine");
  assert_true(json_is_true(field(y, "is_own")));
  assert_string_equal(word(y, "text"), groove);
  assert_int_equal(json_array_size(field(y, "notes")), 12);
  assert_int_equal(json_array_size(field(y, "bar_list")), 1);
  assert_int_equal(ask(y, "/charts"), 200);
  assert_true(body_has(y, "\"my-groove\""));
  assert_true(body_has(y, "\"paradiddle\""));
  assert_int_equal(ask(y, "/charts/my-groove/midi"), 200);
  assert_memory_equal(y->reply.body.bytes, "MThd", 4);
  assert_int_equal(ask(y, "/charts/my-groove/musicxml"), 200);
  assert_true(body_has(y, "<score-partwise"));
  assert_int_equal(ask_with(y, "DELETE", "/charts/my-groove", NULL, 0), 204);
  assert_int_equal(ask(y, "/charts/my-groove"), 404);
  assert_int_equal(ask_with(y, "DELETE", "/charts/my-groove", NULL, 0), 404);
}

static void every_chart_of_the_library_is_answered(void** state) {
  yard* y = *state;
  for (size_t i = 0; dt_chart_library_at(i); i++) {
    char target[96];
    snprintf(target, sizeof target, "/charts/%s", dt_chart_library_at(i)->name);
    if (ask(y, target) != 200)
      fail_msg("%s: %s", target, sentence(y));
    assert_string_equal(word(y, "name"), dt_chart_library_at(i)->name);
  }
}

static void a_wrong_chart_says_line_and_sentence(void** state) {
  yard* y = *state;
  assert_int_equal(put(y, "/charts/bad", "tempo: 96\nsnare |x?x|\n"), 422);
  const json_t* error = field(y, "error");
  assert_int_equal(json_integer_value(json_object_get(error, "line")), 2);
  assert_true(strlen(sentence(y)) > 10);
  assert_int_equal(ask(y, "/charts/bad"), 404);
  assert_int_equal(put(y, "/charts/bad", ""), 422);
  assert_int_equal(ask_with(y, "PUT", "/charts/bad", "tempo: 9\0", 9), 422);
}

/* Whatever a name is made of, no file but charts/NAME.txt is ever touched. */
static void no_path_comes_out_of_a_name(void** state) {
  yard* y = *state;
  static const char* const names[] = {
      "..",
      ".",
      "...",
      "a/b",
      "..%2fx",
      "../../etc/passwd",
      "a.txt",
      "A",
      "a b",
      "-a",
      "_a",
      "\xC3\xA9",
      "a\\b",
      "con:",
      "a\n",
      "~",
      "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklm",
      "*",
  };
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    char target[128];
    snprintf(target, sizeof target, "/charts/%s", names[i]);
    const int status = put(y, target, groove);
    if (status != 422 && status != 404)
      fail_msg("%s: %d", target, status);
    if (ask(y, target) != 404)
      fail_msg("%s is there", target);
    if (ask_with(y, "DELETE", target, NULL, 0) == 204)
      fail_msg("%s was removed", target);
  }
  assert_int_equal(put(y, "/charts/rock", groove), 409);
  assert_int_equal(ask_with(y, "DELETE", "/charts/rock", NULL, 0), 409);
  char path[128];
  snprintf(path, sizeof path, "%s/charts", y->folder);
  assert_int_not_equal(access(path, F_OK), 0); /* nothing was ever made */
}

static void a_file_is_read_as_a_chart_and_not_kept(void** state) {
  yard* y = *state;
  assert_int_equal(ask(y, "/charts/rock/midi"), 200);
  dt_buffer midi = y->reply.body;
  memset(&y->reply.body, 0, sizeof y->reply.body);
  assert_int_equal(ask_with(y, "POST", "/charts/read", midi.bytes, midi.size), 200);
  assert_true(json_array_size(field(y, "notes")) > 4);
  assert_true(strlen(word(y, "text")) > 20);
  dt_buffer_clear(&midi);
  assert_int_equal(ask_with(y, "POST", "/charts/read", groove, strlen(groove)), 200);
  assert_string_equal(word(y, "title"), "Mine");
  assert_int_equal(ask_with(y, "POST", "/charts/read", "RIFF\0\0\0", 7), 422);
  assert_int_equal(ask_with(y, "POST", "/charts/read", NULL, 0), 422);
  assert_int_equal(ask(y, "/charts/mine"), 404);
}

/* Four bars of one note a beat, and the same on the drums' channel. */
static size_t write_band(unsigned char bytes[256], int channel) {
  static const unsigned char head[] = {'M', 'T', 'h',  'd', 0,   0,   0,   6, 0, 0, 0,
                                       1,   1,   0xE0, 'M', 'T', 'r', 'k', 0, 0, 0, 16 * 9 + 4};
  size_t size = sizeof head;
  memcpy(bytes, head, sizeof head);
  for (int i = 0; i < 16; i++) {
    const unsigned char note[] = {0,    (unsigned char)(0x90 + channel), 40, 80, 0x83,
                                  0x60, (unsigned char)(0x80 + channel), 40, 0};
    memcpy(bytes + size, note, sizeof note);
    size += sizeof note;
  }
  memcpy(bytes + size, "\0\xFF\x2F", 4);
  return size + 4;
}

static void a_band_is_kept_listed_and_removed(void** state) {
  yard* y = *state;
  unsigned char bytes[256];
  const size_t size = write_band(bytes, 0);
  assert_int_equal(ask(y, "/bands"), 200);
  assert_int_equal(json_array_size(field(y, "bands")), 0);
  assert_true(json_is_null(field(y, "given")));
  assert_int_equal(ask_with(y, "PUT", "/bands/walking", bytes, size), 200);
  assert_int_equal(json_integer_value(field(y, "bars")), 4);
  assert_int_equal(ask(y, "/bands"), 200);
  assert_int_equal(json_array_size(field(y, "bands")), 1);
  assert_true(body_has(y, "\"walking\""));
  assert_int_equal(ask_with(y, "DELETE", "/bands/walking", NULL, 0), 204);
  assert_int_equal(ask_with(y, "DELETE", "/bands/walking", NULL, 0), 404);
}

static void what_is_no_band_is_not_kept(void** state) {
  yard* y = *state;
  unsigned char bytes[256];
  const size_t size = write_band(bytes, 0);
  static const char* const names[] = {"none", "..", "a.mid", "A", "-a", "a%2fb", "..%2f..%2fetc"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    char target[64];
    snprintf(target, sizeof target, "/bands/%s", names[i]);
    const int status = ask_with(y, "PUT", target, bytes, size);
    if (status != 422 && status != 404)
      fail_msg("%s: %d", target, status);
  }
  assert_int_equal(ask_with(y, "PUT", "/bands/cut", bytes, size - 40), 422);
  assert_int_equal(ask_with(y, "PUT", "/bands/letter", "Dear teacher", 12), 422);
  assert_int_equal(ask_with(y, "PUT", "/bands/empty", NULL, 0), 422);
  const size_t drums = write_band(bytes, 9);
  assert_int_equal(ask_with(y, "PUT", "/bands/drums", bytes, drums), 422);
  assert_true(strlen(sentence(y)) > 10);
  char path[128];
  snprintf(path, sizeof path, "%s/bands", y->folder);
  assert_int_not_equal(access(path, F_OK), 0); /* nothing was ever made */
}

static void the_plan_is_kept_as_it_was_written(void** state) {
  yard* y = *state;
  static const char plan[] = "name: Tuesday\ntone: kind\n\n[paradiddle]\nmode: ladder\n"
                             "from: 90 bpm\nto: 220 bpm\nminutes: 10\n";
  assert_int_equal(ask(y, "/plan"), 200);
  assert_string_equal(word(y, "text"), "");
  assert_int_equal(json_array_size(field(y, "exercises")), 0);
  assert_int_equal(put(y, "/plan", plan), 200);
  assert_int_equal(ask(y, "/plan"), 200);
  assert_string_equal(word(y, "text"), plan);
  assert_string_equal(word(y, "tone"), "kind");
  const json_t* exercise = json_array_get(field(y, "exercises"), 0);
  assert_string_equal(json_string_value(json_object_get(exercise, "text")),
                      "ladder, 90 to 220 bpm, 10 min");
  assert_int_equal(put(y, "/plan", "[rock]\nmode: sideways\n"), 422);
  assert_int_equal(json_integer_value(json_object_get(field(y, "error"), "line")), 2);
  assert_int_equal(put(y, "/plan", "name: x\n\n[../../etc/passwd]\nminutes: 5\n"), 422);
  assert_int_equal(json_integer_value(json_object_get(field(y, "error"), "line")), 3);
  assert_int_equal(put(y, "/plan", "[/etc/passwd]\n"), 422);
  assert_int_equal(ask(y, "/plan"), 200);
  assert_string_equal(word(y, "text"), plan);
}

static void settings_change_one_by_one_and_stay(void** state) {
  yard* y = *state;
  assert_int_equal(ask(y, "/settings"), 200);
  assert_true(json_is_null(field(y, "audio")));
  assert_string_equal(word(y, "theme"), "auto");
  assert_int_equal(put(y, "/settings", "{\"latency_ms\": 9}"), 422);
  assert_int_equal(put(y, "/settings", "{\"audio\": \"jack\", \"theme\": \"stage\"}"), 200);
  assert_int_equal(put(y, "/settings", "{\"latency_ms\": 12.5, \"midi\": \"any\"}"), 200);
  assert_int_equal(ask(y, "/settings"), 200);
  assert_string_equal(word(y, "audio"), "jack");
  assert_string_equal(word(y, "midi"), "any");
  assert_string_equal(word(y, "theme"), "stage");
  assert_true(number(y, "latency_ms") == 12.5);
  assert_int_equal(strlen(word(y, "latency_day")), 10);
  assert_int_equal(put(y, "/settings", "{\"kit_text\": \"22 hihat_closed\\n\"}"), 200);
  assert_string_equal(word(y, "kit"), "page.kit");
  assert_int_equal(put(y, "/settings", "{\"kit\": null, \"latency_ms\": null}"), 200);
  assert_true(json_is_null(field(y, "kit")));
  assert_true(json_is_null(field(y, "latency_ms")));
  yard_forget(y); /* another start finds them again */
  dt__api_free(y->api);
  yard_open(y);
  assert_int_equal(ask(y, "/settings"), 200);
  assert_string_equal(word(y, "theme"), "stage");
  assert_string_equal(word(y, "audio"), "jack");
}

static void a_wrong_setting_changes_nothing(void** state) {
  yard* y = *state;
  static const char* const wrong[] = {
      "",
      "[]",
      "{",
      "{\"colour\": 1}",
      "{\"co\\nlour\\u0001\": 1}",
      "{\"theme\": \"pink\"}",
      "{\"theme\": 7}",
      "{\"audio\": \"a\\nlatency 1\"}",
      "{\"audio\": \"a\\u0000b\"}",
      "{\"kit\": \"/etc/passwd\"}",
      "{\"kit_text\": \"99999 snare\"}",
      "{\"latency_ms\": 3000, \"audio\": \"jack\"}",
      "{\"audio\": \"jack\", \"audio\": \"alsa\"}",
      "{\"audio\": \"jack\", \"midi\": 5}",
  };
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    if (put(y, "/settings", wrong[i]) != 422)
      fail_msg("%s: %d", wrong[i], y->reply.status);
    assert_true(strlen(sentence(y)) > 10);
    assert_null(strpbrk(sentence(y), "\n\r\1"));
  }
  assert_int_equal(ask(y, "/settings"), 200);
  assert_true(json_is_null(field(y, "audio")));
}

static void devices_say_what_there_is_and_what_is_chosen(void** state) {
  yard* y = *state;
  assert_int_equal(put(y, "/settings", "{\"audio\": \"null\", \"midi\": \"my kit\"}"), 200);
  assert_int_equal(ask(y, "/devices"), 200);
  bool is_found = false;
  size_t i = 0;
  const json_t* one = NULL;
  json_array_foreach(field(y, "sound"), i, one) {
    if (strcmp(json_string_value(json_object_get(one, "name")), "null") == 0)
      is_found = json_is_true(json_object_get(one, "is_chosen"));
  }
  assert_true(is_found);
  is_found = false;
  json_array_foreach(field(y, "midi"), i, one) {
    is_found = is_found || (json_is_true(json_object_get(one, "is_chosen")) &&
                            strcmp(json_string_value(json_object_get(one, "name")), "my kit") == 0);
  }
  assert_true(is_found);
}

static void log_day(const yard* y, int64_t day, double bpm, double cold_bpm) {
  char path[128];
  dt_error err = {0};
  dt_past past = {.day = day,
                  .chart = "paradiddle",
                  .played_s = 300,
                  .takes = 10,
                  .clean_takes = 7,
                  .bpm = bpm,
                  .low_bpm = bpm - 4,
                  .high_bpm = bpm + 4,
                  .sd = 0.02,
                  .top_bpm = bpm,
                  .cold_bpm = cold_bpm,
                  .cold_kept = cold_bpm > 0};
  snprintf(path, sizeof path, "%s/practice.log", y->folder);
  assert_int_equal(dt_practice_log_add(path, &past, &err), DT_OK);
}

static void progress_has_curve_calendar_records_and_today(void** state) {
  yard* y = *state;
  assert_int_equal(ask(y, "/progress"), 200);
  assert_int_equal(json_array_size(field(y, "exercises")), 0);
  log_day(y, 20000, 100, 0);
  log_day(y, 20000, 104, 0);
  log_day(y, 20003, 110, 98);
  assert_int_equal(ask(y, "/progress?chart=paradiddle"), 200);
  const json_t* exercise = json_array_get(field(y, "exercises"), 0);
  assert_int_equal(json_array_size(json_object_get(exercise, "points")), 3);
  assert_int_equal(json_array_size(field(y, "days")), 2);
  const json_t* day = json_array_get(field(y, "days"), 0);
  assert_string_equal(json_string_value(json_object_get(day, "day")), "2024-10-04");
  assert_true(json_number_value(json_object_get(day, "minutes")) == 10);
  assert_int_equal(json_array_size(field(y, "records")), 2);
  assert_int_equal(json_array_size(field(y, "today")), 1);
  assert_int_equal(ask(y, "/progress?chart=rock"), 200);
  assert_int_equal(json_array_size(field(y, "days")), 0);
}

int main(void) {
#define ONE(name) cmocka_unit_test_setup_teardown(name, yard_begin, yard_end)
  const struct CMUnitTest tests[] = {
      ONE(an_own_chart_is_kept_listed_drawn_and_removed),
      ONE(every_chart_of_the_library_is_answered),
      ONE(a_wrong_chart_says_line_and_sentence),
      ONE(no_path_comes_out_of_a_name),
      ONE(a_file_is_read_as_a_chart_and_not_kept),
      ONE(a_band_is_kept_listed_and_removed),
      ONE(what_is_no_band_is_not_kept),
      ONE(the_plan_is_kept_as_it_was_written),
      ONE(settings_change_one_by_one_and_stay),
      ONE(a_wrong_setting_changes_nothing),
      ONE(devices_say_what_there_is_and_what_is_chosen),
      ONE(progress_has_curve_calendar_records_and_today),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
