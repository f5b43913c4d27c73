#include "sim_chart.h"

#include "dt/chart_text.h"

/* Missed, extra and wrong strokes: as many as asked where there is room, and never such that the
 * truth could be read in two ways. */

static dt_chart busy(void) {
  dt_chart chart = dt__blank(2);
  dt__line(&chart, DT_HIHAT_CLOSED, 480, "xxxxxxxxxxxxxxxx", NULL);
  dt__line(&chart, DT_SNARE, 240, "----X--g-g--X--g----f--g-g-gX-d-", NULL);
  dt__line(&chart, DT_KICK, 240, "x-x-------x--x--x-x---x---x-----", NULL);
  dt__line(&chart, DT_TOM_HIGH, 240, "------------------------------r-", NULL);
  return chart;
}

static bool is_off(const dt_truth_event* e) {
  return e->fate != DT_TRUTH_HIT;
}

static dt_voice written_voice(const dt__playing* p, const dt_truth_event* e) {
  return dt_drum_voice(p->part.notes[e->note].note.drum);
}

static void expect_clear_extra(const dt__playing* p, const dt_truth* extra, double guard_s) {
  const dt_voice voice = dt_drum_voice(extra->stroke.drum);
  for (size_t e = 0; e < p->truths.event_count; ++e) {
    const dt_truth_event* event = &p->truths.events[e];
    if (is_off(event) || written_voice(p, event) == voice)
      assert_true(fabs(event->own_time_s - extra->own_time_s) >= guard_s - 1e-9);
  }
  for (size_t i = 0; i < p->truths.count; ++i) {
    const dt_truth* t = &p->truths.items[i];
    if (t != extra && dt_drum_voice(t->stroke.drum) == voice)
      assert_true(fabs(t->stroke.time_s - extra->stroke.time_s) >= guard_s - 1e-9);
  }
}

static void expect_clear_wrong(const dt__playing* p, const dt_truth* wrong, double guard_s) {
  const dt_voice voice = dt_drum_voice(wrong->stroke.drum);
  assert_true(voice != written_voice(p, &p->truths.events[wrong->event]));
  for (size_t e = 0; e < p->truths.event_count; ++e) {
    const dt_truth_event* event = &p->truths.events[e];
    if (e != wrong->event && (is_off(event) || written_voice(p, event) == voice))
      assert_true(fabs(event->own_time_s - wrong->own_time_s) >= guard_s - 1e-9);
  }
}

static void mistakes_keep_out_of_each_others_way(void** state) {
  (void)state;
  dt_chart chart = busy();
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    dt__playing p = dt__play_chart(
        &chart, "bars=16 bpm=96 scatter=10ms clock=6ms alpha=0.3 miss=15% extra=15% wrong=15%",
        seed);
    /* A third of a sixteenth at 96 bpm is less than 60 ms. */
    size_t extras = 0;
    for (size_t i = 0; i < p.truths.count; ++i) {
      const dt_truth* t = &p.truths.items[i];
      if (t->kind == DT_TRUTH_EXTRA) {
        assert_true(t->event == SIZE_MAX && t->note == SIZE_MAX && t->hand == ' ');
        expect_clear_extra(&p, t, 0.060);
        ++extras;
      } else if (t->kind == DT_TRUTH_WRONG) {
        expect_clear_wrong(&p, t, 0.060);
      }
    }
    assert_int_equal(extras, p.truths.extra_count);
    assert_true(extras > 5 && p.truths.wrong_count > 5 && p.truths.missed_count > 5);
    dt__done(&p);
  }
  dt_chart_clear(&chart, NULL);
}

