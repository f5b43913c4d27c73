#include "dt/home_pads.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dt/attr.h"

#define BETWEEN_S 0.4
#define STRIKES   20

static const dt_home_pad pads[] = {
    {DT_SNARE, "the snare", false},
    {DT_KICK, "the kick", true},
    {DT_RIMSHOT, "the snare on its rim", false},
    {DT_CROSS_STICK, "the cross-stick", false},
    {DT_HIHAT_CLOSED, "the closed hi-hat", true},
    {DT_HIHAT_OPEN, "the open hi-hat", false},
    {DT_HIHAT_PEDAL, "the hi-hat's pedal", false},
    {DT_TOM_HIGH, "the high tom", true},
    {DT_TOM_MID, "the middle tom", true},
    {DT_TOM_LOW, "the low tom", true},
    {DT_RIDE, "the ride", true},
    {DT_RIDE_BELL, "the ride's bell", false},
    {DT_CRASH, "the crash", true},
};

int dt_home_pad_count(void) {
  return (int)(sizeof pads / sizeof pads[0]);
}

const dt_home_pad* dt_home_pad_of(int number) {
  return &pads[number];
}

/* ---- in words ---- */

static void add(char text[DT_HOME_PAD_TEXT], const char* format, ...) DT_PRINTF(2, 3);
static void add(char text[DT_HOME_PAD_TEXT], const char* format, ...) {
  const size_t used = strlen(text);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text + used, DT_HOME_PAD_TEXT - used, format, arguments);
  va_end(arguments);
}

void dt_home_pad_text(char text[DT_HOME_PAD_TEXT], const dt_pads_pad* pad) {
  text[0] = '\0';
  add(text, "note");
  for (int i = 0; i < pad->note_count; i++)
    add(text, "%s %d", i > 0 ? "," : "", pad->notes[i]);
  add(text, "; velocity %d to typically %.0f", pad->lowest, pad->typical);
  for (int i = 0; i < pad->ghost_count; i++) {
    const dt_pads_ghost* ghost = &pad->ghosts[i];
    if (ghost->note == ghost->of)
      add(text, "; triggers twice: %d times in %d strokes, up to %.0f ms later", ghost->times,
          ghost->strokes, ghost->within_ms);
    else
      add(text, "; crosstalk: note %d came along %d times in %d strokes, at most at %.0f %%",
          ghost->note, ghost->times, ghost->strokes, 100 * ghost->loudest);
  }
  if (pad->same_as >= 0)
    add(text, "; the same note as %s, which keeps it", pads[pad->same_as].words);
}

/* ---- a kit made of nothing ---- */

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

void dt_home_kit_strike(void* context, dt_frame at, int frame_count, float* const* in,
                        dt_port_midi_list* midi) {
  (void)in;
  const dt_home_kit* kit = context;
  const dt_frame between = (dt_frame)(BETWEEN_S * kit->rate_hz);
  const int count = kit->wanted > 0 && kit->wanted < STRIKES ? kit->wanted : STRIKES;
  for (int stroke = 0; stroke < count; stroke++)
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
      const sent* one = &notes[i];
      if (one->drum != kit->drums[0] && one->drum != kit->drums[1])
        continue;
      const dt_frame frame =
          kit->from + (stroke + 1) * between + (dt_frame)(one->ms * 1e-3 * kit->rate_hz);
      put_in(midi, frame - at, frame_count, one, velocity_of(stroke));
    }
}
