/* listen's threads (pthread_create in src/cli/listen_run.c), in one process with the test, so that
 * the thread sanitizer sees the ear, the decoders and the queue at work together. While files are
 * heard standard error is muted for the decoders' sake, and so for the sanitizer: its exit status
 * fails the test, and TSAN_OPTIONS=log_path=FILE shows why. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../io/folder.h"
#include "command.h"
#include "dt/file.h"

#define WORDS_MAX      16
#define NAME_MAX_BYTES 128

/* Runs a command line of words separated by spaces; its exit status. */
static int run(const char* line) {
  char words[512];
  char* argv[WORDS_MAX + 1];
  int argc = 0;
  char* rest = NULL;
  assert_true(strlen(line) < sizeof words);
  strcpy(words, line);
  for (char* word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
    assert_true(argc < WORDS_MAX);
    argv[argc++] = word;
  }
  argv[argc] = NULL;
  return dt__program(argc, argv);
}

static void write_text(const char* path, const char* text) {
  FILE* file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
  assert_int_equal(fclose(file), 0);
}

static void assert_same_bytes(const char* a, const char* b) {
  dt_buffer first = {.bytes = NULL};
  dt_buffer second = {.bytes = NULL};
  assert_int_equal(dt_file_read(&first, a, 1 << 24, NULL), DT_OK);
  assert_int_equal(dt_file_read(&second, b, 1 << 24, NULL), DT_OK);
  assert_int_equal(first.size, second.size);
  assert_memory_equal(first.bytes, second.bytes, first.size);
  dt_buffer_clear(&first);
  dt_buffer_clear(&second);
}

static const char* const names[] = {"a.wav", "b.flac", "c.wav", "d.flac", "e.wav"};
enum { NAMES = sizeof names / sizeof *names };

static folder place;

static int make_archive(void** state) {
  (void)state;
  folder_make(&place);
  assert_int_equal(chdir(place.path), 0);
  assert_int_equal(mkdir("in", 0777), 0);
  for (size_t i = 0; i < NAMES; ++i) {
    char line[256];
    snprintf(line, sizeof line, "doubletime play rock --bars %zu --seed %zu -q -o in/%s", 1 + i % 2,
             i, names[i]);
    assert_int_equal(run(line), 0);
  }
  write_text("in/broken.wav", "RIFF");
  write_text("in/text.mp3", "no sound");
  return 0;
}

static int remove_archive(void** state) {
  (void)state;
  static const char* const folders[] = {"/in", "/one", "/many", ""};
  for (size_t i = 0; i < sizeof folders / sizeof *folders; ++i) {
    folder part;
    snprintf(part.path, sizeof part.path, "%.200s%s", place.path, folders[i]);
    folder_remove(&part);
  }
  return 0;
}

static void any_number_of_threads_writes_the_same_bytes(void** state) {
  static const char* const counts[] = {"2", "3", "16"};
  static const char* const formats[] = {"csv", "json", "midi"};
  static const char* const endings[] = {".csv", ".json", ".mid"};
  (void)state;
  for (size_t f = 0; f < 3; ++f) {
    char line[256];
    snprintf(line, sizeof line, "doubletime listen in -q -o one --threads 1 --force -f %s",
             formats[f]);
    assert_int_equal(run(line), 1); /* the broken ones */
    for (size_t c = 0; c < 3; ++c) {
      snprintf(line, sizeof line, "doubletime listen in -q -o many --threads %s --force -f %s",
               counts[c], formats[f]);
      assert_int_equal(run(line), 1);
      for (size_t i = 0; i < NAMES; ++i) {
        char one[NAME_MAX_BYTES];
        char many[NAME_MAX_BYTES];
        snprintf(one, sizeof one, "one/%c%s", names[i][0], endings[f]);
        snprintf(many, sizeof many, "many/%c%s", names[i][0], endings[f]);
        assert_same_bytes(one, many);
      }
      assert_int_not_equal(access("many/broken.csv", F_OK), 0);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_number_of_threads_writes_the_same_bytes),
  };
  return cmocka_run_group_tests(tests, make_archive, remove_archive);
}
