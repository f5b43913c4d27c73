#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "ear_board.h"
#include "score.h"

#include "dt/rng.h"

#define SEED 1

static hit stroke(double at_s, dt_drum drum) {
  return (hit){.at_s = at_s, .drum = drum, .velocity = 64, .confidence = 1};
}

static bool may_pair(double reference_s, double estimate_s, double window_s) {
  return estimate_s - window_s <= reference_s && reference_s <= estimate_s + window_s;
}

/* ---- the matching against one that knows nothing of order ---- */

#define MOST 40

typedef struct graph {
  size_t references, estimates;
  bool edge[MOST][MOST];
  size_t owner[MOST]; /* of each estimate: its reference, or SIZE_MAX */
} graph;

/* Kuhn's augmenting paths. */
static bool augment(graph* g, size_t reference, bool* seen) {
  for (size_t j = 0; j < g->estimates; j++) {
    if (!g->edge[reference][j] || seen[j])
      continue;
    seen[j] = true;
    if (g->owner[j] == SIZE_MAX || augment(g, g->owner[j], seen)) {
      g->owner[j] = reference;
      return true;
    }
  }
  return false;
}

static size_t largest_matching(const hits* reference, const hits* estimate, double window_s) {
  static graph g;
  g.references = reference->count;
  g.estimates = estimate->count;
  for (size_t j = 0; j < g.estimates; j++) {
    g.owner[j] = SIZE_MAX;
    for (size_t i = 0; i < g.references; i++)
      g.edge[i][j] = may_pair(reference->items[i].at_s, estimate->items[j].at_s, window_s);
  }
  size_t found = 0;
  for (size_t i = 0; i < g.references; i++) {
    bool seen[MOST] = {false};
    found += augment(&g, i, seen);
  }
  return found;
}

/* The least summed distance of any matching of that size: every way is tried. */
static double least_distance(const hits* reference, const hits* estimate, double window_s, size_t i,
                             unsigned used, size_t pairs_left) {
  if (pairs_left == 0)
    return 0;
  if (reference->count - i < pairs_left)
    return (double)INFINITY;
  double least = least_distance(reference, estimate, window_s, i + 1, used, pairs_left);
  for (size_t j = 0; j < estimate->count; j++) {
    double apart_s = fabs(reference->items[i].at_s - estimate->items[j].at_s);
    if ((used >> j & 1u) == 0 &&
        may_pair(reference->items[i].at_s, estimate->items[j].at_s, window_s))
      least = fmin(least, apart_s + least_distance(reference, estimate, window_s, i + 1,
                                                   used | 1u << j, pairs_left - 1));
  }
  return least;
}

static hits random_list(dt_rng* rng, uint32_t most, double length_s, double grid_s) {
  hits list = {0};
  for (uint32_t n = dt_rng_below(rng, most + 1); n > 0; n--) {
    double at_s = length_s * dt_rng_uniform(rng);
    hits_add(&list, stroke(grid_s > 0 ? round(at_s / grid_s) * grid_s : at_s, DT_SNARE));
  }
  hits_sort(&list);
  return list;
}

static double paired_distance(const hits* reference, const hits* estimate, const size_t* pair,
                              double window_s, size_t found) {
  bool taken[MOST] = {false};
  size_t pairs = 0;
  double sum_s = 0;
  for (size_t i = 0; i < reference->count; i++) {
    if (pair[i] == SIZE_MAX)
      continue;
    assert_true(pair[i] < estimate->count && !taken[pair[i]]);
    taken[pair[i]] = true;
    assert_true(may_pair(reference->items[i].at_s, estimate->items[pair[i]].at_s, window_s));
    sum_s += fabs(reference->items[i].at_s - estimate->items[pair[i]].at_s);
    pairs++;
  }
  assert_int_equal(pairs, found);
  return sum_s;
}

