#include "dt/synthkit.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "dt/arena.h"
#include "synth.h"

#include "dt/rt_poison.h" /* last: see there */

#define PI 3.14159265358979323846

#define RATE_MIN 8000
#define RATE_MAX 192000

#define LANES 8 /* samples that are computed side by side */

/* Taps of the interpolator that puts a sound between two samples. */
#define TAPS   8
#define BEFORE (TAPS / 2 - 1) /* samples before the stroke that it reaches */

#define VELOCITY_UNKNOWN 90.0F
#define RANGE_AMPLITUDE  100.0 /* 40 dB between velocity 1 and 127 */
#define EDGE_SOFTEST     0.25  /* how much of its edge the softest stroke keeps */
#define EDGE_VARIATION   0.12  /* strokes of one velocity differ by so much */

/* A table with room for the interpolator on both sides: samples[-TAPS .. length+TAPS) are there. */
typedef struct table {
  float* samples;
  size_t length;
} table;

typedef struct voice {
  table body;
  table edge[DT__EDGE_VARIANTS];
} voice;

struct dt_synthkit {
  dt_allocator allocator;
  bool has_allocator;
  size_t block_size;
  int rate_hz;
  uint64_t seed;
  voice voices[DT_DRUM_COUNT];
};

static void take_table(dt_arena* arena, table* t, size_t length) {
  float* block = dt_arena_take(arena, length + (size_t)2 * TAPS, sizeof(float));
  t->samples = block ? block + TAPS : NULL;
  t->length = length;
}

static dt_synthkit* lay_out(dt_arena* arena, dt_synthkit* measured) {
  dt_synthkit* block = dt_arena_take(arena, 1, sizeof *block);
  dt_synthkit* kit = block ? block : measured;
  if (block)
    *block = *measured;
  for (int drum = 0; drum < DT_DRUM_COUNT; drum++) {
    const dt__recipe* recipe = dt__recipe_of((dt_drum)drum);
    take_table(arena, &kit->voices[drum].body, dt__part_length(recipe, DT__BODY, kit->rate_hz));
    const size_t edge = dt__part_length(recipe, DT__EDGE, kit->rate_hz);
    for (int v = 0; v < DT__EDGE_VARIANTS; v++)
      take_table(arena, &kit->voices[drum].edge[v], edge);
  }
  return block;
}

static void render_table(const dt__recipe* recipe, dt__part part, int rate_hz, uint64_t seed,
                         table* t) {
  memset(t->samples - TAPS, 0, (t->length + (size_t)2 * TAPS) * sizeof(float));
  dt__part_render(recipe, part, rate_hz, seed, t->samples, t->length);
}

static float peak_of(const table* body, const table* edge) {
  float peak = 0;
  const size_t longest = body->length > edge->length ? body->length : edge->length;
  for (size_t i = 0; i < longest; i++) {
    const float b = i < body->length ? body->samples[i] : 0;
    const float e = i < edge->length ? edge->samples[i] : 0;
    peak = fmaxf(peak, fabsf(b + e));
  }
  return peak;
}

static void scale(table* t, float factor) {
  for (size_t i = 0; i < t->length; i++)
    t->samples[i] *= factor;
}

static void render_voice(const dt_synthkit* kit, dt_drum drum, voice* v) {
  const dt__recipe* recipe = dt__recipe_of(drum);
  /* Far apart, so that no two tables share a seed. */
  const uint64_t seed = kit->seed * 1000003U + (uint64_t)drum * 16;
  render_table(recipe, DT__BODY, kit->rate_hz, seed, &v->body);
  float peak = 0;
  for (unsigned i = 0; i < DT__EDGE_VARIANTS; i++) {
    render_table(recipe, DT__EDGE, kit->rate_hz, seed + 1 + i, &v->edge[i]);
    peak = fmaxf(peak, peak_of(&v->body, &v->edge[i]));
  }
  const float factor = (float)recipe->peak / peak;
  scale(&v->body, factor);
  for (int i = 0; i < DT__EDGE_VARIANTS; i++)
    scale(&v->edge[i], factor);
}

dt_synthkit* dt_synthkit_new(const dt_allocator* allocator, int rate_hz, uint64_t seed) {
  if (rate_hz < RATE_MIN || rate_hz > RATE_MAX)
    return NULL;
  dt_synthkit kit = {.has_allocator = allocator != NULL, .rate_hz = rate_hz, .seed = seed};
  if (allocator)
    kit.allocator = *allocator;
  dt_arena arena = dt_arena_measure();
  (void)lay_out(&arena, &kit);
  kit.block_size = arena.used;
  void* block = dt_alloc(allocator, kit.block_size);
  if (!block)
    return NULL;
  arena = dt_arena_over(block, kit.block_size);
  dt_synthkit* made = lay_out(&arena, &kit);
  for (int drum = 0; drum < DT_DRUM_COUNT; drum++)
    render_voice(made, (dt_drum)drum, &made->voices[drum]);
  return made;
}

void dt_synthkit_free(dt_synthkit* kit) {
  if (!kit)
    return;
  const dt_allocator allocator = kit->allocator;
  dt_release(kit->has_allocator ? &allocator : NULL, kit, kit->block_size);
}

