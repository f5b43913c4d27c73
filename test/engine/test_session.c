#include "session_run.h"

#include "dt/stat.h"

/* What the virtual drummer plays arrives to the frame: a machine's strokes are on the grid. */
static void midi_strokes_are_exact_to_the_frame(void** state) {
  (void)state;
  session_run run;
  run_begin(&run, "rock", DT_MODE_LADDER, "machine scatter=0ms");
  run_go(&run);
  assert_true(run.takes >= 2);
  assert_true(run.on_notes > 100);
  const double mean = run.sum / (double)run.on_notes;
  const double sd = sqrt(run.squares / (double)run.on_notes - mean * mean);
  assert_true(fabs(mean) < 0.03);
  assert_true(sd < 0.03);
  run_end(&run);
}

static void a_known_latency_is_taken_off_once(void** state) {
  (void)state;
  session_run run;
  run_begin(&run, "rock", DT_MODE_LADDER, "machine scatter=0ms placement=20ms");
  run.config.latency_ms = 20;
  run_go(&run);
  assert_true(fabs(run.latency_s - 0.020) < 1e-12); /* and kept with the take */
  assert_true(fabs(run.sum / (double)run.on_notes) < 0.03);
  run_end(&run);
}

static void a_good_player_climbs_and_is_never_stopped(void** state) {
  (void)state;
  session_run run;
  run_begin(&run, "rock", DT_MODE_LADDER, "scatter=6ms seed=3");
  run_go(&run);
  assert_true(run.is_done);
  assert_int_equal(run.stops, 0);
  assert_true(run.clean >= run.takes - 1);
  const dt_coach* coach = dt_leader_coach(dt_session_leader(run.session));
  dt_past past;
  assert_true(dt_coach_past(coach, 0, &past));
  assert_true(past.bpm > 100);
  run_end(&run);
}

static void a_take_that_cannot_be_saved_is_stopped(void** state) {
  (void)state;
  session_run run;
  run_begin(&run, "rock", DT_MODE_LADDER, "miss=40% seed=5");
  run.plan.exercises[0].bars = 8;
  run_go(&run);
  assert_true(run.stops >= 1);
  run_end(&run);
}

/* The same through sound: the drummer's own kit into the microphone and the ear. */
static void sound_strokes_are_heard_where_they_are(void** state) {
  (void)state;
  session_run run;
  run_begin(&run, "rock", DT_MODE_LADDER, "machine scatter=0ms");
  run.config.sound = true;
  run.plan.exercises[0].minutes = 0.5;
  run_go(&run);
  assert_true(run.on_notes > 30);
  const double mean = run.sum / (double)run.on_notes;
  assert_true(fabs(mean) < 0.5);
  run_end(&run);
}

static void nobody_there_is_a_pause_not_a_failure(void** state) {
  (void)state;
  session_run run;
  run_begin(&run, "rock", DT_MODE_LADDER, "machine");
  run.config.player = NULL;
  run.port.null.length_frames = 48000 * 60;
  run_go(&run);
  assert_int_equal(run.takes, 0);
  assert_string_equal(run.last, "Nothing heard. Play a stroke to go on.");
  run_end(&run);
}

static void every_mode_comes_to_its_end(void** state) {
  (void)state;
  for (int mode = 0; mode < DT_MODE_COUNT; mode++) {
    session_run run;
    run_begin(&run, "rock", (dt_practice_mode)mode, "scatter=6ms seed=2");
    run.plan.exercises[0].bars = 0;
    run_go(&run);
    if (!run.is_done || run.takes < 1)
      fail_msg("mode %s: %d takes", dt_mode_name((dt_practice_mode)mode), run.takes);
    run_end(&run);
  }
}

/* Frames lost, jumps, a device that goes and comes: the session goes on to its end. */
static void a_device_that_misbehaves_does_not_end_the_session(void** state) {
  (void)state;
  static const dt_port_fault faults[] = {
      {48000 * 4, DT_PORT_FAULT_JUMP, 128},     {48000 * 6, DT_PORT_FAULT_BACKWARDS, 999},
      {48000 * 8, DT_PORT_FAULT_XRUN, 512},     {48000 * 15, DT_PORT_FAULT_STALL, 1000},
      {48000 * 30, DT_PORT_FAULT_VANISH, 3000}, {48000 * 45, DT_PORT_FAULT_GLITCH, 64},
  };
  session_run run;
  run_begin(&run, "rock", DT_MODE_LADDER, "scatter=6ms seed=3");
  run.port.null.faults = faults;
  run.port.null.fault_count = (int)(sizeof faults / sizeof faults[0]);
  run_go(&run);
  assert_true(run.takes >= 3);
  const dt_session_state seen = dt_session_look(run.session);
  assert_true(seen.gap_frames >= 48000);
  assert_int_equal(seen.lost_blocks, 0);
  run_end(&run);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(midi_strokes_are_exact_to_the_frame),
      cmocka_unit_test(a_known_latency_is_taken_off_once),
      cmocka_unit_test(a_good_player_climbs_and_is_never_stopped),
      cmocka_unit_test(a_take_that_cannot_be_saved_is_stopped),
      cmocka_unit_test(sound_strokes_are_heard_where_they_are),
      cmocka_unit_test(nobody_there_is_a_pause_not_a_failure),
      cmocka_unit_test(every_mode_comes_to_its_end),
      cmocka_unit_test(a_device_that_misbehaves_does_not_end_the_session),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
