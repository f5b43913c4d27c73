#include <stdio.h>
#include <unistd.h>

#include "dt/session.h"

/* default-GM is what Debian's alternatives choose; the others are what its packages install. */
bool dt_soundfont_find(char* path, size_t size) {
  static const char* const places[] = {
      "/usr/share/sounds/sf3/default-GM.sf3",     "/usr/share/sounds/sf2/default-GM.sf2",
      "/usr/share/sounds/sf2/FluidR3_GM.sf2",     "/usr/share/sounds/sf2/TimGM6mb.sf2",
      "/usr/share/sounds/sf3/FluidR3Mono_GM.sf3", "/usr/share/sounds/sf3/MuseScore_General.sf3",
      "/usr/share/sounds/sf2/opl3-soundfont.sf2", "/usr/share/soundfonts/default.sf2",
  };
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
    if (access(places[i], R_OK) == 0)
      return snprintf(path, size, "%s", places[i]) < (int)size;
  return false;
}
