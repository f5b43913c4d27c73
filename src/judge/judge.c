#include <math.h>
#include <string.h>

#include "dt/arena.h"
#include "dt/pulse.h"
#include "dt/stat.h"
#include "judge_internal.h"

/*
 * The judge from end to end: strokes -> own pulse -> grid -> tempo curve -> feel -> numbers ->
 * word.
 */

/* Same voice again within this: one of the two belongs to the other (flam, drag). Above it a fast
 * single-stroke roll begins (20 a second is 50 ms). */
static const double ORNAMENT_S = 0.045;
static const double BPM_MIN = 20.0;
static const double BPM_MAX = 400.0;
static const double SPAN_MAX_S = 86400.0;
static const double TIME_MAX_S = 1e9;   /* a double still counts by a tenth of a microsecond */
static const double TEMPO_RANGE = 0.12; /* how far the player may be from a given tempo */
/* A player is taken to have left the click when that fits this much better, per stroke (natural
 * log). */
static const double RUNAWAY_GAIN = 0.15;

dt_judge_config dt_judge_default(const dt_take* take) {
  dt_judge_config config;
  memset(&config, 0, sizeof(config));
  config.mode = take->has_click ? DT_GRID_CLICK : DT_GRID_FREE;
  config.start_s = -1.0;
  config.level = DT_LEVEL_PLAYER;
  return config;
}

/* The click's mean tempo up to the last stroke. */
static double click_bpm(const dt_take* take) {
  const size_t n = take->strokes.count;
  const double last_s = n > 0 ? take->strokes.items[n - 1].time_s : 0.0;
  const double ticks = dt_tempo_map_ticks(&take->click, fmax(1.0, last_s));
  const double seconds = dt_tempo_map_seconds(&take->click, ticks);
  return ticks / take->click.ticks_per_quarter / seconds * 60.0;
}

static bool is_bpm(double bpm) {
  return bpm >= BPM_MIN && bpm <= BPM_MAX;
}

static dt_status check_grid(const dt_take* take, const dt_judge_config* config, dt_error* err) {
  if ((unsigned)config->mode > DT_GRID_FREE || (unsigned)config->level > DT_LEVEL_PRO) {
    return dt_fail(err, DT_BAD_ARGUMENT, "There is no such grid or level");
  }
  if (config->mode == DT_GRID_CLICK && !take->has_click) {
    return dt_fail(err, DT_BAD_ARGUMENT,
                   "The take has no click of its own: give a tempo, or judge it free");
  }
  if (config->mode == DT_GRID_CLICK && !is_bpm(click_bpm(take))) {
    return dt_fail(err, DT_BAD_ARGUMENT,
                   "The take's click runs at %.4g bpm, and can be judged between %g and %g: give a "
                   "tempo, or judge it free",
                   click_bpm(take), BPM_MIN, BPM_MAX);
  }
  if (config->mode == DT_GRID_TEMPO && !is_bpm(config->bpm)) {
    return dt_fail(err, DT_BAD_ARGUMENT, "The tempo must be between %g and %g bpm", BPM_MIN,
                   BPM_MAX);
  }
  if (config->mode == DT_GRID_TEMPO && !(config->start_s <= TIME_MAX_S)) {
    return dt_fail(err, DT_BAD_ARGUMENT, "The first beat must fall before %g s", TIME_MAX_S);
  }
  const dt_meter m = config->meter;
  const bool power =
      m.denominator >= 1 && m.denominator <= 64 && (m.denominator & (m.denominator - 1)) == 0;
  if (m.numerator != 0 && !(m.numerator >= 1 && m.numerator <= 64 && power)) {
    return dt_fail(err, DT_BAD_ARGUMENT, "The metre must be like 4/4 or 6/8");
  }
  return DT_OK;
}

static dt_status check_strokes(const dt_strokes* strokes, dt_error* err) {
  for (size_t i = 0; i < strokes->count; ++i) {
    const double t = strokes->items[i].time_s;
    if (!(fabs(t) <= TIME_MAX_S)) {
      return dt_fail(err, DT_BAD_ARGUMENT, "Stroke %zu: a time of %g s is out of range", i + 1, t);
    }
    if (i > 0 && t < strokes->items[i - 1].time_s) {
      return dt_fail(err, DT_BAD_ARGUMENT, "Stroke %zu: the strokes must be in order of time",
                     i + 1);
    }
  }
  if (strokes->count > 0 &&
      strokes->items[strokes->count - 1].time_s - strokes->items[0].time_s > SPAN_MAX_S) {
    return dt_fail(err, DT_BAD_ARGUMENT, "The take is longer than a day: judge it in parts");
  }
  return DT_OK;
}

