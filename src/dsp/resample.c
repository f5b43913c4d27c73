#include "dt/resample.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "dt/stat.h"
#include "dt/table_math.h"

#include "dt/rt_poison.h" /* last: see there */

/* Stop band, and where it and the pass band end, as shares of the lower Nyquist frequency. */
#define STOP_DB 75.0
#define EDGE    0.1

/* With more phases than this the table is read between two rows: 94 dB exact, which is more than
 * the stop band. */
#define PHASES_MAX     640
#define PHASES_BETWEEN 256

/* Samples taken at once. */
#define PART 1024

/* Sums are made in eight lanes, whatever the processor has. */
#define LANES 4
#define STEP  (2 * LANES)
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

static int64_t common_factor(int64_t a, int64_t b) {
  while (b != 0) {
    int64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/* Length of the filter in input samples: Kaiser's formula. */
static int taps_for(int rate_hz) {
  double lower_hz = fmin(rate_hz, DT_RESAMPLE_RATE_HZ);
  double transition = 2 * EDGE * DT_PI * lower_hz / rate_hz;
  double taps = (STOP_DB - 7.95) / (2.285 * transition) + 1;
  return STEP * (int)ceil(taps / STEP);
}

void dt_resample_layout(dt_resample* resample, dt_arena* arena, int rate_hz) {
  int64_t factor = common_factor(DT_RESAMPLE_RATE_HZ, rate_hz);
  resample->rate_hz = rate_hz;
  resample->up = DT_RESAMPLE_RATE_HZ / factor;
  resample->down = rate_hz / factor;
  bool through = resample->up == resample->down;
  resample->taps = through ? 0 : taps_for(rate_hz);
  resample->ahead = resample->taps / 2;
  resample->phases = resample->up > PHASES_MAX ? PHASES_BETWEEN : (int)resample->up;
  resample->past_size = through ? 0 : (size_t)resample->taps + PART;
  size_t rows = through ? 0 : (size_t)resample->phases + 1;
  resample->table = dt_arena_take(arena, rows * (size_t)resample->taps, sizeof(float));
  resample->past = dt_arena_take(arena, resample->past_size, sizeof(float));
}

/* The low-pass filter at `t` input samples from its middle. */
static double filter_at(const dt_resample* resample, double t) {
  const double beta = 0.1102 * (STOP_DB - 8.7);
  double edge = t / resample->ahead;
  if (fabs(edge) > 1)
    return 0;
  double cut = fmin(1, (double)DT_RESAMPLE_RATE_HZ / resample->rate_hz);
  double sinc = t == 0 ? cut : dt_table_sin(cut * t / 2) / (DT_PI * t);
  return sinc * dt_table_bessel_i0(beta * sqrt(1 - edge * edge));
}

void dt_resample_init(dt_resample* resample) {
  for (int row = 0; resample->taps > 0 && row <= resample->phases; row++) {
    float* weights = resample->table + (ptrdiff_t)row * resample->taps;
    double first = 1 - resample->ahead - (double)row / resample->phases;
    double sum = 0;
    for (int j = 0; j < resample->taps; j++) {
      weights[j] = (float)filter_at(resample, first + j);
      sum += (double)weights[j];
    }
    for (int j = 0; j < resample->taps; j++)
      weights[j] = (float)((double)weights[j] / sum);
  }
  dt_resample_start(resample, 0);
}

void dt_resample_start(dt_resample* resample, int64_t position) {
  int64_t rounds = position / resample->down;
  int64_t rest = position % resample->down;
  int64_t first = (rest * resample->up + resample->down - 1) / resample->down;
  resample->next_input = position;
  resample->next_output = rounds * resample->up + first;
  resample->next_whole = rounds * resample->down + first * resample->down / resample->up;
  resample->next_part = first * resample->down % resample->up;
  resample->past_count = (size_t)resample->taps;
  if (resample->taps > 0)
    memset(resample->past, 0, resample->past_count * sizeof *resample->past);
}

int dt_resample_ahead_frames(const dt_resample* resample) {
  return resample->ahead;
}

size_t dt_resample_room(const dt_resample* resample, size_t count) {
  /* Outputs at positions before this have all their samples. */
  int64_t before = resample->next_input + (int64_t)count - resample->ahead;
  int64_t parts = (before - resample->next_whole) * resample->up - resample->next_part;
  return parts <= 0 ? 0 : (size_t)((parts + resample->down - 1) / resample->down);
}

static inline void load(lanes* v, const float* x) {
  memcpy(v, x, sizeof *v);
}

static float total(lanes a, lanes b) {
  lanes sum = a + b;
  return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

static float weigh(const float* x, const float* weights, int taps) {
  lanes a = {0};
  lanes b = {0};
  for (int j = 0; j < taps; j += STEP) {
    lanes x_a, x_b, w_a, w_b;
    load(&x_a, x + j);
    load(&x_b, x + j + LANES);
    load(&w_a, weights + j);
    load(&w_b, weights + j + LANES);
    a += x_a * w_a;
    b += x_b * w_b;
  }
  return total(a, b);
}

/* The sound between the samples before and after the next output. */
static float sound_at(const dt_resample* resample, const float* x) {
  int taps = resample->taps;
  if (resample->phases == resample->up)
    return weigh(x, resample->table + resample->next_part * taps, taps);
  int64_t rows = resample->next_part * resample->phases;
  const float* row = resample->table + rows / resample->up * taps;
  float between = (float)(rows % resample->up) / (float)resample->up;
  float here = weigh(x, row, taps);
  return here + between * (weigh(x, row + taps, taps) - here);
}

static size_t outputs(dt_resample* resample, float* out) {
  int64_t first = resample->next_input - (int64_t)resample->past_count;
  int64_t step_whole = resample->down / resample->up;
  int64_t step_part = resample->down % resample->up;
  size_t count = 0;
  while (resample->next_whole + resample->ahead < resample->next_input) {
    int64_t at = resample->next_whole - resample->ahead + 1 - first;
    assert(at >= 0);
    out[count++] = sound_at(resample, resample->past + at);
    resample->next_whole += step_whole;
    resample->next_part += step_part;
    if (resample->next_part >= resample->up) {
      resample->next_part -= resample->up;
      resample->next_whole++;
    }
  }
  resample->next_output += (int64_t)count;
  return count;
}

/* Keep what the next output will need. */
static void forget(dt_resample* resample) {
  size_t kept = (size_t)resample->taps;
  size_t gone = resample->past_count - kept;
  memmove(resample->past, resample->past + gone, kept * sizeof *resample->past);
  resample->past_count = kept;
}

size_t dt_resample_process(dt_resample* resample, const float* in, size_t count, float* out) {
  if (resample->taps == 0) {
    memcpy(out, in, count * sizeof *out);
    resample->next_input += (int64_t)count;
    resample->next_whole += (int64_t)count;
    resample->next_output += (int64_t)count;
    return count;
  }
  size_t written = 0;
  while (count > 0) {
    if (resample->past_count == resample->past_size)
      forget(resample);
    size_t room = resample->past_size - resample->past_count;
    size_t part = count < room ? count : room;
    memcpy(resample->past + resample->past_count, in, part * sizeof *in);
    resample->past_count += part;
    resample->next_input += (int64_t)part;
    written += outputs(resample, out + written);
    in += part;
    count -= part;
  }
  return written;
}
