#include "level.h"

#include <math.h>

#include "dt/band.h"

#include "dt/rt_poison.h" /* last: see there */

#define STEP    32     /* frames between exact gains; straight lines join them */
#define HUSH_DB (-60.) /* where a ramp from or to silence begins or ends */
#define TINY    1e-20F /* far below hearing, far above denormal */

float dt__gain_of_db(double db) {
  return db <= (double)DT_BAND_SILENT_DB ? 0 : (float)pow(10, db / 20);
}

dt__level dt__level_at(double db) {
  return (dt__level){.from_db = db, .to_db = db, .gain = dt__gain_of_db(db)};
}

static bool is_still(const dt__level* level, dt_frame at) {
  return at - level->start >= level->length;
}

/* In a ramp, silence counts as HUSH_DB, or as the other end where that is softer. */
static double audible(double db, double other) {
  if (db > (double)DT_BAND_SILENT_DB)
    return db;
  return other < HUSH_DB ? other : HUSH_DB;
}

static double db_at(const dt__level* level, dt_frame at) {
  if (is_still(level, at))
    return level->to_db;
  const double from = audible(level->from_db, level->to_db);
  const double to = audible(level->to_db, level->from_db);
  return from + (to - from) * (double)(at - level->start) / (double)level->length;
}

void dt__level_move(dt__level* level, dt_frame now, double db, dt_frame length) {
  const double from = db_at(level, now);
  level->from_db = from;
  level->to_db = db;
  level->start = now;
  level->length = length;
  level->gain = dt__gain_of_db(db);
}

/* Gains at multiples of STEP from the ramp's start, joined: the same whatever the block. */
static float gain_at(const dt__level* level, dt_frame at) {
  if (is_still(level, at))
    return level->gain;
  const dt_frame since = at - level->start;
  const dt_frame step = since - since % STEP;
  const dt_frame next = step + STEP < level->length ? step + STEP : level->length;
  const double low = pow(10, db_at(level, level->start + step) / 20);
  const double high =
      next < level->length ? pow(10, db_at(level, level->start + next) / 20) : (double)level->gain;
  return (float)(low + (high - low) * (double)(since - step) / (double)(next - step));
}

bool dt__level_carries(const dt__level* level, dt_frame at) {
  return at - level->cut < level->carry_length;
}

static float carried(const dt__level* level, dt_frame at) {
  return level->carry * (float)(level->carry_length - (at - level->cut)) /
         (float)level->carry_length;
}

/* The step that the change of level would make in what rings. */
void dt__level_cut(dt__level* level, dt_frame now, double db, dt_frame length) {
  const float still = dt__level_carries(level, now) ? carried(level, now) : 0;
  const float gain = dt__gain_of_db(db);
  level->carry = still + level->before * (gain_at(level, now) - gain);
  level->cut = now;
  level->carry_length = length;
  level->from_db = level->to_db = db;
  level->length = 0;
  level->gain = gain;
}

static float without_denormals(float x) {
  return fabsf(x) < TINY ? 0 : x;
}

void dt__level_apply(dt__level* level, float* samples, size_t count, dt_frame position) {
  const bool still = is_still(level, position);
  level->before = samples[count - 1];
  for (size_t i = 0; i < count; i++) {
    const float gain = still ? level->gain : gain_at(level, position + (dt_frame)i);
    samples[i] = without_denormals(samples[i] * gain);
  }
  for (size_t i = 0; i < count && dt__level_carries(level, position + (dt_frame)i); i++)
    samples[i] += carried(level, position + (dt_frame)i);
}
