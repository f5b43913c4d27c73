#include "dt/ear.h"

#include <math.h>
#include <string.h>

#include "classify.h"
#include "flux.h"
#include "pick.h"
#include "refine.h"

#include "dt/rt_poison.h" /* last: see there */

/* Two picks whose attacks refine to the same moment are one blow. */
#define SAME_BLOW_S 0.006

/* A drum is not struck twice within this (a flam's strokes are 20 ms and more apart). */
#define DEAD_S 0.014

/* Sound louder than this is cut, so that squares stay finite. */
#define LOUDEST 1e4f

/* Where sound is cut off there is a click, which is no stroke. */
#define CUT_S 0.003

/* What a stream begins with always rises from nothing: it is a stroke when it dies away, and
 * hiss when not. */
#define START_FRAMES 5

#define PICKS_MAX 16
#define HEARD_MAX 64

/* A longer silence than this is a fresh start. */
#define SILENCE_S 1.0

/* Measured at 20 dB on the own kit (docs/ear-lab.md). One bias for all drums, so that two hands on
 * one beat stay on one beat. */
/* For the bench: called with what the classifier sees of every pick, struck or not. */
typedef void (*dt__probe)(void* ctx, double time_s, const float* features, size_t count);

#define BIAS_S   0.00001
#define JITTER_S 0.00002

struct dt_ear {
  dt_allocator allocator;
  size_t size;
  int rate_hz;
  dt_frame origin;   /* position of the first sample since the last fresh start */
  dt_frame expected; /* position that the next block should have */
  bool started;
  dt__flux flux;
  float* sound; /* ring of the last samples */
  size_t sound_mask;
  float* window; /* copy of the sound around a stroke */
  size_t window_size;
  int64_t picks[PICKS_MAX]; /* frames waiting for the sound after them */
  int pick_count;
  dt_stroke heard[HEARD_MAX]; /* decided, waiting for earlier ones; by time */
  int heard_count;
  double last_time_s[DT_DRUM_COUNT]; /* of each drum's last stroke */
  double last_blow_s;
  double end_s; /* later strokes are the click of the cut at the end; HUGE_VAL while it goes on */
  dt_stroke* queue;
  size_t queue_head;
  size_t queue_count;
  dt__probe probe;
  void* probe_ctx;
};

static size_t power_of_two(size_t least) {
  size_t n = 1;
  while (n < least)
    n *= 2;
  return n;
}

static dt_ear* layout(dt_arena* arena, int rate_hz) {
  dt_ear header;
  dt_ear* ear = dt_arena_take(arena, 1, sizeof *ear);
  dt_ear* to = ear != NULL ? ear : &header;
  to->sound_mask = power_of_two((size_t)(0.15 * rate_hz)) - 1;
  to->window_size = (size_t)((DT__REFINE_BEFORE_S + DT__REFINE_AFTER_S) * rate_hz) + 2;
  dt__flux_layout(&to->flux, arena);
  to->sound = dt_arena_take(arena, to->sound_mask + 1, sizeof *to->sound);
  to->window = dt_arena_take(arena, to->window_size, sizeof *to->window);
  to->queue = dt_arena_take(arena, DT_EAR_QUEUE, sizeof *to->queue);
  return ear;
}

dt_ear* dt_ear_new(const dt_allocator* allocator, int rate_hz) {
  if (rate_hz < 8000 || rate_hz > 192000)
    return NULL;
  dt_arena arena = dt_arena_measure();
  layout(&arena, rate_hz);
  size_t size = arena.used;
  void* block = dt_alloc_zero(allocator, size);
  if (block == NULL)
    return NULL;
  arena = dt_arena_over(block, size);
  dt_ear* ear = layout(&arena, rate_hz);
  if (allocator != NULL)
    ear->allocator = *allocator;
  ear->size = size;
  ear->rate_hz = rate_hz;
  dt__flux_init(&ear->flux, rate_hz);
  dt_ear_reset(ear);
  return ear;
}

