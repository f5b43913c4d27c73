#include "dt/roll.h"

#include <math.h>
#include <string.h>

#include "dt/arena.h"
#include "dt/stat.h"
#include "roll_internal.h"
#include "series_internal.h"

static const double GAP_RATIO = 1.6;  /* to the roll's median interval: a stroke is missing */
static const double SLIP_RATIO = 0.4; /* a bounce, or two strokes for one */
static const double FREEDOM_MIN = 4.0;
static const double INTERVAL_LAG = -0.45; /* mostly the strokes' own errors */
enum { PIECE_MIN = 4 };

/* Pieces of one kind of series over all rolls. Of roll k: from[k] .. from[k + 1] - 1. */
typedef struct table {
  double* y;
  double* relative; /* y over the piece's mean */
  double* hand;
  double* second;
  size_t* stroke; /* that the value begins with: index into list.strokes */
  size_t* start;
  size_t* from;
  size_t count; /* values */
  size_t piece_count;
} table;

typedef struct work {
  const dt_marks* marks;
  dt__roll_list list;
  table interval; /* ms */
  table level;    /* dB */
  double* scratch;
} work;

static void table_layout(dt_arena* arena, table* t, size_t n) {
  t->y = dt_arena_take(arena, n, sizeof(double));
  t->relative = dt_arena_take(arena, n, sizeof(double));
  t->hand = dt_arena_take(arena, n, sizeof(double));
  t->second = dt_arena_take(arena, n, sizeof(double));
  t->stroke = dt_arena_take(arena, n, sizeof(size_t));
  t->start = dt_arena_take(arena, n + 1, sizeof(size_t));
  t->from = dt_arena_take(arena, n + 1, sizeof(size_t));
}

/* A stroke can stand in a written roll or in a run, and begin a second run: twice at most. */
static void layout(dt_arena* arena, work* w, size_t marks) {
  const size_t n = 2 * marks;
  w->list.strokes = dt_arena_take(arena, n, sizeof(dt__roll_stroke));
  w->list.spans = dt_arena_take(arena, n, sizeof(dt__roll_span));
  table_layout(arena, &w->interval, n);
  table_layout(arena, &w->level, n);
  w->scratch = dt_arena_take(arena, n, sizeof(double));
}

/* Values first .. t->count - 1 become pieces as equal as can be, or nothing. */
static void cut(table* t, size_t first) {
  const size_t n = t->count - first;
  if (n < PIECE_MIN) {
    t->count = first;
    return;
  }
  const size_t pieces = (n + DT__PIECE_MAX - 1) / DT__PIECE_MAX;
  for (size_t k = 0; k < pieces; ++k) {
    const size_t begin = first + n * k / pieces;
    const size_t end = first + n * (k + 1) / pieces;
    const double mean = dt_mean(t->y + begin, end - begin);
    for (size_t i = begin; i < end; ++i) {
      t->relative[i] = t->y[i] / mean;
    }
    t->start[t->piece_count++] = begin;
  }
  t->start[t->piece_count] = t->count;
}

static void add_value(table* t, double y, double hand, double second, size_t stroke) {
  t->y[t->count] = y;
  t->relative[t->count] = (double)NAN;
  t->hand[t->count] = hand;
  t->second[t->count] = second;
  t->stroke[t->count] = stroke;
  ++t->count;
}

static void tabulate_intervals(work* w, const dt__roll_span* span) {
  const dt__roll_stroke* s = w->list.strokes + span->first;
  for (size_t i = 0; i + 1 < span->count; ++i) {
    w->scratch[i] = s[i + 1].time_s - s[i].time_s;
  }
  const double median = dt_median(w->scratch, span->count - 1, w->scratch);
  size_t first = w->interval.count;
  for (size_t i = 0; i + 1 < span->count; ++i) {
    const double interval = s[i + 1].time_s - s[i].time_s;
    if (interval > GAP_RATIO * median || interval < SLIP_RATIO * median) {
      cut(&w->interval, first);
      first = w->interval.count;
      continue;
    }
    add_value(&w->interval, 1e3 * interval, s[i + 1].hand - s[i].hand,
              s[i + 1].second - s[i].second, span->first + i);
  }
  cut(&w->interval, first);
}

