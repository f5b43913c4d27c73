#include <math.h>
#include <string.h>

#include "dt/stat.h"
#include "judge_internal.h"

/*
 * The numbers with their intervals, from the residuals about the fitted curve: one linear model
 * under human noise (noise.c) for everything played together, and one for each voice alone.
 */

enum { STROKES_MIN = 8, DRIFT_STROKES_MIN = 16 };
static const double DRIFT_BEATS_MIN = 8.0;

static const dt_estimate CANT_TELL = {(double)NAN, (double)NAN, (double)NAN, DT_CANT_TELL};
static const dt_estimate NOT_TESTABLE = {(double)NAN, (double)NAN, (double)NAN, DT_NOT_TESTABLE};

static dt_timing nothing_known(size_t stroke_count) {
  const dt_timing timing = {stroke_count, CANT_TELL, CANT_TELL,   CANT_TELL,
                            CANT_TELL,    CANT_TELL, (double)NAN, CANT_TELL};
  return timing;
}

static const double INTERVAL[3] = {0.025, 0.5, 0.975};

/* scale * (c'b) + offset, with its interval; scale > 0. */
static dt_estimate estimate_of(const dt__posterior* posterior, const double* contrast, double scale,
                               double offset) {
  double at[3];
  dt__posterior_quantiles(posterior, contrast, INTERVAL, at, 3);
  const dt_estimate estimate = {offset + scale * at[1], offset + scale * at[0],
                                offset + scale * at[2], DT_KNOWN};
  return estimate;
}

/* The instrument's own jitter is independent of the player's and subtracts as a variance. */
static double less_jitter_ms(const dt__work* work, double scatter_s) {
  const double jitter_s = work->take->clock_jitter_s;
  return 1e3 * sqrt(fmax(0.0, scatter_s * scatter_s - jitter_s * jitter_s));
}

static dt_estimate scatter_of(const dt__work* work, const dt__posterior* posterior) {
  double at[3];
  dt__posterior_scatter(posterior, INTERVAL, at, 3);
  const dt_estimate estimate = {less_jitter_ms(work, at[1]), less_jitter_ms(work, at[0]),
                                less_jitter_ms(work, at[2]), DT_KNOWN};
  return estimate;
}

/* Mean of reference - nominal: what the fitted curve itself says about the placement. */
static double curve_placement_s(const dt__work* work) {
  double sum = 0.0;
  for (size_t i = 0; i < work->count; ++i) {
    sum += work->reference_s[i] - work->nominal_s[i];
  }
  return sum / (double)work->count;
}

/* The player's mean tempo as a multiple of the click's. */
static double mean_speed(const dt__work* work) {
  const size_t last = work->count - 1;
  return (work->nominal_s[last] - work->nominal_s[0]) /
         (work->reference_s[last] - work->reference_s[0]);
}

/* Which columns of a model are what: voices first, then the tempo's two, then the off-beats. */
typedef struct model {
  int voices;
  dt_voice voice[DT_VOICE_COUNT];
  double share[DT_VOICE_COUNT]; /* of the strokes */
  bool drift_known;
  int columns;
} model;

static void unit(double* contrast, int at) {
  memset(contrast, 0, DT__NOISE_COLUMNS_MAX * sizeof(double));
  contrast[at] = 1.0;
}

static void fill_drift(const dt__work* work, const model* m, const dt__posterior* posterior,
                       dt_timing* timing) {
  double contrast[DT__NOISE_COLUMNS_MAX];
  const double own_bpm = work->bpm * mean_speed(work);
  unit(contrast, m->voices);
  timing->tempo_bpm = estimate_of(posterior, contrast, work->bpm, own_bpm);
  unit(contrast, m->voices + 1);
  timing->drift_bpm_per_min =
      estimate_of(posterior, contrast, 60.0 * work->bpm, 60.0 * work->bpm * work->rate_per_s);
  timing->drift_percent_per_min = timing->drift_bpm_per_min;
  timing->drift_percent_per_min.value *= 100.0 / own_bpm;
  timing->drift_percent_per_min.low *= 100.0 / own_bpm;
  timing->drift_percent_per_min.high *= 100.0 / own_bpm;
  const double below = dt__posterior_cdf(posterior, contrast, -work->rate_per_s);
  timing->drift_p = 2.0 * fmin(below, 1.0 - below);
}

