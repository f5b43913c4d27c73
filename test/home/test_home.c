#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// clang-format off
#include <cmocka.h>
// clang-format on

#include "dt/home.h"
#include "dt/home_charts.h"
#include "dt/home_log.h"
#include "dt/home_setup.h"

static char folder[64];

static int begin(void** state) {
  (void)state;
  snprintf(folder, sizeof folder, "/tmp/dt-home-XXXXXX");
  return mkdtemp(folder) ? 0 : -1;
}

static int end(void** state) {
  char command[96];
  (void)state;
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  return system(command);
}

static const char* in_folder(const char* name) {
  static char path[128];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static void put(const char* path, const char* text) {
  FILE* file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fputs(text, file) >= 0, 1);
  fclose(file);
}

/* ---- where things are ---- */

static void everything_lies_beside_the_database(void** state) {
  char path[DT_HOME_PATH];
  char small[20];
  (void)state;
  setenv("XDG_DATA_HOME", "/data", 1);
  setenv("HOME", "/home/ada", 1);
  assert_true(dt_home_database(path, sizeof path));
  assert_string_equal(path, "/data/doubletime/doubletime.db");
  assert_true(dt_home_beside(path, sizeof path, NULL, "setup"));
  assert_string_equal(path, "/data/doubletime/setup");
  setenv("XDG_DATA_HOME", "relative", 1); /* counts as not set */
  assert_true(dt_home_database(path, sizeof path));
  assert_string_equal(path, "/home/ada/.local/share/doubletime/doubletime.db");
  assert_true(dt_home_beside(path, sizeof path, "own.db", "sounds/1.wav"));
  assert_string_equal(path, "sounds/1.wav");
  assert_true(dt_home_beside(path, sizeof path, "/music/own.db", "setup"));
  assert_string_equal(path, "/music/setup");
  assert_true(dt_home_file(path, sizeof path, "/else", "setup"));
  assert_string_equal(path, "/else/setup");
  assert_false(dt_home_database(small, sizeof small));
  assert_false(dt_home_beside(small, sizeof small, "/music/own.db", "a-long-name-of-a-file"));
  unsetenv("XDG_DATA_HOME");
  unsetenv("HOME");
  assert_false(dt_home_database(path, sizeof path));
  assert_string_equal(dt_home_file_name("/a/b.wav"), "b.wav");
}

static void a_day_is_read_as_it_is_written(void** state) {
  int64_t moment_s = 0;
  char day[16];
  (void)state;
  setenv("TZ", "UTC", 1);
  assert_true(dt_home_read_moment("1970-01-02", false, &moment_s));
  assert_int_equal(moment_s, 86400);
  assert_true(dt_home_read_moment("1970-01-02", true, &moment_s));
  assert_int_equal(moment_s, 2 * 86400 - 1);
  assert_true(dt_home_read_moment("2026-03-01T18:30:05", false, &moment_s));
  dt_home_write_day(moment_s, day, sizeof day);
  assert_string_equal(day, "2026-03-01");
  assert_int_equal(dt_home_day(moment_s), moment_s / 86400);
  assert_int_equal(dt_home_day(951782400), 951782400 / 86400); /* 29 February 2000 */
  static const char* const wrong[] = {
      "",           "2026",        "2026-13-01",         "2026-02-31",
      "2026-3-1",   "20260301",    "2026-03-01 25:00",   "2026-03-01 1",
      "0026-03-01", "2026-03-01x", "2026-03-01 18:30:61"};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
    if (dt_home_read_moment(wrong[i], false, &moment_s))
      fail_msg("'%s' is a moment", wrong[i]);
}

/* ---- the setup ---- */

