#ifndef DT_TEST_API_SUPPORT_H
#define DT_TEST_API_SUPPORT_H

/* A home folder of its own for each test, an API over it, and how to ask it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <jansson.h>

#include "api.h"
#include "dt/align.h"
#include "dt/home_charts.h"
#include "dt/home_keep.h"
#include "dt/part.h"
#include "dt/rng.h"
#include "dt/study.h"
#include "feed.h"
#include "uploads.h"

typedef struct yard {
  char folder[64];
  char db[96];
  dt__feed* feed;
  dt__api* api;
  dt__reply reply;
  json_t* json; /* of the last answer, where it is JSON */
} yard;

static inline void yard_open(yard* y) {
  dt_error err = {0};
  const dt__api_config config = {.db = y->db, .home = y->folder, .player = "Ana", .feed = y->feed};
  if (dt__api_new(&y->api, &config, &err) != DT_OK)
    fail_msg("%s", err.sentence);
}

static inline int yard_begin(void** state) {
  yard* y = calloc(1, sizeof *y);
  snprintf(y->folder, sizeof y->folder, "/tmp/dt-api-XXXXXX");
  if (!mkdtemp(y->folder))
    return -1;
  snprintf(y->db, sizeof y->db, "%s/takes.db", y->folder);
  y->feed = dt__feed_new(NULL, NULL);
  yard_open(y);
  *state = y;
  return 0;
}

static inline void yard_forget(yard* y) {
  json_decref(y->json);
  y->json = NULL;
  dt_buffer_clear(&y->reply.body);
  free(y->reply.file);
  memset(&y->reply, 0, sizeof y->reply);
}

static inline int yard_end(void** state) {
  yard* y = *state;
  char command[128];
  yard_forget(y);
  dt__api_free(y->api);
  dt__feed_free(y->feed);
  snprintf(command, sizeof command, "rm -rf '%s'", y->folder);
  const int status = system(command);
  free(y);
  return status;
}

/* The status; the answer's JSON is in y->json. */
static inline int ask_with(yard* y, const char* method, const char* target, const void* body,
                           size_t size) {
  char path[512];
  const char* mark = strchr(target, '?');
  yard_forget(y);
  snprintf(path, sizeof path, "%.*s", mark ? (int)(mark - target) : (int)strlen(target), target);
  const dt__request request = {.method = method,
                               .path = path,
                               .query = mark ? mark + 1 : "",
                               .body = body,
                               .body_size = size};
  dt__api_answer(y->api, &request, &y->reply);
  if (!y->reply.type && y->reply.body.size > 0) {
    json_error_t wrong;
    y->json = json_loadb((const char*)y->reply.body.bytes, y->reply.body.size,
                         JSON_REJECT_DUPLICATES, &wrong);
    if (!y->json)
      fail_msg("%s %s: no JSON: line %d: %s", method, target, wrong.line, wrong.text);
  }
  return y->reply.status;
}

static inline int ask(yard* y, const char* target) {
  return ask_with(y, "GET", target, NULL, 0);
}

static inline int put(yard* y, const char* target, const char* text) {
  return ask_with(y, "PUT", target, text, strlen(text));
}

/* "error.text" of the last answer. */
static inline const char* sentence(const yard* y) {
  const char* text = json_string_value(json_object_get(json_object_get(y->json, "error"), "text"));
  return text ? text : "";
}

static inline const json_t* field(const yard* y, const char* name) {
  return json_object_get(y->json, name);
}

static inline const char* word(const yard* y, const char* name) {
  const char* text = json_string_value(field(y, name));
  return text ? text : "";
}

static inline double number(const yard* y, const char* name) {
  return json_number_value(field(y, name));
}

static inline bool body_has(const yard* y, const char* text) {
  const size_t size = strlen(text);
  for (size_t i = 0; i + size <= y->reply.body.size; i++)
    if (memcmp(y->reply.body.bytes + i, text, size) == 0)
      return true;
  return false;
}

/* ---- takes ---- */

/* The chart once or more at its tempo, each stroke off by so much. */
static inline void play(dt_take* take, const dt_chart* chart, int bars, double scatter_s,
                        uint64_t seed) {
  dt_part part;
  memset(take, 0, sizeof *take);
  dt_rng rng = dt_rng_seeded(seed, 0);
  assert_int_equal(dt_part_from_chart(&part, NULL, chart, bars, 0), DT_OK);
  for (size_t i = 0; i < part.note_count; i++) {
    const dt_chart_note* note = &part.notes[i].note;
    dt_stroke stroke = dt_stroke_at(
        1 + dt_part_seconds(&part, note->tick) + scatter_s * dt_rng_normal(&rng), note->drum);
    stroke.velocity = (float)dt_loud_velocity(note->loud);
    assert_int_equal(dt_strokes_add(&take->strokes, NULL, &stroke), DT_OK);
  }
  dt_strokes_sort(&take->strokes);
  take->duration_s = take->strokes.items[take->strokes.count - 1].time_s + 1;
  dt_part_clear(&part, NULL);
}

/* Judged against its chart and kept; its number. */
static inline int64_t keep(const yard* y, const char* name, double scatter_s, uint64_t seed,
                           int64_t taken_at_s) {
  dt_store* store = NULL;
  dt_chart chart;
  dt_take take;
  dt_alignment alignment;
  dt_verdict verdict;
  dt_study study;
  dt_error err = {0};
  char path[4096];
  int64_t number = 0;
  bool known = false;
  assert_int_equal(dt_home_chart_load(&chart, y->folder, name, NULL, &err), DT_OK);
  play(&take, &chart, 8, scatter_s, seed);
  dt_judge_config config = dt_judge_default(&take);
  config.mode = DT_GRID_TEMPO;
  config.bpm = dt_tempo_map_bpm(&chart.map, 0);
  config.start_s = 1;
  assert_int_equal(dt_align(&alignment, NULL, &take, &config, &chart, &err), DT_OK);
  config.chart = &chart;
  config.alignment = &alignment;
  assert_int_equal(dt_judge(&verdict, NULL, &take, &config, &err), DT_OK);
  assert_int_equal(dt_study_make(&study, NULL, &take, &verdict, &alignment, &chart), DT_OK);
  const dt_kept kept = {.taken_at_s = taken_at_s,
                        .player = "Ana",
                        .chart = name,
                        .file = "monday.mid",
                        .program = "test",
                        .take = &take,
                        .config = &config,
                        .verdict = &verdict,
                        .study = &study};
  assert_int_equal(dt_home_store(&store, y->db, true, path, &err), DT_OK);
  assert_int_equal(dt_home_keep(store, &kept, &number, &known, &err), DT_OK);
  dt_store_close(store);
  dt_study_clear(&study, NULL);
  dt_verdict_clear(&verdict, NULL);
  dt_alignment_clear(&alignment, NULL);
  dt_take_clear(&take, NULL);
  dt_chart_clear(&chart, NULL);
  return number;
}

#endif
