#include <string.h>

#include "musicxml_internal.h"

static const dt__xml_drum drums[DT_DRUM_COUNT] = {
    [DT_KICK] = {"Kick drum", "drum.kick-drum", 'F', 4, "normal", true},
    [DT_SNARE] = {"Snare drum", "drum.snare-drum", 'C', 5, "normal", false},
    [DT_CROSS_STICK] = {"Cross-stick", NULL, 'C', 5, "x", false},
    [DT_RIMSHOT] = {"Rimshot", NULL, 'C', 5, "slashed", false},
    [DT_SNARE_BRUSH] = {"Snare drum with brush", NULL, 'C', 5, "back slashed", false},
    [DT_HIHAT] = {"Hi-hat", "metal.hi-hat", 'G', 5, "x", false},
    [DT_HIHAT_CLOSED] = {"Closed hi-hat", "metal.hi-hat", 'G', 5, "x", false},
    [DT_HIHAT_OPEN] = {"Open hi-hat", "metal.hi-hat", 'G', 5, "circle-x", false},
    [DT_HIHAT_PEDAL] = {"Pedal hi-hat", "metal.hi-hat", 'D', 4, "x", true},
    [DT_TOM_HIGH] = {"High tom", "drum.tom-tom", 'E', 5, "normal", false},
    [DT_TOM_MID] = {"Mid tom", "drum.tom-tom", 'D', 5, "normal", false},
    [DT_TOM_LOW] = {"Floor tom", "drum.tom-tom", 'A', 4, "normal", false},
    [DT_RIDE] = {"Ride cymbal", "metal.cymbal.ride", 'F', 5, "x", false},
    [DT_RIDE_BELL] = {"Ride bell", "metal.cymbal.ride", 'F', 5, "diamond", false},
    [DT_CRASH] = {"Crash cymbal", "metal.cymbal.crash", 'A', 5, "x", false},
    [DT_SPLASH] = {"Splash cymbal", "metal.cymbal.splash", 'B', 5, "x", false},
    [DT_CHINA] = {"China cymbal", "metal.cymbal.chinese", 'C', 6, "x", false},
    [DT_COWBELL] = {"Cowbell", "metal.bells.cowbell", 'E', 5, "triangle", false},
    [DT_TAMBOURINE] = {"Tambourine", "drum.tambourine", 'B', 5, "triangle", false},
    [DT_CLAP] = {"Hand clap", "effect.hand-clap", 'B', 4, "x", false},
    [DT_DRUM_OTHER] = {"Percussion", NULL, 'G', 4, "triangle", false},
};

const dt__xml_drum* dt__xml_drum_at(dt_drum drum) {
  return &drums[drum];
}

/* The first row with all its words in a name decides. */
typedef struct word_row {
  const char* words[2]; /* lower case; NULL: one is enough */
  dt_drum drum;
} word_row;

static const word_row rows[] = {
    {{"side stick", NULL}, DT_CROSS_STICK},
    {{"sidestick", NULL}, DT_CROSS_STICK},
    {{"cross stick", NULL}, DT_CROSS_STICK},
    {{"cross-stick", NULL}, DT_CROSS_STICK},
    {{"rim click", NULL}, DT_CROSS_STICK},
    {{"rimshot", NULL}, DT_RIMSHOT},
    {{"rim shot", NULL}, DT_RIMSHOT},
    {{"snare", "brush"}, DT_SNARE_BRUSH},
    {{"snare", NULL}, DT_SNARE},
    {{"side drum", NULL}, DT_SNARE},
    {{"kick", NULL}, DT_KICK},
    {{"bass drum", NULL}, DT_KICK},
    {{"hat", "pedal"}, DT_HIHAT_PEDAL},
    {{"hat", "foot"}, DT_HIHAT_PEDAL},
    {{"hat", "open"}, DT_HIHAT_OPEN},
    {{"hat", "closed"}, DT_HIHAT_CLOSED},
    {{"hi-hat", NULL}, DT_HIHAT_CLOSED},
    {{"hi hat", NULL}, DT_HIHAT_CLOSED},
    {{"hihat", NULL}, DT_HIHAT_CLOSED},
    {{"floor tom", NULL}, DT_TOM_LOW},
    {{"low-mid tom", NULL}, DT_TOM_MID},
    {{"hi-mid tom", NULL}, DT_TOM_HIGH},
    {{"hi tom", NULL}, DT_TOM_HIGH},
    {{"high tom", NULL}, DT_TOM_HIGH},
    {{"mid", "tom"}, DT_TOM_MID},
    {{"low tom", NULL}, DT_TOM_LOW},
    {{"ride", "bell"}, DT_RIDE_BELL},
    {{"ride", NULL}, DT_RIDE},
    {{"crash", NULL}, DT_CRASH},
    {{"splash", NULL}, DT_SPLASH},
    {{"china", NULL}, DT_CHINA},
    {{"chinese cymbal", NULL}, DT_CHINA},
    {{"cymbal", NULL}, DT_CRASH},
    {{"cowbell", NULL}, DT_COWBELL},
    {{"tambourine", NULL}, DT_TAMBOURINE},
    {{"clap", NULL}, DT_CLAP},
    {{"triangle", NULL}, DT_DRUM_OTHER},
    {{"conga", NULL}, DT_DRUM_OTHER},
    {{"bongo", NULL}, DT_DRUM_OTHER},
    {{"timbale", NULL}, DT_DRUM_OTHER},
    {{"agogo", NULL}, DT_DRUM_OTHER},
    {{"cabasa", NULL}, DT_DRUM_OTHER},
    {{"maracas", NULL}, DT_DRUM_OTHER},
    {{"shaker", NULL}, DT_DRUM_OTHER},
    {{"whistle", NULL}, DT_DRUM_OTHER},
    {{"guiro", NULL}, DT_DRUM_OTHER},
    {{"claves", NULL}, DT_DRUM_OTHER},
    {{"wood block", NULL}, DT_DRUM_OTHER},
    {{"woodblock", NULL}, DT_DRUM_OTHER},
    {{"cuica", NULL}, DT_DRUM_OTHER},
};