static void tabulate_levels(work* w, const dt__roll_span* span) {
  const dt__roll_stroke* s = w->list.strokes + span->first;
  const size_t first = w->level.count;
  for (size_t i = 0; i < span->count; ++i) {
    if (isnan(s[i].level_db)) {
      w->level.count = first;
      return;
    }
    add_value(&w->level, s[i].level_db, s[i].hand, s[i].second, span->first + i);
  }
  cut(&w->level, first);
}

static void tabulate(work* w) {
  for (size_t k = 0; k < w->list.span_count; ++k) {
    w->interval.from[k] = w->interval.piece_count;
    w->level.from[k] = w->level.piece_count;
    tabulate_intervals(w, &w->list.spans[k]);
    tabulate_levels(w, &w->list.spans[k]);
  }
  w->interval.from[w->list.span_count] = w->interval.piece_count;
  w->level.from[w->list.span_count] = w->level.piece_count;
}

/* Rolls a .. b - 1. */
static dt__pieces pieces_of(const table* t, const double* y, size_t a, size_t b) {
  const dt__pieces p = {y, t->hand, t->second, t->start + t->from[a], t->from[b] - t->from[a]};
  return p;
}

/* Relative variance that the instrument adds to intervals: both strokes have its jitter. */
static double jitter2_of(const work* w, size_t a, size_t b) {
  const table* t = &w->interval;
  double sum = 0.0;
  double count = 0.0;
  for (size_t k = t->from[a]; k < t->from[b]; ++k) {
    const size_t n = t->start[k + 1] - t->start[k];
    const double ratio = w->marks->jitter_ms / dt_mean(t->y + t->start[k], n);
    sum += 2.0 * ratio * ratio * (double)n;
    count += (double)n;
  }
  return count > 0.0 ? sum / count : 0.0;
}

/* What the hands do differently, in a series relative to its mean; 0 where not known. */
static double of_hands(const table* t, const dt__even* even, size_t i) {
  const double hand = isnan(even->hand) ? 0.0 : even->hand * t->hand[i];
  return hand + (isnan(even->second) ? 0.0 : even->second * t->second[i]);
}

/* From the mean interval, the hands' differences off (a roll from right to left has one more of
 * them); its error is that of a sum of neighbours that partly cancel. */
static dt_estimate rate_of(const work* w, const dt__even* even, size_t a, size_t b) {
  const table* t = &w->interval;
  double sum_ms = 0.0;
  double variance = 0.0;
  double count = 0.0;
  for (size_t k = t->from[a]; k < t->from[b]; ++k) {
    const size_t n = t->start[k + 1] - t->start[k];
    const double mean_ms = dt_mean(t->y + t->start[k], n);
    for (size_t i = t->start[k]; i < t->start[k + 1]; ++i) {
      sum_ms += mean_ms * (t->relative[i] - of_hands(t, even, i));
    }
    variance += (double)n * even->variance + 2.0 * (double)(n - 1) * even->covariance;
    count += (double)n;
  }
  const double rate = 60e3 * count / sum_ms;
  const double half = dt_student_quantile(0.975, even->df) * sqrt(fmax(0.0, variance)) / count;
  if (!(half < 1.0)) {
    return dt__unknown(DT_CANT_TELL);
  }
  const dt_estimate e = {rate, rate / (1.0 + half), rate / (1.0 - half), DT_KNOWN};
  return e;
}

static dt_estimate of_column(const dt__even* even, double value, double se, double factor) {
  if (even->freedom < FREEDOM_MIN) {
    return dt__unknown(DT_CANT_TELL);
  }
  if (isnan(value)) {
    return dt__unknown(DT_NOT_TESTABLE);
  }
  /* Its error comes from a part of the frequencies only. */
  return dt__even_estimate(value, se, 0.6 * even->df, factor);
}

