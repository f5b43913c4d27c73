#include <math.h>
#include <string.h>

#include "dt/stat.h"
#include "roll_internal.h"
#include "series_internal.h"

/* The spread of what is left when every piece has its own line and all share two columns. */

static const double LAG_PRIOR_VALUES = 20.0; /* what the expected correlation counts as */
static const double KURTOSIS_PRIOR_VALUES = 60.0;
static const double SAYS_NOTHING = 1e-6; /* share of a column that the lines leave */
enum { LINES = 2, SHARED = 2 };

/* Sums over all pieces. N: ones beside the diagonal within a piece. M: takes the lines out, then
 * also the shared columns. */
typedef struct sums {
  double m;  /* tr M */
  double mn; /* tr M N */
  double mnmn;
  double g[SHARED][SHARED];   /* columns against each other, lines out */
  double gn[SHARED][SHARED];  /* with N between */
  double mnz[SHARED][SHARED]; /* (M N z)'(M N z) */
  double xy[SHARED];
  double raw[SHARED]; /* squares of the columns as they came */
} sums;

/* One piece with its lines taken out. */
typedef struct piece {
  int n;
  double q[LINES][DT__PIECE_MAX];
  double y[DT__PIECE_MAX];
  double x[SHARED][DT__PIECE_MAX];
} piece;

static double dot(const double* a, const double* b, int n) {
  double sum = 0.0;
  for (int i = 0; i < n; ++i) {
    sum += a[i] * b[i];
  }
  return sum;
}

/* a' N b */
static double beside(const double* a, const double* b, int n) {
  double sum = 0.0;
  for (int i = 0; i + 1 < n; ++i) {
    sum += a[i] * b[i + 1] + a[i + 1] * b[i];
  }
  return sum;
}

static void take_lines_out(const piece* p, double* v) {
  for (int k = 0; k < LINES; ++k) {
    const double c = dot(p->q[k], v, p->n);
    for (int i = 0; i < p->n; ++i) {
      v[i] -= c * p->q[k][i];
    }
  }
}

static void make_lines(piece* p) {
  const double n = (double)p->n;
  const double length = sqrt(n * (n * n - 1.0) / 12.0);
  for (int i = 0; i < p->n; ++i) {
    p->q[0][i] = 1.0 / sqrt(n);
    p->q[1][i] = p->n > 2 ? ((double)i - 0.5 * (n - 1.0)) / length : 0.0;
  }
}

static void load(const dt__pieces* pieces, size_t k, piece* p) {
  const size_t from = pieces->start[k];
  p->n = (int)(pieces->start[k + 1] - from);
  make_lines(p);
  const size_t bytes = (size_t)p->n * sizeof(double);
  memcpy(p->y, pieces->y + from, bytes);
  memcpy(p->x[0], pieces->hand + from, bytes);
  memcpy(p->x[1], pieces->second + from, bytes);
}

/* tr(M N M N) of the lines: with N's own squares, |Nq|^2 and (q'Nq)^2. */
static double lines_mnmn(const piece* p) {
  double sum = 2.0 * (double)(p->n - 1); /* tr N N */
  double nq[LINES][DT__PIECE_MAX];
  for (int k = 0; k < LINES; ++k) {
    for (int i = 0; i < p->n; ++i) {
      nq[k][i] = (i > 0 ? p->q[k][i - 1] : 0.0) + (i + 1 < p->n ? p->q[k][i + 1] : 0.0);
    }
    sum -= 2.0 * dot(nq[k], nq[k], p->n);
  }
  for (int k = 0; k < LINES; ++k) {
    for (int j = 0; j < LINES; ++j) {
      const double c = dot(p->q[k], nq[j], p->n);
      sum += c * c;
    }
  }
  return sum;
}

