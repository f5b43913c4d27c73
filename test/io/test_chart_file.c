#include "dt/chart_file.h"

#include "../support/failing_allocator.h"

#include "dt/chart_midi.h"
#include "dt/chart_musicxml.h"
#include "dt/chart_text.h"
#include "dt/part.h"
#include "folder_fixture.h"

static dt_chart library_chart(const char* name) {
  dt_chart c;
  assert_int_equal(dt_chart_load(&c, NULL, name, NULL), DT_OK);
  return c;
}

static void same_playing(const dt_chart* a, const dt_chart* b) {
  dt_part p;
  dt_part q;
  assert_int_equal(dt_part_from_chart(&p, NULL, a, 0, 0), DT_OK);
  assert_int_equal(dt_part_from_chart(&q, NULL, b, 0, 0), DT_OK);
  assert_true(dt_part_same(&p, &q));
  dt_part_clear(&p, NULL);
  dt_part_clear(&q, NULL);
}

static void comes_back(const dt_chart* chart, const char* name, const dt_buffer* bytes) {
  dt_chart back;
  dt_error err = {.sentence = ""};
  file_put(in_folder(&temp, name), (const char*)bytes->bytes, bytes->size);
  if (dt_chart_load(&back, NULL, temp.name, &err) != DT_OK)
    fail_msg("%s: %s", name, err.sentence);
  same_playing(chart, &back);
  dt_chart_clear(&back, NULL);
}

/* The ending of its name says nothing: the content does. */
static void a_file_is_told_by_its_content(void** state) {
  (void)state;
  dt_chart c = library_chart("rock-song");
  dt_buffer bytes = {.bytes = NULL};
  assert_int_equal(dt_chart_write(&c, dt_buffer_sink(&bytes)), DT_OK);
  comes_back(&c, "a.xml", &bytes);
  dt_buffer_clear(&bytes);
  assert_int_equal(dt_chart_to_musicxml(&c, dt_buffer_sink(&bytes)), DT_OK);
  comes_back(&c, "b.mid", &bytes);
  dt_buffer_clear(&bytes);
  dt_smf smf;
  assert_int_equal(dt_smf_from_chart(&smf, NULL, &c), DT_OK);
  assert_int_equal(dt_smf_write(&smf, dt_buffer_sink(&bytes)), DT_OK);
  comes_back(&c, "c.txt", &bytes);
  dt_smf_clear(&smf, NULL);
  dt_buffer_clear(&bytes);
  dt_chart_clear(&c, NULL);
}

static void fails(const char* path, const char* content, size_t size, dt_status status,
                  const char* words) {
  dt_chart c;
  dt_error err = {.sentence = ""};
  if (content != NULL)
    file_put(in_folder(&temp, path), content, size);
  assert_int_equal(dt_chart_load(&c, NULL, content != NULL ? temp.name : path, &err), status);
  if (strstr(err.sentence, words) == NULL)
    fail_msg("\"%s\" does not say \"%s\"", err.sentence, words);
  assert_int_equal(c.note_room + c.bar_count, 0);
}

static void what_is_no_chart_is_said_so(void** state) {
  (void)state;
  fails("rokc", NULL, 0, DT_NOT_FOUND, "no such chart");
  fails("no/such.txt", NULL, 0, DT_NOT_FOUND, "no such file");
  fails("empty", "", 0, DT_BAD_DATA, "no bars");
  fails("binary", "RIFF\0\0\0\0WAVE", 12, DT_BAD_DATA, "neither text, nor MIDI");
  fails("text", "snare |x", 8, DT_BAD_DATA, "Line 1, column 9");
  fails("midi", "MThd\0\0", 6, DT_BAD_DATA, "");
  fails("xml", "<html/>", 7, DT_BAD_DATA, "");
  fails("zip", "PK\x03\x04zipped", 10, DT_UNSUPPORTED, "");
}

static bool load_each(const dt_allocator* allocator, void* ctx) {
  dt_chart c;
  const bool is_loaded = dt_chart_load(&c, allocator, ctx, NULL) == DT_OK;
  dt_chart_clear(&c, allocator);
  return is_loaded;
}

static void no_memory_is_survived(void** state) {
  (void)state;
  dt_chart c = library_chart("odd-song");
  dt_buffer bytes = {.bytes = NULL};
  assert_int_equal(dt_chart_write(&c, dt_buffer_sink(&bytes)), DT_OK);
  file_put(in_folder(&temp, "a"), (const char*)bytes.bytes, bytes.size);
  assert_true(dt_failing_sweep(load_each, temp.name) >= 4);
  char name[] = "odd-song";
  assert_true(dt_failing_sweep(load_each, name) >= 4);
  dt_buffer_clear(&bytes);
  dt_chart_clear(&c, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_FOLDER(a_file_is_told_by_its_content),
      IN_FOLDER(what_is_no_chart_is_said_so),
      IN_FOLDER(no_memory_is_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
