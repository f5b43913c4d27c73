#ifndef DT_JUDGE_NOISE_INTERNAL_H
#define DT_JUDGE_NOISE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/alloc.h"
#include "dt/status.h"

/*
 * A linear model under human timing noise:
 *
 *   y = X b + e,   Var e = sigma^2 [ (1 - s) W + s C(shape) ]
 *
 * W is the motor noise (independent from stroke to stroke, its variance by voice) and C the slow
 * part that all limbs share: a timekeeper that wanders and is corrected (exponential memory of
 * tau beats; Vorberg & Schulze 2002), or a sum of such memories over all scales, which is 1/f
 * noise (Hennig et al. 2011), or a free random walk (no correction; Wing & Kristofferson 1973).
 *
 * Nobody knows s and the shape of this player, and an interval that pretends to know is too
 * narrow. So the restricted likelihood (Harville 1977) is evaluated over a grid of both by a
 * Kalman filter, O(n) each, and every answer is the mixture over the grid, weighted by likelihood
 * and prior (the integration of Rue, Martino & Chopin 2009, without the Laplace step, since given
 * s and shape everything is Gaussian).
 */
enum { DT__NOISE_COLUMNS_MAX = 14 };

typedef struct dt__problem {
  size_t count;
  int columns;                            /* p >= 1, count > p */
  const double* beat;                     /* non-decreasing */
  const double* y;                        /* seconds */
  const double* x[DT__NOISE_COLUMNS_MAX]; /* p columns */
  const double* white;                    /* relative variance of the motor part, mean 1 */
  double white_gain; /* mean square of the residuals / the same after division by white: 1 when the
                        weights are right, and puts it right when they were shrunk; 0 counts as 1 */
  bool clicked;      /* something outside pulls the player back */
  /* Of one voice: what all of them together said. The slow part is one timekeeper's, so its shape
   * is believed as far as it was found there. NULL for a fit on its own. */
  const struct dt__posterior* together;
} dt__problem;

/* One point of the grid and what the data say if it were the truth. */
typedef struct dt__node {
  int shape;
  double logit_s;      /* -INFINITY for white */
  double weight;       /* all nodes sum to 1 */
  double sigma2;       /* restricted estimate */
  double scatter_gain; /* scatter^2 = sigma^2 * gain: expected square about the fitted line */
  double df;           /* n - p */
  double scatter_df;   /* of a mean of unequal variances: fewer (Satterthwaite 1946) */
  double b[DT__NOISE_COLUMNS_MAX];
  double covariance[DT__NOISE_COLUMNS_MAX * DT__NOISE_COLUMNS_MAX]; /* of b */
} dt__node;

typedef struct dt__posterior {
  dt__node* nodes;
  size_t count;
  int columns;
  double span_beats; /* of the problem that chose the nodes: fixes the slow shapes */
  bool clicked;
} dt__posterior;

/* Fits. Errors: DT_NO_MEMORY, DT_TOO_FEW (count <= p + 2), DT_BAD_DATA (columns dependent). */
dt_status dt__noise_fit(const dt__problem* problem, const dt_allocator* allocator,
                        dt__posterior* posterior) DT_NODISCARD;

void dt__posterior_clear(dt__posterior* posterior, const dt_allocator* allocator);

/* Quantiles of the contrast c'b at p[0..count-1], each in (0,1), and P(c'b < at). */
void dt__posterior_quantiles(const dt__posterior* posterior, const double* contrast,
                             const double* p, double* at, int count);
double dt__posterior_cdf(const dt__posterior* posterior, const double* contrast, double at);

/* Quantiles of the scatter (SD, seconds). */
void dt__posterior_scatter(const dt__posterior* posterior, const double* p, double* at, int count);

/* The likeliest shape's name ("white", "1/f" ...; static storage) and the mean share of the
 * variance that is slow, 0..1. */
const char* dt__posterior_shape(const dt__posterior* posterior, double* slow_share);

/* --- between noise.c and filter.c ------------------------------------------------------------ */

enum { DT__MEMORIES_MAX = 8, DT__SHAPES_MAX = 12, DT__NODES_PER_SHAPE_MAX = 48 };
enum { DT__NODES_MAX = DT__SHAPES_MAX * DT__NODES_PER_SHAPE_MAX };

/* The slow part as a sum of equal exponential memories. memory_count 0 is white. */
typedef struct dt__shape {
  int memory_count;
  double tau_beats[DT__MEMORIES_MAX];
  double prior;
  double centre; /* logit of the share s that is expected of this shape */
  const char* name;
} dt__shape;

int dt__noise_shapes(double span_beats, bool clicked, dt__shape* shapes);

/* The problem as the filter walks through it: y and the columns of one stroke side by side, padded
 * with zeros to a multiple of four. */
typedef struct dt__rows {
  const dt__problem* problem;
  int width;
  const double* row; /* count x width */
} dt__rows;

int dt__row_width(int columns);
void dt__noise_rows(const dt__problem* problem, double* row, dt__rows* rows);

/* Room that one shape's decays take for each stroke: memories, padded to a power of two. */
int dt__decay_stride(const dt__shape* shape);

/* decay[i * stride + k] = exp(-(beat_i - beat_{i-1}) / tau_k), decay of i = 0 is 0. */
void dt__noise_decays(const dt__problem* problem, const dt__shape* shape, double* decay);

/* Filters y and the columns; fills the node's b, covariance, sigma2, df; returns the restricted
 * log likelihood, or NAN when the columns are dependent. */
double dt__noise_filter(const dt__rows* rows, const dt__shape* shape, const double* decay, double s,
                        dt__node* node);

/* tr(M C) / (n - p), M = projection off the columns (unit weights): what share of a unit slow part
 * is seen as scatter and not as placement or drift. scratch: 3 * count doubles. */
double dt__noise_slow_gain(const dt__problem* problem, const dt__shape* shape, const double* decay,
                           double* scratch);

#endif
