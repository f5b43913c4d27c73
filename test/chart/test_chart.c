#include <math.h>

#include "../support/failing_allocator.h"

#include "chart_random.h"
#include "dt/chart.h"

static void add(dt_chart* chart, dt_chart_note note) {
  assert_int_equal(dt_chart_add_note(chart, NULL, &note), DT_OK);
}

static dt_chart_note stroke(dt_tick tick, dt_drum drum) {
  return (dt_chart_note){.tick = tick, .drum = drum, .loud = DT_LOUD_NORMAL, .hand = ' '};
}

static void a_new_chart_is_one_valid_bar(void** state) {
  (void)state;
  dt_chart c;
  assert_int_equal(dt_chart_init(&c, NULL), DT_OK);
  assert_null(dt_chart_check(&c));
  assert_int_equal(dt_chart_bar_tick(&c, 1), 3840);
  assert_int_equal(dt_chart_played_bars(&c), 1);
  dt_chart_clear(&c, NULL);
}

static void bars_are_found_across_metres(void** state) {
  (void)state;
  dt_chart c;
  assert_int_equal(dt_chart_init(&c, NULL), DT_OK);
  c.bar_count = 6; /* 4/4 4/4 | 7/8 7/8 7/8 | 3/4 */
  assert_int_equal(dt_tempo_map_set_meter(&c.map, NULL, 7680, (dt_meter){7, 8}), DT_OK);
  assert_int_equal(dt_tempo_map_set_meter(&c.map, NULL, 7680 + 3 * 3360, (dt_meter){3, 4}), DT_OK);
  assert_null(dt_chart_check(&c));
  static const dt_tick starts[] = {0, 3840, 7680, 11040, 14400, 17760, 20640};
  for (int bar = 0; bar <= 6; bar++)
    assert_int_equal(dt_chart_bar_tick(&c, bar), starts[bar]);
  for (int bar = 0; bar < 6; bar++) {
    assert_int_equal(dt_chart_bar_at(&c, starts[bar]), bar);
    assert_int_equal(dt_chart_bar_at(&c, starts[bar + 1] - 1), bar);
  }
  assert_int_equal(dt_chart_bar_at(&c, -5), 0);
  assert_int_equal(dt_chart_bar_at(&c, 1000000), 5);
  assert_int_equal(dt_chart_bar_tick(&c, 99), 20640);
  dt_chart_clear(&c, NULL);
}

static void notes_are_sorted_by_place_then_drum(void** state) {
  (void)state;
  dt_chart c;
  assert_int_equal(dt_chart_init(&c, NULL), DT_OK);
  for (dt_tick tick = 15; tick >= 0; tick--) {
    add(&c, stroke(tick * 7 % 16 * 240, DT_RIDE));
    add(&c, stroke(tick * 7 % 16 * 240, DT_KICK));
  }
  assert_non_null(dt_chart_check(&c));
  dt_chart_sort(&c);
  assert_null(dt_chart_check(&c));
  for (size_t i = 0; i < 32; i++) {
    assert_int_equal(c.notes[i].tick, i / 2 * 240);
    assert_int_equal(c.notes[i].drum, i % 2 == 0 ? DT_KICK : DT_RIDE);
  }
  dt_chart_clear(&c, NULL);
}

typedef struct fault {
  const char* says;
  void (*make)(dt_chart* chart);
} fault;

