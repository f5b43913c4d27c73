/* What a player would miss: a take, a stroke, a digit, or the way to find it again. */
#include "store_support.h"

#include <sqlite3.h>

static bool same(double a, double b) {
  return (isnan(a) && isnan(b)) || a == b;
}

static void assert_same_judged(const dt_judged* a, const dt_judged* b) {
  assert_true(same(a->beat, b->beat) && same(a->grid_time_s, b->grid_time_s));
  assert_true(same(a->asynchrony_ms, b->asynchrony_ms) && same(a->residual_ms, b->residual_ms));
  assert_true(a->outlier == b->outlier && a->ornament == b->ornament && a->stroke == b->stroke);
}

static void assert_same_estimate(dt_estimate a, dt_estimate b) {
  assert_true(same(a.value, b.value) && same(a.low, b.low) && same(a.high, b.high));
  assert_int_equal(a.known, b.known);
}

/* The word, the numbers, every stroke and every setting come back as they went in. */
static void keeps_every_digit(void** state) {
  (void)state;
  const dt__yard yard = dt__yard_new();
  dt__made made = dt__made_take("scatter=9ms clock=4ms miss=3%", 12, 7);
  made.record.chart = "rock";
  made.record.config.mode = DT_GRID_TEMPO;
  made.record.config.bpm = 119.99999999999997;
  made.record.config.start_s = 2.1;
  made.record.summary.missed_count = 3;
  made.record.take.strokes.items[5].openness = 0.3F;
  made.record.take.strokes.items[5].choke_s = 0.1F;
  dt_store* store = dt__opened(yard.path);
  const int64_t number = dt__saved(store, &made.record);
  dt_store_close(store);
  store = dt__opened(yard.path);
  dt_record back;
  assert_int_equal(dt_store_load(store, number, NULL, &back, NULL), DT_OK);
  assert_string_equal(back.player, "Zo\xC3\xAB");
  assert_string_equal(back.chart, "rock");
  assert_string_equal(back.file, "a \"take\".mid");
  assert_int_equal(back.taken_at_s, made.record.taken_at_s);
  assert_int_equal(back.take.strokes.count, made.record.take.strokes.count);
  assert_int_equal(back.judged_count, made.record.judged_count);
  assert_true(back.judged_count > 100);
  for (size_t i = 0; i < back.judged_count; ++i) {
    const dt_stroke* a = &back.take.strokes.items[i];
    const dt_stroke* b = &made.record.take.strokes.items[i];
    assert_true(a->time_s == b->time_s && a->velocity == b->velocity && a->drum == b->drum);
    assert_true(a->openness == b->openness && a->confidence == b->confidence);
    assert_true(a->choke_s == b->choke_s && a->note == b->note);
    assert_same_judged(&back.judged[i], &made.record.judged[i]);
  }
  assert_true(back.take.has_click && back.take.duration_s == made.record.take.duration_s);
  assert_true(back.take.latency_s == 0.01234);
  assert_true(dt_tempo_map_seconds(&back.take.click, 12345) ==
              dt_tempo_map_seconds(&made.record.take.click, 12345));
  assert_true(back.config.bpm == made.record.config.bpm && back.config.start_s == 2.1);
  assert_int_equal(back.config.mode, DT_GRID_TEMPO);
  assert_int_equal(back.summary.word, made.record.summary.word);
  assert_same_estimate(back.summary.scatter_ms, made.record.summary.scatter_ms);
  assert_same_estimate(back.summary.placement_ms, made.record.summary.placement_ms);
  assert_same_estimate(back.summary.drift_bpm_per_min, made.record.summary.drift_bpm_per_min);
  assert_int_equal(back.summary.missed_count, 3);
  assert_int_equal(back.summary.extra_count, -1);
  assert_non_null(strstr(back.report, "\"schema\":\"doubletime.judge/1\""));
  assert_null(strstr(back.report, "\"time_s\"")); /* the strokes have a table of their own */
  dt_record_clear(&back, NULL);
  dt_store_close(store);
  dt__made_clear(&made);
  dt__yard_clear(&yard);
}

static void notices_the_same_take(void** state) {
  (void)state;
  const dt__yard yard = dt__yard_new();
  dt__made made = dt__made_take("scatter=9ms", 8, 3);
  dt_store* store = dt__opened(yard.path);
  const int64_t first = dt__saved(store, &made.record);
  int64_t number = 0;
  bool known = false;
  made.record.player = "somebody else";
  assert_int_equal(dt_store_save(store, &made.record, &number, &known, NULL), DT_OK);
  assert_true(known);
  assert_int_equal(number, first);
  /* One stroke a hair later is another take. */
  made.record.take.strokes.items[9].time_s += 1e-9;
  assert_int_equal(dt__saved(store, &made.record), first + 1);
  dt_store_close(store);
  dt__made_clear(&made);
  dt__yard_clear(&yard);
}

