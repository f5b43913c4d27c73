#ifndef DT_CHART_MUSICXML_H
#define DT_CHART_MUSICXML_H

#include "dt/chart.h"
#include "dt/error.h"
#include "dt/sink.h"

/*
 * Charts from MusicXML 4.0 (W3C Music Notation Community Group, 2021; score-partwise, uncompressed)
 * and back: unpitched notes and their instruments (midi-unpitched counts from 1), note heads, ghost
 * notes in parentheses, accents, grace-note flams and drags, tremolo rolls, tuplets, voices,
 * repeats and endings, tempo, metre, swing, rehearsal marks, sticking. docs/chart-exchange.md says
 * what each becomes and what is lost.
 */

/*
 * All percussion parts of a score as one chart; other parts only lend their tempi, marks and
 * repeats. *chart is overwritten; on success dt_chart_check holds, on failure it is empty.
 * Positions are rounded to the nearest tick where 960 do not divide a tuplet.
 *
 * No entity is expanded and nothing outside the document is read: a document that declares entities
 * is refused. Limits: 64 MiB, elements 64 deep, attributes of 4,096 bytes, DT_CHART_BARS_MAX
 * measures, 4,096 instruments, repeats of 999 times.
 *
 * The allocator serves everything but the XML parser (expat), whose hooks carry no context that
 * could name one: its memory comes from malloc, and is bounded by the longest piece of markup.
 *
 * Errors, with one sentence in err ("Line N, column M: ..." where there is such a place):
 * DT_BAD_DATA (damaged XML, no MusicXML, no percussion part, no metre), DT_UNSUPPORTED (compressed
 * .mxl, score-timewise, entities), DT_TOO_LARGE (a limit above or of a chart), DT_NO_MEMORY. Any
 * thread.
 */
dt_status dt_chart_from_musicxml(dt_chart* chart, const dt_allocator* allocator, const void* bytes,
                                 size_t size, dt_error* err) DT_NODISCARD;

/*
 * One part on a percussion staff: hands in voice 1, feet in voice 2, rolls that other notes
 * interrupt in voices of their own. Repeats and endings are written where they say the order of
 * playing, and what comes back is then the same chart (dt_chart_same); any other order is written
 * out, and comes back as the same part (dt_part_same). Same chart, same bytes.
 *
 * Errors: the sink's, DT_BAD_ARGUMENT (dt_chart_check does not hold), DT_NO_MEMORY (of the system's
 * allocator), DT_TOO_LARGE (written out, it is more than a chart). Any thread.
 */
dt_status dt_chart_to_musicxml(const dt_chart* chart, dt_sink sink) DT_NODISCARD;

#endif