static void late_note(dt_chart* c) {
  add(c, stroke(3840, DT_KICK));
}
static void twice(dt_chart* c) {
  add(c, stroke(0, DT_KICK));
  add(c, stroke(0, DT_KICK));
}
static void long_roll(dt_chart* c) {
  dt_chart_note n = stroke(1920, DT_SNARE);
  n.ornament = DT_ROLL;
  n.length = 1921;
  add(c, n);
}
static void uneven_roll(dt_chart* c) {
  dt_chart_note n = stroke(0, DT_SNARE);
  n.ornament = DT_ROLL;
  n.length = 960;
  n.roll_step = 7;
  add(c, n);
}
static void rolled_over(dt_chart* c) {
  dt_chart_note n = stroke(0, DT_SNARE);
  n.ornament = DT_ROLL;
  n.length = 960;
  add(c, n);
  add(c, stroke(959, DT_SNARE));
}
static void odd_hand(dt_chart* c) {
  dt_chart_note n = stroke(0, DT_SNARE);
  n.hand = 'F';
  add(c, n);
}
static void span(dt_chart* c, dt_tick start, dt_tick end, bool fill, const char* name) {
  dt_chart_span s = {.start = start, .end = end, .fill = fill};
  strcpy(s.name, name);
  assert_int_equal(dt_chart_add_span(c, NULL, &s), DT_OK);
}
static void section_inside(dt_chart* c) {
  span(c, 0, 1920, false, "A");
}
static void nameless(dt_chart* c) {
  span(c, 0, 3840, false, "");
}
static void overlap(dt_chart* c) {
  span(c, 0, 960, true, "");
  span(c, 959, 1920, true, "");
}
static void bad_name(dt_chart* c) {
  span(c, 0, 960, true, "a\nb");
}
static void bad_order(dt_chart* c) {
  const dt_chart_segment s = {0, 2, 1};
  assert_int_equal(dt_chart_add_segment(c, NULL, &s), DT_OK);
}
static void no_times(dt_chart* c) {
  const dt_chart_segment s = {0, 1, 0};
  assert_int_equal(dt_chart_add_segment(c, NULL, &s), DT_OK);
}
static void bad_meter(dt_chart* c) {
  c->bar_count = 2;
  assert_int_equal(dt_tempo_map_set_meter(&c->map, NULL, 960, (dt_meter){3, 4}), DT_OK);
}
static void late_tempo(dt_chart* c) {
  assert_int_equal(dt_tempo_map_set_tempo(&c->map, NULL, 3840, 5e5), DT_OK);
}
static void no_pair(dt_chart* c) {
  c->swing = 0.6;
  c->swing_pair = 0;
}
static void bad_title(dt_chart* c) {
  strcpy(c->title, "x  y");
}

static void what_cannot_be_played_is_refused(void** state) {
  (void)state;
  static const fault faults[] = {
      {"outside the bars", late_note},
      {"twice at once", twice},
      {"A roll ends", long_roll},
      {"whole number", uneven_roll},
      {"while it is rolled", rolled_over},
      {"no known hand", odd_hand},
      {"inside a bar", section_inside},
      {"no name", nameless},
      {"Two fills overlap", overlap},
      {"not clean", bad_name},
      {"not there", bad_order},
      {"1 to 999", no_times},
      {"metre changes", bad_meter},
      {"after the end", late_tempo},
      {"no pair", no_pair},
      {"title", bad_title},
  };
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
    dt_chart c;
    assert_int_equal(dt_chart_init(&c, NULL), DT_OK);
    faults[i].make(&c);
    dt_chart_sort(&c);
    const char* wrong = dt_chart_check(&c);
    if (wrong == NULL || strstr(wrong, faults[i].says) == NULL)
      fail_msg("expected \"%s\", got \"%s\"", faults[i].says, wrong != NULL ? wrong : "nothing");
    dt_chart_clear(&c, NULL);
  }
}

static dt_chart_note roll(dt_tick length, dt_tick step) {
  dt_chart_note n = stroke(0, DT_SNARE);
  n.ornament = DT_ROLL;
  n.length = length;
  n.roll_step = step;
  return n;
}

static void segment(dt_chart* c, int first_bar, int bar_count, int times) {
  const dt_chart_segment s = {first_bar, bar_count, times};
  assert_int_equal(dt_chart_add_segment(c, NULL, &s), DT_OK);
}