static void fill_timing(const dt__work* work, const model* m, const dt__posterior* posterior,
                        dt_timing* timing) {
  timing->scatter_ms = scatter_of(work, posterior);
  timing->placement_ms = NOT_TESTABLE;
  if (work->phase_known) {
    double contrast[DT__NOISE_COLUMNS_MAX] = {0};
    memcpy(contrast, m->share, sizeof(m->share));
    timing->placement_ms = estimate_of(posterior, contrast, 1e3, 1e3 * curve_placement_s(work));
  }
  if (m->drift_known) {
    fill_drift(work, m, posterior, timing);
  }
}

static size_t voice_count(const dt__work* work, dt_voice voice) {
  size_t count = 0;
  for (size_t i = 0; i < work->count; ++i) {
    count += work->voice[i] == voice;
  }
  return count;
}

/* The same residuals with the freedom that the habits took given back to their variance: about
 * each voice's mean, which the habits left alone. */
static void give_back_freedom(dt__work* work, const dt_verdict* verdict) {
  const double free_before = (double)work->count - (double)verdict->voice_count - 2.0;
  const double free_after = free_before - (double)work->feel_cells;
  if (free_after < 1.0) {
    return;
  }
  const double factor = sqrt(free_before / free_after);
  double mean[DT_VOICE_COUNT] = {0};
  double count[DT_VOICE_COUNT] = {0};
  for (size_t i = 0; i < work->count; ++i) {
    mean[work->voice[i]] += work->residual_s[i];
    count[work->voice[i]] += 1.0;
  }
  for (size_t i = 0; i < work->count; ++i) {
    const double centre = mean[work->voice[i]] / count[work->voice[i]];
    work->residual_s[i] = centre + factor * (work->residual_s[i] - centre);
  }
}

static dt__problem problem_of(const dt__work* work, int columns) {
  dt__problem problem;
  memset(&problem, 0, sizeof(problem));
  problem.count = work->count;
  problem.columns = columns;
  problem.beat = work->grid_beat;
  problem.y = work->residual_s;
  problem.white = work->white;
  problem.white_gain = work->white_gain;
  problem.clicked = work->phase_known;
  for (int k = 0; k < columns; ++k) {
    problem.x[k] = work->column[k];
  }
  return problem;
}

/* Each voice against the mean of all: the common slow part cancels in the difference. */
static void voices_against_own_pulse(const model* m, const dt__posterior* posterior,
                                     dt_verdict* verdict) {
  for (int v = 0; v < m->voices && m->voices > 1; ++v) {
    double contrast[DT__NOISE_COLUMNS_MAX] = {0};
    for (int u = 0; u < m->voices; ++u) {
      contrast[u] = (u == v ? 1.0 : 0.0) - m->share[u];
    }
    for (size_t k = 0; k < verdict->voice_count; ++k) {
      dt_timing* timing = &verdict->voices[k].timing;
      if (verdict->voices[k].voice == m->voice[v] && timing->stroke_count >= STROKES_MIN) {
        timing->placement_own_ms = estimate_of(posterior, contrast, 1e3, 0.0);
      }
    }
  }
}

static void copy_stroke(const dt__work* from, size_t i, dt__work* to) {
  const size_t n = to->count++;
  to->voice[n] = from->voice[i];
  to->time_s[n] = from->time_s[i];
  to->grid_beat[n] = from->grid_beat[i];
  to->nominal_s[n] = from->nominal_s[i];
  to->reference_s[n] = from->reference_s[i];
  to->residual_s[n] = from->residual_s[i];
  to->white[n] = from->white[i];
}

/* The strokes of one voice, all of one motor variance. */
static void copy_voice(const dt__work* from, dt_voice voice, dt__work* to) {
  to->count = 0;
  for (size_t i = 0; i < from->count; ++i) {
    if (from->voice[i] == voice) {
      copy_stroke(from, i, to);
      to->white[to->count - 1] = 1.0;
    }
  }
}

/* Strokes with a time of their own. Two drums heard in one sound share one measured time: to count
 * it twice would look like limbs that err together. */
static void copy_distinct(const dt__work* from, dt__work* to) {
  to->count = 0;
  to->white_gain = from->white_gain;
  for (size_t i = 0; i < from->count; ++i) {
    const bool shared =
        from->take->source == DT_TAKE_SOUND && i > 0 && from->time_s[i] <= from->time_s[i - 1];
    if (!shared) {
      copy_stroke(from, i, to);
    }
  }
}

