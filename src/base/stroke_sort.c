#include "dt/stroke.h"

#include <stdbool.h>

/*
 * Stable merge sort in place: short runs by insertion, then SymMerge (Kim & Kutzner, "Stable
 * Minimum Storage Merging by Symmetric Comparisons", ESA 2004), which needs no second array.
 * Strokes come almost in order, where this takes linear time.
 */
#define RUN 16

static bool before(const dt_stroke* a, const dt_stroke* b) {
  if (a->time_s != b->time_s)
    return a->time_s < b->time_s;
  if (a->drum != b->drum)
    return a->drum < b->drum;
  return a->note < b->note;
}

static void sort_run(dt_stroke* items, size_t count) {
  for (size_t i = 1; i < count; ++i) {
    const dt_stroke moving = items[i];
    size_t to = i;
    for (; to > 0 && before(&moving, &items[to - 1]); --to)
      items[to] = items[to - 1];
    items[to] = moving;
  }
}

static void reverse(dt_stroke* items, size_t count) {
  for (size_t i = 0; i < count / 2; ++i) {
    const dt_stroke other = items[i];
    items[i] = items[count - 1 - i];
    items[count - 1 - i] = other;
  }
}

/* Swaps the neighbouring blocks of `left` and of `count - left` items, keeping their orders. */
static void rotate(dt_stroke* items, size_t left, size_t count) {
  if (left == 0 || left == count)
    return;
  reverse(items, left);
  reverse(items + left, count - left);
  reverse(items, count);
}

/* Merges the sorted items[0..left) and items[left..count). */
static void merge(dt_stroke* items, size_t left, size_t count) {
  if (left == 0 || left == count || !before(&items[left], &items[left - 1]))
    return;
  if (count == 2) {
    rotate(items, 1, 2);
    return;
  }
  /* Look for the cut that is symmetric about the middle: as many items leave the left half as
   * enter it. */
  const size_t middle = count / 2;
  const size_t both = middle + left;
  size_t low = left > middle ? both - count : 0;
  size_t high = left > middle ? middle : left;
  while (low < high) {
    const size_t at = low + (high - low) / 2;
    if (before(&items[both - 1 - at], &items[at]))
      high = at;
    else
      low = at + 1;
  }
  const size_t end = both - low;
  rotate(items + low, left - low, end - low);
  merge(items, low, middle);
  merge(items + middle, end - middle, count - middle);
}

void dt_strokes_sort(dt_strokes* list) {
  const size_t count = list->count;
  for (size_t at = 0; at < count; at += RUN)
    sort_run(list->items + at, count - at < RUN ? count - at : RUN);
  for (size_t width = RUN; width < count; width *= 2) {
    for (size_t at = 0; count - at > width; at += 2 * width) {
      merge(list->items + at, width, count - at < 2 * width ? count - at : 2 * width);
      if (count - at <= 2 * width)
        break;
    }
  }
}