/* The n-th fault of a chart with a note, a section and two tempi; NULL when there are no more. */
static const char* spoil(dt_chart* c, int n) {
  dt_chart_note plain = stroke(480, DT_KICK);
  switch (n) {
  case 0:
    strcpy(c->name, "a\tb");
    return "name is not clean";
  case 1:
    strcpy(c->tags, " a");
    return "tags are not clean";
  case 2:
    c->swing = 0.76;
    return "swing is not in";
  case 3:
    c->swing_pair = 479;
    return "even number of ticks";
  case 4:
    c->step = 0;
    return "step is out of range";
  case 5:
    c->bar_count = 0;
    return "number of bars";
  case 6:
    c->map.ticks_per_quarter = 480;
    return "ticks are not those";
  case 7:
    c->map.tempi[0].tick = 1;
    return "No tempo is set";
  case 8:
    c->map.meters[0].tick = 1;
    return "No metre is set";
  case 9:
    c->map.meters[0].meter.denominator = 3;
    return "metre is out of range";
  case 10:
    c->map.tempi[1].us_per_quarter = (double)NAN;
    return "tempo is out of range";
  case 11:
    c->map.tempi[1].tick = 0;
    return "tempi are not in order";
  case 12:
    plain.drum = DT_DRUM_COUNT;
    break;
  case 13:
    plain.loud = (dt_loud)9;
    break;
  case 14:
    plain.length = 5;
    break;
  case 15:
    add(c, roll(0, 0));
    return "roll ends outside";
  case 16:
    add(c, roll(960, -240));
    return "whole number of its strokes";
  case 17:
    add(c, stroke(240, DT_KICK));
    return "notes are not in order";
  case 18:
    span(c, 0, 3840, false, "A");
    return "Two sections overlap";
  case 19:
    span(c, 960, 960, true, "");
    return "does not lie inside";
  case 20:
    c->spans[0].start = 3840;
    c->spans[0].end = 7680;
    span(c, 0, 3840, false, "B");
    return "sections and fills are not in order";
  case 21:
    segment(c, 1, 2, 1);
    return "bar that is not there";
  case 22:
    segment(c, 0, 2, 1000);
    return "1 to 999";
  case 23:
    for (int i = 0; i < 60; i++)
      segment(c, 0, 2, 999);
    return "more than 100000 bars";
  default:
    return NULL;
  }
  add(c, plain);
  return n == 12 ? "no known drum" : n == 13 ? "no known way" : "no roll has a length";
}

/* Not sorted first: a chart that someone made by hand may be anything. */
static void a_chart_made_by_hand_is_refused_for_each_fault(void** state) {
  (void)state;
  for (int n = 0;; n++) {
    dt_chart c;
    assert_int_equal(dt_chart_init(&c, NULL), DT_OK);
    c.bar_count = 2;
    add(&c, stroke(480, DT_SNARE));
    span(&c, 0, 3840, false, "A");
    assert_int_equal(dt_tempo_map_set_tempo(&c.map, NULL, 960, 4e5), DT_OK);
    assert_null(dt_chart_check(&c));
    const char* says = spoil(&c, n);
    const char* wrong = dt_chart_check(&c);
    const bool is_right =
        says == NULL ? wrong == NULL : wrong != NULL && strstr(wrong, says) != NULL;
    if (!is_right)
      fail_msg("expected \"%s\", got \"%s\"", says, wrong != NULL ? wrong : "nothing");
    dt_chart_clear(&c, NULL);
    if (says == NULL)
      return;
  }
}

static void a_change_anywhere_is_another_music(void** state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 200; seed++) {
    dt_chart a;
    dt_chart b;
    dt_chart_random(&a, NULL, seed);
    dt_chart_random(&b, NULL, seed);
    assert_true(dt_chart_same(&a, &b));
    strcpy(b.name, "other");
    b.step = 7;
    assert_true(dt_chart_same(&a, &b));
    if (b.note_count > 0) {
      dt_chart_note* n = &b.notes[seed % b.note_count];
      const dt_chart_note kept = *n;
      n->loud = (dt_loud)((n->loud + 1) % 3);
      assert_false(dt_chart_same(&a, &b));
      *n = kept;
      n->hand = n->hand == 'R' ? 'L' : 'R';
      assert_false(dt_chart_same(&a, &b));
      *n = kept;
      n->tick++;
      assert_false(dt_chart_same(&a, &b));
      *n = kept;
    }
    if (b.span_count > 0) {
      b.spans[0].name[0] ^= 1;
      assert_false(dt_chart_same(&a, &b));
      b.spans[0].name[0] ^= 1;
    }
    assert_int_equal(dt_tempo_map_set_tempo(&b.map, NULL, 0, a.map.tempi[0].us_per_quarter + 1),
                     DT_OK);
    assert_false(dt_chart_same(&a, &b));
    dt_chart_clear(&a, NULL);
    dt_chart_clear(&b, NULL);
  }
}