static void add_piece(sums* s, piece* p) {
  for (int a = 0; a < SHARED; ++a) {
    s->raw[a] += dot(p->x[a], p->x[a], p->n);
    take_lines_out(p, p->x[a]);
  }
  take_lines_out(p, p->y);
  s->m += (double)(p->n - (p->n > 2 ? LINES : 1));
  s->mn -= beside(p->q[0], p->q[0], p->n) + beside(p->q[1], p->q[1], p->n);
  s->mnmn += lines_mnmn(p);
  double mnx[SHARED][DT__PIECE_MAX];
  for (int a = 0; a < SHARED; ++a) {
    for (int i = 0; i < p->n; ++i) {
      mnx[a][i] = (i > 0 ? p->x[a][i - 1] : 0.0) + (i + 1 < p->n ? p->x[a][i + 1] : 0.0);
    }
    take_lines_out(p, mnx[a]);
  }
  for (int a = 0; a < SHARED; ++a) {
    s->xy[a] += dot(p->x[a], p->y, p->n);
    for (int b = 0; b < SHARED; ++b) {
      s->g[a][b] += dot(p->x[a], p->x[b], p->n);
      s->gn[a][b] += beside(p->x[a], p->x[b], p->n);
      s->mnz[a][b] += dot(mnx[a], mnx[b], p->n);
    }
  }
}

/* The inverse of g over the columns that say something; zeros elsewhere. */
static int invert(const sums* s, double inverse[SHARED][SHARED], bool has[SHARED]) {
  memset(inverse, 0, SHARED * SHARED * sizeof(double));
  for (int a = 0; a < SHARED; ++a) {
    has[a] = s->g[a][a] > SAYS_NOTHING * s->raw[a] && s->g[a][a] > 0.0;
  }
  const double det = s->g[0][0] * s->g[1][1] - s->g[0][1] * s->g[1][0];
  if (has[0] && has[1] && det <= SAYS_NOTHING * s->g[0][0] * s->g[1][1]) {
    has[1] = false;
  }
  if (has[0] && has[1]) {
    inverse[0][0] = s->g[1][1] / det;
    inverse[1][1] = s->g[0][0] / det;
    inverse[0][1] = inverse[1][0] = -s->g[0][1] / det;
    return 2;
  }
  for (int a = 0; a < SHARED; ++a) {
    inverse[a][a] = has[a] ? 1.0 / s->g[a][a] : 0.0;
  }
  return has[0] + has[1];
}

/* tr(inverse A), and tr(inverse A inverse A). */
static double trace(double inverse[SHARED][SHARED], double a[SHARED][SHARED]) {
  double sum = 0.0;
  for (int i = 0; i < SHARED; ++i) {
    for (int j = 0; j < SHARED; ++j) {
      sum += inverse[i][j] * a[j][i];
    }
  }
  return sum;
}

static double trace_twice(double inverse[SHARED][SHARED], double a[SHARED][SHARED]) {
  double b[SHARED][SHARED] = {{0}};
  for (int i = 0; i < SHARED; ++i) {
    for (int j = 0; j < SHARED; ++j) {
      for (int k = 0; k < SHARED; ++k) {
        b[i][j] += inverse[i][k] * a[k][j];
      }
    }
  }
  double sum = 0.0;
  for (int i = 0; i < SHARED; ++i) {
    for (int j = 0; j < SHARED; ++j) {
      sum += b[i][j] * b[j][i];
    }
  }
  return sum;
}

/* Squares of the residuals, products of neighbours, and fourth powers. */
typedef struct moments {
  double square;
  double beside; /* r' N r */
  double fourth;
} moments;

static void add_residual(moments* m, const piece* p, const double* b, double* residual) {
  double r[DT__PIECE_MAX];
  for (int i = 0; i < p->n; ++i) {
    r[i] = p->y[i] - b[0] * p->x[0][i] - b[1] * p->x[1][i];
    m->fourth += r[i] * r[i] * r[i] * r[i];
    if (residual) {
      residual[i] = r[i];
    }
  }
  m->square += dot(r, r, p->n);
  m->beside += beside(r, r, p->n);
}

/* E square = v tr M + c tr MN; E beside = v tr MN + c tr MNMN. The correlation is pulled to what is
 * expected, and kept where that of neighbours can be. */
