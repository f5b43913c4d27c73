#ifndef DT_TIMEKEEPER_H
#define DT_TIMEKEEPER_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/judge.h"

/*
 * Clock or hands? One value per beat -> the noise of the timekeeper in the head, the noise of the
 * hands, and how fast errors against a click are corrected; and the long-range structure.
 *
 * The model (Vorberg & Schulze 2002; Wing & Kristofferson 1973; Repp 2005), per beat n, in ms:
 *
 *   A(n+1) = (1 - alpha) A(n) + T(n) + M(n+1) - M(n)
 *
 * A: asynchrony (stroke minus click; negative = early), about a placement of your own. T:
 * timekeeper noise, SD clock_ms per beat. M: motor noise of the stroke, SD motor_ms. alpha: share
 * of an asynchrony that is made up for by the next beat, 0..1. Without a click alpha = 0, and the
 * intervals are Wing and Kristofferson's: I(n) = T(n) + M(n+1) - M(n), so that
 * gamma(0) = clock^2 + 2 motor^2 and gamma(1) = -motor^2.
 *
 * The likelihood is exact (Kalman filter; a beat without a stroke costs its own information and
 * nothing else) and restricted (Harville 1977): placement, tempo and their drift, and the habit of
 * each place in the bar, take their freedom with them, which is the small-sample bias of
 * detrending. What the instrument adds is subtracted exactly: to a series like this a jitter d
 * looks like (1 - alpha) d^2 more motor and alpha^2 d^2 more clock variance.
 *
 * Estimates are posterior means (flat in alpha; density sqrt(r) / (1 + r^2) in r = motor / clock,
 * which leaves both sides of r = 1 open); intervals are 95 % profiles of the restricted likelihood,
 * with Student's quantile in place of the normal one.
 *
 * Identifiability: alpha, clock and motor are three numbers from an ARMA(1,1). Where 1 - alpha
 * comes near the moving-average root that clock and motor make (alpha .6 at motor = clock),
 * no number of beats of one drum tells them apart (Jacoby, Keller, Repp, Ahissar & Tishby 2015,
 * "Lower bound on the accuracy of parameter estimation methods..."). Their way out, motor < clock,
 * is true of finger tapping; a third of people on a drum pad break it, so it is not assumed
 * here. Unisons are a better way out: two limbs on one beat share the timekeeper, so their spread
 * is motor noise alone. dt_beats_together uses them.
 *
 * Period correction (beta) cannot be told from phase correction in a series to a steady click of
 * this length and is left out; docs/timekeeper.md shows what a player who has it reads as.
 *
 * All functions: any thread; not real-time; deterministic.
 */

enum { DT_TIMEKEEPER_BEATS_MIN = 30, DT_LONGRANGE_BEATS_MIN = 500, DT_LONGRANGE_POINTS_MAX = 24 };

/* A series, one place per beat. */
typedef struct dt_beats {
  double* value_ms; /* count: asynchrony, or time of the stroke from any origin; NAN: no stroke */
  double* strokes;  /* count: how many strokes the value is the mean of (>= 1); NULL: one each */
  size_t count;
  int cycle;          /* places in the bar that have a habit of their own, 1..8; 0 counts as 1 */
  double detector_ms; /* SD of what the instrument adds to one stroke, >= 0 */
  double unison_ms2;  /* sum of squares of strokes about their beat's mean, habits taken out */
  double unison_df;   /* its degrees of freedom; 0: no unisons */
} dt_beats;

typedef struct dt_timekeeper {
  size_t beat_count;        /* beats with a stroke */
  dt_estimate correction;   /* alpha per beat; without a click not testable */
  dt_estimate clock_ms;     /* SD per beat */
  dt_estimate motor_ms;     /* SD per stroke */
  double motor_above_clock; /* probability that the hands are noisier than the clock, 0..1 */
  double lag1;              /* of the detrended intervals, bias corrected; NAN below three */
  double fit_p;             /* p of "the model fits": Ljung & Box 1978 on six lags */
} dt_timekeeper;

/*
 * With a click: value_ms are asynchronies. Without: times. DT_CANT_TELL below 30 beats, or when the
 * interval of alpha is wider than 0.75. DT_NOT_TESTABLE when the series is not what the model makes
 * (fit_p < 0.005; without a click also a lag-1 correlation above chance: that is drift or something
 * unmodelled), or is no human's (no variance). An interval may begin at 0: then this noise may be
 * none. Errors: DT_NO_MEMORY, DT_BAD_ARGUMENT (cycle, detector, strokes, or an infinite value);
 * *out then says DT_CANT_TELL.
 */
