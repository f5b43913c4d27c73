/* Any text as a line of a doubletime export; what is read is written, read and written the same. */

#include <math.h>

#include "dt/store.h"
#include "fuzz.h"

static void check(const dt_record* record) {
  const dt_strokes* strokes = &record->take.strokes;
  REQUIRE(strokes->count <= DT_RECORD_STROKES_MAX);
  REQUIRE(record->judged_count == 0 || record->judged_count == strokes->count);
  for (size_t i = 0; i < strokes->count; ++i) {
    REQUIRE(isfinite(strokes->items[i].time_s) && strokes->items[i].drum < DT_DRUM_COUNT);
    REQUIRE(strokes->items[i].velocity >= 0.0F && strokes->items[i].velocity <= 127.0F);
    REQUIRE(i == 0 || strokes->items[i - 1].time_s <= strokes->items[i].time_s);
  }
  REQUIRE(!record->player || (record->player[0] && strlen(record->player) <= DT_STORE_NAME_MAX));
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dt_record record;
  dt_record again;
  dt_buffer first = {0};
  dt_buffer second = {0};
  dt_error err = {.sentence = ""};
  if (dt_record_read(&record, NULL, (const char*)data, size, &err) != DT_OK) {
    REQUIRE(is_one_line(&err));
    return 0;
  }
  check(&record);
  REQUIRE(dt_record_write(&record, dt_buffer_sink(&first)) == DT_OK);
  REQUIRE(memchr(first.bytes, '\n', first.size) == first.bytes + first.size - 1);
  REQUIRE(dt_record_read(&again, NULL, (const char*)first.bytes, first.size, &err) == DT_OK);
  REQUIRE(dt_record_write(&again, dt_buffer_sink(&second)) == DT_OK);
  REQUIRE(first.size == second.size && memcmp(first.bytes, second.bytes, first.size) == 0);
  dt_buffer_clear(&first);
  dt_buffer_clear(&second);
  dt_record_clear(&record, NULL);
  dt_record_clear(&again, NULL);
  return 0;
}
