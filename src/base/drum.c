#include "dt/drum.h"

#include <string.h>

static const char* const drum_names[DT_DRUM_COUNT] = {
#define DT_DRUM_NAME(id, name, gm) [id] = name,
    DT_DRUM_LIST(DT_DRUM_NAME)
#undef DT_DRUM_NAME
};

static const unsigned char gm_notes[DT_DRUM_COUNT] = {
#define DT_DRUM_GM(id, name, gm) [id] = gm,
    DT_DRUM_LIST(DT_DRUM_GM)
#undef DT_DRUM_GM
};

static const char* const voice_names[DT_VOICE_COUNT] = {
#define DT_VOICE_NAME(id, name) [id] = name,
    DT_VOICE_LIST(DT_VOICE_NAME)
#undef DT_VOICE_NAME
};

static const dt_voice voices[DT_DRUM_COUNT] = {
    [DT_KICK] = DT_VOICE_KICK,
    [DT_SNARE] = DT_VOICE_SNARE,
    [DT_CROSS_STICK] = DT_VOICE_SNARE,
    [DT_RIMSHOT] = DT_VOICE_SNARE,
    [DT_SNARE_BRUSH] = DT_VOICE_SNARE,
    [DT_HIHAT] = DT_VOICE_HIHAT,
    [DT_HIHAT_CLOSED] = DT_VOICE_HIHAT,
    [DT_HIHAT_OPEN] = DT_VOICE_HIHAT,
    [DT_HIHAT_PEDAL] = DT_VOICE_HIHAT_PEDAL,
    [DT_TOM_HIGH] = DT_VOICE_TOMS,
    [DT_TOM_MID] = DT_VOICE_TOMS,
    [DT_TOM_LOW] = DT_VOICE_TOMS,
    [DT_RIDE] = DT_VOICE_RIDE,
    [DT_RIDE_BELL] = DT_VOICE_RIDE,
    [DT_CRASH] = DT_VOICE_CRASH,
    [DT_SPLASH] = DT_VOICE_CRASH,
    [DT_CHINA] = DT_VOICE_CRASH,
    [DT_COWBELL] = DT_VOICE_OTHER,
    [DT_TAMBOURINE] = DT_VOICE_OTHER,
    [DT_CLAP] = DT_VOICE_OTHER,
    [DT_DRUM_OTHER] = DT_VOICE_OTHER,
};

static dt_drum in_range(dt_drum drum) {
  return (unsigned)drum < (unsigned)DT_DRUM_COUNT ? drum : DT_DRUM_OTHER;
}

const char* dt_drum_name(dt_drum drum) {
  return drum_names[in_range(drum)];
}

const char* dt_voice_name(dt_voice voice) {
  return voice_names[(unsigned)voice < (unsigned)DT_VOICE_COUNT ? voice : DT_VOICE_OTHER];
}

dt_drum dt_drum_from_name(const char* name) {
  unsigned drum = 0;
  while (drum < DT_DRUM_COUNT && strcmp(drum_names[drum], name) != 0)
    ++drum;
  return (dt_drum)drum;
}

dt_voice dt_drum_voice(dt_drum drum) {
  return voices[in_range(drum)];
}

int dt_drum_gm_note(dt_drum drum) {
  return gm_notes[in_range(drum)];
}
