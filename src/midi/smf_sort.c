#include <stdbool.h>
#include <string.h>

#include "smf_internal.h"

static dt_tick tick_at(const unsigned char* items, size_t index, size_t item_size) {
  dt_tick tick;
  memcpy(&tick, items + index * item_size, sizeof tick);
  return tick;
}

static bool is_sorted(const unsigned char* items, size_t count, size_t item_size) {
  for (size_t i = 1; i < count; ++i)
    if (tick_at(items, i - 1, item_size) > tick_at(items, i, item_size))
      return false;
  return true;
}

/* Merges items[begin, middle) and items[middle, end) into to; equal ticks keep their order. */
static void merge(unsigned char* to, const unsigned char* items, size_t begin, size_t middle,
                  size_t end, size_t item_size) {
  size_t left = begin;
  size_t right = middle;
  for (size_t i = begin; i < end; ++i) {
    const bool take_left = left < middle && (right == end || tick_at(items, left, item_size) <=
                                                                 tick_at(items, right, item_size));
    memcpy(to + i * item_size, items + (take_left ? left++ : right++) * item_size, item_size);
  }
}

void dt__sort_by_tick(void* items, size_t count, size_t item_size, void* scratch) {
  if (is_sorted(items, count, item_size))
    return;
  unsigned char* from = items;
  unsigned char* to = scratch;
  for (size_t width = 1; width < count; width *= 2) {
    for (size_t begin = 0; begin < count; begin += 2 * width) {
      const size_t middle = begin + width < count ? begin + width : count;
      const size_t end = begin + 2 * width < count ? begin + 2 * width : count;
      merge(to, from, begin, middle, end, item_size);
    }
    unsigned char* swap = from;
    from = to;
    to = swap;
  }
  if (from != items)
    memcpy(items, from, count * item_size);
}
