#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../support/failing_allocator.h"
#include "dt/rng.h"
#include "port_support.h"

#define RATE_HZ 48000
#define EVERY   4801

static ticker world = {EVERY};

static dt_port_config stepped(const dt_port_fault* faults, int fault_count) {
  dt_port_config config = dt_port_config_default();
  config.device = "null";
  config.null.speed = 0;
  config.null.input = tick;
  config.null.context = &world;
  config.null.faults = faults;
  config.null.fault_count = fault_count;
  return config;
}

static dt_port* opened(const dt_port_config* config, seen* s) {
  dt_error err = {.status = DT_OK};
  dt_port* port = dt_port_open(config, &err);
  if (port == NULL)
    fail_msg("%s", err.sentence);
  assert_int_equal(dt_port_start(port, see, s, &err), DT_OK);
  return port;
}

/* Runs for 4 seconds with one fault and gives the port back, to be looked at and closed. */
static dt_port* run_with(dt_port_fault fault, seen* s, dt_port_state* state) {
  const dt_port_config config = stepped(&fault, 1);
  dt_port* port = opened(&config, s);
  (void)dt_port_step(port, (dt_frame)4 * RATE_HZ);
  dt_port_look(port, state);
  return port;
}

/* What arrives, arrives where it was made: nothing shifts, whatever was lost. */
static void assert_in_place(const seen* s, int missing) {
  assert_false(s->is_broken);
  assert_int_equal(s->sound_count, s->note_count);
  assert_int_equal(s->sound_count, 4 * RATE_HZ / EVERY - missing);
  for (int i = 0; i < s->sound_count; ++i) {
    assert_int_equal(s->sounds[i] % EVERY, 0);
    assert_int_equal(s->notes[i], s->sounds[i]);
  }
}

static void a_stroke_arrives_at_its_frame(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  const dt_port_config config = stepped(NULL, 0);
  dt_port* port = opened(&config, &s);
  assert_true(dt_port_step(port, (dt_frame)4 * RATE_HZ));
  dt_port_state now;
  dt_port_look(port, &now);
  assert_in_place(&s, 0);
  assert_int_equal(now.condition, DT_PORT_RUNNING);
  assert_string_equal(now.sentence, "");
  assert_int_equal(now.position, 4 * RATE_HZ);
  assert_int_equal(now.blocks, 4 * RATE_HZ / 256);
  assert_int_equal(now.midi_in, 4 * RATE_HZ / EVERY);
  assert_int_equal(now.gaps + now.xruns + now.late + now.backwards + now.midi_in_dropped, 0);
  assert_true(fabs(now.measured_rate_hz - RATE_HZ) < 1e-2);
  assert_int_equal(dt_port_stop(port, NULL), DT_OK);
  dt_port_look(port, &now);
  assert_int_equal(now.condition, DT_PORT_ENDED);
  assert_false(dt_port_step(port, 1000));
  dt_port_close(port);
}

static void steps_smaller_than_a_period_add_up(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  const dt_port_config config = stepped(NULL, 0);
  dt_port* port = opened(&config, &s);
  for (int i = 0; i < 1000; ++i)
    assert_true(dt_port_step(port, 100));
  assert_int_equal(s.next, 100000 / 256 * 256);
  dt_port_close(port);
}

static void lost_frames_are_counted_and_nothing_shifts(void** state) {
  (void)state;
  const dt_port_fault faults[] = {
      {1000, DT_PORT_FAULT_XRUN, 512},
      {1000, DT_PORT_FAULT_JUMP, 128},
      {1000, DT_PORT_FAULT_STALL, 1000},
      {1000, DT_PORT_FAULT_FREEZE, 1000},
  };
  const dt_frame lost[] = {512, 128, RATE_HZ, RATE_HZ};
  for (int i = 0; i < 4; ++i) {
    static seen s;
    memset(&s, 0, sizeof s);
    dt_port_state now;
    dt_port* port = run_with(faults[i], &s, &now);
    /* The fault is done at the first block from its frame on. */
    assert_in_place(&s, (int)((1024 + lost[i]) / EVERY));
    assert_int_equal(now.gaps, 1);
    assert_int_equal(now.gap_frames, lost[i]);
    assert_int_equal(now.xruns, i == 0 ? 1 : 0);
    assert_int_equal(s.gap_count, 1);
    assert_int_equal(s.gaps[0].position, 1024 + lost[i]);
    assert_false(s.gaps[0].is_return);
    assert_int_equal(now.backwards, 0);
    assert_true(now.position > (dt_frame)4 * RATE_HZ - 256);
    dt_port_close(port);
  }
}

