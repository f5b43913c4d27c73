#ifndef DT_TEST_SCRIPTED_H
#define DT_TEST_SCRIPTED_H

/* Notes at known frames into a device made of nothing. */

#include "dt/port.h"

typedef struct scripted {
  const int (*notes)[3]; /* frame, note, velocity */
  int count;
} scripted;

static inline void play_script(void* context, dt_frame at, int frame_count, float* const* in,
                               dt_port_midi_list* midi) {
  (void)in;
  const scripted* script = context;
  for (int i = 0; i < script->count; i++) {
    const dt_frame frame = script->notes[i][0];
    const uint8_t bytes[3] = {0x99, (uint8_t)script->notes[i][1], (uint8_t)script->notes[i][2]};
    if (frame >= at && frame < at + frame_count)
      (void)dt_port_put(midi, (uint32_t)(frame - at), bytes, 3);
  }
}

#endif