static void hands_of(const work* w, size_t a, size_t b, const dt__even* relative,
                     dt_roll_hands* hands) {
  const dt__pieces ms = pieces_of(&w->interval, w->interval.y, a, b);
  const dt__even even = dt__even_fit(&ms, INTERVAL_LAG, NULL);
  hands->later_ms = of_column(&even, even.hand, even.hand_se, 1.0);
  hands->double_ms = of_column(&even, even.second, even.second_se, 1.0);
  hands->later_pct = of_column(relative, relative->hand, relative->hand_se, 100.0);
  const dt__pieces db = pieces_of(&w->level, w->level.y, a, b);
  const dt__even level = dt__even_fit(&db, 0.0, NULL);
  const bool same = !(level.variance > 0.0); /* an instrument without dynamics */
  if (!w->marks->has_velocity || db.count == 0 || (same && level.freedom >= FREEDOM_MIN)) {
    hands->louder_db = dt__unknown(DT_NOT_TESTABLE);
    hands->double_db = dt__unknown(DT_NOT_TESTABLE);
    return;
  }
  hands->louder_db = of_column(&level, level.hand, level.hand_se, 1.0);
  hands->double_db = of_column(&level, level.second, level.second_se, 1.0);
}

static double plain_cv(double sd, double jitter2) {
  return 100.0 * sqrt(fmax(0.0, sd * sd - jitter2));
}

static void find_breakdown(const work* w, size_t k, const dt__even* even, dt_roll* roll) {
  const table* t = &w->interval;
  const size_t first = t->start[t->from[k]];
  const size_t count = t->start[t->from[k + 1]] - first;
  const dt__break b =
      dt__roll_break(t->y + first, w->scratch, count, even->covariance / even->variance);
  roll->breakdown_known = b.known;
  roll->breakdown = b.kind;
  roll->breakdown_p = b.p;
  if (b.kind == DT_HOLDS) {
    return;
  }
  const double jitter2 = jitter2_of(w, k, k + 1);
  roll->breakdown_s = w->list.strokes[t->stroke[first + b.at]].time_s;
  roll->breakdown_after_s = roll->breakdown_s - roll->start_s;
  roll->cv_before_pct = plain_cv(b.sd_before, jitter2);
  roll->cv_after_pct = plain_cv(b.sd_after, jitter2);
  roll->rate_before = 60e3 / b.mean_before;
  roll->rate_after = 60e3 / b.mean_after;
}

static void roll_says_nothing(dt_roll* roll) {
  const dt_estimate none = dt__unknown(DT_CANT_TELL);
  roll->cv_pct = roll->strokes_per_min = none;
  roll->hands = (dt_roll_hands){false, none, none, none, none, none};
  roll->breakdown_known = DT_CANT_TELL;
  roll->breakdown = DT_HOLDS;
  roll->breakdown_s = roll->breakdown_after_s = roll->breakdown_p = (double)NAN;
  roll->cv_before_pct = roll->cv_after_pct = roll->rate_before = roll->rate_after = (double)NAN;
}

static void measure_roll(work* w, size_t k, dt_roll* roll) {
  const dt__roll_span* span = &w->list.spans[k];
  const dt__roll_stroke* s = w->list.strokes + span->first;
  const dt_mark* marks = w->marks->items;
  roll_says_nothing(roll);
  roll->kind = span->kind;
  roll->voice = span->voice;
  roll->first_mark = s[0].mark;
  roll->stroke_count = span->count;
  roll->start_s = s[0].time_s;
  roll->end_s = s[span->count - 1].time_s;
  roll->first_bar = marks[s[0].mark].bar;
  roll->last_bar = marks[s[span->count - 1].mark].bar;
  roll->hands.sticking = span->sticking;
  const dt__pieces p = pieces_of(&w->interval, w->interval.relative, k, k + 1);
  if (p.count == 0) {
    return;
  }
  const dt__even even = dt__even_fit(&p, INTERVAL_LAG, w->scratch);
  if (even.freedom >= FREEDOM_MIN) {
    roll->cv_pct = dt__even_sd(even.variance, even.df, jitter2_of(w, k, k + 1), 100.0);
    roll->strokes_per_min = rate_of(w, &even, k, k + 1);
    find_breakdown(w, k, &even, roll);
  }
  hands_of(w, k, k + 1, &even, &roll->hands);
}

/* Hands are pooled over rolls with a sticking, or over those without, whichever have more strokes:
 * "left" and "second" are not the same thing. Columns of the others are emptied. */
