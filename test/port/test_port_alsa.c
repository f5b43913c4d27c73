#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "port_support.h"

#include "jack_server.h"

#include "jack_peer.h"

/* There is no sound card where this runs: ALSA's own plug-ins stand in for one, from a
 * configuration of this test's own. */

#define FRAMES 48000
#define EVERY  4801

/* ALSA's jack plug-in hands its blocks over by counters that the thread sanitizer cannot see, since
 * neither it nor the library is compiled for it. */
const char* __tsan_default_suppressions(void);
const char* __tsan_default_suppressions(void) {
  return "race:snd_pcm_area_copy\n";
}

static char yard[64];
static jack_server server;
static peer_program player;

static void write_text(const char* name, const char* text) {
  char path[128];
  (void)snprintf(path, sizeof path, "%s/%s", yard, name);
  FILE* file = fopen(path, "w");
  assert_non_null(file);
  assert_true(fputs(text, file) >= 0);
  assert_int_equal(fclose(file), 0);
}

static void set_configuration(void) {
  char text[2048];
  (void)snprintf(text, sizeof text,
                 "pcm.null { type null }\n"
                 "pcm.take {\n"
                 "  type file\n"
                 "  slave.pcm { type null }\n"
                 "  file \"/dev/null\"\n"
                 "  infile \"%s/in.raw\"\n"
                 "  format \"raw\"\n"
                 "}\n"
                 "pcm.play {\n"
                 "  type file\n"
                 "  slave.pcm { type null }\n"
                 "  file \"%s/out.raw\"\n"
                 "  format \"raw\"\n"
                 "}\n"
                 "pcm.through_jack {\n"
                 "  type jack\n"
                 "  capture_ports { 0 player:out }\n"
                 "  playback_ports { 0 system:playback_1 1 system:playback_2 }\n"
                 "}\n",
                 yard, yard);
  write_text("asound.conf", text);
  char path[128];
  (void)snprintf(path, sizeof path, "%s/asound.conf", yard);
  setenv("ALSA_CONFIG_PATH", path, 1);
}

/* An impulse where EVERY divides the frame. */
static void write_impulses(void) {
  char path[128];
  (void)snprintf(path, sizeof path, "%s/in.raw", yard);
  FILE* file = fopen(path, "wb");
  assert_non_null(file);
  for (int i = 0; i < FRAMES; ++i) {
    const float sample = i > 0 && i % EVERY == 0 ? 0.75F : 0.0F;
    assert_int_equal(fwrite(&sample, sizeof sample, 1, file), 1);
  }
  assert_int_equal(fclose(file), 0);
}

static int set_up(void** state) {
  (void)state;
  (void)snprintf(yard, sizeof yard, "/tmp/doubletime-alsa-XXXXXX");
  if (mkdtemp(yard) == NULL)
    return -1;
  set_configuration();
  write_impulses();
  return 0;
}

static int tear_down(void** state) {
  (void)state;
  static const char* const names[] = {"asound.conf", "in.raw", "out.raw"};
  char path[128];
  for (int i = 0; i < 3; ++i) {
    (void)snprintf(path, sizeof path, "%s/%s", yard, names[i]);
    unlink(path);
  }
  return rmdir(yard);
}

/* What was played: silence while the buffer was filled, then what was heard. */
static void assert_played(int silent_frames) {
  char path[128];
  (void)snprintf(path, sizeof path, "%s/out.raw", yard);
  FILE* file = fopen(path, "rb");
  assert_non_null(file);
  float sample = 0;
  for (int i = 0; i < silent_frames + 5 * EVERY; ++i) {
    assert_int_equal(fread(&sample, sizeof sample, 1, file), 1);
    const int heard = i - silent_frames;
    assert_true(sample == (heard > 0 && heard % EVERY == 0 ? 0.75F : 0.0F));
  }
  assert_int_equal(fclose(file), 0);
}

