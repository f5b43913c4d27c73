/* Real change or noise: what a player would miss is a change unseen, or one that never was. The
 * rates are counted by bench/judge_compare.c; here is what must hold of single pairs. */
#include "judge_support.h"

#include "dt/compare.h"

typedef struct side {
  dt_take take;
  dt_verdict verdict;
} side;

static side played(const char* how, uint64_t seed, bool free) {
  side s;
  s.take = dt__played("rock", how, seed);
  dt_judge_config config = dt_judge_default(&s.take);
  if (free)
    config.mode = DT_GRID_FREE;
  s.verdict = dt__judge(&s.take, &config);
  return s;
}

static void clear(side* s) {
  dt_verdict_clear(&s->verdict, NULL);
  dt_take_clear(&s->take, NULL);
}

static dt_comparison compared(const char* before, const char* after, uint64_t seed, bool free) {
  dt_comparison c;
  side a = played(before, seed, free);
  side b = played(after, seed + 1, free);
  dt_compare(&c, &a.take, &a.verdict, &b.take, &b.verdict, 1);
  clear(&a);
  clear(&b);
  return c;
}

static const dt_change* find(const dt_comparison* c, dt_measure measure, dt_voice voice) {
  for (size_t k = 0; k < c->count; ++k)
    if (c->changes[k].measure == measure && c->changes[k].voice == voice)
      return &c->changes[k];
  fail_msg("%s of %s is not compared", dt_measure_name(measure), dt_voice_name(voice));
  return NULL;
}

#define ALL DT_VOICE_COUNT

/* No interval of a change may say otherwise than its word. */
static void assert_whole(const dt_comparison* c) {
  size_t real = 0;
  size_t known = 0;
  for (size_t k = 0; k < c->count; ++k) {
    const dt_change* change = &c->changes[k];
    const double nothing = change->measure == DT_MEASURE_SCATTER ? 1 : 0;
    if (change->known != DT_KNOWN) {
      assert_true(isnan(change->change) && isnan(change->p) && !change->real);
      continue;
    }
    ++known;
    real += change->real;
    assert_true(change->low <= change->change && change->change <= change->high);
    assert_true(change->p > 0 && change->p <= 1);
    assert_int_equal(change->real, change->low > nothing || change->high < nothing);
    assert_int_equal(change->real, change->p <= 0.05);
  }
  assert_int_equal(known, c->known_count);
  assert_int_equal(real, c->real_count);
}

static void tighter_is_seen(void** state) {
  (void)state;
  const dt_comparison c = compared("bars=16 scatter=12ms", "bars=16 scatter=6ms", 21, false);
  assert_whole(&c);
  const dt_change* change = find(&c, DT_MEASURE_SCATTER, ALL);
  assert_true(change->real && change->change < 0.7 && change->high < 1);
}

static void a_voice_that_moves_is_named(void** state) {
  (void)state;
  const dt_comparison c =
      compared("bars=64 scatter=7ms", "bars=64 scatter=7ms snare=+9ms", 31, false);
  assert_whole(&c);
  const dt_change* snare = find(&c, DT_MEASURE_PLACEMENT_OWN, DT_VOICE_SNARE);
  assert_true(snare->real && snare->change > 4);
  assert_false(find(&c, DT_MEASURE_SCATTER, DT_VOICE_SNARE)->real);
  assert_false(find(&c, DT_MEASURE_DRIFT, ALL)->real);
}

static void drift_and_placement_are_seen(void** state) {
  (void)state;
  const dt_comparison drift =
      compared("bars=32 scatter=7ms", "bars=32 scatter=7ms drift=+2bpm/min", 41, false);
  assert_whole(&drift);
  assert_true(find(&drift, DT_MEASURE_DRIFT, ALL)->real);
  const dt_comparison placed =
      compared("bars=32 scatter=7ms", "bars=32 scatter=7ms placement=-15ms", 51, false);
  assert_whole(&placed);
  const dt_change* change = find(&placed, DT_MEASURE_PLACEMENT, ALL);
  assert_true(change->real && change->change < -8);
}