/* Amplitude by the square law of R. Dannenberg, "The interpretation of MIDI velocity", ICMC 2006.
 */
static double amplitude_of(double velocity) {
  const double softest = sqrt(1 / RANGE_AMPLITUDE);
  const double root = softest + (1 - softest) * (velocity - 1) / 126;
  return root * root;
}

/* A well mixed number from the stroke alone (finalizer of splitmix64, G. Steele et al. 2014). */
static uint64_t hash_of(const dt_synthkit* kit, const dt_stroke* stroke) {
  uint64_t bits = 0;
  memcpy(&bits, &stroke->time_s, sizeof bits);
  bits += kit->seed * 0x9E3779B97F4A7C15U + (uint64_t)stroke->drum;
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9U;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBU;
  return bits ^ (bits >> 31);
}

/* Windowed sinc (cosine squared) that delays by `fraction` of a sample and keeps DC exactly. */
static void delay_taps(double fraction, double gain, float taps[TAPS]) {
  double weight[TAPS];
  double sum = 0;
  for (int k = 0; k < TAPS; k++) {
    const double x = k - BEFORE - fraction;
    const double c = cos(PI * x / (TAPS + 1));
    const double sinc = fabs(x) < 1e-9 ? 1 : sin(PI * x) / (PI * x);
    weight[k] = sinc * c * c;
    sum += weight[k];
  }
  for (int k = 0; k < TAPS; k++)
    taps[k] = (float)(gain * weight[k] / sum);
}

static float delayed(const float* x, const float taps[TAPS]) {
  float y = taps[0] * x[0];
  for (int k = 1; k < TAPS; k++)
    y += taps[k] * x[-k];
  return y;
}

/* The same for LANES neighbours, in the same order of additions and so with the same bits; the
 * compiler turns it into vectors. */
static void add_delayed(float* y, const float* x, const float taps[TAPS]) {
  float sum[LANES];
  for (int i = 0; i < LANES; i++)
    sum[i] = taps[0] * x[i];
  for (int k = 1; k < TAPS; k++)
    for (int i = 0; i < LANES; i++)
      sum[i] += taps[k] * x[i - k];
  for (int i = 0; i < LANES; i++)
    y[i] += sum[i];
}

/* y[start + m] += sum over k of taps[k] t[m - (k - BEFORE)]: the table, delayed. */
static void add_table(const table* t, const float taps[TAPS], dt_frame start, float* samples,
                      size_t frame_count, dt_frame position) {
  const dt_frame first = start - BEFORE;
  const dt_frame last = start + (dt_frame)t->length + TAPS / 2;
  const dt_frame end = position + (dt_frame)frame_count;
  const dt_frame from = first > position ? first : position;
  const dt_frame to = last < end ? last : end;
  if (from >= to)
    return;
  const float* x = t->samples + (from - start + BEFORE);
  float* y = samples + (from - position);
  dt_frame left = to - from;
  for (; left >= LANES; left -= LANES, x += LANES, y += LANES)
    add_delayed(y, x, taps);
  for (; left > 0; left--, x++, y++)
    *y += delayed(x, taps);
}

static dt_drum sounding_drum(const dt_stroke* stroke) {
  if (stroke->drum == DT_HIHAT && stroke->openness > 0.5F)
    return DT_HIHAT_OPEN;
  return stroke->drum;
}

void dt_synthkit_add(const dt_synthkit* kit, const dt_stroke* stroke, float* samples,
                     size_t frame_count, dt_frame position) {
  const double at = stroke->time_s * kit->rate_hz;
  if (!(fabs(at) < 1e15) || (unsigned)stroke->drum >= DT_DRUM_COUNT)
    return;
  const voice* v = &kit->voices[sounding_drum(stroke)];
  const double whole = floor(at);
  const float known = stroke->velocity > 0 ? stroke->velocity : VELOCITY_UNKNOWN;
  const double velocity = fmin(127, fmax(1, (double)known));
  const double amplitude = amplitude_of(velocity);
  const uint64_t hash = hash_of(kit, stroke);
  const double luck = (double)(hash >> 11) * 0x1p-53 * 2 - 1;
  const double edge = (EDGE_SOFTEST + (1 - EDGE_SOFTEST) * (velocity - 1) / 126) *
                      (1 - EDGE_VARIATION * (1 - luck) / 2);
  float taps[TAPS];
  delay_taps(at - whole, amplitude, taps);
  add_table(&v->body, taps, (dt_frame)whole, samples, frame_count, position);
  delay_taps(at - whole, amplitude * edge, taps);
  add_table(&v->edge[hash % DT__EDGE_VARIANTS], taps, (dt_frame)whole, samples, frame_count,
            position);
}

dt_frame dt_synthkit_length(const dt_synthkit* kit, dt_drum drum) {
  if ((unsigned)drum >= DT_DRUM_COUNT)
    return 0;
  const voice* v = &kit->voices[drum];
  const size_t longest = v->body.length > v->edge[0].length ? v->body.length : v->edge[0].length;
  return (dt_frame)longest + TAPS;
}
