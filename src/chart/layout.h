#ifndef DT_LAYOUT_H
#define DT_LAYOUT_H

#include "chart_internal.h"

/* How a chart is set on the page: blocks (a section, a repeat, a fill), in them systems (bars that
 * stand together), in them one line of cells a drum. The text form and the drawing share it. */

#define CELLS_MAX 4096 /* of a system; 64/1 in steps of 60 ticks */

typedef struct dt__layout {
  const dt_chart* chart;
  bool is_plain_order; /* blocks and their repeats say the order; else it is listed */
} dt__layout;

typedef struct dt__layout_block {
  int first_bar;
  int bar_end;
  int times;
  int section;   /* index into spans, or -1 */
  bool is_first; /* of its section */
  bool is_apart; /* the first outside any section, after one */
  int fill;      /* index into spans of the fill it is, or -1 */
} dt__layout_block;

typedef struct dt__layout_system {
  int first_bar;
  int bar_end;
  dt_tick start;
  dt_tick end;
  dt_tick step;
  dt_tick roll_step; /* of its measured rolls as cells; 0: it has none */
  dt_meter meter;
  int cell_count;
  int bar_cells;
  size_t first_note;
  size_t note_end;
} dt__layout_system;

dt__layout dt__layout_of(const dt_chart* chart);
/* The block that begins at first_bar, after `before` (NULL: the first). */
dt__layout_block dt__layout_block_at(const dt__layout* layout, int first_bar,
                                     const dt__layout_block* before);
/* The system that begins at first_bar, of at most max_cells cells if it is more than one bar. */
dt__layout_system dt__layout_system_at(const dt__layout* layout, int first_bar, int bar_end,
                                       int max_cells);

/* The drums from the top of the page to its foot. */
extern const dt_drum dt__layout_drums[DT_DRUM_COUNT];

/* The cell of a note, or -1 where it has none. */
int dt__layout_cell(const dt__layout_system* system, const dt_chart_note* note);
/* The character of a note, or 0 where it has none. */
char dt__layout_char(const dt__layout_system* system, const dt_chart_note* note);
/* Open hi-hat strokes can stand as o on the line of closed ones. */
bool dt__layout_merges_open(const dt_chart* chart, const dt__layout_system* system);
/* A drum's cells, cell_count and a NUL; false where it has none. */
bool dt__layout_cells(const dt_chart* chart, const dt__layout_system* system, dt_drum drum,
                      char cells[CELLS_MAX + 1]);

/* Index of the first span, or note, at or after a tick. */
size_t dt__layout_span_from(const dt_chart* chart, dt_tick tick);
size_t dt__layout_note_from(const dt_chart* chart, dt_tick tick);

#endif
