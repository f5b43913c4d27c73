#include "score.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void* must(void* block) {
  if (block == NULL) {
    fputs("bench: not enough memory\n", stderr);
    exit(1);
  }
  return block;
}

void times_add(times* list, double at, double weight) {
  if (list->count == list->capacity) {
    list->capacity = list->capacity > 0 ? list->capacity * 2 : 256;
    list->at = must(realloc(list->at, list->capacity * sizeof *list->at));
    list->weight = must(realloc(list->weight, list->capacity * sizeof *list->weight));
  }
  list->at[list->count] = at;
  list->weight[list->count] = weight;
  list->count++;
}

void times_sort(times* list) {
  for (size_t i = 1; i < list->count; i++) {
    double at = list->at[i];
    double weight = list->weight[i];
    size_t j = i;
    for (; j > 0 && list->at[j - 1] > at; j--) {
      list->at[j] = list->at[j - 1];
      list->weight[j] = list->weight[j - 1];
    }
    list->at[j] = at;
    list->weight[j] = weight;
  }
}

void times_clear(times* list) {
  free(list->at);
  free(list->weight);
  memset(list, 0, sizeof *list);
}

void times_pool(const times* list, double window_s, times* pooled) {
  for (size_t i = 0; i < list->count;) {
    double sum = 0;
    double loudest = 0;
    size_t j = i;
    for (; j < list->count && list->at[j] - list->at[i] <= window_s; j++) {
      sum += list->at[j];
      loudest = fmax(loudest, list->weight[j]);
    }
    times_add(pooled, sum / (double)(j - i), loudest);
    i = j;
  }
}

enum { SKIP_REFERENCE, SKIP_ESTIMATE, PAIR };

/* A pair is worth more than any distance. */
static const double pair_worth = 1e6;

size_t match(const times* reference, const times* estimate, double window_s, double shift_s,
             size_t* pair) {
  size_t rows = reference->count + 1;
  size_t columns = estimate->count + 1;
  double* best = must(calloc(2 * columns, sizeof *best));
  uint8_t* step = must(calloc(rows * columns, 1));
  for (size_t i = 1; i < rows; i++) {
    double* above = best + (i - 1) % 2 * columns;
    double* here = best + i % 2 * columns;
    here[0] = 0;
    for (size_t j = 1; j < columns; j++) {
      double distance = fabs(reference->at[i - 1] - (estimate->at[j - 1] - shift_s));
      uint8_t choice = above[j] >= here[j - 1] ? SKIP_REFERENCE : SKIP_ESTIMATE;
      double value = fmax(above[j], here[j - 1]);
      if (distance <= window_s && above[j - 1] + pair_worth - distance > value) {
        value = above[j - 1] + pair_worth - distance;
        choice = PAIR;
      }
      here[j] = value;
      step[i * columns + j] = choice;
    }
  }
  size_t hits = 0;
  for (size_t i = 0; pair != NULL && i < reference->count; i++)
    pair[i] = SIZE_MAX;
  for (size_t i = rows - 1, j = columns - 1; i > 0 && j > 0;) {
    uint8_t choice = step[i * columns + j];
    if (choice == PAIR) {
      hits++;
      if (pair != NULL)
        pair[i - 1] = j - 1;
    }
    i -= choice != SKIP_ESTIMATE;
    j -= choice != SKIP_REFERENCE;
  }
  free(best);
  free(step);
  return hits;
}

double tally_f(tally t) {
  size_t sum = t.references + t.estimates;
  return sum > 0 ? 2 * (double)t.hits / (double)sum : (double)NAN;
}

double tally_precision(tally t) {
  return t.estimates > 0 ? (double)t.hits / (double)t.estimates : (double)NAN;
}

double tally_recall(tally t) {
  return t.references > 0 ? (double)t.hits / (double)t.references : (double)NAN;
}
