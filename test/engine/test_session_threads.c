#include "session_run.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

/* The same session with the device in its own thread (dt_port_start), faster than real time: TSan
 * looks at it in `./dev check tsan`. */
static void prepare(session_run* run, const char* drummer) {
  run_begin(run, "rock", DT_MODE_LADDER, drummer);
  run->config.is_stepped = false;
  run->port.null.speed = 20;
  run->plan.exercises[0].minutes = 0.5;
}

static void a_session_in_threads_comes_to_its_end(void** state) {
  (void)state;
  session_run run;
  prepare(&run, "scatter=6ms seed=3");
  run_go(&run);
  assert_true(run.is_done);
  assert_true(run.takes >= 1);
  assert_int_equal(dt_session_look(run.session).lost_blocks, 0);
  run_end(&run);
}

static void* press_finish(void* context) {
  session_run* run = context;
  nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
  dt_session_press(run->session, DT_KEY_FINISH);
  return NULL;
}

static void a_key_from_another_thread_ends_it(void** state) {
  (void)state;
  session_run run;
  prepare(&run, "scatter=6ms seed=3");
  run.plan.exercises[0].minutes = 30;
  dt_port* port = dt_port_open(&run.port, &run.err);
  assert_non_null(port);
  assert_int_equal(dt_session_new(&run.session, NULL, &run.config, port, &run.err), DT_OK);
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, press_finish, &run), 0);
  assert_int_equal(dt_session_run(run.session, &run.err), DT_OK);
  pthread_join(thread, NULL);
  assert_true(run.is_done);
  assert_string_equal(run.last, "Enough for today.");
  dt_port_close(port);
  run_end(&run);
}

typedef struct looker {
  const dt_session* session;
  atomic_bool is_over;
  int looks;
  bool goes_back;
} looker;

static void* look_on(void* context) {
  looker* l = context;
  dt_frame last = 0;
  while (!atomic_load(&l->is_over)) {
    const dt_session_state seen = dt_session_look(l->session);
    l->goes_back = l->goes_back || seen.heard < last;
    last = seen.heard;
    l->looks++;
  }
  return NULL;
}

/* As a screen or a page does, over the end too. */
static void another_thread_may_look_at_any_time(void** state) {
  (void)state;
  session_run run;
  prepare(&run, "scatter=6ms seed=3");
  dt_port* port = dt_port_open(&run.port, &run.err);
  assert_non_null(port);
  assert_int_equal(dt_session_new(&run.session, NULL, &run.config, port, &run.err), DT_OK);
  looker l = {.session = run.session};
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, look_on, &l), 0);
  assert_int_equal(dt_session_run(run.session, &run.err), DT_OK);
  nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
  atomic_store(&l.is_over, true);
  pthread_join(thread, NULL);
  assert_true(l.looks > 0 && !l.goes_back);
  assert_true(dt_session_look(run.session).heard > 0);
  dt_port_close(port);
  run_end(&run);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_session_in_threads_comes_to_its_end),
      cmocka_unit_test(a_key_from_another_thread_ends_it),
      cmocka_unit_test(another_thread_may_look_at_any_time),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