static void test_as_many_strokes_match_as_can(void** state) {
  (void)state;
  print_message("seed %d\n", SEED);
  static const double lengths_s[] = {0.05, 0.3, 2};
  static const double grids_s[] = {0, 0, 0.005, 0.010, 0.025};
  dt_rng rng = dt_rng_seeded(SEED, 1);
  for (int n = 0; n < 3000; n++) {
    double length_s = lengths_s[dt_rng_below(&rng, 3)];
    double grid_s = grids_s[dt_rng_below(&rng, 5)];
    double window_s = windows_s[dt_rng_below(&rng, WINDOWS)];
    hits reference = random_list(&rng, MOST, length_s, grid_s);
    hits estimate = random_list(&rng, MOST, length_s, grid_s);
    size_t pair[MOST];
    size_t found = match(&reference, &estimate, window_s, 0, pair);
    assert_int_equal(found, largest_matching(&reference, &estimate, window_s));
    paired_distance(&reference, &estimate, pair, window_s, found);
    hits_clear(&reference);
    hits_clear(&estimate);
  }
}

static void test_of_equal_matchings_the_nearest_is_taken(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(SEED, 2);
  for (int n = 0; n < 400; n++) {
    hits reference = random_list(&rng, 6, 0.15, n % 2 == 0 ? 0.005 : 0);
    hits estimate = random_list(&rng, 6, 0.15, n % 3 == 0 ? 0.005 : 0);
    size_t pair[6];
    size_t found = match(&reference, &estimate, 0.05, 0, pair);
    double sum_s = paired_distance(&reference, &estimate, pair, 0.05, found);
    double least_s = least_distance(&reference, &estimate, 0.05, 0, 0, found);
    assert_true(fabs(sum_s - least_s) < 1e-12);
    hits_clear(&reference);
    hits_clear(&estimate);
  }
}

static void test_the_edge_of_the_window_rounds_as_mir_eval_does(void** state) {
  (void)state;
  /* 1.05 - 1.0 is more than 0.05 in binary, but 1.0 + 0.05 is 1.05. */
  assert_true(1.05 - 1.0 > 0.05);
  hits reference = {0};
  hits estimate = {0};
  hits_add(&reference, stroke(1.05, DT_KICK));
  hits_add(&estimate, stroke(1.0, DT_KICK));
  assert_int_equal(match(&reference, &estimate, 0.05, 0, NULL), 1);
  assert_int_equal(match(&reference, &estimate, 0.0499999, 0, NULL), 0);
  assert_int_equal(match(&reference, &estimate, 0.01, -0.045, NULL), 1); /* moved later */
  assert_int_equal(match(&reference, &estimate, 0.01, 0.045, NULL), 0);
  hits_clear(&reference);
  hits_clear(&estimate);
}

/* ---- lists ---- */

static void test_strokes_of_one_moment_keep_their_order(void** state) {
  (void)state;
  dt_rng rng = dt_rng_seeded(SEED, 3);
  hits list = {0};
  for (int n = 0; n < 1000; n++) {
    hit h = stroke(dt_rng_below(&rng, 50), (dt_drum)dt_rng_below(&rng, 3));
    h.velocity = n;
    hits_add(&list, h);
  }
  hits_sort(&list);
  for (size_t i = 1; i < list.count; i++) {
    const hit* a = &list.items[i - 1];
    const hit* b = &list.items[i];
    assert_true(a->at_s < b->at_s ||
                (a->at_s <= b->at_s &&
                 (a->drum < b->drum || (a->drum == b->drum && a->velocity < b->velocity))));
  }
  hits_clear(&list);
}

static void test_two_hands_on_one_beat_are_one_blow(void** state) {
  (void)state;
  hits list = {0};
  hits blows = {0};
  hits_add(&list, stroke(1.000, DT_KICK));
  hits_add(&list, stroke(1.010, DT_SNARE));
  hits_add(&list, stroke(1.021, DT_SNARE)); /* 21 ms after the first: another */
  hits_pool(&list, 0.020, &blows);
  assert_int_equal(blows.count, 2);
  assert_true(fabs(blows.items[0].at_s - 1.005) < 1e-12);
  assert_true(fabs(blows.items[1].at_s - 1.021) < 1e-12);
  hits_clear(&list);
  hits_clear(&blows);
}

