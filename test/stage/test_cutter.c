#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <sndfile.h>

#include "cutter.h"
#include "dt/codec.h"
#include "kept_sound.h"

/* A player opens a take and hears it, not the one before, and at the right time. */

#define RATE_HZ 48000

static char folder[] = "/tmp/doubletime-cutter-XXXXXX";
static char db[128];
static char session[128];

/* Each frame of the recording says where it stood. */
static int sample_of(dt_frame at) {
  return (int)(at % 4000 + 1) * 65536;
}

static SNDFILE* begin_recording(void) {
  char path[160];
  snprintf(path, sizeof path, "%s/sound.flac", session);
  SF_INFO about = {
      .samplerate = RATE_HZ, .channels = 1, .format = SF_FORMAT_FLAC | SF_FORMAT_PCM_24};
  SNDFILE* sound = sf_open(path, SFM_WRITE, &about);
  assert_non_null(sound);
  return sound;
}

static void record(SNDFILE* sound, dt_frame from, dt_frame to) {
  for (dt_frame at = from; at < to; at++) {
    const int sample = sample_of(at);
    assert_int_equal(sf_writef_int(sound, &sample, 1), 1);
  }
  sf_write_sync(sound);
}

static void write_events(const char* text) {
  char path[160];
  snprintf(path, sizeof path, "%s/events.txt", session);
  FILE* file = fopen(path, "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}

static int make_folder(void** state) {
  (void)state;
  strcpy(folder + sizeof folder - 7, "XXXXXX");
  assert_non_null(mkdtemp(folder));
  snprintf(db, sizeof db, "%s/takes.db", folder);
  snprintf(session, sizeof session, "%s/session/", folder);
  assert_true(dt_home_make_folders(session));
  snprintf(session, sizeof session, "%s/session", folder);
  return 0;
}

static int remove_folder(void** state) {
  (void)state;
  char command[160];
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  return system(command);
}

static dt__cut cut_of(int64_t number, dt_frame from, dt_frame to) {
  dt__cut cut = {.number = number, .from = from, .to = to};
  snprintf(cut.folder, sizeof cut.folder, "%s", session);
  return cut;
}

static bool is_kept(int64_t number) {
  char path[DT_HOME_PATH];
  const char* type = NULL;
  return dt__kept_sound(db, number, path, sizeof path, &type);
}

/* Up to ten seconds. */
static bool comes(int64_t number) {
  for (int i = 0; i < 1000 && !is_kept(number); i++)
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
  return is_kept(number);
}

/* Where each kept frame stood, or is_silent(frame). */
static void check(int64_t number, dt_frame from, dt_frame to, dt_frame gap, dt_frame gap_end) {
  char path[DT_HOME_PATH];
  const char* type = NULL;
  assert_true(dt__kept_sound(db, number, path, sizeof path, &type));
  SF_INFO about = {0};
  SNDFILE* sound = sf_open(path, SFM_READ, &about);
  assert_non_null(sound);
  assert_int_equal(about.frames, to - from);
  for (dt_frame at = from; at < to; at++) {
    int sample = 0;
    assert_int_equal(sf_readf_int(sound, &sample, 1), 1);
    const bool is_lost = at >= gap && at < gap_end;
    if (sample != (is_lost ? 0 : sample_of(at)))
      fail_msg("frame %lld of take %lld has %d", (long long)at, (long long)number, sample);
  }
  sf_close(sound);
}

static void a_take_has_its_own_sound_and_no_other(void** state) {
  (void)state;
  SNDFILE* sound = begin_recording();
  record(sound, 0, 200000);
  sf_close(sound);
  write_events("key 5 0\nheard 200000\nend 200000\n");
  dt__feed* feed = dt__feed_new(NULL, NULL);
  dt__cutter* cutter = dt__cutter_new(db, feed);
  const dt__cut first = cut_of(1, 12345, 60000);
  const dt__cut second = cut_of(2, 70001, 199000);
  assert_true(dt__cutter_put(cutter, &first));
  assert_true(dt__cutter_put(cutter, &second));
  dt__cutter_free(cutter);
  check(1, 12345, 60000, 0, 0);
  check(2, 70001, 199000, 0, 0);
  assert_int_equal(dt__feed_newest(feed), 2);
  dt__feed_free(feed);
}

/* 4,800 frames were lost at 48,000: they are not in the recording, and silence in the take. */
static void what_the_device_lost_is_silence_and_moves_nothing(void** state) {
  (void)state;
  SNDFILE* sound = begin_recording();
  record(sound, 0, 48000);
  record(sound, 52800, 150000);
  sf_close(sound);
  write_events("heard 24000\ngap 48000 4800\nheard 150000\nend 150000\n");
  dt__feed* feed = dt__feed_new(NULL, NULL);
  dt__cutter* cutter = dt__cutter_new(db, feed);
  const dt__cut through = cut_of(1, 40000, 100000);
  const dt__cut after = cut_of(2, 110000, 140000);
  assert_true(dt__cutter_put(cutter, &through));
  assert_true(dt__cutter_put(cutter, &after));
  dt__cutter_free(cutter);
  check(1, 40000, 100000, 48000, 52800);
  check(2, 110000, 140000, 0, 0);
  dt__feed_free(feed);
}

static void a_take_is_heard_while_its_session_goes_on(void** state) {
  (void)state;
  SNDFILE* sound = begin_recording();
  write_events("heard 0\n");
  dt__feed* feed = dt__feed_new(NULL, NULL);
  dt__cutter* cutter = dt__cutter_new(db, feed);
  dt__cutter_follow(cutter, session, 0);
  const dt__cut first = cut_of(1, 1000, 50000);
  const dt__cut second = cut_of(2, 60000, 400000);
  assert_true(dt__cutter_put(cutter, &first));
  record(sound, 0, 100000);
  dt__cutter_follow(cutter, session, 100000);
  assert_true(dt__cutter_put(cutter, &second));
  nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
  assert_false(is_kept(1)); /* its end may not be on the disk yet */
  record(sound, 100000, 300000);
  dt__cutter_follow(cutter, session, 300000);
  assert_true(comes(1));
  record(sound, 300000, 410000);
  sf_close(sound);
  dt__cutter_follow(cutter, NULL, 0);
  assert_true(comes(2));
  dt__cutter_free(cutter);
  check(1, 1000, 50000, 0, 0);
  check(2, 60000, 400000, 0, 0);
  dt__feed_free(feed);
}

static void what_was_not_recorded_is_told_and_nothing_is_left(void** state) {
  (void)state;
  dt_buffer frame = {0};
  dt__feed* feed = dt__feed_new(NULL, NULL);
  dt__cutter* cutter = dt__cutter_new(db, feed);
  const dt__cut cut = cut_of(7, 0, 1000);
  assert_true(dt__cutter_put(cutter, &cut));
  dt__cutter_free(cutter);
  assert_false(is_kept(7));
  assert_true(dt__feed_get(feed, 1, &frame));
  assert_non_null(strstr((const char*)frame.bytes, "trouble"));
  assert_non_null(strstr((const char*)frame.bytes, "Take 7 is kept, but not its sound"));
  dt_buffer_clear(&frame);
  dt__feed_free(feed);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
  const struct CMUnitTest tests[] = {
      TEST(a_take_has_its_own_sound_and_no_other),
      TEST(what_the_device_lost_is_silence_and_moves_nothing),
      TEST(a_take_is_heard_while_its_session_goes_on),
      TEST(what_was_not_recorded_is_told_and_nothing_is_left),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
