#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dt/kitmap.h"
#include "musicxml_reader.h"

void dt__xml_begin_score_part(dt__xml_reader* in, const char** attributes) {
  const char* id = dt__xml_attribute(attributes, "id");
  dt__xml_part* parts =
      dt__list_room(in->score->allocator, in->parts, in->part_count, &in->part_room, sizeof *parts);
  if (parts == NULL) {
    dt__xml_fail(in, DT_NO_MEMORY, dt_status_sentence(DT_NO_MEMORY));
    return;
  }
  in->parts = parts;
  in->listed_part = (int)in->part_count;
  parts[in->part_count] = (dt__xml_part){.by_name = DT_DRUM_COUNT};
  dt__xml_copy_word(parts[in->part_count++].id, sizeof parts->id, id != NULL ? id : "");
}

dt__xml_instrument* dt__xml_find_instrument(const dt__xml_reader* in, int part, const char* id) {
  for (size_t i = 0; i < in->instrument_count; i++)
    if (in->instruments[i].part == part && strncmp(in->instruments[i].id, id, 63) == 0)
      return &in->instruments[i];
  return NULL;
}

void dt__xml_begin_instrument(dt__xml_reader* in, const char** attributes) {
  const char* id = dt__xml_attribute(attributes, "id");
  if (in->listed_part < 0 || !dt__xml_is_inside(in, DT__XML_SCORE_PART))
    return;
  dt__xml_copy_word(in->attribute, sizeof in->attribute, id != NULL ? id : "");
  if (dt__xml_find_instrument(in, in->listed_part, in->attribute) != NULL)
    return;
  if (in->instrument_count >= 4096) {
    dt__xml_fail(in, DT_TOO_LARGE, "More than 4096 instruments: this is no drum chart");
    return;
  }
  dt__xml_instrument* all = dt__list_room(in->score->allocator, in->instruments,
                                          in->instrument_count, &in->instrument_room, sizeof *all);
  if (all == NULL) {
    dt__xml_fail(in, DT_NO_MEMORY, dt_status_sentence(DT_NO_MEMORY));
    return;
  }
  in->instruments = all;
  dt__xml_instrument* new = &all[in->instrument_count++];
  *new = (dt__xml_instrument){
      .part = in->listed_part, .by_name = DT_DRUM_COUNT, .by_sound = DT_DRUM_COUNT};
  memcpy(new->id, in->attribute, sizeof new->id);
}

void dt__xml_end_instrument_text(dt__xml_reader* in, dt__xml_element element) {
  if (in->listed_part < 0 || !dt__xml_is_inside(in, DT__XML_SCORE_PART))
    return;
  dt__xml_instrument* instrument = dt__xml_find_instrument(in, in->listed_part, in->attribute);
  if (element == DT__XML_MIDI_CHANNEL && dt__xml_whole_number(in) == 10)
    in->parts[in->listed_part].has_channel_10 = true;
  if (instrument == NULL)
    return;
  if (element == DT__XML_INSTRUMENT_NAME)
    instrument->by_name = dt__xml_drum_of_name(in->text);
  if (element == DT__XML_INSTRUMENT_SOUND)
    instrument->by_sound = dt__xml_drum_of_sound(in->text);
  if (element == DT__XML_MIDI_UNPITCHED)
    instrument->unpitched = dt__xml_whole_number(in);
}

dt_drum dt__xml_drum_of_gm(int note) {
  const dt_kitmap* map = dt_kitmap_named("gm");
  return note >= 0 && note < 128 ? (dt_drum)map->drum_of[note] : DT_DRUM_COUNT;
}

/* midi-unpitched counts from 1, but not every program knows: where the names agree better with a
 * count from 0, it is that (w3c-cg/musicxml issue 431). */
void dt__xml_find_base(dt__xml_reader* in) {
  for (size_t p = 0; p < in->part_count; p++) {
    int ones = 0;
    int zeros = 0;
    for (size_t i = 0; i < in->instrument_count; i++) {
      const dt__xml_instrument* instrument = &in->instruments[i];
      if (instrument->part != (int)p || instrument->unpitched == 0 ||
          instrument->by_name >= DT_DRUM_COUNT)
        continue;
      ones += dt__xml_drum_of_gm(instrument->unpitched - 1) == instrument->by_name;
      zeros += dt__xml_drum_of_gm(instrument->unpitched) == instrument->by_name;
    }
    in->parts[p].is_zero_based = zeros > ones;
  }
}
