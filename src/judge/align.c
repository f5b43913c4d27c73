#include "dt/align.h"

#include <math.h>
#include <string.h>

#include "align_pointer.h"
#include "dt/arena.h"
#include "dt/stat.h"
#include "judge_internal.h"

/* A take against a chart from end to end: sheet -> reference -> pointer -> match -> labels. */

static const double FIRST_SD_S = 0.030;
static const double SPARSE_BEATS = 1000.0;  /* a take with fewer strokes than one in 100 beats, */
static const double BEATS_A_STROKE = 100.0; /* these apart, is of no chart */
/* Nats by which a player must be better understood to have left his click: at all, and a beat. */
static const double RUNAWAY_GAIN = 6.0;
static const double RUNAWAY_GAIN_BEAT = 0.25;
static const double TEMPO_RANGE = 0.16;   /* how far the player may be from a given tempo */
static const double RUNAWAY_RANGE = 0.35; /* and from a click that he has left */

static void layout(dt__score* score, dt_arena* arena) {
  score->ref = dt_arena_take(arena, score->count, sizeof(double));
  score->beat_s = dt_arena_take(arena, score->count, sizeof(double));
  score->curve = dt_arena_take(arena, DT__CURVES * score->count, sizeof(double));
  score->loudness = dt_arena_take(arena, score->count, 1);
}

/* Louder or softer than this player's usual on that drum; 0 where nothing is known of it. */
static void find_loudness(dt__score* score) {
  double n[DT_DRUM_COUNT] = {0.0};
  double mean[DT_DRUM_COUNT] = {0.0};
  double square[DT_DRUM_COUNT] = {0.0};
  const dt_stroke* strokes = score->take->strokes.items;
  for (size_t i = 0; i < score->count; ++i) {
    const double v = (double)strokes[i].velocity;
    n[strokes[i].drum] += 1.0;
    const double away = v - mean[strokes[i].drum];
    mean[strokes[i].drum] += away / n[strokes[i].drum];
    square[strokes[i].drum] += away * (v - mean[strokes[i].drum]);
  }
  for (size_t i = 0; i < score->count; ++i) {
    const dt_drum drum = strokes[i].drum;
    const double sd = sqrt(square[drum] / n[drum]);
    const double away = (double)strokes[i].velocity - mean[drum];
    score->loudness[i] = DT__USUAL;
    if (strokes[i].velocity > 0.0F && sd > 8.0 && fabs(away) > 0.5 * sd) {
      score->loudness[i] = away > 0.0 ? DT__LOUDER : DT__SOFT;
    }
  }
}

/* By their looks: a stroke just before another on the same drum is a grace stroke; in a run of them
 * the first stands for all. */
static void find_quick(dt__score* score) {
  static const double GRACE_S = 0.055;
  static const double BUZZ_S = 0.062;
  enum { RUN = 4 };
  const dt_stroke* strokes = score->take->strokes.items;
  size_t run[DT_DRUM_COUNT][RUN]; /* the last strokes of each */
  int length[DT_DRUM_COUNT] = {0};
  for (size_t i = 0; i < score->count; ++i) {
    const dt_drum d = strokes[i].drum;
    const size_t last = length[d] > 0 ? run[d][(length[d] - 1) % RUN] : 0;
    const double gap_s = strokes[i].time_s - strokes[last].time_s;
    const bool quick = length[d] > 0 && gap_s < BUZZ_S;
    length[d] = quick ? length[d] + 1 : 1;
    run[d][(length[d] - 1) % RUN] = i;
    if (length[d] == RUN) {
      score->loudness[run[d][0]] = DT__USUAL;
      for (int k = 1; k < RUN; ++k) {
        score->loudness[run[d][k]] = DT__BUZZ;
      }
    } else if (length[d] > RUN) {
      score->loudness[i] = DT__BUZZ;
    } else if (quick && gap_s < GRACE_S) {
      score->loudness[last] = DT__QUICK;
    }
  }
}

