#include "dt/dynamics.h"

#include <math.h>
#include <string.h>

#include "dt/stat.h"
#include "dynamics_internal.h"

enum { LOUDS = DT_LOUD_ACCENT + 1, COUNT_MIN = 8 };
static const double TOP_DB = -0.02; /* velocity 127 */
static const double TOP_SHARE = 0.05;
static const double SAME_DB = 0.01;

static void voice_says(dt_voice_dynamics* v, dt_known why) {
  const dt_estimate none = dt__unknown(why);
  for (int k = 0; k < LOUDS; ++k) {
    v->level_db[k] = v->evenness_by_loud_db[k] = none;
  }
  v->accent_db = v->ghost_db = v->accent_ghost_db = none;
  v->evenness_db = v->crescendo_db_per_min = v->crescendo_db_per_bar = none;
}

static dt_levels levels_of(const dt__levels* l, size_t count) {
  double low = (double)INFINITY;
  double high = -(double)INFINITY;
  size_t top = 0;
  for (size_t i = 0; i < l->count; ++i) {
    if (l->in[i]) {
      low = fmin(low, l->level_db[i]);
      high = fmax(high, l->level_db[i]);
      top += l->level_db[i] > TOP_DB;
    }
  }
  if (count >= COUNT_MIN && high - low < SAME_DB) {
    return DT_LEVELS_CONSTANT;
  }
  return (double)top > TOP_SHARE * (double)count ? DT_LEVELS_SATURATED : DT_LEVELS_GOOD;
}

static void mask_loud(const dt__levels* l, dt_loud loud, bool* mask) {
  for (size_t i = 0; i < l->count; ++i) {
    mask[i] = l->in[i] && l->loud[i] == loud;
  }
}

static dt__number contrast(dt__levels* l, const dt_voice_dynamics* v, dt_loud a, dt_loud b,
                           dt_estimate* estimate) {
  dt__number number = {(double)NAN, {(double)NAN, 0.0}};
  if (v->loud_count[a] == 0 || v->loud_count[b] == 0) {
    *estimate = dt__unknown(DT_NOT_TESTABLE);
    return number;
  }
  mask_loud(l, a, l->a);
  mask_loud(l, b, l->b);
  number = dt__levels_contrast(l, l->a, l->b);
  *estimate = dt__number_estimate(number);
  return number;
}

/* What is pooled over voices: independent contrasts, by how many strokes are in them. */
typedef struct pool {
  double weight;
  double value;
  double variance;
  double inverse_df;
  bool any; /* written in some voice, if too seldom to tell */
} pool;

static void add_to_pool(pool* p, dt__number number, size_t count_a, size_t count_b) {
  p->any = p->any || (count_a > 0 && count_b > 0);
  if (!isfinite(number.value) || !(number.error.df > 0.0)) {
    return;
  }
  const double a = (double)count_a;
  const double b = (double)count_b;
  const double w = a * b / (a + b);
  const double variance = w * w * number.error.se * number.error.se;
  p->weight += w;
  p->value += w * number.value;
  p->variance += variance;
  p->inverse_df += variance * variance / number.error.df;
}

static dt_estimate pooled(const pool* p) {
  if (!(p->weight > 0.0)) {
    return dt__unknown(p->any ? DT_CANT_TELL : DT_NOT_TESTABLE);
  }
  const double df = p->inverse_df > 0.0 ? p->variance * p->variance / p->inverse_df : 30.0;
  return dt__estimate_student(p->value / p->weight, (dt__error){sqrt(p->variance) / p->weight, df});
}

static void bar_scaled(const dt_marks* marks, dt_estimate per_min, dt_estimate* per_bar) {
  const double bar_min =
      (double)marks->bar_ticks / DT_TICKS_PER_QUARTER / (marks->bpm > 0.0 ? marks->bpm : 1.0);
  *per_bar = dt__estimate_scaled(per_min, bar_min);
}

static void measure_levels(dt__levels* l, dt_voice_dynamics* v, pool* accents, pool* ghosts) {
  const dt__number slope = dt__levels_slope(l);
  v->crescendo_db_per_min = dt__number_estimate(slope);
  bar_scaled(l->marks, v->crescendo_db_per_min, &v->crescendo_db_per_bar);
  for (int k = 0; k < LOUDS; ++k) {
    mask_loud(l, (dt_loud)k, l->a);
    for (size_t i = 0; i < l->count; ++i) {
      v->loud_count[k] += l->a[i];
    }
    const dt_known none = v->loud_count[k] == 0 ? DT_NOT_TESTABLE : DT_CANT_TELL;
    v->level_db[k] = v->evenness_by_loud_db[k] = dt__unknown(none);
    if (none == DT_CANT_TELL) {
      v->level_db[k] = dt__number_estimate(dt__levels_mean(l, l->a));
      v->evenness_by_loud_db[k] = dt__levels_sd(l, l->a);
    }
  }
  v->evenness_db = dt__levels_sd(l, l->in);
  const size_t* count = v->loud_count;
  const dt__number accent = contrast(l, v, DT_LOUD_ACCENT, DT_LOUD_NORMAL, &v->accent_db);
  const dt__number ghost = contrast(l, v, DT_LOUD_GHOST, DT_LOUD_NORMAL, &v->ghost_db);
  contrast(l, v, DT_LOUD_ACCENT, DT_LOUD_GHOST, &v->accent_ghost_db);
  add_to_pool(accents, accent, count[DT_LOUD_ACCENT], count[DT_LOUD_NORMAL]);
  add_to_pool(ghosts, ghost, count[DT_LOUD_GHOST], count[DT_LOUD_NORMAL]);
}

