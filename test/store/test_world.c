/* Other programs, full disks and kills. */
#include "store_support.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "dt/rng.h"

static bool count(void* ctx, const dt_listed* listed) {
  *(size_t*)ctx += listed->number > 0;
  return true;
}

static size_t listed(dt_store* store) {
  const dt_filter all = dt_filter_all();
  size_t lines = 0;
  size_t matching = 0;
  dt_error err = {.sentence = ""};
  if (dt_store_list(store, &all, count, &lines, &matching, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  assert_int_equal(lines, matching); /* one moment, though somebody writes */
  return lines;
}

/* In a child: saves takes that differ in length, telling each number through the pipe. */
static void write_takes(const char* path, dt_record record, int from, int takes, int tell) {
  dt_store* store = NULL;
  const dt_store_options options = {.create = true, .patience_ms = 20000};
  if (dt_store_open(&store, path, &options, NULL) != DT_OK)
    _exit(2);
  for (int i = 0; i < takes; ++i) {
    int64_t number = 0;
    bool known = false;
    record.take.duration_s = 1000 + from + i;
    if (dt_store_save(store, &record, &number, &known, NULL) != DT_OK)
      _exit(3);
    if (!known && tell >= 0 && write(tell, &number, sizeof number) != (ssize_t)sizeof number)
      _exit(4);
  }
  dt_store_close(store);
  _exit(0);
}

static void one_writes_while_another_lists(void** state) {
  (void)state;
  enum { TAKES = 60 };
  const dt__yard yard = dt__yard_new();
  dt__made made = dt__made_take("scatter=9ms", 8, 1);
  dt_store* store = dt__opened(yard.path);
  const pid_t child = fork();
  if (child == 0)
    write_takes(yard.path, made.record, 0, TAKES, -1);
  size_t before = 0;
  size_t different = 0;
  int how = 0;
  while (waitpid(child, &how, WNOHANG) == 0) {
    const size_t now = listed(store);
    assert_true(now >= before);
    different += now != before;
    before = now;
  }
  assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
  assert_int_equal(listed(store), TAKES);
  assert_true(different >= 2); /* it saw the takes come */
  dt_store_close(store);
  dt__made_clear(&made);
  dt__yard_clear(&yard);
}

static void two_writers_take_turns(void** state) {
  (void)state;
  enum { TAKES = 15 };
  const dt__yard yard = dt__yard_new();
  dt__made made = dt__made_take("scatter=9ms", 4, 1);
  pid_t children[2];
  for (int k = 0; k < 2; ++k) {
    children[k] = fork();
    if (children[k] == 0)
      write_takes(yard.path, made.record, 1000 * k, TAKES, -1);
  }
  for (int k = 0; k < 2; ++k) {
    int how = 0;
    waitpid(children[k], &how, 0);
    assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
  }
  dt_store* store = dt__opened(yard.path);
  assert_int_equal(listed(store), 2 * TAKES);
  dt_store_close(store);
  dt__made_clear(&made);
  dt__yard_clear(&yard);
}

/* The longer proof, with the whole program, is bench/store_kill.c. */
static void a_kill_loses_no_finished_take(void** state) {
  (void)state;
  enum { KILLS = 20 };
  const uint64_t seed = 11;
  const dt__yard yard = dt__yard_new();
  dt__made made = dt__made_take("scatter=9ms", 8, 1);
  dt_rng rng = dt_rng_seeded(seed, 1);
  int64_t told = 0;
  print_message("seed %llu\n", (unsigned long long)seed);
  for (int k = 0; k < KILLS; ++k) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0)
      write_takes(yard.path, made.record, 1000 * k, 1000, ends[1]);
    close(ends[1]);
    const struct timespec pause = {.tv_nsec = (long)(dt_rng_uniform(&rng) * 60e6)};
    nanosleep(&pause, NULL);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    int64_t number = 0;
    while (read(ends[0], &number, sizeof number) == (ssize_t)sizeof number)
      told = number;
    close(ends[0]);
  }
  dt_store* store = dt__opened(yard.path);
  dt_record record;
  assert_true(told > 0);
  assert_int_equal(dt_store_check(store, NULL), DT_OK);
  assert_true(listed(store) >= (size_t)told);
  for (int64_t number = 1; number <= told; ++number) {
    assert_int_equal(dt_store_load(store, number, NULL, &record, NULL), DT_OK);
    assert_int_equal(record.take.strokes.count, made.record.take.strokes.count);
    dt_record_clear(&record, NULL);
  }
  dt_store_close(store);
  dt__made_clear(&made);
  dt__yard_clear(&yard);
}

