#include "../support/failing_allocator.h"

#include <stdio.h>
#include <time.h>

#include "align_play.h"

#include "align_charts.h"

/* Takes and charts at the edge of sense: an answer, in bounded time, or a sentence; never a crash.
 */

static dt_alignment align_free(const dt_take* take, const dt_chart* chart) {
  const dt_judge_config config = dt_judge_default(take);
  dt_alignment a;
  dt_error err;
  if (dt_align(&a, NULL, take, &config, chart, &err) != DT_OK) {
    fail_msg("%s", err.sentence);
  }
  return a;
}

/* Everything the header promises of any alignment. */
static void check_promises(const dt_take* take, const dt_chart* chart, const dt_alignment* a) {
  size_t fates[3] = {0, 0, 0};
  size_t extra = 0;
  size_t claimed = 0;
  assert_int_equal(a->stroke_count, take->strokes.count);
  for (size_t e = 0; e < a->event_count; ++e) {
    const dt_event* event = &a->events[e];
    ++fates[event->fate];
    claimed += (size_t)event->stroke_count;
    assert_true(event->written < chart->note_count);
    assert_true(event->bar < a->bar_count);
    assert_int_equal((event->fate == DT_FATE_MISSED), (event->stroke == SIZE_MAX));
    assert_int_equal((event->stroke_count == 0), (event->fate == DT_FATE_MISSED));
    if (event->stroke != SIZE_MAX) {
      assert_int_equal(a->strokes[event->stroke].event, e);
      assert_int_equal(a->strokes[event->stroke].order, 0);
    }
    if (e > 0) {
      const dt_chart_note* before = &a->events[e - 1].note;
      assert_true(before->tick < event->note.tick ||
                  (before->tick == event->note.tick && before->drum < event->note.drum));
    }
  }
  for (size_t i = 0; i < a->stroke_count; ++i) {
    const bool is_extra = a->strokes[i].label == DT_LABEL_EXTRA;
    extra += is_extra;
    assert_int_equal(is_extra, a->strokes[i].event == SIZE_MAX);
    assert_true(is_extra || a->strokes[i].event < a->event_count);
  }
  for (size_t b = 1; b < a->bar_count; ++b) {
    assert_int_equal(a->bars[b].tick, a->bars[b - 1].tick + a->bars[b - 1].length);
  }
  assert_int_equal(fates[DT_FATE_HIT], a->hit_count);
  assert_int_equal(fates[DT_FATE_WRONG_DRUM], a->wrong_count);
  assert_int_equal(fates[DT_FATE_MISSED], a->missed_count);
  assert_int_equal(extra, a->extra_count);
  assert_int_equal(claimed + extra, a->stroke_count);
  assert_true(a->confidence >= 0.0 && a->confidence <= 1.0);
}

static void add_stroke(dt_take* take, double time_s, dt_drum drum) {
  const dt_stroke stroke = dt_stroke_at(time_s, drum);
  assert_int_equal(dt_strokes_add(&take->strokes, NULL, &stroke), DT_OK);
}

static void few_strokes_give_little_confidence(void** state) {
  (void)state;
  dt_chart chart = chart_song();
  dt_take take;
  memset(&take, 0, sizeof(take));
  dt_alignment a = align_free(&take, &chart);
  assert_int_equal(a.event_count + a.stroke_count + a.bar_count, 0);
  dt_alignment_clear(&a, NULL);
  for (int n = 1; n <= 3; ++n) {
    add_stroke(&take, 0.5 * n, DT_KICK);
    a = align_free(&take, &chart);
    check_promises(&take, &chart, &a);
    assert_true(a.confidence < 0.45);
    dt_alignment_clear(&a, NULL);
  }
  dt_take_clear(&take, NULL);
  dt_chart_clear(&chart, NULL);
}

