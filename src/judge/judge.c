#include <math.h>
#include <string.h>

#include "dt/align.h"
#include "dt/arena.h"
#include "judge_internal.h"

/*
 * The judge from end to end: strokes -> own pulse -> grid -> tempo curve -> feel -> numbers ->
 * word.
 */

/* Same voice again within this: one of the two belongs to the other (flam, drag). Above it a fast
 * single-stroke roll begins (20 a second is 50 ms). */
static const double ORNAMENT_S = 0.045;
dt_judge_config dt_judge_default(const dt_take* take) {
  dt_judge_config config;
  memset(&config, 0, sizeof(config));
  config.mode = take->has_click ? DT_GRID_CLICK : DT_GRID_FREE;
  config.start_s = -1.0;
  config.level = DT_LEVEL_PLAYER;
  return config;
}

static void layout(dt__work* work, dt_arena* arena, size_t n) {
  work->stroke = dt_arena_take(arena, n, sizeof(size_t));
  work->voice = dt_arena_take(arena, n, sizeof(dt_voice));
  work->key = dt_arena_take(arena, n, sizeof(uint64_t));
  double** const rows[] = {&work->time_s,     &work->weight,    &work->own_beat,
                           &work->grid_beat,  &work->nominal_s, &work->reference_s,
                           &work->residual_s, &work->feel_s,    &work->white};
  for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); ++k) {
    *rows[k] = dt_arena_take(arena, n, sizeof(double));
  }
  for (int k = 0; k < DT__NOISE_COLUMNS_MAX; ++k) {
    work->column[k] = dt_arena_take(arena, n, sizeof(double));
  }
  work->scratch = dt_arena_take(arena, 2 * n, sizeof(double));
}

/* Is stroke i the grace stroke of a flam or drag? Then its louder neighbour stands for both. */
static bool is_ornament(const dt__work* work, size_t i) {
  if (work->config.alignment) {
    return work->config.alignment->strokes[i].order != 0;
  }
  const dt_take* take = work->take;
  const dt_stroke* strokes = take->strokes.items;
  const dt_voice voice = dt_drum_voice(strokes[i].drum);
  for (size_t k = i + 1;
       k < take->strokes.count && strokes[k].time_s - strokes[i].time_s < ORNAMENT_S; ++k) {
    if (dt_drum_voice(strokes[k].drum) == voice && strokes[k].velocity >= strokes[i].velocity) {
      return true;
    }
  }
  for (size_t k = i; k-- > 0 && strokes[i].time_s - strokes[k].time_s < ORNAMENT_S;) {
    if (dt_drum_voice(strokes[k].drum) == voice && strokes[k].velocity > strokes[i].velocity) {
      return true;
    }
  }
  return false;
}

static const dt_judged UNJUDGED = {.beat = (double)NAN,
                                   .grid_time_s = (double)NAN,
                                   .asynchrony_ms = (double)NAN,
                                   .own_ms = (double)NAN,
                                   .residual_ms = (double)NAN};

static void gather(dt__work* work, dt_verdict* verdict) {
  const dt_take* take = work->take;
  work->count = 0;
  for (size_t i = 0; i < take->strokes.count; ++i) {
    const dt_stroke* stroke = &take->strokes.items[i];
    verdict->judged[i] = UNJUDGED;
    verdict->judged[i].stroke = i;
    verdict->judged[i].ornament = is_ornament(work, i);
    if (verdict->judged[i].ornament) {
      ++verdict->ornament_count;
      continue;
    }
    const size_t n = work->count++;
    work->stroke[n] = i;
    work->time_s[n] = stroke->time_s;
    work->voice[n] = dt_drum_voice(stroke->drum);
    work->weight[n] = stroke->velocity > 0.0F ? fmin((double)stroke->velocity / 127.0, 1.0) : 0.5;
  }
  verdict->all.stroke_count = work->count;
}

static void set_context(dt__work* work, const dt_take* take, const dt_judge_config* config,
                        const dt_allocator* allocator) {
  work->take = take;
  work->allocator = allocator;
  work->config = *config;
  work->is_click = config->mode == DT_GRID_CLICK;
  work->phase_known = work->is_click || (config->mode == DT_GRID_TEMPO && config->start_s >= 0.0);
  work->origin_s = config->mode == DT_GRID_TEMPO ? fmax(config->start_s, 0.0) : 0.0;
  work->bpm = config->mode == DT_GRID_TEMPO ? config->bpm : 120.0;
  work->meter = config->meter;
  if (work->meter.numerator == 0) {
    const dt_meter four = {4, 4};
    work->meter = config->chart     ? dt_tempo_map_meter(&config->chart->map, 0.0)
                  : take->has_click ? dt_tempo_map_meter(&take->click, 0.0)
                                    : four;
  }
  if (work->is_click) {
    work->bpm = dt__click_bpm(take);
  }
}

static void fill_judged(const dt__work* work, dt_verdict* verdict) {
  for (size_t i = 0; i < work->count; ++i) {
    dt_judged* judged = &verdict->judged[work->stroke[i]];
    const double grid_s = work->phase_known ? work->nominal_s[i] : work->reference_s[i];
    judged->beat = work->grid_beat[i];
    judged->grid_time_s = grid_s;
    judged->asynchrony_ms = 1e3 * (work->time_s[i] - grid_s);
    judged->own_ms = 1e3 * (work->time_s[i] - work->reference_s[i]);
    judged->residual_ms = 1e3 * work->residual_s[i];
  }
}

