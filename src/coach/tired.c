#include <math.h>
#include <string.h>

#include "coach_internal.h"

/*
 * There are no norms of tiredness for drummers (dt/fatigue.h), so everybody is compared with his
 * own first takes of the exercise. A change has to last: each take adds what it is beyond the
 * slack.
 */
enum { FRESH_TAKES = 3 };
static const double LEVEL_SLACK_DB = 0.6; /* softer by so much is nothing */
/* Cumulated beyond it. Of players who do not tire and whose takes differ by an SD of 0.4 dB, 2.8 in
 * 100 are called tired in 30 takes (simulated); 3 are allowed. */
static const double LEVEL_STOP_DB = 1.2;
static const double SCATTER_SLACK = 0.20; /* logarithm of the ratio */
static const double SCATTER_STOP = 1.2;
/* How scatter, against what the level allows, grows with the tempo: about its square. */
static const double SCATTER_POWER = 2.0;
/* Too rough a rule to reach far: above the tempo of the fresh takes by this, new ones are fresh. */
static const double HIGHER = 1.03;
static const double GROWTH_PCT = 15.0; /* within one long take, a minute */
static const double FADE_DB = -1.5;

void dt__tired_start(dt_tired* tired) {
  memset(tired, 0, sizeof *tired);
}

static bool see(double value, double slack, double stop, double* fresh, int* count, double* sum) {
  if (!isfinite(value))
    return false;
  if (*count < FRESH_TAKES) {
    *fresh += (value - *fresh) / ++*count;
    return false;
  }
  *sum = fmax(*sum + value - *fresh - slack, 0.0);
  return *sum > stop;
}

bool dt__tired_see(dt_tired* tired, const dt_shown* shown, double scatter_ratio) {
  if (tired->fresh_bpm <= 0.0 || shown->bpm > tired->fresh_bpm * HIGHER) {
    tired->fresh_bpm = shown->bpm;
    tired->fresh_scatter = tired->scatter_sum = 0.0;
    tired->scatters = 0;
  }
  const double above = log(shown->bpm / tired->fresh_bpm);
  const double looser =
      scatter_ratio > 0.0 ? log(scatter_ratio) - SCATTER_POWER * above : (double)NAN;
  const bool loose = see(looser, SCATTER_SLACK, SCATTER_STOP, &tired->fresh_scatter,
                         &tired->scatters, &tired->scatter_sum);
  const bool soft = see(-shown->level_db, LEVEL_SLACK_DB, LEVEL_STOP_DB, &tired->fresh_level_db,
                        &tired->levels, &tired->level_sum);
  const dt_estimate growth = shown->scatter_growth.per_min;
  const dt_estimate fade = shown->level_slope.per_min;
  const bool growing = growth.known == DT_KNOWN && growth.low > 0.0 && growth.value > GROWTH_PCT;
  const bool fading = fade.known == DT_KNOWN && fade.high < 0.0 && fade.value < FADE_DB;
  return loose || soft || (growing && fading);
}
