#ifndef DT_CHART_TEXT_H
#define DT_CHART_TEXT_H

#include "dt/chart.h"
#include "dt/error.h"
#include "dt/sink.h"

/*
 * Charts as text, the form a person writes (docs/charts.md is its manual). Header lines `key:
 * value`, then blocks of bars, one line a drum and one character a step:
 *
 *   title: Funk with a fill
 *   tempo: 96
 *   meter: 4/4
 *   swing: 58% sixteenths
 *   step: 1/16
 *
 *   [Verse] x3
 *   hi-hat  |x-x-x-x-x-x-x-o-|
 *   snare   |----X--g-g--X--g|
 *   kick    |x--x--x---x-----|
 *
 *   [] fill
 *   snare   |xxxxf---d---r~~~|
 *   hands   |RLRLR---L---R---|
 *
 *   x stroke  X accent  o open hi-hat  g ghost note  f flam  d drag  r open roll  z buzz  ~ the
 * roll goes on  - rest  | bar line
 *
 * What the characters cannot say is said by further lines, so that every chart can be written and
 * read back: dt_chart_parse(dt_chart_write(c)) is the same as c, name, title, tags and step
 * included.
 */

/* Errors, with "Line N, column M: ..." in err: DT_BAD_DATA, DT_TOO_LARGE, DT_NO_MEMORY. On failure
 * *chart is empty; on success dt_chart_check holds. Any thread. */
dt_status dt_chart_parse(dt_chart* chart, const dt_allocator* allocator, const char* text,
                         size_t size, dt_error* err) DT_NODISCARD;

/* Same chart, same bytes. Errors: the sink's; DT_BAD_ARGUMENT where dt_chart_check does not hold.
 */
dt_status dt_chart_write(const dt_chart* chart, dt_sink sink) DT_NODISCARD;

/* The chart as a drummer reads it in a terminal, at most `columns` (>= 40) wide but for long names:
 * title, tempo, bars with beats counted, one line a drum, sticking, sections, repeats. */
typedef struct dt_chart_draw_options {
  int columns;
  bool utf8;
  bool color;
} dt_chart_draw_options;
dt_status dt_chart_draw(const dt_chart* chart, const dt_chart_draw_options* options,
                        dt_sink sink) DT_NODISCARD;

/* The built-in library: grooves and the 40 standard rudiments. Static storage, any thread. */
typedef struct dt_chart_entry {
  const char* name;
  const char* text; /* in the form above */
} dt_chart_entry;
const dt_chart_entry* dt_chart_library_at(size_t index);        /* NULL past the last */
const dt_chart_entry* dt_chart_library_named(const char* name); /* NULL for an unknown name */

/* dt_chart_parse of an entry. Errors: DT_NO_MEMORY. */
dt_status dt_chart_library_load(dt_chart* chart, const dt_allocator* allocator,
                                const dt_chart_entry* entry) DT_NODISCARD;

#endif
