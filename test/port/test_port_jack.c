#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "port_support.h"

#include "jack_server.h"

#include "jack_peer.h"

#define RATE_HZ 48000
#define EVERY   4801

static jack_server server;
static peer_program player;
static peer_program listener;

static dt_port_config to_peers(void) {
  dt_port_config config = dt_port_config_default();
  config.device = "jack";
  config.has_midi_in = config.has_midi_out = true;
  config.out_channels = 1;
  config.jack.connect_in = "^player:out$";
  config.jack.connect_midi_in = "^player:midi$";
  config.jack.connect_out = "^listener:in$";
  config.jack.connect_midi_out = "^listener:midi$";
  return config;
}

static dt_port* opened(const dt_port_config* config) {
  dt_error err = {.status = DT_OK};
  dt_port* port = dt_port_open(config, &err);
  if (port == NULL)
    fail_msg("%s", err.sentence);
  return port;
}

static void print_state(dt_port* port, const char* when) {
  dt_port_state now;
  dt_port_look(port, &now);
  print_message("%s: %llu blocks, %llu xruns, %llu gaps of %lld frames, %llu backwards, %llu late, "
                "busiest %lld us, rate %.2f Hz\n",
                when, (unsigned long long)now.blocks, (unsigned long long)now.xruns,
                (unsigned long long)now.gaps, (long long)now.gap_frames,
                (unsigned long long)now.backwards, (unsigned long long)now.late,
                (long long)now.busiest_us, now.measured_rate_hz);
}

/* A server that may not run with real-time priority loses frames all the time on a busy machine. */
static bool is_undisturbed(dt_port* port, uint64_t xruns_allowed) {
  dt_port_state now;
  dt_port_look(port, &now);
  if (now.xruns <= xruns_allowed && now.backwards == 0)
    return true;
  print_message("the server could not keep up: what needs an undisturbed run was not checked\n");
  return false;
}

/* By the server's counter each stroke stands exactly where it was played, and position and counter
 * go together. */
static void assert_exact(const seen* s, int from, int to, bool is_smooth) {
  for (int i = from; i < to; ++i) {
    assert_int_equal(s->device_sounds[i] % EVERY, 0);
    if (is_smooth)
      assert_int_equal(s->sounds[i] - s->device_sounds[i],
                       s->sounds[from] - s->device_sounds[from]);
  }
}

static void hears_and_plays_to_the_frame(int period_frames) {
  static seen s;
  memset(&s, 0, sizeof s);
  s.is_odd_left_out = true;
  s.is_echo = true;
  assert_true(jack_server_start(&server, RATE_HZ, period_frames));
  player = peer_start("player", EVERY);
  listener = peer_start("listener", 0);
  const dt_port_config config = to_peers();
  dt_port* port = opened(&config);
  const dt_port_info* info = dt_port_info_of(port);
  assert_int_equal(info->rate_hz, RATE_HZ);
  assert_int_equal(info->period_frames, period_frames);
  assert_string_equal(info->device, "jack");
  assert_true(info->has_midi_stamps);
  assert_int_equal(dt_port_start(port, see, &s, NULL), DT_OK);
  assert_true(wait_for_count(&listener.peer->sound_count, 30, 30000));
  assert_true(wait_for_count(&listener.peer->note_count, 30, 30000));
  dt_port_state now;
  dt_port_look(port, &now);
  assert_int_equal(now.condition, DT_PORT_RUNNING);
  assert_true(now.silent_us < 1000000);
  assert_true(now.sysex_skipped >= 30);
  assert_int_equal(now.midi_in_dropped + now.midi_out_dropped, 0);
  print_state(port, "after 3 s");
  assert_int_equal(dt_port_stop(port, NULL), DT_OK);
  peer_end(&player);
  peer_end(&listener);
  assert_false(s.is_broken);
  assert_exact(&s, 0, s.sound_count, is_undisturbed(port, 0));
  for (int i = 0; i < s.note_count; ++i)
    assert_int_equal(s.device_notes[i] % EVERY, 0);
  for (int i = 0; i < listener.peer->sound_count; ++i)
    assert_int_equal(listener.peer->sounds[i] % EVERY, 0);
  for (int i = 0; i < listener.peer->note_count; ++i)
    assert_int_equal(listener.peer->notes[i] % EVERY, 0);
  dt_port_close(port);
  jack_server_end(&server, SIGTERM);
}

