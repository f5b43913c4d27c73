#include "score.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/stat.h"

static void* must(void* block) {
  if (block == NULL) {
    fputs("bench: not enough memory\n", stderr);
    exit(1);
  }
  return block;
}

static void* grown(void* items, size_t count, size_t* capacity, size_t size) {
  if (count < *capacity)
    return items;
  *capacity = *capacity > 0 ? *capacity * 2 : 64;
  return must(realloc(items, *capacity * size));
}

void hits_add(hits* list, hit one) {
  list->items = grown(list->items, list->count, &list->capacity, sizeof *list->items);
  list->items[list->count++] = one;
}

static bool is_before(const hit* a, const hit* b) {
  return a->at_s < b->at_s || (a->at_s <= b->at_s && a->drum < b->drum);
}

/* Merge sort from the bottom up. */
void hits_sort(hits* list) {
  hit* spare = must(malloc((list->count + 1) * sizeof *spare));
  for (size_t width = 1; width < list->count; width *= 2) {
    for (size_t start = 0; start < list->count; start += 2 * width) {
      size_t middle = start + width < list->count ? start + width : list->count;
      size_t end = middle + width < list->count ? middle + width : list->count;
      for (size_t i = start, j = middle, out = start; out < end; out++)
        spare[out] = i < middle && (j == end || !is_before(&list->items[j], &list->items[i]))
                         ? list->items[i++]
                         : list->items[j++];
    }
    memcpy(list->items, spare, list->count * sizeof *spare);
  }
  free(spare);
}

void hits_clear(hits* list) {
  free(list->items);
  memset(list, 0, sizeof *list);
}

void hits_pool(const hits* list, double window_s, hits* pooled) {
  for (size_t i = 0; i < list->count;) {
    hit blow = list->items[i];
    double sum_s = 0;
    size_t j = i;
    for (; j < list->count && list->items[j].at_s - list->items[i].at_s <= window_s; j++) {
      sum_s += list->items[j].at_s;
      blow.velocity = fmax(blow.velocity, list->items[j].velocity);
      blow.confidence = fmax(blow.confidence, list->items[j].confidence);
    }
    blow.at_s = sum_s / (double)(j - i);
    hits_add(pooled, blow);
    i = j;
  }
}

void values_add(values* list, double value) {
  list->items = grown(list->items, list->count, &list->capacity, sizeof *list->items);
  list->items[list->count++] = value;
}

void values_clear(values* list) {
  free(list->items);
  memset(list, 0, sizeof *list);
}

double values_quantile(const values* list, double p) {
  double* scratch = must(malloc((list->count + 1) * sizeof *scratch));
  double found = dt_quantile(list->items, list->count, p, scratch);
  free(scratch);
  return found;
}

double values_robust_sd(const values* list) {
  double* scratch = must(malloc((list->count + 1) * sizeof *scratch));
  double found = dt_robust_sd(list->items, list->count, scratch);
  free(scratch);
  return found;
}

typedef struct ranked {
  double value;
  size_t place;
} ranked;

static int by_value(const void* a, const void* b) {
  double x = ((const ranked*)a)->value;
  double y = ((const ranked*)b)->value;
  return (x > y) - (x < y);
}

/* rank[i] of list i, equal values at the mean of their ranks. */
static void find_ranks(const values* list, double* rank) {
  ranked* order = must(malloc((list->count + 1) * sizeof *order));
  for (size_t i = 0; i < list->count; i++)
    order[i] = (ranked){list->items[i], i};
  qsort(order, list->count, sizeof *order, by_value);
  for (size_t i = 0; i < list->count;) {
    size_t j = i;
    while (j < list->count && order[j].value <= order[i].value)
      j++;
    for (size_t k = i; k < j; k++)
      rank[order[k].place] = 0.5 * (double)(i + j - 1);
    i = j;
  }
  free(order);
}

double values_spearman(const values* x, const values* y) {
  size_t count = x->count;
  if (count < 2)
    return (double)NAN;
  double* rank = must(malloc(2 * count * sizeof *rank));
  find_ranks(x, rank);
  find_ranks(y, rank + count);
  double middle = 0.5 * (double)(count - 1);
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (size_t i = 0; i < count; i++) {
    xx += (rank[i] - middle) * (rank[i] - middle);
    yy += (rank[count + i] - middle) * (rank[count + i] - middle);
    xy += (rank[i] - middle) * (rank[count + i] - middle);
  }
  free(rank);
  return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : (double)NAN;
}

typedef enum step { SKIP_REFERENCE, SKIP_ESTIMATE, PAIR } step;