/* Seconds a beat of a curve lasts, over the strokes around. */
static void find_beat_s(dt__score* score) {
  const dt_stroke* strokes = score->take->strokes.items;
  const double usual_s = 60.0 / dt_tempo_map_bpm(&score->chart->map, 0.0);
  for (size_t i = 0; i < score->count; ++i) {
    const size_t low = i < 6 ? 0 : i - 6;
    const size_t high = i + 6 < score->count ? i + 6 : score->count - 1;
    const double beats = score->ref[high] - score->ref[low];
    score->beat_s[i] = beats > 0.0 ? (strokes[high].time_s - strokes[low].time_s) / beats : usual_s;
  }
}

static bool is_too_sparse(const dt__score* score) {
  const double beats = score->ref[score->count - 1] - score->ref[0];
  return beats > SPARSE_BEATS + BEATS_A_STROKE * (double)score->count;
}

/* Tempo unknown: of the curves that could be, the one on which the chart fits best. */
static dt_status follow_curves(dt__score* score, const dt__sheet* sheet, double low_bpm,
                               double high_bpm, dt__path* path) {
  size_t curves = 0;
  dt_status status = dt__reference_curves(score, sheet, low_bpm, high_bpm, &curves);
  size_t best = SIZE_MAX;
  for (size_t k = 0; k < curves && status == DT_OK; ++k) {
    dt__path other;
    memcpy(score->ref, score->curve + k * score->count, score->count * sizeof(double));
    if (is_too_sparse(score)) {
      continue;
    }
    status = dt__pointer_run(score, sheet, &other);
    if (status == DT_OK && (best == SIZE_MAX || other.gain > path->gain)) {
      dt__path_clear(path, score->allocator);
      *path = other;
      best = k;
    } else if (status == DT_OK) {
      dt__path_clear(&other, score->allocator);
    }
  }
  if (status == DT_OK && best != SIZE_MAX) {
    memcpy(score->ref, score->curve + best * score->count, score->count * sizeof(double));
    find_beat_s(score);
  }
  return status;
}

static bool is_better(const dt__path* path, const dt__path* other) {
  const double better = (double)(other->gain - path->gain) / DT__NAT;
  return better > RUNAWAY_GAIN + RUNAWAY_GAIN_BEAT * (double)path->count;
}

static double click_bpm(const dt__score* score) {
  return score->config->mode == DT_GRID_CLICK ? dt__click_bpm(score->take) : score->config->bpm;
}

/* He may have gone so far that only his own tempo leads. */
static dt_status follow_runaway(dt__score* score, const dt__sheet* sheet, dt__path* path) {
  dt__path own;
  memset(&own, 0, sizeof(own));
  const double bpm = click_bpm(score);
  dt_status status =
      follow_curves(score, sheet, bpm * (1.0 - RUNAWAY_RANGE), bpm * (1.0 + RUNAWAY_RANGE), &own);
  if (status == DT_OK && own.count > 0 && is_better(path, &own)) {
    dt__path_clear(path, score->allocator);
    *path = own;
    score->ran_away = true;
    return DT_OK;
  }
  dt__path_clear(&own, score->allocator);
  dt__reference_known(score);
  return status;
}

/* A player keeps to his click, unless the chart fits so much better when he may leave it. */
static dt_status follow_click(dt__score* score, const dt__sheet* sheet, dt__path* path) {
  dt__reference_known(score);
  if (is_too_sparse(score)) {
    return DT_OK;
  }
  dt__path left;
  score->held = true;
  dt_status status = dt__pointer_run(score, sheet, path);
  score->held = false;
  if (status == DT_OK) {
    status = dt__pointer_run(score, sheet, &left);
  }
  if (status != DT_OK) {
    return status;
  }
  if (!is_better(path, &left)) {
    dt__path_clear(&left, score->allocator);
    return DT_OK;
  }
  dt__path_clear(path, score->allocator);
  *path = left;
  return follow_runaway(score, sheet, path);
}

