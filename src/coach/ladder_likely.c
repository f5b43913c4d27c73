#include <math.h>

#include "dt/stat.h"
#include "ladder_internal.h"

/* Below this a margin is "easy": so far inside the limits it need not follow the tempo. */
static const double EASY = -0.48;
static const double MARGIN_MOST = 2.0;
/* Some margins tell of something else: a slip of the judge's, a chair that was moved. */
static const double STRAY = 0.02;
static const double STRAY_EASY = 0.9;
static const double STRAY_DENSITY = 0.15;
/* Whose looseness foretells failure still leaves out a note now and then for the tempo's sake: this
 * share of those that fail. */
static const double MISSES = 0.1;

/* Margins that follow no tempo have a mean and a spread of their own. Before any was seen these are
 * believed, the mean as if half a take had shown it. */
static const double ALONE_MEAN = -0.4;
static const double ALONE_SD = 0.17;
static const double ALONE_TAKES = 0.5;
static const double ALONE_FREEDOM = 4.0;

/* Student's density. Gamma(x + 1/2) / Gamma(x) is sqrt(x - 1/4 + 1 / (32 x)) to a part in a
 * thousand. */
static double student_density(double t, double freedom) {
  const double x = 0.5 * freedom;
  const double gammas = sqrt(x - 0.25 + 1.0 / (32.0 * x));
  return gammas / sqrt(DT_PI * freedom) * pow(1.0 + t * t / freedom, -0.5 * (freedom + 1.0));
}

/* The next margin from those before, if all are of one normal distribution of unknown mean and
 * spread (Gelman et al., Bayesian Data Analysis, 3.3). */
static double alone(const dt_ladder* ladder, double margin) {
  const double n = ladder->margins;
  const double takes = ALONE_TAKES + n;
  const double off = n > 0.0 ? ladder->margin_mean - ALONE_MEAN : 0.0;
  const double mean = ALONE_MEAN + off * n / takes;
  const double freedom = ALONE_FREEDOM + n;
  const double squares = ALONE_FREEDOM * ALONE_SD * ALONE_SD + ladder->margin_squares +
                         off * off * ALONE_TAKES * n / takes;
  const double sd = sqrt(squares / freedom * (1.0 + 1.0 / takes));
  return margin <= EASY ? dt_student_cdf((EASY - mean) / sd, freedom)
                        : student_density((margin - mean) / sd, freedom) / sd;
}

static void remember(dt_ladder* ladder, double margin) {
  const double off = margin - ladder->margin_mean;
  ladder->margins += 1.0;
  ladder->margin_mean += off / ladder->margins;
  ladder->margin_squares += off * (margin - ladder->margin_mean);
}

dt__outcome dt__ladder_outcome(dt_ladder* ladder, bool clean, double margin) {
  dt__outcome o = {.clean = clean, .measured = margin > 0.0 && isfinite(margin), .alone = 1.0};
  if (!o.measured)
    return o;
  o.margin = fmin(fmax(log(margin), -MARGIN_MOST), clean ? 0.0 : MARGIN_MOST);
  o.alone = alone(ladder, o.margin);
  remember(ladder, o.margin);
  return o;
}

/* Of a margin that follows the tempo: normal about spread times u. */
static double followed(double margin, double u, double spread) {
  const double z = margin / spread - u;
  if (margin <= EASY)
    return (1.0 - STRAY) * dt_normal_cdf(EASY / spread - u) + STRAY * STRAY_EASY;
  return (1.0 - STRAY) * exp(-0.5 * z * z) / (spread * sqrt(2.0 * DT_PI)) + STRAY * STRAY_DENSITY;
}

double dt__ladder_likely(const dt__outcome* o, double u, double lapse, double spread) {
  if (!o->measured || spread <= 0.0) {
    const double clean = (1.0 - lapse) * dt_normal_cdf(-u);
    return o->alone * (o->clean ? clean : 1.0 - clean);
  }
  const double margin = followed(o->margin, u, spread);
  if (o->clean)
    return (1.0 - lapse) * margin;
  /* Failed inside every limit: by missed notes. */
  return o->margin > 0.0 ? margin : (lapse + MISSES * dt_normal_cdf(u)) * margin;
}
