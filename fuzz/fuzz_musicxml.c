/* Any bytes as a MusicXML score: refused with a sentence, or a valid chart that can be written and
 * comes back as the same part. */

#include "dt/chart_musicxml.h"
#include "fuzz.h"
#include "fuzz_chart.h"

static void write_and_read(const dt_chart* chart) {
  dt_buffer bytes = {.bytes = NULL};
  dt_chart back;
  REQUIRE(dt_chart_to_musicxml(chart, dt_buffer_sink(&bytes)) == DT_OK);
  REQUIRE(dt_chart_from_musicxml(&back, NULL, bytes.bytes, bytes.size, NULL) == DT_OK);
  REQUIRE(dt_chart_check(&back) == NULL);
  REQUIRE(is_same_playing(chart, &back));
  dt_chart_clear(&back, NULL);
  dt_buffer_clear(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dt_chart chart;
  dt_error err = {.sentence = ""};
  if (dt_chart_from_musicxml(&chart, NULL, data, size, &err) != DT_OK) {
    REQUIRE(is_one_line(&err));
    REQUIRE(chart.notes == NULL);
    return 0;
  }
  REQUIRE(dt_chart_check(&chart) == NULL);
  if (is_short(&chart))
    write_and_read(&chart);
  dt_chart_clear(&chart, NULL);
  return 0;
}
