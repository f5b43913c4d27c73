/* The parts that the devices are made of, by themselves. */

#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../support/failing_allocator.h"
#include "cable.h"
#include "clock_filter.h"
#include "convert.h"
#include "dt/rng.h"
#include "midi_stream.h"
#include "port_support.h"

/* ---------------------------------------------------------------- samples */

static void samples_survive_every_format(void** state) {
  (void)state;
  const double steps[DT__SAMPLE_FORMAT_COUNT] = {0, 0x1p-24, 0x1p-23, 0x1p-23, 0x1p-15};
  dt_rng rng = dt_rng_seeded(1, 1);
  float samples[3][100];
  float back[3][100];
  const float* from[3] = {samples[0], samples[1], samples[2]};
  float* to[3] = {back[0], back[1], back[2]};
  unsigned char bytes[3 * 100 * 4];
  for (int f = 0; f < DT__SAMPLE_FORMAT_COUNT; ++f) {
    for (int c = 0; c < 3; ++c)
      for (int i = 0; i < 100; ++i)
        samples[c][i] = (float)(2 * dt_rng_uniform(&rng) - 1) * 0.999F;
    dt__convert_out(bytes, from, (dt__sample_format)f, 3, 100);
    dt__convert_in(to, bytes, (dt__sample_format)f, 3, 100);
    for (int c = 0; c < 3; ++c)
      for (int i = 0; i < 100; ++i)
        assert_true(fabs((double)back[c][i] - (double)samples[c][i]) <= steps[f]);
  }
}

static void samples_stand_as_the_card_has_them(void** state) {
  (void)state;
  const float half[1] = {-0.5F};
  const float* from[1] = {half};
  unsigned char bytes[4] = {9, 9, 9, 9};
  dt__convert_out(bytes, from, DT__S16, 1, 1);
  assert_memory_equal(bytes, "\x00\xC0\x09\x09", 4);
  dt__convert_out(bytes, from, DT__S24_3, 1, 1);
  assert_memory_equal(bytes, "\x00\x00\xC0\x09", 4);
  dt__convert_out(bytes, from, DT__S24, 1, 1);
  assert_memory_equal(bytes, "\x00\x00\xC0\xFF", 4);
  dt__convert_out(bytes, from, DT__S32, 1, 1);
  assert_memory_equal(bytes, "\x00\x00\x00\xC0", 4);
  /* Some cards leave noise in the byte that does not count. */
  float value[1];
  float* to[1] = {value};
  dt__convert_in(to, (const unsigned char*)"\x00\x00\xC0\x55", DT__S24, 1, 1);
  assert_true(value[0] == -0.5F);
}

static void what_is_too_loud_is_clipped_and_nan_is_silence(void** state) {
  (void)state;
  const float wild[4] = {2.0F, -2.0F, NAN, -INFINITY};
  const float* from[1] = {wild};
  float back[4];
  float* to[1] = {back};
  unsigned char bytes[16];
  for (int f = 0; f < DT__SAMPLE_FORMAT_COUNT; ++f) {
    dt__convert_out(bytes, from, (dt__sample_format)f, 1, 4);
    dt__convert_in(to, bytes, (dt__sample_format)f, 1, 4);
    assert_true(back[0] > 0.9999F && back[0] <= 1.0F);
    assert_true(back[1] == -1.0F);
    assert_true(back[2] == 0.0F);
    assert_true(back[3] == -1.0F);
  }
}

/* ---------------------------------------------------------------- MIDI bytes */

static int feed(dt__midi_stream* stream, const uint8_t* bytes, int count, uint8_t messages[][3],
                int* sizes) {
  int found = 0;
  for (int i = 0; i < count; ++i) {
    const int size = dt__midi_stream_take(stream, bytes[i], messages[found]);
    if (size > 0)
      sizes[found++] = size;
  }
  return found;
}

