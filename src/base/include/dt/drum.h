#ifndef DT_DRUM_H
#define DT_DRUM_H

/*
 * The drums, by the names of the takes format (CSV column `drum`). The order is fixed: numbers
 * appear in binary records. GM is the General MIDI percussion note used when writing MIDI.
 */
#define DT_DRUM_LIST(X)                                                                            \
  X(DT_KICK, "kick", 36)                                                                           \
  X(DT_SNARE, "snare", 38)                                                                         \
  X(DT_CROSS_STICK, "cross_stick", 37)                                                             \
  X(DT_RIMSHOT, "rimshot", 40)                                                                     \
  X(DT_SNARE_BRUSH, "snare_brush", 38)                                                             \
  X(DT_HIHAT, "hihat", 42)                                                                         \
  X(DT_HIHAT_CLOSED, "hihat_closed", 42)                                                           \
  X(DT_HIHAT_OPEN, "hihat_open", 46)                                                               \
  X(DT_HIHAT_PEDAL, "hihat_pedal", 44)                                                             \
  X(DT_TOM_HIGH, "tom_high", 48)                                                                   \
  X(DT_TOM_MID, "tom_mid", 45)                                                                     \
  X(DT_TOM_LOW, "tom_low", 43)                                                                     \
  X(DT_RIDE, "ride", 51)                                                                           \
  X(DT_RIDE_BELL, "ride_bell", 53)                                                                 \
  X(DT_CRASH, "crash", 49)                                                                         \
  X(DT_SPLASH, "splash", 55)                                                                       \
  X(DT_CHINA, "china", 52)                                                                         \
  X(DT_COWBELL, "cowbell", 56)                                                                     \
  X(DT_TAMBOURINE, "tambourine", 54)                                                               \
  X(DT_CLAP, "clap", 39)                                                                           \
  X(DT_DRUM_OTHER, "other", 60)

typedef enum dt_drum {
#define DT_DRUM_ENUM(id, name, gm) id,
  DT_DRUM_LIST(DT_DRUM_ENUM)
#undef DT_DRUM_ENUM
      DT_DRUM_COUNT
} dt_drum;

/*
 * Drums that a drummer thinks of as one voice of the groove: the judge pools strokes by voice
 * (hi-hat closed, open and plain are one hand's part; the pedal is a foot and stays apart).
 */
#define DT_VOICE_LIST(X)                                                                           \
  X(DT_VOICE_KICK, "kick")                                                                         \
  X(DT_VOICE_SNARE, "snare")                                                                       \
  X(DT_VOICE_HIHAT, "hi-hat")                                                                      \
  X(DT_VOICE_HIHAT_PEDAL, "hi-hat pedal")                                                          \
  X(DT_VOICE_TOMS, "toms")                                                                         \
  X(DT_VOICE_RIDE, "ride")                                                                         \
  X(DT_VOICE_CRASH, "crash")                                                                       \
  X(DT_VOICE_OTHER, "other")

typedef enum dt_voice {
#define DT_VOICE_ENUM(id, name) id,
  DT_VOICE_LIST(DT_VOICE_ENUM)
#undef DT_VOICE_ENUM
      DT_VOICE_COUNT
} dt_voice;

/* "kick", "snare" ...; "other" for a value out of range. Static storage, never NULL. */
const char* dt_drum_name(dt_drum drum);
const char* dt_voice_name(dt_voice voice);

/* The drum of that name, or DT_DRUM_COUNT when there is none. */
dt_drum dt_drum_from_name(const char* name);

dt_voice dt_drum_voice(dt_drum drum);

/* General MIDI note used when writing, 0..127. */
int dt_drum_gm_note(dt_drum drum);

#endif
