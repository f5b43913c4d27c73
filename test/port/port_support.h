#ifndef DT_TEST_PORT_SUPPORT_H
#define DT_TEST_PORT_SUPPORT_H

/* Include after cmocka.h. A world that makes an impulse and a note at the same known frames, and a
 * callback that writes down where they arrive. */

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "dt/port.h"

#define SEEN_MAX 4096

static inline void nap_ms(int ms) {
  const struct timespec nap = {ms / 1000, (long)(ms % 1000) * 1000000};
  nanosleep(&nap, NULL);
}

static inline int64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

typedef struct seen_gap {
  dt_frame position; /* of the block after it */
  dt_frame frames;
  bool is_return;
  int64_t clock_us; /* of that block */
} seen_gap;

/* Written by the callback; read once `blocks` says so, or after the port was stopped. */
typedef struct seen {
  dt_frame sounds[SEEN_MAX]; /* positions of impulses */
  _Atomic int sound_count;
  dt_frame notes[SEEN_MAX];
  _Atomic int note_count;
  dt_frame device_sounds[SEEN_MAX]; /* the same by the device's counter */
  dt_frame device_notes[SEEN_MAX];
  seen_gap gaps[SEEN_MAX];
  int gap_count;
  dt_frame next;        /* the position where the last block ended */
  dt_frame next_device; /* where the device's counter should be */
  int odd_count;        /* blocks where it is elsewhere */
  bool is_odd_left_out; /* nothing is written down of those */
  bool is_broken;       /* a position went back, or a gap does not add up */
  int largest_block;
  bool is_echo; /* plays what it hears */
  int64_t first_clock_us;
  _Atomic bool is_rolling;
  _Atomic int64_t transport_frame;
  _Atomic int blocks;
} seen;

static inline void see_midi(seen* s, const dt_port_block* block) {
  for (int i = 0; i < block->midi_in_count; ++i) {
    const dt_port_midi* m = &block->midi_in[i];
    const int count = atomic_load(&s->note_count);
    if (m->frame_offset >= (uint32_t)block->frame_count)
      s->is_broken = true;
    if ((m->bytes[0] & 0xF0) == 0x90 && count < SEEN_MAX) {
      s->notes[count] = block->position + m->frame_offset;
      s->device_notes[count] = block->device_frame + m->frame_offset;
      atomic_store(&s->note_count, count + 1);
    }
    if (s->is_echo)
      (void)dt_port_put(block->midi_out, m->frame_offset, m->bytes, m->size);
  }
}

static inline void see(void* context, const dt_port_block* block) DT_NONBLOCKING {
  seen* s = context;
  if (block->position != s->next + block->gap_frames || block->gap_frames < 0 ||
      block->frame_count < 1)
    s->is_broken = true;
  if ((block->gap_frames > 0 || block->is_return) && s->gap_count < SEEN_MAX)
    s->gaps[s->gap_count++] =
        (seen_gap){block->position, block->gap_frames, block->is_return, block->clock_us};
  s->next = block->position + block->frame_count;
  if (atomic_load(&s->blocks) == 0)
    s->first_clock_us = block->clock_us;
  atomic_store(&s->is_rolling, block->is_rolling);
  atomic_store(&s->transport_frame, block->transport_frame);
  if (block->frame_count > s->largest_block)
    s->largest_block = block->frame_count;
  const bool is_odd = block->device_frame != s->next_device;
  s->next_device = block->device_frame + block->frame_count;
  s->odd_count += is_odd;
  const bool is_heard = !is_odd || !s->is_odd_left_out;
  for (int i = 0; is_heard && block->in_count > 0 && i < block->frame_count; ++i) {
    const int count = atomic_load(&s->sound_count);
    if (block->in[0][i] > 0.5F && count < SEEN_MAX) {
      s->sounds[count] = block->position + i;
      s->device_sounds[count] = block->device_frame + i;
      atomic_store(&s->sound_count, count + 1);
    }
  }
  for (int c = 0; c < block->out_count; ++c)
    for (int i = 0; i < block->frame_count; ++i) {
      if (block->out[c][i] != 0.0F)
        s->is_broken = true; /* it was to be zeroed */
      if (s->is_echo && c < block->in_count)
        block->out[c][i] = block->in[c][i];
    }
  if (is_heard)
    see_midi(s, block);
  atomic_fetch_add(&s->blocks, 1);
}

/* An impulse and a note every `every` true frames, from `every` on. */
typedef struct ticker {
  dt_frame every;
} ticker;

static inline void tick(void* context, dt_frame at, int frame_count, float* const* in,
                        dt_port_midi_list* midi) {
  const ticker* t = context;
  const uint8_t note[3] = {0x99, 38, 100};
  for (dt_frame frame = at; frame < at + frame_count; ++frame)
    if (frame > 0 && frame % t->every == 0) {
      in[0][frame - at] = 1.0F;
      (void)dt_port_put(midi, (uint32_t)(frame - at), note, 3);
    }
}

static inline bool wait_for_count(const _Atomic int* count, int wanted, int timeout_ms) {
  for (int waited = 0; atomic_load(count) < wanted; waited += 5) {
    if (waited >= timeout_ms)
      return false;
    nap_ms(5);
  }
  return true;
}

static inline bool wait_for_condition(dt_port* port, dt_port_condition wanted, int timeout_ms) {
  dt_port_state state;
  for (int waited = 0;; waited += 5) {
    dt_port_look(port, &state);
    if (state.condition == wanted)
      return true;
    if (waited >= timeout_ms)
      return false;
    nap_ms(5);
  }
}

#endif
