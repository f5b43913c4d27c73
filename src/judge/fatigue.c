#include "dt/fatigue.h"

#include <math.h>
#include <string.h>

#include "dt/arena.h"
#include "dt/stat.h"
#include "fatigue_internal.h"

enum { RIGHT, LEFT, HANDS };

typedef struct work {
  const dt_marks* marks;
  dt__growth growth;
  size_t* mark;  /* of each row of growth */
  double* other; /* scores of one hand, while the other is fitted */
  double minutes;
} work;

static void layout(dt_arena* arena, work* w, size_t n) {
  w->growth.minutes = dt_arena_take(arena, n, sizeof(double));
  w->growth.square = dt_arena_take(arena, n, sizeof(double));
  w->growth.time = dt_arena_take(arena, n, sizeof(double));
  w->growth.score = dt_arena_take(arena, n, sizeof(double));
  w->growth.scratch = dt_arena_take(arena, n, sizeof(double));
  w->other = dt_arena_take(arena, n, sizeof(double));
  w->mark = dt_arena_take(arena, n, sizeof(size_t));
  w->growth.group = dt_arena_take(arena, n, sizeof(int));
  w->growth.in = dt_arena_take(arena, n, sizeof(bool));
}

static dt_slope says(dt_known why) {
  return (dt_slope){dt__unknown(why), (double)NAN};
}

static dt_slope slope_of(dt__number number) {
  const dt_slope slope = {dt__number_estimate(number), dt__number_p(number)};
  return slope.per_min.known == DT_KNOWN ? slope : says(DT_CANT_TELL);
}

static bool is_hand(char c, int hand) {
  return hand == RIGHT ? c == 'R' : c == 'L';
}

/*
 * What a timekeeper does slowly is not tiredness, and it would drown what the hands do. So the
 * scatter is that of a stroke about the mean of the strokes around it, as many before as after, in
 * which the player's own spread comes with 1 + 1/m of its variance.
 */
enum { AROUND = 8, AROUND_MIN = 2 };

static void take_slow_part_out(work* w, size_t n) {
  dt__growth* g = &w->growth;
  double* sum = g->time; /* of the residuals before i */
  sum[0] = 0.0;
  for (size_t i = 0; i + 1 < n; ++i) {
    sum[i + 1] = sum[i] + g->score[i];
  }
  size_t count = 0;
  for (size_t i = AROUND_MIN; i + AROUND_MIN < n; ++i) {
    size_t reach = i < AROUND ? i : AROUND;
    reach = n - 1 - i < reach ? n - 1 - i : reach;
    const double m = 2.0 * (double)reach;
    const double around = sum[i + reach] + g->score[i + reach] - sum[i - reach] - g->score[i];
    const double off = g->score[i] - around / m;
    g->square[count] = off * off / (1.0 + 1.0 / m);
    g->minutes[count] = g->minutes[i];
    g->group[count] = g->group[i];
    w->mark[count] = w->mark[i];
    ++count;
  }
  g->count = count;
}

static void fill(work* w) {
  dt__growth* g = &w->growth;
  g->jitter2 = w->marks->jitter_ms * w->marks->jitter_ms;
  double first_s = 0.0;
  for (size_t i = 0; i < w->marks->count; ++i) {
    const dt_mark* mark = &w->marks->items[i];
    if (isnan(mark->residual_ms)) {
      continue;
    }
    first_s = g->count == 0 ? mark->time_s : first_s;
    g->minutes[g->count] = (mark->time_s - first_s) / 60.0;
    g->score[g->count] = mark->residual_ms;
    g->group[g->count] = (int)mark->voice + (is_hand(mark->hand, LEFT) ? DT_VOICE_COUNT : 0);
    w->mark[g->count] = i;
    ++g->count;
  }
  w->minutes = g->count > 0 ? g->minutes[g->count - 1] : 0.0;
  if (g->count > 0) {
    take_slow_part_out(w, g->count);
  }
}

/* Of growth b (log variance a minute): percent of the scatter at the start, a minute; and how that
 * changes with b. */
static double percent(const work* w, double b) {
  return 100.0 * expm1(0.5 * b * w->minutes) / w->minutes;
}

static double percent_slope(const work* w, double b) {
  return 50.0 * exp(0.5 * b * w->minutes);
}

static dt_slope scatter_slope(const work* w, dt__number growth) {
  dt_slope slope = slope_of(growth);
  if (slope.per_min.known == DT_KNOWN) {
    slope.per_min.value = percent(w, slope.per_min.value);
    slope.per_min.low = percent(w, slope.per_min.low);
    slope.per_min.high = percent(w, slope.per_min.high);
  }
  return slope;
}

static size_t take_hand(work* w, int hand) {
  size_t count = 0;
  for (size_t i = 0; i < w->growth.count; ++i) {
    w->growth.in[i] = hand == HANDS || is_hand(w->marks->items[w->mark[i]].hand, hand);
    count += w->growth.in[i];
  }
  return count;
}

/* The difference of two numbers from their scores, side by side in time. */
static dt__number minus(dt__number a, double gain_a, const double* score_a, dt__number b,
                        double gain_b, const double* score_b, size_t count, double* scratch) {
  for (size_t i = 0; i < count; ++i) {
    scratch[i] = (double)count * (gain_a * score_a[i] - gain_b * score_b[i]);
  }
  dt__number difference = {(double)NAN, {(double)NAN, 0.0}};
  difference.error = dt__clumped_error(scratch, count);
  difference.error.df = fmin(difference.error.df, a.error.df + b.error.df);
  return difference;
}

