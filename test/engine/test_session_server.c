/*
 * A session and what its JACK server does: the transport rolls and stops, the server is killed and
 * comes back.
 */
#include "jack_stage.h"

/* A take's count-in begins on a bar line of the transport, and not before it rolls. */
static void check_transport(stage* s, double bpm) {
  const double bar = 4 * 60.0 / bpm * RATE_HZ;
  const int takes = atomic_load(&s->take_count);
  const uint64_t before = disturbances(s);
  assert_int_equal(dt_port_transport(s->port, DT_PORT_TRANSPORT_ROLL, 12345), DT_OK);
  assert_true(wait_for_count(&s->take_count, takes + 1, 60000));
  assert_true(fabs(s->take_bpm - bpm) < 1e-6);
  const double bars = (double)(s->take_start + atomic_load(&s->drummer->transport_ahead)) / bar;
  if (disturbances(s) == before)
    assert_true(fabs(bars - round(bars)) * bar <= 1);
  else
    print_message("the server could not keep up: the place of the bar line was not checked\n");
  const int stopped = atomic_load(&s->stopped_count);
  const int waits = atomic_load(&s->wait_count);
  assert_int_equal(dt_port_transport(s->port, DT_PORT_TRANSPORT_STOP, -1), DT_OK);
  assert_true(wait_for_count(&s->stopped_count, stopped + 1, 20000));
  assert_true(wait_for_count(&s->wait_count, waits + 1, 20000));
}

static void the_band_goes_with_the_transport(void** state) {
  (void)state;
  stage* s = &here;
  if (!has_stage())
    return;
  s->sync = DT_SYNC_JACK;
  assert_true(jack_server_start(&s->server, RATE_HZ, PERIOD));
  start_drummer_with(s, RATE_HZ / 8, SEED, 93);
  start_session(s, false, NULL);
  assert_true(wait_for_condition(s->port, DT_PORT_RUNNING, 30000));
  assert_true(wait_for_count(&s->wait_count, 1, 30000));
  nap_ms(500);
  assert_int_equal(atomic_load(&s->take_count), 0); /* it does not roll yet */
  for (int i = 0; i < 3; i++)
    check_transport(s, 93);
  stop_session(s);
  assert_int_equal(s->status, DT_OK);
}

static void remove_session(const char* folder) {
  static const char* const names[] = {"session.txt", "plan.txt",   "chart-1.txt",
                                      "past.txt",    "events.txt", "decisions.txt"};
  char path[128];
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    (void)unlink(path);
  }
  (void)rmdir(folder);
}

static void assert_exact(const stage* s, const stretch* one) {
  if (!one->is_undisturbed) {
    print_message("the server could not keep up: these times were not checked\n");
    return;
  }
  assert_int_equal(one->heard_count, one->played_count);
  for (int i = 1; i < one->played_count; i++)
    assert_int_equal(llround(s->heard[one->heard + i] - s->heard[one->heard]),
                     s->drummer->at[one->played + i] - s->drummer->at[one->played]);
}

static void a_session_outlives_its_server(void** state) {
  (void)state;
  stage* s = &here;
  if (!has_stage())
    return;
  char folder[64] = "/tmp/doubletime-session-XXXXXX";
  assert_non_null(mkdtemp(folder));
  assert_true(jack_server_start(&s->server, RATE_HZ, PERIOD));
  start_drummer(s, RATE_HZ / 20, SEED);
  start_session(s, false, folder);
  assert_true(wait_for_heard(s, RATE_HZ / 2));
  const stretch before = play_some(s, STROKES);
  assert_exact(s, &before);
  const dt_frame gap_before = dt_session_look(s->session).gap_frames;
  jack_server_end(&s->server, SIGKILL);
  assert_true(wait_for_condition(s->port, DT_PORT_GONE, 30000));
  assert_true(wait_for_count(&s->away_count, 1, 10000)); /* not when it is back: now */
  assert_int_equal(atomic_load(&s->back_count), 0);
  end_drummer(s);
  nap_ms(500);
  assert_true(jack_server_start(&s->server, RATE_HZ, PERIOD));
  start_drummer(s, RATE_HZ / 20, SEED + 1);
  assert_true(wait_for_condition(s->port, DT_PORT_RUNNING, 30000));
  assert_true(wait_for_heard(s, (int)dt_session_look(s->session).heard + RATE_HZ / 2));
  assert_int_equal(atomic_load(&s->back_count), 1);
  const stretch after = play_some(s, STROKES);
  assert_exact(s, &after);
  stop_session(s);
  assert_int_equal(s->status, DT_OK);
  dt_port_state port;
  dt_port_look(s->port, &port);
  const dt_session_state end = dt_session_look(s->session);
  print_message("%.2f s counted as lost\n", (double)(end.gap_frames - gap_before) / RATE_HZ);
  assert_int_equal(port.returns, 1);
  assert_true(end.gap_frames - gap_before >= RATE_HZ / 2);
  assert_int_equal(end.gap_frames, port.gap_frames);
  assert_int_equal(end.lost_blocks + end.lost_midi, 0);
  assert_true(after.heard_count > 0);
  assert_true(s->heard[after.heard] - s->heard[after.heard - 1] > RATE_HZ / 2.0);
  forget_session(s);
  bool same = false;
  assert_int_equal(dt_session_replay(folder, NULL, NULL, &same, &s->err), DT_OK);
  if (!same)
    fail_msg("%s", s->err.sentence);
  remove_session(folder);
}

int main(int argc, char** argv) {
  if (argc == 3 && strcmp(argv[1], "drummer") == 0)
    return other_main(argv[2]);
  here.server = jack_server_named();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(a_session_outlives_its_server, clear_stage),
      cmocka_unit_test_teardown(the_band_goes_with_the_transport, clear_stage),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
