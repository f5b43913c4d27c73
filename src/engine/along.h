#ifndef DT_ALONG_H
#define DT_ALONG_H

#include "dt/port.h"
#include "dt/session.h"
#include "dt/synthkit.h"

/*
 * The simulated drummer behind a null device: is told of each take, and plays it by MIDI or into
 * the microphone. Each take has a seed of its own. One thread at a time.
 */
typedef struct dt__along dt__along;

/* NULL without memory. rate_hz of the port; sound: strokes are heard, not sent. */
dt__along* dt__along_new(const dt_allocator* allocator, const dt_drummer* drummer, int rate_hz,
                         bool sound, double able_bpm);
void dt__along_free(dt__along* player);

/* A take begins (DT_LEAD_TAKE), or what was being played is over. */
dt_status dt__along_take(dt__along* player, const dt_lead* lead);
void dt__along_stop(dt__along* player, dt_frame at);

/* What is played in frames at .. at + frame_count - 1. */
void dt__along_play(dt__along* player, dt_frame at, int frame_count, float* const* in,
                    dt_port_midi_list* midi);

#endif