static dt_status check(const dt_take* take, const dt_judge_config* config, dt_error* err) {
  const dt_status strokes = check_strokes(&take->strokes, err);
  return strokes == DT_OK ? check_grid(take, config, err) : strokes;
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
static bool is_ornament(const dt_take* take, size_t i) {
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

static const dt_judged UNJUDGED = {0,           (double)NAN, (double)NAN, (double)NAN,
                                   (double)NAN, false,       false};

static void gather(dt__work* work, dt_verdict* verdict) {
  const dt_take* take = work->take;
  work->count = 0;
  for (size_t i = 0; i < take->strokes.count; ++i) {
    const dt_stroke* stroke = &take->strokes.items[i];
    verdict->judged[i] = UNJUDGED;
    verdict->judged[i].stroke = i;
    verdict->judged[i].ornament = is_ornament(take, i);
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

static dt_pulse_strokes pulse_strokes(const dt__work* work) {
  const dt_pulse_strokes strokes = {work->time_s, work->voice, work->weight, work->count};
  return strokes;
}

static double bar_quarters(dt_meter meter) {
  return 4.0 * meter.numerator / meter.denominator;
}

/* Own beats moved by whole beats so that bar 1 begins at 0 at or before the first stroke. */
static void start_at_bar(dt__work* work) {
  const double bar = bar_quarters(work->meter);
  const dt_pulse_strokes strokes = pulse_strokes(work);
  const int in_bar = bar >= 1.0 ? (int)bar : 1;
  double shift = dt_pulse_bar_shift(&strokes, work->own_beat, in_bar);
  shift -= bar * floor((work->own_beat[0] + shift + 0.25) / bar);
  for (size_t i = 0; i < work->count; ++i) {
    work->own_beat[i] += shift;
  }
}

/* Tempo given, phase not: the tempo curve near it, then the phase. */
static dt_status pulse_near(dt__work* work, double bpm, double* fit) {
  const dt_pulse_strokes strokes = pulse_strokes(work);
  double mean_bpm = 0.0;
  dt_status status = dt_pulse_tempo(&strokes, fmax(10.0, bpm * (1.0 - TEMPO_RANGE)),
                                    fmin(1000.0, bpm * (1.0 + TEMPO_RANGE)), work->allocator,
                                    work->scratch, &mean_bpm);
  if (status == DT_OK) {
    status = dt_pulse_phase(&strokes, work->scratch, DT_ANCHOR_NONE, work->allocator,
                            work->own_beat, fit);
  }
  return status;
}

/* Where the click says each stroke falls. */
static void click_beats(const dt__work* work, double* beat) {
  for (size_t i = 0; i < work->count; ++i) {
    if (work->is_click) {
      const dt_tempo_map* map = &work->take->click;
      beat[i] = dt_tempo_map_ticks(map, work->time_s[i]) / map->ticks_per_quarter;
    } else {
      beat[i] = (work->time_s[i] - work->origin_s) * work->bpm / 60.0;
    }
  }
}

/* Own beats counted from the click's where the two are still together: at the start. */
static void count_from_click(dt__work* work) {
  double* click = work->scratch + work->count;
  click_beats(work, click);
  const double shift = floor(click[0] - work->own_beat[0] + 0.5);
  for (size_t i = 0; i < work->count; ++i) {
    work->own_beat[i] += shift;
  }
}

/*
 * Three ways to read a take with a click: the player keeps to it; starts on it and leaves it
 * slowly; or goes so far that only his own tempo leads. The first holds unless the strokes stand
 * much closer to some grid, whichever grid it is, in one of the others.
 */
static dt_status pulse_on_click(dt__work* work) {
  const dt_pulse_strokes strokes = pulse_strokes(work);
  double* click = work->scratch + work->count;
  double* best = work->feel_s; /* not yet in use */
  double best_fit = -(double)INFINITY;
  for (int reading = 0; reading < 3; ++reading) {
    double unused = 0.0;
    dt_status status = DT_OK;
    if (reading < 2) {
      click_beats(work, click);
      status = dt_pulse_phase(&strokes, click, reading == 0 ? DT_ANCHOR_ALL : DT_ANCHOR_START,
                              work->allocator, work->own_beat, &unused);
    } else {
      status = pulse_near(work, work->bpm, &unused);
      if (status == DT_TOO_FEW) {
        break;
      }
      count_from_click(work);
    }
    if (status != DT_OK) {
      return status;
    }
    if (reading > 0 && memcmp(best, work->own_beat, work->count * sizeof(double)) == 0) {
      continue; /* the same reading again */
    }
    const double fit = dt__grid_fit(work);
    if (reading == 0 || fit > best_fit + RUNAWAY_GAIN) {
      best_fit = fit;
      memcpy(best, work->own_beat, work->count * sizeof(double));
    }
  }
  memcpy(work->own_beat, best, work->count * sizeof(double));
  return DT_OK;
}

static dt_status find_pulse(dt__work* work, dt_verdict* verdict) {
  const dt_pulse_strokes strokes = pulse_strokes(work);
  dt_status status = DT_OK;
  double fit = 0.0;
  if (work->phase_known) {
    return pulse_on_click(work);
  }
  if (work->config.mode == DT_GRID_TEMPO) {
    status = pulse_near(work, work->bpm, &fit);
  } else {
    status = dt_pulse_free(&strokes, work->allocator, work->own_beat, &work->bpm,
                           &verdict->tempo_probability);
  }
  if (status == DT_OK) {
    start_at_bar(work);
  }
  return status;
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
    work->meter = take->has_click ? dt_tempo_map_meter(&take->click, 0.0) : four;
  }
  if (work->is_click) {
    work->bpm = click_bpm(take);
  }
}

static void fill_judged(const dt__work* work, dt_verdict* verdict) {
  for (size_t i = 0; i < work->count; ++i) {
    dt_judged* judged = &verdict->judged[work->stroke[i]];
    const double grid_s = work->phase_known ? work->nominal_s[i] : work->reference_s[i];
    judged->beat = work->grid_beat[i];
    judged->grid_time_s = grid_s;
    judged->asynchrony_ms = 1e3 * (work->time_s[i] - grid_s);
    judged->residual_ms = 1e3 * work->residual_s[i];
  }
}

static void fill_context(const dt__work* work, dt_verdict* verdict) {
  const size_t n = work->count;
  verdict->subdivision = work->subdivision;
  verdict->span_s = work->time_s[n - 1] - work->time_s[0];
  verdict->beat_s = verdict->span_s / (work->grid_beat[n - 1] - work->grid_beat[0]);
  verdict->bars = (work->grid_beat[n - 1] - work->grid_beat[0]) / bar_quarters(work->meter);
  verdict->click_bpm = work->config.mode == DT_GRID_FREE ? (double)NAN : work->bpm;
  verdict->tolerance = dt_level_tolerance(work->config.level, verdict->beat_s);
}

static void count_outliers(dt_verdict* verdict) {
  for (size_t i = 0; i < verdict->judged_count; ++i) {
    verdict->outlier_count += verdict->judged[i].outlier;
  }
}

/* From sorted strokes to numbers. DT_TOO_FEW means that the word stays "can't tell". */
static dt_status judge_strokes(dt__work* work, dt__work* part, dt_verdict* verdict) {
  gather(work, verdict);
  dt_status status = work->count < 4 ? DT_TOO_FEW : find_pulse(work, verdict);
  if (status != DT_OK) {
    return status;
  }
  dt__put_on_grid(work, verdict->judged);
  count_outliers(verdict);
  if (!dt__fit_curve(work)) {
    return DT_TOO_FEW;
  }
  dt__take_out_feel(work);
  dt__voice_variance(work);
  fill_judged(work, verdict);
  fill_context(work, verdict);
  *part = (dt__work){.take = NULL};
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
  dt_status status = judge_strokes(work, part, verdict);
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
  const dt_status checked = check(take, config, err);
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
