#include "dt/kitmap.h"

#include <math.h>
#include <stdio.h>

#include "../support/failing_allocator.h"
#include "dt/rng.h"
#include "smf_bytes.h"

#define SEED 7

static dt_smf parsed(const smf_bytes* in) {
  dt_smf smf;
  dt_error err = {.sentence = ""};
  if (dt_smf_parse(&smf, NULL, in->bytes, in->size, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  return smf;
}

static dt_take taken(const smf_bytes* in, const char* kit) {
  dt_smf smf = parsed(in);
  const dt_kitmap* map = kit != NULL ? dt_kitmap_named(kit) : dt_kitmap_guess(&smf);
  dt_take take;
  assert_int_equal(dt_take_from_smf(&take, NULL, &smf, map), DT_OK);
  dt_smf_clear(&smf, NULL);
  return take;
}

static smf_bytes notes(const unsigned char* list, size_t count) {
  smf_bytes in = smf_head(0, 1, 96);
  begin_track(&in);
  for (size_t i = 0; i < count; ++i)
    PUT(&in, 24, 0x99, list[i], 100);
  end_track(&in, 0);
  return in;
}

static const char* guess(const smf_bytes* in) {
  dt_smf smf = parsed(in);
  const char* name = dt_kitmap_guess(&smf)->name;
  dt_smf_clear(&smf, NULL);
  return name;
}

static void every_kit_knows_its_own_notes(void** state) {
  (void)state;
  static const struct {
    const char* kit;
    unsigned char note;
    dt_drum drum;
  } facts[] = {
      {"gm", 36, DT_KICK},
      {"gm", 55, DT_SPLASH},
      {"gm", 52, DT_CHINA},
      {"gm", 60, DT_DRUM_OTHER},
      {"gm", 22, DT_DRUM_COUNT},
      {"roland", 22, DT_HIHAT_CLOSED},
      {"roland", 26, DT_HIHAT_OPEN},
      {"roland", 40, DT_RIMSHOT},
      {"roland", 37, DT_CROSS_STICK},
      {"roland", 58, DT_TOM_LOW},
      {"roland", 43, DT_TOM_LOW},
      {"roland", 47, DT_TOM_MID},
      {"roland", 50, DT_TOM_HIGH},
      {"roland", 55, DT_CRASH},
      {"roland", 52, DT_CRASH},
      {"roland", 53, DT_RIDE_BELL},
      {"roland", 59, DT_RIDE},
      {"alesis", 21, DT_HIHAT_PEDAL},
      {"alesis", 23, DT_HIHAT_OPEN},
      {"yamaha", 31, DT_SNARE},
      {"yamaha", 52, DT_RIDE},
      {"yamaha", 59, DT_CRASH},
      {"yamaha", 78, DT_HIHAT_OPEN},
      {"yamaha", 79, DT_HIHAT_CLOSED},
      {"yamaha", 83, DT_HIHAT_PEDAL},
      {"gm", 127, DT_DRUM_COUNT},
      {"gm", 0, DT_DRUM_COUNT},
  };
  for (size_t i = 0; i < sizeof facts / sizeof *facts; ++i) {
    const dt_kitmap* map = dt_kitmap_named(facts[i].kit);
    assert_non_null(map);
    if (map->drum_of[facts[i].note] != facts[i].drum)
      fail_msg("%s note %d is %s", facts[i].kit, facts[i].note,
               dt_drum_name((dt_drum)map->drum_of[facts[i].note]));
  }
  assert_null(dt_kitmap_named("tabla"));
  size_t count = 0;
  while (dt_kitmap_at(count) != NULL)
    assert_ptr_equal(dt_kitmap_named(dt_kitmap_at(count)->name), dt_kitmap_at(count)), ++count;
  assert_int_equal(count, 4);
}

/* What this program writes, it reads: every drum's note is that drum again on the GM map, but for
 * those that share a note. */
static void written_notes_mean_the_same_drum(void** state) {
  (void)state;
  const dt_kitmap* gm = dt_kitmap_named("gm");
  for (int drum = 0; drum < DT_DRUM_COUNT; ++drum) {
    const dt_drum back = (dt_drum)gm->drum_of[dt_drum_gm_note((dt_drum)drum)];
    const dt_drum expected = drum == DT_HIHAT         ? DT_HIHAT_CLOSED
                             : drum == DT_SNARE_BRUSH ? DT_SNARE
                                                      : (dt_drum)drum;
    assert_int_equal(back, expected);
  }
}

static void the_kit_is_guessed_by_its_notes(void** state) {
  (void)state;
  smf_bytes in = notes((const unsigned char[]){36, 38, 42, 46, 49, 55}, 6);
  assert_string_equal(guess(&in), "gm");
  in = notes((const unsigned char[]){36, 38, 22, 26, 49, 55}, 6);
  assert_string_equal(guess(&in), "roland");
  in = notes((const unsigned char[]){36, 38, 43, 58, 51}, 5);
  assert_string_equal(guess(&in), "roland");
  in = notes((const unsigned char[]){36, 38, 23, 21, 49}, 5);
  assert_string_equal(guess(&in), "alesis");
  in = notes((const unsigned char[]){36, 31, 78, 79, 83}, 5);
  assert_string_equal(guess(&in), "yamaha");
  in = notes((const unsigned char[]){36, 38, 60, 61, 82}, 5);
  assert_string_equal(guess(&in), "gm");
  in = notes(NULL, 0);
  assert_string_equal(guess(&in), "gm");
  /* Common ground, but a pedal speaks: pads. */
  in = smf_head(0, 1, 96);
  begin_track(&in);
  PUT(&in, 0, 0xB9, 4, 90, 0, 0x99, 36, 90, 0, 55, 80);
  end_track(&in, 0);
  assert_string_equal(guess(&in), "roland");
}

static void velocity_zero_is_no_stroke_and_the_rest_is_kept(void** state) {
  (void)state;
  smf_bytes in = smf_head(0, 1, 480);
  begin_track(&in);
  PUT(&in, 0, 0xFF, 0x51, 3, 0x07, 0xA1, 0x20);
  PUT(&in, 96, 0x99, 36, 100, 10, 36, 0, 10, 0x89, 36, 64, 10, 0x99, 3, 77);
  end_track(&in, 96);
  dt_take take = taken(&in, "gm");
  assert_int_equal(take.strokes.count, 2);
  assert_int_equal(take.source, DT_TAKE_MIDI);
  assert_true(fabs(take.strokes.items[0].time_s - 0.1) < 1e-12);
  assert_true(take.strokes.items[0].velocity == 100.0F);
  assert_int_equal(take.strokes.items[0].note, 36);
  assert_true(take.strokes.items[0].openness == -1.0F);
  assert_int_equal(take.strokes.items[1].drum, DT_DRUM_OTHER);
  assert_int_equal(take.strokes.items[1].note, 3);
  assert_int_equal(take.ignored_notes, 1);
  assert_true(take.has_click);
  assert_true(fabs(dt_tempo_map_bpm(&take.click, 0) - 120) < 1e-9);
  assert_true(fabs(take.clock_jitter_s - 0.5 / 480 / sqrt(12)) < 1e-15);
  assert_true(fabs(take.duration_s - 222.0 / 960) < 1e-12);
  dt_take_clear(&take, NULL);
}

static void no_tempo_in_the_file_is_no_click(void** state) {
  (void)state;
  smf_bytes in = notes((const unsigned char[]){36}, 1);
  dt_take take = taken(&in, NULL);
  assert_false(take.has_click);
  dt_take_clear(&take, NULL);
}

static void other_channels_count_only_without_channel_10(void** state) {
  (void)state;
  smf_bytes in = smf_head(0, 1, 96);
  begin_track(&in);
  PUT(&in, 0, 0x90, 60, 100, 1, 0x99, 36, 100);
  end_track(&in, 0);
  dt_take take = taken(&in, NULL);
  assert_int_equal(take.strokes.count, 1);
  assert_int_equal(take.strokes.items[0].drum, DT_KICK);
  dt_take_clear(&take, NULL);
  in.bytes[27] = 0x91;
  take = taken(&in, NULL);
  assert_int_equal(take.strokes.count, 2);
  dt_take_clear(&take, NULL);
}

static void the_pedal_says_how_open_the_hihat_is(void** state) {
  (void)state;
  smf_bytes in = smf_head(0, 1, 96);
  begin_track(&in);
  PUT(&in, 0, 0x99, 42, 100);                  /* nothing known yet */
  PUT(&in, 1, 0xB9, 4, 0, 0, 0x99, 46, 100);   /* wide open */
  PUT(&in, 1, 0xB9, 4, 127, 0, 0x99, 22, 100); /* shut */
  PUT(&in, 1, 0xB0, 4, 0, 0, 0x99, 44, 100);   /* another channel's pedal */
  PUT(&in, 0, 36, 100);                        /* a kick has no openness */
  end_track(&in, 0);
  dt_take take = taken(&in, "roland");
  static const float openness[] = {-1.0F, 1.0F, 0.0F, -1.0F, 0.0F};
  static const dt_drum drums[] = {DT_HIHAT_CLOSED, DT_HIHAT_OPEN, DT_HIHAT_CLOSED, DT_KICK,
                                  DT_HIHAT_PEDAL};
  assert_int_equal(take.strokes.count, 5);
  for (size_t i = 0; i < 5; ++i) {
    assert_int_equal(take.strokes.items[i].drum, drums[i]);
    assert_true(take.strokes.items[i].openness == openness[i]);
  }
  dt_take_clear(&take, NULL);
}

static void a_kit_with_one_hihat_note_is_told_apart_by_the_pedal(void** state) {
  (void)state;
  smf_bytes in = smf_head(0, 1, 96);
  begin_track(&in);
  PUT(&in, 0, 0x99, 8, 100, 1, 0xB9, 4, 88, 0, 0x99, 8, 100, 1, 0xB9, 4, 87, 0, 0x99, 8, 100);
  end_track(&in, 0);
  dt_kitmap map = *dt_kitmap_named("gm");
  assert_int_equal(dt_kitmap_extend(&map, "8 hihat", 7, NULL), DT_OK);
  dt_smf smf = parsed(&in);
  dt_take take;
  assert_int_equal(dt_take_from_smf(&take, NULL, &smf, &map), DT_OK);
  assert_int_equal(take.strokes.items[0].drum, DT_HIHAT);
  assert_int_equal(take.strokes.items[1].drum, DT_HIHAT_CLOSED);
  assert_int_equal(take.strokes.items[2].drum, DT_HIHAT_OPEN);
  dt_smf_clear(&smf, NULL);
  dt_take_clear(&take, NULL);
}

static void a_grabbed_cymbal_is_a_choke(void** state) {
  (void)state;
  smf_bytes in = smf_head(0, 1, 480);
  begin_track(&in);
  PUT(&in, 0, 0xA9, 49, 127, 0, 49, 0);        /* before any stroke */
  PUT(&in, 0, 0x99, 49, 100, 0, 36, 100);      /* */
  PUT(&in, 96, 0xA9, 49, 127, 0, 36, 127);     /* grabbed; a kick has no edge to grab */
  PUT(&in, 24, 0xA9, 49, 0, 24, 49, 127);      /* released, and grabbed again */
  PUT(&in, 24, 0x99, 49, 90, 10, 0xA9, 49, 0); /* struck again, let ring */
  end_track(&in, 0);
  dt_take take = taken(&in, "roland");
  assert_int_equal(take.strokes.count, 3);
  assert_int_equal(take.strokes.items[0].drum, DT_KICK);
  assert_true(take.strokes.items[0].choke_s == 0.0F);
  assert_true(fabsf(take.strokes.items[1].choke_s - 0.1F) < 1e-6F);
  assert_true(take.strokes.items[2].choke_s == 0.0F);
  dt_take_clear(&take, NULL);
}

static void a_user_extends_the_map(void** state) {
  (void)state;
  static const char text[] = "# my kit\r\n22 ride\n\n  100\tcowbell # added\n7 other";
  dt_kitmap map = *dt_kitmap_named("roland");
  dt_error err = {.sentence = ""};
  assert_int_equal(dt_kitmap_extend(&map, text, sizeof text - 1, &err), DT_OK);
  assert_int_equal(map.drum_of[22], DT_RIDE);
  assert_int_equal(map.drum_of[100], DT_COWBELL);
  assert_int_equal(map.drum_of[7], DT_DRUM_OTHER);
  assert_int_equal(map.drum_of[38], DT_SNARE);
}

static void a_wrong_map_line_is_named_and_changes_nothing(void** state) {
  (void)state;
  static const struct {
    const char* text;
    const char* sentence;
  } cases[] = {
      {"22 ride\n128 kick\n", "Line 2: \"128\" is no note"},
      {"x kick", "Line 1: \"x\" is no note"},
      {"-1 kick", "Line 1: \"-1\" is no note"},
      {"36 bassdrum\n", "Line 1: \"bassdrum\" is no drum"},
      {"36\n", "Line 1: \"\" is no drum"},
      {"36 kick snare", "Line 1: \"snare\" is too much"},
      {"\n\n\x01\x02 kick", "Line 3: \"??\" is no note"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    dt_kitmap map = *dt_kitmap_named("gm");
    dt_error err = {.sentence = ""};
    assert_int_equal(dt_kitmap_extend(&map, cases[i].text, strlen(cases[i].text), &err),
                     DT_BAD_DATA);
    assert_ptr_equal(strstr(err.sentence, cases[i].sentence), err.sentence);
    assert_memory_equal(&map, dt_kitmap_named("gm"), sizeof map);
  }
}

/* Strokes out to a file and back: times to half a tick, drums and velocities. */
static void a_take_survives_the_way_through_a_file(void** state) {
  (void)state;
  printf("seed %d\n", SEED);
  dt_rng rng = dt_rng_seeded(SEED, 2);
  for (int round = 0; round < 50; ++round) {
    dt_take take = {.has_click = round % 2 == 0, .click = {.ticks_per_quarter = 480}};
    const double us = 250000 + dt_rng_uniform(&rng) * 1e6;
    assert_int_equal(dt_tempo_map_set_tempo(&take.click, NULL, 0, us), DT_OK);
    assert_int_equal(dt_tempo_map_set_tempo(&take.click, NULL, 4801, us * 0.9), DT_OK);
    double time_s = 0.0;
    for (int i = 0; i < 200; ++i) {
      dt_stroke stroke = dt_stroke_at(time_s, (dt_drum)dt_rng_below(&rng, DT_DRUM_COUNT));
      stroke.velocity = 1.0F + (float)dt_rng_below(&rng, 127);
      assert_int_equal(dt_strokes_add(&take.strokes, NULL, &stroke), DT_OK);
      time_s += dt_rng_below(&rng, 4) == 0 ? 0.0 : dt_rng_uniform(&rng) * 0.3;
    }
    dt_strokes_sort(&take.strokes);
    take.duration_s = time_s + 1.0;
    dt_smf smf;
    assert_int_equal(dt_smf_from_take(&smf, NULL, &take), DT_OK);
    dt_buffer file = {.bytes = NULL};
    assert_int_equal(dt_smf_write(&smf, dt_buffer_sink(&file)), DT_OK);
    dt_smf_clear(&smf, NULL);
    assert_int_equal(dt_smf_parse(&smf, NULL, file.bytes, file.size, NULL), DT_OK);
    dt_take back;
    assert_int_equal(dt_take_from_smf(&back, NULL, &smf, dt_kitmap_named("gm")), DT_OK);
    assert_int_equal(back.strokes.count, take.strokes.count);
    assert_int_equal(back.has_click, take.has_click);
    assert_int_equal(back.ignored_notes, 0);
    const double half_tick_s = smf.seconds_per_tick_max / 2;
    for (size_t i = 0; i < take.strokes.count; ++i)
      assert_true(fabs(back.strokes.items[i].time_s - take.strokes.items[i].time_s) <=
                  half_tick_s + 1e-9);
    assert_true(fabs(back.duration_s - take.duration_s) <= half_tick_s + 1e-9);
    /* Every note ends, and before it begins again. */
    int sounding[128] = {0};
    for (size_t i = 0; i < smf.event_count; ++i) {
      const int step = (smf.events[i].status & 0xF0) == 0x90 ? 1 : -1;
      sounding[smf.events[i].data1] += step;
      assert_in_range(sounding[smf.events[i].data1], 0, 1);
    }
    for (size_t note = 0; note < 128; ++note)
      assert_int_equal(sounding[note], 0);
    dt_smf_clear(&smf, NULL);
    dt_buffer_clear(&file);
    dt_take_clear(&back, NULL);
    dt_take_clear(&take, NULL);
  }
}

/* A file of strokes keeps their times, whatever the tempo of the click. */
static void fine_ticks_are_right_to_a_tenth_of_a_millisecond(void** state) {
  (void)state;
  const double bpms[] = {0, 11, 31, 32, 60, 120, 240, 400};
  for (size_t i = 0; i < sizeof bpms / sizeof *bpms; ++i) {
    dt_take take = {.has_click = bpms[i] > 0, .click = {.ticks_per_quarter = 480}};
    if (take.has_click)
      assert_int_equal(dt_tempo_map_set_tempo(&take.click, NULL, 0, 60e6 / bpms[i]), DT_OK);
    for (int n = 0; n < 2000; ++n) {
      const dt_stroke stroke = dt_stroke_at(n * 3.600123457, DT_SNARE);
      assert_int_equal(dt_strokes_add(&take.strokes, NULL, &stroke), DT_OK);
    }
    dt_smf smf;
    dt_buffer file = {.bytes = NULL};
    assert_int_equal(dt_smf_from_take_fine(&smf, NULL, &take), DT_OK);
    assert_int_equal(dt_smf_write(&smf, dt_buffer_sink(&file)), DT_OK);
    dt_smf_clear(&smf, NULL);
    assert_int_equal(dt_smf_parse(&smf, NULL, file.bytes, file.size, NULL), DT_OK);
    assert_int_equal(smf.event_count, 2 * take.strokes.count);
    const double right_to_s = bpms[i] > 0 ? 1e-4 : 2.7e-5;
    for (size_t n = 0; n < take.strokes.count; ++n)
      assert_true(fabs(smf.events[2 * n].time_s - take.strokes.items[n].time_s) <= right_to_s);
    dt_smf_clear(&smf, NULL);
    dt_buffer_clear(&file);
    dt_take_clear(&take, NULL);
  }
}

static void unknown_velocity_becomes_a_middle_one(void** state) {
  (void)state;
  dt_take take = {.duration_s = 1.0};
  const dt_stroke stroke = dt_stroke_at(-0.5, DT_KICK);
  assert_int_equal(dt_strokes_add(&take.strokes, NULL, &stroke), DT_OK);
  dt_smf smf;
  assert_int_equal(dt_smf_from_take(&smf, NULL, &take), DT_OK);
  assert_int_equal(smf.events[0].data2, 64);
  assert_int_equal(smf.events[0].tick, 0);
  assert_int_equal(smf.events[1].tick, 1); /* not 50 ms after it: it has to end some time */
  dt_smf_clear(&smf, NULL);
  take.strokes.items[0].time_s = 1e18;
  assert_int_equal(dt_smf_from_take(&smf, NULL, &take), DT_BAD_ARGUMENT);
  assert_null(smf.events);
  dt_take_clear(&take, NULL);
}

static bool there_and_back(const dt_allocator* allocator, void* ctx) {
  const dt_smf* smf = ctx;
  dt_take take;
  dt_smf out = {.events = NULL};
  dt_status status = dt_take_from_smf(&take, allocator, smf, dt_kitmap_named("gm"));
  if (status == DT_OK)
    status = dt_smf_from_take_fine(&out, allocator, &take);
  if (status != DT_OK)
    assert_int_equal(status, DT_NO_MEMORY);
  dt_smf_clear(&out, allocator);
  dt_take_clear(&take, allocator);
  return status == DT_OK;
}

static void no_memory_is_a_status(void** state) {
  (void)state;
  smf_bytes in = smf_head(0, 1, 96);
  begin_track(&in);
  PUT(&in, 0, 0xFF, 0x58, 4, 6, 3, 24, 8);
  PUT(&in, 0, 0xFF, 0x51, 3, 0x0F, 0x42, 0x40);
  for (int i = 0; i < 100; ++i)
    PUT(&in, 1, 0x99, 36, 100);
  end_track(&in, 0);
  dt_smf smf = parsed(&in);
  assert_true(dt_failing_sweep(there_and_back, &smf) >= 6);
  dt_smf_clear(&smf, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_kit_knows_its_own_notes),
      cmocka_unit_test(written_notes_mean_the_same_drum),
      cmocka_unit_test(the_kit_is_guessed_by_its_notes),
      cmocka_unit_test(velocity_zero_is_no_stroke_and_the_rest_is_kept),
      cmocka_unit_test(no_tempo_in_the_file_is_no_click),
      cmocka_unit_test(other_channels_count_only_without_channel_10),
      cmocka_unit_test(the_pedal_says_how_open_the_hihat_is),
      cmocka_unit_test(a_kit_with_one_hihat_note_is_told_apart_by_the_pedal),
      cmocka_unit_test(a_grabbed_cymbal_is_a_choke),
      cmocka_unit_test(a_user_extends_the_map),
      cmocka_unit_test(a_wrong_map_line_is_named_and_changes_nothing),
      cmocka_unit_test(a_take_survives_the_way_through_a_file),
      cmocka_unit_test(fine_ticks_are_right_to_a_tenth_of_a_millisecond),
      cmocka_unit_test(unknown_velocity_becomes_a_middle_one),
      cmocka_unit_test(no_memory_is_a_status),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