static void midi_bytes_become_messages(void** state) {
  (void)state;
  static const uint8_t bytes[] = {0x40, 0x99, 38,   0xF8, 100,  42,   0xF8, 90, 0xF0, 1,
                                  2,    0xF8, 3,    0xF7, 5,    0xC9, 7,    8,  0xF2, 1,
                                  2,    0xFA, 0xD9, 1,    0x99, 38,   0x89, 38, 64,   0xF6};
  uint8_t messages[40][3];
  int sizes[40];
  dt__midi_stream stream;
  memset(&stream, 0, sizeof stream);
  const int found = feed(&stream, bytes, (int)sizeof bytes, messages, sizes);
  static const uint8_t expected[][4] = {{1, 0xF8},         {3, 0x99, 38, 100}, {1, 0xF8},
                                        {3, 0x99, 42, 90}, {1, 0xF8},          {2, 0xC9, 7},
                                        {2, 0xC9, 8},      {3, 0xF2, 1, 2},    {1, 0xFA},
                                        {2, 0xD9, 1},      {3, 0x89, 38, 64},  {1, 0xF6}};
  assert_int_equal(found, sizeof expected / sizeof expected[0]);
  for (int i = 0; i < found; ++i) {
    assert_int_equal(sizes[i], expected[i][0]);
    assert_memory_equal(messages[i], expected[i] + 1, sizes[i]);
  }
  assert_int_equal(stream.sysex_count, 1);
  assert_int_equal(stream.damaged_count, 2); /* the first byte, and the 5 after the sysex */
}

static void any_bytes_at_all_give_whole_messages(void** state) {
  (void)state;
  const uint64_t seed = (uint64_t)time(NULL);
  print_message("seed %llu\n", (unsigned long long)seed);
  dt_rng rng = dt_rng_seeded(seed, 1);
  dt__midi_stream stream;
  memset(&stream, 0, sizeof stream);
  for (int i = 0; i < 200000; ++i) {
    uint8_t message[3] = {0, 0, 0};
    const int size = dt__midi_stream_take(&stream, (uint8_t)dt_rng_below(&rng, 256), message);
    assert_in_range(size, 0, 3);
    assert_true(size == 0 || message[0] >= 0x80);
    for (int b = 1; b < size; ++b)
      assert_true(message[b] < 0x80);
  }
}

static void messages_stand_in_the_order_of_their_frames(void** state) {
  (void)state;
  dt_port_midi items[4];
  dt_port_midi_list list = {items, 0, 4, 0};
  const uint8_t bytes[3] = {0x99, 38, 100};
  assert_true(dt_port_put(&list, 50, bytes, 3));
  assert_true(dt_port_put(&list, 10, bytes, 2));
  assert_true(dt_port_put(&list, 50, bytes, 1));
  assert_false(dt_port_put(&list, 0, bytes, 0));
  assert_false(dt_port_put(&list, 0, bytes, 4));
  assert_true(dt_port_put(&list, 20, bytes, 3));
  assert_false(dt_port_put(&list, 0, bytes, 3));
  assert_int_equal(list.refused, 3);
  const uint32_t offsets[4] = {10, 20, 50, 50};
  const uint8_t sizes[4] = {2, 3, 3, 1};
  for (int i = 0; i < 4; ++i) {
    assert_int_equal(items[i].frame_offset, offsets[i]);
    assert_int_equal(items[i].size, sizes[i]);
  }
  assert_int_equal(items[0].bytes[2], 0);
}

/* ---------------------------------------------------------------- blocks */

/* A server may double its period at any moment: what was built for less still works. */
static void a_block_that_is_too_large_comes_in_parts(void** state) {
  (void)state;
  static dt__core core;
  static seen s;
  memset(&s, 0, sizeof s);
  const dt_port_info info = {.rate_hz = 48000,
                             .period_frames = 300,
                             .block_frames_max = 300,
                             .in_channels = 1,
                             .out_channels = 1};
  dt__core_init(&core, &info);
  core.process = see;
  core.context = &s;
  float in[1000] = {[0] = 1, [299] = 1, [300] = 1, [999] = 1};
  float out[1000];
  for (int i = 0; i < 1000; ++i)
    out[i] = 9.0F; /* what the device left there */
  const float* ins[1] = {in};
  float* outs[1] = {out};
  const uint8_t note[3] = {0x99, 38, 100};
  const int64_t at[4] = {0, 299, 300, 999};
  s.is_echo = true;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 4; ++i)
      dt__core_midi(&core, at[i], note, 3);
    const dt__cycle cycle = {.frame_count = 1000,
                             .device_frame = 5000 + 1000 * round,
                             .clock_us = 20833 * round,
                             .in = ins,
                             .out = outs};
    dt__core_block(&core, &cycle);
    assert_false(s.is_broken);
    assert_int_equal(core.midi_out.count, 4);
    for (int i = 0; i < 4; ++i)
      assert_int_equal(core.midi_out.items[i].frame_offset, at[i]);
    assert_memory_equal(in, out, sizeof in);
  }
  assert_int_equal(s.largest_block, 300);
  assert_int_equal(s.blocks, 8);
  assert_int_equal(s.next, 2000);
  assert_int_equal(s.sound_count, 8);
  assert_int_equal(s.note_count, 8);
  for (int i = 0; i < 8; ++i) {
    assert_int_equal(s.sounds[i], 1000 * (i / 4) + at[i % 4]);
    assert_int_equal(s.notes[i], s.sounds[i]);
    assert_int_equal(s.device_sounds[i], s.sounds[i] + 5000);
  }
  assert_int_equal(core.counters.midi_in, 8);
  assert_int_equal(core.counters.midi_out, 8);
}

