#ifndef DT_CHART_MUSICXML_H
#define DT_CHART_MUSICXML_H

#include "dt/chart.h"
#include "dt/error.h"
#include "dt/sink.h"

/*
 * Charts from MusicXML 4.0 (score-partwise; uncompressed) and back: unpitched notes and their
 * instruments (midi-unpitched counts from 1), note heads, ghost notes in parentheses, accents,
 * grace-note flams and drags, tremolo rolls, tuplets, voices, repeats and endings, tempo, metre,
 * swing, rehearsal marks.
 */
dt_status dt_chart_from_musicxml(dt_chart* chart, const dt_allocator* allocator, const void* bytes,
                                 size_t size, dt_error* err) DT_NODISCARD;
dt_status dt_chart_to_musicxml(const dt_chart* chart, dt_sink sink) DT_NODISCARD;

#endif
