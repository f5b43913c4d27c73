#include <math.h>
#include <string.h>

#include "session_internal.h"

#include "dt/rt_poison.h"

float dt__quantise(float sample) {
  const float scaled = isfinite(sample) ? sample * 8388608.0F : 0;
  return truncf(fminf(8388607.0F, fmaxf(-8388608.0F, scaled))) / 8388608.0F;
}

static void put_messages(dt_session* session, const dt_port_block* block, int from, int count) {
  dt__input* input = &session->scratch;
  input->midi_count = 0;
  for (int i = 0; i < block->midi_in_count; i++) {
    const int offset = (int)block->midi_in[i].frame_offset;
    if (offset < from || offset >= from + count)
      continue;
    if (input->midi_count == DT__INPUT_MIDI) {
      atomic_fetch_add_explicit(&session->lost_midi, 1, memory_order_relaxed);
      continue;
    }
    input->midi[input->midi_count] = block->midi_in[i];
    input->midi[input->midi_count++].frame_offset = (uint32_t)(offset - from);
  }
}

/* The channels' mean. A ring that is full makes a gap, which the hearing side sees by itself. */
static void hand_over(dt_session* session, const dt_port_block* block) {
  dt__input* input = &session->scratch;
  for (int from = 0; from < block->frame_count; from += DT__INPUT_FRAMES) {
    const int left = block->frame_count - from;
    const int count = left < DT__INPUT_FRAMES ? left : DT__INPUT_FRAMES;
    input->position = block->position + from;
    input->gap_frames = from == 0 ? block->gap_frames : 0;
    input->frame_count = count;
    input->is_return = from == 0 && block->is_return;
    input->has_transport = block->has_transport;
    input->is_rolling = block->is_rolling;
    input->transport_frame = block->transport_frame + (block->is_rolling ? from : 0);
    input->transport_bpm = block->transport_bpm;
    for (int i = 0; i < count; i++) {
      float sum = 0;
      for (int channel = 0; channel < block->in_count; channel++)
        sum += block->in[channel][from + i];
      input->mono[i] = block->in_count > 0 ? dt__quantise(sum / (float)block->in_count) : 0;
    }
    put_messages(session, block, from, count);
    (void)dt_ring_write(session->inputs, input);
  }
}

static void give_songs_back(dt_session* session) {
  const dt_band_event* events = NULL;
  const size_t count = dt_band_events(session->band, &events);
  for (size_t i = 0; i < count; i++)
    if (events[i].kind == DT_BAND_RELEASED)
      (void)dt_ring_write(session->songs_back, &events[i].song);
}

void dt__session_process(void* context, const dt_port_block* block) {
  dt_session* session = context;
  hand_over(session, block);
  int channels = block->out_count;
  if (channels > DT_BAND_CHANNELS_MAX)
    channels = DT_BAND_CHANNELS_MAX;
  if (channels == 0)
    dt_band_process(session->band, block->position, session->quiet, (size_t)block->frame_count);
  else
    dt_band_process(session->band, block->position, block->out, (size_t)block->frame_count);
  give_songs_back(session);
  const dt_band_midi* bytes = NULL;
  const size_t count = dt_band_midi_out(session->band, &bytes);
  for (size_t i = 0; i < count && block->midi_out; i++)
    (void)dt_port_put(block->midi_out, (uint32_t)(bytes[i].frame - block->position), &bytes[i].byte,
                      1);
}
