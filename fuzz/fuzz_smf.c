/* Any bytes as a MIDI file: refused with a sentence, or read, heard and written back. */

#include "dt/kitmap.h"
#include "fuzz.h"

static void check_events(const dt_smf* smf) {
  for (size_t i = 0; i < smf->event_count; ++i) {
    const dt_midi_event* event = &smf->events[i];
    REQUIRE(event->status >= 0x80 && event->status < 0xF0);
    REQUIRE(event->data1 < 0x80 && event->data2 < 0x80);
    REQUIRE(event->time_s >= 0.0 && event->time_s <= smf->duration_s);
    REQUIRE(i == 0 || smf->events[i - 1].tick <= event->tick);
  }
}

static void write_and_read(const dt_smf* smf) {
  dt_buffer file = {.bytes = NULL};
  REQUIRE(dt_smf_write(smf, dt_buffer_sink(&file)) == DT_OK);
  dt_smf back;
  REQUIRE(dt_smf_parse(&back, NULL, file.bytes, file.size, NULL) == DT_OK);
  REQUIRE(back.event_count == smf->event_count);
  for (size_t i = 0; i < back.event_count; ++i)
    REQUIRE(back.events[i].tick == smf->events[i].tick &&
            back.events[i].data1 == smf->events[i].data1);
  REQUIRE(back.text_count == smf->text_count);
  for (size_t i = 0; i < back.text_count; ++i)
    REQUIRE(back.texts[i].tick == smf->texts[i].tick && back.texts[i].type == smf->texts[i].type &&
            back.texts[i].size == smf->texts[i].size &&
            memcmp(back.texts[i].bytes, smf->texts[i].bytes, back.texts[i].size) == 0);
  dt_smf_clear(&back, NULL);
  dt_buffer_clear(&file);
}

static void hear(const dt_smf* smf) {
  dt_take take;
  REQUIRE(dt_take_from_smf(&take, NULL, smf, dt_kitmap_guess(smf)) == DT_OK);
  dt_smf again;
  if (dt_smf_from_take(&again, NULL, &take) == DT_OK) {
    check_events(&again);
    write_and_read(&again);
  }
  dt_smf_clear(&again, NULL);
  dt_take_clear(&take, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dt_smf smf;
  dt_error err = {.sentence = ""};
  if (dt_smf_parse(&smf, NULL, data, size, &err) != DT_OK) {
    REQUIRE(is_one_line(&err));
    return 0;
  }
  check_events(&smf);
  write_and_read(&smf);
  hear(&smf);
  dt_smf_clear(&smf, NULL);
  return 0;
}
