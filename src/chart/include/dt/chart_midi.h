#ifndef DT_CHART_MIDI_H
#define DT_CHART_MIDI_H

#include "dt/chart.h"
#include "dt/error.h"
#include "dt/smf.h"

/*
 * Charts from Standard MIDI Files and back. A MIDI file has no repeats: what is written is the part
 * once through, and what comes back is the same part (dt_part_same) as a chart without repeats.
 * Sections, fills, sticking, swing and ornaments travel as meta events (markers, lyrics, text);
 * without them they are inferred: loudness from velocity, flams and drags from grace notes, rolls
 * from fast runs, the swing from where the off-beats stand.
 */
dt_status dt_chart_from_smf(dt_chart* chart, const dt_allocator* allocator, const dt_smf* smf,
                            dt_error* err) DT_NODISCARD;
dt_status dt_smf_from_chart(dt_smf* smf, const dt_allocator* allocator,
                            const dt_chart* chart) DT_NODISCARD;

#endif
