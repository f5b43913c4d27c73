#include "dt/codec.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/io/io_internal.h"
#include "folder_fixture.h"
#include "sound_make.h"

static bool fill_ramp(void* ctx, float* samples, size_t frame_count, dt_frame position) {
  dt_frame* expected = ctx;
  assert_int_equal(position, *expected);
  assert_true(frame_count <= 4096);
  *expected += (dt_frame)frame_count;
  for (size_t i = 0; i < frame_count; ++i)
    samples[i] = (float)((double)((position + (dt_frame)i) % 2000) / 1000.0 - 1.0);
  return true;
}

static void what_is_written_reads_back(void** state) {
  (void)state;
  static const char* const names[] = {"a.wav", "b.FLAC"};
  static const char* const words[] = {"WAV, 24 bit", "FLAC, 24 bit"};
  static float mono[10000];
  for (size_t n = 0; n < 2; ++n) {
    dt_frame position = 0;
    dt_error err = {.sentence = ""};
    if (dt_sound_write(in_folder(&temp, names[n]), 48000, 10000, fill_ramp, &position, &err) !=
        DT_OK)
      fail_msg("%s", err.sentence);
    assert_int_equal(folder_count(&temp), n + 1);
    dt_sound_info info;
    dt_sound* sound = dt_sound_open(temp.name, &info, &err);
    assert_non_null(sound);
    assert_string_equal(info.format, words[n]);
    assert_int_equal(info.frame_count, 10000);
    assert_int_equal(dt_sound_read(sound, mono, 10000, &err), 10000);
    for (size_t i = 0; i < 10000; ++i)
      assert_true(fabs((double)mono[i] - ((double)(i % 2000) / 1000.0 - 1.0)) < 2.0 / (1 << 23));
    dt_sound_close(sound);
  }
}

static bool fill_and_stop(void* ctx, float* samples, size_t frame_count, dt_frame position) {
  (void)samples;
  (void)frame_count;
  ++*(int*)ctx;
  return position == 0;
}

static bool fill_wild(void* ctx, float* samples, size_t frame_count, dt_frame position) {
  static const float values[] = {NAN, INFINITY, -INFINITY, 7.0F, -7.0F};
  (void)ctx;
  for (size_t i = 0; i < frame_count; ++i)
    samples[i] = values[((size_t)position + i) % 5];
  return true;
}

static void wild_samples_are_clipped(void** state) {
  (void)state;
  float mono[5];
  dt_sound_info info;
  assert_int_equal(dt_sound_write(in_folder(&temp, "a.wav"), 48000, 5, fill_wild, NULL, NULL),
                   DT_OK);
  dt_sound* sound = dt_sound_open(temp.name, &info, NULL);
  assert_int_equal(dt_sound_read(sound, mono, 5, NULL), 5);
  static const double expected[] = {0.0, 0.0, 0.0, 1.0, -1.0};
  for (size_t i = 0; i < 5; ++i)
    assert_true(fabs((double)mono[i] - expected[i]) < 1e-6);
  dt_sound_close(sound);
}

static void what_cannot_be_written_is_said(void** state) {
  (void)state;
  dt_error err = {.sentence = ""};
  assert_int_equal(dt_sound_write(in_folder(&temp, "a.mp3"), 48000, 5, fill_wild, NULL, &err),
                   DT_UNSUPPORTED);
  assert_non_null(strstr(err.sentence, ".wav or .flac"));
  assert_int_equal(dt_sound_write(in_folder(&temp, "no/a.wav"), 48000, 5, fill_wild, NULL, &err),
                   DT_NOT_FOUND);
  assert_int_equal(dt_sound_write(in_folder(&temp, "a.wav"), 0, 5, fill_wild, NULL, &err),
                   DT_BAD_ARGUMENT);
  assert_int_equal(dt_sound_write(in_folder(&temp, "a.wav"), 48000, -1, fill_wild, NULL, &err),
                   DT_BAD_ARGUMENT);
  assert_int_equal(folder_count(&temp), 0);
}

static void a_stopped_file_leaves_nothing(void** state) {
  (void)state;
  int blocks = 0;
  dt_error err = {.sentence = ""};
  assert_int_equal(
      dt_sound_write(in_folder(&temp, "a.wav"), 48000, 48000, fill_and_stop, &blocks, &err),
      DT_CANCELLED);
  assert_int_equal(blocks, 2);
  assert_int_equal(folder_count(&temp), 0);
}

static void sound_goes_through_a_pipe(void** state) {
  (void)state;
  int ends[2];
  char path[32];
  unsigned char bytes[20000];
  dt_frame position = 0;
  assert_int_equal(pipe(ends), 0);
  snprintf(path, sizeof path, "/dev/fd/%d", ends[1]);
  assert_int_equal(dt_sound_write(path, 48000, 3000, fill_ramp, &position, NULL), DT_OK);
  close(ends[1]);
  const ssize_t size = read(ends[0], bytes, sizeof bytes);
  close(ends[0]);
  assert_true(size > 9000);
  dt_sound_info info;
  dt_error err = {.sentence = ""};
  dt_sound* sound = dt_sound_open_memory(bytes, (size_t)size, &info, &err);
  if (sound == NULL)
    fail_msg("%s", err.sentence);
  assert_int_equal(info.frame_count, 3000);
  dt_sound_close(sound);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_FOLDER(what_is_written_reads_back),     IN_FOLDER(wild_samples_are_clipped),
      IN_FOLDER(what_cannot_be_written_is_said), IN_FOLDER(a_stopped_file_leaves_nothing),
      IN_FOLDER(sound_goes_through_a_pipe),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