static dt_status save(dt_store* store, dt_record* record, dt_error* err) {
  int64_t number = 0;
  bool known = false;
  record->take.duration_s += 1;
  return dt_store_save(store, record, &number, &known, err);
}

static void a_locked_database_is_told_from_a_broken_one(void** state) {
  (void)state;
  const dt__yard yard = dt__yard_new();
  dt__made made = dt__made_take("scatter=9ms", 4, 1);
  dt_store_close(dt__opened(yard.path));
  sqlite3* other = NULL;
  assert_int_equal(sqlite3_open(yard.path, &other), SQLITE_OK);
  assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
  dt_store* store = NULL;
  dt_error err = {.sentence = ""};
  const dt_store_options hasty = {.patience_ms = 30};
  assert_int_equal(dt_store_open(&store, yard.path, &hasty, &err), DT_OK);
  assert_int_equal(listed(store), 0); /* readers do not wait */
  assert_int_equal(save(store, &made.record, &err), DT_IO);
  assert_non_null(strstr(err.sentence, "Another program"));
  sqlite3_exec(other, "COMMIT", NULL, NULL, NULL);
  sqlite3_close(other);
  assert_int_equal(save(store, &made.record, &err), DT_OK);
  dt_store_close(store);
  dt__made_clear(&made);
  dt__yard_clear(&yard);
}

/* No disk can be filled here; a limit on the size of files refuses the same write. */
static void a_full_disk_leaves_what_was_there(void** state) {
  (void)state;
  const dt__yard yard = dt__yard_new();
  dt__made made = dt__made_take("scatter=9ms", 40, 1);
  dt_store* store = dt__opened(yard.path);
  dt_error err = {.sentence = ""};
  assert_int_equal(save(store, &made.record, &err), DT_OK);
  struct rlimit before;
  signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  const struct rlimit small = {140000, before.rlim_max};
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  dt_status status = DT_OK;
  for (int i = 0; i < 10 && status == DT_OK; ++i)
    status = save(store, &made.record, &err);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  assert_int_equal(status, DT_IO);
  assert_non_null(strstr(err.sentence, "disk"));
  const size_t kept = listed(store);
  assert_true(kept >= 1);
  assert_int_equal(save(store, &made.record, &err), DT_OK);
  assert_int_equal(listed(store), kept + 1);
  assert_int_equal(dt_store_check(store, NULL), DT_OK);
  dt_store_close(store);
  dt__made_clear(&made);
  dt__yard_clear(&yard);
}

static void a_read_only_folder_is_named_as_such(void** state) {
  (void)state;
  if (geteuid() == 0) {
    print_message("root may write everywhere: read-only folders were not tested\n");
    skip();
  }
  const dt__yard yard = dt__yard_new();
  dt_store* store = NULL;
  dt_error err = {.sentence = ""};
  const dt_store_options options = {.create = true};
  assert_int_equal(chmod(yard.folder, 0500), 0);
  assert_int_equal(dt_store_open(&store, yard.path, &options, &err), DT_IO);
  assert_non_null(strstr(err.sentence, "writable"));
  assert_int_equal(chmod(yard.folder, 0700), 0);
  dt__yard_clear(&yard);
}

static void a_missing_folder_is_named_as_such(void** state) {
  (void)state;
  dt_store* store = NULL;
  dt_error err = {.sentence = ""};
  const dt_store_options options = {.create = true};
  assert_int_equal(dt_store_open(&store, "/nowhere/at/all/x.db", &options, &err), DT_NOT_FOUND);
  assert_non_null(strstr(err.sentence, "no such folder"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_writes_while_another_lists),
      cmocka_unit_test(two_writers_take_turns),
      cmocka_unit_test(a_kill_loses_no_finished_take),
      cmocka_unit_test(a_locked_database_is_told_from_a_broken_one),
      cmocka_unit_test(a_full_disk_leaves_what_was_there),
      cmocka_unit_test(a_read_only_folder_is_named_as_such),
      cmocka_unit_test(a_missing_folder_is_named_as_such),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
