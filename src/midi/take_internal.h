#ifndef DT_TAKE_INTERNAL_H
#define DT_TAKE_INTERNAL_H

#include "dt/smf.h"

#define DT__PEDAL_CONTROLLER 4

static inline bool dt__is_note_on(const dt_midi_event* event) {
  return (event->status & 0xF0) == 0x90 && event->data2 > 0;
}

static inline bool dt__is_pedal(const dt_midi_event* event) {
  return (event->status & 0xF0) == 0xB0 && event->data1 == DT__PEDAL_CONTROLLER;
}

/* One bit for each channel that carries drums: channel 10 when it has notes, else all. */
unsigned dt__drum_channels(const dt_smf* smf);

#endif
