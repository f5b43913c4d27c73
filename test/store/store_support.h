#ifndef DT_TEST_STORE_SUPPORT_H
#define DT_TEST_STORE_SUPPORT_H

/* A store in a folder of its own, and takes to put into it. Include first, from a cmocka test. */

#include "../support/failing_allocator.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "../support/play_chart.h"

#include "dt/drummer.h"
#include "dt/report.h"
#include "dt/store.h"

typedef struct dt__yard {
  char folder[64];
  char path[96];
} dt__yard;

static inline dt__yard dt__yard_new(void) {
  dt__yard yard = {.folder = "/tmp/dt-store-XXXXXX"};
  assert_non_null(mkdtemp(yard.folder));
  snprintf(yard.path, sizeof yard.path, "%s/takes.db", yard.folder);
  return yard;
}

static inline void dt__yard_clear(const dt__yard* yard) {
  static const char* const ends[] = {"", "-wal", "-shm", "-journal"};
  for (int i = 0; i < 4; ++i) {
    char path[128];
    snprintf(path, sizeof path, "%s%s", yard->path, ends[i]);
    (void)remove(path);
  }
  assert_int_equal(rmdir(yard->folder), 0);
}

static inline dt_store* dt__opened(const char* path) {
  dt_store* store = NULL;
  dt_error err = {.sentence = ""};
  const dt_store_options options = {.create = true};
  if (dt_store_open(&store, path, &options, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  return store;
}

/* A judged take; clear with dt__made_clear. */
typedef struct dt__made {
  dt_record record;
  dt_verdict verdict;
  dt_buffer report;
} dt__made;

static inline dt__made dt__made_take(const char* how, int bars, uint64_t seed) {
  dt__made made;
  memset(&made, 0, sizeof made);
  dt_drummer drummer = dt_drummer_default();
  drummer.seed = seed;
  drummer.bars = bars;
  dt_error err = {.sentence = ""};
  dt_record* r = &made.record;
  if (dt_drummer_parse(&drummer, how, &err) != DT_OK ||
      dt__play_text(&drummer, dt__groove_text("rock"), &r->take, NULL, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  r->take.latency_s = 0.01234;
  r->config = dt_judge_default(&r->take);
  assert_int_equal(dt_judge(&made.verdict, NULL, &r->take, &r->config, &err), DT_OK);
  const dt_report_options options = {.file = "a \"take\".mid", .config = &r->config};
  assert_int_equal(dt_report_json(&r->take, &made.verdict, &options, dt_buffer_sink(&made.report)),
                   DT_OK);
  assert_int_equal(dt_sink_write(dt_buffer_sink(&made.report), "", 1), DT_OK);
  r->taken_at_s = 1700000000 + (int64_t)seed;
  r->player = "Zo\xC3\xAB";
  r->file = "a \"take\".mid";
  r->program = "test";
  r->report = (const char*)made.report.bytes;
  r->summary = dt_summary_of(&made.verdict);
  r->judged = made.verdict.judged;
  r->judged_count = made.verdict.judged_count;
  return made;
}

static inline void dt__made_clear(dt__made* made) {
  dt_verdict_clear(&made->verdict, NULL);
  dt_take_clear(&made->record.take, NULL);
  dt_buffer_clear(&made->report);
}

static inline int64_t dt__saved(dt_store* store, const dt_record* record) {
  dt_error err = {.sentence = ""};
  int64_t number = 0;
  bool known = true;
  if (dt_store_save(store, record, &number, &known, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  assert_false(known);
  return number;
}

/* The line of take `number`, with a NUL behind it. */
static inline dt_buffer dt__exported(dt_store* store, int64_t number) {
  dt_record record;
  dt_buffer line = {0};
  dt_error err = {.sentence = ""};
  if (dt_store_load(store, number, NULL, &record, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  assert_int_equal(dt_record_write(&record, dt_buffer_sink(&line)), DT_OK);
  assert_int_equal(dt_sink_write(dt_buffer_sink(&line), "", 1), DT_OK);
  dt_record_clear(&record, NULL);
  return line;
}

#endif
