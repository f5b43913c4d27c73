/* Any text as a drummer's traits; what is understood is also played, on a chart with everything in
 * it, and the truth holds together. */

#include <math.h>

#include "dt/chart_text.h"
#include "dt/drummer.h"
#include "fuzz.h"

static const char CHART[] = "tempo: 132\n"
                            "swing: 60% sixteenths\n"
                            "step: 1/16\n"
                            "\n"
                            "[Verse] x2\n"
                            "hi-hat  |x-o-x-x-x-x-x-X-|\n"
                            "snare   |----X--g-g--X--g|\n"
                            "kick    |x--x--x---x-----|\n"
                            "hands snare |----R--L-R--R--L|\n"
                            "\n"
                            "[Chorus]\n"
                            "ride    |x-x-x-x-x-x-x-x-|\n"
                            "snare   |----f---z~~~d---|\n"
                            "\n"
                            "[] fill\n"
                            "snare   |xxxxf---d---r~~~|\n"
                            "hands   |RLRLR---L---R---|\n";

static void require_whole(const dt_truths* truths) {
  size_t strokes = truths->extra_count;
  for (size_t i = 0; i < truths->count; ++i) {
    const dt_truth* t = &truths->items[i];
    REQUIRE(isfinite(t->stroke.time_s) && isfinite(t->own_time_s) && isfinite(t->offset_ms));
    REQUIRE(t->stroke.velocity >= 1 && t->stroke.velocity <= 127);
    REQUIRE(t->bar < truths->bar_count);
    REQUIRE(i == 0 || t->stroke.time_s >= t[-1].stroke.time_s);
  }
  for (size_t i = 0; i < truths->event_count; ++i) {
    const dt_truth_event* e = &truths->events[i];
    strokes += e->stroke_count;
    REQUIRE((e->fate == DT_TRUTH_MISSED) == (e->stroke == SIZE_MAX));
    REQUIRE(e->stroke == SIZE_MAX || truths->items[e->stroke].event == i);
  }
  REQUIRE(strokes == truths->count);
}

static void play(const dt_drummer* drummer) {
  dt_chart chart;
  dt_part part;
  dt_truths truths;
  dt_take take;
  dt_error err = {.sentence = ""};
  REQUIRE(dt_chart_parse(&chart, NULL, CHART, sizeof CHART - 1, &err) == DT_OK);
  REQUIRE(dt_drummer_part(drummer, &chart, NULL, &part) == DT_OK);
  if (dt_drummer_play(drummer, &part, NULL, &truths, &err) == DT_OK) {
    require_whole(&truths);
    REQUIRE(dt_take_from_truths(&take, NULL, &truths, drummer, &part) == DT_OK);
    dt_take_clear(&take, NULL);
  } else {
    REQUIRE(is_one_line(&err));
  }
  dt_truths_clear(&truths, NULL);
  dt_part_clear(&part, NULL);
  dt_chart_clear(&chart, NULL);
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
    drummer.bars = drummer.bars < 12 ? drummer.bars : 12;
    play(&drummer);
  }
  free(text);
  return 0;
}
