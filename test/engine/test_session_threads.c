#include "session_run.h"

#include <pthread.h>
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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_session_in_threads_comes_to_its_end),
      cmocka_unit_test(a_key_from_another_thread_ends_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
