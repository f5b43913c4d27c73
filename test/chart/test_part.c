#include "../support/failing_allocator.h"

#include "../support/near.h"
#include "chart_random.h"
#include "dt/part.h"

static void add(dt_chart* c, dt_tick tick, dt_drum drum) {
  const dt_chart_note n = {.tick = tick, .drum = drum, .loud = DT_LOUD_NORMAL, .hand = ' '};
  assert_int_equal(dt_chart_add_note(c, NULL, &n), DT_OK);
}

static void add_segment(dt_chart* c, int first, int count, int times) {
  const dt_chart_segment s = {first, count, times};
  assert_int_equal(dt_chart_add_segment(c, NULL, &s), DT_OK);
}

static void add_span(dt_chart* c, dt_tick start, dt_tick end, bool fill, const char* name) {
  dt_chart_span s = {.start = start, .end = end, .fill = fill};
  strcpy(s.name, name);
  assert_int_equal(dt_chart_add_span(c, NULL, &s), DT_OK);
}

/* [Verse] bar 1 x3, bar 2 with a fill from its third beat; [Chorus] bar 3. A kick on each one. */
static void make_song(dt_chart* c) {
  assert_int_equal(dt_chart_init(c, NULL), DT_OK);
  c->bar_count = 3;
  for (int bar = 0; bar < 3; bar++)
    add(c, bar * 3840, DT_KICK);
  add(c, 3840 + 1920, DT_TOM_LOW);
  add_span(c, 0, 7680, false, "Verse");
  add_span(c, 3840 + 1920, 7680, true, "");
  add_span(c, 7680, 11520, false, "Chorus");
  add_segment(c, 0, 1, 3);
  add_segment(c, 1, 2, 1);
  dt_chart_sort(c);
  assert_null(dt_chart_check(c));
}

static void repeats_are_played(void** state) {
  (void)state;
  dt_chart c;
  dt_part p;
  make_song(&c);
  assert_int_equal(dt_part_from_chart(&p, NULL, &c, 0, 0), DT_OK);
  static const int written[] = {0, 0, 0, 1, 2};
  static const int section[] = {0, 0, 0, 0, 2};
  assert_int_equal(p.bar_count, 5);
  for (size_t i = 0; i < 5; i++) {
    assert_int_equal(p.bars[i].written, written[i]);
    assert_int_equal(p.bars[i].section, section[i]);
    assert_int_equal(p.bars[i].tick, i * 3840);
  }
  assert_int_equal(p.end, 5 * 3840);
  assert_int_equal(p.note_count, 6);
  assert_int_equal(p.notes[4].note.drum, DT_TOM_LOW);
  assert_int_equal(p.notes[4].note.tick, 3 * 3840 + 1920);
  assert_int_equal(p.notes[4].fill, 0);
  assert_int_equal(p.notes[4].bar, 3);
  assert_int_equal(p.notes[4].written, 2);
  assert_int_equal(p.notes[5].fill, -1);
  assert_int_equal(p.notes[5].section, 2);
  assert_int_equal(p.fill_count, 1);
  assert_int_equal(p.fills[0].start, 3 * 3840 + 1920);
  assert_int_equal(p.fills[0].end, 4 * 3840);
  dt_part_clear(&p, NULL);
  dt_chart_clear(&c, NULL);
}

static void more_bars_begin_again_from_the_top(void** state) {
  (void)state;
  dt_chart c;
  dt_part p;
  make_song(&c);
  assert_int_equal(dt_part_from_chart(&p, NULL, &c, 12, 0), DT_OK);
  static const int written[] = {0, 0, 0, 1, 2, 0, 0, 0, 1, 2, 0, 0};
  assert_int_equal(p.bar_count, 12);
  for (size_t i = 0; i < 12; i++)
    assert_int_equal(p.bars[i].written, written[i]);
  assert_int_equal(p.fill_count, 2);
  dt_part_clear(&p, NULL);
  assert_int_equal(dt_part_from_chart(&p, NULL, &c, 2, 0), DT_OK);
  assert_int_equal(p.bar_count, 2);
  assert_int_equal(p.fill_count, 0);
  dt_part_clear(&p, NULL);
  dt_chart_clear(&c, NULL);
}

static void rolls_and_fills_end_where_the_music_jumps(void** state) {
  (void)state;
  dt_chart c;
  dt_part p;
  assert_int_equal(dt_chart_init(&c, NULL), DT_OK);
  c.bar_count = 2;
  const dt_chart_note roll = {.tick = 2880,
                              .length = 1920,
                              .roll_step = 120,
                              .drum = DT_SNARE,
                              .loud = DT_LOUD_NORMAL,
                              .ornament = DT_ROLL,
                              .hand = 'R'};
  assert_int_equal(dt_chart_add_note(&c, NULL, &roll), DT_OK);
  add_span(&c, 2880, 4800, true, "over the line");
  add_segment(&c, 0, 1, 1);
  add_segment(&c, 0, 2, 1);
  add_segment(&c, 1, 1, 1);
  assert_int_equal(dt_part_from_chart(&p, NULL, &c, 0, 0), DT_OK);
  assert_int_equal(p.note_count, 2);
  assert_int_equal(p.notes[0].note.length, 960);
  assert_int_equal(p.notes[1].note.length, 1920);
  static const dt_tick fills[][2] = {{2880, 3840}, {3840 + 2880, 7680 + 960}, {11520, 11520 + 960}};
  assert_int_equal(p.fill_count, 3);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(p.fills[i].start, fills[i][0]);
    assert_int_equal(p.fills[i].end, fills[i][1]);
  }
  dt_part_clear(&p, NULL);
  dt_chart_clear(&c, NULL);
}

