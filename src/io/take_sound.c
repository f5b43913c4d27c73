#include <math.h>

#include "dt/ear.h"
#include "io_internal.h"

#define BLOCK_FRAMES    4096
#define PROGRESS_BLOCKS 16

typedef struct hearing {
  dt_take* take;
  const dt_allocator* allocator;
  dt__resampler* resampler;
  dt_ear* ear;
  int rate_hz;          /* that the ear hears */
  dt_frame frame_count; /* at that rate; -1 where not known */
  dt_frame position;
  dt_progress_fn progress;
  void* progress_ctx;
  dt_error* err;
} hearing;

static dt_status no_memory(const hearing* in) {
  return dt_fail(in->err, DT_NO_MEMORY, "There is not enough memory to hear this");
}

static dt_status take_strokes(hearing* in) {
  dt_stroke stroke;
  while (dt_ear_next(in->ear, &stroke))
    if (dt_strokes_add(&in->take->strokes, in->allocator, &stroke) != DT_OK)
      return no_memory(in);
  return DT_OK;
}

static bool goes_on(const hearing* in) {
  if (in->progress == NULL)
    return true;
  const double done =
      in->frame_count > 0 ? (double)in->position / (double)in->frame_count : (double)NAN;
  return in->progress(in->progress_ctx, done > 1.0 ? 1.0 : done);
}

static dt_status hear_all(hearing* in) {
  float block[BLOCK_FRAMES];
  for (unsigned count = 0;; ++count) {
    if (count % PROGRESS_BLOCKS == 0 && !goes_on(in))
      return dt_fail(in->err, DT_CANCELLED, "%s", dt_status_sentence(DT_CANCELLED));
    const ptrdiff_t got = dt__resampler_read(in->resampler, block, BLOCK_FRAMES, in->err);
    if (got < 0)
      return in->err->status;
    if (got == 0)
      break;
    dt_ear_process(in->ear, block, (size_t)got, in->position);
    in->position += got;
    const dt_status status = take_strokes(in);
    if (status != DT_OK)
      return status;
  }
  dt_ear_finish(in->ear);
  return take_strokes(in);
}

static dt_status hear(hearing* in, dt_sound* sound, const dt_sound_info* info) {
  in->resampler = dt__resampler_new(sound, info->rate_hz, &in->rate_hz);
  if (in->resampler == NULL)
    return no_memory(in);
  in->ear = dt_ear_new(in->allocator, in->rate_hz);
  if (in->ear == NULL)
    return no_memory(in);
  if (info->frame_count >= 0)
    in->frame_count = (dt_frame)((double)info->frame_count * in->rate_hz / info->rate_hz);
  const dt_status status = hear_all(in);
  if (status != DT_OK)
    return status;
  dt_strokes* strokes = &in->take->strokes;
  dt_strokes_sort(strokes);
  in->take->duration_s = (double)in->position / in->rate_hz;
  in->take->clock_jitter_s = dt_ear_jitter_s();
  in->take->clock_bias_s = dt_ear_bias_s(DT_SNARE); /* the same for every drum */
  if (strokes->count > 0)
    in->take->duration_s = fmax(in->take->duration_s, strokes->items[strokes->count - 1].time_s);
  return DT_OK;
}

dt_status dt__take_from_open_sound(dt_take* take, const dt_allocator* allocator, dt_sound* sound,
                                   const dt_sound_info* info, dt_progress_fn progress,
                                   void* progress_ctx, dt_error* err) {
  dt_error own = {.status = DT_OK};
  *take = (dt_take){.source = DT_TAKE_SOUND};
  hearing in = {
      .take = take,
      .allocator = allocator,
      .frame_count = -1,
      .progress = progress,
      .progress_ctx = progress_ctx,
      .err = err != NULL ? err : &own,
  };
  const dt_status status = hear(&in, sound, info);
  dt_ear_free(in.ear);
  dt__resampler_free(in.resampler);
  if (status != DT_OK)
    dt_take_clear(take, allocator);
  return status;
}

dt_status dt_take_from_sound(dt_take* take, const dt_allocator* allocator, const char* path,
                             dt_progress_fn progress, void* progress_ctx, dt_error* err) {
  dt_error own = {.status = DT_OK};
  dt_error* why = err != NULL ? err : &own;
  dt_sound_info info;
  *take = (dt_take){.source = DT_TAKE_SOUND};
  dt_sound* sound = dt_sound_open(path, &info, why);
  if (sound == NULL)
    return why->status;
  const dt_status status =
      dt__take_from_open_sound(take, allocator, sound, &info, progress, progress_ctx, why);
  dt_sound_close(sound);
  return status;
}