static void a_stroke_is_heard_and_played_to_the_frame_at_64(void** state) {
  (void)state;
  hears_and_plays_to_the_frame(64);
}

static void a_stroke_is_heard_and_played_to_the_frame_at_256(void** state) {
  (void)state;
  hears_and_plays_to_the_frame(256);
}

/* How far the gap that was told is from the time that went by. */
static double gap_error_ms(const seen* s, const seen_gap* gap) {
  const double by_clock_s = (double)(gap->clock_us - s->first_clock_us) * 1e-6;
  return ((double)gap->position / RATE_HZ - by_clock_s) * 1e3;
}

static void a_server_that_crashes_and_returns_is_survived(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  s.is_odd_left_out = true;
  assert_true(jack_server_start(&server, RATE_HZ, 256));
  player = peer_start("player", EVERY);
  listener = peer_start("listener", 0);
  const dt_port_config config = to_peers();
  dt_port* port = opened(&config);
  assert_int_equal(dt_port_start(port, see, &s, NULL), DT_OK);
  assert_true(wait_for_count(&s.sound_count, 10, 30000));
  jack_server_end(&server, SIGKILL);
  const int64_t killed_us = now_us();
  assert_true(wait_for_condition(port, DT_PORT_GONE, 10000));
  dt_port_state now;
  dt_port_look(port, &now);
  assert_string_equal(now.sentence, "The JACK server is gone; waiting for it to come back");
  const dt_frame position = now.position;
  const int64_t noticed_us = now_us();
  const int before = s.sound_count;
  peer_end(&player);
  peer_end(&listener);
  nap_ms(500);
  assert_true(jack_server_start(&server, RATE_HZ, 256));
  const int64_t restarted_us = now_us();
  assert_true(wait_for_condition(port, DT_PORT_RUNNING, 10000));
  print_message("gone noticed after %.0f ms, back %.0f ms after the server answered\n",
                (double)(noticed_us - killed_us) * 1e-3, (double)(now_us() - restarted_us) * 1e-3);
  player = peer_start("player", EVERY);
  listener = peer_start("listener", 0);
  assert_true(wait_for_count(&s.sound_count, before + 10, 30000));
  dt_port_look(port, &now);
  assert_int_equal(now.returns, 1);
  assert_string_equal(now.sentence, "");
  assert_true(now.position > position + RATE_HZ / 2);
  print_state(port, "after the return");
  assert_int_equal(dt_port_stop(port, NULL), DT_OK);
  peer_end(&player);
  peer_end(&listener);
  assert_false(s.is_broken);
  const bool is_smooth = is_undisturbed(port, 0);
  assert_exact(&s, 0, before, is_smooth);
  assert_exact(&s, before, s.sound_count, is_smooth);
  int returns = 0;
  for (int i = 0; i < s.gap_count; ++i)
    if (s.gaps[i].is_return) {
      ++returns;
      print_message("the gap was %lld frames; the position is %.3f ms off the clock\n",
                    (long long)s.gaps[i].frames, gap_error_ms(&s, &s.gaps[i]));
      assert_true(!is_smooth || fabs(gap_error_ms(&s, &s.gaps[i])) < 20);
    }
  assert_int_equal(returns, 1);
  dt_port_close(port);
  jack_server_end(&server, SIGTERM);
}

