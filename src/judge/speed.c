#include "speed_internal.h"

#include <math.h>
#include <string.h>

#include "dt/arena.h"
#include "dt/stat.h"

static const double PRIOR_STROKES = 10.0;

static void layout(dt__speed* speed, dt_arena* arena) {
  const size_t n = speed->count;
  speed->beat = dt_arena_take(arena, n, sizeof(double));
  speed->time_s = dt_arena_take(arena, n, sizeof(double));
  speed->y_s = dt_arena_take(arena, n, sizeof(double));
  speed->y_fit_s = dt_arena_take(arena, n, sizeof(double));
  speed->white = dt_arena_take(arena, n, sizeof(double));
  speed->strange = dt_arena_take(arena, n, sizeof(bool));
  for (int k = 0; k < DT__NOISE_COLUMNS_MAX; ++k) {
    speed->column[k] = dt_arena_take(arena, n, sizeof(double));
  }
}

/* The groove's habit of a voice at a position; false: the groove has none there. */
static bool groove_habit(const dt__spots* spots, dt_voice voice, int bar_tick, double* habit_ms) {
  for (size_t c = 0; c < spots->cell_count; ++c) {
    const dt__cell* cell = &spots->cells[c];
    if (!cell->in_fill && cell->voice == voice && cell->bar_tick == bar_tick) {
      *habit_ms = cell->offset_ms;
      return true;
    }
  }
  return false;
}

/* A voice's mean habit in the groove. */
static bool voice_habit(const dt__spots* spots, dt_voice voice, double* habit_ms) {
  double sum = 0.0;
  double n = 0.0;
  for (size_t c = 0; c < spots->cell_count; ++c) {
    const dt__cell* cell = &spots->cells[c];
    if (!cell->in_fill && cell->voice == voice) {
      sum += cell->offset_ms * (double)cell->count;
      n += (double)cell->count;
    }
  }
  *habit_ms = n > 0.0 ? sum / n : 0.0;
  return n > 0.0;
}

/* By cell, so that a long take is not a square. A fill's place takes the groove's habit there, and
 * its own never: a fill's own habits are what its tempo does to them. */
static void cell_habits(const dt__spots* spots, double* habit_ms, double* strange) {
  for (size_t c = 0; c < spots->cell_count; ++c) {
    const dt__cell* cell = &spots->cells[c];
    double voice_ms = 0.0;
    strange[c] = voice_habit(spots, cell->voice, &voice_ms) ? 0.0 : 1.0;
    if (!groove_habit(spots, cell->voice, cell->bar_tick, &habit_ms[c])) {
      habit_ms[c] = voice_ms;
    }
  }
}

static void fill_strokes(dt__speed* speed) {
  const dt__spots* spots = speed->spots;
  double* habit_ms = spots->scratch; /* cells are fewer than its room */
  double* strange = speed->column[0];
  cell_habits(spots, habit_ms, strange);
  for (size_t i = 0; i < speed->count; ++i) {
    const dt__spot* spot = &spots->items[i];
    const dt_mark* mark = &speed->marks->items[spot->mark];
    speed->beat[i] = spot->tick / DT_TICKS_PER_QUARTER;
    speed->time_s[i] = mark->time_s - 1e-3 * mark->own_ms;
    speed->y_s[i] = 1e-3 * (mark->own_ms - habit_ms[spot->cell]);
    speed->strange[i] = strange[spot->cell] > 0.0;
  }
}

/* Limbs differ in steadiness; a few strokes of a voice are pulled towards the others. */
static void fill_white(dt__speed* speed) {
  double square[DT_VOICE_COUNT] = {0};
  double n[DT_VOICE_COUNT] = {0};
  double all = 0.0;
  double mean = 0.0;
  for (size_t i = 0; i < speed->count; ++i) {
    const dt__spot* spot = &speed->spots->items[i];
    square[spot->voice] += spot->x_ms * spot->x_ms;
    n[spot->voice] += 1.0;
    all += spot->x_ms * spot->x_ms / (double)speed->count;
  }
  for (size_t i = 0; i < speed->count; ++i) {
    const dt_voice v = speed->spots->items[i].voice;
    speed->white[i] =
        all > 0.0 ? (square[v] + PRIOR_STROKES * all) / (n[v] + PRIOR_STROKES) / all : 1.0;
    mean += speed->white[i] / (double)speed->count;
  }
  for (size_t i = 0; i < speed->count; ++i) {
    speed->white[i] /= mean;
  }
}

dt_status dt__speed_make(dt__speed* speed, const dt_allocator* allocator, const dt_marks* marks,
                         const dt__spots* spots) {
  memset(speed, 0, sizeof(*speed));
  speed->spots = spots;
  speed->marks = marks;
  speed->allocator = allocator;
  speed->count = spots->count;
  if (spots->count == 0) {
    return DT_OK;
  }
  dt_arena arena = dt_arena_measure();
  layout(speed, &arena);
  speed->memory_size = arena.used;
  speed->memory = dt_alloc(allocator, speed->memory_size);
  if (!speed->memory) {
    memset(speed, 0, sizeof(*speed));
    return DT_NO_MEMORY;
  }
  arena = dt_arena_over(speed->memory, speed->memory_size);
  layout(speed, &arena);
  fill_strokes(speed);
  fill_white(speed);
  return DT_OK;
}

