#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "roll_internal.h"

/* Which strokes are rolls. */

static const double GAP = 1.6;          /* times the interval before: a stroke is missing */
static const double NEARLY_EQUAL = 1.4; /* no chart: ratio of an interval to the run's own */
static const double SWUNG_MS = 4.0;     /* the grid moves strokes against each other by more */
static const double TICK = 1.5;         /* written steps this close are equal */

/* A run in the making. */
typedef struct run {
  size_t last; /* mark */
  size_t count;
  double step;   /* ticks, or ms without a chart; NAN before the second stroke */
  double low_ms; /* of swung minus straight */
  double high_ms;
} run;

typedef struct finder {
  const dt_marks* marks;
  dt__roll_list* list;
} finder;

static bool is_hand(char c) {
  return c == 'R' || c == 'L' || c == 'K' || c == 'H';
}

static bool is_left(char c) {
  return c == 'L' || c == 'H';
}

/* Of a written roll the chart gives the hand that begins; whether it goes on in single strokes or
 * in doubles it does not say. */
static void alternate(const dt_marks* marks, dt__roll_stroke* s, const dt__roll_span* span) {
  for (size_t i = 0; i < span->count; ++i) {
    const dt_mark* mark = &marks->items[s[i].mark];
    const int turn = mark->order + is_left(mark->hand);
    s[i].hand = span->kind == DT_ROLL_WRITTEN ? (double)(abs(turn) % 2) : (double)(i % 2);
  }
}

static void know_hands(const dt_marks* marks, dt__roll_list* list, dt__roll_span* span) {
  dt__roll_stroke* s = list->strokes + span->first;
  size_t known = 0;
  size_t left = 0;
  for (size_t i = 0; i < span->count; ++i) {
    const char hand = marks->items[s[i].mark].hand;
    known += is_hand(hand);
    left += is_left(hand);
  }
  const bool all = span->kind != DT_ROLL_WRITTEN && known == span->count;
  span->sticking = all && left > 0 && left < span->count;
  span->one_hand = all && !span->sticking;
  alternate(marks, s, span);
  for (size_t i = 0; all && i < span->count; ++i) {
    s[i].hand = span->one_hand ? 0.0 : (double)is_left(marks->items[s[i].mark].hand);
    const bool again = span->sticking && i > 0 && s[i].hand == s[i - 1].hand;
    s[i].second = again && s[i - 1].second < 0.5 ? 1.0 : 0.0;
    span->doubles = span->doubles || s[i].second > 0.5;
  }
}

static void add_stroke(finder* f, size_t i) {
  const dt_mark* mark = &f->marks->items[i];
  dt__roll_stroke* s = &f->list->strokes[f->list->stroke_count++];
  *s = (dt__roll_stroke){i, mark->time_s, mark->level_db, 0.0, 0.0};
}

/* The strokes were added last: they become a span when there are enough of them, fast enough. */
static bool close_span(finder* f, dt_roll_kind kind, dt_voice voice, size_t first, size_t least) {
  dt__roll_list* list = f->list;
  const size_t count = list->stroke_count - first;
  const dt__roll_stroke* s = list->strokes + first;
  const bool fast = count > 1 && 1e3 * (s[count - 1].time_s - s[0].time_s) <=
                                     DT_ROLL_INTERVAL_MAX_MS * (double)(count - 1);
  if (count < least || !fast) {
    list->stroke_count = first;
    return false;
  }
  dt__roll_span* span = &list->spans[list->span_count++];
  memset(span, 0, sizeof(*span));
  span->kind = kind;
  span->voice = voice;
  span->first = first;
  span->count = count;
  know_hands(f->marks, list, span);
  return true;
}

/* Rolls of the chart: strokes of one event, and of events that go on without a gap. */
static void find_written(finder* f, dt_voice voice) {
  enum { WRITTEN_MIN = 5 };
  size_t first = f->list->stroke_count;
  size_t event = 0;
  double mean_s = 0.0;
  for (size_t i = 0; i < f->marks->count; ++i) {
    const dt_mark* mark = &f->marks->items[i];
    if (mark->voice != voice || mark->ornament != DT_ROLL || mark->label == DT_LABEL_EXTRA) {
      continue;
    }
    const size_t count = f->list->stroke_count - first;
    if (count > 0) {
      const dt__roll_stroke* s = f->list->strokes + first;
      const double gap_s = mark->time_s - s[count - 1].time_s;
      mean_s = count > 1 ? (s[count - 1].time_s - s[0].time_s) / (double)(count - 1) : 0.0;
      if (mark->event != event && (count < 3 || gap_s > GAP * mean_s)) {
        close_span(f, DT_ROLL_WRITTEN, voice, first, WRITTEN_MIN);
        first = f->list->stroke_count;
      }
    }
    event = mark->event;
    add_stroke(f, i);
  }
  close_span(f, DT_ROLL_WRITTEN, voice, first, WRITTEN_MIN);
}

