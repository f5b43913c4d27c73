#include "dt/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "folder_fixture.h"

static void fails(const char* path, size_t max_bytes, dt_status status, const char* words) {
  dt_buffer buffer = {.bytes = NULL};
  dt_error err = {.sentence = ""};
  assert_int_equal(dt_file_read(&buffer, path, max_bytes, &err), status);
  if (strstr(err.sentence, words) == NULL || strchr(err.sentence, '\n') != NULL)
    fail_msg("\"%s\" does not say \"%s\"", err.sentence, words);
  assert_int_equal(buffer.size, 0);
}

static void a_file_is_read_whole(void** state) {
  (void)state;
  static char bytes[100000];
  for (size_t i = 0; i < sizeof bytes; ++i)
    bytes[i] = (char)(i * 7);
  file_put(in_folder(&temp, "a"), bytes, sizeof bytes);
  dt_buffer buffer = {.bytes = NULL};
  assert_int_equal(dt_file_read(&buffer, temp.name, sizeof bytes, NULL), DT_OK);
  assert_int_equal(buffer.size, sizeof bytes);
  assert_memory_equal(buffer.bytes, bytes, sizeof bytes);
  /* Again into the same buffer: what was there is gone. */
  assert_int_equal(dt_file_read(&buffer, temp.name, sizeof bytes, NULL), DT_OK);
  assert_int_equal(buffer.size, sizeof bytes);
  dt_buffer_clear(&buffer);
  fails(temp.name, sizeof bytes - 1, DT_TOO_LARGE, "split it");
}

static void what_cannot_be_read_is_said(void** state) {
  (void)state;
  fails(in_folder(&temp, "not-there"), 10, DT_NOT_FOUND, "no such file");
  fails(temp.path, 10, DT_IO, "folder");
  file_put(in_folder(&temp, "file"), "x", 1);
  fails(in_folder(&temp, "file/inside"), 10, DT_NOT_FOUND, "no such file");
}

static void expect_content(const char* name, const char* content) {
  dt_buffer buffer = {.bytes = NULL};
  assert_int_equal(dt_file_read(&buffer, in_folder(&temp, name), 1000, NULL), DT_OK);
  assert_int_equal(buffer.size, strlen(content));
  if (buffer.size > 0)
    assert_memory_equal(buffer.bytes, content, buffer.size);
  dt_buffer_clear(&buffer);
}

static void the_old_file_stays_until_the_new_one_is_whole(void** state) {
  (void)state;
  file_put(in_folder(&temp, "out"), "old", 3);
  dt_outfile out;
  assert_int_equal(dt_outfile_open(&out, temp.name, NULL), DT_OK);
  assert_int_equal(dt_sink_write(dt_file_sink(out.file), "new", 3), DT_OK);
  expect_content("out", "old");
  assert_int_equal(folder_count(&temp), 2);
  assert_int_equal(dt_outfile_commit(&out, NULL), DT_OK);
  expect_content("out", "new");
  assert_int_equal(folder_count(&temp), 1);
  dt_outfile_abandon(&out); /* allowed, does nothing */
  expect_content("out", "new");
}

static void an_abandoned_file_leaves_nothing(void** state) {
  (void)state;
  dt_outfile out;
  assert_int_equal(dt_outfile_open(&out, in_folder(&temp, "out"), NULL), DT_OK);
  assert_int_equal(dt_sink_write(dt_file_sink(out.file), "new", 3), DT_OK);
  dt_outfile_abandon(&out);
  assert_int_equal(folder_count(&temp), 0);
}

static void what_cannot_be_written_is_said(void** state) {
  (void)state;
  dt_outfile out;
  dt_error err = {.sentence = ""};
  assert_int_equal(dt_outfile_open(&out, in_folder(&temp, "no/such/folder"), &err), DT_NOT_FOUND);
  assert_non_null(strstr(err.sentence, "make its folder first"));
  dt_outfile_abandon(&out); /* nothing to abandon */
  /* A folder that stands where the file must go. */
  mkdir(in_folder(&temp, "taken"), 0777);
  file_put(in_folder(&temp, "taken/inside"), "x", 1);
  assert_int_equal(dt_outfile_open(&out, in_folder(&temp, "taken"), NULL), DT_OK);
  assert_int_equal(dt_outfile_commit(&out, &err), DT_IO);
  assert_non_null(strstr(err.sentence, "cannot be written"));
  assert_int_equal(folder_count(&temp), 1);
  remove(in_folder(&temp, "taken/inside"));
}

/* A full disk is noticed at the latest when the file is closed. */
static void a_full_disk_is_no_success(void** state) {
  (void)state;
  FILE* full = fopen("/dev/full", "wb");
  if (full == NULL)
    skip();
  fclose(full);
  dt_outfile out;
  dt_error err = {.sentence = ""};
  assert_int_equal(dt_outfile_open(&out, "/dev/full", NULL), DT_OK);
  assert_null(out.part_path);
  assert_int_equal(dt_sink_write(dt_file_sink(out.file), "new", 3), DT_OK);
  assert_int_equal(dt_outfile_commit(&out, &err), DT_IO);
  assert_non_null(strstr(err.sentence, "free some space"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_file_is_read_whole, make_folder, remove_folder),
      cmocka_unit_test_setup_teardown(what_cannot_be_read_is_said, make_folder, remove_folder),
      cmocka_unit_test_setup_teardown(the_old_file_stays_until_the_new_one_is_whole, make_folder,
                                      remove_folder),
      cmocka_unit_test_setup_teardown(an_abandoned_file_leaves_nothing, make_folder, remove_folder),
      cmocka_unit_test_setup_teardown(what_cannot_be_written_is_said, make_folder, remove_folder),
      cmocka_unit_test_setup_teardown(a_full_disk_is_no_success, make_folder, remove_folder),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