void dt__speed_clear(dt__speed* speed) {
  dt_release(speed->allocator, speed->memory, speed->memory_size);
  memset(speed, 0, sizeof(*speed));
}

double* dt__speed_column(dt__speed* speed) {
  if (speed->columns == DT__NOISE_COLUMNS_MAX) {
    return NULL;
  }
  double* column = speed->column[speed->columns++];
  memset(column, 0, speed->count * sizeof(*column));
  return column;
}

/* A voice that only fills have has a place of its own. */
static void strange_columns(dt__speed* speed) {
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    size_t seen = 0;
    for (size_t i = speed->first; i < speed->end; ++i) {
      seen += speed->strange[i] && speed->spots->items[i].voice == (dt_voice)v;
    }
    double* column = seen > 0 && seen < speed->end - speed->first ? dt__speed_column(speed) : NULL;
    for (size_t i = speed->first; i < speed->end && column; ++i) {
      column[i - speed->first] =
          speed->strange[i] && speed->spots->items[i].voice == (dt_voice)v ? 1.0 : 0.0;
    }
  }
}

/* Least squares of the pulse's time on its beats, over the strokes at hand. */
static void steady_line(dt__speed* speed, double* start_s, double* beat_s) {
  const double n = (double)(speed->end - speed->first);
  double mean_s = 0.0;
  double mean_beat = 0.0;
  double square = 0.0;
  double product = 0.0;
  for (size_t i = speed->first; i < speed->end; ++i) {
    mean_s += speed->time_s[i] / n;
    mean_beat += speed->beat[i] / n;
  }
  for (size_t i = speed->first; i < speed->end; ++i) {
    const double away = speed->beat[i] - mean_beat;
    square += away * away;
    product += away * (speed->time_s[i] - mean_s);
  }
  *beat_s = product / square;
  *start_s = mean_s - mean_beat * *beat_s;
}

void dt__speed_begin(dt__speed* speed, size_t first, size_t end, int what) {
  const bool drift = (what & DT__SPEED_DRIFT) != 0;
  speed->first = first;
  speed->end = end;
  speed->columns = 0;
  double* one = dt__speed_column(speed);
  const double n = (double)(end - first);
  double start_s = 0.0;
  double beat_s = 0.0;
  double mean_s = 0.0;
  double square = 0.0;
  steady_line(speed, &start_s, &beat_s);
  speed->own_bpm = 60.0 / beat_s;
  for (size_t i = first; i < end; ++i) {
    const double bend_s = speed->time_s[i] - start_s - speed->beat[i] * beat_s;
    one[i - first] = 1.0;
    mean_s += speed->time_s[i] / n;
    speed->y_fit_s[i - first] = speed->y_s[i] + (drift ? 0.0 : bend_s);
  }
  if (what & DT__SPEED_STRANGE) {
    strange_columns(speed);
  }
  speed->slope = speed->columns;
  double* slope = dt__speed_column(speed);
  for (size_t i = first; i < end; ++i) {
    slope[i - first] = speed->time_s[i] - mean_s;
    square += slope[i - first] * slope[i - first] / n;
  }
  double* curve = drift ? dt__speed_column(speed) : NULL;
  for (size_t i = first; i < end && curve; ++i) {
    curve[i - first] = slope[i - first] * slope[i - first] / sqrt(square) - sqrt(square);
  }
}

dt_status dt__speed_fit(const dt__speed* speed, const dt__posterior* together,
                        dt__posterior* posterior) {
  memset(posterior, 0, sizeof(*posterior));
  dt__problem problem;
  memset(&problem, 0, sizeof(problem));
  problem.count = speed->end - speed->first;
  problem.columns = speed->columns;
  problem.beat = speed->beat + speed->first;
  problem.y = speed->y_fit_s;
  problem.white = speed->white + speed->first;
  problem.clicked = speed->marks->has_click;
  problem.together = together;
  for (int k = 0; k < speed->columns; ++k) {
    problem.x[k] = speed->column[k];
  }
  const dt_status status = dt__noise_fit(&problem, speed->allocator, posterior);
  return status == DT_NO_MEMORY ? status : DT_OK;
}

double dt__speed_own_bpm(const dt__speed* speed) {
  return speed->own_bpm;
}

/* Falling ever later behind the pulse is a slower tempo: bpm (1 - slope). */
dt_estimate dt__speed_bpm(const dt__speed* speed, const dt__posterior* posterior,
                          const double* contrast, double base_bpm) {
  static const double INTERVAL[3] = {0.025, 0.5, 0.975};
  double at[3];
  if (posterior->count == 0) {
    return dt__unknown(DT_CANT_TELL);
  }
  dt__posterior_quantiles(posterior, contrast, INTERVAL, at, 3);
  const double bpm = dt__speed_own_bpm(speed);
  const dt_estimate e = {base_bpm - bpm * at[1], base_bpm - bpm * at[2], base_bpm - bpm * at[0],
                         DT_KNOWN};
  return isfinite(e.value) && isfinite(e.low) && isfinite(e.high) ? e : dt__unknown(DT_CANT_TELL);
}