static dt_status find_path(dt__score* score, const dt__sheet* sheet, dt__path* path) {
  if (score->clicked) {
    return follow_click(score, sheet, path);
  }
  const bool given = score->config->mode == DT_GRID_TEMPO;
  const double bpm = score->config->bpm;
  return follow_curves(score, sheet, given ? bpm * (1.0 - TEMPO_RANGE) : 30.0,
                       given ? bpm * (1.0 + TEMPO_RANGE) : 316.0, path);
}

/* Who has left his click is counted from it where both were still together: at his first notes. */
static void count_from_click(dt__score* score, const dt__sheet* sheet, dt_alignment* alignment) {
  enum { FIRST = 9 };
  double away[FIRST];
  size_t count = 0;
  dt__reference_known(score);
  for (size_t e = 0; e < alignment->event_count && count < FIRST; ++e) {
    const dt_event* event = &alignment->events[e];
    if (event->fate == DT_FATE_HIT) {
      away[count++] = score->ref[event->stroke] - (double)event->note.tick / DT_TICKS_PER_QUARTER;
    }
  }
  if (count == 0) {
    return;
  }
  const dt_tick was = alignment->bars[0].tick;
  const double first =
      dt_median(away, count, away) + (double)was / DT_TICKS_PER_QUARTER; /* of the first bar */
  const dt_tick shift = dt__first_tick(score, sheet, first) - was;
  for (size_t e = 0; e < alignment->event_count; ++e) {
    alignment->events[e].note.tick += shift;
  }
  for (size_t b = 0; b < alignment->bar_count; ++b) {
    alignment->bars[b].tick += shift;
  }
}

static dt_status match_all(const dt__score* score, dt__parts* parts, double* sd_s) {
  *sd_s = FIRST_SD_S;
  dt_status status = dt__match(score, parts, *sd_s);
  for (int round = 0; round < 2 && status == DT_OK; ++round) {
    status = dt__refit(score, parts, sd_s);
    if (status == DT_OK) {
      status = dt__match(score, parts, *sd_s);
    }
  }
  return status;
}

static dt_status hand_over(const dt__score* score, const dt__sheet* sheet, dt__parts* parts,
                           dt_alignment* alignment) {
  if (parts->event_count == 0) {
    return DT_OK;
  }
  alignment->events = dt_alloc(score->allocator, parts->event_count * sizeof(dt_event));
  alignment->event_count = alignment->events ? parts->event_count : 0;
  alignment->bars = dt_alloc(score->allocator, parts->bar_count * sizeof(dt_played_bar));
  alignment->bar_count = alignment->bars ? parts->bar_count : 0;
  if (!alignment->events || !alignment->bars) {
    return DT_NO_MEMORY;
  }
  memcpy(alignment->events, parts->events, parts->event_count * sizeof(dt_event));
  for (size_t b = 0; b < parts->bar_count; ++b) {
    const dt__played* played = &parts->bars[b];
    const dt__sheet_bar* bar = &sheet->bars[played->sheet_bar];
    const dt_played_bar out = {played->tick, bar->length, bar->written, played->jumped};
    alignment->bars[b] = out;
  }
  return DT_OK;
}

static dt_status align_on(dt__score* score, const dt__sheet* sheet, const dt__path* path,
                          dt_alignment* alignment) {
  dt__parts parts;
  double sd_s = 0.0;
  dt_status status = dt__parts_make(&parts, score, sheet, path);
  if (status == DT_OK && parts.event_count > 0) {
    status = match_all(score, &parts, &sd_s);
    if (status == DT_OK) {
      status = dt__label(score, &parts, sd_s, alignment);
    }
  }
  if (status == DT_OK) {
    status = hand_over(score, sheet, &parts, alignment);
  }
  dt__parts_clear(&parts, score->allocator);
  return status;
}