static void a_server_that_returns_with_another_rate_ends_it_in_a_sentence(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  s.is_odd_left_out = true;
  assert_true(jack_server_start(&server, RATE_HZ, 256));
  const dt_port_config config = to_peers();
  dt_port* port = opened(&config);
  assert_int_equal(dt_port_start(port, see, &s, NULL), DT_OK);
  assert_true(wait_for_count(&s.blocks, 10, 30000));
  jack_server_end(&server, SIGKILL);
  assert_true(wait_for_condition(port, DT_PORT_GONE, 10000));
  assert_true(jack_server_start(&server, 44100, 256));
  assert_true(dt_port_wait(port, 10000));
  dt_port_state now;
  dt_port_look(port, &now);
  assert_int_equal(now.condition, DT_PORT_FAILED);
  assert_string_equal(now.sentence, "The JACK server came back at another sample rate");
  assert_int_equal(now.device_rate_hz, 44100);
  dt_port_close(port);
  jack_server_end(&server, SIGTERM);
}

static void a_server_that_stands_still_for_a_second_shifts_nothing(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  s.is_odd_left_out = true;
  assert_true(jack_server_start(&server, RATE_HZ, 256));
  player = peer_start("player", EVERY);
  const dt_port_config config = to_peers();
  dt_port* port = opened(&config);
  assert_int_equal(dt_port_start(port, see, &s, NULL), DT_OK);
  assert_true(wait_for_count(&s.sound_count, 10, 30000));
  kill(server.pid, SIGSTOP);
  nap_ms(1000);
  dt_port_state now;
  dt_port_look(port, &now);
  kill(server.pid, SIGCONT);
  assert_true(now.silent_us > 500000);
  const int before = s.sound_count;
  assert_true(wait_for_count(&s.sound_count, before + 10, 30000));
  print_state(port, "after 1 s standing still");
  dt_port_look(port, &now);
  const bool is_smooth = is_undisturbed(port, 3);
  assert_true(!is_smooth || fabs(now.measured_rate_hz / RATE_HZ - 1) < 0.01);
  assert_int_equal(dt_port_stop(port, NULL), DT_OK);
  peer_end(&player);
  assert_false(s.is_broken);
  for (int i = 0; i < s.sound_count; ++i)
    assert_int_equal(s.device_sounds[i] % EVERY, 0);
  /* The server's own counter stood still with it; the second is told all the same. */
  dt_frame longest = 0;
  for (int i = 0; i < s.gap_count; ++i)
    if (s.gaps[i].frames > longest) {
      longest = s.gaps[i].frames;
      print_message("the position is %.3f ms off the clock\n", gap_error_ms(&s, &s.gaps[i]));
      assert_true(!is_smooth || fabs(gap_error_ms(&s, &s.gaps[i])) < 20);
    }
  assert_true(longest > RATE_HZ * 8 / 10);
  dt_port_close(port);
  jack_server_end(&server, SIGTERM);
}

static void the_transport_rolls_from_where_it_is_put(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  s.is_odd_left_out = true;
  assert_true(jack_server_start(&server, RATE_HZ, 256));
  const dt_port_config config = to_peers();
  dt_port* port = opened(&config);
  assert_int_equal(dt_port_start(port, see, &s, NULL), DT_OK);
  assert_int_equal(dt_port_transport(port, DT_PORT_TRANSPORT_STOP, 96000), DT_OK);
  for (int i = 0; i < 2000 && atomic_load(&s.transport_frame) != 96000; ++i)
    nap_ms(5);
  assert_int_equal(atomic_load(&s.transport_frame), 96000);
  assert_false(atomic_load(&s.is_rolling));
  assert_int_equal(dt_port_transport(port, DT_PORT_TRANSPORT_ROLL, -1), DT_OK);
  for (int i = 0; i < 2000 && atomic_load(&s.transport_frame) < 97000; ++i)
    nap_ms(5);
  assert_true(atomic_load(&s.is_rolling));
  assert_true(atomic_load(&s.transport_frame) >= 97000);
  dt_port_close(port);
  jack_server_end(&server, SIGTERM);
}