static void fill_context(const dt__work* work, dt_verdict* verdict) {
  const size_t n = work->count;
  verdict->subdivision = work->subdivision;
  verdict->span_s = work->time_s[n - 1] - work->time_s[0];
  verdict->beat_s = verdict->span_s / (work->grid_beat[n - 1] - work->grid_beat[0]);
  verdict->bars = (work->grid_beat[n - 1] - work->grid_beat[0]) / dt__bar_quarters(work->meter);
  verdict->click_bpm = work->config.mode == DT_GRID_FREE ? (double)NAN : work->bpm;
  verdict->tolerance = dt_level_tolerance(work->config.level, verdict->beat_s);
}

static void count_outliers(dt_verdict* verdict) {
  for (size_t i = 0; i < verdict->judged_count; ++i) {
    verdict->outlier_count += verdict->judged[i].outlier;
  }
}

static dt_status find_grid(dt__work* work, dt_verdict* verdict) {
  const dt_status status = dt__find_pulse(work, verdict);
  if (status == DT_OK) {
    dt__put_on_grid(work, verdict->judged);
  }
  return status;
}

/* From sorted strokes to numbers. DT_TOO_FEW means that the word stays "can't tell". */
static dt_status judge_strokes(dt__work* work, dt_verdict* verdict) {
  gather(work, verdict);
  dt_status status = work->count < 4                  ? DT_TOO_FEW
                     : work->config.alignment != NULL ? dt__put_on_chart(work, verdict->judged)
                                                      : find_grid(work, verdict);
  count_outliers(verdict);
  if (status != DT_OK) {
    return status;
  }
  if (!dt__fit_curve(work)) {
    return DT_TOO_FEW;
  }
  dt__take_out_feel(work);
  dt__voice_variance(work);
  fill_judged(work, verdict);
  fill_context(work, verdict);
  return DT_OK;
}

static void share_context(const dt__work* work, dt__work* part) {
  part->take = work->take;
  part->allocator = work->allocator;
  part->config = work->config;
  part->bpm = work->bpm;
  part->origin_s = work->origin_s;
  part->phase_known = work->phase_known;
  part->is_click = work->is_click;
  part->meter = work->meter;
  part->swing_pair_beats = work->swing_pair_beats;
  part->centre_s = work->centre_s;
  part->offset_s = work->offset_s;
  part->stretch = work->stretch;
  part->rate_per_s = work->rate_per_s;
}

static dt_status judge_in(void* memory, size_t size, dt__work* work, dt__work* part,
                          dt_verdict* verdict) {
  const size_t n = work->take->strokes.count;
  dt_arena arena = dt_arena_over(memory, size);
  layout(work, &arena, n);
  dt_arena second = arena;
  dt_status status = judge_strokes(work, verdict);
  if (status == DT_OK) {
    layout(part, &second, n);
    share_context(work, part);
    status = dt__timing_all(work, part, verdict);
  }
  return status;
}

static void start_verdict(const dt__work* work, dt_verdict* verdict) {
  const dt_estimate unknown = {(double)NAN, (double)NAN, (double)NAN, DT_CANT_TELL};
  verdict->mode = work->config.mode;
  verdict->meter = work->meter;
  verdict->level = work->config.level;
  verdict->phase_known = work->phase_known;
  verdict->tempo_probability = 1.0;
  verdict->click_bpm = (double)NAN;
  verdict->beat_s = (double)NAN;
  verdict->slow_share = (double)NAN;
  verdict->instrument_jitter_ms = 1e3 * work->take->clock_jitter_s;
  verdict->instrument_bias_ms = 1e3 * work->take->clock_bias_s;
  verdict->all.placement_ms = verdict->all.placement_own_ms = unknown;
  verdict->all.tempo_bpm = verdict->all.scatter_ms = unknown;
  verdict->all.drift_bpm_per_min = verdict->all.drift_percent_per_min = unknown;
  verdict->all.drift_p = (double)NAN;
  verdict->tolerance = dt_level_tolerance(work->config.level, 0.5);
}

dt_status dt_judge(dt_verdict* verdict, const dt_allocator* allocator, const dt_take* take,
                   const dt_judge_config* config, dt_error* err) {
  memset(verdict, 0, sizeof(*verdict));
  const dt_status checked = dt__check(take, config, err);
  if (checked != DT_OK) {
    return checked;
  }
  dt__work work;
  dt__work part;
  memset(&work, 0, sizeof(work));
  memset(&part, 0, sizeof(part));
  set_context(&work, take, config, allocator);
  start_verdict(&work, verdict);
  const size_t n = take->strokes.count;
  if (n == 0) {
    dt__decide_word(verdict);
    return DT_OK;
  }
  dt_arena measure = dt_arena_measure();
  layout(&work, &measure, n);
  layout(&work, &measure, n);
  void* memory = dt_alloc(allocator, measure.used);
  verdict->judged = dt_alloc_zero(allocator, n * sizeof(dt_judged));
  verdict->judged_count = verdict->judged ? n : 0;
  dt_status status = DT_NO_MEMORY;
  if (memory && verdict->judged) {
    status = judge_in(memory, measure.used, &work, &part, verdict);
  }
  dt_release(allocator, memory, measure.used);
  if (status == DT_OK || status == DT_TOO_FEW) {
    dt__decide_word(verdict);
    return DT_OK;
  }
  dt_verdict_clear(verdict, allocator);
  return dt_fail(err, status, "%s", dt_status_sentence(status));
}

void dt_verdict_clear(dt_verdict* verdict, const dt_allocator* allocator) {
  dt_release(allocator, verdict->judged, verdict->judged_count * sizeof(dt_judged));
  memset(verdict, 0, sizeof(*verdict));
}
