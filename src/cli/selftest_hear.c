#include <math.h>

#include "dt/alloc.h"
#include "dt/ear.h"
#include "dt/rng.h"
#include "dt/stat.h"
#include "render.h"
#include "selftest.h"

enum { BLOCK_FRAMES = 4096, NOISE_STREAM = 77 };

/* Farther apart than this, two strokes are not the same one. */
#define MATCH_S 0.025

static dt_status drain(dt_ear* ear, dt_strokes* heard) {
  dt_stroke stroke;
  while (dt_ear_next(ear, &stroke)) {
    dt_status status = dt_strokes_add(heard, NULL, &stroke);
    if (status != DT_OK)
      return status;
  }
  return DT_OK;
}

/* No room is silent: the noise of a quiet one, far above the 24th bit. */
static void add_noise(dt_rng* rng, float* samples, size_t count) {
  const double rms = pow(10, DT__NOISE_DBFS / 20.0);
  for (size_t i = 0; i < count; i++)
    samples[i] += (float)(rms * dt_rng_normal(rng));
}

static dt_status listen(dt_ear* ear, dt__render* render, uint64_t seed, dt_strokes* heard,
                        dt__progress* progress) {
  float block[BLOCK_FRAMES];
  dt_rng rng = dt_rng_seeded(seed, NOISE_STREAM);
  dt_frame end = dt__render_length(render) + render->rate_hz / 4;
  for (dt_frame at = 0; at < end; at += BLOCK_FRAMES) {
    if (!dt__progress_tick(progress, (double)at / (double)end))
      return DT_CANCELLED;
    dt__render_block(render, block, BLOCK_FRAMES, at);
    add_noise(&rng, block, BLOCK_FRAMES);
    dt_ear_process(ear, block, BLOCK_FRAMES, at);
    dt_status status = drain(ear, heard);
    if (status != DT_OK)
      return status;
  }
  dt_ear_finish(ear);
  return drain(ear, heard);
}

static dt_status hear_strokes(const dt_take* played, uint64_t seed, int rate_hz, dt_take* heard,
                              dt__progress* progress) {
  dt_status status = DT_NO_MEMORY;
  dt_synthkit* kit = dt_synthkit_new(NULL, rate_hz, seed);
  dt_ear* ear = dt_ear_new(NULL, rate_hz);
  if (kit && ear) {
    dt__render render = dt__render_new(kit, rate_hz, played->strokes.items, played->strokes.count);
    status = listen(ear, &render, seed, &heard->strokes, progress);
  }
  dt_ear_free(ear);
  dt_synthkit_free(kit);
  dt_strokes_sort(&heard->strokes);
  heard->source = DT_TAKE_SOUND;
  heard->duration_s = played->duration_s;
  if (heard->strokes.count > 0)
    heard->duration_s =
        fmax(heard->duration_s, heard->strokes.items[heard->strokes.count - 1].time_s);
  return status;
}

dt_status dt__selftest_hear(const dt_drummer* drummer, const dt_part* part, int rate_hz,
                            dt_take* played, dt_take* heard, dt__progress* progress) {
  dt_truths truths = {0};
  *played = (dt_take){0};
  *heard = (dt_take){0};
  dt_status status = dt_drummer_play(drummer, part, NULL, &truths, NULL);
  if (status == DT_OK)
    status = dt_take_from_truths(played, NULL, &truths, drummer, part);
  dt_truths_clear(&truths, NULL);
  if (status == DT_OK)
    status = hear_strokes(played, drummer->seed, rate_hz, heard, progress);
  if (status != DT_OK) {
    dt_take_clear(played, NULL);
    dt_take_clear(heard, NULL);
  }
  return status;
}

/* Is one of the drums heard at this very moment of the voice that was played? */
static bool named(const dt_strokes* heard, size_t at, dt_voice voice) {
  const double time_s = heard->items[at].time_s;
  while (at > 0 && heard->items[at - 1].time_s >= time_s)
    at--;
  for (; at < heard->count && heard->items[at].time_s <= time_s; at++)
    if (dt_drum_voice(heard->items[at].drum) == voice)
      return true;
  return false;
}

size_t dt__selftest_match(const dt_strokes* played, const dt_strokes* heard, dt__exactness* found,
                          double* errors_ms) {
  size_t matched = 0;
  size_t next = 0; /* first heard stroke that is still free */
  found->played = played->count;
  found->named = 0;
  found->doubled = 0;
  for (size_t i = 0; i < played->count; i++) {
    double truth_s = played->items[i].time_s;
    while (next < heard->count && heard->items[next].time_s < truth_s - MATCH_S)
      next++;
    size_t best = next;
    while (best + 1 < heard->count && fabs(heard->items[best + 1].time_s - truth_s) <
                                          fabs(heard->items[best].time_s - truth_s))
      best++;
    if (best >= heard->count || heard->items[best].time_s > truth_s + MATCH_S)
      continue;
    errors_ms[matched++] = (heard->items[best].time_s - truth_s) * 1e3;
    found->named += named(heard, best, dt_drum_voice(played->items[i].drum));
    next = best + 1;
  }
  found->missed = played->count - matched;
  for (size_t i = 1; i < heard->count; i++)
    found->doubled += heard->items[i].time_s <= heard->items[i - 1].time_s;
  found->extra = heard->count - found->doubled - matched;
  return matched;
}

void dt__selftest_grade(dt__exactness* found, double* errors_ms, size_t count) {
  found->bias_ms = dt_median(errors_ms, count, errors_ms);
  found->jitter_ms = dt_robust_sd(errors_ms, count, errors_ms);
  /* Written so that a number that is not known (NAN) is not good. */
  found->good = found->missed == 0 && fabs(found->bias_ms) < DT__BIAS_LIMIT_MS &&
                found->jitter_ms < DT__JITTER_LIMIT_MS;
}
