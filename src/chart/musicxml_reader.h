#ifndef DT_MUSICXML_READER_H
#define DT_MUSICXML_READER_H

#include <expat.h>

#include "musicxml_internal.h"

/* The elements that mean something to a chart; all others are walked through. */
#define DT__XML_ELEMENTS(X)                                                                        \
  X(ACCENT, "accent")                                                                              \
  X(ACTUAL_NOTES, "actual-notes")                                                                  \
  X(ATTRIBUTES, "attributes")                                                                      \
  X(BACKUP, "backup")                                                                              \
  X(BARLINE, "barline")                                                                            \
  X(BEAT_TYPE, "beat-type")                                                                        \
  X(BEAT_UNIT, "beat-unit")                                                                        \
  X(BEAT_UNIT_DOT, "beat-unit-dot")                                                                \
  X(BEATS, "beats")                                                                                \
  X(BRACKET, "bracket")                                                                            \
  X(CHORD, "chord")                                                                                \
  X(CODA, "coda")                                                                                  \
  X(CUE, "cue")                                                                                    \
  X(DIRECTION, "direction")                                                                        \
  X(DISPLAY_OCTAVE, "display-octave")                                                              \
  X(DISPLAY_STEP, "display-step")                                                                  \
  X(DIVISIONS, "divisions")                                                                        \
  X(DOT, "dot")                                                                                    \
  X(DURATION, "duration")                                                                          \
  X(ENDING, "ending")                                                                              \
  X(FINGERING, "fingering")                                                                        \
  X(FIRST, "first")                                                                                \
  X(FORWARD, "forward")                                                                            \
  X(GRACE, "grace")                                                                                \
  X(INSTRUMENT, "instrument")                                                                      \
  X(INSTRUMENT_NAME, "instrument-name")                                                            \
  X(INSTRUMENT_SOUND, "instrument-sound")                                                          \
  X(LYRIC, "lyric")                                                                                \
  X(MEASURE, "measure")                                                                            \
  X(MEASURE_REPEAT, "measure-repeat")                                                              \
  X(METRONOME, "metronome")                                                                        \
  X(MIDI_CHANNEL, "midi-channel")                                                                  \
  X(MIDI_INSTRUMENT, "midi-instrument")                                                            \
  X(MIDI_UNPITCHED, "midi-unpitched")                                                              \
  X(MISCELLANEOUS_FIELD, "miscellaneous-field")                                                    \
  X(MOVEMENT_TITLE, "movement-title")                                                              \
  X(NORMAL_NOTES, "normal-notes")                                                                  \
  X(NOTE, "note")                                                                                  \
  X(NOTEHEAD, "notehead")                                                                          \
  X(OCTAVE, "octave")                                                                              \
  X(OFFSET, "offset")                                                                              \
  X(OPEN, "open")                                                                                  \
  X(OTHER_PLAY, "other-play")                                                                      \
  X(PART, "part")                                                                                  \
  X(PART_LIST, "part-list")                                                                        \
  X(PART_NAME, "part-name")                                                                        \
  X(PER_MINUTE, "per-minute")                                                                      \
  X(PITCH, "pitch")                                                                                \
  X(REHEARSAL, "rehearsal")                                                                        \
  X(REPEAT, "repeat")                                                                              \
  X(REST, "rest")                                                                                  \
  X(SCORE_INSTRUMENT, "score-instrument")                                                          \
  X(SCORE_PART, "score-part")                                                                      \
  X(SCORE_PARTWISE, "score-partwise")                                                              \
  X(SCORE_TIMEWISE, "score-timewise")                                                              \
  X(SECOND, "second")                                                                              \
  X(SEGNO, "segno")                                                                                \
  X(SENZA_MISURA, "senza-misura")                                                                  \
  X(SIGN, "sign")                                                                                  \
  X(SOUND, "sound")                                                                                \
  X(STAFF_LINES, "staff-lines")                                                                    \
  X(STEP, "step")                                                                                  \
  X(STOPPED, "stopped")                                                                            \
  X(STRONG_ACCENT, "strong-accent")                                                                \
  X(SWING, "swing")                                                                                \
  X(SWING_TYPE, "swing-type")                                                                      \
  X(TEXT, "text")                                                                                  \
  X(TIE, "tie")                                                                                    \
  X(TIME, "time")                                                                                  \
  X(TIME_MODIFICATION, "time-modification")                                                        \
  X(TREMOLO, "tremolo")                                                                            \
  X(TYPE, "type")                                                                                  \
  X(UNPITCHED, "unpitched")                                                                        \
  X(WORDS, "words")                                                                                \
  X(WORK_TITLE, "work-title")