static void time_lost_in_an_xrun_that_was_not_counted_is_found_by_the_clock(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  dt_port_state now;
  dt_port* port = run_with((dt_port_fault){100000, DT_PORT_FAULT_UNCOUNTED, 500}, &s, &now);
  assert_false(s.is_broken);
  assert_int_equal(now.xruns, 1);
  assert_int_equal(now.gap_frames, 500);
  assert_int_equal(s.gaps[0].position, 100096 + 500 + 7 * 256); /* told 8 blocks later */
  for (int i = 0; i < s.sound_count; ++i)
    if (s.sounds[i] < 100096 || s.sounds[i] > 103000)
      assert_int_equal(s.sounds[i] % EVERY, 0);
  dt_port_close(port);
}

static void a_counter_that_goes_back_takes_nothing_back(void** state) {
  (void)state;
  const dt_port_fault_kind kinds[] = {DT_PORT_FAULT_BACKWARDS, DT_PORT_FAULT_GLITCH};
  for (int i = 0; i < 2; ++i) {
    static seen s;
    memset(&s, 0, sizeof s);
    dt_port_state now;
    dt_port* port = run_with((dt_port_fault){1000, kinds[i], 96}, &s, &now);
    assert_in_place(&s, 0);
    assert_int_equal(now.backwards, 1);
    assert_int_equal(now.gaps, 0);
    dt_port_close(port);
  }
}

static void frames_lost_long_after_a_jump_back_are_still_a_gap(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  const dt_port_fault faults[] = {{1000, DT_PORT_FAULT_BACKWARDS, 96},
                                  {100000, DT_PORT_FAULT_JUMP, 128}};
  const dt_port_config config = stepped(faults, 2);
  dt_port* port = opened(&config, &s);
  assert_true(dt_port_step(port, (dt_frame)4 * RATE_HZ));
  assert_in_place(&s, 0);
  assert_int_equal(s.gap_count, 1);
  assert_int_equal(s.gaps[0].frames, 128);
  dt_port_close(port);
}

/* As JACK does on a busy machine: a callback so late that it is told the time of the next one. */
static void a_gap_that_is_taken_back_is_made_good_by_the_next(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  const dt_port_fault faults[] = {{1000, DT_PORT_FAULT_GLITCH, -256},
                                  {100000, DT_PORT_FAULT_JUMP, 1000}};
  const dt_port_config config = stepped(faults, 2);
  dt_port* port = opened(&config, &s);
  assert_true(dt_port_step(port, (dt_frame)4 * RATE_HZ));
  dt_port_state now;
  dt_port_look(port, &now);
  assert_false(s.is_broken);
  assert_int_equal(now.backwards, 1);
  assert_int_equal(now.gap_frames, 1000); /* 256, then 744 */
  assert_int_equal(s.gaps[0].frames, 256);
  assert_int_equal(s.gaps[1].frames, 744);
  for (int i = 0; i < s.sound_count; ++i)
    assert_int_equal(s.sounds[i] % EVERY, s.sounds[i] < 101000 ? 256 : 0);
  dt_port_close(port);
}

static void a_device_that_vanishes_comes_back_in_place(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  const dt_port_fault fault = {1000, DT_PORT_FAULT_VANISH, 500};
  const dt_port_config config = stepped(&fault, 1);
  dt_port* port = opened(&config, &s);
  dt_port_state now;
  assert_true(dt_port_step(port, 10000));
  dt_port_look(port, &now);
  assert_int_equal(now.condition, DT_PORT_GONE);
  assert_string_equal(now.sentence, "The device is gone; waiting for it");
  assert_int_equal(now.position, 1024);
  assert_true(dt_port_step(port, (dt_frame)4 * RATE_HZ - 10000));
  dt_port_look(port, &now);
  assert_int_equal(now.condition, DT_PORT_RUNNING);
  assert_int_equal(now.returns, 1);
  assert_int_equal(s.gap_count, 1);
  assert_true(s.gaps[0].is_return);
  assert_int_equal(s.gaps[0].frames, RATE_HZ / 2);
  assert_in_place(&s, (1024 + RATE_HZ / 2) / EVERY);
  /* Its own counter began afresh. */
  assert_int_equal(s.sounds[s.sound_count - 1] - s.device_sounds[s.sound_count - 1],
                   1024 + RATE_HZ / 2);
  dt_port_close(port);
}