static void choose_hands(work* w, dt_rolls* rolls) {
  size_t with = 0;
  size_t without = 0;
  for (size_t k = 0; k < w->list.span_count; ++k) {
    const dt__roll_span* span = &w->list.spans[k];
    with += span->sticking ? span->count : 0;
    without += span->sticking || span->one_hand ? 0 : span->count;
  }
  const bool sticking = with >= without && with > 0;
  rolls->hands.sticking = sticking;
  for (size_t k = 0; k < w->list.span_count; ++k) {
    if (w->list.spans[k].sticking == sticking) {
      continue;
    }
    table* tables[] = {&w->interval, &w->level};
    for (int t = 0; t < 2; ++t) {
      for (size_t p = tables[t]->from[k]; p < tables[t]->from[k + 1]; ++p) {
        for (size_t i = tables[t]->start[p]; i < tables[t]->start[p + 1]; ++i) {
          tables[t]->hand[i] = tables[t]->second[i] = 0.0;
        }
      }
    }
  }
}

static void pool(work* w, dt_rolls* rolls) {
  const size_t count = w->list.span_count;
  choose_hands(w, rolls);
  const dt__pieces p = pieces_of(&w->interval, w->interval.relative, 0, count);
  if (p.count == 0) {
    return;
  }
  const dt__even even = dt__even_fit(&p, INTERVAL_LAG, NULL);
  if (even.freedom >= FREEDOM_MIN) {
    rolls->cv_pct = dt__even_sd(even.variance, even.df, jitter2_of(w, 0, count), 100.0);
    rolls->strokes_per_min = rate_of(w, &even, 0, count);
  }
  hands_of(w, 0, count, &even, &rolls->hands);
}

static void rolls_say(dt_rolls* rolls, dt_known why) {
  const dt_estimate none = dt__unknown(why);
  rolls->cv_pct = rolls->strokes_per_min = none;
  rolls->hands = (dt_roll_hands){false, none, none, none, none, none};
}

static dt_status measure(work* w, const dt_allocator* allocator, dt_rolls* rolls) {
  const size_t count = w->list.span_count;
  if (count == 0) {
    return DT_OK;
  }
  rolls->items = dt_alloc(allocator, count * sizeof(dt_roll));
  if (!rolls->items) {
    return DT_NO_MEMORY;
  }
  rolls->count = count;
  rolls_say(rolls, DT_CANT_TELL);
  tabulate(w);
  for (size_t k = 0; k < count; ++k) {
    dt_roll* roll = &rolls->items[k];
    measure_roll(w, k, roll);
    rolls->stroke_count += roll->stroke_count;
    rolls->tested_count += roll->breakdown_known == DT_KNOWN;
    rolls->breakdown_count += roll->breakdown != DT_HOLDS;
  }
  pool(w, rolls);
  return DT_OK;
}

dt_status dt_rolls_measure(dt_rolls* rolls, const dt_allocator* allocator, const dt_marks* marks) {
  memset(rolls, 0, sizeof(*rolls));
  rolls_say(rolls, DT_NOT_TESTABLE);
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
    return DT_NO_MEMORY;
  }
  arena = dt_arena_over(memory, size);
  layout(&arena, &w, marks->count);
  dt__roll_find(marks, &w.list);
  const dt_status status = measure(&w, allocator, rolls);
  dt_release(allocator, memory, size);
  return status;
}

void dt_rolls_clear(dt_rolls* rolls, const dt_allocator* allocator) {
  dt_release(allocator, rolls->items, rolls->count * sizeof(dt_roll));
  memset(rolls, 0, sizeof(*rolls));
}

const char* dt_roll_kind_name(dt_roll_kind kind) {
  static const char* const names[] = {"written", "run", "found"};
  return kind >= DT_ROLL_WRITTEN && kind <= DT_ROLL_FOUND ? names[kind] : "";
}

const char* dt_breakdown_name(dt_breakdown breakdown) {
  static const char* const names[] = {"holds", "uneven", "slow"};
  return breakdown >= DT_HOLDS && breakdown <= DT_BREAKS_SLOW ? names[breakdown] : "";
}