static void measure_voice(dt__levels* l, dt_voice_dynamics* v, pool* accents, pool* ghosts) {
  v->count = 0;
  for (size_t i = 0; i < l->count; ++i) {
    l->in[i] = l->marks->items[l->mark[i]].voice == v->voice;
    v->count += l->in[i];
  }
  voice_says(v, DT_CANT_TELL);
  v->levels = v->count == 0 ? DT_LEVELS_NONE : levels_of(l, v->count);
  if (v->levels != DT_LEVELS_GOOD) {
    voice_says(v, DT_NOT_TESTABLE);
    return;
  }
  v->inferred = !l->marks->has_chart && dt__levels_cluster(l) > 1;
  measure_levels(l, v, accents, ghosts);
}

/* Snare on 4 against 2. */
static dt_estimate backbeat(dt__levels* l) {
  if (l->marks->meter.numerator != 4 || l->marks->meter.denominator != 4) {
    return dt__unknown(DT_NOT_TESTABLE);
  }
  size_t on_two = 0;
  size_t on_four = 0;
  for (size_t i = 0; i < l->count; ++i) {
    const dt_mark* mark = &l->marks->items[l->mark[i]];
    l->in[i] = mark->voice == DT_VOICE_SNARE;
    l->a[i] = l->in[i] && fabs(mark->bar_tick - 3 * DT_TICKS_PER_QUARTER) < 1.0;
    l->b[i] = l->in[i] && fabs(mark->bar_tick - DT_TICKS_PER_QUARTER) < 1.0;
    on_four += l->a[i];
    on_two += l->b[i];
  }
  if (on_two == 0 || on_four == 0) {
    return dt__unknown(DT_NOT_TESTABLE);
  }
  dt__levels_slope(l);
  return dt__number_estimate(dt__levels_contrast(l, l->a, l->b));
}

static const dt_voice_dynamics* dynamics_of(const dt_dynamics* d, dt_voice voice) {
  for (size_t k = 0; k < d->voice_count; ++k) {
    if (d->voices[k].voice == voice) {
      return &d->voices[k];
    }
  }
  return NULL;
}

static bool is_good(const dt_dynamics* d, dt_voice voice) {
  const dt_voice_dynamics* v = dynamics_of(d, voice);
  return v && v->levels == DT_LEVELS_GOOD;
}

static void measure_whole(dt__levels* l, dt_dynamics* d) {
  bool any = false;
  for (size_t i = 0; i < l->count; ++i) {
    l->in[i] = is_good(d, l->marks->items[l->mark[i]].voice);
    any = any || l->in[i];
  }
  if (!any) {
    return;
  }
  d->crescendo_db_per_min = dt__number_estimate(dt__levels_slope(l));
  bar_scaled(l->marks, d->crescendo_db_per_min, &d->crescendo_db_per_bar);
  d->evenness_db = dt__levels_sd(l, l->in);
  if (is_good(d, DT_VOICE_SNARE)) {
    d->backbeat_db = backbeat(l);
  }
}

static void measure(dt__levels* l, dt_dynamics* d) {
  pool accents = {0};
  pool ghosts = {0};
  for (int voice = 0; voice < DT_VOICE_COUNT; ++voice) {
    bool played = false;
    for (size_t i = 0; i < l->marks->count && !played; ++i) {
      played = l->marks->items[i].voice == (dt_voice)voice;
    }
    if (played) {
      dt_voice_dynamics* v = &d->voices[d->voice_count++];
      v->voice = (dt_voice)voice;
      measure_voice(l, v, &accents, &ghosts);
    }
  }
  d->accent_db = pooled(&accents);
  d->ghost_db = pooled(&ghosts);
  measure_whole(l, d);
}

static void say_nothing(dt_dynamics* d) {
  memset(d, 0, sizeof(*d));
  const dt_estimate none = dt__unknown(DT_NOT_TESTABLE);
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    voice_says(&d->voices[v], DT_NOT_TESTABLE);
    d->voices[v].levels = DT_LEVELS_NONE;
  }
  d->accent_db = d->ghost_db = d->evenness_db = d->backbeat_db = none;
  d->crescendo_db_per_min = d->crescendo_db_per_bar = none;
}

dt_status dt_dynamics_measure(dt_dynamics* dynamics, const dt_allocator* allocator,
                              const dt_marks* marks) {
  say_nothing(dynamics);
  if (marks->count == 0) {
    return DT_OK;
  }
  dt__levels levels;
  const dt_status status = dt__levels_make(&levels, allocator, marks);
  if (status != DT_OK) {
    return status;
  }
  measure(&levels, dynamics);
  dt__levels_clear(&levels, allocator);
  return DT_OK;
}

const char* dt_levels_name(dt_levels levels) {
  static const char* const names[] = {"good", "none", "constant", "saturated"};
  return levels >= DT_LEVELS_GOOD && levels <= DT_LEVELS_SATURATED ? names[levels] : "";
}
