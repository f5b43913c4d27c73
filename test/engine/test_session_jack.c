/*
 * A whole session on a JACK server without a sound card: another program plays notes and the kit's
 * sounds at known frames of the server, and each must arrive as a stroke.
 */
#include "jack_stage.h"

static void every_note_arrives_at_its_frame(void** state) {
  (void)state;
  stage* s = &here;
  stretch good[STRETCHES];
  const int count = has_stage() ? play_undisturbed(s, false, RATE_HZ / 20, good) : 0;
  for (int k = 0; k < count; k++) {
    const uint32_t* played = s->drummer->at + good[k].played;
    const double* heard = s->heard + good[k].heard;
    assert_int_equal(good[k].heard_count, good[k].played_count);
    for (int i = 0; i < good[k].played_count; i++)
      assert_int_equal(llround(heard[i]) + good[k].offset, played[i]);
  }
}

/* Against the server's own frames: the port says by how much its positions differ from them. */
static void every_sound_arrives_within_half_a_millisecond(void** state) {
  (void)state;
  stage* s = &here;
  stretch good[STRETCHES];
  static double away_ms[STROKES_MAX];
  static double scratch[STROKES_MAX];
  size_t all = 0;
  const int count = has_stage() ? play_undisturbed(s, true, RATE_HZ / 8, good) : 0;
  for (int k = 0; k < count; k++) {
    /* None lost, and none that was not played. */
    assert_int_equal(good[k].heard_count, good[k].played_count);
    const size_t strokes = (size_t)good[k].played_count;
    for (size_t i = 0; i < strokes; i++)
      away_ms[all + i] = (s->heard[good[k].heard + (int)i] + (double)good[k].offset -
                          s->drummer->at[good[k].played + (int)i]) *
                         1000 / RATE_HZ;
    all += strokes;
  }
  if (all == 0)
    return;
  const double sd_ms = dt_robust_sd(away_ms, all, scratch);
  const double median_ms = dt_median(away_ms, all, scratch);
  print_message("%zu strokes: median %+.3f ms, robust SD %.3f ms\n", all, median_ms, sd_ms);
  assert_true(sd_ms < 0.5);
  assert_true(fabs(median_ms) < 0.3);
  for (size_t i = 0; i < all; i++)
    assert_true(fabs(away_ms[i]) < 10);
}

int main(int argc, char** argv) {
  if (argc == 3 && strcmp(argv[1], "drummer") == 0)
    return other_main(argv[2]);
  here.server = jack_server_named();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(every_note_arrives_at_its_frame, clear_stage),
      cmocka_unit_test_teardown(every_sound_arrives_within_half_a_millisecond, clear_stage),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
