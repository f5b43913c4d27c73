#include <math.h>
#include <string.h>

#include "dt/pulse.h"
#include "judge_internal.h"

/* Where the player's own beats are: by the click, near a given tempo, or freely. */

static const double TEMPO_RANGE = 0.12; /* how far the player may be from a given tempo */
/* A player is taken to have left the click when that fits this much better, per stroke (natural
 * log). */
static const double RUNAWAY_GAIN = 0.15;

static dt_pulse_strokes pulse_strokes(const dt__work* work) {
  const dt_pulse_strokes strokes = {work->time_s, work->voice, work->weight, work->count};
  return strokes;
}

/* Own beats moved by whole beats so that bar 1 begins at 0 at or before the first stroke. */
static void start_at_bar(dt__work* work) {
  const double bar = dt__bar_quarters(work->meter);
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

dt_status dt__find_pulse(dt__work* work, dt_verdict* verdict) {
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
    bool found = false;
    if (status == DT_OK) {
      status = dt__find_beats(work, verdict, &found);
    }
    if (found) {
      return status;
    }
  }
  if (status == DT_OK) {
    start_at_bar(work);
  }
  return status;
}