static void a_device_that_returns_with_another_rate_is_refused(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  dt_port_state now;
  dt_port* port = run_with((dt_port_fault){1000, DT_PORT_FAULT_RATE, 44100}, &s, &now);
  assert_int_equal(now.condition, DT_PORT_FAILED);
  assert_string_equal(now.sentence, "The device came back at another sample rate");
  assert_int_equal(now.device_rate_hz, 44100);
  assert_int_equal(now.position, 1024);
  assert_true(dt_port_wait(port, 0));
  assert_false(dt_port_step(port, RATE_HZ));
  dt_port_close(port);
}

static void a_device_that_fails_stays_gone(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  dt_port_state now;
  dt_port* port = run_with((dt_port_fault){1000, DT_PORT_FAULT_FAIL, 0}, &s, &now);
  assert_int_equal(now.condition, DT_PORT_GONE);
  assert_true(dt_port_step(port, (dt_frame)100 * RATE_HZ));
  assert_int_equal(s.next, 1024);
  dt_port_close(port);
}

static void a_clock_that_runs_fast_is_measured(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  dt_port_state now;
  dt_port* port = run_with((dt_port_fault){0, DT_PORT_FAULT_SPEED, 300}, &s, &now);
  assert_in_place(&s, 0);
  assert_true(fabs(now.measured_rate_hz / RATE_HZ - 1.0003) < 1e-6);
  dt_port_close(port);
}

static void a_late_callback_is_counted_and_loses_nothing(void** state) {
  (void)state;
  const int64_t late_us[] = {2000, 8000}; /* a period is 5.3 ms */
  for (int i = 0; i < 2; ++i) {
    static seen s;
    memset(&s, 0, sizeof s);
    dt_port_state now;
    dt_port* port = run_with((dt_port_fault){1000, DT_PORT_FAULT_LATE, late_us[i]}, &s, &now);
    assert_in_place(&s, 0);
    assert_int_equal(now.late, i);
    dt_port_close(port);
  }
  static seen s;
  memset(&s, 0, sizeof s);
  dt_port_state now;
  dt_port* port = run_with((dt_port_fault){1000, DT_PORT_FAULT_EARLY, 3000}, &s, &now);
  assert_in_place(&s, 0);
  assert_int_equal(now.late, 0);
  dt_port_close(port);
}

/* Any script at all: what arrives is in its place, and the sums are right. */
static void no_script_of_faults_shifts_a_stroke(void** state) {
  (void)state;
  const uint64_t seed = (uint64_t)time(NULL);
  print_message("seed %llu\n", (unsigned long long)seed);
  dt_rng rng = dt_rng_seeded(seed, 1);
  for (int round = 0; round < 200; ++round) {
    dt_port_fault faults[12];
    dt_frame at = 0;
    const int count = 1 + (int)dt_rng_below(&rng, 12);
    dt_frame lost = 0;
    for (int i = 0; i < count; ++i) {
      /* Far enough apart that a jump back has nothing to do with frames lost before or after. */
      at += (dt_frame)2 * RATE_HZ + dt_rng_below(&rng, RATE_HZ);
      dt_port_fault_kind kind = (dt_port_fault_kind)dt_rng_below(&rng, DT_PORT_FAULT_SPEED);
      if (kind == DT_PORT_FAULT_UNCOUNTED) /* has its own test: it is told later */
        kind = DT_PORT_FAULT_XRUN;
      /* A freeze is seen by the clock alone, from 0.1 s and 4 periods on. */
      const int64_t value = (kind == DT_PORT_FAULT_FREEZE ? 250 : 1) + dt_rng_below(&rng, 300);
      faults[i] = (dt_port_fault){at, kind, value};
      if (kind == DT_PORT_FAULT_XRUN || kind == DT_PORT_FAULT_JUMP)
        lost += value;
      else if (kind == DT_PORT_FAULT_STALL || kind == DT_PORT_FAULT_FREEZE ||
               kind == DT_PORT_FAULT_VANISH)
        lost += value * RATE_HZ / 1000;
    }
    static seen s;
    memset(&s, 0, sizeof s);
    dt_port_config config = stepped(faults, count);
    config.period_frames = 1 + (int)dt_rng_below(&rng, 1024);
    dt_port* port = opened(&config, &s);
    assert_true(dt_port_step(port, at + RATE_HZ));
    dt_port_state now;
    dt_port_look(port, &now);
    assert_false(s.is_broken);
    assert_int_equal(now.gap_frames, lost);
    assert_int_equal(s.sound_count, s.note_count);
    for (int i = 0; i < s.sound_count; ++i) {
      if (s.sounds[i] % EVERY != 0) {
        for (int f = 0; f < count; ++f)
          print_message("at %lld: fault %d of %lld\n", (long long)faults[f].at, (int)faults[f].kind,
                        (long long)faults[f].value);
        fail_msg("round %d, period %d: a stroke at %lld", round, config.period_frames,
                 (long long)s.sounds[i]);
      }
      assert_int_equal(s.notes[i], s.sounds[i]);
    }
    dt_port_close(port);
  }
}

