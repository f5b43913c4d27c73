#ifndef DT_MIDI_CHART_INTERNAL_H
#define DT_MIDI_CHART_INTERNAL_H

#include "dt/chart_midi.h"
#include "exchange_internal.h"

/*
 * How a chart of ours says in a MIDI file what notes cannot (docs/chart-exchange.md). The file's
 * first text is DT__MIDI_HEAD and `bars=N swing=S pair=P step=T`; further texts are `title ...`,
 * `name ...`, `tags ...`, `tempo us=T`, `end of section`, `end of fill`, and for a note that is
 * more than one stroke, or whose drum shares its General MIDI note, `note DRUM LOUD ORNAMENT`.
 */
#define DT__MIDI_HEAD           "doubletime chart 1 "
#define DT__MIDI_END_OF_SECTION "end of section"
#define DT__MIDI_END_OF_FILL    "end of fill"
#define DT__MIDI_SECTION        "Section: "
#define DT__MIDI_FILL           "Fill"

/* Grace notes and the later strokes of a roll are written one softer than a note can be: so a
 * reader tells them from notes. */
#define DT__MIDI_IS_INNER_VELOCITY(v) ((v) == 34 || (v) == 89 || (v) == 114)

/* A program that swings writes four ticks for one of ours, so that the swung positions, which come
 * as close as half a tick, can be told apart and moved back. */
#define DT__MIDI_SWING_SCALE 4

/* One note-on of a drum channel. */
typedef struct dt__midi_hit {
  double tick;   /* in ticks of a chart, straight once the swing is out */
  double time_s; /* as played */
  int note;
  int velocity;
  dt_drum drum;
  dt_ornament ornament;
  bool is_dropped;   /* part of another hit's ornament */
  dt_tick length;    /* of a roll */
  dt_tick roll_step; /* of a roll */
} dt__midi_hit;

/* Grace notes and runs become ornaments: hits in order of time, of one file. scratch: room for
 * count indices. */
void dt__midi_find_ornaments(dt__midi_hit* hits, size_t count, size_t* scratch);

/* How the hits swing: where the off-beats stand in a pair, rounded to a thousandth; pair 0 where
 * they do not. scratch: room for count numbers. */
typedef struct dt__midi_swing {
  double swing;
  dt_tick pair;
} dt__midi_swing;
dt__midi_swing dt__midi_find_swing(const dt__midi_hit* hits, size_t count, double* scratch);

/* Moves hits (sorted by tick, straight) to the ticks of the note values that explain them best,
 * beat by beat; chart gives the bars. source_tick: length of the file's own tick, ticks. The result
 * is the finest regular step used. */
dt_tick dt__midi_snap(dt__midi_hit* hits, size_t count, const dt_chart* chart, double source_tick);

/* The straight tick of a swung one: the inverse of dt_swing_tick. */
double dt__midi_unswing(double tick, dt_tick pair, double swing);

#endif
