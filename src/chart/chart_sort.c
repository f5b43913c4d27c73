#include "chart_internal.h"

#include "dt/sort.h"

_Static_assert(sizeof(dt_chart_span) <= DT_SORT_ITEM_MAX &&
                   sizeof(dt_chart_note) <= DT_SORT_ITEM_MAX,
               "what is sorted is small");

static bool note_before(const dt_chart_note* a, const dt_chart_note* b) {
  return a->tick != b->tick ? a->tick < b->tick : a->drum < b->drum;
}

static bool span_before(const dt_chart_span* a, const dt_chart_span* b) {
  if (a->start != b->start)
    return a->start < b->start;
  if (a->fill != b->fill)
    return b->fill;
  return a->end < b->end;
}

static bool is_note_later(const void* a, const void* b) {
  return note_before(b, a);
}

static bool is_span_later(const void* a, const void* b) {
  return span_before(b, a);
}

/* A list in order, the usual case, is seen before. */
void dt__notes_sort(dt_chart_note* notes, size_t count) {
  bool is_in_order = true;
  for (size_t i = 1; i < count && is_in_order; i++)
    is_in_order = !note_before(&notes[i], &notes[i - 1]);
  if (!is_in_order)
    dt_sort(notes, count, sizeof *notes, is_note_later);
}

void dt_chart_sort(dt_chart* chart) {
  dt__notes_sort(chart->notes, chart->note_count);
  bool is_in_order = true;
  for (size_t i = 1; i < chart->span_count && is_in_order; i++)
    is_in_order = !span_before(&chart->spans[i], &chart->spans[i - 1]);
  if (!is_in_order)
    dt_sort(chart->spans, chart->span_count, sizeof *chart->spans, is_span_later);
}