/* ---------------------------------------------------------------- clock */

static void wake_ups_that_jitter_give_a_steady_clock(void** state) {
  (void)state;
  const uint64_t seed = (uint64_t)time(NULL);
  print_message("seed %llu\n", (unsigned long long)seed);
  dt_rng rng = dt_rng_seeded(seed, 1);
  dt__clock_filter filter;
  memset(&filter, 0, sizeof filter);
  const double step_us = 256 * 1e6 / 48000 * 1.0001; /* the card is 100 ppm slow */
  double worst_us = 0;
  for (int i = 0; i < 4000; ++i) {
    const double late_us = 1000 * dt_rng_uniform(&rng);
    const int64_t clock_us =
        dt__clock_filter_us(&filter, 1000000 + (int64_t)(i * step_us + late_us), 256, 48000);
    const double error_us = (double)clock_us - 1000000 - i * step_us - 500;
    if (i > 1000 && fabs(error_us) > worst_us)
      worst_us = fabs(error_us);
  }
  print_message("1000 us of jitter became %.0f us\n", worst_us);
  assert_true(worst_us < 250);
  /* An interruption is followed at once. */
  assert_int_equal(dt__clock_filter_us(&filter, 900000000, 256, 48000), 900000000);
}

/* ---------------------------------------------------------------- a MIDI device beside */

typedef struct pipe_yard {
  char folder[64];
  char in[96];
  char out[96];
} pipe_yard;

static pipe_yard make_pipes(void) {
  pipe_yard yard;
  (void)snprintf(yard.folder, sizeof yard.folder, "/tmp/doubletime-cable-XXXXXX");
  assert_non_null(mkdtemp(yard.folder));
  (void)snprintf(yard.in, sizeof yard.in, "%s/in", yard.folder);
  (void)snprintf(yard.out, sizeof yard.out, "%s/out", yard.folder);
  assert_int_equal(mkfifo(yard.in, 0600), 0);
  assert_int_equal(mkfifo(yard.out, 0600), 0);
  return yard;
}

static void remove_pipes(const pipe_yard* yard) {
  unlink(yard->in);
  unlink(yard->out);
  rmdir(yard->folder);
}

static bool open_and_close_cable(const dt_allocator* allocator, void* ctx) {
  const pipe_yard* yard = ctx;
  dt__cable cable;
  _Atomic bool is_gone = false;
  memset(&cable, 0, sizeof cable);
  cable.is_gone = &is_gone;
  cable.in.kind = cable.out.kind = &dt__file_wire;
  dt__copy_text(cable.in.name, sizeof cable.in.name, yard->in);
  dt__copy_text(cable.out.name, sizeof cable.out.name, yard->out);
  const bool is_open = dt__cable_open(&cable, allocator, NULL) == DT_OK;
  dt__cable_close(&cable);
  return is_open;
}

static void a_cable_without_memory_or_device_says_so(void** state) {
  (void)state;
  pipe_yard yard = make_pipes();
  assert_int_equal(dt_failing_sweep(open_and_close_cable, &yard), 2);
  remove_pipes(&yard);
  assert_false(open_and_close_cable(NULL, &yard));
}