typedef struct seen {
  int64_t numbers[64];
  size_t count;
} seen;

static bool see(void* ctx, const dt_listed* listed) {
  seen* s = ctx;
  s->numbers[s->count++] = listed->number;
  return true;
}

static size_t list(dt_store* store, const dt_filter* filter, seen* s) {
  size_t matching = SIZE_MAX;
  s->count = 0;
  assert_int_equal(dt_store_list(store, filter, see, s, &matching, NULL), DT_OK);
  return matching;
}

/* Twelve takes; player, chart and word by turns; time runs against the numbers. */
static void finds_what_was_asked_for(void** state) {
  (void)state;
  static const char* const players[] = {"Ana", "Ben", NULL};
  const dt__yard yard = dt__yard_new();
  dt_store* store = dt__opened(yard.path);
  for (int i = 0; i < 12; ++i) {
    dt__made made = dt__made_take("scatter=9ms", 4, (uint64_t)i + 1);
    made.record.player = players[i % 3];
    made.record.chart = i % 2 ? "funk" : NULL;
    made.record.taken_at_s = 1000 - i;
    made.record.summary.word = (dt_word)(i % 4);
    if (i == 5)
      made.record.take.strokes.items[0].drum = DT_COWBELL;
    assert_int_equal(dt__saved(store, &made.record), i + 1);
    dt__made_clear(&made);
  }
  seen s;
  dt_filter filter = dt_filter_all();
  assert_int_equal(list(store, &filter, &s), 12);
  assert_true(s.count == 12 && s.numbers[0] == 1 && s.numbers[11] == 12);
  filter.limit = 3;
  assert_int_equal(list(store, &filter, &s), 12);
  assert_true(s.count == 3 && s.numbers[2] == 3);
  filter = dt_filter_all();
  filter.player = "Ben";
  assert_int_equal(list(store, &filter, &s), 4);
  assert_int_equal(s.numbers[0], 2);
  filter.chart = "funk";
  assert_int_equal(list(store, &filter, &s), 2);
  filter.word = DT_WORD_SCATTERED;
  assert_int_equal(list(store, &filter, &s), 1);
  assert_int_equal(s.numbers[0], 8);
  filter.player = "Nobody";
  assert_int_equal(list(store, &filter, &s), 0);
  filter = dt_filter_all();
  filter.drum = DT_COWBELL;
  assert_int_equal(list(store, &filter, &s), 1);
  assert_int_equal(s.numbers[0], 6);
  filter = dt_filter_all();
  filter.since_s = 995;
  filter.until_s = 997;
  assert_int_equal(list(store, &filter, &s), 3);
  assert_int_equal(s.numbers[0], 4);
  dt_store_close(store);
  dt__yard_clear(&yard);
}

static void lists_the_newest_first(void** state) {
  (void)state;
  static const int64_t when[] = {5, 9, 9, -7};
  static const int64_t order[] = {3, 2, 1, 4};
  const dt__yard yard = dt__yard_new();
  dt_store* store = dt__opened(yard.path);
  dt__made made = dt__made_take("scatter=9ms", 4, 1);
  for (int i = 0; i < 4; ++i) {
    made.record.taken_at_s = when[i];
    made.record.take.duration_s += 1;
    (void)dt__saved(store, &made.record);
  }
  seen s;
  const dt_filter all = dt_filter_all();
  assert_int_equal(list(store, &all, &s), 4);
  for (int i = 0; i < 4; ++i)
    assert_int_equal(s.numbers[i], order[i]);
  dt_store_close(store);
  dt__made_clear(&made);
  dt__yard_clear(&yard);
}

static void says_which_takes_there_are_not(void** state) {
  (void)state;
  const dt__yard yard = dt__yard_new();
  dt_store* store = NULL;
  dt_record record;
  dt_error err = {.sentence = ""};
  assert_int_equal(dt_store_open(&store, yard.path, NULL, &err), DT_NOT_FOUND);
  assert_null(store);
  store = dt__opened(yard.path);
  assert_int_equal(dt_store_load(store, 1, NULL, &record, &err), DT_NOT_FOUND);
  assert_string_equal(err.sentence, "There are no takes yet: doubletime judge FILE --save");
  dt__made made = dt__made_take("scatter=9ms", 4, 1);
  (void)dt__saved(store, &made.record);
  assert_int_equal(dt_store_load(store, 99, NULL, &record, &err), DT_NOT_FOUND);
  assert_string_equal(err.sentence, "There is no take 99; the highest number is 1");
  made.record.player = "";
  made.record.take.duration_s += 1;
  int64_t number = 0;
  bool known = false;
  assert_int_equal(dt_store_save(store, &made.record, &number, &known, &err), DT_BAD_ARGUMENT);
  dt_store_close(store);
  dt__made_clear(&made);
  dt__yard_clear(&yard);
}

