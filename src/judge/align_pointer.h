#ifndef DT_ALIGN_POINTER_H
#define DT_ALIGN_POINTER_H

#include "align_internal.h"

/* Between align_pointer.c, which walks, and align_observe.c, which says how well a beat fits. */
enum {
  DT__NAT = 64, /* scores are integers: 64ths of a natural log */
  DT__STEPS = 5,
  DT__LEAN = 3, /* a step begins this many units before the reference's beat: one may be early */
  DT__SECTIONS_MAX = 256,
  DT__STROKE_ROWS = DT_DRUM_COUNT * DT__LOUDS
};

typedef struct dt__jump {
  int32_t score;
  int32_t unit; /* -1: none */
} dt__jump;

typedef struct dt__trace {
  int32_t chunk;
  signed char came[DT__UNITS];
} dt__trace;

typedef struct dt__tables {
  size_t stroke_rows;
  size_t note_rows;
  short row_of_stroke[DT__STROKE_ROWS]; /* by drum and loudness; -1: none */
  short row_of_note[DT_DRUM_COUNT];
  signed char* of_stroke; /* rows x (units + a beat): what a stroke there is worth */
  signed char* of_note;   /* rows x (steps x a beat): what a note there is worth */
  short* stroke_row;      /* per stroke */
  unsigned char* offset;  /* per stroke: units into its step */
  size_t* first_note;     /* per unit: the first note at or after it */
} dt__tables;

typedef struct dt__pointer {
  const dt__score* score;
  const dt__sheet* sheet;
  int64_t first_beat;
  size_t steps;
  size_t start_steps;
  dt__tables tables;
  size_t* first_stroke; /* per step */
  int32_t* bar_of;      /* per unit where a step begins: the bar of its beat */
  int32_t* start_cost;
  int32_t* now;
  int32_t* next;
  signed char* came;
  dt__jump (*jump_from)[DT__UNITS];
  bool jumps;
  dt__trace* trace;
  size_t trace_count;
  size_t trace_room;
  size_t* first_trace;
  uint64_t* marked; /* chunks of a beat */
  int32_t* active;
  size_t active_count;
  int32_t waiting;   /* score of not having come in yet */
  int32_t anchor;    /* bar lines stand on multiples of this */
  int32_t click_bar; /* units of the click's bar; 0 when it counts no bars, or others */
  int64_t gain;
  size_t sections[DT__SECTIONS_MAX];
  size_t section_count;
} dt__pointer;

void dt__pointer_rows(dt__pointer* p);   /* counts the rows that are needed */
void dt__pointer_tables(dt__pointer* p); /* fills the tables */

/* How well the strokes of a step fit when it begins at that unit of the sheet. */
int32_t dt__pointer_observe(const dt__pointer* p, size_t step, int32_t unit);

/* What it costs that the strokes of a step were not meant at all. */
int32_t dt__pointer_ignore(const dt__pointer* p, size_t step);

#endif