void dt_ear_free(dt_ear* ear) {
  if (ear == NULL)
    return;
  dt_allocator allocator = ear->allocator;
  dt_release(allocator.resize != NULL ? &allocator : NULL, ear, ear->size);
}

static void start_at(dt_ear* ear, dt_frame position) {
  dt__flux_reset(&ear->flux);
  memset(ear->sound, 0, (ear->sound_mask + 1) * sizeof *ear->sound);
  ear->pick_count = 0;
  ear->heard_count = 0;
  ear->origin = position;
  ear->expected = position;
  ear->last_blow_s = -HUGE_VAL;
  ear->end_s = HUGE_VAL;
  for (int d = 0; d < DT_DRUM_COUNT; d++)
    ear->last_time_s[d] = -HUGE_VAL;
}

void dt_ear_reset(dt_ear* ear) {
  start_at(ear, 0);
  ear->started = false;
  ear->queue_head = 0;
  ear->queue_count = 0;
}

static void enqueue(dt_ear* ear, const dt_stroke* stroke) {
  if (ear->queue_count == DT_EAR_QUEUE)
    return;
  ear->queue[(ear->queue_head + ear->queue_count) % DT_EAR_QUEUE] = *stroke;
  ear->queue_count++;
}

bool dt_ear_next(dt_ear* ear, dt_stroke* stroke) {
  if (ear->queue_count == 0)
    return false;
  *stroke = ear->queue[ear->queue_head];
  ear->queue_head = (ear->queue_head + 1) % DT_EAR_QUEUE;
  ear->queue_count--;
  return true;
}

/* Later picks can no longer be earlier than this: hand over what was heard before. */
static void hand_over(dt_ear* ear, double before_s) {
  int done = 0;
  while (done < ear->heard_count && ear->heard[done].time_s < before_s)
    enqueue(ear, &ear->heard[done++]);
  ear->heard_count -= done;
  memmove(ear->heard, ear->heard + done, (size_t)ear->heard_count * sizeof *ear->heard);
}

static void hear(dt_ear* ear, const dt_stroke* stroke) {
  double* last_s = &ear->last_time_s[stroke->drum];
  if (stroke->time_s < *last_s + DEAD_S || stroke->time_s > ear->end_s)
    return;
  *last_s = stroke->time_s;
  if (ear->heard_count == HEARD_MAX)
    hand_over(ear, HUGE_VAL);
  int at = ear->heard_count++;
  for (; at > 0 && ear->heard[at - 1].time_s > stroke->time_s; at--)
    ear->heard[at] = ear->heard[at - 1];
  ear->heard[at] = *stroke;
}

/* Attack of the stroke picked at a frame, in samples from the origin. */
static double attack_of(dt_ear* ear, int64_t frame) {
  int64_t near = frame * ear->flux.hop_frames + ear->flux.hop_frames / 2;
  int64_t total = ear->flux.frames * ear->flux.hop_frames;
  int64_t first = near - (int64_t)(DT__REFINE_BEFORE_S * ear->rate_hz);
  size_t count = 0;
  /* Before the first sample there was silence: the ring is clear there. */
  for (; count < ear->window_size && first + (int64_t)count < total; count++) {
    int64_t at = first + (int64_t)count;
    ear->window[count] = at < 0 ? 0 : ear->sound[(size_t)at & ear->sound_mask];
  }
  double onset = dt__refine(ear->window, count, (size_t)(near - first), ear->rate_hz);
  onset += (double)first;
  return onset < 0 ? 0 : onset;
}

