#include <math.h>

#include "dt/roll.h"
#include "fatigue_internal.h"

/*
 * Speed of rolls against time: the strokes of every roll in stretches, each with its speed; those
 * that are written alike (kind, voice and spacing in the chart) about their own mean. Relative
 * speeds are compared, and the slope is given at the mean speed.
 */
enum { STRETCH = 16, STRETCHES_MIN = 8 };

typedef struct stretch {
  double minutes;
  double log_rate;
  double step; /* ticks in the chart, 0 not known */
  dt_roll_kind kind;
  dt_voice voice;
} stretch;

static double step_of(const dt_marks* marks, const dt_roll* roll, size_t next) {
  if (roll->kind != DT_ROLL_RUN) {
    return 0.0;
  }
  return marks->items[next].tick - marks->items[roll->first_mark].tick;
}

/* The next stroke of the roll after mark i; marks->count at its end. */
static size_t next_of(const dt_marks* marks, const dt_roll* roll, size_t i) {
  for (++i; i < marks->count && marks->items[i].time_s <= roll->end_s; ++i) {
    const dt_mark* mark = &marks->items[i];
    const bool same = mark->voice == roll->voice &&
                      (mark->order >= 0 || roll->kind == DT_ROLL_FOUND) &&
                      (mark->label != DT_LABEL_EXTRA || roll->kind == DT_ROLL_FOUND);
    if (same) {
      return i;
    }
  }
  return marks->count;
}

static size_t cut(const dt_marks* marks, const dt_roll* roll, stretch* out) {
  size_t count = 0;
  size_t i = roll->first_mark;
  size_t next = next_of(marks, roll, i);
  const double step = next < marks->count ? step_of(marks, roll, next) : 0.0;
  const size_t pieces = roll->stroke_count / STRETCH > 0 ? roll->stroke_count / STRETCH : 1;
  for (size_t k = 0; k < pieces; ++k) {
    const size_t intervals =
        (roll->stroke_count - 1) * (k + 1) / pieces - (roll->stroke_count - 1) * k / pieces;
    const double start_s = marks->items[i].time_s;
    size_t done = 0;
    for (; done < intervals && next < marks->count; ++done) {
      i = next;
      next = next_of(marks, roll, i);
    }
    const double length_min = (marks->items[i].time_s - start_s) / 60.0;
    if (done == intervals && length_min > 0.0) {
      out[count++] = (stretch){start_s / 60.0 + 0.5 * length_min, log((double)done / length_min),
                               step, roll->kind, roll->voice};
    }
  }
  return count;
}

static bool alike(const stretch* a, const stretch* b) {
  return a->kind == b->kind && a->voice == b->voice && fabs(a->step - b->step) < 1.5;
}

/* Time and speed of each about the mean of those alike. Returns how many kinds there are. */
static size_t centre(const stretch* s, size_t count, double* x, double* y) {
  size_t kinds = 0;
  for (size_t i = 0; i < count; ++i) {
    double n = 0.0;
    x[i] = y[i] = 0.0;
    bool first = true;
    for (size_t k = 0; k < count; ++k) {
      if (alike(&s[i], &s[k])) {
        n += 1.0;
        x[i] += s[k].minutes;
        y[i] += s[k].log_rate;
        first = first && k >= i;
      }
    }
    kinds += first;
    x[i] = s[i].minutes - x[i] / n;
    y[i] = s[i].log_rate - y[i] / n;
  }
  return kinds;
}

static dt_slope slope(const stretch* s, size_t count, double* x, double* y) {
  const dt_slope unknown = {dt__unknown(DT_CANT_TELL), (double)NAN};
  const size_t kinds = centre(s, count, x, y);
  double xx = 0.0;
  double xy = 0.0;
  double rate = 0.0;
  for (size_t i = 0; i < count; ++i) {
    xx += x[i] * x[i];
    xy += x[i] * y[i];
    rate += exp(s[i].log_rate) / (double)count;
  }
  const double span_s = 60.0 * (s[count - 1].minutes - s[0].minutes);
  if (count < kinds + STRETCHES_MIN || !(xx > 0.0) || span_s < 0.5 * DT_FATIGUE_SPAN_MIN_S) {
    return unknown;
  }
  const double b = xy / xx;
  const double left = (double)(count - kinds - 1);
  const double gain = (double)count / xx * sqrt((double)count / left);
  for (size_t i = 0; i < count; ++i) {
    y[i] = gain * x[i] * (y[i] - b * x[i]);
  }
  dt__number number = {b, dt__slope_error(y, count)};
  number.error.df = fmin(number.error.df, left);
  const dt_slope relative = {dt__number_estimate(number), dt__number_p(number)};
  const dt_slope absolute = {dt__estimate_scaled(relative.per_min, rate), relative.p};
  return absolute.per_min.known == DT_KNOWN ? absolute : unknown;
}

static dt_status measure(const dt_marks* marks, const dt_rolls* rolls,
                         const dt_allocator* allocator, dt_slope* out) {
  const size_t room = rolls->stroke_count / STRETCH + rolls->count;
  const size_t size = room * (sizeof(stretch) + 2 * sizeof(double));
  stretch* s = dt_alloc(allocator, size);
  if (!s) {
    return DT_NO_MEMORY;
  }
  size_t count = 0;
  for (size_t k = 0; k < rolls->count; ++k) {
    count += cut(marks, &rolls->items[k], s + count);
  }
  double* x = (double*)(void*)(s + room);
  if (count > 0) {
    *out = slope(s, count, x, x + room);
  }
  dt_release(allocator, s, size);
  return DT_OK;
}

dt_status dt__fatigue_rolls(const dt_marks* marks, const dt_allocator* allocator, dt_slope* out) {
  dt_rolls rolls;
  dt_status status = dt_rolls_measure(&rolls, allocator, marks);
  if (status != DT_OK) {
    return status;
  }
  *out = (dt_slope){dt__unknown(rolls.count == 0 ? DT_NOT_TESTABLE : DT_CANT_TELL), (double)NAN};
  if (rolls.count > 0) {
    status = measure(marks, &rolls, allocator, out);
  }
  dt_rolls_clear(&rolls, allocator);
  return status;
}
