#include "calibrate.h"

#define BETWEEN_S 0.4

typedef struct sent {
  int drum;
  double ms; /* after the stroke */
  int note;
  double share; /* of the stroke's velocity */
} sent;

static const sent notes[] = {
    {DT_KICK, 2, 36, 1},       {DT_KICK, 20, 36, 0.3},     {DT_SNARE, 0, 38, 1},
    {DT_SNARE, 4, 48, 0.2},    {DT_RIMSHOT, 0, 40, 1},     {DT_HIHAT_CLOSED, 0, 42, 1},
    {DT_HIHAT_OPEN, 0, 46, 1}, {DT_HIHAT_PEDAL, 0, 44, 1}, {DT_TOM_HIGH, 0, 48, 1},
    {DT_TOM_MID, 0, 45, 1},    {DT_TOM_LOW, 0, 43, 1},     {DT_RIDE, 0, 51, 1},
    {DT_CRASH, 0, 49, 1},
};

/* Soft to loud, and again. */
static int velocity_of(int stroke) {
  static const int velocities[] = {30, 55, 80, 105, 125};
  return velocities[stroke % 5];
}

static void put_in(dt_port_midi_list* midi, dt_frame offset, int frame_count, const sent* one,
                   int velocity) {
  if (offset < 0 || offset >= frame_count)
    return;
  const uint8_t bytes[3] = {0x99, (uint8_t)one->note, (uint8_t)(velocity * one->share + 0.5)};
  (void)dt_port_put(midi, (uint32_t)offset, bytes, 3);
}

void dt__pretend_to_strike(void* context, dt_frame at, int frame_count, float* const* in,
                           dt_port_midi_list* midi) {
  (void)in;
  const dt__pretended_kit* kit = context;
  const dt_frame between = (dt_frame)(BETWEEN_S * kit->rate_hz);
  for (int stroke = 0; stroke < 20; stroke++)
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
      const sent* one = &notes[i];
      if (one->drum != kit->drums[0] && one->drum != kit->drums[1])
        continue;
      const dt_frame frame =
          kit->from + (stroke + 1) * between + (dt_frame)(one->ms * 1e-3 * kit->rate_hz);
      put_in(midi, frame - at, frame_count, one, velocity_of(stroke));
    }
}
