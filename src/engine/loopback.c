#include "dt/loopback.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "dt/stat.h"

#define CHIRP_S   0.012
#define LEAD_S    0.5
#define LONGEST_S 0.5  /* delay that is looked for */
#define SURE      0.35 /* smallest correlation that is the chirp */

struct dt_loopback {
  const dt_allocator* allocator;
  int rate_hz;
  int chirp_frames;
  dt_frame length;
  dt_frame at[DT_LOOPBACK_CHIRPS];
  float* chirp;
  float* heard;
  dt_frame lost;
  _Atomic dt_frame done;
};

/* Uneven distances, so that a delay cannot be taken for one plus a distance. */
static dt_frame place(int chirp, int rate_hz) {
  const double uneven = fmod(chirp * 0.618034, 1);
  return (dt_frame)((LEAD_S + 0.42 * chirp + 0.1 * uneven) * rate_hz);
}

static void make_chirp(dt_loopback* loopback) {
  for (int i = 0; i < loopback->chirp_frames; i++) {
    const double t = (double)i / loopback->rate_hz;
    const double hz = 800 + 0.5 * (6000 - 800) * t / CHIRP_S;
    const double window = 0.5 - 0.5 * cos(2 * DT_PI * i / (loopback->chirp_frames - 1));
    loopback->chirp[i] = (float)(0.5 * window * sin(2 * DT_PI * hz * t));
  }
}

dt_loopback* dt_loopback_new(const dt_allocator* allocator, int rate_hz) {
  dt_loopback* loopback = dt_alloc_zero(allocator, sizeof *loopback);
  if (!loopback)
    return NULL;
  loopback->allocator = allocator;
  loopback->rate_hz = rate_hz;
  loopback->chirp_frames = (int)(CHIRP_S * rate_hz);
  for (int i = 0; i < DT_LOOPBACK_CHIRPS; i++)
    loopback->at[i] = place(i, rate_hz);
  loopback->length = loopback->at[DT_LOOPBACK_CHIRPS - 1] + (dt_frame)((LONGEST_S + 0.1) * rate_hz);
  loopback->chirp = dt_alloc_zero(allocator, (size_t)loopback->chirp_frames * sizeof(float));
  loopback->heard = dt_alloc_zero(allocator, (size_t)loopback->length * sizeof(float));
  if (!loopback->chirp || !loopback->heard) {
    dt_loopback_free(loopback);
    return NULL;
  }
  make_chirp(loopback);
  return loopback;
}

void dt_loopback_free(dt_loopback* loopback) {
  if (!loopback)
    return;
  const dt_allocator* allocator = loopback->allocator;
  dt_release(allocator, loopback->chirp, (size_t)loopback->chirp_frames * sizeof(float));
  dt_release(allocator, loopback->heard, (size_t)loopback->length * sizeof(float));
  dt_release(allocator, loopback, sizeof *loopback);
}

static float chirp_at(const dt_loopback* loopback, dt_frame frame) {
  for (int i = 0; i < DT_LOOPBACK_CHIRPS; i++) {
    const dt_frame into = frame - loopback->at[i];
    if (into >= 0 && into < loopback->chirp_frames)
      return loopback->chirp[into];
  }
  return 0;
}

void dt_loopback_process(void* context, const dt_port_block* block) {
  dt_loopback* loopback = context;
  loopback->lost += block->gap_frames;
  for (int i = 0; i < block->frame_count; i++) {
    const dt_frame frame = block->position + i;
    const float out = chirp_at(loopback, frame);
    for (int channel = 0; channel < block->out_count; channel++)
      block->out[channel][i] = out;
    float sum = 0;
    for (int channel = 0; channel < block->in_count; channel++)
      sum += block->in[channel][i];
    if (frame < loopback->length && block->in_count > 0)
      loopback->heard[frame] = isfinite(sum) ? sum / (float)block->in_count : 0;
  }
  atomic_store_explicit(&loopback->done, block->position + block->frame_count,
                        memory_order_release);
}

bool dt_loopback_is_done(const dt_loopback* loopback) {
  return atomic_load_explicit(&loopback->done, memory_order_acquire) >= loopback->length;
}

/* Correlation coefficient of the chirp with what was heard from `at` on. */
static double likeness(const dt_loopback* loopback, dt_frame at) {
  double product = 0;
  double own = 0;
  double there = 0;
  for (int i = 0; i < loopback->chirp_frames; i++) {
    const double c = (double)loopback->chirp[i];
    const double h = (double)loopback->heard[at + i];
    product += c * h;
    own += c * c;
    there += h * h;
  }
  return there > 1e-12 ? product / sqrt(own * there) : 0;
}

/* Delay in frames of one chirp, NAN where it was not heard. Either polarity will do. */
static double delay_of(const dt_loopback* loopback, dt_frame from) {
  const dt_frame longest = (dt_frame)(LONGEST_S * loopback->rate_hz) - loopback->chirp_frames;
  dt_frame best = -1;
  double most = SURE;
  for (dt_frame delay = 0; delay < longest; delay++) {
    const double like = fabs(likeness(loopback, from + delay));
    /* The first way that sound takes counts, not an echo that is a little better. */
    if (like > most &&
        (best < 0 || like > most * 1.05 || delay - best < loopback->chirp_frames / 8)) {
      most = like;
      best = delay;
    }
  }
  if (best < 1)
    return best < 0 ? (double)NAN : 0;
  const double before = fabs(likeness(loopback, from + best - 1));
  const double after = fabs(likeness(loopback, from + best + 1));
  const double bend = before - 2 * most + after;
  return (double)best + (bend < 0 ? 0.5 * (before - after) / bend : 0);
}

static int by_size(const void* a, const void* b) {
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

/* The median's interval by its binomial order statistics: ranks n/2 +- 0.98 sqrt(n). */
static void summarise(dt_loopback_result* result, double* ms, int count) {
  qsort(ms, (size_t)count, sizeof *ms, by_size);
  const int reach = (int)ceil(0.98 * sqrt(count));
  const int low = count / 2 - reach;
  const int high = (count - 1) / 2 + reach;
  result->latency_ms = 0.5 * (ms[count / 2] + ms[(count - 1) / 2]);
  result->low_ms = ms[low < 0 ? 0 : low];
  result->high_ms = ms[high >= count ? count - 1 : high];
  result->jitter_ms = (ms[(3 * count) / 4] - ms[count / 4]) / 1.349;
  result->worst_ms = fmax(result->latency_ms - ms[0], ms[count - 1] - result->latency_ms);
}

dt_loopback_result dt_loopback_analyse(const dt_loopback* loopback) {
  dt_loopback_result result = {.latency_ms = (double)NAN,
                               .low_ms = (double)NAN,
                               .high_ms = (double)NAN,
                               .jitter_ms = (double)NAN,
                               .worst_ms = (double)NAN,
                               .lost_frames = loopback->lost};
  double ms[DT_LOOPBACK_CHIRPS];
  for (int i = 0; i < DT_LOOPBACK_CHIRPS; i++) {
    const double delay = delay_of(loopback, loopback->at[i]);
    if (!isnan(delay))
      ms[result.heard++] = 1000 * delay / loopback->rate_hz;
  }
  double loudest = 0;
  for (dt_frame i = 0; i < loopback->length; i++)
    loudest = fmax(loudest, fabs((double)loopback->heard[i]));
  result.level_db = 20 * log10(fmax(loudest, 1e-9));
  result.is_clipped = loudest >= 0.999;
  if (result.heard >= DT_LOOPBACK_CHIRPS / 2)
    summarise(&result, ms, result.heard);
  return result;
}
