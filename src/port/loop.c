#include <string.h>

#include "virtual_internal.h"

dt_status dt__loop_open(dt__loop* loop, const dt_allocator* allocator, int delay_frames,
                        int channels, int period_frames) {
  memset(loop, 0, sizeof *loop);
  if (delay_frames == 0)
    return DT_OK;
  loop->delay_frames = delay_frames < period_frames ? period_frames : delay_frames;
  loop->channels = channels;
  loop->length = 1;
  while (loop->length < (dt_frame)loop->delay_frames + period_frames)
    loop->length *= 2;
  /* One more than nothing, so that a device without sound has its MIDI. */
  loop->frames_size = ((size_t)loop->length * (size_t)channels + 1) * sizeof(float);
  loop->frames = dt_alloc_zero(allocator, loop->frames_size);
  loop->midi = dt_alloc_zero(allocator, DT__LOOP_MIDI_MAX * sizeof *loop->midi);
  if (loop->frames != NULL && loop->midi != NULL)
    return DT_OK;
  dt__loop_close(loop, allocator);
  return DT_NO_MEMORY;
}

void dt__loop_close(dt__loop* loop, const dt_allocator* allocator) {
  if (loop->frames != NULL)
    dt_release(allocator, loop->frames, loop->frames_size);
  if (loop->midi != NULL)
    dt_release(allocator, loop->midi, DT__LOOP_MIDI_MAX * sizeof *loop->midi);
  memset(loop, 0, sizeof *loop);
}

static float* sample_at(dt__loop* loop, int channel, dt_frame at) {
  return &loop->frames[(dt_frame)channel * loop->length + (at & (loop->length - 1))];
}

void dt__loop_read(dt__loop* loop, dt_frame at, int frame_count, float* const* in,
                   dt_port_midi_list* midi) {
  for (int c = 0; c < loop->channels; ++c)
    for (int i = 0; i < frame_count; ++i) {
      float* sample = sample_at(loop, c, at + i);
      in[c][i] += *sample;
      *sample = 0.0F;
    }
  while (loop->midi_read != loop->midi_written) {
    const dt__loop_midi* next = &loop->midi[loop->midi_read % DT__LOOP_MIDI_MAX];
    if (next->at >= at + frame_count)
      break;
    (void)dt_port_put(midi, (uint32_t)(next->at - at), next->message.bytes, next->message.size);
    ++loop->midi_read;
  }
}

void dt__loop_write(dt__loop* loop, dt_frame at, int frame_count, const float* const* out,
                    const dt_port_midi_list* midi) {
  if (loop->delay_frames == 0)
    return;
  for (int c = 0; c < loop->channels; ++c)
    for (int i = 0; i < frame_count; ++i)
      *sample_at(loop, c, at + i + loop->delay_frames) = out[c][i];
  for (int i = 0; i < midi->count; ++i) {
    if (loop->midi_written - loop->midi_read == DT__LOOP_MIDI_MAX)
      return;
    dt__loop_midi* next = &loop->midi[loop->midi_written++ % DT__LOOP_MIDI_MAX];
    next->at = at + midi->items[i].frame_offset + loop->delay_frames;
    next->message = midi->items[i];
  }
}

void dt__loop_lose(dt__loop* loop, dt_frame at, dt_frame frame_count) {
  if (loop->delay_frames == 0)
    return;
  const dt_frame lost = frame_count < loop->length ? frame_count : loop->length;
  for (int c = 0; c < loop->channels; ++c)
    for (dt_frame i = 0; i < lost; ++i)
      *sample_at(loop, c, at + i) = 0.0F;
  while (loop->midi_read != loop->midi_written &&
         loop->midi[loop->midi_read % DT__LOOP_MIDI_MAX].at < at + frame_count)
    ++loop->midi_read;
}