static void a_setup_comes_back_as_it_was(void** state) {
  dt_setup setup;
  dt_error err = {0};
  bool is_changed = false;
  const dt_port_info info = {.device = "alsa:hw:1,0", .rate_hz = 44100, .period_frames = 128};
  const dt_port_info other = {.device = "jack", .rate_hz = 48000, .period_frames = 256};
  (void)state;
  memset(&setup, 0, sizeof setup);
  assert_true(dt_setup_choose(setup.device, sizeof setup.device, "jack", &is_changed));
  assert_true(is_changed);
  assert_true(dt_setup_choose(setup.midi, sizeof setup.midi, "my kit, the red one", &is_changed));
  assert_false(dt_setup_choose(setup.midi, sizeof setup.midi, "two\nlines", &is_changed));
  dt_setup_put_latency(&setup, &info, -3.25);
  dt_setup_put_latency(&setup, &other, 12.5);
  dt_setup_put_latency(&setup, &info, 7);
  dt_setup_put_interval(&setup, "jack", 12.25, 12.75);
  dt_setup_put_interval(&setup, "nobody's", 1, 2);
  assert_int_equal(dt_setup_write(&setup, in_folder("setup"), &err), DT_OK);
  dt_setup again;
  assert_int_equal(dt_setup_read(&again, in_folder("setup"), &err), DT_OK);
  assert_string_equal(again.device, "jack");
  assert_string_equal(again.midi, "my kit, the red one");
  assert_int_equal(again.latency_count, 2);
  assert_true(dt_setup_latency_of(&again, "alsa:hw:1,0")->ms == 7);
  assert_int_equal(dt_setup_latency_of(&again, "jack")->rate_hz, 48000);
  assert_true(dt_setup_latency_of(&again, "jack")->low_ms == 12.25);
  assert_true(dt_setup_latency_of(&again, "jack")->high_ms == 12.75);
  assert_true(isnan(dt_setup_latency_of(&again, "alsa:hw:1,0")->low_ms));
  assert_null(dt_setup_latency_of(&again, "null"));
  assert_int_equal(dt_setup_read(&again, in_folder("none"), &err), DT_OK);
  assert_int_equal(again.latency_count, 0);
}

static void a_damaged_setup_says_which_line(void** state) {
  static const char* const wrong[] = {
      "latency",
      "latency 1",
      "latency x 2026-11-23 48000 256 jack",
      "latency 1.5x 2026-11-23 48000 256 jack",
      "latency nan 2026-11-23 48000 256 jack",
      "latency 1e9 2026-11-23 48000 256 jack",
      "latency 1 2026-11-23 48000 256",
      "latency 1 2026-11-23 48000 256 ",
      "latency 1 2026-11-23 0 256 jack",
      "latency 1 2026-11-23 48000 -1 jack",
      "latency 1 2026-11-23 99999999999 256 jack",
      "latency 1 2026-11-23 48000.5 256 jack",
      "latency 1 2026-13-23 48000 256 jack",
      "latency 1 2026-1-23 48000 256 jack",
      "latency 1 tomorrow 48000 256 jack",
      "interval 1 2 jack",
      "interval",
      "colour red",
      "device ",
      " device jack",
  };
  dt_setup setup;
  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    char text[160];
    dt_error err = {0};
    snprintf(text, sizeof text, "doubletime setup 1\n# mine\n%s\n", wrong[i]);
    put(in_folder("setup"), text);
    if (dt_setup_read(&setup, in_folder("setup"), &err) != DT_BAD_DATA)
      fail_msg("'%s' is read", wrong[i]);
    assert_non_null(strstr(err.sentence, "Line 3"));
  }
  dt_error err = {0};
  put(in_folder("setup"), "");
  assert_int_equal(dt_setup_read(&setup, in_folder("setup"), &err), DT_BAD_DATA);
  put(in_folder("setup"), "doubletime setup 1\nlatency  +1.50\t2026-11-23 48000 0  a  device \n");
  assert_int_equal(dt_setup_read(&setup, in_folder("setup"), &err), DT_OK);
  assert_string_equal(setup.latencies[0].device, "a  device ");
  put(in_folder("setup"), "doubletime setup 1\nlatency 1 2026-11-23 48000 0 b\ninterval 2 1 b\n");
  assert_int_equal(dt_setup_read(&setup, in_folder("setup"), &err), DT_BAD_DATA);
}

/* ---- the log ---- */

