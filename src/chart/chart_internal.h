#ifndef DT_CHART_INTERNAL_H
#define DT_CHART_INTERNAL_H

#include "dt/chart.h"

/* Bytes of the UTF-8 character at `at` (1..4) of `left` bytes; 0 where there is none (RFC 3629). */
size_t dt__chart_utf8(const char* at, size_t left);

/* Clean as dt/chart.h says, and ended within `room` bytes. */
bool dt__chart_text_is_clean(const char* text, size_t room);

/* Equal in force at every tick, however it is written. */
bool dt__tempo_map_same(const dt_tempo_map* a, const dt_tempo_map* b);

/* dt_chart_sort of some notes. */
void dt__notes_sort(dt_chart_note* notes, size_t count);

/* A roll that must end by `until` keeps whole strokes; with room for none it is a plain stroke. */
void dt__roll_cut(dt_chart_note* note, dt_tick until);

/* The end of the chart, ticks. */
dt_tick dt__chart_end(const dt_chart* chart);

#endif
