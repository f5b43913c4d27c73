#include "ear_board.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dt/stat.h"

const double windows_s[WINDOWS] = {0.050, 0.025, 0.020, 0.010};

const double flag_windows_s[FLAG_WINDOWS] = {0.005, 0.010, 0.020};
#define FLAG_BEFORE_S 0.008

const char* const velocity_bin_names[VELOCITY_BINS] = {"1-20", "21-40", "41-60", "61-90", "91-127"};
static const double velocity_bin_ends[VELOCITY_BINS] = {20.5, 40.5, 60.5, 90.5, 1e9};

const char* const gap_bin_names[GAP_BINS] = {"< 20 ms", "20-50 ms", "50-100 ms", "100-200 ms",
                                             "> 200 ms, first"};
static const double gap_bin_ends_s[GAP_BINS] = {0.020, 0.050, 0.100, 0.200, 1e9};

/* Where recall is told by velocity and gap: the widest window, and one that a flam fits in. */
static const int recall_windows[2] = {AT_50, AT_20};

void board_init(board* b, int classes, timing own) {
  memset(b, 0, sizeof *b);
  b->classes = classes;
  b->timing = own;
}

void board_clear(board* b) {
  for (int t = 0; t < TIMINGS; t++) {
    values_clear(&b->any_error_ms[t]);
    for (int c = 0; c < CLASS_COUNT; c++)
      values_clear(&b->class_error_ms[c][t]);
    for (int r = 0; r < EMPTY_RULES; r++)
      for (int w = 0; w < WINDOWS; w++)
        values_clear(&b->mean_f[r][w][t]);
  }
  values_clear(&b->offset_ms);
  for (int d = 0; d < DT_DRUM_COUNT; d++) {
    values_clear(&b->true_velocity[d]);
    values_clear(&b->heard_velocity[d]);
    values_clear(&b->take_velocity_rho[d]);
  }
  for (int s = 0; s < STAGE_COUNT; s++)
    values_clear(&b->latency_ms[s]);
}

static size_t* pairs_for(const hits* reference) {
  size_t* pair = malloc((reference->count + 1) * sizeof *pair);
  if (pair == NULL)
    exit(1);
  return pair;
}

static tally count(const hits* reference, const hits* estimate, double window_s, double shift_s,
                   size_t* pair) {
  return (tally){match(reference, estimate, window_s, shift_s, pair), reference->count,
                 estimate->count};
}

/* Errors of matched strokes (heard - true, after the shift). */
static void gather_errors(const hits* reference, const hits* estimate, double window_s,
                          double shift_s, values* errors_ms) {
  size_t* pair = pairs_for(reference);
  match(reference, estimate, window_s, shift_s, pair);
  for (size_t i = 0; i < reference->count; i++)
    if (pair[i] != SIZE_MAX)
      values_add(errors_ms,
                 1e3 * (estimate->items[pair[i]].at_s - shift_s - reference->items[i].at_s));
  free(pair);
}

/* The median of errors, which are given back; 0 of none. */
static double taken_median(values* errors_ms) {
  double median = errors_ms->count > 0 ? values_quantile(errors_ms, 0.5) : 0;
  values_clear(errors_ms);
  return median;
}

void board_score_any(board* b, const hits* truth, const hits* found) {
  hits reference = {0};
  hits estimate = {0};
  values errors_ms = {0};
  hits_pool(truth, POOL_S, &reference);
  hits_pool(found, POOL_S, &estimate);
  gather_errors(&reference, &estimate, windows_s[AT_50], 0, &errors_ms);
  double shift_s[TIMINGS] = {0, 1e-3 * taken_median(&errors_ms)};
  for (int t = 0; t < TIMINGS; t++) {
    for (int w = 0; w < WINDOWS; w++)
      tally_add(&b->any[w][t], count(&reference, &estimate, windows_s[w], shift_s[t], NULL));
    gather_errors(&reference, &estimate, windows_s[AT_25], shift_s[t], &b->any_error_ms[t]);
  }
  hits_clear(&reference);
  hits_clear(&estimate);
}

static int velocity_bin(double velocity) {
  int bin = 0;
  while (bin < VELOCITY_BINS - 1 && velocity > velocity_bin_ends[bin])
    bin++;
  return bin;
}

/* By the time since the class's stroke before; the first has had time enough. */
static int gap_bin(const hits* truth, size_t i) {
  double gap_s = i > 0 ? truth->items[i].at_s - truth->items[i - 1].at_s : 1e8;
  int bin = 0;
  while (bin < GAP_BINS - 1 && gap_s >= gap_bin_ends_s[bin])
    bin++;
  return bin;
}

static void score_recall(board* b, int class, const hits* truth, const size_t* pair, int which) {
  for (size_t i = 0; i < truth->count; i++) {
    tally one = {pair[i] != SIZE_MAX, 1, 0};
    if (truth->items[i].velocity > 0)
      tally_add(&b->by_velocity[velocity_bin(truth->items[i].velocity)][class][which], one);
    tally_add(&b->by_gap[gap_bin(truth, i)][class][which], one);
  }
}