/* What fails in a batch takes only itself away; what is not committed is not there. */
static void a_batch_is_all_or_nothing(void** state) {
  (void)state;
  const dt__yard yard = dt__yard_new();
  dt_store* store = dt__opened(yard.path);
  dt__made made = dt__made_take("scatter=9ms", 4, 1);
  int64_t number = 0;
  bool known = false;
  assert_int_equal(dt_store_begin(store, NULL), DT_OK);
  (void)dt__saved(store, &made.record);
  made.record.take.duration_s += 1;
  made.record.judged_count -= 1;
  assert_int_equal(dt_store_save(store, &made.record, &number, &known, NULL), DT_BAD_ARGUMENT);
  made.record.judged_count += 1;
  made.record.chart = "";
  assert_int_equal(dt_store_save(store, &made.record, &number, &known, NULL), DT_BAD_ARGUMENT);
  made.record.chart = NULL;
  assert_int_equal(dt_store_commit(store, NULL), DT_OK);
  assert_int_equal(dt_store_begin(store, NULL), DT_OK);
  (void)dt__saved(store, &made.record);
  dt_store_close(store);
  store = dt__opened(yard.path);
  const dt_filter all = dt_filter_all();
  seen s;
  assert_int_equal(list(store, &all, &s), 1);
  assert_int_equal(dt_store_check(store, NULL), DT_OK);
  dt_store_close(store);
  dt__made_clear(&made);
  dt__yard_clear(&yard);
}

/* A list is one walk along one index, however the questions are mixed. */
static void history_does_not_read_the_tables(void** state) {
  (void)state;
  const dt__yard yard = dt__yard_new();
  dt_store_close(dt__opened(yard.path));
  sqlite3* db = NULL;
  sqlite3_stmt* plan = NULL;
  assert_int_equal(sqlite3_open(yard.path, &db), SQLITE_OK);
  assert_int_equal(
      sqlite3_prepare_v2(db,
                         "EXPLAIN QUERY PLAN SELECT id FROM takes INDEXED BY takes_by_time WHERE "
                         "taken_at_s BETWEEN 1 AND 2 AND player_id = 1 AND chart_id = 2 AND word "
                         "= 'x' AND (drums >> 3) & 1 ORDER BY taken_at_s DESC, id DESC LIMIT 20",
                         -1, &plan, NULL),
      SQLITE_OK);
  assert_int_equal(sqlite3_step(plan), SQLITE_ROW);
  assert_non_null(strstr((const char*)sqlite3_column_text(plan, 3), "COVERING INDEX"));
  assert_int_equal(sqlite3_step(plan), SQLITE_DONE); /* no sorting */
  sqlite3_finalize(plan);
  sqlite3_close(db);
  dt__yard_clear(&yard);
}

typedef struct sweep {
  dt_store* store;
  int64_t number;
} sweep;

static bool load_once(const dt_allocator* allocator, void* ctx) {
  const sweep* s = ctx;
  dt_record record;
  const dt_status status = dt_store_load(s->store, s->number, allocator, &record, NULL);
  if (status != DT_OK) {
    assert_int_equal(status, DT_NO_MEMORY);
    return false;
  }
  dt_record_clear(&record, allocator);
  return true;
}

static void loading_survives_want_of_memory(void** state) {
  (void)state;
  const dt__yard yard = dt__yard_new();
  dt__made made = dt__made_take("scatter=9ms", 4, 1);
  sweep s = {.store = dt__opened(yard.path)};
  s.number = dt__saved(s.store, &made.record);
  assert_true(dt_failing_sweep(load_once, &s) >= 4);
  dt_store_close(s.store);
  dt__made_clear(&made);
  dt__yard_clear(&yard);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(keeps_every_digit),
      cmocka_unit_test(notices_the_same_take),
      cmocka_unit_test(finds_what_was_asked_for),
      cmocka_unit_test(lists_the_newest_first),
      cmocka_unit_test(says_which_takes_there_are_not),
      cmocka_unit_test(a_batch_is_all_or_nothing),
      cmocka_unit_test(history_does_not_read_the_tables),
      cmocka_unit_test(loading_survives_want_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