static void the_order_is_compared_as_it_sounds(void** state) {
  (void)state;
  dt_chart a;
  dt_chart b;
  assert_int_equal(dt_chart_init(&a, NULL), DT_OK);
  assert_int_equal(dt_chart_init(&b, NULL), DT_OK);
  a.bar_count = b.bar_count = 2;
  const dt_chart_segment all = {0, 2, 1};
  const dt_chart_segment second = {1, 1, 2};
  assert_int_equal(dt_chart_add_segment(&a, NULL, &all), DT_OK);
  assert_true(dt_chart_same(&a, &b));
  assert_int_equal(dt_chart_add_segment(&a, NULL, &second), DT_OK);
  assert_false(dt_chart_same(&a, &b));
  assert_int_equal(dt_chart_played_bars(&a), 4);
  dt_chart_clear(&a, NULL);
  dt_chart_clear(&b, NULL);
}

static void loudness_and_velocity_go_both_ways(void** state) {
  (void)state;
  for (int l = DT_LOUD_GHOST; l <= DT_LOUD_ACCENT; l++)
    assert_int_equal(dt_loud_of_velocity(dt_loud_velocity((dt_loud)l)), l);
  assert_int_equal(dt_loud_of_velocity(56.1), DT_LOUD_GHOST);
  assert_int_equal(dt_loud_of_velocity(56.2), DT_LOUD_NORMAL);
  assert_int_equal(dt_loud_of_velocity(101.7), DT_LOUD_NORMAL);
  assert_int_equal(dt_loud_of_velocity(101.8), DT_LOUD_ACCENT);
  assert_int_equal(dt_loud_of_velocity(1), DT_LOUD_GHOST);
  assert_int_equal(dt_loud_of_velocity(127), DT_LOUD_ACCENT);
}

static void foreign_text_is_made_clean(void** state) {
  (void)state;
  static const char* const cases[][2] = {
      {"  Verse\t\n 1 ", "Verse 1"},
      {"[A] solo", "(A) solo"},
      {"\xFF\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9"},
      {"a\x1b[31mb", "a (31mb"},
      {"a\xC2\x85"
       "b",
       "a b"},
      {"12345678901234", "1234567890123"},
      {"123456789012\xC3\xA9", "123456789012"},
      {"", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char to[14];
    dt_chart_copy_text(to, sizeof to, cases[i][0], strlen(cases[i][0]));
    assert_string_equal(to, cases[i][1]);
  }
}

static bool build(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  dt_chart c;
  bool is_built = dt_chart_init(&c, allocator) == DT_OK;
  for (int i = 0; i < 20 && is_built; i++) {
    const dt_chart_note note = stroke(i * 120, DT_SNARE);
    const dt_chart_span fill = {.start = i, .end = i + 1, .fill = true};
    const dt_chart_segment segment = {0, 1, 1};
    is_built = dt_chart_add_note(&c, allocator, &note) == DT_OK &&
               dt_chart_add_span(&c, allocator, &fill) == DT_OK &&
               dt_chart_add_segment(&c, allocator, &segment) == DT_OK;
  }
  dt_chart_clear(&c, allocator);
  return is_built;
}

static void no_memory_is_survived(void** state) {
  (void)state;
  assert_true(dt_failing_sweep(build, NULL) >= 8);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_chart_is_one_valid_bar),
      cmocka_unit_test(bars_are_found_across_metres),
      cmocka_unit_test(notes_are_sorted_by_place_then_drum),
      cmocka_unit_test(what_cannot_be_played_is_refused),
      cmocka_unit_test(a_chart_made_by_hand_is_refused_for_each_fault),
      cmocka_unit_test(a_change_anywhere_is_another_music),
      cmocka_unit_test(the_order_is_compared_as_it_sounds),
      cmocka_unit_test(loudness_and_velocity_go_both_ways),
      cmocka_unit_test(foreign_text_is_made_clean),
      cmocka_unit_test(no_memory_is_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