static void sound_passes_a_device_unchanged(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  s.is_echo = true;
  dt_port_config config = dt_port_config_default();
  config.device = "alsa:take";
  config.alsa.playback = "play";
  config.rate_hz = 48000;
  config.out_channels = 1;
  dt_error err = {.status = DT_OK};
  dt_port* port = dt_port_open(&config, &err);
  if (port == NULL)
    fail_msg("%s", err.sentence);
  const dt_port_info* info = dt_port_info_of(port);
  assert_string_equal(info->device, "alsa:take");
  assert_int_equal(info->rate_hz, 48000);
  assert_int_equal(info->in_channels, 1);
  assert_int_equal(info->out_channels, 1);
  print_message("periods of %d frames\n", info->period_frames);
  assert_int_equal(dt_port_start(port, see, &s, &err), DT_OK);
  assert_true(wait_for_count(&s.sound_count, (FRAMES - 1) / EVERY, 30000));
  assert_int_equal(dt_port_stop(port, &err), DT_OK);
  dt_port_state now;
  dt_port_look(port, &now);
  print_message("%llu blocks, %llu xruns, %llu gaps\n", (unsigned long long)now.blocks,
                (unsigned long long)now.xruns, (unsigned long long)now.gaps);
  const int period_frames = dt_port_info_of(port)->period_frames;
  dt_port_close(port);
  assert_false(s.is_broken);
  assert_played(3 * period_frames);
  /* The file begins anew at its end. */
  for (int i = 0; i < (FRAMES - 1) / EVERY; ++i)
    assert_int_equal(s.sounds[i], (i + 1) * EVERY);
}

static void what_cannot_be_opened_is_said_in_a_sentence(void** state) {
  (void)state;
  dt_port_config config = dt_port_config_default();
  dt_error err = {.status = DT_OK};
  config.device = "alsa:hw:9";
  assert_null(dt_port_open(&config, &err));
  assert_int_equal(err.status, DT_NOT_FOUND);
  assert_string_equal(err.sentence, "There is no capture device called \"hw:9\"");
  config.device = "alsa:null";
  config.has_midi_in = true;
  assert_null(dt_port_open(&config, &err));
  assert_int_equal(err.status, DT_NOT_FOUND);
  assert_string_equal(err.sentence, "There is no MIDI input");
  config.alsa.midi_in = "/nowhere/midi1";
  assert_null(dt_port_open(&config, &err));
  assert_string_equal(
      err.sentence, "The MIDI device /nowhere/midi1 cannot be opened (No such file or directory)");
}

static void devices_are_listed_without_a_sound_card(void** state) {
  (void)state;
  dt_port_devices devices = {.items = NULL};
  assert_int_equal(dt_port_list(&devices, NULL), DT_OK);
  int found = 0;
  for (size_t i = 0; i < devices.count; ++i)
    found += strcmp(devices.items[i].backend, "alsa") == 0;
  assert_true(found >= 1);
  dt_port_devices_clear(&devices, NULL);
}

/* MIDI alone: the system's clock carries the position. */
static void midi_alone_runs_by_the_clock(void** state) {
  (void)state;
  static seen s;
  memset(&s, 0, sizeof s);
  char path[128];
  (void)snprintf(path, sizeof path, "%s/out.raw", yard);
  unlink(path);
  assert_int_equal(mkfifo(path, 0600), 0);
  dt_port_config config = dt_port_config_default();
  config.device = "alsa";
  config.in_channels = config.out_channels = 0;
  config.has_midi_in = true;
  config.alsa.midi_in = path;
  dt_error err = {.status = DT_OK};
  dt_port* port = dt_port_open(&config, &err);
  if (port == NULL)
    fail_msg("%s", err.sentence);
  assert_false(dt_port_info_of(port)->has_midi_stamps);
  assert_int_equal(dt_port_start(port, see, &s, &err), DT_OK);
  const int pad = open(path, O_RDWR);
  static const uint8_t note[3] = {0x99, 38, 100};
  int64_t struck_us[10];
  for (int i = 0; i < 10; ++i) {
    struck_us[i] = now_us();
    assert_int_equal(write(pad, note, 3), 3);
    nap_ms(100);
  }
  assert_true(wait_for_count(&s.note_count, 10, 20000));
  assert_int_equal(dt_port_stop(port, NULL), DT_OK);
  close(pad);
  assert_false(s.is_broken);
  double worst_ms = 0;
  for (int i = 0; i < 10; ++i) {
    /* A period after the stroke, as a sound would. */
    const double by_clock_ms = (double)(struck_us[i] - s.first_clock_us) * 1e-3 + 256 / 48.0;
    const double error_ms = (double)s.notes[i] / 48.0 - by_clock_ms;
    worst_ms = fabs(error_ms) > worst_ms ? fabs(error_ms) : worst_ms;
  }
  print_message("a stroke on the pad is at most %.2f ms off here\n", worst_ms);
  assert_true(worst_ms < 50);
  dt_port_close(port);
}