dt_status dt_timekeeper_click(dt_timekeeper* out, const dt_allocator* allocator,
                              const dt_beats* beats) DT_NODISCARD;
dt_status dt_timekeeper_free(dt_timekeeper* out, const dt_allocator* allocator,
                             const dt_beats* beats) DT_NODISCARD;

/* The published estimators, as references; cycle, strokes and unisons are not used. */
typedef struct dt_keeper_point {
  double correction; /* NAN without a click */
  double clock_ms;   /* NAN where the estimate of the variance is negative */
  double motor_ms;
  double lag1; /* of intervals or, with a click, of the residuals */
} dt_keeper_point;

/*
 * Bounded generalised least squares (Jacoby, Tishby, Repp, Ahissar & Keller 2015, Timing & Time
 * Perception 3:52-87): regression of A(n+1) on A(n) under the noise covariance of the residuals,
 * their lag-1 covariance kept within 0 <= motor^2 <= clock^2, 20 rounds. Pairs with a missing beat
 * are left out. NAN below ten pairs. Errors: DT_NO_MEMORY.
 */
dt_status dt_timekeeper_bgls(dt_keeper_point* out, const dt_allocator* allocator,
                             const dt_beats* beats) DT_NODISCARD;

/*
 * Moments (Wing & Kristofferson 1973) of the intervals between neighbouring beats that both have a
 * stroke, after a straight line: motor^2 = -gamma(1) - detector^2, clock^2 = gamma(0) + 2 gamma(1).
 * Both autocovariances are made unbiased by solving for what the line took away. NAN below ten
 * intervals. Errors: DT_NO_MEMORY.
 */
dt_status dt_timekeeper_moments(dt_keeper_point* out, const dt_allocator* allocator,
                                const dt_beats* beats) DT_NODISCARD;

/*
 * From judged strokes to a series. Only strokes on a beat (of the metre: a dotted quarter in 6/8)
 * count; outliers and ornaments do not; of two strokes of a voice on a beat the first does. With
 * verdict->phase_known the values are asynchronies (for dt_timekeeper_click), else times (for
 * dt_timekeeper_free). The series runs from the first beat that has a stroke to the last.
 * Metres of more than eight beats get cycle 1.
 *
 * dt_beats_of: one voice; DT_VOICE_COUNT picks the one with most strokes on the beat.
 * dt_beats_together: the mean of the voices on each beat, the mean offset of each voice taken out,
 * with the unisons. It supposes that limbs err independently and equally; what they share goes to
 * the clock.
 *
 * Release with dt_beats_clear. No stroke on a beat: count 0. Errors: DT_NO_MEMORY, DT_TOO_LARGE
 * (more than a million beats); *beats is then empty.
 */
dt_status dt_beats_of(dt_beats* beats, const dt_allocator* allocator, const dt_take* take,
                      const dt_verdict* verdict, dt_voice voice) DT_NODISCARD;
dt_status dt_beats_together(dt_beats* beats, const dt_allocator* allocator, const dt_take* take,
                            const dt_verdict* verdict) DT_NODISCARD;
void dt_beats_clear(dt_beats* beats, const dt_allocator* allocator);

/*
 * Long-range structure, shown and never graded: detrended fluctuation analysis of order 1 (Peng et
 * al. 1994) of a series (asynchronies or intervals). 0.5: no memory; 1: 1/f; below 0.5: what goes
 * one way comes back. Windows from 10 beats to a quarter of the series, equally spaced in the
 * logarithm, taken from both ends. Gaps are filled by straight lines.
 *
 * Not every series is a power law, and short memories (a corrected timekeeper) bend the curve: look
 * at the points. The interval is what DFA says of 100 fractionally integrated noises of that
 * exponent and length (Granger & Joyeux 1980; fixed seed), and the mean that they miss by is taken
 * off; it holds for a power law.
 *
 * exponent: DT_NOT_TESTABLE below 500 beats, or with more than a tenth missing, or none varying.
 */
typedef struct dt_longrange {
  size_t beat_count;
  dt_estimate exponent;
  int point_count;
  double window_beats[DT_LONGRANGE_POINTS_MAX];
  double fluctuation_ms[DT_LONGRANGE_POINTS_MAX]; /* plot both as logarithms */
} dt_longrange;

/* Errors: DT_NO_MEMORY; *out then says DT_NOT_TESTABLE. Work grows with the square of count; only
 * the first 4000 values are used. */
dt_status dt_longrange_of(dt_longrange* out, const dt_allocator* allocator, const double* x_ms,
                          size_t count) DT_NODISCARD;

#endif