static dt_status align(dt__score* score, dt_alignment* alignment) {
  dt__sheet sheet;
  dt__path path;
  memset(&path, 0, sizeof(path));
  const dt_stroke* strokes = score->take->strokes.items;
  const double span_s = strokes[score->count - 1].time_s - strokes[0].time_s;
  dt_status status = dt__sheet_make(&sheet, score->allocator, score->chart, span_s * 6.0);
  if (status != DT_OK) {
    return status;
  }
  find_loudness(score);
  find_quick(score);
  status = find_path(score, &sheet, &path);
  if (status == DT_OK && path.count > 0) {
    status = align_on(score, &sheet, &path, alignment);
  }
  if (status == DT_OK && score->ran_away) {
    count_from_click(score, &sheet, alignment);
  }
  dt__path_clear(&path, score->allocator);
  dt__sheet_clear(&sheet, score->allocator);
  return status;
}

/* Until something is found, every stroke is extra. */
static dt_status start(dt_alignment* alignment, const dt__score* score) {
  const size_t n = score->count;
  alignment->strokes = dt_alloc(score->allocator, n * sizeof(dt_aligned_stroke));
  if (!alignment->strokes) {
    return DT_NO_MEMORY;
  }
  alignment->stroke_count = alignment->extra_count = n;
  for (size_t i = 0; i < n; ++i) {
    const dt_aligned_stroke extra = {DT_LABEL_EXTRA, SIZE_MAX, 0};
    alignment->strokes[i] = extra;
  }
  return DT_OK;
}

static dt_status check(const dt_take* take, const dt_judge_config* config, const dt_chart* chart,
                       dt_error* err) {
  dt_judge_config bare = *config;
  bare.chart = NULL;
  bare.alignment = NULL;
  const dt_status status = dt__check(take, &bare, err);
  const char* wrong = status == DT_OK ? dt_chart_check(chart) : NULL;
  if (wrong) {
    return dt_fail(err, DT_BAD_ARGUMENT, "The chart cannot be used: %s", wrong);
  }
  for (size_t i = 0; status == DT_OK && i < take->strokes.count; ++i) {
    if ((unsigned)take->strokes.items[i].drum >= (unsigned)DT_DRUM_COUNT) {
      return dt_fail(err, DT_BAD_ARGUMENT, "Stroke %zu: there is no such drum", i + 1);
    }
  }
  return status;
}

dt_status dt_align(dt_alignment* alignment, const dt_allocator* allocator, const dt_take* take,
                   const dt_judge_config* config, const dt_chart* chart, dt_error* err) {
  memset(alignment, 0, sizeof(*alignment));
  dt_status status = check(take, config, chart, err);
  if (status != DT_OK || take->strokes.count == 0) {
    return status;
  }
  dt__score score;
  memset(&score, 0, sizeof(score));
  score.allocator = allocator;
  score.take = take;
  score.config = config;
  score.chart = chart;
  score.count = take->strokes.count;
  score.clicked =
      config->mode == DT_GRID_CLICK || (config->mode == DT_GRID_TEMPO && config->start_s >= 0.0);
  dt_arena arena = dt_arena_measure();
  layout(&score, &arena);
  const size_t size = arena.used;
  void* memory = dt_alloc(allocator, size);
  status = memory ? start(alignment, &score) : DT_NO_MEMORY;
  if (status == DT_OK) {
    arena = dt_arena_over(memory, size);
    layout(&score, &arena);
    status = align(&score, alignment);
  }
  dt_release(allocator, memory, size);
  if (status != DT_OK) {
    dt_alignment_clear(alignment, allocator);
    return dt_fail(err, status, "%s", dt_status_sentence(status));
  }
  return DT_OK;
}

void dt_alignment_clear(dt_alignment* alignment, const dt_allocator* allocator) {
  dt_release(allocator, alignment->strokes, alignment->stroke_count * sizeof(dt_aligned_stroke));
  dt_release(allocator, alignment->events, alignment->event_count * sizeof(dt_event));
  dt_release(allocator, alignment->bars, alignment->bar_count * sizeof(dt_played_bar));
  memset(alignment, 0, sizeof(*alignment));
}