typedef enum dt__xml_element {
#define DT__XML_ENUM(id, name) DT__XML_##id,
  DT__XML_ELEMENTS(DT__XML_ENUM)
#undef DT__XML_ENUM
      DT__XML_ELEMENT_COUNT
} dt__xml_element;

#define DT__XML_DEPTH_MAX     64
#define DT__XML_TEXT_MAX      256  /* of an element that means something; the rest is not read */
#define DT__XML_ATTRIBUTE_MAX 4096 /* bytes of one */
#define DT__XML_SIZE_MAX      ((size_t)64 << 20)
#define DT__XML_GRACE_MAX     4

typedef struct dt__xml_instrument {
  int part;
  char id[64];
  dt_drum by_name; /* DT_DRUM_COUNT: it says nothing */
  dt_drum by_sound;
  int unpitched; /* as in the file; 0: none */
} dt__xml_instrument;

/* A <note>, element by element. */
typedef struct dt__xml_note {
  bool is_grace;
  bool is_cue;
  bool is_chord;
  bool is_rest;
  bool is_unpitched;
  bool is_pitched;
  bool has_accent;
  bool has_parentheses;
  bool is_open;
  bool is_stopped;
  bool has_tie_start;
  bool has_tie_stop;
  bool is_tremolo;
  bool is_buzz;
  int slashes;
  dt_tick play_step;
  double duration; /* in divisions; < 0: none */
  char step;
  int octave;
  int instrument; /* index, or -1 */
  char head[24];
  double type_quarters; /* 0: not said */
  int flags;
  int dots;
  int actual;
  int normal;
  char hand;
} dt__xml_note;

typedef struct dt__xml_direction {
  dt__fine offset;
  bool moves_sound;
  double us; /* of a quarter; 0: none */
  bool is_us_exact;
  double per_minute;
  double beat_quarters;
  char rehearsal[DT_CHART_NAME_MAX];
  char words[DT_CHART_NAME_MAX + 8]; /* with "Fill: " before */
  char bracket;                      /* 'b'egin, 'e'nd, or 0 */
} dt__xml_direction;

#define DT__XML_TIES_MAX 64

typedef struct dt__xml_tie {
  size_t stroke;
  dt_drum drum;
  int measure; /* where its note ends */
  dt__fine at;
} dt__xml_tie;

typedef struct dt__xml_reader {
  dt__xml_score* score;
  XML_Parser parser;
  dt_status status;
  dt__xml_element path[DT__XML_DEPTH_MAX];
  int depth;
  bool has_root;
  char text[DT__XML_TEXT_MAX];
  size_t text_size;
  char attribute[64]; /* the one that the open element's text needs */

  dt__xml_instrument* instruments;
  size_t instrument_count;
  size_t instrument_room;
  int listed_part; /* of the part-list */
  struct dt__xml_part* parts;
  size_t part_count;
  size_t part_room;

  int part; /* index into parts, being read; -1 */
  int measure;
  double divisions;
  bool is_percussion; /* clef */
  int staff_lines;
  dt__fine at;
  dt__fine chord_at; /* where the last note began */
  int beats;
  int beat_type;
  dt_meter sum; /* of a metre of several fractions */
  double swing_first;
  double swing_second;
  dt_tick swing_pair;

  dt__xml_note note;
  dt__xml_direction direction;
  bool is_ending_begun;
  int grace[DT_DRUM_COUNT];
  int grace_slots;
  size_t chord_stroke; /* first stroke of the chord that the graces belong to */
  bool has_chord;
  dt__xml_tie ties[DT__XML_TIES_MAX]; /* notes that are to be tied on */
  size_t tie_count;
} dt__xml_reader;

