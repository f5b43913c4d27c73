#include <string.h>

#include "text_internal.h"

static const char* const names[DT_DRUM_COUNT] = {
    [DT_KICK] = "kick",
    [DT_SNARE] = "snare",
    [DT_CROSS_STICK] = "cross-stick",
    [DT_RIMSHOT] = "rimshot",
    [DT_SNARE_BRUSH] = "brush",
    [DT_HIHAT] = "any hi-hat",
    [DT_HIHAT_CLOSED] = "hi-hat",
    [DT_HIHAT_OPEN] = "open hi-hat",
    [DT_HIHAT_PEDAL] = "pedal",
    [DT_TOM_HIGH] = "high tom",
    [DT_TOM_MID] = "mid tom",
    [DT_TOM_LOW] = "low tom",
    [DT_RIDE] = "ride",
    [DT_RIDE_BELL] = "bell",
    [DT_CRASH] = "crash",
    [DT_SPLASH] = "splash",
    [DT_CHINA] = "china",
    [DT_COWBELL] = "cowbell",
    [DT_TAMBOURINE] = "tambourine",
    [DT_CLAP] = "clap",
    [DT_DRUM_OTHER] = "other",
};

/* The usual spellings, in small letters without spaces, hyphens, underscores and stops. */
static const struct {
  dt_drum drum;
  const char* spellings; /* with a space around each */
} spellings[] = {
    {DT_KICK, " kick kickdrum bass bassdrum bd kd b k "},
    {DT_SNARE, " snare snaredrum sn sd s "},
    {DT_CROSS_STICK, " crossstick xstick sidestick rimclick cs ss "},
    {DT_RIMSHOT, " rimshot rs "},
    {DT_SNARE_BRUSH, " brush brushes snarebrush "},
    {DT_HIHAT, " anyhihat hihatany "},
    {DT_HIHAT_CLOSED, " hihat hihats hh hat hats closedhihat hihatclosed closedhat ch chh h "},
    {DT_HIHAT_OPEN, " openhihat hihatopen openhat oh ohh "},
    {DT_HIHAT_PEDAL, " pedal pedalhihat hihatpedal foothihat hihatfoot footchick hf ph fh hhp "},
    {DT_TOM_HIGH, " hightom tomhigh hitom smalltom tom1 t1 ht "},
    {DT_TOM_MID, " midtom tommid middletom mediumtom tom2 t2 mt "},
    {DT_TOM_LOW, " lowtom tomlow floortom floor tom3 t3 ft lt "},
    {DT_RIDE, " ride ridecymbal rd rc "},
    {DT_RIDE_BELL, " bell ridebell cup rb "},
    {DT_CRASH, " crash crashcymbal crash1 cr cc "},
    {DT_SPLASH, " splash splashcymbal spl "},
    {DT_CHINA, " china chinacymbal chn "},
    {DT_COWBELL, " cowbell cow cb "},
    {DT_TAMBOURINE, " tambourine tambo tamb "},
    {DT_CLAP, " clap claps handclap handclaps "},
    {DT_DRUM_OTHER, " other percussion perc "},
};

dt_drum dt__text_drum(dt__slice name) {
  char word[24] = " ";
  size_t size = 1;
  for (; name.at < name.end; name.at++) {
    const char c = *name.at;
    if (c == ' ' || c == '\t' || c == '-' || c == '_' || c == '.')
      continue;
    if (size + 2 >= sizeof word)
      return DT_DRUM_COUNT;
    word[size++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
  }
  if (size == 1)
    return DT_DRUM_COUNT;
  word[size++] = ' ';
  word[size] = '\0';
  for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
    if (strstr(spellings[i].spellings, word) != NULL)
      return spellings[i].drum;
  return DT_DRUM_COUNT;
}

const char* dt__text_drum_name(dt_drum drum) {
  return names[drum];
}
