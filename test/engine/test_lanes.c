/* FluidSynth to the frame: it begins notes every 64 frames only, and is not to be heard doing so.
 */
#include "../support/failing_allocator.h"

#include "../support/soundfont_file.h"
#include "feeder.h"
#include "lanes.h"

enum { RATE = DT__FONT_RATE_HZ, BLOCKS = 200 };

/* NULL where FluidSynth is not installed: the test is skipped. */
static dt__lanes* lanes_or_skip(void) {
  dt__lanes* lanes = NULL;
  dt_error err = {.sentence = ""};
  const dt_status status = dt__lanes_new(&lanes, NULL, dt__font, RATE, &err);
  if (status == DT_UNSUPPORTED) {
    print_message("skipped: %s\n", err.sentence);
    skip();
  }
  if (status != DT_OK)
    fail_msg("%s", err.sentence);
  return lanes;
}

static int first_sample(const float* samples, int from, int count) {
  for (int i = from; i < count; i++)
    if (samples[i] != 0)
      return i;
  return -1;
}

static void render(dt__lanes* lanes, float* samples, int blocks) {
  for (int b = 0; b < blocks; b++)
    dt__lanes_render(lanes, samples + b * DT__LANE_BLOCK);
}

static void a_note_begins_at_its_frame_wherever_that_is(void** state) {
  (void)state;
  dt__lanes* lanes = lanes_or_skip();
  float samples[BLOCKS * DT__LANE_BLOCK];
  float first[DT__STEP_FRAMES];
  for (int offset = 0; offset < DT__LANE_BLOCK; offset++) {
    dt__lanes_reset(lanes);
    render(lanes, samples, 3);
    dt__lanes_message(lanes, offset, 0x90, 60, 100);
    render(lanes, samples, BLOCKS);
    assert_int_equal(first_sample(samples, 0, BLOCKS * DT__LANE_BLOCK), offset + 1);
    if (offset == 0)
      memcpy(first, samples, sizeof first);
    assert_memory_equal(first, samples + offset, sizeof first); /* and sounds the same */
  }
  assert_int_equal(dt__lanes_inexact(lanes), 0);
  dt__lanes_free(lanes);
}

static void notes_close_together_all_begin_at_theirs(void** state) {
  (void)state;
  dt__lanes* lanes = lanes_or_skip();
  float samples[BLOCKS * DT__LANE_BLOCK];
  for (int n = 0; n < DT__LANES; n++)
    dt__lanes_message(lanes, 4 * n, 0x90, 40 + n, 100);
  render(lanes, samples, BLOCKS);
  /* Each makes the sum rise faster from its own frame on: the second difference is not zero. */
  for (int n = 1; n < DT__LANES; n++) {
    const float* at = samples + 4 * n;
    const float before = at[0] - at[-1];
    const float after = at[1] - at[0];
    if (!(after > before * 1.01F))
      fail_msg("note %d does not begin at frame %d", n, 4 * n);
  }
  assert_int_equal(dt__lanes_inexact(lanes), 0);
  dt__lanes_free(lanes);
}

static void too_many_at_once_are_late_and_counted(void** state) {
  (void)state;
  dt__lanes* lanes = lanes_or_skip();
  float samples[DT__LANE_BLOCK];
  for (int n = 0; n < 20; n++)
    dt__lanes_message(lanes, 3 * n, 0x90, 40 + n, 100);
  render(lanes, samples, 1);
  assert_int_equal(dt__lanes_inexact(lanes), 4);
  dt__lanes_free(lanes);
}

static void a_reset_leaves_nothing_of_what_was(void** state) {
  (void)state;
  dt__lanes* lanes = lanes_or_skip();
  float one[8 * DT__LANE_BLOCK];
  float two[8 * DT__LANE_BLOCK];
  dt__lanes_message(lanes, 7, 0x90, 60, 100);
  render(lanes, one, 8);
  dt__lanes_message(lanes, 9, 0xB0, 7, 20); /* soft */
  dt__lanes_message(lanes, 20, 0x90, 64, 100);
  render(lanes, two, 3);
  dt__lanes_reset(lanes);
  dt__lanes_message(lanes, 7, 0x90, 60, 100);
  render(lanes, two, 8);
  assert_memory_equal(one, two, sizeof one);
  dt__lanes_free(lanes);
}

static void a_note_that_ends_is_silent_soon(void** state) {
  (void)state;
  dt__lanes* lanes = lanes_or_skip();
  float samples[40 * DT__LANE_BLOCK];
  dt__lanes_message(lanes, 30, 0x90, 60, 100);
  render(lanes, samples, 12);
  dt__lanes_message(lanes, 31, 0x80, 60, 0);
  render(lanes, samples, 40);
  assert_true(samples[0] != 0);
  /* FluidSynth's shortest release is 16 ms. */
  assert_int_equal(first_sample(samples, 16 * DT__LANE_BLOCK, 40 * DT__LANE_BLOCK), -1);
  dt__lanes_free(lanes);
}

static void what_is_no_soundfont_is_told(void** state) {
  (void)state;
  dt__lanes* lanes = lanes_or_skip();
  dt__lanes_free(lanes);
  dt_error err = {.sentence = ""};
  assert_int_equal(dt__lanes_new(&lanes, NULL, "/dev/null", RATE, &err), DT_BAD_DATA);
  assert_null(lanes);
  assert_string_equal(err.sentence, "This is no SoundFont");
}

static bool build(const dt_allocator* allocator, void* context) {
  (void)context;
  const dt__feeder_config config = {
      .soundfont = dt__font, .rate_hz = RATE, .ahead_s = 0.1, .is_stepped = true};
  dt__feeder* feeder = NULL;
  const bool is_built = dt__feeder_new(&feeder, allocator, &config, NULL) == DT_OK;
  dt__feeder_free(feeder);
  return is_built;
}

static void no_memory_is_no_crash(void** state) {
  (void)state;
  dt__lanes_free(lanes_or_skip());
  assert_int_equal(dt_failing_sweep(build, NULL), 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_note_begins_at_its_frame_wherever_that_is),
      cmocka_unit_test(notes_close_together_all_begin_at_theirs),
      cmocka_unit_test(too_many_at_once_are_late_and_counted),
      cmocka_unit_test(a_reset_leaves_nothing_of_what_was),
      cmocka_unit_test(a_note_that_ends_is_silent_soon),
      cmocka_unit_test(what_is_no_soundfont_is_told),
      cmocka_unit_test(no_memory_is_no_crash),
  };
  return cmocka_run_group_tests(tests, dt__font_make, dt__font_remove);
}
