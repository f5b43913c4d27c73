/* Where the position and the device's counter come apart, the port says by how much and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "port_support.h"

typedef struct accounts {
  dt_port* port;
  seen seen;
  dt_frame first;
} accounts;

static void begin(accounts* a, const dt_port_fault* fault) {
  memset(a, 0, sizeof *a);
  dt_port_config config = dt_port_config_default();
  config.device = "null";
  config.period_frames = 64;
  config.null.speed = 0;
  config.null.faults = fault;
  config.null.fault_count = 1;
  dt_error err = {0};
  a->port = dt_port_open(&config, &err);
  assert_non_null(a->port);
  assert_int_equal(dt_port_start(a->port, see, &a->seen, &err), DT_OK);
  assert_true(dt_port_step(a->port, 48000));
  dt_port_state state;
  dt_port_look(a->port, &state);
  a->first = state.device_offset;
}

static dt_port_state end(accounts* a) {
  assert_true(dt_port_step(a->port, 480000));
  dt_port_state state;
  dt_port_look(a->port, &state);
  dt_port_close(a->port);
  return state;
}

typedef struct reason {
  dt_port_fault_kind kind;
  int64_t value;
  dt_frame by_clock; /* expected, to within a period */
  dt_frame ahead;
} reason;

static void every_difference_has_its_reason(void** state) {
  (void)state;
  static const reason reasons[] = {
      {DT_PORT_FAULT_XRUN, 640, 0, 0},          {DT_PORT_FAULT_JUMP, 128, 0, 0},
      {DT_PORT_FAULT_GLITCH, 64, 0, 0},         {DT_PORT_FAULT_BACKWARDS, 999, 0, 999},
      {DT_PORT_FAULT_UNCOUNTED, 4800, 4800, 0}, {DT_PORT_FAULT_STALL, 1000, 0, 0},
      {DT_PORT_FAULT_FREEZE, 1000, 48000, 0},
  };
  for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
    const reason* r = &reasons[i];
    const dt_port_fault fault = {48000 * 2, r->kind, r->value};
    accounts a;
    begin(&a, &fault);
    const dt_port_state after = end(&a);
    if (llabs(after.by_clock_frames - r->by_clock) > 64 || after.ahead_frames != r->ahead)
      fail_msg("fault %d: %lld frames by the clock alone, %lld ahead", (int)r->kind,
               (long long)after.by_clock_frames, (long long)after.ahead_frames);
    assert_int_equal(after.device_offset - a.first, -after.by_clock_frames - after.ahead_frames);
    assert_false(a.seen.is_broken);
  }
}

/* Its counter begins afresh: so do the accounts. */
static void a_device_that_comes_back_is_accounted_anew(void** state) {
  (void)state;
  const dt_port_fault fault = {48000 * 2, DT_PORT_FAULT_VANISH, 500};
  accounts a;
  begin(&a, &fault);
  const dt_port_state after = end(&a);
  assert_int_equal(after.by_clock_frames, 0);
  assert_int_equal(after.ahead_frames, 0);
  assert_int_equal(after.device_offset, -(dt_frame)48000 * 25 / 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_difference_has_its_reason),
      cmocka_unit_test(a_device_that_comes_back_is_accounted_anew),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