static void the_counts_and_the_lists_agree(void** state) {
  (void)state;
  dt_chart chart = busy();
  dt__playing p = dt__play_chart(
      &chart, "bars=64 bpm=96 scatter=10ms miss=10% extra=10% wrong=10% skip=2 repeat=1", 3);
  size_t fates[3] = {0, 0, 0};
  size_t strokes = p.truths.extra_count;
  for (size_t e = 0; e < p.truths.event_count; ++e) {
    const dt_truth_event* event = &p.truths.events[e];
    ++fates[event->fate];
    strokes += event->stroke_count;
    assert_true((event->fate == DT_TRUTH_MISSED) == (event->stroke == SIZE_MAX));
    assert_true((event->fate == DT_TRUTH_MISSED) == (event->stroke_count == 0));
    if (event->stroke == SIZE_MAX)
      continue;
    const dt_truth* t = &p.truths.items[event->stroke];
    assert_int_equal(t->event, e);
    assert_int_equal(t->order, 0);
    assert_int_equal(t->note, event->note);
    assert_int_equal(t->bar, event->bar);
    assert_int_equal(t->tick, event->tick);
    assert_int_equal(t->kind, event->fate == DT_TRUTH_HIT ? DT_TRUTH_MAIN : DT_TRUTH_WRONG);
    const bool right = t->stroke.drum == p.part.notes[t->note].note.drum;
    assert_int_equal(right, event->fate == DT_TRUTH_HIT);
    assert_int_equal(t->stroke.note, dt_drum_gm_note(t->stroke.drum));
    assert_true(e == 0 || event->tick >= p.truths.events[e - 1].tick);
  }
  assert_int_equal(fates[DT_TRUTH_MISSED], p.truths.missed_count);
  assert_int_equal(fates[DT_TRUTH_ON_WRONG_DRUM], p.truths.wrong_count);
  assert_int_equal(strokes, p.truths.count);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

/* With room for them, as many mistakes as asked. */
static void mistakes_take_their_share(void** state) {
  (void)state;
  dt_chart chart = dt__rock();
  dt__playing p = dt__play_chart(&chart, "bars=1000 bpm=100 scatter=8ms extra=5%", 4);
  assert_near((double)p.truths.extra_count / (double)p.truths.event_count, 0.05, 0.006);
  dt__done(&p);
  p = dt__play_chart(&chart, "bars=1000 bpm=100 scatter=8ms wrong=5%", 4);
  assert_near((double)p.truths.wrong_count / (double)p.truths.event_count, 0.05, 0.006);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

/* A part of one drum: its mistakes are on the rest of a kit. */
static void one_drum_alone_has_a_kit_around_it(void** state) {
  (void)state;
  dt_chart chart = dt__blank(1);
  dt__line(&chart, DT_SNARE, 240, "xxxxxxxxxxxxxxxx", NULL);
  dt__playing p = dt__play_chart(&chart, "bars=50 bpm=160 wrong=5% extra=5%", 4);
  assert_true(p.truths.extra_count > 20 && p.truths.wrong_count > 20);
  bool seen[DT_VOICE_COUNT] = {false};
  for (size_t i = 0; i < p.truths.count; ++i) {
    const dt_truth* t = &p.truths.items[i];
    if (t->kind == DT_TRUTH_EXTRA || t->kind == DT_TRUTH_WRONG) {
      assert_true(t->stroke.drum != DT_SNARE);
      seen[dt_drum_voice(t->stroke.drum)] = true;
    }
  }
  assert_true(seen[DT_VOICE_KICK] && seen[DT_VOICE_HIHAT] && seen[DT_VOICE_TOMS]);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

static void too_near_to_tell_is_not_missed(void** state) {
  (void)state;
  dt_chart chart = dt__blank(1);
  dt__line(&chart, DT_SNARE, 120, "xx--------------xx--------------", NULL);
  dt__line(&chart, DT_KICK, 960, "xx--", NULL);
  dt__playing p = dt__play_chart(&chart, "bars=20 bpm=150 miss=100%", 4); /* 50 ms apart */
  assert_int_equal(p.truths.missed_count, 40);
  assert_int_equal(p.truths.count, 80);
  dt__done(&p);
  p = dt__play_chart(&chart, "bars=20 bpm=120 miss=100%", 4); /* 62.5 ms */
  assert_int_equal(p.truths.count, 0);
  dt__done(&p);
  dt_chart_clear(&chart, NULL);
}

/* Real charts: no rule is broken in any of them, and taken together they have room for mistakes. */
static void the_whole_library_can_be_played_badly(void** state) {
  (void)state;
  size_t events = 0;
  size_t made[3] = {0, 0, 0};
  for (size_t c = 0; dt_chart_library_at(c); ++c) {
    dt_chart chart;
    assert_int_equal(dt_chart_library_load(&chart, NULL, dt_chart_library_at(c)), DT_OK);
    dt__playing p = dt__play_chart(
        &chart, "bpm=100 bars=12 scatter=9ms miss=5% extra=5% wrong=5% skip=1 repeat=1", 77 + c);
    events += p.truths.event_count;
    made[0] += p.truths.missed_count;
    made[1] += p.truths.extra_count;
    made[2] += p.truths.wrong_count;
    assert_int_equal(p.truths.skipped_count + p.truths.repeated_count, 2);
    for (size_t i = 0; i < p.truths.count; ++i) {
      const dt_truth* t = &p.truths.items[i];
      if (t->kind == DT_TRUTH_EXTRA)
        expect_clear_extra(&p, t, 0.060);
      else if (t->kind == DT_TRUTH_WRONG)
        expect_clear_wrong(&p, t, 0.060);
    }
    dt__done(&p);
    dt_chart_clear(&chart, NULL);
  }
  for (size_t k = 0; k < 3; ++k) {
    const double share = (double)made[k] / (double)events;
    print_message("%s: %.2f %% of %zu notes, 5 %% asked\n",
                  k == 0   ? "missed"
                  : k == 1 ? "extra"
                           : "wrong",
                  100 * share, events);
    assert_true(share > 0.03 && share < 0.055);
  }
}

static bool play_all(const dt_allocator* allocator, void* ctx) {
  const dt_part* part = ctx;
  dt_drummer drummer = dt__told("pink=3ms extra=20% wrong=10% miss=5% repeat=1 fill=1bpm");
  dt_truths truths;
  const dt_status status = dt_drummer_play(&drummer, part, allocator, &truths, NULL);
  if (status != DT_OK) {
    assert_int_equal(status, DT_NO_MEMORY);
    assert_null(truths.items);
    assert_int_equal(truths.count + truths.event_count + truths.bar_count, 0);
  }
  dt_truths_clear(&truths, allocator);
  return status == DT_OK;
}

static void without_memory_nothing_is_half_done(void** state) {
  (void)state;
  dt_chart chart = busy();
  dt__span(&chart, true, 5760, 7680);
  dt_part part;
  assert_int_equal(dt_part_from_chart(&part, NULL, &chart, 8, 0), DT_OK);
  assert_int_equal(dt_failing_sweep(play_all, &part), 4);
  dt_part_clear(&part, NULL);
  dt_chart_clear(&chart, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(mistakes_keep_out_of_each_others_way),
      cmocka_unit_test(the_counts_and_the_lists_agree),
      cmocka_unit_test(mistakes_take_their_share),
      cmocka_unit_test(one_drum_alone_has_a_kit_around_it),
      cmocka_unit_test(too_near_to_tell_is_not_missed),
      cmocka_unit_test(the_whole_library_can_be_played_badly),
      cmocka_unit_test(without_memory_nothing_is_half_done),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