static values list_of(const double* items, size_t count) {
  values list = {0};
  for (size_t i = 0; i < count; i++)
    values_add(&list, items[i]);
  return list;
}

static void test_rank_correlation_with_ties(void** state) {
  (void)state;
  /* Ranks 0 1.5 1.5 3 4 and 0 1 2.5 4 2.5: covariance 7.25, variances 9.5 and 9.5. */
  values x = list_of((const double[]){1, 2, 2, 3, 9}, 5);
  values y = list_of((const double[]){5, 6, 7, 8, 7}, 5);
  values constant = list_of((const double[]){4, 4, 4, 4, 4}, 5);
  assert_true(fabs(values_spearman(&x, &y) - 7.25 / 9.5) < 1e-12);
  assert_true(fabs(values_spearman(&x, &x) - 1) < 1e-12);
  assert_true(isnan(values_spearman(&x, &constant)));
  values_clear(&x);
  values_clear(&y);
  values_clear(&constant);
}

static void test_empty_classes_count_as_each_convention_says(void** state) {
  (void)state;
  const tally nothing = {0, 0, 0};
  const tally only_heard = {0, 0, 3};
  const tally only_there = {0, 2, 0};
  const tally half = {1, 2, 2};
  assert_true(isnan(tally_f_by_rule(nothing, EMPTY_LEFT_OUT)));
  assert_true(tally_f_by_rule(nothing, EMPTY_MIR_EVAL) == 0);
  assert_true(tally_f_by_rule(nothing, EMPTY_MADMOM) == 1);
  for (int rule = 0; rule < EMPTY_RULES; rule++) {
    assert_true(tally_f_by_rule(only_heard, (empty_rule)rule) == 0);
    assert_true(tally_f_by_rule(only_there, (empty_rule)rule) == 0);
    assert_true(fabs(tally_f_by_rule(half, (empty_rule)rule) - 0.5) < 1e-12);
  }
}

/* ---- the board ---- */

static void test_a_constant_offset_of_the_labels_is_removed_and_nothing_else(void** state) {
  (void)state;
  hits truth = {0};
  hits found = {0};
  for (int n = 0; n < 40; n++) {
    double wobble_s = 0.001 * (n % 5 - 2);
    hits_add(&truth, stroke(n * 0.5, n % 2 == 0 ? DT_KICK : DT_SNARE));
    hits_add(&found, stroke(n * 0.5 + 0.015 + wobble_s, n % 2 == 0 ? DT_KICK : DT_RIMSHOT));
  }
  board b;
  board_init(&b, 3, OFFSET_REMOVED);
  board_score_classes(&b, &truth, &found);
  board_score_any(&b, &truth, &found);
  assert_true(tally_f(board_sum(&b, AT_10, AS_IS)) == 0);
  assert_true(tally_f(board_sum(&b, AT_10, OFFSET_REMOVED)) == 1);
  assert_true(tally_f(b.any[AT_10][AS_IS]) == 0);
  assert_true(tally_f(b.any[AT_10][OFFSET_REMOVED]) == 1);
  assert_true(fabs(b.offset_ms.items[0] - 15) < 1e-6);
  assert_true(fabs(values_quantile(&b.class_error_ms[CLASS_SNARE][AS_IS], 0.5) - 15) < 1.01);
  assert_true(fabs(values_quantile(&b.class_error_ms[CLASS_SNARE][OFFSET_REMOVED], 0.5)) < 1.01);
  assert_int_equal(b.by_twelve[1][AT_10].matched, 20); /* a rimshot is a snare */
  board_clear(&b);
  hits_clear(&truth);
  hits_clear(&found);
}

