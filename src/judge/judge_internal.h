#ifndef DT_JUDGE_INTERNAL_H
#define DT_JUDGE_INTERNAL_H

#include <stdint.h>

#include "dt/judge.h"
#include "noise_internal.h"

/*
 * One judgement in the making. The arrays hold the strokes that take part (ornaments never do;
 * outliers leave in dt__put_on_grid), in order of time.
 */
typedef struct dt__work {
  const dt_take* take;
  const dt_allocator* allocator;
  dt_judge_config config;

  size_t count;
  size_t* stroke; /* index into take->strokes */
  double* time_s;
  dt_voice* voice;
  double* weight;
  double* own_beat; /* on the player's pulse, not rounded */
  double* grid_beat;
  double* nominal_s;   /* when a steady click plays grid_beat */
  double* reference_s; /* when the fitted tempo curve does */
  double* residual_s;  /* time - reference - feel */
  double* feel_s;      /* habit at this position */
  double* white;       /* relative motor variance of the stroke's voice */
  double white_gain;   /* see dt__problem */
  double* column[DT__NOISE_COLUMNS_MAX];
  double* scratch; /* 2 * count */
  uint64_t* key;   /* count; for sorting */

  double bpm;      /* of the nominal grid, quarter notes a minute */
  double origin_s; /* nominal time of grid beat 0, constant tempi */
  bool phase_known;
  bool is_click; /* nominal times come from take->click */
  dt_meter meter;
  dt_subdivision subdivision;
  double swing_pair_beats; /* 1 or 0.5 when swung, else 0 */

  /* The tempo curve: s(t) = centre + (1 + stretch) v + rate v^2 / 2, v = t - centre - offset */
  double centre_s;
  double offset_s;
  double stretch;
  double rate_per_s;
  size_t feel_cells; /* degrees of freedom spent on habits */
} dt__work;

/* check.c: DT_BAD_ARGUMENT with a sentence for what cannot be judged. */
dt_status dt__check(const dt_take* take, const dt_judge_config* config, dt_error* err) DT_NODISCARD;

/* The click's mean tempo up to the last stroke, quarter notes a minute. */
double dt__click_bpm(const dt_take* take);

/* Length of a bar in quarter notes. */
static inline double dt__bar_quarters(dt_meter meter) {
  return 4.0 * meter.numerator / meter.denominator;
}

/* own_pulse.c: fills own_beat (and the bpm of a free take). DT_TOO_FEW, DT_NO_MEMORY. */
dt_status dt__find_pulse(dt__work* work, dt_verdict* verdict) DT_NODISCARD;

/* own_beats.c: then the same for a free take from the bar-pointer model (dt/beats.h), with the
 * metre, the bar lines, fills and sections. work->bpm and verdict->tempo_probability are those of
 * dt_pulse_free, the second witness of the octave. *found is false, and own_beat as it was, where
 * the model hears no pulse or is not asked: takes of over an hour or with a long silence in them.
 * DT_NO_MEMORY. */
dt_status dt__find_beats(dt__work* work, dt_verdict* verdict, bool* found) DT_NODISCARD;

/* subdivision.c: reads the grid off own_beat and puts every stroke on its nearest position. Strokes
 * that fit nowhere leave the work and are marked in judged. */
void dt__put_on_grid(dt__work* work, dt_judged* judged);

/* chart_grid.c: the same when the chart says where every stroke stands. DT_TOO_FEW. */
dt_status dt__put_on_chart(dt__work* work, dt_judged* judged) DT_NODISCARD;

/* How close own_beat stands to its best grid: log likelihood per stroke, places paid for. */
double dt__grid_fit(const dt__work* work);

/* curve.c: nominal times, and the tempo curve by least squares. false: too few or degenerate. */
double dt__nominal_time_s(const dt__work* work, double beat);
bool dt__fit_curve(dt__work* work);

/* Tempo columns at the fitted curve, centred: d time / d stretch, d time / d rate. */
void dt__tempo_columns(const dt__work* work, double* stretch, double* rate);

/* feel.c: habits by voice and position in the bar, and motor variance by voice. */
void dt__take_out_feel(dt__work* work);
void dt__voice_variance(dt__work* work);
bool dt__is_off_beat(const dt__work* work, size_t i);

/* timing.c: placement, drift and scatter with their intervals, of all and of each voice. part is
 * room for the strokes of one voice, with the same context as work. */
dt_status dt__timing_all(dt__work* work, dt__work* part, dt_verdict* verdict) DT_NODISCARD;

/* word.c: the verdict from the numbers. */
void dt__decide_word(dt_verdict* verdict);

#endif