/* Does mark i go on evenly after the run's last stroke? */
static bool goes_on(const finder* f, const run* r, const dt_mark* mark) {
  const dt_mark* last = &f->marks->items[r->last];
  const double ms = 1e3 * (mark->time_s - last->time_s);
  if (ms > GAP * DT_ROLL_INTERVAL_MAX_MS) {
    return false;
  }
  if (!f->marks->has_chart) {
    const double ratio = r->count > 1 ? ms / r->step : 1.0;
    return ms > 0.0 && ms <= DT_ROLL_INTERVAL_MAX_MS * NEARLY_EQUAL && ratio < NEARLY_EQUAL &&
           ratio > 1.0 / NEARLY_EQUAL;
  }
  const double swung = mark->straight_ms - mark->own_ms;
  if (!isnan(swung) && fmax(r->high_ms, swung) - fmin(r->low_ms, swung) > SWUNG_MS) {
    return false;
  }
  const double step = mark->tick - last->tick;
  return step > TICK && (r->count == 1 || fabs(step - r->step) < TICK);
}

static void start_run(const finder* f, size_t i, run* r) {
  const dt_mark* mark = &f->marks->items[i];
  const double swung = mark->straight_ms - mark->own_ms;
  *r = (run){i, 1, (double)NAN, swung, swung};
}

static void extend_run(const finder* f, run* r, size_t i) {
  const dt_mark* mark = &f->marks->items[i];
  const dt_mark* last = &f->marks->items[r->last];
  const double swung = mark->straight_ms - mark->own_ms;
  r->low_ms = fmin(r->low_ms, swung);
  r->high_ms = fmax(r->high_ms, swung);
  if (f->marks->has_chart) {
    r->step = mark->tick - last->tick;
  } else {
    /* A mean that follows slowly. */
    const double ms = 1e3 * (mark->time_s - last->time_s);
    r->step = r->count == 1 ? ms : r->step + (ms - r->step) / fmin((double)r->count, 8.0);
  }
  r->last = i;
  ++r->count;
}

static bool in_run(const finder* f, const dt_mark* mark, dt_voice voice) {
  if (mark->voice != voice) {
    return false;
  }
  if (!f->marks->has_chart) {
    return true; /* a fast roll may look like flams, or stand off the grid */
  }
  return mark->label != DT_LABEL_EXTRA && mark->order == 0 && mark->ornament != DT_ROLL &&
         !isnan(mark->tick);
}

/* A run begins at i, or at the stroke before it when that belongs to none. */
static void first_two(finder* f, run* r, bool taken, size_t i) {
  run before;
  start_run(f, r->last, &before);
  if (r->count > 0 && !taken && goes_on(f, &before, &f->marks->items[i])) {
    add_stroke(f, r->last);
    *r = before;
    extend_run(f, r, i);
  } else {
    start_run(f, i, r);
  }
}

static void find_runs(finder* f, dt_voice voice) {
  const dt_roll_kind kind = f->marks->has_chart ? DT_ROLL_RUN : DT_ROLL_FOUND;
  size_t first = f->list->stroke_count;
  run r = {0};
  for (size_t i = 0; i < f->marks->count; ++i) {
    const dt_mark* mark = &f->marks->items[i];
    if (!in_run(f, mark, voice)) {
      continue;
    }
    if (r.count > 0 && goes_on(f, &r, mark)) {
      extend_run(f, &r, i);
    } else {
      const bool kept = close_span(f, kind, voice, first, DT_ROLL_STROKES_MIN);
      first = f->list->stroke_count;
      first_two(f, &r, kept, i);
    }
    add_stroke(f, i);
  }
  close_span(f, kind, voice, first, DT_ROLL_STROKES_MIN);
}

/* Few spans: by insertion. */
static void sort_spans(dt__roll_list* list) {
  for (size_t i = 1; i < list->span_count; ++i) {
    const dt__roll_span span = list->spans[i];
    size_t k = i;
    for (; k > 0 && list->strokes[list->spans[k - 1].first].mark > list->strokes[span.first].mark;
         --k) {
      list->spans[k] = list->spans[k - 1];
    }
    list->spans[k] = span;
  }
}

void dt__roll_find(const dt_marks* marks, dt__roll_list* list) {
  finder f = {marks, list};
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    if (marks->has_chart) {
      find_written(&f, (dt_voice)v);
    }
    find_runs(&f, (dt_voice)v);
  }
  sort_spans(list);
}