static void a_roll_cut_by_a_jump_keeps_whole_strokes(void** state) {
  (void)state;
  static const struct {
    dt_tick tick, length, step; /* over the end of bar 1, tick 3840, which is played twice */
    dt_tick cut;                /* 0: a plain stroke is left */
  } rolls[] = {{2880, 1920, 120, 960},
               {2880, 2100, 350, 700},
               {3600, 500, 250, 0},
               {3600, 1000, 0, 240},
               {3600, 480, 240, 240}};
  for (size_t i = 0; i < sizeof rolls / sizeof *rolls; i++) {
    dt_chart c;
    dt_part p;
    assert_int_equal(dt_chart_init(&c, NULL), DT_OK);
    c.bar_count = 2;
    const dt_chart_note roll = {.tick = rolls[i].tick,
                                .length = rolls[i].length,
                                .roll_step = rolls[i].step,
                                .drum = DT_SNARE,
                                .loud = DT_LOUD_NORMAL,
                                .ornament = DT_ROLL,
                                .hand = 'R'};
    assert_int_equal(dt_chart_add_note(&c, NULL, &roll), DT_OK);
    add_segment(&c, 0, 1, 1);
    add_segment(&c, 0, 2, 1);
    assert_int_equal(dt_part_from_chart(&p, NULL, &c, 0, 0), DT_OK);
    assert_int_equal(p.notes[0].note.length, rolls[i].cut);
    assert_int_equal(p.notes[0].note.ornament, rolls[i].cut > 0 ? DT_ROLL : DT_PLAIN);
    assert_int_equal(p.notes[0].note.roll_step, rolls[i].cut > 0 ? rolls[i].step : 0);
    assert_int_equal(p.notes[1].note.length, rolls[i].length);
    dt_part_clear(&p, NULL);
    dt_chart_clear(&c, NULL);
  }
}

static void tempo_metre_and_swing_follow_the_playing(void** state) {
  (void)state;
  dt_chart c;
  dt_part p;
  assert_int_equal(dt_chart_init(&c, NULL), DT_OK);
  c.bar_count = 2; /* 120 bpm 4/4, then 60 bpm 3/4 from its second beat at 120 */
  assert_int_equal(dt_tempo_map_set_meter(&c.map, NULL, 3840, (dt_meter){3, 4}), DT_OK);
  assert_int_equal(dt_tempo_map_set_tempo(&c.map, NULL, 3840, 1e6), DT_OK);
  assert_int_equal(dt_tempo_map_set_tempo(&c.map, NULL, 4800, 5e5), DT_OK);
  add_segment(&c, 0, 2, 2);
  c.swing = 2.0 / 3;
  assert_int_equal(dt_part_from_chart(&p, NULL, &c, 0, 0), DT_OK);
  assert_int_equal(p.end, 2 * (3840 + 2880));
  assert_near(dt_part_seconds(&p, 3840), 2.0, 1e-12);
  assert_near(dt_part_seconds(&p, 6720), 4.0, 1e-12);
  assert_near(dt_part_seconds(&p, 6720 + 3840 + 960), 7.0, 1e-12);
  assert_near(dt_part_seconds(&p, 480), 0.5 * 2 / 3, 1e-12);
  assert_int_equal(p.map.meter_count, 4);
  assert_int_equal(p.bars[3].meter.numerator, 3);
  dt_part_clear(&p, NULL);
  assert_int_equal(dt_part_from_chart(&p, NULL, &c, 0, 60), DT_OK);
  assert_near(dt_part_seconds(&p, 6720), 8.0, 1e-12);
  assert_near(dt_tempo_map_bpm(&p.map, 3840), 30, 1e-12);
  dt_part_clear(&p, NULL);
  dt_chart_clear(&c, NULL);
}