#define NAME_MAX_LENGTH 127

dt_drum dt__xml_drum_of_name(const char* name) {
  char lower[NAME_MAX_LENGTH + 1];
  size_t size = 0;
  for (; size < NAME_MAX_LENGTH && name[size] != '\0'; size++)
    lower[size] =
        name[size] >= 'A' && name[size] <= 'Z' ? (char)(name[size] - 'A' + 'a') : name[size];
  lower[size] = '\0';
  for (int drum = 0; drum < DT_DRUM_COUNT; drum++)
    if (strcmp(name, drums[drum].name) == 0)
      return (dt_drum)drum;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (strstr(lower, rows[i].words[0]) != NULL &&
        (rows[i].words[1] == NULL || strstr(lower, rows[i].words[1]) != NULL))
      return rows[i].drum;
  return DT_DRUM_COUNT;
}

dt_drum dt__xml_drum_of_sound(const char* sound) {
  static const struct {
    const char* sound;
    dt_drum drum;
  } sounds[] = {
      {"drum.kick-drum", DT_KICK},         {"drum.bass-drum", DT_KICK},
      {"drum.snare-drum", DT_SNARE},       {"drum.snare-drum.electric", DT_SNARE},
      {"metal.hi-hat", DT_HIHAT_CLOSED},   {"drum.tom-tom", DT_TOM_MID},
      {"drum.tom-tom.synth", DT_TOM_MID},  {"metal.cymbal.ride", DT_RIDE},
      {"metal.cymbal.crash", DT_CRASH},    {"metal.cymbal.suspended", DT_CRASH},
      {"metal.cymbal.splash", DT_SPLASH},  {"metal.cymbal.chinese", DT_CHINA},
      {"metal.bells.cowbell", DT_COWBELL}, {"drum.tambourine", DT_TAMBOURINE},
      {"effect.hand-clap", DT_CLAP},       {"metal.triangle", DT_DRUM_OTHER},
      {"drum.conga", DT_DRUM_OTHER},       {"drum.bongo", DT_DRUM_OTHER},
  };
  for (size_t i = 0; i < sizeof sounds / sizeof *sounds; i++)
    if (strcmp(sound, sounds[i].sound) == 0)
      return sounds[i].drum;
  return DT_DRUM_COUNT;
}

/* Lines and spaces from below: D4 is 0. */
static int height_of(char step, int octave) {
  static const char steps[] = "CDEFGAB";
  const char* at = step != '\0' ? strchr(steps, step) : NULL;
  return at == NULL ? 6 : 7 * (octave - 4) + (int)(at - steps) - 1;
}

dt_drum dt__xml_drum_of_place(char step, int octave, const char* head) {
  const bool is_cross = strcmp(head, "x") == 0 || strcmp(head, "cross") == 0;
  const bool is_circle_x = strcmp(head, "circle-x") == 0;
  const bool is_cymbal = is_cross || is_circle_x || strcmp(head, "diamond") == 0;
  const bool is_triangle = strcmp(head, "triangle") == 0;
  const int height = height_of(step, octave);
  if (height <= 0)
    return DT_HIHAT_PEDAL;
  if (height <= 2)
    return DT_KICK;
  if (height <= 4)
    return DT_TOM_LOW;
  if (height == 5)
    return is_cymbal ? DT_CROSS_STICK : DT_TOM_LOW;
  if (height == 6)
    return is_cymbal ? DT_CROSS_STICK : strcmp(head, "slashed") == 0 ? DT_RIMSHOT : DT_SNARE;
  if (height == 7)
    return is_cymbal ? DT_RIDE : DT_TOM_MID;
  if (height == 8)
    return is_triangle ? DT_COWBELL : is_cymbal ? DT_RIDE : DT_TOM_HIGH;
  if (height == 9)
    return strcmp(head, "diamond") == 0 ? DT_RIDE_BELL : is_cymbal ? DT_RIDE : DT_TOM_HIGH;
  if (height == 10)
    return is_circle_x ? DT_HIHAT_OPEN : DT_HIHAT_CLOSED;
  if (height == 12 && is_triangle)
    return DT_TAMBOURINE;
  return height <= 12 ? DT_CRASH : DT_CHINA;
}