static void the_same_take_has_not_changed(void** state) {
  (void)state;
  dt_comparison c;
  side a = played("bars=32 scatter=9ms pink=4ms", 5, false);
  dt_compare(&c, &a.take, &a.verdict, &a.take, &a.verdict, 1);
  assert_whole(&c);
  assert_int_equal(c.real_count, 0);
  for (size_t k = 0; k < c.count; ++k)
    assert_true(c.changes[k].p == 1);
  clear(&a);
}

/* 40 pairs in which nothing changed: 5 % is meant, 7 or more has a chance of 0.3 %. */
static void noise_is_called_noise(void** state) {
  (void)state;
  int changed = 0;
  for (uint64_t seed = 100; seed < 140; ++seed) {
    const dt_comparison c = compared("bars=16 scatter=8ms clock=4ms alpha=0.3",
                                     "bars=16 scatter=8ms clock=4ms alpha=0.3", 1000 * seed, false);
    assert_whole(&c);
    changed += c.real_count > 0;
  }
  print_message("%d of 40 pairs, seeds 100000 to 139001\n", changed);
  assert_in_range(changed, 0, 6);
}

static void a_seed_gives_the_same_answer_and_another_a_like_one(void** state) {
  (void)state;
  dt_comparison one;
  dt_comparison again;
  dt_comparison other;
  side a = played("bars=16 scatter=9ms", 5, false);
  side b = played("bars=16 scatter=10ms", 6, false);
  dt_compare(&one, &a.take, &a.verdict, &b.take, &b.verdict, 7);
  dt_compare(&again, &a.take, &a.verdict, &b.take, &b.verdict, 7);
  dt_compare(&other, &a.take, &a.verdict, &b.take, &b.verdict, 8);
  assert_int_equal(one.seed, 7);
  assert_true(one.critical == again.critical);
  for (size_t k = 0; k < one.count; ++k) {
    assert_true(one.changes[k].p == again.changes[k].p);
    assert_true(one.changes[k].low == again.changes[k].low);
    assert_true(fabs(one.changes[k].p - other.changes[k].p) < 0.06);
  }
  assert_true(one.critical != other.critical && fabs(one.critical - other.critical) < 0.2);
  assert_true(one.critical > 1.96 && one.critical < 4); /* more than one number is held together */
  clear(&a);
  clear(&b);
}

static void without_a_click_placement_is_not_testable(void** state) {
  (void)state;
  const dt_comparison c = compared("bars=32 scatter=9ms", "bars=32 scatter=9ms", 61, true);
  assert_whole(&c);
  assert_int_equal(find(&c, DT_MEASURE_PLACEMENT, ALL)->known, DT_NOT_TESTABLE);
  assert_int_equal(find(&c, DT_MEASURE_SCATTER, ALL)->known, DT_KNOWN);
}

/* Takes of no, one and four strokes, perfect ones, and very different ones. */
static void odd_takes_do_no_harm(void** state) {
  (void)state;
  static const size_t counts[] = {0, 1, 4, 9, 40};
  side whole = played("bars=16 machine", 1, false);
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; ++i) {
    dt_comparison c;
    side a = {.take = dt__played("rock", "bars=16 machine", 2)};
    a.take.strokes.count = counts[i];
    a.verdict = dt__judge(&a.take, NULL);
    dt_compare(&c, &a.take, &a.verdict, &whole.take, &whole.verdict, 1);
    assert_whole(&c);
    if (counts[i] < 4)
      assert_int_equal(c.known_count, 0);
    dt_compare(&c, &whole.take, &whole.verdict, &a.take, &a.verdict, 1);
    assert_whole(&c);
    clear(&a);
  }
  clear(&whole);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tighter_is_seen),
      cmocka_unit_test(a_voice_that_moves_is_named),
      cmocka_unit_test(drift_and_placement_are_seen),
      cmocka_unit_test(the_same_take_has_not_changed),
      cmocka_unit_test(noise_is_called_noise),
      cmocka_unit_test(a_seed_gives_the_same_answer_and_another_a_like_one),
      cmocka_unit_test(without_a_click_placement_is_not_testable),
      cmocka_unit_test(odd_takes_do_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
