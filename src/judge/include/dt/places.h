#ifndef DT_PLACES_H
#define DT_PLACES_H

#include "dt/marks.h"

/*
 * Where in the music you are early, late or loose: by position in the bar, in fills against the
 * groove, and what fills and section changes do to the tempo.
 *
 * Offsets are against the player's own pulse: a place against the mean of all strokes around it,
 * bar by bar, so that slow wandering (timekeeper, 1/f) cancels and does not pretend to be a habit.
 * Negative: you were early. The swing of the grid is not in them (dt/swing.h).
 */

#define DT_PLACE_NAME_MAX 32

/* One voice at one position of the bar: main strokes of the groove, played at least four times.
 * Fills have their own part below. */
typedef struct dt_place {
  dt_voice voice;
  int bar_tick;                 /* from the bar line, straight */
  char name[DT_PLACE_NAME_MAX]; /* "2", "& of 3", "e of 1", "trip of 2" */
  size_t count;
  dt_estimate offset_ms;       /* against the own pulse, all strokes of the take averaging 0 */
  dt_estimate offset_click_ms; /* against the click; not testable without one */
  dt_estimate scatter_ms;      /* SD about the local pulse (the strokes next to it), jitter off */
} dt_place;

/* One fill as played. Tempi are local: of the groove in the up to DT_PLACES_WINDOW_BARS bars before
 * it, of the fill, and of the groove in as many bars after it. */
typedef struct dt_fill {
  int fill;        /* as dt_mark.fill */
  int first_bar;   /* of the grid, from 0 */
  double tick;     /* of its first stroke */
  double end_tick; /* of its last */
  size_t count;    /* strokes */
  dt_estimate before_bpm;
  dt_estimate inside_bpm;
  dt_estimate after_bpm;
  dt_estimate gain_bpm; /* after - before, as played: a steady drift is in it */
} dt_fill;

#define DT_PLACES_WINDOW_BARS 4

/* Fills against the groove around them, all fills together. */
typedef struct dt_fills {
  dt_fill* items; /* owned, in order */
  size_t count;
  dt_estimate gain_bpm;      /* tempo after a fill less the tempo before it, mean of the fills; what
                                the tempo does steadily over the whole take (drift) is not in it */
  dt_estimate inside_bpm;    /* tempo in the fill less the tempo before it */
  dt_estimate placement_ms;  /* strokes in fills off the line that the tempo before, in and after
                                them makes */
  dt_estimate scatter_ratio; /* scatter in fills / scatter in the groove, about the local pulse */
} dt_fills;

/* A section beginning: from one span of the chart to another, or where the pulse of a free take
 * changes its tempo, metre or feel. */
typedef struct dt_section_change {
  int from; /* as dt_mark.section, -1 none */
  int to;
  int bar;              /* of the grid, the first of the new section */
  dt_estimate step_bpm; /* tempo after less tempo before */
} dt_section_change;

typedef struct dt_places {
  dt_place* places; /* owned, by bar_tick, then voice; of the commonest metre's bars */
  size_t place_count;
  dt_fills fills;
  dt_section_change* changes; /* owned, in order */
  size_t change_count;
  dt_estimate change_bpm; /* mean step at a section change */
} dt_places;

/* Measures. Few strokes are not an error: DT_CANT_TELL; where fills and sections are not known
 * (neither has_chart nor has_sections): none, and DT_NOT_TESTABLE. Errors: DT_NO_MEMORY (*places is
 * then empty). Release with dt_places_clear. Deterministic. Any thread; not real-time. */
dt_status dt_places_measure(dt_places* places, const dt_allocator* allocator,
                            const dt_marks* marks) DT_NODISCARD;
void dt_places_clear(dt_places* places, const dt_allocator* allocator);

/*
 * The name by which a player counts a position: beats are the metre's lower number ("4 of 6" is not
 * said, "4" is); halves "& of 3", quarters "e of 1", "a of 1", thirds "trip of 2", "let of 2";
 * finer ones as a fraction of the beat: "2 + 3/8". name: DT_PLACE_NAME_MAX bytes.
 */
void dt_place_name(char* name, int bar_tick, dt_meter meter);

#endif
