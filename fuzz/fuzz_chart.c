/* Any bytes as a chart in text: refused with a sentence, or a valid chart that can be drawn, and
 * written and read back the same. */

#include "dt/chart_text.h"
#include "fuzz.h"

static void draw(const dt_chart* chart, bool utf8) {
  const dt_chart_draw_options options = {.columns = 40, .utf8 = utf8, .color = utf8};
  dt_buffer text = {.bytes = NULL};
  REQUIRE(dt_chart_draw(chart, &options, dt_buffer_sink(&text)) == DT_OK);
  dt_buffer_clear(&text);
}

static void write_and_read(const dt_chart* chart) {
  dt_chart back;
  dt_buffer text = {.bytes = NULL};
  REQUIRE(dt_chart_write(chart, dt_buffer_sink(&text)) == DT_OK);
  REQUIRE(dt_chart_parse(&back, NULL, (const char*)text.bytes, text.size, NULL) == DT_OK);
  REQUIRE(dt_chart_same(chart, &back));
  REQUIRE(strcmp(chart->name, back.name) == 0 && strcmp(chart->title, back.title) == 0);
  REQUIRE(strcmp(chart->tags, back.tags) == 0 && chart->step == back.step);
  dt_chart_clear(&back, NULL);
  dt_buffer_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dt_chart chart;
  dt_error err = {.sentence = ""};
  /* A block of its own size, so that a read past its end is seen. */
  char* text = malloc(size + (size == 0));
  if (text == NULL)
    return 0;
  if (size > 0)
    memcpy(text, data, size);
  if (dt_chart_parse(&chart, NULL, text, size, &err) == DT_OK) {
    REQUIRE(dt_chart_check(&chart) == NULL);
    write_and_read(&chart);
    draw(&chart, false);
    draw(&chart, true);
  } else {
    REQUIRE(is_one_line(&err));
    REQUIRE(chart.notes == NULL && chart.spans == NULL && chart.order == NULL);
  }
  dt_chart_clear(&chart, NULL);
  free(text);
  return 0;
}
