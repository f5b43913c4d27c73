#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <sndfile.h>

#include "../support/failing_allocator.h"
#include "dt/file.h"
#include "dt/smf.h"
#include "port_support.h"

#define RATE_HZ 44100
#define FRAMES  100000
#define EVERY   4801

static char yard[64];

static const char* in_yard(const char* name) {
  static char paths[8][128];
  static int next;
  next = (next + 1) % 8;
  (void)snprintf(paths[next], sizeof paths[next], "%s/%s", yard, name);
  return paths[next];
}

/* Two channels: an impulse on the first, a slope on the second. */
static float sample_of(int channel, dt_frame frame) {
  if (channel == 0)
    return frame > 0 && frame % EVERY == 0 ? 0.75F : 0.0F;
  return (float)(frame % 1000) / 2048.0F;
}

static void write_sound(void) {
  SF_INFO about = {
      .samplerate = RATE_HZ, .channels = 2, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_24};
  SNDFILE* file = sf_open(in_yard("in.wav"), SFM_WRITE, &about);
  assert_non_null(file);
  for (dt_frame i = 0; i < FRAMES; ++i) {
    const float frame[2] = {sample_of(0, i), sample_of(1, i)};
    assert_int_equal(sf_writef_float(file, frame, 1), 1);
  }
  assert_int_equal(sf_close(file), 0);
}

/* Ticks are frames: quarters of half a second. */
static void write_midi(void) {
  dt_midi_event events[FRAMES / EVERY];
  dt_smf smf;
  memset(&smf, 0, sizeof smf);
  smf.map.ticks_per_quarter = RATE_HZ / 2;
  smf.events = events;
  for (int i = 1; i * EVERY < FRAMES; ++i)
    events[smf.event_count++] =
        (dt_midi_event){.tick = (dt_tick)i * EVERY, .status = 0x99, .data1 = 38, .data2 = 100};
  dt_outfile file;
  assert_int_equal(dt_outfile_open(&file, in_yard("in.mid"), NULL), DT_OK);
  assert_int_equal(dt_smf_write(&smf, dt_file_sink(file.file)), DT_OK);
  assert_int_equal(dt_outfile_commit(&file, NULL), DT_OK);
}

static int set_up(void** state) {
  (void)state;
  (void)snprintf(yard, sizeof yard, "/tmp/doubletime-file-XXXXXX");
  if (mkdtemp(yard) == NULL)
    return -1;
  write_sound();
  write_midi();
  return 0;
}

static int tear_down(void** state) {
  (void)state;
  static const char* const names[] = {"in.wav", "in.mid", "out.wav", "out.mid"};
  for (int i = 0; i < 4; ++i)
    unlink(in_yard(names[i]));
  return rmdir(yard);
}

static dt_port_config through_files(void) {
  dt_port_config config = dt_port_config_default();
  config.device = "file";
  config.period_frames = 300; /* so that the last block is short */
  config.null.sound_in = in_yard("in.wav");
  config.null.midi_in = in_yard("in.mid");
  config.null.sound_out = in_yard("out.wav");
  config.null.midi_out = in_yard("out.mid");
  return config;
}

