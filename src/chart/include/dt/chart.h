#ifndef DT_CHART_H
#define DT_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/alloc.h"
#include "dt/drum.h"
#include "dt/meter.h"
#include "dt/status.h"

/*
 * A chart: the music on the stand, as it is written. Bars, notes, sections, fills, and the order in
 * which the bars are played. dt/part.h turns it into what is played, note after note.
 *
 * Positions are integer ticks, DT_TICKS_PER_QUARTER a quarter, counted from the first bar as
 * written, without swing (swing is kept beside them).
 */

/* How loud a note is meant; MIDI velocity in dt_loud_velocity. */
typedef enum dt_loud { DT_LOUD_GHOST, DT_LOUD_NORMAL, DT_LOUD_ACCENT } dt_loud;

/* One musical event can be several strokes. */
typedef enum dt_ornament {
  DT_PLAIN, /* one stroke */
  DT_FLAM,  /* one grace stroke before the main one */
  DT_DRAG,  /* two grace strokes before the main one */
  DT_ROLL   /* strokes for as long as `length` */
} dt_ornament;

typedef struct dt_chart_note {
  dt_tick tick;   /* where its main stroke stands, >= 0 */
  dt_tick length; /* DT_ROLL: how long it is rolled, > 0, to the end of the chart or the next note
                     of its drum at most; else 0 */
  dt_tick roll_step; /* DT_ROLL: spacing of its strokes (open, measured), dividing length; 0: as
                        fast as the player likes (closed, buzz). Else 0 */
  dt_drum drum;
  dt_loud loud;
  dt_ornament ornament;
  char hand; /* 'R', 'L'; 'K' right foot (kick), 'H' left foot (hi-hat); ' ' where not given. Of a
                flam, drag or roll: the hand of the main, or first, stroke */
} dt_chart_note;

/* Bytes of a text with its NUL. Texts are clean, as dt_chart_copy_text makes them: valid UTF-8, no
 * control characters, no [ or ], no space at either end and no two in a row. */
#define DT_CHART_NAME_MAX  48
#define DT_CHART_TITLE_MAX 96
#define DT_CHART_TAGS_MAX  96

/* A stretch of the written chart: a section ("Verse"), or a fill inside one. */
typedef struct dt_chart_span {
  dt_tick start;
  dt_tick end;                  /* > start; the first tick that is not in it */
  bool fill;                    /* sections begin and end on bar lines, fills anywhere */
  char name[DT_CHART_NAME_MAX]; /* a fill's may be empty, a section's not */
} dt_chart_span;

/* Bars first_bar .. first_bar + bar_count - 1, played `times` times. */
typedef struct dt_chart_segment {
  int first_bar; /* from 0, as written */
  int bar_count; /* >= 1 */
  int times;     /* 1..999 */
} dt_chart_segment;

/* Zero-initialise; release with dt_chart_clear. A reader or parser leaves it valid:
 * dt_chart_check says what that means. */
typedef struct dt_chart {
  char name[DT_CHART_NAME_MAX];   /* short, for the command line: "paradiddle"; may be empty */
  char title[DT_CHART_TITLE_MAX]; /* for people: "Single paradiddle"; may be empty */
  char tags[DT_CHART_TAGS_MAX];   /* words separated by spaces: "rudiment diddle" */
  double swing;                   /* where the off-beat stands in its pair: 0.5 straight .. 0.75 */
  dt_tick swing_pair;   /* length of the pair that swings, ticks, even (960: eighths swing, 480:
                           sixteenths do); 0 = nothing ever swings, and swing is 0.5 */
  dt_tick step;         /* the regular step it is written in, ticks: for text and drawing;
                           1..DT_CHART_STEP_MAX */
  dt_tempo_map map;     /* tempo and metre by written tick; ticks_per_quarter DT_TICKS_PER_QUARTER;
                           both set at tick 0, changed before the end, metres on bar lines only */
  int bar_count;        /* bars as written, 1..DT_CHART_BARS_MAX */
  dt_chart_note* notes; /* by tick, then drum; no two alike in both; before the end */
  size_t note_count;
  size_t note_room;
  dt_chart_span* spans; /* by start, sections before fills; sections do not overlap each other, nor
                           do fills; none passes the end */
  size_t span_count;
  size_t span_room;
  dt_chart_segment* order; /* the order of playing; none: all bars once */
  size_t order_count;
  size_t order_room;
} dt_chart;

#define DT_CHART_BARS_MAX   10000
#define DT_CHART_NOTES_MAX  200000
#define DT_CHART_SPANS_MAX  20000
#define DT_CHART_ORDER_MAX  10000
#define DT_CHART_PLAYED_MAX 100000               /* bars, once through the order */
#define DT_CHART_STEP_MAX   ((dt_tick)64 * 3840) /* also of swing_pair; a bar has no more ticks */

/* An empty 4/4 chart at 120 bpm of one bar, straight with eighths to swing, step a sixteenth.
 * Errors: DT_NO_MEMORY; *chart is then empty. */
dt_status dt_chart_init(dt_chart* chart, const dt_allocator* allocator) DT_NODISCARD;
void dt_chart_clear(dt_chart* chart, const dt_allocator* allocator);

/* Append a copy, unchecked. DT_NO_MEMORY, or DT_TOO_LARGE past a limit above, leaves the chart as
 * it was. */
dt_status dt_chart_add_note(dt_chart* chart, const dt_allocator* allocator,
                            const dt_chart_note* note) DT_NODISCARD;
dt_status dt_chart_add_span(dt_chart* chart, const dt_allocator* allocator,
                            const dt_chart_span* span) DT_NODISCARD;
dt_status dt_chart_add_segment(dt_chart* chart, const dt_allocator* allocator,
                               const dt_chart_segment* segment) DT_NODISCARD;

/* Sorts notes and spans into the order above. No allocation. */
void dt_chart_sort(dt_chart* chart);

/* NULL when everything said above holds (of a sorted chart); else one sentence that names the first
 * thing that does not. Static storage. */
const char* dt_chart_check(const dt_chart* chart);

/* The same music: everything equal but name, title, tags and step. Of two ways to write one order
 * (a bar twice, or the bar and the bar), or one tempo (changed to what it is), it makes nothing.
 * Both charts valid. */
bool dt_chart_same(const dt_chart* a, const dt_chart* b);

/* Copies as much of `size` bytes as fits into to[room], made clean (above): what is no UTF-8 and no
 * printable character becomes a space, brackets become parentheses. room >= 1. */
void dt_chart_copy_text(char* to, size_t room, const char* from, size_t size);

/* Bars played once through: of the order, or all as written. At most DT_CHART_PLAYED_MAX in a valid
 * chart. */
int64_t dt_chart_played_bars(const dt_chart* chart);

/* Written bars: where one starts (bar_count gives the end of the chart; clamped), and which one a
 * tick is in (0 .. bar_count - 1, clamped). Time grows with the number of metres only. */
dt_tick dt_chart_bar_tick(const dt_chart* chart, int bar);
int dt_chart_bar_at(const dt_chart* chart, dt_tick tick);

/* MIDI velocity of a loudness: ghost 35, normal 90, accent 115; and the loudness of a velocity
 * 1..127, by the nearest of the three on a logarithmic scale (a tie is the louder). */
int dt_loud_velocity(dt_loud loud);
dt_loud dt_loud_of_velocity(double velocity);

#endif
