#include "refine.h"

#include <math.h>

#include "dt/lpc.h"

#include "dt/rt_poison.h" /* last: see there */

#define ORDER 8

/* Prediction errors are worked out so many samples at a time. */
#define CHUNK 256

/* The models are fitted to so much sound. */
#define BEFORE_S 0.012
#define AFTER_S  0.008

/* The loudest so long stretch of the stroke is its peak. */
#define PEAK_S 0.001

/* How the attack is narrowed down. */
typedef struct search {
  double reach_s; /* it may be so far from what is known */
  double guard_s; /* the sound is surely older so long before */
} search;

#define ROUNDS 2

/* Then with models of the sound right up to it. */
static const search alone[ROUNDS] = {{0.006, 0.005}, {0.003, 0.0005}};
static const search after_another[ROUNDS] = {{0.004, 0.003}, {0.002, 0.0005}};

/* But never so much before what was expected. */
#define EARLIEST_S 0.0035

/* The stroke before has begun so long after its attack, and is known by so much sound at least. */
#define BEGUN_S 0.0005
#define KNOWN_S 0.001

/* Under this mean square (-150 dB) there is nothing to model. */
#define NOTHING 1e-15

typedef struct model {
  double a[ORDER + 1]; /* error filter */
  double power;        /* of the prediction error */
} model;

static model fit(const float* x, size_t count, double noise) {
  double r[ORDER + 1];
  model m;
  dt_autocorrelation(x, count, ORDER, r);
  r[0] += noise;
  m.power = dt_lpc(r, ORDER, m.a);
  return m;
}

/* Largest mean square of stretches of `width` samples, which overlap by three quarters. */
static double peak_power(const float* x, size_t count, size_t width) {
  size_t step = width / 4 > 0 ? width / 4 : 1;
  double best = 0;
  for (size_t n = 0; n == 0 || n + width <= count; n += step) {
    double power = 0;
    dt_autocorrelation(x + n, n + width <= count ? width : count, 0, &power);
    if (power > best)
      best = power;
  }
  return best;
}

/* The change point between two models in first..last-1: where the summed log-likelihood of
 * "before" over "after" is greatest. A parabola through the greatest three values gives the
 * fraction of a sample. */
static double change_point(const float* x, size_t first, size_t last, const model* before,
                           const model* after) {
  float offset = (float)(0.5 * log(after->power / before->power));
  float half_before = (float)(0.5 / before->power);
  float half_after = (float)(0.5 / after->power);
  double sum = 0;
  double best = -HUGE_VAL;
  double left = 0;
  double right = 0;
  size_t at = first;
  for (size_t begin = first; begin < last; begin += CHUNK) {
    float before_error[CHUNK];
    float after_error[CHUNK];
    float gain[CHUNK];
    size_t count = last - begin < CHUNK ? last - begin : CHUNK;
    dt_lpc_error(before->a, ORDER, x + begin, count, before_error);
    dt_lpc_error(after->a, ORDER, x + begin, count, after_error);
    for (size_t i = 0; i < count; i++)
      gain[i] = offset + after_error[i] * after_error[i] * half_after -
                before_error[i] * before_error[i] * half_before;
    for (size_t i = 0; i < count; i++) {
      double earlier = sum;
      sum += (double)gain[i];
      if (sum > best) {
        best = sum;
        left = earlier;
        right = -HUGE_VAL;
        at = begin + i;
      } else if (begin + i == at + 1) {
        right = sum;
      }
    }
  }
  double bend = left - 2 * best + right;
  double fraction = isfinite(bend) && bend < 0 ? 0.5 * (left - right) / bend : 0;
  return (double)at + 1 + fraction;
}

static size_t samples_in(double seconds, double rate_hz) {
  long n = lround(seconds * rate_hz);
  return n < 1 ? 1 : (size_t)n;
}

static size_t larger(size_t a, size_t b) {
  return a > b ? a : b;
}

static size_t minus(size_t a, size_t b) {
  return a > b ? a - b : 0;
}

/* x[from..) is sound to model, the attack is not before `earliest`. */
static double locate(const float* x, size_t count, size_t from, size_t earliest, size_t near,
                     const search rounds[ROUNDS], double rate_hz) {
  size_t before_count = samples_in(BEFORE_S, rate_hz);
  size_t after_count = samples_in(AFTER_S, rate_hz);
  double onset = (double)near;
  for (int round = 0; round < ROUNDS; round++) {
    size_t at = onset < 0 ? 0 : (size_t)onset;
    size_t reach = samples_in(rounds[round].reach_s, rate_hz);
    size_t first = larger(minus(at, reach), earliest);
    size_t last = at + reach < count ? at + reach : count;
    if (first >= last)
      return (double)near;
    size_t quiet_end = larger(minus(at, samples_in(rounds[round].guard_s, rate_hz)), earliest);
    size_t quiet_begin = larger(minus(quiet_end, before_count), from);
    size_t loud_count = at + after_count < count ? after_count : count - at;
    double peak = peak_power(x + at, loud_count, samples_in(PEAK_S, rate_hz));
    double noise = DT__ATTACK_FRACTION * DT__ATTACK_FRACTION * peak + NOTHING;
    model before = fit(x + quiet_begin, quiet_end - quiet_begin, noise);
    model after = fit(x + at, loud_count, noise);
    onset = change_point(x, first > ORDER ? first : ORDER, last, &before, &after);
  }
  return onset;
}

double dt__refine(const float* x, size_t count, size_t near, double rate_hz) {
  return locate(x, count, 0, minus(near, samples_in(EARLIEST_S, rate_hz)), near, alone, rate_hz);
}

double dt__refine_second(const float* x, size_t count, size_t first, size_t near, double rate_hz) {
  size_t from = first + samples_in(BEGUN_S, rate_hz);
  return locate(x, count, from, from + samples_in(KNOWN_S, rate_hz), near, after_another, rate_hz);
}
