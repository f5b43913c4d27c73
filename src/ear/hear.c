#include <math.h>

#include "ear_state.h"

#include "dt/rt_poison.h" /* last: see there */

/* Sound louder than this is cut, so that squares stay finite and a resampler's overshoot stays
 * within what the front end takes. */
#define LOUDEST 4e3f

/* A hop gives at most so many samples at 44,100 Hz. */
#define RESAMPLED_MAX 128

static float tame(float x) {
  if (fabsf(x) <= LOUDEST)
    return x;
  return isfinite(x) ? copysignf(LOUDEST, x) : 0;
}

/* The network's answers first, for all frames; then everything in the order of time. */
static void decide_hops(dt_ear* ear) {
  if (ear->oracle)
    for (size_t i = 0; i < ear->frame_count; i++)
      ear->oracle(ear->oracle_ctx, ear->frames_done + (int64_t)i, &ear->answers[i]);
  else
    dt__net_run(&ear->net, ear->features, ear->frame_count, ear->answers);
  const dt__net_out* answer = ear->answers;
  for (int h = 0; h < ear->hop_count; h++) {
    ear->hops_done++;
    dt__now now = {.hops = ear->hops_done, .samples = ear->hops_done * ear->flag.hop_frames};
    now.time_s = (double)now.samples / ear->rate_hz;
    if (ear->hops[h].flag > 0)
      dt__decide_flag(&ear->decide, ear->hops[h].flag, now);
    dt__decide_times(&ear->decide, now);
    for (int i = 0; i < ear->hops[h].frames; i++) {
      double end_s = (double)(++ear->frames_done) * DT__FRONT_HOP / DT__FRONT_RATE_HZ;
      dt__decide_frame(&ear->decide, end_s, answer++, now);
    }
  }
  ear->hop_count = 0;
  ear->frame_count = 0;
}

static void take_hop(dt_ear* ear) {
  float resampled[RESAMPLED_MAX];
  size_t count = (size_t)ear->flag.hop_frames;
  dt__sound_add(&ear->sound, ear->open, count);
  dt__ear_hop* hop = &ear->hops[ear->hop_count++];
  hop->flag = dt__flag_hop(&ear->flag, ear->open);
  dt__strength_add(&ear->strength, dt__flag_energy(&ear->flag));
  if (ear->is_settling)
    hop->flag = 0;
  if (ear->flag.hops == DT__FLAG_START)
    ear->decide.begins_with_hiss = dt__flag_is_hiss(&ear->flag);
  size_t got = dt_resample_process(&ear->resample, ear->open, count, resampled);
  float* features = ear->features + ear->frame_count * DT__FRONT_SIZE;
  size_t frames = dt__front_process(&ear->front, resampled, got, features);
  hop->frames = (int)frames;
  ear->frame_count += frames;
  ear->open_count = 0;
  if (ear->hop_count == DT__EAR_HOPS || ear->frame_count > DT__EAR_FRAMES - 2)
    decide_hops(ear);
}

void dt__ear_listen(dt_ear* ear, const float* samples, size_t count) {
  while (count > 0) {
    size_t part = (size_t)(ear->flag.hop_frames - ear->open_count);
    part = part < count ? part : count;
    float* open = ear->open + ear->open_count;
    for (size_t n = 0; n < part; n++)
      open[n] = samples != NULL ? tame(samples[n]) : 0;
    ear->open_count += (int)part;
    samples = samples != NULL ? samples + part : NULL;
    count -= part;
    if (ear->open_count == ear->flag.hop_frames)
      take_hop(ear);
  }
  decide_hops(ear);
}
