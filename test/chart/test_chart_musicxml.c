#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "../support/failing_allocator.h"
#include "chart_random.h"
#include "dt/chart_musicxml.h"
#include "dt/chart_text.h"
#include "dt/part.h"
#include "exchange_support.h"

#define ROUNDS 300
#define SEED   9001

static void every_chart_comes_back_the_same(void** state) {
  (void)state;
  printf("seeds %d..%d\n", SEED, SEED + ROUNDS - 1);
  int as_written = 0;
  for (uint64_t seed = SEED; seed < SEED + ROUNDS; seed++) {
    dt_chart chart;
    char name[32];
    snprintf(name, sizeof name, "seed-%llu", (unsigned long long)seed);
    dt_chart_random(&chart, NULL, seed);
    const bool is_same = comes_back(&chart, name);
    if (chart.order_count == 0 && !is_same)
      fail_msg("%s: without repeats, but not the same", name);
    as_written += is_same;
    dt_chart_clear(&chart, NULL);
  }
  printf("%d of %d as written, the rest as played\n", as_written, ROUNDS);
}

static void nonsense_is_not_written(void** state) {
  (void)state;
  dt_chart chart;
  assert_int_equal(dt_chart_init(&chart, NULL), DT_OK);
  dt_buffer bytes = {.bytes = NULL};
  chart.swing = 9;
  assert_int_equal(dt_chart_to_musicxml(&chart, dt_buffer_sink(&bytes)), DT_BAD_ARGUMENT);
  assert_int_equal(bytes.size, 0);
  dt_chart_clear(&chart, NULL);
}

static bool read_once(const dt_allocator* allocator, void* ctx) {
  const dt_buffer* bytes = ctx;
  dt_chart chart;
  dt_error err = {.sentence = ""};
  const dt_status status =
      dt_chart_from_musicxml(&chart, allocator, bytes->bytes, bytes->size, &err);
  if (status != DT_OK)
    assert_true(err.sentence[0] != '\0');
  dt_chart_clear(&chart, allocator);
  return status == DT_OK;
}

static void no_memory_is_a_status(void** state) {
  (void)state;
  dt_chart chart;
  dt_chart_random(&chart, NULL, SEED + 1);
  dt_buffer bytes = {.bytes = NULL};
  assert_int_equal(dt_chart_to_musicxml(&chart, dt_buffer_sink(&bytes)), DT_OK);
  assert_true(dt_failing_sweep(read_once, &bytes) >= 8);
  dt_buffer_clear(&bytes);
  dt_chart_clear(&chart, NULL);
}

/* ---- scores that other programs wrote: $DT_DATA/charts */

static char* file_text(const char* path, size_t* size) {
  FILE* file = fopen(path, "rb");
  if (file == NULL)
    fail_msg("%s: could not be read", path);
  char* text = malloc(1 << 20);
  *size = fread(text, 1, 1 << 20, file);
  fclose(file);
  return text;
}

static void can_be_drawn(const dt_chart* chart) {
  const dt_chart_draw_options options = {.columns = 80, .utf8 = true};
  dt_buffer drawn = {.bytes = NULL};
  assert_int_equal(dt_chart_draw(chart, &options, dt_buffer_sink(&drawn)), DT_OK);
  assert_true(drawn.size > 0);
  dt_buffer_clear(&drawn);
}

static int read_folder(const char* folder, int* refused) {
  int count = 0;
  DIR* dir = opendir(folder);
  if (dir == NULL)
    return 0;
  for (const struct dirent* entry; (entry = readdir(dir)) != NULL;) {
    char path[1024];
    if (strstr(entry->d_name, "xml") == NULL)
      continue;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    size_t size = 0;
    char* text = file_text(path, &size);
    dt_chart chart;
    dt_error err = {.sentence = ""};
    if (dt_chart_from_musicxml(&chart, NULL, text, size, &err) != DT_OK) {
      printf("%s: %s\n", entry->d_name, err.sentence);
      assert_non_null(strstr(err.sentence, "percussion"));
      ++*refused;
    } else {
      printf("%s: %d bars, %zu notes\n", entry->d_name, chart.bar_count, chart.note_count);
      is_valid(&chart);
      assert_true(chart.note_count > 0);
      assert_true(comes_back(&chart, entry->d_name));
      can_be_drawn(&chart);
      count++;
    }
    dt_chart_clear(&chart, NULL);
    free(text);
  }
  closedir(dir);
  return count;
}

static void scores_of_other_programs_are_read_and_come_back(void** state) {
  (void)state;
  const char* data = getenv("DT_DATA");
  if (data == NULL) {
    printf("skipped: DT_DATA is not set (the folder that holds charts/)\n");
    skip();
  }
  char folder[512];
  int count = 0;
  int refused = 0;
  static const char* const parts[] = {"alphatab", "osmd"};
  for (size_t i = 0; i < 2; i++) {
    snprintf(folder, sizeof folder, "%s/charts/%s", data, parts[i]);
    count += read_folder(folder, &refused);
  }
  if (count == 0) {
    printf("skipped: there are no charts in DT_DATA\n");
    skip();
  }
  assert_int_equal(refused, 1); /* the one for piano */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_chart_comes_back_the_same),
      cmocka_unit_test(nonsense_is_not_written),
      cmocka_unit_test(no_memory_is_a_status),
      cmocka_unit_test(scores_of_other_programs_are_read_and_come_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