static void measure_scatter(work* w, dt_fatigue* f) {
  dt__growth* g = &w->growth;
  take_hand(w, HANDS);
  f->scatter_pct = scatter_slope(w, dt__growth_fit(g));
  const size_t right_count = take_hand(w, RIGHT);
  const dt__number right = dt__growth_fit(g);
  memcpy(w->other, g->score, g->count * sizeof(double));
  const size_t left_count = take_hand(w, LEFT);
  if (right_count == 0 || left_count == 0) {
    return;
  }
  const dt__number left = dt__growth_fit(g);
  f->right_scatter_pct = scatter_slope(w, right);
  f->left_scatter_pct = scatter_slope(w, left);
  f->left_minus_right_scatter_pct = says(DT_CANT_TELL);
  if (isfinite(right.value) && isfinite(left.value)) {
    dt__number difference = minus(left, percent_slope(w, left.value), g->score, right,
                                  percent_slope(w, right.value), w->other, g->count, g->scratch);
    difference.value = percent(w, left.value) - percent(w, right.value);
    f->left_minus_right_scatter_pct = slope_of(difference);
  }
}

static size_t levels_hand(dt__levels* l, int hand) {
  size_t count = 0;
  for (size_t i = 0; i < l->count; ++i) {
    l->in[i] = hand == HANDS || is_hand(l->marks->items[l->mark[i]].hand, hand);
    count += l->in[i];
  }
  return count;
}

static void measure_levels(const dt__levels* levels, dt_fatigue* f, double* other) {
  dt__levels l = *levels;
  levels_hand(&l, HANDS);
  f->level_db = slope_of(dt__levels_slope(&l));
  const size_t right_count = levels_hand(&l, RIGHT);
  const dt__number right = dt__levels_slope(&l);
  memcpy(other, l.score, l.count * sizeof(double));
  const size_t left_count = levels_hand(&l, LEFT);
  if (right_count == 0 || left_count == 0) {
    return;
  }
  const dt__number left = dt__levels_slope(&l);
  f->right_level_db = slope_of(right);
  f->left_level_db = slope_of(left);
  f->left_minus_right_level_db = says(DT_CANT_TELL);
  if (isfinite(right.value) && isfinite(left.value)) {
    dt__number difference = minus(left, 1.0 / (double)left_count, l.score, right,
                                  1.0 / (double)right_count, other, l.count, l.scratch);
    difference.value = left.value - right.value;
    f->left_minus_right_level_db = slope_of(difference);
  }
}

/* Velocities are all the same, or at the top: they cannot show anything. */
static bool levels_tell(const dt__levels* l) {
  static const double TOP_DB = -0.02;
  double low = (double)INFINITY;
  double high = -(double)INFINITY;
  size_t top = 0;
  for (size_t i = 0; i < l->count; ++i) {
    low = fmin(low, l->level_db[i]);
    high = fmax(high, l->level_db[i]);
    top += l->level_db[i] > TOP_DB;
  }
  return high - low > 0.01 && 20 * top <= l->count;
}

static void say(dt_fatigue* f, dt_known why) {
  memset(f, 0, sizeof(*f));
  f->scatter_pct = f->level_db = says(why);
  f->drift_bpm = f->roll_rate = says(DT_NOT_TESTABLE);
  f->right_scatter_pct = f->left_scatter_pct = says(DT_NOT_TESTABLE);
  f->right_level_db = f->left_level_db = says(DT_NOT_TESTABLE);
  f->left_minus_right_scatter_pct = f->left_minus_right_level_db = says(DT_NOT_TESTABLE);
}

static dt_status measure_all_levels(work* w, const dt_allocator* allocator, dt_fatigue* f) {
  dt__levels levels;
  const dt_status status = dt__levels_make(&levels, allocator, w->marks);
  if (status != DT_OK) {
    return status;
  }
  if (!w->marks->has_velocity || !levels_tell(&levels)) {
    f->level_db = says(DT_NOT_TESTABLE);
  } else {
    measure_levels(&levels, f, w->other);
  }
  dt__levels_clear(&levels, allocator);
  return DT_OK;
}

static dt_status measure(work* w, const dt_allocator* allocator, dt_fatigue* f) {
  fill(w);
  f->minutes = w->minutes;
  if (60.0 * w->minutes < DT_FATIGUE_SPAN_MIN_S || w->growth.count < DT_FATIGUE_STROKES_MIN) {
    return DT_OK;
  }
  measure_scatter(w, f);
  const dt_status status = measure_all_levels(w, allocator, f);
  return status != DT_OK ? status : dt__fatigue_rolls(w->marks, allocator, &f->roll_rate);
}

dt_status dt_fatigue_measure(dt_fatigue* fatigue, const dt_allocator* allocator,
                             const dt_marks* marks, const dt_verdict* verdict) {
  say(fatigue, DT_CANT_TELL);
  if (verdict) {
    fatigue->drift_bpm = (dt_slope){verdict->all.drift_bpm_per_min, verdict->all.drift_p};
  }
  if (marks->count == 0) {
    return DT_OK;
  }
  work w;
  memset(&w, 0, sizeof(w));
  w.marks = marks;
  dt_arena arena = dt_arena_measure();
  layout(&arena, &w, marks->count);
  const size_t size = arena.used;
  void* memory = dt_alloc(allocator, size);
  if (!memory) {
    say(fatigue, DT_CANT_TELL);
    return DT_NO_MEMORY;
  }
  arena = dt_arena_over(memory, size);
  layout(&arena, &w, marks->count);
  const dt_status status = measure(&w, allocator, fatigue);
  dt_release(allocator, memory, size);
  if (status != DT_OK) {
    say(fatigue, DT_CANT_TELL);
  }
  return status;
}