/* How good a matching is: pairs first, then nearness. */
typedef struct worth {
  size_t pairs;
  double distance_s;
} worth;

static bool is_better(worth a, worth b) {
  return a.pairs > b.pairs || (a.pairs == b.pairs && a.distance_s < b.distance_s);
}

/* The best matching in order, of a stretch of both lists: dynamic programming. */
static size_t match_stretch(const hit* reference, size_t reference_count, const hit* estimate,
                            size_t estimate_count, double window_s, double shift_s, size_t first,
                            size_t* pair) {
  size_t rows = reference_count + 1;
  size_t columns = estimate_count + 1;
  worth* best = must(calloc(2 * columns, sizeof *best));
  uint8_t* steps = must(calloc(rows * columns, 1));
  for (size_t i = 1; i < rows; i++) {
    const worth* above = best + (i - 1) % 2 * columns;
    worth* here = best + i % 2 * columns;
    double reference_s = reference[i - 1].at_s;
    here[0] = (worth){0, 0};
    for (size_t j = 1; j < columns; j++) {
      double estimate_s = estimate[j - 1].at_s - shift_s;
      step choice = is_better(here[j - 1], above[j]) ? SKIP_ESTIMATE : SKIP_REFERENCE;
      worth value = choice == SKIP_ESTIMATE ? here[j - 1] : above[j];
      worth paired = {above[j - 1].pairs + 1,
                      above[j - 1].distance_s + fabs(reference_s - estimate_s)};
      if (estimate_s - window_s <= reference_s && reference_s <= estimate_s + window_s &&
          is_better(paired, value)) {
        value = paired;
        choice = PAIR;
      }
      here[j] = value;
      steps[i * columns + j] = (uint8_t)choice;
    }
  }
  size_t found = 0;
  for (size_t i = rows - 1, j = columns - 1; i > 0 && j > 0;) {
    step choice = (step)steps[i * columns + j];
    if (choice == PAIR) {
      found++;
      if (pair != NULL)
        pair[i - 1] = first + j - 1;
    }
    i -= choice != SKIP_ESTIMATE;
    j -= choice != SKIP_REFERENCE;
  }
  free(best);
  free(steps);
  return found;
}

size_t match(const hits* reference, const hits* estimate, double window_s, double shift_s,
             size_t* pair) {
  for (size_t i = 0; pair != NULL && i < reference->count; i++)
    pair[i] = SIZE_MAX;
  /* No pair reaches over a silence longer than the window: stretch by stretch. The margin keeps
   * what rounding might still pair. */
  double silence_s = 1.001 * window_s + 1e-6;
  size_t found = 0;
  size_t i = 0;
  size_t j = 0;
  while (i < reference->count && j < estimate->count) {
    size_t first_i = i;
    size_t first_j = j;
    double last_s = fmin(reference->items[i].at_s, estimate->items[j].at_s - shift_s);
    for (bool has_more = true; has_more;) {
      has_more = false;
      for (; i < reference->count && reference->items[i].at_s <= last_s + silence_s; i++) {
        last_s = fmax(last_s, reference->items[i].at_s);
        has_more = true;
      }
      for (; j < estimate->count && estimate->items[j].at_s - shift_s <= last_s + silence_s; j++) {
        last_s = fmax(last_s, estimate->items[j].at_s - shift_s);
        has_more = true;
      }
    }
    if (i > first_i && j > first_j)
      found += match_stretch(reference->items + first_i, i - first_i, estimate->items + first_j,
                             j - first_j, window_s, shift_s, first_j,
                             pair != NULL ? pair + first_i : NULL);
  }
  return found;
}

void tally_add(tally* sum, tally t) {
  sum->matched += t.matched;
  sum->references += t.references;
  sum->estimates += t.estimates;
}

double tally_f(tally t) {
  size_t sum = t.references + t.estimates;
  return sum > 0 ? 2 * (double)t.matched / (double)sum : (double)NAN;
}

double tally_precision(tally t) {
  return t.estimates > 0 ? (double)t.matched / (double)t.estimates : (double)NAN;
}

double tally_recall(tally t) {
  return t.references > 0 ? (double)t.matched / (double)t.references : (double)NAN;
}

double tally_f_by_rule(tally t, empty_rule rule) {
  switch (rule) {
  case EMPTY_LEFT_OUT:
    return tally_f(t);
  case EMPTY_MIR_EVAL:
    return t.references > 0 && t.estimates > 0 ? tally_f(t) : 0;
  default: {
    double precision = t.estimates > 0 ? tally_precision(t) : 1;
    double recall = t.references > 0 ? tally_recall(t) : 1;
    return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
  }
  }
}
