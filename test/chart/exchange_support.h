#ifndef DT_TEST_EXCHANGE_SUPPORT_H
#define DT_TEST_EXCHANGE_SUPPORT_H

/* Charts through other formats and back. Include after failing_allocator.h. */

#include <stdio.h>
#include <stdlib.h>

#include "dt/chart_midi.h"
#include "dt/chart_musicxml.h"
#include "dt/part.h"

static inline void is_valid(const dt_chart* chart) {
  const char* wrong = dt_chart_check(chart);
  if (wrong != NULL)
    fail_msg("%s", wrong);
}

static inline void from_smf(dt_chart* chart, const dt_smf* smf) {
  dt_error err = {.sentence = ""};
  if (dt_chart_from_smf(chart, NULL, smf, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  is_valid(chart);
}

/* Through the bytes of a file and back. */
static inline void through_midi(dt_chart* back, const dt_chart* chart) {
  dt_smf smf;
  assert_int_equal(dt_smf_from_chart(&smf, NULL, chart), DT_OK);
  dt_buffer bytes = {.bytes = NULL};
  assert_int_equal(dt_smf_write(&smf, dt_buffer_sink(&bytes)), DT_OK);
  dt_smf_clear(&smf, NULL);
  dt_error err = {.sentence = ""};
  if (dt_smf_parse(&smf, NULL, bytes.bytes, bytes.size, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  from_smf(back, &smf);
  dt_smf_clear(&smf, NULL);
  dt_buffer_clear(&bytes);
}

static inline void write_file(const char* folder, const char* name, const dt_buffer* bytes) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s.musicxml", folder, name);
  FILE* file = fopen(path, "wb");
  if (file == NULL || fwrite(bytes->bytes, 1, bytes->size, file) != bytes->size)
    fail_msg("%s: could not be written", path);
  fclose(file);
}

/* DT_MUSICXML_OUT names a folder for what the tests write: other programs can look at it. */
static inline void through_musicxml(dt_chart* back, const dt_chart* chart, const char* name) {
  dt_buffer bytes = {.bytes = NULL};
  assert_int_equal(dt_chart_to_musicxml(chart, dt_buffer_sink(&bytes)), DT_OK);
  const char* folder = getenv("DT_MUSICXML_OUT");
  if (folder != NULL)
    write_file(folder, name, &bytes);
  dt_error err = {.sentence = ""};
  if (dt_chart_from_musicxml(back, NULL, bytes.bytes, bytes.size, &err) != DT_OK)
    fail_msg("%s: %s", name, err.sentence);
  is_valid(back);
  dt_buffer_clear(&bytes);
}

/* true: as written; false: as played. */
static inline bool comes_back(const dt_chart* chart, const char* name) {
  dt_chart back;
  dt_part a;
  dt_part b;
  through_musicxml(&back, chart, name);
  assert_int_equal(dt_part_from_chart(&a, NULL, chart, 0, 0), DT_OK);
  assert_int_equal(dt_part_from_chart(&b, NULL, &back, 0, 0), DT_OK);
  const bool is_same = dt_chart_same(chart, &back);
  if (!is_same && !dt_part_same(&a, &b))
    fail_msg("%s: another part came back", name);
  assert_string_equal(back.title, chart->title);
  assert_string_equal(back.name, chart->name);
  assert_string_equal(back.tags, chart->tags);
  assert_int_equal(back.step, chart->step);
  dt_part_clear(&a, NULL);
  dt_part_clear(&b, NULL);
  dt_chart_clear(&back, NULL);
  return is_same;
}

#endif
