#include "sound_format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io_internal.h"

typedef struct format_name {
  int format;
  const char* name;
} format_name;

static const format_name majors[] = {
    {SF_FORMAT_WAV, "WAV"}, {SF_FORMAT_WAVEX, "WAV"}, {SF_FORMAT_RF64, "RF64"},
    {SF_FORMAT_W64, "W64"}, {SF_FORMAT_AIFF, "AIFF"}, {SF_FORMAT_FLAC, "FLAC"},
    {SF_FORMAT_OGG, "Ogg"}, {SF_FORMAT_MPEG, "MPEG"}, {SF_FORMAT_CAF, "CAF"},
    {SF_FORMAT_AU, "AU"},
};

static const format_name kinds[] = {
    {SF_FORMAT_PCM_S8, "8 bit"},
    {SF_FORMAT_PCM_U8, "8 bit"},
    {SF_FORMAT_PCM_16, "16 bit"},
    {SF_FORMAT_PCM_24, "24 bit"},
    {SF_FORMAT_PCM_32, "32 bit"},
    {SF_FORMAT_FLOAT, "32 bit float"},
    {SF_FORMAT_DOUBLE, "64 bit float"},
    {SF_FORMAT_VORBIS, "Vorbis"},
    {SF_FORMAT_OPUS, "Opus"},
    {SF_FORMAT_MPEG_LAYER_I, "layer I"},
    {SF_FORMAT_MPEG_LAYER_II, "layer II"},
    {SF_FORMAT_MPEG_LAYER_III, "layer III (MP3)"},
};

static const char* name_of(const format_name* names, size_t count, int format,
                           SF_FORMAT_INFO* other) {
  for (size_t i = 0; i < count; ++i)
    if (names[i].format == format)
      return names[i].name;
  *other = (SF_FORMAT_INFO){.format = format};
  if (sf_command(NULL, SFC_GET_FORMAT_INFO, other, sizeof *other) == 0 && other->name != NULL)
    return other->name;
  return "unknown";
}

void dt__format_words(char* words, size_t size, int format) {
  SF_FORMAT_INFO other[2];
  snprintf(words, size, "%s, %s",
           name_of(majors, sizeof majors / sizeof *majors, format & SF_FORMAT_TYPEMASK, &other[0]),
           name_of(kinds, sizeof kinds / sizeof *kinds, format & SF_FORMAT_SUBMASK, &other[1]));
}

/* Recorders that cannot seek write sizes from here on for "until the end". */
#define UNTIL_THE_END 0x7FFFF000ULL
/* A header that counts itself, or a padding byte. */
#define SLACK_BYTES 64ULL

/* libsndfile reads what is there and keeps in its log where a header promised more:
 * "data : 48000 (should be 28782)". */
bool dt__is_cut(SNDFILE* file) {
  char log[8192];
  static const char promise[] = " (should be ";
  sf_command(file, SFC_GET_LOG_INFO, log, sizeof log);
  log[sizeof log - 1] = '\0';
  char* rest = NULL;
  for (char* line = strtok_r(log, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
    const char* should = strstr(line, promise);
    const char* colon = strrchr(line, ':');
    if (should == NULL || colon == NULL || colon > should)
      continue;
    const unsigned long long said = strtoull(colon + 1, NULL, 10);
    const unsigned long long is = strtoull(should + strlen(promise), NULL, 10);
    if (said > is && said - is > SLACK_BYTES && said < UNTIL_THE_END)
      return true;
  }
  return false;
}