static void a_cut_line_of_the_log_costs_only_itself(void** state) {
  dt_past* past = NULL;
  size_t count = 0;
  dt_error err = {0};
  const dt_past one = {.day = 20000, .chart = "rock", .played_s = 60, .takes = 3};
  (void)state;
  assert_int_equal(dt_practice_log_read(in_folder("log"), &past, &count, &err), DT_OK);
  assert_int_equal(count, 0);
  for (int i = 0; i < 3; i++)
    assert_int_equal(dt_practice_log_add(in_folder("log"), &one, &err), DT_OK);
  FILE* file = fopen(in_folder("log"), "ab");
  fputs("past\t200", file);
  fclose(file);
  assert_int_equal(dt_practice_log_read(in_folder("log"), &past, &count, &err), DT_OK);
  assert_int_equal(count, 3);
  assert_string_equal(past[2].chart, "rock");
  dt_release(NULL, past, count * sizeof *past);
  put(in_folder("log"), "no practice\n");
  assert_int_equal(dt_practice_log_read(in_folder("log"), &past, &count, &err), DT_BAD_DATA);
  assert_non_null(strstr(err.sentence, "Line 1"));
  dt_release(NULL, past, count * sizeof *past);
  assert_int_equal(dt_practice_log_add(in_folder("no/such/log"), &one, &err), DT_IO);
}

/* ---- own charts ---- */

static void own_charts_are_listed_by_their_names_only(void** state) {
  static const char text[] = "step: 1/4\n\nkick |xxxx|\n";
  dt_home_name* names = NULL;
  size_t count = 0;
  dt_chart chart;
  dt_error err = {0};
  bool is_own = false;
  (void)state;
  assert_int_equal(dt_home_chart_names(&names, &count, folder, &err), DT_OK);
  assert_int_equal(count, 0);
  assert_int_equal(dt_home_chart_keep(folder, "b-side", text, strlen(text), &err), DT_OK);
  assert_int_equal(dt_home_chart_keep(folder, "a_side2", text, strlen(text), &err), DT_OK);
  assert_int_equal(dt_home_chart_keep(folder, "rock", text, 1, &err), DT_BAD_ARGUMENT);
  assert_int_equal(dt_home_chart_keep(folder, "../x", text, 1, &err), DT_BAD_ARGUMENT);
  put(in_folder("charts/rock.txt"), text); /* the library's stays what it is */
  put(in_folder("charts/Not A Name.txt"), text);
  put(in_folder("charts/notes.md"), text);
  put(in_folder("charts/.txt"), text);
  assert_int_equal(dt_home_chart_names(&names, &count, folder, &err), DT_OK);
  assert_int_equal(count, 2);
  assert_string_equal(names[0], "a_side2");
  assert_string_equal(names[1], "b-side");
  dt_release(NULL, names, count * sizeof *names);
  assert_int_equal(dt_home_chart_load(&chart, folder, "b-side", &is_own, &err), DT_OK);
  assert_true(is_own);
  assert_string_equal(chart.name, "b-side");
  assert_int_equal(chart.note_count, 4);
  dt_chart_clear(&chart, NULL);
  assert_int_equal(dt_home_chart_load(&chart, folder, "rock", &is_own, &err), DT_OK);
  assert_false(is_own);
  assert_true(chart.note_count > 4);
  dt_chart_clear(&chart, NULL);
  assert_int_equal(dt_home_chart_load(&chart, folder, "../charts/b-side", NULL, &err),
                   DT_NOT_FOUND);
  assert_int_equal(dt_home_chart_remove(folder, "b-side", &err), DT_OK);
  assert_int_equal(dt_home_chart_remove(folder, "b-side", &err), DT_NOT_FOUND);
  assert_int_equal(dt_home_chart_load(&chart, folder, "b-side", NULL, &err), DT_NOT_FOUND);
}

int main(void) {
#define ONE(name) cmocka_unit_test_setup_teardown(name, begin, end)
  const struct CMUnitTest tests[] = {
      ONE(everything_lies_beside_the_database),
      ONE(a_day_is_read_as_it_is_written),
      ONE(a_setup_comes_back_as_it_was),
      ONE(a_damaged_setup_says_which_line),
      ONE(a_cut_line_of_the_log_costs_only_itself),
      ONE(own_charts_are_listed_by_their_names_only),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