static void all_strokes_at_once_are_survived(void** state) {
  (void)state;
  dt_chart chart = chart_song();
  dt_take take;
  memset(&take, 0, sizeof(take));
  for (int i = 0; i < 3000; ++i) {
    add_stroke(&take, 1.0, (dt_drum)(i * DT_DRUM_COUNT / 3000));
  }
  dt_alignment a = align_free(&take, &chart);
  check_promises(&take, &chart, &a);
  assert_true(a.confidence < 0.2);
  dt_alignment_clear(&a, NULL);
  dt_take_clear(&take, NULL);
  dt_chart_clear(&chart, NULL);
}

static void drums_that_are_not_written_give_no_confidence(void** state) {
  (void)state;
  dt_chart chart = chart_of_groove("rock");
  dt_take take;
  memset(&take, 0, sizeof(take));
  for (int i = 0; i < 200; ++i) {
    add_stroke(&take, 0.25 * i, i % 2 ? DT_COWBELL : DT_CHINA);
  }
  dt_alignment a = align_free(&take, &chart);
  check_promises(&take, &chart, &a);
  assert_true(a.confidence < 0.35);
  assert_int_equal(a.hit_count, 0);
  dt_alignment_clear(&a, NULL);
  dt_take_clear(&take, NULL);
  dt_chart_clear(&chart, NULL);
}

static void an_hour_of_silence_between_two_strokes_is_survived(void** state) {
  (void)state;
  dt_chart chart = chart_song();
  dt_take take;
  memset(&take, 0, sizeof(take));
  add_stroke(&take, 1.0, DT_KICK);
  add_stroke(&take, 3600.0, DT_KICK);
  dt_alignment a = align_free(&take, &chart);
  check_promises(&take, &chart, &a);
  dt_alignment_clear(&a, NULL);
  take.strokes.items[1].time_s = 80000.0;
  a = align_free(&take, &chart);
  check_promises(&take, &chart, &a);
  dt_alignment_clear(&a, NULL);
  dt_take_clear(&take, NULL);
  dt_chart_clear(&chart, NULL);
}

static void charts_with_one_note_or_none_are_charts(void** state) {
  (void)state;
  static const dt_meter FOUR = {4, 4};
  static const dt_meter TINY = {1, 64};
  for (int k = 0; k < 3; ++k) {
    dt_chart chart = chart_empty(k == 2 ? TINY : FOUR, 1, 120);
    if (k > 0) {
      chart_note(&chart, 0, DT_SNARE, DT_LOUD_NORMAL, DT_PLAIN, 0, 0);
    }
    dt_take take;
    memset(&take, 0, sizeof(take));
    for (int i = 0; i < 20; ++i) {
      add_stroke(&take, 2.0 * i + 1.0, DT_SNARE);
    }
    dt_alignment a = align_free(&take, &chart);
    check_promises(&take, &chart, &a);
    assert_int_equal(k == 1 ? a.hit_count : 20, 20);
    dt_alignment_clear(&a, NULL);
    dt_take_clear(&take, NULL);
    dt_chart_clear(&chart, NULL);
  }
}

/* No two bars alike. */
static dt_chart long_chart(int bars, uint64_t seed) {
  static const dt_meter FOUR = {4, 4};
  dt_chart chart = chart_empty(FOUR, bars, 120);
  dt_rng rng = dt_rng_seeded(seed, 5);
  static const dt_drum KIT[] = {DT_KICK, DT_SNARE, DT_HIHAT_CLOSED, DT_TOM_LOW};
  for (int s = 0; s < bars * 16; ++s) {
    for (int d = 0; d < 4; ++d) {
      if (dt_rng_uniform(&rng) < (d == 2 ? 0.5 : 0.15)) {
        chart_note(&chart, s * 240, KIT[d], DT_LOUD_NORMAL, DT_PLAIN, 0, 0);
      }
    }
  }
  return chart;
}

