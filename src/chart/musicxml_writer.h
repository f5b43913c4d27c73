#ifndef DT_MUSICXML_WRITER_H
#define DT_MUSICXML_WRITER_H

#include "musicxml_internal.h"

/* A sink that remembers its first failure. */
typedef struct dt__xml_out {
  dt_sink sink;
  dt_status status;
} dt__xml_out;

#define DT__XML_PUT(out, ...)                                                                      \
  ((out)->status =                                                                                 \
       (out)->status == DT_OK ? dt_sink_printf((out)->sink, __VA_ARGS__) : (out)->status)

/* Text with & < > " escaped. */
void dt__xml_put_text(dt__xml_out* out, const char* text);

/* What stands in a bar for one note: the note, or what is left of a roll that began before. */
typedef struct dt__xml_item {
  dt_tick at;    /* from the bar line */
  dt_tick until; /* of a roll, to the bar line at most; 0: as long as there is room */
  const dt_chart_note* note;
  dt_tick shift; /* at = note->tick - shift, unless it began before */
  int voice;
} dt__xml_item;

typedef struct dt__xml_voice_bar {
  dt_tick length;
  dt_meter meter;
  const dt__xml_item* items; /* of all voices, by place */
  size_t count;
  int voice;
  bool is_alone; /* no other voice in the bar */
} dt__xml_voice_bar;

/* The notes and rests of one voice: exactly as long as the bar. */
void dt__xml_put_voice(dt__xml_out* out, const dt__xml_voice_bar* bar);

/* Gives each item its voice: hands 1, feet 2, and 3 and more for rolls that other notes of the
 * voice interrupt. The result is the last voice used. items: by place. */
int dt__xml_give_voices(dt__xml_item* items, size_t count);

/* How a note or rest is written: so many ticks, and their type. */
typedef struct dt__xml_value {
  dt_tick ticks;
  dt_tick nominal; /* before the tuplet, dots apart; 0: no note type has this length */
  int dots;
  int actual; /* of its tuplet; 0: in none */
  int normal;
  bool begins_tuplet;
  bool ends_tuplet;
} dt__xml_value;

/* One chord, all its items at one place; `from`: where in the bar this piece of it begins. */
void dt__xml_put_chord(dt__xml_out* out, const dt__xml_item* items, size_t count, dt_tick from,
                       const dt__xml_value* value, bool is_alone);
void dt__xml_put_rest(dt__xml_out* out, const dt__xml_value* value, int voice);

#endif
