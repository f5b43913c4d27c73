#include "session_run.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void file_in(char path[128], const char* folder, const char* name) {
  snprintf(path, 128, "%s/%s", folder, name);
}

static void remove_session(const char* folder) {
  static const char* const names[] = {"session.txt", "plan.txt",   "chart-1.txt",  "past.txt",
                                      "events.txt",  "sound.flac", "decisions.txt"};
  char path[128];
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    file_in(path, folder, names[i]);
    (void)unlink(path);
  }
  (void)rmdir(folder);
  snprintf(path, sizeof path, "%s", folder);
  *strrchr(path, '/') = '\0';
  (void)rmdir(path);
}

/* Records a session; keys, gaps and all. */
static void record(const char* folder, bool sound) {
  static const dt_port_fault faults[] = {{48000 * 5 + 77, DT_PORT_FAULT_JUMP, 128},
                                         {48000 * 9, DT_PORT_FAULT_STALL, 1000}};
  session_run run;
  run_begin(&run, "rock", DT_MODE_SURPRISE, "scatter=9ms seed=4 miss=4%");
  run.plan.exercises[0].minutes = 0.7;
  run.config.sound = sound;
  run.config.folder = folder;
  run.port.null.faults = faults;
  run.port.null.fault_count = 2;
  run_go(&run);
  assert_true(run.takes >= 1);
  run_end(&run);
}

static bool replays(const char* folder, dt_error* err) {
  bool same = false;
  const dt_status status = dt_session_replay(folder, NULL, NULL, &same, err);
  if (status != DT_OK)
    fail_msg("%s", err->sentence);
  return same;
}

static void midi_makes_the_same_decisions_again(void** state) {
  (void)state;
  char folder[64];
  fresh_folder(folder);
  record(folder, false);
  dt_error err = {0};
  if (!replays(folder, &err))
    fail_msg("%s", err.sentence);
  remove_session(folder);
}

static void sound_makes_the_same_decisions_again(void** state) {
  (void)state;
  char folder[64];
  fresh_folder(folder);
  record(folder, true);
  dt_error err = {0};
  if (!replays(folder, &err))
    fail_msg("%s", err.sentence);
  remove_session(folder);
}

/* A pulled plug: both growing files end somewhere. What there is, is the same. */
static void a_session_that_was_cut_off_replays_as_far_as_it_goes(void** state) {
  (void)state;
  char folder[64];
  fresh_folder(folder);
  record(folder, false);
  char path[128];
  struct stat about;
  file_in(path, folder, "events.txt");
  assert_int_equal(stat(path, &about), 0);
  assert_int_equal(truncate(path, about.st_size * 7 / 10), 0);
  file_in(path, folder, "decisions.txt");
  assert_int_equal(stat(path, &about), 0);
  assert_int_equal(truncate(path, about.st_size / 2 + 3), 0);
  dt_error err = {0};
  if (!replays(folder, &err))
    fail_msg("%s", err.sentence);
  remove_session(folder);
}

static void a_changed_decision_is_found(void** state) {
  (void)state;
  char folder[64];
  fresh_folder(folder);
  record(folder, false);
  char path[128];
  file_in(path, folder, "decisions.txt");
  FILE* file = fopen(path, "r+");
  assert_non_null(file);
  assert_int_equal(fseek(file, 400, SEEK_SET), 0);
  const int was = fgetc(file);
  assert_int_equal(fseek(file, 400, SEEK_SET), 0);
  fputc(was == '7' ? '8' : '7', file);
  fclose(file);
  dt_error err = {0};
  assert_false(replays(folder, &err));
  assert_non_null(strstr(err.sentence, "differs"));
  remove_session(folder);
}

/* Any damage to any file ends in a sentence or in other decisions, never in a crash. */
static void damaged_files_are_refused_in_a_sentence(void** state) {
  (void)state;
  static const char* const names[] = {"session.txt", "plan.txt", "chart-1.txt", "events.txt"};
  char folder[64];
  fresh_folder(folder);
  record(folder, false);
  uint32_t random = 12345;
  for (int round = 0; round < 40; round++) {
    char path[128];
    file_in(path, folder, names[round % 4]);
    FILE* file = fopen(path, "r+");
    assert_non_null(file);
    random = random * 1664525u + 1013904223u;
    const long at = (long)(random >> 8) % 300;
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    const int was = fgetc(file);
    if (was != EOF) {
      assert_int_equal(fseek(file, at, SEEK_SET), 0);
      fputc((int)(random >> 24), file);
    }
    fclose(file);
    dt_error err = {0};
    bool same = false;
    const dt_status status = dt_session_replay(folder, NULL, NULL, &same, &err);
    assert_true(status == DT_OK || err.sentence[0]);
    if (was == EOF)
      continue;
    file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    fputc(was, file);
    fclose(file);
  }
  dt_error err = {0};
  assert_true(replays(folder, &err));
  remove_session(folder);
}

static void a_folder_that_holds_a_session_is_not_written_over(void** state) {
  (void)state;
  char folder[64];
  fresh_folder(folder);
  record(folder, false);
  session_run run;
  run_begin(&run, "rock", DT_MODE_LADDER, "machine");
  run.config.folder = folder;
  dt_port* port = dt_port_open(&run.port, &run.err);
  assert_non_null(port);
  assert_int_equal(dt_session_new(&run.session, NULL, &run.config, port, &run.err), DT_IO);
  assert_non_null(strstr(run.err.sentence, "already"));
  dt_port_close(port);
  dt_chart_clear(&run.chart, NULL);
  dt_error err = {0};
  assert_true(replays(folder, &err));
  remove_session(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(midi_makes_the_same_decisions_again),
      cmocka_unit_test(sound_makes_the_same_decisions_again),
      cmocka_unit_test(a_session_that_was_cut_off_replays_as_far_as_it_goes),
      cmocka_unit_test(a_changed_decision_is_found),
      cmocka_unit_test(damaged_files_are_refused_in_a_sentence),
      cmocka_unit_test(a_folder_that_holds_a_session_is_not_written_over),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