static void a_thousand_bars_are_followed_from_anywhere(void** state) {
  (void)state;
  dt_chart chart = long_chart(1000, 3);
  play how;
  memset(&how, 0, sizeof(how));
  how.seed = 4;
  how.scatter_s = 0.008;
  how.bars = 60;
  how.first_bar = 700;
  how.skip_at = 30;
  how.repeat_at = -1;
  for (int click = 0; click < 2; ++click) {
    how.click = click == 1;
    how.lead_in_bars = 1.0;
    meant m = play_chart(&chart, &how);
    dt_alignment a = align_free(&m.take, &chart);
    check_promises(&m.take, &chart, &a);
    assert_int_equal(a.bars[0].written, 700);
    assert_int_equal(a.bars[a.bar_count - 1].written, 760);
    const mark_sheet s = mark_alignment(&m, &a);
    assert_true(mark_share(&s) > 0.99);
    dt_alignment_clear(&a, NULL);
    play_clear(&m);
  }
  dt_chart_clear(&chart, NULL);
}

static void what_cannot_be_aligned_is_refused_with_a_sentence(void** state) {
  (void)state;
  dt_chart chart = chart_song();
  dt_take take;
  memset(&take, 0, sizeof(take));
  add_stroke(&take, 1.0, DT_KICK);
  dt_judge_config config = dt_judge_default(&take);
  dt_alignment a;
  dt_error err = {DT_OK, ""};
  config.mode = DT_GRID_CLICK;
  assert_int_equal(dt_align(&a, NULL, &take, &config, &chart, &err), DT_BAD_ARGUMENT);
  assert_true(strlen(err.sentence) > 10);
  assert_null(a.strokes);
  config.mode = DT_GRID_FREE;
  chart.notes[0].tick = -1;
  err.sentence[0] = '\0';
  assert_int_equal(dt_align(&a, NULL, &take, &config, &chart, &err), DT_BAD_ARGUMENT);
  assert_true(strlen(err.sentence) > 10);
  chart.notes[0].tick = 0;
  take.strokes.items[0].drum = (dt_drum)99;
  assert_int_equal(dt_align(&a, NULL, &take, &config, &chart, &err), DT_BAD_ARGUMENT);
  dt_take_clear(&take, NULL);
  dt_chart_clear(&chart, NULL);
}

typedef struct sweep {
  const dt_take* take;
  const dt_chart* chart;
} sweep;

static bool align_once(const dt_allocator* allocator, void* ctx) {
  const sweep* s = ctx;
  const dt_judge_config config = dt_judge_default(s->take);
  dt_alignment a;
  const dt_status status = dt_align(&a, allocator, s->take, &config, s->chart, NULL);
  if (status != DT_OK) {
    assert_int_equal(status, DT_NO_MEMORY);
    assert_null(a.strokes);
    assert_int_equal(a.event_count + a.bar_count + a.stroke_count, 0);
    return false;
  }
  dt_alignment_clear(&a, allocator);
  return true;
}

static void no_memory_is_said_and_nothing_is_kept(void** state) {
  (void)state;
  dt_chart chart = chart_song();
  play how;
  memset(&how, 0, sizeof(how));
  how.seed = 2;
  how.scatter_s = 0.01;
  how.missed = how.added = how.wrong = 0.1;
  how.bars = 9;
  how.skip_at = how.repeat_at = -1;
  for (int click = 0; click < 2; ++click) {
    how.click = click == 1;
    meant m = play_chart(&chart, &how);
    sweep s = {&m.take, &chart};
    assert_true(dt_failing_sweep(align_once, &s) >= 10);
    play_clear(&m);
  }
  dt_chart_clear(&chart, NULL);
}

