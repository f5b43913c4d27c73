#include "hearing.h"

#define CHUNK DT_EAR_BLOCK_MAX

static void tell(dt__hearing* hearing) {
  dt_lead lead;
  char text[DT_LEAD_TEXT_MAX];
  while (dt_leader_next(hearing->leader, &lead)) {
    if (lead.kind == DT_LEAD_DONE)
      hearing->is_over = true;
    dt_lead_text(text, &lead);
    hearing->on_lead(hearing->context, &lead, text);
  }
}

/* Strokes are told as soon as they are known, not at the next step; their order does not depend on
 * the blocks either. */
static dt_status hear_strokes(dt__hearing* hearing, dt_error* err) {
  dt_ear_event event;
  while (dt_ear_next_event(hearing->ear, &event)) {
    if (event.stage != DT_EAR_STROKE)
      continue;
    const dt_status status = dt_leader_stroke(hearing->leader, &event.stroke);
    if (status != DT_OK)
      return dt_fail(err, status, "No memory for another stroke.");
  }
  tell(hearing);
  return DT_OK;
}

/* A note that was struck, and that no rule can prove a ghost any more. */
static dt_status hear_note(dt__hearing* hearing, dt_frame at, int note, int velocity,
                           float openness) {
  const unsigned char drum = hearing->kitmap.drum_of[note];
  dt_stroke stroke = dt_stroke_at((double)at / hearing->rate_hz,
                                  drum < DT_DRUM_COUNT ? (dt_drum)drum : DT_DRUM_OTHER);
  stroke.velocity = (float)velocity;
  stroke.note = note;
  if (dt_drum_voice(stroke.drum) == DT_VOICE_HIHAT)
    stroke.openness = openness;
  const dt_status status = dt_leader_stroke(hearing->leader, &stroke);
  tell(hearing);
  return status;
}

static dt_status hear_notes(dt__hearing* hearing) {
  dt_frame at = 0;
  int note = 0;
  int velocity = 0;
  float openness = -1;
  dt_status status = DT_OK;
  while (status == DT_OK &&
         dt_ghosts_next(&hearing->ghosts, hearing->position, &at, &note, &velocity, &openness))
    status = hear_note(hearing, at, note, velocity, openness);
  return status;
}

dt_status dt__hear_sound(dt__hearing* hearing, const float* mono, dt_frame frames, dt_error* err) {
  dt_status status = DT_OK;
  while (frames > 0 && status == DT_OK) {
    const dt_frame boundary = dt_leader_next_step(hearing->leader);
    const dt_frame due = dt_ghosts_due(&hearing->ghosts);
    dt_frame now = (due < boundary ? due : boundary) - hearing->position;
    now = now < frames ? now : frames;
    now = now < CHUNK ? now : CHUNK;
    if (hearing->ear && mono) {
      dt_ear_process(hearing->ear, mono, (size_t)now, hearing->position);
      mono += now;
      status = hear_strokes(hearing, err);
    }
    hearing->position += now;
    frames -= now;
    if (status == DT_OK && hearing->position >= due)
      status = hear_notes(hearing);
    if (status != DT_OK || hearing->position < boundary)
      continue;
    status = dt_leader_step(hearing->leader, err);
    tell(hearing);
  }
  return status;
}

/* The pedal as e-kits send it: 0 is open, 127 closed (dt/kitmap.h). */
static void hear_pedal(dt__hearing* hearing, const uint8_t* bytes) {
  if ((bytes[0] & 0xF0) == 0xB0 && bytes[1] == 4)
    hearing->openness = 1 - (float)bytes[2] / 127;
}

dt_status dt__hear_midi(dt__hearing* hearing, dt_frame at, const uint8_t* bytes, int size) {
  if (hearing->has_clock && (bytes[0] >= 0xF8 || bytes[0] == 0xF2))
    for (int i = 0; i < size; i++)
      dt_leader_clock(hearing->leader, at, bytes[i]);
  if (size < 3 || hearing->ear)
    return DT_OK;
  hear_pedal(hearing, bytes);
  if ((bytes[0] & 0xF0) != 0x90 || bytes[2] == 0 || bytes[1] > 127)
    return DT_OK;
  dt_ghosts_put(&hearing->ghosts, at, bytes[1], bytes[2], hearing->openness);
  return hear_notes(hearing);
}

void dt__hear_transport(dt__hearing* hearing, bool is_rolling, dt_frame frame, double bpm) {
  dt_leader_transport(hearing->leader, hearing->position, is_rolling, frame, bpm);
}

dt_status dt__hear_gap(dt__hearing* hearing, dt_frame frames, dt_error* err) {
  dt_leader_gap(hearing->leader, hearing->position, frames);
  return dt__hear_sound(hearing, NULL, frames, err);
}