static void what_is_played_comes_in_again_after_the_delay(void** state) {
  (void)state;
  const int delays[] = {256, 300, 1000, 12345};
  for (int d = 0; d < 4; ++d) {
    static seen s;
    memset(&s, 0, sizeof s);
    s.is_echo = true;
    ticker once = {(dt_frame)1 << 40};
    once.every = 5000;
    dt_port_config config = stepped(NULL, 0);
    config.null.context = &once;
    config.null.loopback_delay_frames = delays[d];
    dt_port* port = opened(&config, &s);
    assert_true(dt_port_step(port, 9984));
    /* The one impulse goes round and round. */
    assert_int_equal(s.sound_count, 1 + 4983 / delays[d]);
    for (int i = 0; i < s.sound_count; ++i) {
      assert_int_equal(s.sounds[i], 5000 + i * delays[d]);
      assert_int_equal(s.notes[i], s.sounds[i]);
    }
    dt_port_close(port);
  }
}

static void what_was_lost_in_the_loop_does_not_come_later(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  s.is_echo = true;
  ticker once = {4000};
  const dt_port_fault fault = {5888, DT_PORT_FAULT_XRUN, 256};
  dt_port_config config = stepped(&fault, 1);
  config.null.context = &once;
  config.null.loopback_delay_frames = 1000;
  dt_port* port = opened(&config, &s);
  assert_true(dt_port_step(port, 8448));
  /* The echo of 5000 falls into the gap, and what was in its place before is gone too. */
  const dt_frame expected[3] = {4000, 5000, 8000};
  assert_int_equal(s.sound_count, 3);
  assert_int_equal(s.note_count, 3);
  for (int i = 0; i < 3; ++i) {
    assert_int_equal(s.sounds[i], expected[i]);
    assert_int_equal(s.notes[i], expected[i]);
  }
  dt_port_state now;
  dt_port_look(port, &now);
  assert_int_equal(now.midi_in_dropped, 0);
  dt_port_close(port);
}

static void it_runs_in_real_time_in_its_own_thread(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  const dt_port_fault faults[] = {{9600, DT_PORT_FAULT_VANISH, 100},
                                  {24000, DT_PORT_FAULT_LATE, 15000},
                                  {28800, DT_PORT_FAULT_EARLY, 1000}};
  dt_port_config config = stepped(faults, 3);
  config.null.speed = 1;
  config.null.jitter_us = 500;
  config.null.length_frames = 48000;
  const int64_t began_us = now_us();
  dt_port* port = opened(&config, &s);
  assert_false(dt_port_step(port, 256));
  assert_true(wait_for_condition(port, DT_PORT_GONE, 5000));
  assert_true(dt_port_wait(port, 20000));
  const int64_t took_us = now_us() - began_us;
  assert_int_equal(dt_port_stop(port, NULL), DT_OK);
  dt_port_state now;
  dt_port_look(port, &now);
  assert_int_equal(now.condition, DT_PORT_ENDED);
  assert_int_equal(now.position, 48000);
  assert_int_equal(now.gap_frames, 4800);
  assert_int_equal(now.returns, 1);
  assert_true(now.late >= 1);
  assert_true(took_us > 980000);
  assert_false(s.is_broken);
  for (int i = 0; i < s.sound_count; ++i)
    assert_int_equal(s.sounds[i] % EVERY, 0);
  dt_port_close(port);
}

