/* Any bytes as a MIDI file, and the file as a chart: refused with a sentence, or a valid chart that
 * can be written and comes back as the same part. */

#include "dt/chart_midi.h"
#include "fuzz.h"
#include "fuzz_chart.h"

static void write_and_read(const dt_chart* chart) {
  dt_smf smf;
  dt_smf read;
  dt_chart back;
  dt_buffer bytes = {.bytes = NULL};
  REQUIRE(dt_smf_from_chart(&smf, NULL, chart) == DT_OK);
  REQUIRE(dt_smf_write(&smf, dt_buffer_sink(&bytes)) == DT_OK);
  /* Slow tempi can make a file too long for its reader: a day. */
  if (dt_smf_parse(&read, NULL, bytes.bytes, bytes.size, NULL) == DT_OK) {
    REQUIRE(dt_chart_from_smf(&back, NULL, &read, NULL) == DT_OK);
    REQUIRE(dt_chart_check(&back) == NULL);
    REQUIRE(is_same_playing(chart, &back));
    dt_chart_clear(&back, NULL);
    dt_smf_clear(&read, NULL);
  }
  dt_buffer_clear(&bytes);
  dt_smf_clear(&smf, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dt_smf smf;
  if (dt_smf_parse(&smf, NULL, data, size, NULL) != DT_OK)
    return 0;
  dt_chart chart;
  dt_error err = {.sentence = ""};
  if (dt_chart_from_smf(&chart, NULL, &smf, &err) == DT_OK) {
    REQUIRE(dt_chart_check(&chart) == NULL);
    if (is_short(&chart))
      write_and_read(&chart);
  } else {
    REQUIRE(is_one_line(&err));
    REQUIRE(chart.notes == NULL);
  }
  dt_chart_clear(&chart, NULL);
  dt_smf_clear(&smf, NULL);
  return 0;
}
