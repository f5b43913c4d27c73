/* Text of a session's files is taken whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "journal.h"
#include "scan.h"

static void numbers_are_whole_or_refused(void** state) {
  (void)state;
  static const char* const bad[] = {
      "", " ", "x", "1x", "1.5", "0x10", "- 1", "\n1", "256", "-1", "99999999999999999999999"};
  int64_t value = 77;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    const char* at = bad[i];
    if (dt__scan_whole(&at, 0, 255, &value) || value != 77 || at != bad[i])
      fail_msg("'%s' is taken for %lld", bad[i], (long long)value);
  }
  const char* at = "  255 next";
  assert_true(dt__scan_whole(&at, 0, 255, &value));
  assert_int_equal(value, 255);
  assert_true(dt__scan_word(&at, "next"));
  assert_true(dt__scan_end(&at));
}

static void reals_are_numbers_within_bounds(void** state) {
  (void)state;
  static const char* const bad[] = {"nan", "inf", "-nan", "1e999", "0.5ms", "2", "-0.1", ".", "e1"};
  double value = 7;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    const char* at = bad[i];
    if (dt__scan_real(&at, 0, 1, &value) || value != 7)
      fail_msg("'%s' is taken for %g", bad[i], value);
  }
  const char* at = "2.5e-1\n";
  assert_true(dt__scan_real(&at, 0, 1, &value));
  assert_true(value == 0.25);
  assert_true(dt__scan_line(&at));
}

#define HEAD                                                                                       \
  "doubletime session 1\nrate 48000\nsound 1\njitter_s 0.00025\nlatency_frames -12\nseed "         \
  "18446744073709551615\ntoday 20780\nno_rest 1\nkit roland\n"

static void a_sessions_head_is_read(void** state) {
  (void)state;
  dt__journal_head head = {.rate_hz = 0};
  bool has_kit_map = true;
  assert_true(dt__journal_head_parse(HEAD, &head, &has_kit_map));
  assert_false(has_kit_map);
  assert_int_equal(head.rate_hz, 48000);
  assert_true(head.sound && head.no_rest);
  assert_true(head.jitter_s == 0.00025);
  assert_int_equal(head.latency_frames, -12);
  assert_true(head.seed == UINT64_MAX);
  assert_int_equal(head.today, 20780);
  assert_string_equal(head.kit, "roland");
  assert_int_equal(head.sync, DT_SYNC_NONE);
  assert_true(
      dt__journal_head_parse(HEAD "kit_map kit.txt\nsync midi-clock\n", &head, &has_kit_map));
  assert_true(has_kit_map);
  assert_int_equal(head.sync, DT_SYNC_MIDI_CLOCK);
}

static void a_damaged_head_is_refused(void** state) {
  (void)state;
  static const char* const bad[] = {
      "",
      "doubletime session 2\n",
      HEAD "sync sundial\n",
      HEAD "kit_map\n",
      HEAD "more\n",
      "doubletime session 1\nrate 48000\nsound 2\njitter_s 0\nlatency_frames 0\nseed 1\ntoday "
      "1\nno_rest 0\nkit -\n",
      "doubletime session 1\nrate 48000\nsound 1\njitter_s 0\nlatency_frames 0\nseed -1\ntoday "
      "1\nno_rest 0\nkit -\n",
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    dt__journal_head head = {.rate_hz = 0};
    bool has_kit_map = false;
    if (dt__journal_head_parse(bad[i], &head, &has_kit_map))
      fail_msg("taken: %s", bad[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_are_whole_or_refused),
      cmocka_unit_test(reals_are_numbers_within_bounds),
      cmocka_unit_test(a_sessions_head_is_read),
      cmocka_unit_test(a_damaged_head_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