/* Any strokes against any chart. */
static void any_take_against_any_chart_keeps_the_promises(void** state) {
  (void)state;
  const char* given = getenv("DT_SEED");
  const uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
  print_message("DT_SEED=%llu\n", (unsigned long long)seed);
  dt_rng rng = dt_rng_seeded(seed, 9);
  for (int round = 0; round < 12; ++round) {
    const int denominators[] = {2, 4, 8, 16};
    const dt_meter meter = {1 + (int)dt_rng_below(&rng, 9), denominators[dt_rng_below(&rng, 4)]};
    const int bars = 1 + (int)dt_rng_below(&rng, 12);
    dt_chart chart = chart_empty(meter, bars, 40.0 + 200.0 * dt_rng_uniform(&rng));
    const dt_tick end = dt_chart_bar_tick(&chart, bars);
    const dt_tick step = (dt_tick[]){60, 80, 120, 240, 480}[dt_rng_below(&rng, 5)];
    const double dense = 0.3 * dt_rng_uniform(&rng);
    for (dt_tick t = 0; t < end; t += step) {
      for (int d = 0; d < 6; ++d) {
        const dt_ornament ornament = (dt_ornament)dt_rng_below(&rng, 3);
        if (dt_rng_uniform(&rng) < dense) {
          chart_note(&chart, t, (dt_drum)(d * 3), (dt_loud)dt_rng_below(&rng, 3), ornament, 0, 0);
        }
      }
      if (t + step <= end && dt_rng_uniform(&rng) < 0.05) {
        chart_note(&chart, t, DT_CLAP, DT_LOUD_NORMAL, DT_ROLL, step,
                   dt_rng_below(&rng, 2) ? step / 2 : 0);
      }
    }
    dt_chart_sort(&chart);
    if (dt_rng_below(&rng, 2)) {
      for (int k = (int)dt_rng_below(&rng, 3); k >= 0; --k) {
        const dt_chart_segment segment = {0, 1 + (int)dt_rng_below(&rng, (uint32_t)bars),
                                          1 + (int)dt_rng_below(&rng, 999)};
        chart_must(dt_chart_add_segment(&chart, NULL, &segment));
      }
    }
    assert_null(dt_chart_check(&chart));
    dt_take take;
    memset(&take, 0, sizeof(take));
    double time_s = dt_rng_uniform(&rng) * 3.0;
    const int n = 1 + (int)dt_rng_below(&rng, 400);
    for (int i = 0; i < n; ++i) {
      add_stroke(&take, time_s, (dt_drum)dt_rng_below(&rng, DT_DRUM_COUNT));
      take.strokes.items[i].velocity = (float)dt_rng_below(&rng, 128);
      const double u = dt_rng_uniform(&rng);
      time_s += u < 0.1 ? 0.0 : u < 0.99 ? 0.4 * dt_rng_uniform(&rng) : 20.0;
    }
    dt_alignment a = align_free(&take, &chart);
    check_promises(&take, &chart, &a);
    dt_alignment again = align_free(&take, &chart);
    assert_int_equal(a.event_count, again.event_count);
    for (size_t i = 0; i < a.stroke_count; ++i) {
      assert_int_equal(a.strokes[i].event, again.strokes[i].event);
    }
    dt_alignment_clear(&again, NULL);
    dt_alignment_clear(&a, NULL);
    dt_take_clear(&take, NULL);
    dt_chart_clear(&chart, NULL);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(few_strokes_give_little_confidence),
      cmocka_unit_test(all_strokes_at_once_are_survived),
      cmocka_unit_test(drums_that_are_not_written_give_no_confidence),
      cmocka_unit_test(an_hour_of_silence_between_two_strokes_is_survived),
      cmocka_unit_test(charts_with_one_note_or_none_are_charts),
      cmocka_unit_test(a_thousand_bars_are_followed_from_anywhere),
      cmocka_unit_test(what_cannot_be_aligned_is_refused_with_a_sentence),
      cmocka_unit_test(no_memory_is_said_and_nothing_is_kept),
      cmocka_unit_test(any_take_against_any_chart_keeps_the_promises),
  };
  return cmocka_run_group_tests_name("align_edges", tests, NULL, NULL);
}
