#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "dt/loopback.h"

static dt_loopback_result measure(int delay_frames, const dt_port_fault* faults, int fault_count) {
  dt_port_config config = dt_port_config_default();
  config.device = "null";
  config.rate_hz = 48000;
  config.null.speed = 0;
  config.null.loopback_delay_frames = delay_frames;
  config.null.faults = faults;
  config.null.fault_count = fault_count;
  dt_error err = {0};
  dt_port* port = dt_port_open(&config, &err);
  assert_non_null(port);
  dt_loopback* loopback = dt_loopback_new(NULL, 48000);
  assert_non_null(loopback);
  assert_int_equal(dt_port_start(port, dt_loopback_process, loopback, &err), DT_OK);
  while (!dt_loopback_is_done(loopback))
    assert_true(dt_port_step(port, 4800));
  const dt_loopback_result result = dt_loopback_analyse(loopback);
  dt_port_close(port);
  dt_loopback_free(loopback);
  return result;
}

static void a_known_delay_is_measured(void** state) {
  (void)state;
  static const int delays[] = {256, 777, 4801, 14400};
  for (size_t i = 0; i < sizeof delays / sizeof delays[0]; i++) {
    const dt_loopback_result result = measure(delays[i], NULL, 0);
    const double true_ms = delays[i] / 48.0;
    assert_int_equal(result.heard, DT_LOOPBACK_CHIRPS);
    assert_true(fabs(result.latency_ms - true_ms) < 0.01);
    assert_true(result.low_ms <= true_ms + 0.01 && result.high_ms >= true_ms - 0.01);
    assert_true(result.jitter_ms < 0.01);
  }
}

static void lost_frames_are_told(void** state) {
  (void)state;
  static const dt_port_fault jump = {48000 * 3, DT_PORT_FAULT_JUMP, 128};
  assert_int_equal(measure(480, &jump, 1).lost_frames, 128);
}

static void silence_is_no_delay(void** state) {
  (void)state;
  const dt_loopback_result result = measure(0, NULL, 0);
  assert_int_equal(result.heard, 0);
  assert_true(isnan(result.latency_ms));
  assert_true(result.level_db < -100);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_known_delay_is_measured),
      cmocka_unit_test(lost_frames_are_told),
      cmocka_unit_test(silence_is_no_delay),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