/* Against the slow way: every played bar's notes picked out one by one. */
static void every_note_is_where_the_bars_say(void** state) {
  (void)state;
  for (uint64_t seed = 1; seed <= 300; seed++) {
    dt_chart c;
    dt_part p;
    dt_chart_random(&c, NULL, seed);
    assert_int_equal(dt_part_from_chart(&p, NULL, &c, 0, 0), DT_OK);
    size_t at = 0;
    dt_tick tick = 0;
    for (size_t b = 0; b < p.bar_count; b++) {
      const dt_tick start = dt_chart_bar_tick(&c, p.bars[b].written);
      const dt_tick end = dt_chart_bar_tick(&c, p.bars[b].written + 1);
      assert_int_equal(p.bars[b].tick, tick);
      for (size_t i = 0; i < c.note_count; i++) {
        if (c.notes[i].tick < start || c.notes[i].tick >= end)
          continue;
        assert_true(at < p.note_count);
        const dt_part_note* n = &p.notes[at++];
        assert_int_equal(n->written, i);
        assert_int_equal(n->bar, b);
        assert_int_equal(n->note.tick, tick + c.notes[i].tick - start);
        bool in_fill = false;
        int section = -1;
        for (size_t s = 0; s < c.span_count; s++) {
          if (c.notes[i].tick < c.spans[s].start || c.notes[i].tick >= c.spans[s].end)
            continue;
          if (c.spans[s].fill)
            in_fill = true;
          else
            section = (int)s;
        }
        if (in_fill != (n->fill >= 0) || section != n->section)
          fail_msg("seed %llu, note %zu", (unsigned long long)seed, i);
        if (in_fill)
          assert_true(p.fills[n->fill].start <= n->note.tick &&
                      n->note.tick < p.fills[n->fill].end);
      }
      tick += end - start;
    }
    assert_int_equal(at, p.note_count);
    assert_int_equal(tick, p.end);
    dt_part_clear(&p, NULL);
    dt_chart_clear(&c, NULL);
  }
}

static void unrolled_by_hand_it_is_the_same_part(void** state) {
  (void)state;
  dt_chart a;
  dt_chart b;
  dt_part p;
  dt_part q;
  make_song(&a);
  assert_int_equal(dt_chart_init(&b, NULL), DT_OK);
  b.bar_count = 5;
  for (int bar = 0; bar < 5; bar++)
    add(&b, bar * 3840, DT_KICK);
  add(&b, 3 * 3840 + 1920, DT_TOM_LOW);
  add_span(&b, 3 * 3840 + 1920, 4 * 3840, true, "");
  dt_chart_sort(&b);
  assert_int_equal(dt_part_from_chart(&p, NULL, &a, 0, 0), DT_OK);
  assert_int_equal(dt_part_from_chart(&q, NULL, &b, 0, 0), DT_OK);
  assert_true(dt_part_same(&p, &q));
  assert_false(dt_chart_same(&a, &b));
  q.notes[2].note.loud = DT_LOUD_GHOST;
  assert_false(dt_part_same(&p, &q));
  q.notes[2].note.loud = DT_LOUD_NORMAL;
  q.fills[0].end--;
  assert_false(dt_part_same(&p, &q));
  dt_part_clear(&p, NULL);
  dt_part_clear(&q, NULL);
  dt_chart_clear(&a, NULL);
  dt_chart_clear(&b, NULL);
}

static void what_makes_no_sense_is_refused(void** state) {
  (void)state;
  dt_chart c;
  dt_part p;
  make_song(&c);
  assert_int_equal(dt_part_from_chart(&p, NULL, &c, -1, 0), DT_BAD_ARGUMENT);
  assert_int_equal(dt_part_from_chart(&p, NULL, &c, 0, 9.9), DT_BAD_ARGUMENT);
  assert_int_equal(dt_part_from_chart(&p, NULL, &c, 0, (double)NAN), DT_BAD_ARGUMENT);
  assert_int_equal(dt_part_from_chart(&p, NULL, &c, 100001, 0), DT_TOO_LARGE);
  c.notes[0].hand = 'x';
  assert_int_equal(dt_part_from_chart(&p, NULL, &c, 0, 0), DT_BAD_ARGUMENT);
  assert_int_equal(p.note_count, 0);
  dt_chart_clear(&c, NULL);
}

static bool unroll(const dt_allocator* allocator, void* ctx) {
  dt_part p;
  const bool is_unrolled = dt_part_from_chart(&p, allocator, ctx, 9, 0) == DT_OK;
  dt_part_clear(&p, allocator);
  return is_unrolled;
}

static void no_memory_is_survived(void** state) {
  (void)state;
  dt_chart c;
  make_song(&c);
  assert_true(dt_failing_sweep(unroll, &c) >= 5);
  dt_chart_clear(&c, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(repeats_are_played),
      cmocka_unit_test(more_bars_begin_again_from_the_top),
      cmocka_unit_test(rolls_and_fills_end_where_the_music_jumps),
      cmocka_unit_test(a_roll_cut_by_a_jump_keeps_whole_strokes),
      cmocka_unit_test(tempo_metre_and_swing_follow_the_playing),
      cmocka_unit_test(every_note_is_where_the_bars_say),
      cmocka_unit_test(unrolled_by_hand_it_is_the_same_part),
      cmocka_unit_test(what_makes_no_sense_is_refused),
      cmocka_unit_test(no_memory_is_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