static void score_velocities(board* b, const hits* truth, const hits* found, const size_t* pair) {
  size_t before[DT_DRUM_COUNT];
  for (int d = 0; d < DT_DRUM_COUNT; d++)
    before[d] = b->true_velocity[d].count;
  for (size_t i = 0; i < truth->count; i++) {
    const hit* true_one = &truth->items[i];
    if (pair[i] == SIZE_MAX || true_one->velocity <= 0)
      continue;
    values_add(&b->true_velocity[true_one->drum], true_one->velocity);
    values_add(&b->heard_velocity[true_one->drum], found->items[pair[i]].velocity);
  }
  for (int d = 0; d < DT_DRUM_COUNT; d++) {
    const size_t count = b->true_velocity[d].count - before[d];
    if (count < TAKE_STROKES)
      continue;
    const values take[2] = {{b->true_velocity[d].items + before[d], count, count},
                            {b->heard_velocity[d].items + before[d], count, count}};
    double rho = values_spearman(&take[0], &take[1]);
    if (!isnan(rho))
      values_add(&b->take_velocity_rho[d], rho);
  }
}

void board_score_flags(board* b, const hits* truth, const values* flag_known_s) {
  size_t first = 0;
  b->all_flags += flag_known_s->count;
  for (size_t i = 0; i < truth->count; i++) {
    const int class = class_of(truth->items[i].drum);
    const double at_s = truth->items[i].at_s;
    while (first < flag_known_s->count && flag_known_s->items[first] < at_s - FLAG_BEFORE_S)
      first++;
    for (int w = 0; w < FLAG_WINDOWS && class < b->classes; w++) {
      bool has_flag =
          first < flag_known_s->count && flag_known_s->items[first] <= at_s + flag_windows_s[w];
      tally_add(&b->flagged[class][w], (tally){has_flag, 1, 0});
    }
  }
}

static void score_confidence(calibration* bins, const hits* truth, const hits* found,
                             const size_t* pair) {
  for (size_t j = 0; j < found->count; j++) {
    double confidence = fmin(fmax(found->items[j].confidence, 0), 1);
    int bin = (int)(confidence * CONFIDENCE_BINS);
    calibration* c = &bins[bin < CONFIDENCE_BINS ? bin : CONFIDENCE_BINS - 1];
    c->strokes++;
    c->confidence_sum += confidence;
  }
  for (size_t i = 0; i < truth->count; i++) {
    if (pair[i] == SIZE_MAX)
      continue;
    double confidence = fmin(fmax(found->items[pair[i]].confidence, 0), 1);
    int bin = (int)(confidence * CONFIDENCE_BINS);
    bins[bin < CONFIDENCE_BINS ? bin : CONFIDENCE_BINS - 1].right++;
  }
}

static void score_class(board* b, int class, const hits* truth, const hits* found,
                        const double* shift_s) {
  for (int t = 0; t < TIMINGS; t++) {
    for (int w = 0; w < WINDOWS; w++) {
      tally one = count(truth, found, windows_s[w], shift_s[t], NULL);
      tally_add(&b->by_class[class][w][t], one);
      for (int r = 0; r < EMPTY_RULES; r++) {
        double f = tally_f_by_rule(one, (empty_rule)r);
        if (!isnan(f))
          values_add(&b->mean_f[r][w][t], f);
      }
    }
    gather_errors(truth, found, windows_s[AT_25], shift_s[t], &b->class_error_ms[class][t]);
  }
  size_t* pair = pairs_for(truth);
  for (int which = 1; which >= 0; which--) {
    match(truth, found, windows_s[recall_windows[which]], shift_s[b->timing], pair);
    score_recall(b, class, truth, pair, which);
  }
  score_velocities(b, truth, found, pair);
  score_confidence(b->calibration[class], truth, found, pair);
  free(pair);
}

static void score_twelve(board* b, const hits* truth, const hits* found, double shift_s) {
  for (size_t i = 0; i < truth->count; i++)
    b->has_plain_hihat |= truth->items[i].drum == DT_HIHAT;
  for (int d = 0; d < TWELVE; d++) {
    hits reference = {0};
    hits estimate = {0};
    hits_of_twelve(truth, d, &reference);
    hits_of_twelve(found, d, &estimate);
    for (int w = 0; w < WINDOWS; w++)
      tally_add(&b->by_twelve[d][w], count(&reference, &estimate, windows_s[w], shift_s, NULL));
    hits_clear(&reference);
    hits_clear(&estimate);
  }
}

void board_score_classes(board* b, const hits* truth, const hits* found) {
  hits reference[CLASS_COUNT] = {{0}};
  hits estimate[CLASS_COUNT] = {{0}};
  values errors_ms = {0};
  for (int c = 0; c < b->classes; c++) {
    hits_of_class(truth, c, &reference[c]);
    hits_of_class(found, c, &estimate[c]);
    gather_errors(&reference[c], &estimate[c], windows_s[AT_50], 0, &errors_ms);
  }
  double offset_ms = taken_median(&errors_ms);
  values_add(&b->offset_ms, offset_ms);
  double shift_s[TIMINGS] = {0, 1e-3 * offset_ms};
  for (int c = 0; c < b->classes; c++) {
    score_class(b, c, &reference[c], &estimate[c], shift_s);
    hits_clear(&reference[c]);
    hits_clear(&estimate[c]);
  }
  score_twelve(b, truth, found, shift_s[b->timing]);
}

tally board_sum(const board* b, int window, timing t) {
  tally sum = {0};
  for (int c = 0; c < b->classes; c++)
    tally_add(&sum, b->by_class[c][window][t]);
  return sum;
}

double board_mean(const board* b, empty_rule rule, int window, timing t) {
  const values* f = &b->mean_f[rule][window][t];
  return dt_mean(f->items, f->count);
}