static void stopping_is_quick_while_the_device_is_gone(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  const dt_port_fault fault = {0, DT_PORT_FAULT_FAIL, 0};
  dt_port_config config = stepped(&fault, 1);
  config.null.speed = 1;
  dt_port* port = opened(&config, &s);
  assert_true(wait_for_condition(port, DT_PORT_GONE, 5000));
  const int64_t began_us = now_us();
  dt_port_close(port);
  assert_true(now_us() - began_us < 2000000);
  assert_int_equal(s.blocks, 0);
}

static bool open_and_close(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  const dt_port_fault fault = {0, DT_PORT_FAULT_XRUN, 1};
  dt_port_config config = stepped(&fault, 1);
  config.allocator = allocator;
  config.null.loopback_delay_frames = 300;
  dt_error err = {.status = DT_OK};
  dt_port* port = dt_port_open(&config, &err);
  if (port == NULL)
    assert_int_equal(err.status, DT_NO_MEMORY);
  dt_port_close(port);
  return port != NULL;
}

static void no_memory_is_said_and_nothing_leaks(void** state) {
  (void)state;
  assert_true(dt_failing_sweep(open_and_close, NULL) >= 5);
}

static void what_makes_no_sense_is_refused_in_a_sentence(void** state) {
  (void)state;
  const dt_port_fault disorder[] = {{100, DT_PORT_FAULT_XRUN, 1}, {50, DT_PORT_FAULT_XRUN, 1}};
  dt_port_config bad[6];
  for (int i = 0; i < 6; ++i)
    bad[i] = stepped(NULL, 0);
  bad[0].device = "nul";
  bad[1].device = "null:x";
  bad[2].in_channels = 65;
  bad[3].rate_hz = 1;
  bad[4].null.faults = disorder;
  bad[4].null.fault_count = 2;
  bad[5].device = "file";
  const char* sentences[] = {
      "There is no kind of device called \"nul\"; there are jack, alsa, null and file",
      "There is one null device, \"null\"; not \"x\"",
      "A device has from 0 to 64 channels",
      "A sample rate is from 4000 to 768000 Hz, not 1",
      "The faults are not in the order of their frames",
      "Name a file to play (file:take.wav), or a length",
  };
  for (int i = 0; i < 6; ++i) {
    dt_error err = {.status = DT_OK};
    assert_null(dt_port_open(&bad[i], &err));
    assert_string_equal(err.sentence, sentences[i]);
    assert_null(dt_port_open(&bad[i], NULL));
  }
  dt_port_close(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_stroke_arrives_at_its_frame),
      cmocka_unit_test(steps_smaller_than_a_period_add_up),
      cmocka_unit_test(lost_frames_are_counted_and_nothing_shifts),
      cmocka_unit_test(time_lost_in_an_xrun_that_was_not_counted_is_found_by_the_clock),
      cmocka_unit_test(a_counter_that_goes_back_takes_nothing_back),
      cmocka_unit_test(frames_lost_long_after_a_jump_back_are_still_a_gap),
      cmocka_unit_test(a_gap_that_is_taken_back_is_made_good_by_the_next),
      cmocka_unit_test(a_device_that_vanishes_comes_back_in_place),
      cmocka_unit_test(a_device_that_returns_with_another_rate_is_refused),
      cmocka_unit_test(a_device_that_fails_stays_gone),
      cmocka_unit_test(a_clock_that_runs_fast_is_measured),
      cmocka_unit_test(a_late_callback_is_counted_and_loses_nothing),
      cmocka_unit_test(no_script_of_faults_shifts_a_stroke),
      cmocka_unit_test(what_is_played_comes_in_again_after_the_delay),
      cmocka_unit_test(what_was_lost_in_the_loop_does_not_come_later),
      cmocka_unit_test(it_runs_in_real_time_in_its_own_thread),
      cmocka_unit_test(stopping_is_quick_while_the_device_is_gone),
      cmocka_unit_test(no_memory_is_said_and_nothing_leaks),
      cmocka_unit_test(what_makes_no_sense_is_refused_in_a_sentence),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
