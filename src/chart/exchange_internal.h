#ifndef DT_EXCHANGE_INTERNAL_H
#define DT_EXCHANGE_INTERNAL_H

#include "chart_internal.h"

/* What the readers and writers of other formats share. */

/* The chart as it is played, once through, as a chart without an order: a section begins wherever
 * playing enters it. Errors: DT_NO_MEMORY, DT_BAD_ARGUMENT (not valid), DT_TOO_LARGE. On failure
 * *played is empty. */
dt_status dt__chart_unroll(dt_chart* played, const dt_allocator* allocator, const dt_chart* chart);

/*
 * Makes a valid chart of one that a file's odd contents left nearly so; tempo, metre and bars must
 * be right already. Sorts; of two notes of a drum on one tick the louder stays; notes outside the
 * bars go; rolls end before the next note of their drum; sections are moved to bar lines, spans
 * without length or inside another of their kind go.
 */
void dt__chart_mend(dt_chart* chart);

/* Tempo and metre changes at or after the end, and tempi that change nothing, are left out. Errors:
 * DT_NO_MEMORY. */
dt_status dt__chart_trim_map(dt_chart* chart, const dt_allocator* allocator);

/* A copy of a tempo map, ticks multiplied by `scale`. Errors: DT_NO_MEMORY, DT_BAD_ARGUMENT. *to is
 * overwritten. */
dt_status dt__map_copy(dt_tempo_map* to, const dt_allocator* allocator, const dt_tempo_map* from,
                       int scale);

/* The array with room for one item more: where it is, or NULL when there is no memory. */
void* dt__list_room(const dt_allocator* allocator, void* items, size_t count, size_t* room,
                    size_t item_size);

/* Does text (NUL-terminated) begin so, whatever the case of ASCII letters? */
bool dt__text_begins(const char* text, const char* lower_case_start);

#endif
