/* Any text as a list of strokes. */

#include <math.h>

#include "dt/strokes_csv.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dt_take take;
  dt_error err = {.sentence = ""};
  if (dt_take_from_csv(&take, NULL, data, size, &err) != DT_OK) {
    REQUIRE(is_one_line(&err));
    return 0;
  }
  for (size_t i = 0; i < take.strokes.count; ++i) {
    const dt_stroke* stroke = &take.strokes.items[i];
    REQUIRE(isfinite(stroke->time_s) && stroke->time_s <= take.duration_s);
    REQUIRE(stroke->drum < DT_DRUM_COUNT);
    REQUIRE(stroke->velocity >= 0.0F && stroke->velocity <= 127.0F);
  }
  dt_take_clear(&take, NULL);
  return 0;
}
