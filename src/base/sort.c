#include "dt/sort.h"

#include <string.h>

typedef struct heap {
  unsigned char* items;
  size_t size;
  dt_sort_is_later_fn is_later;
} heap;

static unsigned char* item(const heap* h, size_t at) {
  return h->items + at * h->size;
}

/* Lets the item at `at` sink below all that stand later, in the first `count`. */
static void sift(const heap* h, size_t at, size_t count) {
  unsigned char moving[DT_SORT_ITEM_MAX];
  memcpy(moving, item(h, at), h->size);
  for (size_t child; (child = 2 * at + 1) < count; at = child) {
    if (child + 1 < count && h->is_later(item(h, child + 1), item(h, child)))
      child++;
    if (!h->is_later(item(h, child), moving))
      break;
    memcpy(item(h, at), item(h, child), h->size);
  }
  memcpy(item(h, at), moving, h->size);
}

void dt_sort(void* items, size_t count, size_t size, dt_sort_is_later_fn is_later) {
  const heap h = {items, size, is_later};
  for (size_t i = count / 2; i-- > 0;)
    sift(&h, i, count);
  for (size_t end = count; end-- > 1;) {
    unsigned char last[DT_SORT_ITEM_MAX];
    memcpy(last, item(&h, end), size);
    memcpy(item(&h, end), item(&h, 0), size);
    memcpy(item(&h, 0), last, size);
    sift(&h, 0, end);
  }
}