static void solve(const sums* s, const moments* m, double prior_lag, dt__even* even) {
  const double det = s->m * s->mnmn - s->mn * s->mn;
  double lag = prior_lag;
  if (det > 1e-9 * s->m * s->mnmn) {
    const double v = (m->square * s->mnmn - m->beside * s->mn) / det;
    const double c = (m->beside * s->m - m->square * s->mn) / det;
    if (v > 0.0) {
      lag = (s->m * fmax(-0.5, fmin(0.5, c / v)) + LAG_PRIOR_VALUES * prior_lag) /
            (s->m + LAG_PRIOR_VALUES);
    }
  }
  even->variance = m->square / (s->m + lag * s->mn);
  even->covariance = lag * even->variance;
  const double kurtosis =
      m->square > 0.0
          ? ((double)even->count * ((double)even->count * m->fourth / (m->square * m->square)) +
             3.0 * KURTOSIS_PRIOR_VALUES) /
                ((double)even->count + KURTOSIS_PRIOR_VALUES)
          : 3.0;
  const double tails = fmax(1.0, 0.5 * (kurtosis - 1.0));
  const double mean = s->m + lag * s->mn;
  even->df = mean * mean / (s->m + 2.0 * lag * s->mn + lag * lag * s->mnmn) / tails;
}

static double coefficient_se(const dt__even* even, const sums* s, double inverse[SHARED][SHARED],
                             int a) {
  double variance = even->variance * inverse[a][a];
  for (int i = 0; i < SHARED; ++i) {
    for (int j = 0; j < SHARED; ++j) {
      variance += even->covariance * inverse[a][i] * s->gn[i][j] * inverse[j][a];
    }
  }
  return sqrt(fmax(variance, 0.0));
}

dt__even dt__even_fit(const dt__pieces* pieces, double prior_lag, double* residual) {
  dt__even even = {0,           0.0,         (double)NAN, (double)NAN, 0.0,
                   (double)NAN, (double)NAN, (double)NAN, (double)NAN};
  sums s;
  memset(&s, 0, sizeof(s));
  piece p;
  for (size_t k = 0; k < pieces->count; ++k) {
    load(pieces, k, &p);
    add_piece(&s, &p);
    even.count += (size_t)p.n;
  }
  double inverse[SHARED][SHARED];
  bool has[SHARED];
  const int fitted = invert(&s, inverse, has);
  double b[SHARED] = {0};
  for (int a = 0; a < SHARED; ++a) {
    for (int i = 0; i < SHARED; ++i) {
      b[a] += inverse[a][i] * s.xy[i];
    }
  }
  moments m = {0};
  for (size_t k = 0; k < pieces->count; ++k) {
    load(pieces, k, &p);
    take_lines_out(&p, p.y);
    take_lines_out(&p, p.x[0]);
    take_lines_out(&p, p.x[1]);
    add_residual(&m, &p, b, residual ? residual + pieces->start[k] - pieces->start[0] : NULL);
  }
  s.m -= (double)fitted;
  s.mnmn += trace_twice(inverse, s.gn) - 2.0 * trace(inverse, s.mnz);
  s.mn -= trace(inverse, s.gn);
  even.freedom = s.m;
  if (s.m < 2.0) {
    return even;
  }
  solve(&s, &m, prior_lag, &even);
  even.hand = has[0] ? b[0] : (double)NAN;
  even.second = has[1] ? b[1] : (double)NAN;
  even.hand_se = coefficient_se(&even, &s, inverse, 0);
  even.second_se = coefficient_se(&even, &s, inverse, 1);
  return even;
}

dt_estimate dt__even_estimate(double value, double se, double df, double factor) {
  return dt__estimate_scaled(dt__estimate_student(value, (dt__error){se, df}), factor);
}

static double root(double variance, double less, double factor) {
  return factor * sqrt(fmax(0.0, variance - less));
}

dt_estimate dt__even_sd(double variance, double df, double less, double factor) {
  if (!isfinite(variance) || df < 1.0) {
    return dt__unknown(DT_CANT_TELL);
  }
  const dt_estimate e = {root(variance, less, factor),
                         root(variance * df / dt_chi2_quantile(0.975, df), less, factor),
                         root(variance * df / dt_chi2_quantile(0.025, df), less, factor), DT_KNOWN};
  return e;
}