static bool has_jack_plug_in(void) {
  static const char* const paths[] = {
      "/usr/lib/x86_64-linux-gnu/alsa-lib/libasound_module_pcm_jack.so",
      "/usr/lib/aarch64-linux-gnu/alsa-lib/libasound_module_pcm_jack.so",
      "/usr/lib/alsa-lib/libasound_module_pcm_jack.so"};
  for (int i = 0; i < 3; ++i)
    if (access(paths[i], R_OK) == 0)
      return true;
  return false;
}

/* A device in real time: strokes keep their distance to the frame. */
static void a_device_in_real_time_keeps_every_frame(void** state) {
  (void)state;
  if (!has_jackd() || !has_jack_plug_in()) {
    print_message("jackd2 or libasound2-plugins is not installed: not tried in real time\n");
    skip();
  }
  static seen s;
  memset(&s, 0, sizeof s);
  server = jack_server_named();
  assert_true(jack_server_start(&server, 48000, 256));
  player = peer_start("player", EVERY);
  dt_port_config config = dt_port_config_default();
  config.device = "alsa:through_jack";
  dt_error err = {.status = DT_OK};
  dt_port* port = dt_port_open(&config, &err);
  if (port == NULL)
    fail_msg("%s", err.sentence);
  assert_int_equal(dt_port_info_of(port)->rate_hz, 48000);
  assert_int_equal(dt_port_info_of(port)->out_channels, 2);
  assert_int_equal(dt_port_start(port, see, &s, &err), DT_OK);
  assert_true(wait_for_count(&s.sound_count, 20, 30000));
  assert_int_equal(dt_port_stop(port, &err), DT_OK);
  dt_port_state now;
  dt_port_look(port, &now);
  print_message("%llu blocks of %d, %llu xruns, %llu gaps of %lld frames, %.2f Hz\n",
                (unsigned long long)now.blocks, dt_port_info_of(port)->period_frames,
                (unsigned long long)now.xruns, (unsigned long long)now.gaps,
                (long long)now.gap_frames, now.measured_rate_hz);
  assert_false(s.is_broken);
  /* What JACK itself loses on a busy machine its plug-in does not say. */
  const bool is_undisturbed =
      now.gaps == 0 && may_be_real_time() && atomic_load(&player.peer->odd_count) <= 1;
  if (!is_undisturbed)
    print_message("the server could not keep up: the frames were not checked\n");
  if (is_undisturbed)
    for (int i = 1; i < s.sound_count; ++i)
      assert_int_equal((s.sounds[i] - s.sounds[0]) % EVERY, 0);
  dt_port_close(port);
}

static int end_server(void** state) {
  (void)state;
  peer_forget(&player);
  jack_server_end(&server, SIGTERM);
  return 0;
}

int main(int argc, char** argv) {
  if (argc == 4 && strcmp(argv[1], "peer") == 0)
    return peer_main(argv);
  if (argc == 2)
    cmocka_set_test_filter(argv[1]);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sound_passes_a_device_unchanged),
      cmocka_unit_test(what_cannot_be_opened_is_said_in_a_sentence),
      cmocka_unit_test(devices_are_listed_without_a_sound_card),
      cmocka_unit_test(midi_alone_runs_by_the_clock),
      cmocka_unit_test_teardown(a_device_in_real_time_keeps_every_frame, end_server),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
