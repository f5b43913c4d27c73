/* Any bytes as the MIDI file of a band's line: refused with a sentence, or laid along a part, in
 * order, whatever tempo is asked for on the way. The first byte says how. */

#include "dt/backing.h"
#include "dt/chart_text.h"
#include "dt/part.h"
#include "fuzz.h"

#define BARS       3
#define LATER_MOST 2000 /* messages; more show nothing more */

static void play(dt_backing_line* line, unsigned how) {
  dt_backing_message m;
  dt_frame last = 0;
  int count = 0;
  for (; count < LATER_MOST && dt_backing_next(line, &m); count++) {
    REQUIRE(m.status >= 0x80 && m.status < 0xF0 && m.data1 < 0x80 && m.data2 < 0x80);
    REQUIRE(m.frame >= last && m.frame <= dt_backing_end(line));
    last = m.frame;
    if (count == (int)(how & 63)) { /* what was given from there on is given again */
      const dt_frame from = dt_backing_tempo(line, (int)(how & 3), 40 + 3.0 * how);
      last = from < last ? from : last;
    }
  }
  REQUIRE(count == LATER_MOST || dt_backing_due(line) == dt_backing_end(line));
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const unsigned how = size > 0 ? data[0] : 0;
  const size_t skip = size > 0;
  dt_backing* backing = NULL;
  dt_error err = {.sentence = ""};
  if (dt_backing_new(&backing, NULL, data + skip, size - skip, (dt_meter){4, 4}, &err) != DT_OK) {
    REQUIRE(is_one_line(&err) && backing == NULL);
    return 0;
  }
  REQUIRE(dt_backing_bars(backing) >= 1);
  dt_chart chart;
  dt_part part;
  REQUIRE(dt_chart_library_load(&chart, NULL, dt_chart_library_named("rock")) == DT_OK);
  (void)dt_backing_fits(backing, &chart, &err);
  REQUIRE(dt_part_from_chart(&part, NULL, &chart, BARS, 0) == DT_OK);
  const dt_backing_how along = {.rate_hz = how & 64 ? 8000 : 48000,
                                .count_in_bars = (int)(how % 3),
                                .chart_bars = chart.bar_count,
                                .from_bar = 0};
  dt_backing_line* line = NULL;
  if (dt_backing_lay(&line, NULL, backing, &part, &along) == DT_OK)
    play(line, how);
  dt_backing_line_free(line);
  dt_part_clear(&part, NULL);
  dt_chart_clear(&chart, NULL);
  dt_backing_free(backing);
  return 0;
}
