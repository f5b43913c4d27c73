#include "ear_hear.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "dt/codec.h"
#include "dt/file.h"

#define MODEL_MAX ((size_t)64 << 20)

static dt_buffer model_file;

static double cpu_s(int who) {
  struct rusage usage;
  getrusage(who, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

double own_cpu_s(void) {
  return cpu_s(RUSAGE_SELF);
}
double children_cpu_s(void) {
  return cpu_s(RUSAGE_CHILDREN);
}

/* The system's allocator, counting what is asked for. */
static void* counting_resize(void* ctx, void* block, size_t old_size, size_t new_size) {
  size_t* taken = ctx;
  *taken += new_size - old_size;
  if (new_size == 0) {
    free(block);
    return NULL;
  }
  return realloc(block, new_size);
}

dt_ear* hear_new(const dt_allocator* allocator, int rate_hz, dt_error* error) {
  if (model_file.size > 0)
    return dt_ear_new_with_model(allocator, rate_hz, model_file.bytes, model_file.size, error);
  return dt_ear_new(allocator, rate_hz);
}

bool hear_use_model(const char* path, dt_error* error) {
  if (dt_file_read(&model_file, path, MODEL_MAX, error) != DT_OK)
    return false;
  dt_ear* ear = hear_new(NULL, 44100, error);
  dt_ear_free(ear);
  return ear != NULL;
}

/* What is known about each stroke while it is listened to, by id. */
typedef struct listening {
  heard* out;
  dt_ear* ear;
  int rate_hz;
  size_t block;
  values flag_at;   /* frames; NAN where there was none */
  values flag_s;    /* when it was said to be struck */
  values time_at;   /* frames */
  hits shared;      /* strokes whose time is that of the blow */
  dt_frame fed;     /* frames so far */
  dt_frame last_at; /* of the last event */
} listening;

static void remember(values* list, uint32_t id, double value) {
  while (list->count <= id)
    values_add(list, (double)NAN);
  list->items[id] = value;
}

static double recall_id(const values* list, uint32_t id) {
  return id < list->count ? list->items[id] : (double)NAN;
}

static void note_latency(const listening* l, stage which, double at_frame, double struck_s) {
  if (!isnan(at_frame))
    values_add(&l->out->latency_ms[which], 1e3 * (at_frame / l->rate_hz - struck_s));
}

static void take_event(listening* l, const dt_ear_event* e, bool is_over) {
  heard* out = l->out;
  out->events++;
  out->too_early += e->known_at > l->fed || e->known_at < l->last_at;
  out->handed_late += !is_over && l->fed - e->known_at >= (dt_frame)l->block;
  l->last_at = e->known_at;
  double at = (double)e->known_at;
  switch (e->stage) {
  case DT_EAR_FLAG:
    out->flags++;
    values_add(&out->flag_known_s, at / l->rate_hz);
    remember(&l->flag_at, e->id, at);
    remember(&l->flag_s, e->id, e->stroke.time_s);
    break;
  case DT_EAR_TIME:
    remember(&l->time_at, e->id, at);
    break;
  case DT_EAR_STROKE:
    out->flagless += e->flag_id == 0;
    note_latency(l, STAGE_FLAG, recall_id(&l->flag_at, e->flag_id), e->stroke.time_s);
    note_latency(l, STAGE_TIME, recall_id(&l->time_at, e->id), e->stroke.time_s);
    note_latency(l, STAGE_STROKE, at, e->stroke.time_s);
    if (e->shared_time)
      hits_add(&l->shared, (hit){.at_s = e->stroke.time_s, .drum = e->stroke.drum});
    break;
  case DT_EAR_WITHDRAWN:
    note_latency(l, STAGE_WITHDRAWN, at, recall_id(&l->flag_s, e->id));
    break;
  }
}

static void drain(listening* l, bool is_over) {
  dt_stroke s;
  while (dt_ear_next(l->ear, &s)) {
    hits_add(&l->out->strokes, (hit){.at_s = s.time_s,
                                     .drum = s.drum,
                                     .velocity = (double)s.velocity,
                                     .confidence = (double)s.confidence});
    l->out->has_no_finite_time |=
        !isfinite(s.time_s) || !isfinite(s.velocity) || !isfinite(s.confidence);
  }
  dt_ear_event event;
  while (dt_ear_next_event(l->ear, &event))
    take_event(l, &event, is_over);
}

static void feed(listening* l, const float* samples, size_t count) {
  l->fed += (dt_frame)count;
  dt_ear_process(l->ear, samples, count, l->fed - (dt_frame)count);
  drain(l, false);
}

static void mark_shared(const hits* shared, hits* strokes) {
  for (size_t s = 0; s < shared->count; s++)
    for (size_t i = 0; i < strokes->count; i++)
      if (strokes->items[i].drum == shared->items[s].drum &&
          fabs(strokes->items[i].at_s - shared->items[s].at_s) < 1e-9)
        strokes->items[i].is_shared = true;
}

static void end_listening(listening* l) {
  dt_ear_finish(l->ear);
  drain(l, true);
  hits_sort(&l->out->strokes);
  mark_shared(&l->shared, &l->out->strokes);
  hits_clear(&l->shared);
  l->out->length_s = (double)l->fed / l->rate_hz;
  values_clear(&l->flag_at);
  values_clear(&l->flag_s);
  values_clear(&l->time_at);
}

static bool hear_sound(dt_sound* sound, const dt_sound_info* info, size_t block, heard* out,
                       dt_error* error) {
  size_t taken = 0;
  dt_allocator allocator = {counting_resize, &taken};
  dt_ear* ear = hear_new(&allocator, info->rate_hz, error);
  if (ear == NULL) {
    dt_fail(error, DT_UNSUPPORTED, "The ear does not hear %d Hz", info->rate_hz);
    return false;
  }
  out->ear_bytes = taken;
  listening l = {.out = out, .ear = ear, .rate_hz = info->rate_hz, .block = block};
  float mono[DT_EAR_BLOCK_MAX];
  ptrdiff_t got = 0;
  while ((got = dt_sound_read(sound, mono, block, error)) > 0)
    feed(&l, mono, (size_t)got);
  end_listening(&l);
  dt_ear_free(ear);
  return got == 0;
}

static bool hear_opened(dt_sound* sound, const dt_sound_info* info, size_t block, heard* out,
                        double before_s, dt_error* error) {
  bool is_heard = sound != NULL && hear_sound(sound, info, block, out, error);
  dt_sound_close(sound);
  out->cpu_s = own_cpu_s() - before_s;
  return is_heard;
}

bool hear_file(const char* path, size_t block, heard* out, dt_error* error) {
  double before_s = own_cpu_s();
  dt_sound_info info = {0};
  dt_sound* sound = dt_sound_open(path, &info, error);
  return hear_opened(sound, &info, block, out, before_s, error);
}

bool hear_bytes(const void* bytes, size_t size, size_t block, heard* out, dt_error* error) {
  double before_s = own_cpu_s();
  dt_sound_info info = {0};
  dt_sound* sound = dt_sound_open_memory(bytes, size, &info, error);
  return hear_opened(sound, &info, block, out, before_s, error);
}

void hear_samples(const float* samples, size_t count, int rate_hz, size_t block, heard* out) {
  double before_s = own_cpu_s();
  dt_error error = {0};
  dt_ear* ear = hear_new(NULL, rate_hz, &error);
  if (ear == NULL) {
    fprintf(stderr, "bench: no ear for %d Hz: %s\n", rate_hz, error.sentence);
    exit(1);
  }
  listening l = {.out = out, .ear = ear, .rate_hz = rate_hz, .block = block};
  for (size_t at = 0; at < count; at += block)
    feed(&l, samples + at, count - at < block ? count - at : block);
  end_listening(&l);
  dt_ear_free(ear);
  out->cpu_s = own_cpu_s() - before_s;
}

bool hear_peer(const char* path, heard* out) {
  double before_s = children_cpu_s();
  char command[1200];
  snprintf(command, sizeof command, "aubioonset -i '%s' 2>/dev/null", path);
  FILE* pipe = popen(command, "r");
  if (pipe == NULL)
    return false;
  for (double at_s = 0; fscanf(pipe, "%lf", &at_s) == 1;)
    hits_add(&out->strokes, (hit){.at_s = at_s, .drum = DT_DRUM_OTHER, .confidence = 1});
  bool is_done = pclose(pipe) == 0;
  out->cpu_s = children_cpu_s() - before_s;
  return is_done;
}

bool is_same_hearing(const heard* a, const heard* b) {
  if (a->strokes.count != b->strokes.count)
    return false;
  for (size_t i = 0; i < a->strokes.count; i++) {
    const hit* x = &a->strokes.items[i];
    const hit* y = &b->strokes.items[i];
    if (memcmp(&x->at_s, &y->at_s, sizeof x->at_s) != 0 || x->drum != y->drum ||
        memcmp(&x->velocity, &y->velocity, sizeof x->velocity) != 0 ||
        memcmp(&x->confidence, &y->confidence, sizeof x->confidence) != 0)
      return false;
  }
  return true;
}

void heard_clear(heard* h) {
  hits_clear(&h->strokes);
  for (int s = 0; s < STAGE_COUNT; s++)
    values_clear(&h->latency_ms[s]);
  values_clear(&h->flag_known_s);
  memset(h, 0, sizeof *h);
}
