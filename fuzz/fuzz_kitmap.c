/* Any text as a user's kit map. */

#include "dt/kitmap.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dt_kitmap map = *dt_kitmap_named("roland");
  dt_error err = {.sentence = ""};
  if (dt_kitmap_extend(&map, (const char*)data, size, &err) != DT_OK)
    REQUIRE(is_one_line(&err));
  for (int note = 0; note < 128; ++note)
    REQUIRE(map.drum_of[note] <= DT_DRUM_COUNT);
  return 0;
}
