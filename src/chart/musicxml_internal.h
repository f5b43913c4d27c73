#ifndef DT_MUSICXML_INTERNAL_H
#define DT_MUSICXML_INTERNAL_H

#include "dt/chart_musicxml.h"
#include "exchange_internal.h"

/* Positions while reading: parts of a tick, so that tuplets add up without rounding (divisible by
 * all numbers to 15). Inside one measure. */
typedef int64_t dt__fine;
#define DT__FINE ((dt__fine)360360)

/* How a drum is written (Weinberg, Guide to Standardized Drumset Notation, 1998), and what its
 * instrument is called in a file. */
typedef struct dt__xml_drum {
  const char* name;  /* instrument-name */
  const char* sound; /* instrument-sound, of the standard's sounds.xml; NULL where it has none */
  char step;
  int octave;
  const char* head; /* notehead */
  bool is_foot;
} dt__xml_drum;
const dt__xml_drum* dt__xml_drum_at(dt_drum drum);

/* DT_DRUM_COUNT where a name or sound says nothing. */
dt_drum dt__xml_drum_of_name(const char* name);
dt_drum dt__xml_drum_of_sound(const char* sound);

/* By the place on a percussion staff and the note head; DT_DRUM_OTHER at the worst. */
dt_drum dt__xml_drum_of_place(char step, int octave, const char* head);

/* One played note. */
typedef struct dt__xml_stroke {
  int measure;
  int part;
  dt__fine at;
  dt__fine length; /* of a roll, ties included */
  dt__fine step;   /* of a measured roll */
  dt_drum drum;
  dt_loud loud;
  dt_ornament ornament;
  char hand;
} dt__xml_stroke;

typedef enum dt__xml_mark_kind {
  DT__XML_TEMPO,
  DT__XML_SECTION,
  DT__XML_SECTION_END,
  DT__XML_FILL,        /* to its DT__XML_FILL_END */
  DT__XML_FILL_TO_BAR, /* to the bar line */
  DT__XML_FILL_END
} dt__xml_mark_kind;

typedef struct dt__xml_mark {
  dt__xml_mark_kind kind;
  int measure;
  dt__fine at;
  double us_per_quarter;
  char name[DT_CHART_NAME_MAX];
} dt__xml_mark;

/* What is read from, and written to, the bar lines. Bit n of an ending is the n-th time. */
typedef struct dt__xml_bar {
  bool has_forward;
  int backward; /* times, 0 where it has none */
  bool says_times;
  uint32_t ending; /* begins here */
  bool ends_ending;
  bool has_segno;
  bool has_coda;
  bool has_dacapo;
  bool has_dalsegno;
  bool has_tocoda;
  bool has_fine;
} dt__xml_bar;

/* The bars in the order of playing, as segments of *chart. Errors: DT_NO_MEMORY, DT_TOO_LARGE. */
dt_status dt__xml_play_bars(dt_chart* chart, const dt_allocator* allocator, const dt__xml_bar* bars,
                            int count);

/* The bar lines that say the chart's order; false where there are none. bars: chart->bar_count,
 * all zero. */
bool dt__xml_bars_of_order(const dt_chart* chart, const dt_allocator* allocator, dt__xml_bar* bars,
                           dt_status* status);

typedef struct dt__xml_measure {
  dt__xml_bar bar;
  dt__fine length; /* how far its notes and rests go, in any part */
  bool is_implicit;
  dt_meter meter; /* numerator 0: as before */
  bool is_free;   /* no metre from here on (senza misura) */
  int repeats;    /* shown by a repeat sign of so many bars; 0: it is not */
  size_t strokes;
} dt__xml_measure;

/* What a document says, before it is a chart. */
typedef struct dt__xml_score {
  const dt_allocator* allocator;
  dt_error* err;
  dt__xml_measure* measures;
  size_t measure_count;
  size_t measure_room;
  dt__xml_stroke* strokes;
  size_t stroke_count;
  size_t stroke_room;
  dt__xml_mark* marks;
  size_t mark_count;
  size_t mark_room;
  bool has_percussion; /* some part is for drums */
  bool has_swing;
  double swing;
  dt_tick swing_pair;
  dt_tick step; /* 0: not said */
  char title[DT_CHART_TITLE_MAX];
  char name[DT_CHART_NAME_MAX];
  char tags[DT_CHART_TAGS_MAX];
} dt__xml_score;

/* Reads a document. Errors as dt_chart_from_musicxml; *score is then what was read so far. */
dt_status dt__xml_read(dt__xml_score* score, const void* bytes, size_t size);
void dt__xml_score_clear(dt__xml_score* score);

/* Makes the chart of it; chart comes from dt_chart_init. */
dt_status dt__xml_build(dt_chart* chart, dt__xml_score* score);

/* Names of our own fields in <miscellaneous>. */
#define DT__XML_FIELD_NAME  "doubletime-name"
#define DT__XML_FIELD_TAGS  "doubletime-tags"
#define DT__XML_FIELD_STEP  "doubletime-step"
#define DT__XML_FIELD_SWING "doubletime-swing"
/* ... and in <other-play>: ticks between a roll's strokes; microseconds of a quarter. */
#define DT__XML_PLAY_STEP      "doubletime-roll-step"
#define DT__XML_PLAY_TEMPO     "doubletime-us-per-quarter"
#define DT__XML_END_OF_SECTION "end of section"

#endif
