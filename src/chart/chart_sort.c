#include "chart_internal.h"

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

/* Heap sort (Williams, CACM 7, 1964): in place, and no input is slow. Twice, because C has no
 * templates; a list in order, the usual case, is seen before. */
static void sift_note(dt_chart_note* heap, size_t at, size_t count) {
  const dt_chart_note moving = heap[at];
  for (size_t child; (child = 2 * at + 1) < count; at = child) {
    if (child + 1 < count && note_before(&heap[child], &heap[child + 1]))
      child++;
    if (!note_before(&moving, &heap[child]))
      break;
    heap[at] = heap[child];
  }
  heap[at] = moving;
}

static void sort_notes(dt_chart_note* notes, size_t count) {
  for (size_t i = count / 2; i-- > 0;)
    sift_note(notes, i, count);
  for (size_t end = count; end-- > 1;) {
    const dt_chart_note last = notes[end];
    notes[end] = notes[0];
    notes[0] = last;
    sift_note(notes, 0, end);
  }
}

static void sift_span(dt_chart_span* heap, size_t at, size_t count) {
  const dt_chart_span moving = heap[at];
  for (size_t child; (child = 2 * at + 1) < count; at = child) {
    if (child + 1 < count && span_before(&heap[child], &heap[child + 1]))
      child++;
    if (!span_before(&moving, &heap[child]))
      break;
    heap[at] = heap[child];
  }
  heap[at] = moving;
}

static void sort_spans(dt_chart_span* spans, size_t count) {
  for (size_t i = count / 2; i-- > 0;)
    sift_span(spans, i, count);
  for (size_t end = count; end-- > 1;) {
    const dt_chart_span last = spans[end];
    spans[end] = spans[0];
    spans[0] = last;
    sift_span(spans, 0, end);
  }
}

void dt__notes_sort(dt_chart_note* notes, size_t count) {
  bool is_in_order = true;
  for (size_t i = 1; i < count && is_in_order; i++)
    is_in_order = !note_before(&notes[i], &notes[i - 1]);
  if (!is_in_order)
    sort_notes(notes, count);
}

void dt_chart_sort(dt_chart* chart) {
  dt__notes_sort(chart->notes, chart->note_count);
  bool is_in_order = true;
  for (size_t i = 1; i < chart->span_count && is_in_order; i++)
    is_in_order = !span_before(&chart->spans[i], &chart->spans[i - 1]);
  if (!is_in_order)
    sort_spans(chart->spans, chart->span_count);
}