static void run(const dt_port_config* config, seen* s) {
  dt_error err = {.status = DT_OK};
  memset(s, 0, sizeof *s);
  s->is_echo = true;
  dt_port* port = dt_port_open(config, &err);
  if (port == NULL)
    fail_msg("%s", err.sentence);
  assert_int_equal(dt_port_info_of(port)->rate_hz, RATE_HZ);
  assert_int_equal(dt_port_info_of(port)->in_channels, 2);
  assert_int_equal(dt_port_start(port, see, s, &err), DT_OK);
  assert_true(dt_port_wait(port, 60000));
  if (dt_port_stop(port, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  dt_port_state now;
  dt_port_look(port, &now);
  assert_int_equal(now.condition, DT_PORT_ENDED);
  assert_int_equal(now.midi_in_dropped + now.midi_out_dropped, 0);
  dt_port_close(port);
  assert_false(s->is_broken);
}

/* What was written is what was read, but for the frames lost. */
static void assert_written(dt_frame lost_from, dt_frame lost_to) {
  SF_INFO about = {.format = 0};
  SNDFILE* file = sf_open(in_yard("out.wav"), SFM_READ, &about);
  assert_non_null(file);
  assert_int_equal(about.frames, FRAMES);
  assert_int_equal(about.channels, 2);
  assert_int_equal(about.samplerate, RATE_HZ);
  for (dt_frame i = 0; i < FRAMES; ++i) {
    float frame[2];
    assert_int_equal(sf_readf_float(file, frame, 1), 1);
    const bool is_lost = i >= lost_from && i < lost_to;
    for (int c = 0; c < 2; ++c)
      assert_true(fabsf(frame[c] - (is_lost ? 0.0F : sample_of(c, i))) < 1e-6F);
  }
  sf_close(file);
}

static void assert_midi_written(dt_frame lost_from, dt_frame lost_to) {
  dt_buffer buffer = {.bytes = NULL};
  dt_smf smf;
  assert_int_equal(dt_file_read(&buffer, in_yard("out.mid"), 1 << 20, NULL), DT_OK);
  assert_int_equal(dt_smf_parse(&smf, NULL, buffer.bytes, buffer.size, NULL), DT_OK);
  size_t found = 0;
  for (dt_frame i = EVERY; i < FRAMES; i += EVERY) {
    if (i >= lost_from && i < lost_to)
      continue;
    assert_true(found < smf.event_count);
    assert_int_equal(llround(smf.events[found].time_s * RATE_HZ), i);
    assert_int_equal(smf.events[found++].data1, 38);
  }
  assert_int_equal(found, smf.event_count);
  dt_smf_clear(&smf, NULL);
  dt_buffer_clear(&buffer);
}

static void what_comes_in_goes_out_to_the_frame(void** state) {
  (void)state;
  static seen s;
  const dt_port_config config = through_files();
  const int64_t began_us = now_us();
  run(&config, &s);
  print_message("%.2f s of sound took %.3f s\n", (double)FRAMES / RATE_HZ,
                (double)(now_us() - began_us) * 1e-6);
  assert_int_equal(s.next, FRAMES);
  assert_int_equal(s.sound_count, (FRAMES - 1) / EVERY);
  assert_int_equal(s.note_count, (FRAMES - 1) / EVERY);
  for (int i = 0; i < s.sound_count; ++i) {
    assert_int_equal(s.sounds[i], (i + 1) * EVERY);
    assert_int_equal(s.notes[i], s.sounds[i]);
  }
  assert_written(0, 0);
  assert_midi_written(0, 0);
}

static void frames_lost_are_silence_and_the_rest_stays_in_place(void** state) {
  (void)state;
  static seen s;
  const dt_port_fault fault = {20000, DT_PORT_FAULT_XRUN, 10000};
  dt_port_config config = through_files();
  config.null.faults = &fault;
  config.null.fault_count = 1;
  run(&config, &s);
  assert_int_equal(s.gap_count, 1);
  assert_int_equal(s.gaps[0].frames, 10000);
  assert_written(20100, 30100);
  assert_midi_written(20100, 30100);
}

static void a_file_can_be_named_as_the_device(void** state) {
  (void)state;
  static seen s;
  char device[160];
  dt_port_config config = dt_port_config_default();
  (void)snprintf(device, sizeof device, "file:%s", in_yard("in.wav"));
  config.device = device;
  run(&config, &s);
  assert_int_equal(s.next, FRAMES);
  (void)snprintf(device, sizeof device, "file:%s", in_yard("in.mid"));
  config.in_channels = 2;
  config.rate_hz = RATE_HZ;
  run(&config, &s);
  assert_int_equal(s.note_count, (FRAMES - 1) / EVERY);
  assert_int_equal(s.notes[0], EVERY);
}

static void a_file_that_will_not_do_is_said_in_a_sentence(void** state) {
  (void)state;
  dt_error err = {.status = DT_OK};
  dt_port_config config = through_files();
  config.rate_hz = 48000;
  assert_null(dt_port_open(&config, &err));
  assert_int_equal(err.status, DT_UNSUPPORTED);
  assert_non_null(strstr(err.sentence, "in.wav: The sound is at 44100 Hz, not at 48000"));
  config = through_files();
  config.null.sound_in = in_yard("nothing.wav");
  assert_null(dt_port_open(&config, &err));
  assert_int_equal(err.status, DT_NOT_FOUND);
  config = through_files();
  config.null.sound_in = in_yard("in.mid");
  assert_null(dt_port_open(&config, &err));
  assert_int_equal(err.status, DT_BAD_DATA);
  config = through_files();
  config.null.midi_in = in_yard("in.wav");
  assert_null(dt_port_open(&config, &err));
  assert_int_equal(err.status, DT_BAD_DATA);
  assert_non_null(strstr(err.sentence, "in.wav: "));
  config = through_files();
  config.null.sound_out = in_yard("out.xyz");
  assert_null(dt_port_open(&config, &err));
  assert_int_equal(err.status, DT_UNSUPPORTED);
  config = through_files();
  config.null.sound_out = in_yard("nowhere/out.wav");
  assert_null(dt_port_open(&config, &err));
  assert_int_equal(err.status, DT_NOT_FOUND);
}

static void a_port_that_never_started_leaves_no_file(void** state) {
  (void)state;
  unlink(in_yard("out.wav"));
  const dt_port_config config = through_files();
  dt_port* port = dt_port_open(&config, NULL);
  assert_non_null(port);
  dt_port_close(port);
  assert_int_equal(access(in_yard("out.wav"), F_OK), -1);
  assert_int_equal(access(in_yard("out.wav.part"), F_OK), -1);
}

static bool open_and_close(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  dt_port_config config = through_files();
  config.allocator = allocator;
  dt_port* port = dt_port_open(&config, NULL);
  dt_port_close(port);
  return port != NULL;
}

static void no_memory_is_said_and_nothing_leaks(void** state) {
  (void)state;
  assert_true(dt_failing_sweep(open_and_close, NULL) >= 8);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_comes_in_goes_out_to_the_frame),
      cmocka_unit_test(frames_lost_are_silence_and_the_rest_stays_in_place),
      cmocka_unit_test(a_file_can_be_named_as_the_device),
      cmocka_unit_test(a_file_that_will_not_do_is_said_in_a_sentence),
      cmocka_unit_test(a_port_that_never_started_leaves_no_file),
      cmocka_unit_test(no_memory_is_said_and_nothing_leaks),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