/* One column a voice, so that what limbs do differently is not scatter. */
static void voice_columns(dt__work* work, model* m) {
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    const size_t count = voice_count(work, (dt_voice)v);
    if (count == 0) {
      continue;
    }
    for (size_t i = 0; i < work->count; ++i) {
      work->column[m->voices][i] = work->voice[i] == (dt_voice)v ? 1.0 : 0.0;
    }
    m->voice[m->voices] = (dt_voice)v;
    m->share[m->voices++] = (double)count / (double)work->count;
  }
  m->columns = m->voices;
}

static void off_beat_column(dt__work* work, model* m) {
  size_t off = 0;
  for (size_t i = 0; i < work->count; ++i) {
    const bool off_beat = dt__is_off_beat(work, i);
    work->column[m->columns][i] = off_beat ? 1.0 : 0.0;
    off += off_beat;
  }
  m->columns += off > 0 && off < work->count;
}

static void build_model(dt__work* work, model* m) {
  memset(m, 0, sizeof(*m));
  voice_columns(work, m);
  const double beats = work->grid_beat[work->count - 1] - work->grid_beat[0];
  m->drift_known = work->count >= DRIFT_STROKES_MIN && beats >= DRIFT_BEATS_MIN;
  if (m->drift_known) {
    dt__tempo_columns(work, work->column[m->columns], work->column[m->columns + 1]);
    m->columns += 2;
  }
  off_beat_column(work, m);
}

/* DT_OK with an empty posterior: nothing can be told. */
static dt_status fit_timing(dt__work* work, const dt__posterior* together, model* m,
                            dt_timing* timing, dt__posterior* posterior) {
  *timing = nothing_known(work->count);
  memset(posterior, 0, sizeof(*posterior));
  if (work->count < STROKES_MIN) {
    return DT_OK;
  }
  build_model(work, m);
  dt__problem problem = problem_of(work, m->columns);
  problem.together = together;
  const dt_status status = dt__noise_fit(&problem, work->allocator, posterior);
  if (status != DT_OK) {
    return status == DT_NO_MEMORY ? status : DT_OK;
  }
  fill_timing(work, m, posterior, timing);
  return DT_OK;
}

static dt_status time_voice(const dt__work* work, const dt__posterior* together, dt__work* part,
                            dt_voice_timing* out) {
  dt__posterior posterior;
  model m;
  copy_voice(work, out->voice, part);
  part->white_gain = 1.0;
  const dt_estimate own = out->timing.placement_own_ms;
  const dt_status status = fit_timing(part, together, &m, &out->timing, &posterior);
  out->timing.placement_own_ms = own;
  dt__posterior_clear(&posterior, work->allocator);
  return status;
}

static void list_voices(const dt__work* work, dt_verdict* verdict) {
  verdict->voice_count = 0;
  for (int v = 0; v < DT_VOICE_COUNT; ++v) {
    const size_t count = voice_count(work, (dt_voice)v);
    if (count > 0) {
      dt_voice_timing* entry = &verdict->voices[verdict->voice_count++];
      entry->voice = (dt_voice)v;
      entry->timing = nothing_known(count);
    }
  }
}

dt_status dt__timing_all(dt__work* work, dt__work* part, dt_verdict* verdict) {
  dt__posterior posterior;
  model m;
  list_voices(work, verdict);
  give_back_freedom(work, verdict);
  copy_distinct(work, part);
  dt_status status = fit_timing(part, NULL, &m, &verdict->all, &posterior);
  verdict->all.stroke_count = work->count;
  verdict->all.placement_own_ms = NOT_TESTABLE;
  if (posterior.count > 0) {
    const char* name = dt__posterior_shape(&posterior, &verdict->slow_share);
    strncpy(verdict->noise_model, name, sizeof(verdict->noise_model) - 1);
    voices_against_own_pulse(&m, &posterior, verdict);
  }
  const dt__posterior* together = posterior.count > 0 ? &posterior : NULL;
  for (size_t v = 0; v < verdict->voice_count && status == DT_OK; ++v) {
    status = time_voice(work, together, part, &verdict->voices[v]);
  }
  dt__posterior_clear(&posterior, work->allocator);
  return status;
}
