/* The callback's side of the band's line: what is there is copied to its frame, what is old is
 * dropped, what is late is counted, and nothing clicks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "feeder_internal.h"

enum { BLOCK = DT__LANE_BLOCK, ROOM = 64 };

static dt__feeder* new_feeder(void) {
  dt__feeder* f = calloc(1, sizeof *f);
  assert_non_null(f);
  f->pulled.number = f->pulled.played = -1;
  f->ring = dt_ring_new(NULL, ROOM, sizeof(dt__chunk));
  assert_non_null(f->ring);
  return f;
}

static void free_feeder(dt__feeder* f) {
  dt_ring_free(f->ring);
  free(f);
}

/* Samples that say where they belong. */
static float value_of(int64_t number, dt_frame at) {
  return 0.1F + (float)number / 16 + (float)(at % 4096) / 65536;
}

static void put(dt__feeder* f, int64_t number, dt_frame at, uint64_t generation) {
  dt__chunk chunk = {.number = number, .at = at, .generation = generation};
  for (int i = 0; i < BLOCK; i++)
    chunk.samples[i] = value_of(number, at + i);
  assert_true(dt_ring_write(f->ring, &chunk));
}

static void expect(dt__feeder* f, int64_t number, dt_frame at, size_t count) {
  float samples[1024];
  dt__feeder_pull(f, number, at, samples, count);
  for (size_t i = 0; i < count; i++)
    if (samples[i] != value_of(number, at + (dt_frame)i))
      fail_msg("frame %lld of %lld is not what was rendered for it", (long long)(at + (dt_frame)i),
               (long long)number);
}

static void what_is_there_is_heard_at_its_frame(void** state) {
  (void)state;
  dt__feeder* f = new_feeder();
  float before[10];
  dt__feeder_pull(f, -1, 500, before, 10); /* no music yet: what is made for it waits */
  for (int i = 0; i < 10; i++)
    put(f, 0, BLOCK * i, 0);
  dt__feeder_pull(f, -1, 510, before, 10);
  assert_true(before[9] == 0);
  expect(f, 0, 0, 100);
  expect(f, 0, 100, 1);
  expect(f, 0, 101, 539);
  assert_int_equal(dt__feeder_counts(f).underruns, 0);
  free_feeder(f);
}

static void what_is_late_is_silence_and_counted_once(void** state) {
  (void)state;
  dt__feeder* f = new_feeder();
  float samples[2 * BLOCK];
  put(f, 0, 0, 0);
  expect(f, 0, 0, BLOCK);
  dt__feeder_pull(f, 0, BLOCK, samples, BLOCK);
  put(f, 0, BLOCK, 0); /* came too late */
  put(f, 0, 2 * BLOCK, 0);
  dt__feeder_pull(f, 0, 2 * BLOCK, samples + BLOCK, BLOCK);
  assert_int_equal(dt__feeder_counts(f).underruns, 1);
  assert_int_equal(dt__feeder_counts(f).underrun_frames, BLOCK);
  /* No step anywhere, and after it the music is where it belongs. */
  float last = value_of(0, BLOCK - 1);
  for (int i = 0; i < 2 * BLOCK; i++) {
    assert_true(fabsf(samples[i] - last) < 0.01F);
    last = samples[i];
  }
  put(f, 0, 3 * BLOCK, 0);
  put(f, 0, 4 * BLOCK, 0);
  for (dt_frame at = 3 * BLOCK; at < 5 * BLOCK; at += BLOCK)
    dt__feeder_pull(f, 0, at, samples, BLOCK);
  assert_true(fabsf(samples[BLOCK - 1] - value_of(0, 5 * BLOCK - 1)) < 0.02F);
  free_feeder(f);
}

static void an_older_generation_is_never_heard(void** state) {
  (void)state;
  dt__feeder* f = new_feeder();
  for (int i = 0; i < 6; i++)
    put(f, 0, BLOCK * i, 0);
  expect(f, 0, 0, BLOCK);
  atomic_store(&f->generation, 1); /* the tempo of frame 128 on has changed */
  for (int i = 1; i < 6; i++) {
    dt__chunk chunk = {.number = 0, .at = BLOCK * i, .generation = 1};
    for (int k = 0; k < BLOCK; k++)
      chunk.samples[k] = -0.5F;
    assert_true(dt_ring_write(f->ring, &chunk));
  }
  float samples[5 * BLOCK];
  dt__feeder_pull(f, 0, BLOCK, samples, 5 * BLOCK);
  assert_true(fabsf(samples[0] - value_of(0, BLOCK - 1)) < 0.01F); /* without a step */
  assert_true(fabsf(samples[5 * BLOCK - 1] + 0.5F) < 0.02F);
  assert_int_equal(dt__feeder_counts(f).underruns, 0);
  free_feeder(f);
}

static void a_take_that_was_stopped_fades_and_leaves_nothing_to_the_next(void** state) {
  (void)state;
  dt__feeder* f = new_feeder();
  for (int i = 0; i < 20; i++)
    put(f, 4, BLOCK * i, 0);
  expect(f, 4, 0, 200);
  float samples[1000];
  dt__feeder_pull(f, -1, 200, samples, 1000);
  assert_true(samples[0] > 0.1F && fabsf(samples[0] - value_of(4, 199)) < 0.01F);
  for (int i = 0; i < 1000; i++)
    assert_true(fabsf(samples[i]) <= 0.5F * expf(-(float)i / 70) + 1e-5F);
  assert_int_equal(dt_ring_waiting(f->ring), 0);
  put(f, 5, 0, 0);
  expect(f, 5, 0, BLOCK); /* the first note of the next take is not bent by the last one's end */
  assert_int_equal(dt__feeder_counts(f).underruns, 0);
  free_feeder(f);
}

static void a_jump_of_the_device_passes_over_what_fell_into_it(void** state) {
  (void)state;
  dt__feeder* f = new_feeder();
  for (int i = 0; i < 40; i++)
    put(f, 0, BLOCK * i, 0);
  expect(f, 0, 0, 100);
  float samples[1000];
  dt__feeder_pull(f, 0, 1000, samples, 1000);
  assert_true(fabsf(samples[999] - value_of(0, 1999)) < 1e-4F);
  assert_int_equal(dt__feeder_counts(f).underruns, 0);
  free_feeder(f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_there_is_heard_at_its_frame),
      cmocka_unit_test(what_is_late_is_silence_and_counted_once),
      cmocka_unit_test(an_older_generation_is_never_heard),
      cmocka_unit_test(a_take_that_was_stopped_fades_and_leaves_nothing_to_the_next),
      cmocka_unit_test(a_jump_of_the_device_passes_over_what_fell_into_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