static void decide(dt_ear* ear, int64_t frame) {
  /* Refining is dear: ask first whether the pick may be a stroke at all. */
  float features[DT__FEATURES];
  if (!ear->probe) {
    dt__features(&ear->flux, frame, features);
    if (frame > START_FRAMES && !dt__may_be_struck(features))
      return;
  }
  double onset = attack_of(ear, frame);
  double time_s = ((double)ear->origin + onset) / ear->rate_hz - BIAS_S;
  if (time_s < 0)
    time_s = 0;
  if (fabs(time_s - ear->last_blow_s) < SAME_BLOW_S)
    time_s = ear->last_blow_s;
  else
    ear->last_blow_s = time_s;
  dt__features(&ear->flux, (int64_t)(onset / ear->flux.hop_frames), features);
  if (ear->probe)
    ear->probe(ear->probe_ctx, time_s, features, DT__FEATURES);
  bool at_start = onset < START_FRAMES * ear->flux.hop_frames;
  if (at_start && !dt__dies_away(features))
    return;
  dt_stroke strokes[DT__CLASSES];
  int count = dt__classify(features, at_start, strokes);
  for (int i = 0; i < count; i++) {
    strokes[i].time_s = time_s;
    hear(ear, &strokes[i]);
  }
}

static void on_frame(dt_ear* ear) {
  int64_t newest = ear->flux.frames - 1;
  int64_t frame = newest - DT__PICK_AHEAD;
  if (frame >= 0 && dt__pick(&ear->flux, frame) && ear->pick_count < PICKS_MAX)
    ear->picks[ear->pick_count++] = frame;
  /* The attack may lie up to 8 ms after the pick. */
  while (ear->pick_count > 0 && ear->picks[0] + DT__CLASS_AHEAD + 8 <= newest) {
    decide(ear, ear->picks[0]);
    ear->pick_count--;
    memmove(ear->picks, ear->picks + 1, (size_t)ear->pick_count * sizeof *ear->picks);
  }
  int64_t next = ear->pick_count > 0 ? ear->picks[0] : newest - DT__PICK_AHEAD;
  hand_over(ear, ((double)ear->origin + (double)(next - 20) * ear->flux.hop_frames) / ear->rate_hz);
}

static float tame(float x) {
  if (fabsf(x) <= LOUDEST)
    return x;
  return isfinite(x) ? copysignf(LOUDEST, x) : 0;
}

/* samples NULL is silence. */
static void listen(dt_ear* ear, const float* samples, size_t count) {
  while (count > 0) {
    float tamed[256] = {0};
    size_t part = count < 256 ? count : 256;
    size_t at = (size_t)(ear->flux.frames * ear->flux.hop_frames + ear->flux.fill);
    if ((size_t)(ear->flux.hop_frames - ear->flux.fill) < part)
      part = (size_t)(ear->flux.hop_frames - ear->flux.fill);
    if (samples != NULL) {
      for (size_t n = 0; n < part; n++)
        tamed[n] = tame(samples[n]);
      samples += part;
    }
    for (size_t n = 0; n < part; n++)
      ear->sound[(at + n) & ear->sound_mask] = tamed[n];
    if (dt__flux_add(&ear->flux, tamed, part))
      on_frame(ear);
    count -= part;
  }
}

/* Lets silence decide what is open. */
static void settle(dt_ear* ear) {
  ear->end_s = (double)ear->expected / ear->rate_hz - CUT_S;
  listen(ear, NULL, (size_t)ear->flux.hop_frames * (DT__PICK_AHEAD + DT__CLASS_AHEAD + 10));
  hand_over(ear, HUGE_VAL);
}

void dt_ear_process(dt_ear* ear, const float* samples, size_t frame_count, dt_frame position) {
  if (!ear->started) {
    start_at(ear, position);
    ear->started = true;
  }
  dt_frame gap = position - ear->expected;
  if (gap > 0 && (double)gap <= SILENCE_S * ear->rate_hz) {
    listen(ear, NULL, (size_t)gap);
  } else if (gap != 0) {
    settle(ear);
    start_at(ear, position);
  }
  listen(ear, samples, frame_count);
  ear->expected = position + (dt_frame)frame_count;
}

void dt_ear_finish(dt_ear* ear) {
  if (!ear->started)
    return;
  settle(ear);
  ear->started = false;
}

double dt_ear_jitter_s(void) {
  return JITTER_S;
}

double dt_ear_bias_s(dt_drum drum) {
  (void)drum;
  return BIAS_S;
}