static void test_three_classes_ignore_the_others(void** state) {
  (void)state;
  hits truth = {0};
  hits found = {0};
  hits_add(&truth, stroke(1, DT_KICK));
  hits_add(&found, stroke(1, DT_KICK));
  hits_add(&found, stroke(1, DT_TOM_LOW));
  hits_add(&found, stroke(2, DT_CRASH));
  board three;
  board five;
  board_init(&three, 3, AS_IS);
  board_init(&five, CLASS_COUNT, AS_IS);
  board_score_classes(&three, &truth, &found);
  board_score_classes(&five, &truth, &found);
  assert_true(tally_f(board_sum(&three, AT_50, AS_IS)) == 1);
  assert_true(tally_f(board_sum(&five, AT_50, AS_IS)) == 0.5);
  board_clear(&three);
  board_clear(&five);
  hits_clear(&truth);
  hits_clear(&found);
}

static void test_recall_is_told_by_velocity_and_by_gap(void** state) {
  (void)state;
  static const double velocity[5] = {20, 40, 60, 90, 127};
  static const double at_s[5] = {1, 1.03, 1.1, 1.25, 2};
  hits truth = {0};
  hits found = {0};
  for (int n = 0; n < 5; n++) {
    hit h = stroke(at_s[n], DT_SNARE);
    h.velocity = velocity[n];
    hits_add(&truth, h);
    if (n != 1)
      hits_add(&found, h);
  }
  board b;
  board_init(&b, CLASS_COUNT, AS_IS);
  board_score_classes(&b, &truth, &found);
  for (int bin = 0; bin < VELOCITY_BINS; bin++) {
    assert_int_equal(b.by_velocity[bin][CLASS_SNARE][1].references, 1);
    assert_int_equal(b.by_velocity[bin][CLASS_SNARE][1].matched, bin != 1);
  }
  static const size_t by_gap[GAP_BINS] = {0, 1, 1, 1, 2};
  for (int bin = 0; bin < GAP_BINS; bin++)
    assert_int_equal(b.by_gap[bin][CLASS_SNARE][1].references, by_gap[bin]);
  assert_int_equal(b.by_gap[1][CLASS_SNARE][1].matched, 0);
  assert_int_equal(b.true_velocity[DT_SNARE].count, 4);
  board_clear(&b);
  hits_clear(&truth);
  hits_clear(&found);
}

static void test_confidence_is_held_against_what_was_right(void** state) {
  (void)state;
  hits truth = {0};
  hits found = {0};
  for (int n = 0; n < 10; n++) {
    hit h = stroke(n, DT_HIHAT_CLOSED);
    h.confidence = n == 9 ? 1 : 0.95;
    hits_add(&found, h);
    if (n < 8)
      hits_add(&truth, h);
  }
  board b;
  board_init(&b, CLASS_COUNT, AS_IS);
  board_score_classes(&b, &truth, &found);
  const calibration* last = &b.calibration[CLASS_HIHAT][CONFIDENCE_BINS - 1];
  assert_int_equal(last->strokes, 10);
  assert_int_equal(last->right, 8);
  assert_true(fabs(last->confidence_sum - 9.55) < 1e-9);
  board_clear(&b);
  hits_clear(&truth);
  hits_clear(&found);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_as_many_strokes_match_as_can),
      cmocka_unit_test(test_of_equal_matchings_the_nearest_is_taken),
      cmocka_unit_test(test_the_edge_of_the_window_rounds_as_mir_eval_does),
      cmocka_unit_test(test_strokes_of_one_moment_keep_their_order),
      cmocka_unit_test(test_two_hands_on_one_beat_are_one_blow),
      cmocka_unit_test(test_rank_correlation_with_ties),
      cmocka_unit_test(test_empty_classes_count_as_each_convention_says),
      cmocka_unit_test(test_a_constant_offset_of_the_labels_is_removed_and_nothing_else),
      cmocka_unit_test(test_three_classes_ignore_the_others),
      cmocka_unit_test(test_recall_is_told_by_velocity_and_by_gap),
      cmocka_unit_test(test_confidence_is_held_against_what_was_right),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
