/* Any text as a drummer's traits; what is understood is also played. */

#include <math.h>

#include "dt/drummer.h"
#include "dt/groove_part.h"
#include "fuzz.h"

static void play(const dt_drummer* drummer) {
  dt_truths truths;
  dt_error err = {.sentence = ""};
  const dt_groove* groove = dt_groove_named("flams");
  const dt_status status = dt_drummer_play_groove(drummer, groove, NULL, &truths, &err);
  if (status != DT_OK) {
    REQUIRE(is_one_line(&err));
    return;
  }
  for (size_t i = 0; i < truths.count; ++i)
    REQUIRE(isfinite(truths.items[i].stroke.time_s));
  dt_truths_clear(&truths, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  char* text = malloc(size + 1);
  if (text == NULL)
    return 0;
  if (size > 0)
    memcpy(text, data, size);
  text[size] = '\0';
  dt_drummer drummer = dt_drummer_default();
  dt_error err = {.sentence = ""};
  if (dt_drummer_parse(&drummer, text, &err) != DT_OK) {
    REQUIRE(is_one_line(&err));
  } else {
    drummer.bars = drummer.bars < 8 ? drummer.bars : 8;
    play(&drummer);
  }
  free(text);
  return 0;
}
