#include "dt/stroke.h"

#include <stdbool.h>
#include <stdint.h>

dt_stroke dt_stroke_at(double time_s, dt_drum drum) {
  return (dt_stroke){
      .time_s = time_s,
      .drum = drum,
      .velocity = 0.0F,
      .openness = -1.0F,
      .confidence = 1.0F,
      .choke_s = 0.0F,
      .note = -1,
  };
}

static dt_status grow(dt_strokes* list, const dt_allocator* allocator) {
  if (list->capacity > SIZE_MAX / 2 / sizeof *list->items)
    return DT_NO_MEMORY;
  const size_t capacity = list->capacity == 0 ? 64 : list->capacity * 2;
  dt_stroke* items =
      dt_resize(allocator, list->items, list->capacity * sizeof *items, capacity * sizeof *items);
  if (items == NULL)
    return DT_NO_MEMORY;
  list->items = items;
  list->capacity = capacity;
  return DT_OK;
}

dt_status dt_strokes_add(dt_strokes* list, const dt_allocator* allocator, const dt_stroke* stroke) {
  /* The stroke may stand in the list itself, which moves when it grows. */
  const dt_stroke copy = *stroke;
  if (list->count == list->capacity) {
    const dt_status status = grow(list, allocator);
    if (status != DT_OK)
      return status;
  }
  list->items[list->count++] = copy;
  return DT_OK;
}

void dt_strokes_clear(dt_strokes* list, const dt_allocator* allocator) {
  dt_release(allocator, list->items, list->capacity * sizeof *list->items);
  *list = (dt_strokes){0};
}