typedef struct dt__xml_part {
  char id[64];
  dt_drum by_name;
  bool is_zero_based; /* its midi-unpitched */
  bool has_channel_10;
} dt__xml_part;

/* Fails with the line and column where the parser stands; the first failure stays. */
void dt__xml_fail(dt__xml_reader* in, dt_status status, const char* sentence);

/* The end of a <note>, of a measure, and whatever ends a chord. */
void dt__xml_end_note(dt__xml_reader* in);
void dt__xml_end_chord(dt__xml_reader* in);

/* So many divisions. */
dt__fine dt__xml_fine(const dt__xml_reader* in, double divisions);

/* The end of a <direction>, and a <sound> of its own. */
void dt__xml_end_direction(dt__xml_reader* in);
void dt__xml_begin_sound(dt__xml_reader* in, const char** attributes);
void dt__xml_end_swing(dt__xml_reader* in);

/* The measure being read, NULL outside. */
dt__xml_measure* dt__xml_this_measure(const dt__xml_reader* in);

/* The attribute's value or NULL. */
const char* dt__xml_attribute(const char** attributes, const char* name);

/* Quarters of a note type ("eighth": 0.5), 0 for no known one. flags: of its stem. */
double dt__xml_type_quarters(const char* type, int* flags);

/* musicxml_value.c: values of attributes and texts. */
void dt__xml_copy_word(char* to, size_t room, const char* from);
bool dt__xml_is_value(const char** attributes, const char* name, const char* value);
double dt__xml_number(const dt__xml_reader* in); /* of the text; 0 where it is none */
int dt__xml_whole_number(const dt__xml_reader* in);
dt__xml_element dt__xml_element_of(const char* name);

/* Is the open element, whose depth counts, inside such a one? Is that its parent? */
bool dt__xml_is_inside(const dt__xml_reader* in, dt__xml_element element);
bool dt__xml_is_child_of(const dt__xml_reader* in, dt__xml_element parent);

/* musicxml_list.c: the list of parts and their instruments. */
void dt__xml_begin_score_part(dt__xml_reader* in, const char** attributes);
void dt__xml_begin_instrument(dt__xml_reader* in, const char** attributes);
void dt__xml_end_instrument_text(dt__xml_reader* in, dt__xml_element element);
void dt__xml_find_base(dt__xml_reader* in);
dt__xml_instrument* dt__xml_find_instrument(const dt__xml_reader* in, int part, const char* id);
dt_drum dt__xml_drum_of_gm(int note); /* DT_DRUM_COUNT for none */

/* musicxml_measure.c: parts, measures, metres and bar lines. */
void dt__xml_begin_part(dt__xml_reader* in, const char** attributes);
void dt__xml_begin_measure(dt__xml_reader* in, const char** attributes);
void dt__xml_move(dt__xml_reader* in, int sign);
void dt__xml_end_beats(dt__xml_reader* in);
void dt__xml_add_meter(dt__xml_reader* in);
void dt__xml_end_time(dt__xml_reader* in);
void dt__xml_begin_ending(dt__xml_reader* in, const char** attributes);
void dt__xml_begin_repeat(dt__xml_reader* in, const char** attributes);

/* musicxml_element.c: what each element means. */
void dt__xml_begin_element(dt__xml_reader* in, dt__xml_element element, const char** attributes);
void dt__xml_end_element(dt__xml_reader* in, dt__xml_element element);

#endif