/* A stroke on the pad has the position that its sound would have: one period after the moment. */
static void a_note_gets_the_frame_of_its_moment(void** state) {
  (void)state;
  pipe_yard yard = make_pipes();
  static dt__core core;
  const dt_port_info info = {.rate_hz = 48000, .period_frames = 4800, .block_frames_max = 4800};
  dt__core_init(&core, &info);
  dt__cable cable;
  memset(&cable, 0, sizeof cable);
  _Atomic bool is_gone = false;
  cable.is_gone = &is_gone;
  cable.retry_ms = 20;
  cable.in.kind = cable.out.kind = &dt__file_wire;
  dt__copy_text(cable.in.name, sizeof cable.in.name, yard.in);
  dt__copy_text(cable.out.name, sizeof cable.out.name, yard.out);
  assert_int_equal(dt__cable_open(&cable, NULL, NULL), DT_OK);
  assert_int_equal(dt__cable_start(&cable, NULL), DT_OK);
  const int pad = open(yard.in, O_RDWR);
  const int module = open(yard.out, O_RDWR | O_NONBLOCK);
  double worst_ms = 0;
  for (int i = 0; i < 20; ++i) {
    const uint8_t note[3] = {0x99, (uint8_t)(36 + i), 100};
    const int64_t from_us = now_us();
    nap_ms(7);
    const int64_t struck_us = now_us();
    assert_int_equal(write(pad, note, 3), 3);
    core.midi_in.count = 0;
    for (int waited = 0; core.midi_in.count == 0 && waited < 5000; ++waited) {
      nap_ms(1);
      dt__cable_receive(&cable, &core, from_us, 1000000);
    }
    assert_int_equal(core.midi_in.count, 1);
    assert_memory_equal(core.midi_in.items[0].bytes, note, 3);
    const double at_ms = core.midi_in.items[0].frame_offset / 48.0;
    const double error_ms = at_ms - (double)(struck_us - from_us) * 1e-3;
    assert_true(error_ms > -0.1);
    worst_ms = error_ms > worst_ms ? error_ms : worst_ms;
  }
  print_message("a note by arrival is at most %.2f ms late here\n", worst_ms);
  /* What is younger than the block waits for the next; what is older stands at its beginning. */
  const uint8_t note[3] = {0x99, 38, 100};
  const int64_t before_us = now_us();
  assert_int_equal(write(pad, note, 3), 3);
  nap_ms(50);
  core.midi_in.count = 0;
  dt__cable_receive(&cable, &core, before_us - 1000000, 4800);
  assert_int_equal(core.midi_in.count, 0);
  dt__cable_receive(&cable, &core, before_us + 1000000, 4800);
  assert_int_equal(core.midi_in.count, 1);
  assert_int_equal(core.midi_in.items[0].frame_offset, 0);
  assert_int_equal(core.counters.midi_in_late, 1);
  /* Out: not before its time. */
  (void)dt_port_put(&core.midi_out, 4800, note, 3);
  const int64_t sent_us = now_us();
  dt__cable_send(&cable, &core, sent_us);
  uint8_t got[8];
  ssize_t count = -1;
  for (int waited = 0; count <= 0 && waited < 5000; ++waited) {
    count = read(module, got, sizeof got);
    if (count <= 0)
      nap_ms(1);
  }
  assert_int_equal(count, 3);
  assert_memory_equal(got, note, 3);
  assert_true(now_us() - sent_us >= 99000);
  close(pad);
  close(module);
  dt__cable_close(&cable);
  remove_pipes(&yard);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(samples_survive_every_format),
      cmocka_unit_test(samples_stand_as_the_card_has_them),
      cmocka_unit_test(what_is_too_loud_is_clipped_and_nan_is_silence),
      cmocka_unit_test(midi_bytes_become_messages),
      cmocka_unit_test(any_bytes_at_all_give_whole_messages),
      cmocka_unit_test(messages_stand_in_the_order_of_their_frames),
      cmocka_unit_test(a_block_that_is_too_large_comes_in_parts),
      cmocka_unit_test(wake_ups_that_jitter_give_a_steady_clock),
      cmocka_unit_test(a_cable_without_memory_or_device_says_so),
      cmocka_unit_test(a_note_gets_the_frame_of_its_moment),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
