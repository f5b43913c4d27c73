#include "dt/openness.h"

#include <math.h>
#include <string.h>

#include "dt/stat.h"
#include "series_internal.h"

typedef struct list {
  double* x;
  size_t count;
} list;

static dt_hat hat_of(dt_drum drum) {
  switch (drum) {
  case DT_HIHAT_CLOSED:
    return DT_HAT_CLOSED;
  case DT_HIHAT_OPEN:
    return DT_HAT_OPEN;
  case DT_HIHAT:
    return DT_HAT_ANY;
  case DT_HIHAT_PEDAL:
    return DT_HAT_PEDAL;
  default:
    return DT_HAT_COUNT;
  }
}

/* As the chart writes it, or as it was played; DT_HAT_COUNT for what counts nowhere. */
static dt_hat class_of(const dt_mark* mark, const dt_alignment* alignment) {
  if (!alignment) {
    return hat_of(mark->drum);
  }
  if (mark->label == DT_LABEL_EXTRA || mark->stroke >= alignment->stroke_count) {
    return DT_HAT_COUNT;
  }
  const size_t event = alignment->strokes[mark->stroke].event;
  if (event >= alignment->event_count) {
    return DT_HAT_COUNT;
  }
  const dt_drum written = alignment->events[event].note.drum;
  /* Played on another drum altogether it says nothing of the foot. */
  const bool on_hat = hat_of(mark->drum) != DT_HAT_COUNT;
  return on_hat ? hat_of(written) : DT_HAT_COUNT;
}

static bool is_open(const dt_mark* mark) {
  return isnan(mark->openness) ? mark->drum == DT_HIHAT_OPEN : mark->openness > DT_OPENNESS_SLOPPY;
}

static bool is_told(const dt_mark* mark) {
  return !isnan(mark->openness) || mark->drum == DT_HIHAT_OPEN || mark->drum == DT_HIHAT_CLOSED;
}

/* Score interval of a share (Wilson 1927). */
static dt_estimate share_of(size_t hits, size_t count) {
  if (count < DT__SERIES_MIN) {
    return dt__unknown(count == 0 ? DT_NOT_TESTABLE : DT_CANT_TELL);
  }
  const double n = (double)count;
  const double p = (double)hits / n;
  const double z = dt_normal_quantile(0.975);
  const double centre = (p + 0.5 * z * z / n) / (1.0 + z * z / n);
  const double half = z * sqrt(p * (1.0 - p) / n + 0.25 * z * z / (n * n)) / (1.0 + z * z / n);
  const dt_estimate e = {p, fmin(p, fmax(0.0, centre - half)), fmax(p, fmin(1.0, centre + half)),
                         DT_KNOWN};
  return e;
}

static double within(double x) {
  return fmin(1.0, fmax(0.0, x));
}

static dt_estimate kept_within(dt_estimate e) {
  if (e.known == DT_KNOWN) {
    e.low = within(e.low);
    e.high = within(e.high);
  }
  return e;
}

/* Leaves the values about their mean. */
static void summarise(list* l, dt_hat_openness* hat) {
  hat->known_count = l->count;
  if (l->count == 0) {
    return;
  }
  hat->mean = kept_within(dt__series_mean(l->x, l->count));
  const double mean = dt_mean(l->x, l->count);
  for (size_t i = 0; i < l->count; ++i) {
    l->x[i] -= mean;
  }
  hat->sd = dt__series_sd(l->x, l->count, 1.0, 0.0);
}

/* Two means that know nothing of each other (Welch 1947). Of x about the means. */
static dt_estimate contrast_of(const list* lists, const dt_openness* o) {
  const dt_hat_openness* open = &o->hats[DT_HAT_OPEN];
  const dt_hat_openness* closed = &o->hats[DT_HAT_CLOSED];
  if (open->mean.known != DT_KNOWN || closed->mean.known != DT_KNOWN) {
    const bool none = open->known_count == 0 || closed->known_count == 0;
    return dt__unknown(none ? DT_NOT_TESTABLE : DT_CANT_TELL);
  }
  const dt__error a = dt__series_error(lists[DT_HAT_OPEN].x, lists[DT_HAT_OPEN].count);
  const dt__error b = dt__series_error(lists[DT_HAT_CLOSED].x, lists[DT_HAT_CLOSED].count);
  const double va = a.se * a.se;
  const double vb = b.se * b.se;
  const double df = (va + vb) * (va + vb) / (va * va / a.df + vb * vb / b.df);
  return dt__estimate_student(open->mean.value - closed->mean.value,
                              (dt__error){sqrt(va + vb), isfinite(df) ? df : a.df + b.df});
}

static void measure(const dt_marks* marks, const dt_alignment* alignment, dt_openness* o,
                    list* lists) {
  size_t told[DT_HAT_COUNT] = {0};
  for (size_t i = 0; i < marks->count; ++i) {
    const dt_mark* mark = &marks->items[i];
    const dt_hat hat = class_of(mark, alignment);
    if (hat == DT_HAT_COUNT) {
      continue;
    }
    ++o->hats[hat].count;
    if (!isnan(mark->openness)) {
      lists[hat].x[lists[hat].count++] = mark->openness;
    }
    if (is_told(mark)) {
      ++told[hat];
      o->sloppy_count += hat == DT_HAT_CLOSED && is_open(mark);
      o->choked_count += hat == DT_HAT_OPEN && !is_open(mark);
    }
  }
  for (int hat = 0; hat < DT_HAT_COUNT; ++hat) {
    summarise(&lists[hat], &o->hats[hat]);
  }
  o->contrast = contrast_of(lists, o);
  if (o->written) {
    o->sloppy_share = share_of(o->sloppy_count, told[DT_HAT_CLOSED]);
    o->choked_share = share_of(o->choked_count, told[DT_HAT_OPEN]);
  } else {
    o->sloppy_count = o->choked_count = 0;
  }
}

static void say_nothing(dt_openness* o) {
  memset(o, 0, sizeof(*o));
  const dt_estimate none = dt__unknown(DT_NOT_TESTABLE);
  for (int hat = 0; hat < DT_HAT_COUNT; ++hat) {
    o->hats[hat].mean = o->hats[hat].sd = none;
  }
  o->sloppy_share = o->choked_share = o->contrast = none;
}

dt_status dt_openness_measure(dt_openness* openness, const dt_allocator* allocator,
                              const dt_marks* marks, const dt_alignment* alignment) {
  say_nothing(openness);
  if (marks->count == 0) {
    return DT_OK;
  }
  const size_t each = marks->count * sizeof(double);
  double* memory = dt_alloc(allocator, DT_HAT_COUNT * each);
  if (!memory) {
    return DT_NO_MEMORY;
  }
  list lists[DT_HAT_COUNT];
  for (size_t hat = 0; hat < DT_HAT_COUNT; ++hat) {
    lists[hat] = (list){memory + hat * marks->count, 0};
  }
  openness->written = alignment != NULL;
  measure(marks, alignment, openness, lists);
  dt_release(allocator, memory, DT_HAT_COUNT * each);
  return DT_OK;
}

const char* dt_hat_name(dt_hat hat) {
  static const char* const names[DT_HAT_COUNT] = {"closed", "open", "hi-hat", "pedal"};
  return hat >= DT_HAT_CLOSED && hat < DT_HAT_COUNT ? names[hat] : "";
}
