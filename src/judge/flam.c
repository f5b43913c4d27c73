#include "dt/flam.h"

#include <math.h>
#include <string.h>

#include "dt/arena.h"
#include "dt/stat.h"
#include "series_internal.h"

enum { AWAY_MAX = 12 }; /* strokes of others between a grace stroke and its main one */

/* Spacings of one kind, in order of time. */
typedef struct list {
  double* x;
  size_t count;
} list;

typedef enum kind {
  FLAM,
  FLAM_RIGHT,
  FLAM_LEFT,
  FLAM_DB,
  DRAG_FIRST,
  DRAG_SECOND,
  DRAG_WHOLE,
  DRAG_DB,
  KINDS
} kind;

static void layout(dt_arena* arena, list* lists, size_t n) {
  for (int k = 0; k < KINDS; ++k) {
    lists[k].x = dt_arena_take(arena, n, sizeof(double));
  }
}

static void add(list* l, double x) {
  l->x[l->count++] = x;
}

/* The grace stroke of that order; it stands near its main stroke, before it if all is well. */
static const dt_mark* grace_of(const dt_marks* marks, size_t main, int order) {
  const size_t from = main > AWAY_MAX ? main - AWAY_MAX : 0;
  for (size_t k = from; k < marks->count && k <= main + AWAY_MAX; ++k) {
    const dt_mark* mark = &marks->items[k];
    if (k != main && mark->event == marks->items[main].event && mark->order == order &&
        mark->voice == marks->items[main].voice && mark->label == DT_LABEL_HIT) {
      return mark;
    }
  }
  return NULL;
}

static double spacing_ms(const dt_mark* first, const dt_mark* then) {
  return 1e3 * (then->time_s - first->time_s);
}

static void collect_flam(const dt_mark* main, const dt_mark* grace, dt_flams* flams, list* lists) {
  const double ms = spacing_ms(grace, main);
  add(&lists[FLAM], ms);
  flams->flat_count += ms < DT_FLAM_FLAT_MS;
  if (main->hand == 'R') {
    add(&lists[FLAM_RIGHT], ms);
  } else if (main->hand == 'L') {
    add(&lists[FLAM_LEFT], ms);
  }
  const double db = grace->level_db - main->level_db;
  if (!isnan(db)) {
    add(&lists[FLAM_DB], db);
  }
}

static void collect_drag(const dt_mark* main, const dt_mark* first, const dt_mark* second,
                         list* lists) {
  add(&lists[DRAG_FIRST], spacing_ms(first, second));
  add(&lists[DRAG_SECOND], spacing_ms(second, main));
  add(&lists[DRAG_WHOLE], spacing_ms(first, main));
  const double db = 0.5 * (first->level_db + second->level_db) - main->level_db;
  if (!isnan(db)) {
    add(&lists[DRAG_DB], db);
  }
}

static void collect(const dt_marks* marks, dt_flams* flams, list* lists) {
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_mark* main = &marks->items[i];
    const bool ornamented = main->ornament == DT_FLAM || main->ornament == DT_DRAG;
    if (main->order != 0 || !ornamented || main->label != DT_LABEL_HIT) {
      continue;
    }
    const dt_mark* near = grace_of(marks, i, -1);
    const dt_mark* far = main->ornament == DT_DRAG ? grace_of(marks, i, -2) : NULL;
    if (main->ornament == DT_FLAM && near) {
      collect_flam(main, near, flams, lists);
    } else if (near && far) {
      collect_drag(main, far, near, lists);
    }
  }
  flams->flam_count = lists[FLAM].count;
  flams->drag_count = lists[DRAG_WHOLE].count;
}

static dt_estimate mean_of(const list* l) {
  return l->count == 0 ? dt__unknown(DT_NOT_TESTABLE) : dt__series_mean(l->x, l->count);
}

/* Leaves the spacings about their mean. */
static dt_spacing spacing_of(list* l, double jitter_ms) {
  dt_spacing s = {l->count, mean_of(l), dt__unknown(DT_NOT_TESTABLE)};
  if (l->count == 0) {
    return s;
  }
  const double mean = dt_mean(l->x, l->count);
  for (size_t i = 0; i < l->count; ++i) {
    l->x[i] -= mean;
  }
  s.sd_ms = dt__series_sd(l->x, l->count, 1.0, sqrt(2.0) * jitter_ms);
  return s;
}

/* Two means that know nothing of each other (Welch 1947). */
static dt_estimate difference(const list* a, const list* b) {
  if (a->count == 0 || b->count == 0) {
    return dt__unknown(DT_NOT_TESTABLE);
  }
  if (a->count < DT__SERIES_MIN || b->count < DT__SERIES_MIN) {
    return dt__unknown(DT_CANT_TELL);
  }
  const dt__error ea = dt__series_error(a->x, a->count);
  const dt__error eb = dt__series_error(b->x, b->count);
  const double va = ea.se * ea.se;
  const double vb = eb.se * eb.se;
  const double df = (va + vb) * (va + vb) / (va * va / ea.df + vb * vb / eb.df);
  return dt__estimate_student(dt_mean(a->x, a->count) - dt_mean(b->x, b->count),
                              (dt__error){sqrt(va + vb), isfinite(df) ? df : ea.df + eb.df});
}

static dt_estimate level_of(const dt_marks* marks, const list* l) {
  return marks->has_velocity ? mean_of(l) : dt__unknown(DT_NOT_TESTABLE);
}

static void measure(const dt_marks* marks, dt_flams* flams, list* lists) {
  collect(marks, flams, lists);
  flams->flam_grace_db = level_of(marks, &lists[FLAM_DB]);
  flams->drag_grace_db = level_of(marks, &lists[DRAG_DB]);
  flams->left_minus_right_ms = difference(&lists[FLAM_LEFT], &lists[FLAM_RIGHT]);
  flams->flam = spacing_of(&lists[FLAM], marks->jitter_ms);
  flams->right = spacing_of(&lists[FLAM_RIGHT], marks->jitter_ms);
  flams->left = spacing_of(&lists[FLAM_LEFT], marks->jitter_ms);
  flams->drag_first = spacing_of(&lists[DRAG_FIRST], marks->jitter_ms);
  flams->drag_second = spacing_of(&lists[DRAG_SECOND], marks->jitter_ms);
  flams->drag_whole = spacing_of(&lists[DRAG_WHOLE], marks->jitter_ms);
}

static void say_nothing(dt_flams* flams) {
  memset(flams, 0, sizeof(*flams));
  const dt_estimate none = dt__unknown(DT_NOT_TESTABLE);
  const dt_spacing spacing = {0, none, none};
  flams->flam = flams->right = flams->left = spacing;
  flams->drag_first = flams->drag_second = flams->drag_whole = spacing;
  flams->flam_grace_db = flams->drag_grace_db = flams->left_minus_right_ms = none;
}

dt_status dt_flams_measure(dt_flams* flams, const dt_allocator* allocator, const dt_marks* marks) {
  say_nothing(flams);
  if (marks->count == 0) {
    return DT_OK;
  }
  list lists[KINDS];
  memset(lists, 0, sizeof(lists));
  dt_arena arena = dt_arena_measure();
  layout(&arena, lists, marks->count);
  const size_t size = arena.used;
  void* memory = dt_alloc(allocator, size);
  if (!memory) {
    return DT_NO_MEMORY;
  }
  arena = dt_arena_over(memory, size);
  layout(&arena, lists, marks->count);
  measure(marks, flams, lists);
  dt_release(allocator, memory, size);
  return DT_OK;
}
