#ifndef DT_SORT_H
#define DT_SORT_H

#include <stdbool.h>
#include <stddef.h>

/* Puts `count` items of `size` bytes (1 .. DT_SORT_ITEM_MAX) in order, in place: heap sort
 * (Williams, CACM 7, 1964), so that no input is slow. No memory, any thread. Items that compare
 * equal may change places, the same way on every run; what must keep its order needs it in the
 * comparison. (Strokes have a stable sort of their own, dt_strokes_sort.) */
#define DT_SORT_ITEM_MAX 256

/* Does a stand after b? */
typedef bool (*dt_sort_is_later_fn)(const void* a, const void* b);

void dt_sort(void* items, size_t count, size_t size, dt_sort_is_later_fn is_later);

#endif
