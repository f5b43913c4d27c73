#include "dt/ear.h"

#include <math.h>
#include <string.h>

#include "ear_state.h"
#include "model.h"

#include "dt/rt_poison.h" /* last: see there */

/* Where sound is cut off there is a click, which is no stroke. */
#define CUT_S 0.003

/* A longer silence than this is a fresh start. */
#define SILENCE_S 1.0

/* So much silence decides all that is open. */
#define SETTLE_S 0.060

/* Measured at 20 dB on the own kit (docs/ear-lab.md). */
#define BIAS_S   0.00001
#define JITTER_S 0.00002

/* `plan` has the network's shape. */
static dt_ear* layout(dt_arena* arena, int rate_hz, const dt__net* plan) {
  dt_ear header;
  dt_ear* ear = dt_arena_take(arena, 1, sizeof *ear);
  dt_ear* to = ear != NULL ? ear : &header;
  to->net = *plan;
  dt__flag_layout(&to->flag, arena);
  dt__strength_layout(&to->strength, arena);
  dt__sound_layout(&to->sound, arena, rate_hz);
  dt_resample_layout(&to->resample, arena, rate_hz);
  dt__front_layout(&to->front, arena);
  dt__net_layout(&to->net, arena);
  dt__events_layout(&to->events, arena);
  to->features = dt_arena_take(arena, (size_t)DT__EAR_FRAMES * DT__FRONT_SIZE, sizeof(float));
  to->answers = dt_arena_take(arena, DT__EAR_FRAMES, sizeof *to->answers);
  return ear;
}

dt_ear* dt_ear_new_with_model(const dt_allocator* allocator, int rate_hz, const void* bytes,
                              size_t size, dt_error* error) {
  dt_model model;
  dt__net plan;
  if (rate_hz < 8000 || rate_hz > 192000) {
    (void)dt_fail(error, DT_BAD_ARGUMENT, "The ear hears 8,000 to 192,000 Hz, not %d", rate_hz);
    return NULL;
  }
  if (dt_model_parse(&model, bytes, size, error) != DT_OK ||
      dt__net_plan(&plan, &model, error) != DT_OK)
    return NULL;
  dt_arena arena = dt_arena_measure();
  layout(&arena, rate_hz, &plan);
  size_t total = arena.used;
  void* block = dt_alloc_zero(allocator, total);
  if (block == NULL) {
    (void)dt_fail(error, DT_NO_MEMORY, "No memory for the ear");
    return NULL;
  }
  arena = dt_arena_over(block, total);
  dt_ear* ear = layout(&arena, rate_hz, &plan);
  if (allocator != NULL)
    ear->allocator = *allocator;
  ear->size = total;
  ear->rate_hz = rate_hz;
  dt__flag_init(&ear->flag, rate_hz);
  dt__strength_init(&ear->strength, (double)ear->flag.hop_frames / rate_hz);
  dt_resample_init(&ear->resample);
  dt__front_init(&ear->front);
  dt__net_load(&ear->net, &model);
  ear->decide.sound = &ear->sound;
  ear->decide.strength = &ear->strength;
  ear->decide.events = &ear->events;
  ear->decide.ahead_s = dt_resample_ahead_frames(&ear->resample) / (double)rate_hz;
  ear->decide.thresholds = ear->net.thresholds;
  dt_ear_reset(ear);
  return ear;
}

dt_ear* dt_ear_new(const dt_allocator* allocator, int rate_hz) {
  return dt_ear_new_with_model(allocator, rate_hz, dt__ear_model, dt__ear_model_size, NULL);
}

void dt_ear_free(dt_ear* ear) {
  if (ear == NULL)
    return;
  dt_allocator allocator = ear->allocator;
  dt_release(allocator.resize != NULL ? &allocator : NULL, ear, ear->size);
}

static void start_at(dt_ear* ear, dt_frame position) {
  ear->origin = position;
  ear->expected = position;
  ear->is_settling = false;
  ear->open_count = 0;
  ear->hop_count = 0;
  ear->hops_done = 0;
  ear->frame_count = 0;
  ear->frames_done = 0;
  dt__flag_reset(&ear->flag);
  dt__strength_reset(&ear->strength);
  dt__sound_reset(&ear->sound);
  dt_resample_start(&ear->resample, 0);
  dt__front_reset(&ear->front);
  dt__net_reset(&ear->net);
  dt__decide_start(&ear->decide, position, ear->rate_hz);
}

void dt_ear_reset(dt_ear* ear) {
  start_at(ear, 0);
  ear->is_started = false;
  ear->decide.next_id = 1;
  dt__events_clear(&ear->events);
}

void dt__ear_with_net_fn(dt_ear* ear, dt__ear_oracle oracle, void* ctx) {
  ear->oracle = oracle;
  ear->oracle_ctx = ctx;
  for (int i = 0; i < DT__NET_FAMILIES; i++)
    ear->decide.thresholds.family[i] = 0.5f;
  for (int i = 0; i < DT__NET_DRUMS; i++)
    ear->decide.thresholds.drum[i] = 0.5f;
}

/* Lets silence decide what is open. */
static void settle(dt_ear* ear) {
  ear->is_settling = true;
  ear->decide.end_s = (double)(ear->expected - ear->origin) / ear->rate_hz - CUT_S;
  ear->decide.last_known = ear->expected;
  dt__ear_listen(ear, NULL, (size_t)(SETTLE_S * ear->rate_hz));
  dt__decide_close(&ear->decide, (dt__now){.samples = ear->expected - ear->origin});
}

void dt_ear_process(dt_ear* ear, const float* samples, size_t frame_count, dt_frame position) {
  if (!ear->is_started) {
    start_at(ear, position);
    ear->is_started = true;
  }
  dt_frame gap = position - ear->expected;
  if (gap > 0 && (double)gap <= SILENCE_S * ear->rate_hz) {
    dt__ear_listen(ear, NULL, (size_t)gap);
  } else if (gap != 0) {
    settle(ear);
    start_at(ear, position);
  }
  dt__ear_listen(ear, samples, frame_count);
  ear->expected = position + (dt_frame)frame_count;
}

void dt_ear_finish(dt_ear* ear) {
  if (!ear->is_started)
    return;
  settle(ear);
  ear->is_started = false;
}

bool dt_ear_next(dt_ear* ear, dt_stroke* stroke) {
  return dt__events_next_stroke(&ear->events, stroke);
}

bool dt_ear_next_event(dt_ear* ear, dt_ear_event* event) {
  return dt__events_next(&ear->events, event);
}

double dt_ear_jitter_s(void) {
  return JITTER_S;
}

double dt_ear_bias_s(dt_drum drum) {
  (void)drum;
  return BIAS_S;
}
