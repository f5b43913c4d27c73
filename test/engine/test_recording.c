/* A session in which nothing was played leaves nothing; whatever was played stays. */
#include "session_run.h"

#include <sys/stat.h>
#include <unistd.h>

static void write_in(const char* folder, const char* name, const char* text) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE* file = fopen(path, "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}

static bool is_there(const char* folder) {
  struct stat about;
  return stat(folder, &about) == 0;
}

static void remove_all(const char* folder) {
  char path[128];
  snprintf(path, sizeof path, "%s/notes.txt", folder);
  (void)unlink(path);
  (void)dt_session_remove(folder);
  snprintf(path, sizeof path, "%s", folder);
  *strrchr(path, '/') = '\0';
  assert_int_equal(rmdir(path), 0);
}

static const char begun[] =
    "480 band start at 14880 bar -1 count-in 1\n"
    "480 take exercise 0 mode ladder piece 0 200.0000 bpm bars 2 from 0 start 14880 first 72480 "
    "end 187680: 200 bpm, 2 bars.\n"
    "137280 bar 0 written 0 notes 13 missed 13 extra 0 mean 0.000\n"
    "137280 band stop at 137280 bar -1\n"
    "137280 judged take 1 CAN'T TELL YET strokes 0 bars 1 missed 13 extra 0 placement nan\n"
    "137280 pause: Nothing heard. Play a stroke to go on.\n"
    "140000 done: Enough for today.\n";

/* As it is, with one more line of events and of decisions. */
static bool is_empty_with(const char* event, const char* decision, const char* name) {
  char folder[64];
  char text[2048];
  fresh_folder(folder);
  assert_int_equal(mkdir(folder, 0700), 0);
  write_in(folder, "session.txt", "doubletime session 1\n");
  write_in(folder, "chart-1.txt", "title: Rock\n");
  snprintf(text, sizeof text, "heard 12032\n%sheard 150000\nend 150000\n", event);
  write_in(folder, "events.txt", text);
  snprintf(text, sizeof text, "%s%s", begun, decision);
  write_in(folder, "decisions.txt", text);
  if (name)
    write_in(folder, name, "");
  const bool is_empty = dt_session_left_empty(folder);
  assert_true(is_there(folder)); /* to ask removes nothing */
  remove_all(folder);
  return is_empty;
}

static void what_nobody_played_in_is_empty(void** state) {
  (void)state;
  assert_true(is_empty_with("", "", NULL));
  assert_true(is_empty_with("key 13000 3\n", "", "past.txt")); /* that ends it */
}

static void whatever_was_played_is_not(void** state) {
  (void)state;
  assert_false(is_empty_with("midi 13000 3 153 38 90\n", "", NULL));
  assert_false(is_empty_with("gap 13000 480\n", "", NULL));
  assert_false(is_empty_with("key 13000 0\n", "", NULL));
  assert_false(is_empty_with("key 13000 3 and more\n", "", NULL));
  assert_false(is_empty_with("transport 13000 1 0 120000000\n", "", NULL));
  assert_false(is_empty_with("", "150 stroke snare 0.500000 velocity 0.70 bar 0\n", NULL));
  assert_false(is_empty_with("", "150 stop: Too fast.\n", NULL));
  assert_false(is_empty_with("", "150 judged take 2 GOOD strokes 40 bars 2\n", NULL));
  assert_false(is_empty_with("", "150 trouble: The disk is full\n", NULL));
  assert_false(is_empty_with("", "150 something that a later version writes\n", NULL));
  assert_false(is_empty_with("", "150 bars of a later version\n", NULL));
  assert_false(is_empty_with("", "150 take nobody knows where\n", NULL));
  assert_false(is_empty_with("", "150 pause: cut off", NULL));
  assert_false(is_empty_with("", "", "notes.txt")); /* somebody's own */
}

/* The recording goes on over the count-in: the ear may have missed what is in it. */
static void a_microphones_bars_are_kept(void** state) {
  (void)state;
  assert_false(is_empty_with("", "", "sound.flac"));
}

static void a_microphone_before_any_take_is_not(void** state) {
  (void)state;
  char folder[64];
  fresh_folder(folder);
  assert_int_equal(mkdir(folder, 0700), 0);
  write_in(folder, "sound.flac", "");
  write_in(folder, "events.txt", "end 9000\n");
  assert_false(dt_session_left_empty(folder)); /* its decisions are not known */
  write_in(folder, "decisions.txt", "");
  assert_true(dt_session_left_empty(folder));
  remove_all(folder);
}

static void a_session_that_was_cut_off_is_kept(void** state) {
  (void)state;
  char folder[64];
  fresh_folder(folder);
  assert_false(dt_session_left_empty(folder)); /* not there */
  assert_int_equal(mkdir(folder, 0700), 0);
  assert_false(dt_session_left_empty(folder));
  write_in(folder, "events.txt", "heard 12032\n");
  write_in(folder, "decisions.txt", begun);
  assert_false(dt_session_left_empty(folder));
  write_in(folder, "events.txt", "heard 12032\nend 12032");
  assert_false(dt_session_left_empty(folder));
  remove_all(folder);
}

static void only_a_sessions_own_files_are_removed(void** state) {
  (void)state;
  char folder[64];
  fresh_folder(folder);
  assert_false(dt_session_remove(folder));
  assert_int_equal(mkdir(folder, 0700), 0);
  write_in(folder, "plan.txt", "");
  write_in(folder, "notes.txt", "");
  assert_false(dt_session_remove(folder));
  char path[128];
  snprintf(path, sizeof path, "%s/plan.txt", folder);
  assert_true(is_there(path));
  snprintf(path, sizeof path, "%s/notes.txt", folder);
  assert_int_equal(unlink(path), 0);
  assert_true(dt_session_remove(folder));
  assert_false(is_there(folder));
  remove_all(folder);
}

/* The files as a session writes them. length_s: of the device. */
static bool leaves_nothing(bool plays, bool sound, double length_s) {
  char folder[64];
  session_run run;
  fresh_folder(folder);
  run_begin(&run, "rock", DT_MODE_LADDER, "scatter=6ms");
  run.config.player = plays ? &run.drummer : NULL;
  run.config.sound = sound;
  run.config.folder = folder;
  run.port.null.length_frames = (dt_frame)(length_s * 48000);
  run_go(&run);
  run_end(&run);
  const bool is_empty = dt_session_left_empty(folder);
  remove_all(folder);
  return is_empty;
}

static void sessions_leave_what_was_played(void** state) {
  (void)state;
  assert_true(leaves_nothing(false, false, 1));
  assert_true(leaves_nothing(false, false, 20));
  assert_false(leaves_nothing(true, false, 20));
  assert_true(leaves_nothing(false, true, 1)); /* the count-in at 100 bpm: 2.4 s */
  assert_false(leaves_nothing(false, true, 4));
  assert_false(leaves_nothing(true, true, 20));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_nobody_played_in_is_empty),
      cmocka_unit_test(whatever_was_played_is_not),
      cmocka_unit_test(a_microphones_bars_are_kept),
      cmocka_unit_test(a_microphone_before_any_take_is_not),
      cmocka_unit_test(a_session_that_was_cut_off_is_kept),
      cmocka_unit_test(only_a_sessions_own_files_are_removed),
      cmocka_unit_test(sessions_leave_what_was_played),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