static void by_itself_it_takes_the_card_of_a_running_server(void** state) {
  (void)state;
  assert_true(jack_server_start(&server, 44100, 128));
  dt_port_config config = dt_port_config_default();
  static seen s;
  memset(&s, 0, sizeof s);
  s.is_odd_left_out = true;
  dt_port* port = opened(&config);
  assert_string_equal(dt_port_info_of(port)->device, "jack");
  assert_int_equal(dt_port_info_of(port)->rate_hz, 44100);
  assert_int_equal(dt_port_start(port, see, &s, NULL), DT_OK);
  assert_true(wait_for_count(&s.blocks, 10, 30000));
  jack_client_t* looker = jack_client_open("looker", JackNoStartServer, NULL);
  assert_non_null(looker);
  jack_port_t* card = jack_port_by_name(looker, "system:playback_2");
  assert_non_null(card);
  bool is_connected = false;
  for (int i = 0; i < 2000 && !is_connected; ++i, nap_ms(5)) {
    const char** names = jack_port_get_all_connections(looker, card);
    is_connected = names != NULL && strcmp(names[0], "doubletime:out_2") == 0;
    if (names != NULL)
      jack_free(names);
  }
  assert_true(is_connected);
  jack_client_close(looker);
  dt_port_devices devices = {.items = NULL};
  assert_int_equal(dt_port_list(&devices, NULL), DT_OK);
  assert_string_equal(devices.items[0].device, "jack");
  assert_true(devices.items[0].is_usable);
  assert_int_equal(devices.items[0].in_channels, 2);
  assert_int_equal(devices.items[0].out_channels, 2);
  assert_int_equal(devices.items[0].rate_high_hz, 44100);
  dt_port_devices_clear(&devices, NULL);
  dt_port_close(port);
  config.device = "jack";
  config.rate_hz = 48000;
  dt_error err = {.status = DT_OK};
  assert_null(dt_port_open(&config, &err));
  assert_int_equal(err.status, DT_UNSUPPORTED);
  assert_string_equal(err.sentence, "The JACK server runs at 44100 Hz, not at 48000");
  jack_server_end(&server, SIGTERM);
}

static void without_a_server_it_says_so(void** state) {
  (void)state;
  dt_port_config config = dt_port_config_default();
  config.device = "jack";
  dt_error err = {.status = DT_OK};
  assert_null(dt_port_open(&config, &err));
  assert_int_equal(err.status, DT_NOT_FOUND);
  assert_string_equal(err.sentence, "No JACK server is running; start one (jackd, PipeWire) first");
  dt_port_devices devices = {.items = NULL};
  assert_int_equal(dt_port_list(&devices, NULL), DT_OK);
  assert_false(devices.items[0].is_usable);
  assert_string_equal(devices.items[0].note, "No JACK server is running");
  dt_port_devices_clear(&devices, NULL);
}

/* A test that failed leaves no server behind. */
static int end_server(void** state) {
  (void)state;
  peer_forget(&player);
  peer_forget(&listener);
  jack_server_end(&server, SIGKILL);
  return 0;
}

int main(int argc, char** argv) {
  if (argc == 4 && strcmp(argv[1], "peer") == 0)
    return peer_main(argv);
  if (argc == 2)
    cmocka_set_test_filter(argv[1]);
  if (!has_jackd()) {
    puts("jackd is not installed (package jackd2): nothing was tried with a JACK server");
    return 77;
  }
  server = jack_server_named();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_a_server_it_says_so),
      cmocka_unit_test_teardown(a_stroke_is_heard_and_played_to_the_frame_at_64, end_server),
      cmocka_unit_test_teardown(a_stroke_is_heard_and_played_to_the_frame_at_256, end_server),
      cmocka_unit_test_teardown(a_server_that_crashes_and_returns_is_survived, end_server),
      cmocka_unit_test_teardown(a_server_that_returns_with_another_rate_ends_it_in_a_sentence,
                                end_server),
      cmocka_unit_test_teardown(a_server_that_stands_still_for_a_second_shifts_nothing, end_server),
      cmocka_unit_test_teardown(the_transport_rolls_from_where_it_is_put, end_server),
      cmocka_unit_test_teardown(by_itself_it_takes_the_card_of_a_running_server, end_server),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
