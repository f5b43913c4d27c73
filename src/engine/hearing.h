#ifndef DT_HEARING_H
#define DT_HEARING_H

#include "dt/ear.h"
#include "dt/pads.h"
#include "dt/session.h"

/*
 * What came in, in the order of its frames, to strokes and the leader's steps: the same code live
 * and in replay. Sound is cut at the leader's steps, so nothing depends on the size of blocks.
 */
typedef struct dt__hearing {
  dt_leader* leader;
  dt_ear* ear; /* NULL: MIDI */
  dt_kitmap kitmap;
  dt_ghosts ghosts; /* what pads say that nobody struck */
  int rate_hz;
  dt_frame position; /* everything before it is heard */
  bool is_over;      /* the leader said so */
  bool has_clock;    /* MIDI clock goes to the leader */
  float openness;    /* of the hi-hat, from its pedal; -1 unknown */
  dt_session_lead_fn on_lead;
  void* context;
} dt__hearing;

/* Sound from hearing->position on; NULL where only time passes. */
dt_status dt__hear_sound(dt__hearing* hearing, const float* mono, dt_frame frames, dt_error* err);

/* A message at a frame that is not heard yet; those before it are (call dt__hear_sound first). */
dt_status dt__hear_midi(dt__hearing* hearing, dt_frame at, const uint8_t* bytes, int size);

/* The transport from hearing->position on, as it has changed. */
void dt__hear_transport(dt__hearing* hearing, bool is_rolling, dt_frame frame, double bpm);

/* Frames from hearing->position on are lost. */
dt_status dt__hear_gap(dt__hearing* hearing, dt_frame frames, dt_error* err);

#endif
