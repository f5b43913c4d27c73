#include "coach_learner.h"

#include <math.h>
#include <string.h>

#include "dt/stat.h"

const char* const KIND_NAMES[KIND_COUNT] = {"slow", "fast", "plateaued", "tiring", "inconsistent"};

enum { NO_WARNING_IN = 3 };               /* one in three */
static const double FLOOR = -0.6;         /* far below the limit the margin stops falling */
static const double TIRED_TEMPO = 0.06;   /* of x85 at the limit */
static const double TIRED_LEVEL_DB = 3.0; /* softer at the limit */
static const double LEVEL_SD_DB = 0.4;
static const double RECOVERY_S = 400.0;

static double between(dt_rng* rng, double low, double high) {
  return low + (high - low) * dt_rng_uniform(rng);
}

static double between_logs(dt_rng* rng, double low, double high) {
  return exp(between(rng, log(low), log(high)));
}

learner learner_new(kind k, uint64_t seed) {
  static const double LOW[] = {50.0, 140.0, 90.0, 90.0, 90.0};
  static const double HIGH[] = {90.0, 260.0, 180.0, 180.0, 180.0};
  learner l;
  memset(&l, 0, sizeof l);
  l.kind = k;
  l.rng = dt_rng_seeded(seed, 100 + (uint64_t)k);
  l.x85 = log(between_logs(&l.rng, LOW[k], HIGH[k]));
  l.width = k == INCONSISTENT ? between_logs(&l.rng, 0.06, 0.11) : between_logs(&l.rng, 0.02, 0.06);
  l.lapse = k == INCONSISTENT ? 0.04 : 0.01;
  l.learning = k == SLOW ? 0.0005 : k == FAST ? 0.001 : 0.0;
  l.wander = k == INCONSISTENT ? 0.003 : 0.001;
  l.noise = between(&l.rng, 0.08, 0.16);
  l.warns = dt_rng_below(&l.rng, NO_WARNING_IN) != 0;
  l.tiring = k == TIRING ? between_logs(&l.rng, 1.0 / 500.0, 1.0 / 180.0) : 0.0;
  l.from_bpm = exp(l.x85) * between(&l.rng, 0.6, 0.9);
  return l;
}

double learner_clean_bpm(const learner* l) {
  return exp(l->x85 - TIRED_TEMPO * l->tired);
}

/* Where the clean share is 85 %, in SDs of the curve. */
static double goal_z(const learner* l) {
  return dt_normal_quantile(DT_LADDER_GOAL / (1.0 - l->lapse));
}

static dt_estimate known(double x) {
  return (dt_estimate){x, x, x, DT_KNOWN};
}

static const dt_estimate UNKNOWN = {(double)NAN, (double)NAN, (double)NAN, DT_CANT_TELL};

bool learner_play(learner* l, double bpm, double seconds, dt_shown* shown) {
  const double now = log(learner_clean_bpm(l));
  const double z = dt_rng_normal(&l->rng) + (log(bpm) - now) / l->width - goal_z(l);
  const bool lapsed = dt_rng_uniform(&l->rng) < l->lapse;
  const double margin = l->warns ? l->noise * z : -0.5 + 0.1 * dt_rng_normal(&l->rng);
  const double beat_s = 60.0 / bpm;
  const double seen = fmax(margin, FLOOR + 0.05 * dt_rng_normal(&l->rng));
  memset(shown, 0, sizeof *shown);
  shown->played_s = seconds;
  shown->bpm = bpm;
  shown->bars = shown->bars_asked = 8;
  shown->notes = 64;
  shown->missed = lapsed || (!l->warns && z > 0.0) ? 2 : 0;
  shown->scatter_ms = known(dt_level_tolerance(DT_LEVEL_PLAYER, beat_s).scatter_ms * exp(seen));
  shown->placement_ms = shown->drift_percent = UNKNOWN;
  shown->accent_db = shown->ghost_db = UNKNOWN;
  shown->scatter_growth.per_min = shown->level_slope.per_min = UNKNOWN;
  shown->wander_ms = 0.0;
  shown->level_db = -6.0 - TIRED_LEVEL_DB * l->tired + LEVEL_SD_DB * dt_rng_normal(&l->rng);
  l->tired += l->tiring * seconds * pow(bpm / exp(l->x85), 2.0);
  l->x85 += l->learning + l->wander * dt_rng_normal(&l->rng);
  return z <= 0.0 && !lapsed;
}

void learner_rest(learner* l, double seconds) {
  l->tired *= exp(-seconds / RECOVERY_S);
}

void learner_sleep(learner* l) {
  l->tired = 0.0;
}

double learner_bound(const learner* l, int n) {
  const double z = goal_z(l);
  const double slope = (1.0 - l->lapse) * exp(-0.5 * z * z) / sqrt(2.0 * DT_PI) / l->width;
  return sqrt(DT_LADDER_GOAL * (1.0 - DT_LADDER_GOAL) / n) / slope;
}

double learner_bound_margins(const learner* l, int n) {
  return l->warns ? l->width / sqrt((double)n) : learner_bound(l, n);
}
