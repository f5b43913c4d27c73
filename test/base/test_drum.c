#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dt/drum.h"

static void every_drum_is_found_by_its_name(void** state) {
  (void)state;
  for (int drum = 0; drum < DT_DRUM_COUNT; ++drum)
    assert_int_equal(dt_drum_from_name(dt_drum_name((dt_drum)drum)), drum);
  assert_int_equal(DT_DRUM_COUNT, 21);
}

static void an_unknown_name_is_no_drum(void** state) {
  (void)state;
  const char* const names[] = {"", "Kick", "kick ", "hihat_", "hi-hat", "bongo"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i)
    assert_int_equal(dt_drum_from_name(names[i]), DT_DRUM_COUNT);
}

/* Numbers stand in files: they may not move. */
static void numbers_in_old_files_keep_their_meaning(void** state) {
  (void)state;
  assert_int_equal(DT_KICK, 0);
  assert_int_equal(DT_SNARE, 1);
  assert_int_equal(DT_HIHAT_CLOSED, 6);
  assert_int_equal(DT_RIDE, 12);
  assert_int_equal(DT_DRUM_OTHER, 20);
}

static void a_hand_is_one_voice_and_a_foot_another(void** state) {
  (void)state;
  assert_int_equal(dt_drum_voice(DT_KICK), DT_VOICE_KICK);
  assert_int_equal(dt_drum_voice(DT_CROSS_STICK), DT_VOICE_SNARE);
  assert_int_equal(dt_drum_voice(DT_RIMSHOT), DT_VOICE_SNARE);
  assert_int_equal(dt_drum_voice(DT_HIHAT), DT_VOICE_HIHAT);
  assert_int_equal(dt_drum_voice(DT_HIHAT_OPEN), DT_VOICE_HIHAT);
  assert_int_equal(dt_drum_voice(DT_HIHAT_PEDAL), DT_VOICE_HIHAT_PEDAL);
  assert_int_equal(dt_drum_voice(DT_TOM_LOW), DT_VOICE_TOMS);
  assert_int_equal(dt_drum_voice(DT_RIDE_BELL), DT_VOICE_RIDE);
  assert_int_equal(dt_drum_voice(DT_SPLASH), DT_VOICE_CRASH);
  assert_int_equal(dt_drum_voice(DT_CLAP), DT_VOICE_OTHER);
  assert_string_equal(dt_voice_name(DT_VOICE_HIHAT_PEDAL), "hi-hat pedal");
}

/* General MIDI Level 1 percussion key map. */
static void other_programs_hear_the_right_drum(void** state) {
  (void)state;
  assert_int_equal(dt_drum_gm_note(DT_KICK), 36);
  assert_int_equal(dt_drum_gm_note(DT_SNARE), 38);
  assert_int_equal(dt_drum_gm_note(DT_HIHAT_OPEN), 46);
  assert_int_equal(dt_drum_gm_note(DT_RIDE), 51);
  for (int drum = 0; drum < DT_DRUM_COUNT; ++drum)
    assert_in_range(dt_drum_gm_note((dt_drum)drum), 35, 81);
}

static void a_number_out_of_range_is_other(void** state) {
  (void)state;
  const dt_drum bad[] = {DT_DRUM_COUNT, (dt_drum)-1, (dt_drum)99999};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
    assert_string_equal(dt_drum_name(bad[i]), "other");
    assert_int_equal(dt_drum_voice(bad[i]), DT_VOICE_OTHER);
    assert_int_equal(dt_drum_gm_note(bad[i]), 60);
  }
  assert_string_equal(dt_voice_name(DT_VOICE_COUNT), "other");
  assert_string_equal(dt_voice_name((dt_voice)-1), "other");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_drum_is_found_by_its_name),
      cmocka_unit_test(an_unknown_name_is_no_drum),
      cmocka_unit_test(numbers_in_old_files_keep_their_meaning),
      cmocka_unit_test(a_hand_is_one_voice_and_a_foot_another),
      cmocka_unit_test(other_programs_hear_the_right_drum),
      cmocka_unit_test(a_number_out_of_range_is_other),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
