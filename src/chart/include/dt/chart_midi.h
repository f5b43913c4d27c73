#ifndef DT_CHART_MIDI_H
#define DT_CHART_MIDI_H

#include "dt/chart.h"
#include "dt/error.h"
#include "dt/smf.h"

/*
 * Charts from Standard MIDI Files and back. A MIDI file has no repeats: what is written is the part
 * once through, and what comes back is the same part (dt_part_same) as a chart without repeats.
 * Sections, fills, sticking, swing and ornaments travel as texts (docs/chart-exchange.md has them
 * all); without them they are inferred: loudness from velocity, flams and drags from grace notes,
 * rolls from fast runs, the swing from where the off-beats stand, note values beat by beat.
 *
 * One thing does not come back: a measured roll that a jump in the order cuts inside a stroke loses
 * the rest of that stroke, because no chart can write it.
 */

/*
 * Notes of channel 10, else of all channels, named by dt_kitmap_guess (the GM map in a file of
 * ours); CC4 and polyphonic aftertouch are not looked at. A note of no drum is DT_DRUM_OTHER. Of
 * two notes of a drum that fall on one tick the louder stays. A metre that begins inside a bar
 * begins with the next. *chart is overwritten; on success dt_chart_check holds, on failure it is
 * empty.
 *
 * Errors, with one sentence in err: DT_BAD_DATA (no notes), DT_TOO_LARGE (more bars, notes or
 * markers than a chart has), DT_NO_MEMORY. Any thread.
 */
dt_status dt_chart_from_smf(dt_chart* chart, const dt_allocator* allocator, const dt_smf* smf,
                            dt_error* err) DT_NODISCARD;

/*
 * 960 ticks a quarter, 3,840 where it swings (swung notes stand where they sound, and those ticks
 * are fine enough to move them back). Velocities as dt_loud_velocity; grace notes stand 30 ms
 * before the main stroke, a drag's 28 ms apart, a closed roll's strokes 55 ms apart; they
 * are one softer than a note can be, so that a reader tells them from notes. Notes last a 64th at
 * most.
 *
 * Errors: DT_NO_MEMORY, DT_BAD_ARGUMENT (dt_chart_check does not hold), DT_TOO_LARGE (more than
 * DT_CHART_BARS_MAX bars, DT_CHART_NOTES_MAX notes or 2,000,000 strokes as played). *smf is
 * overwritten; release with dt_smf_clear. Any thread.
 */
dt_status dt_smf_from_chart(dt_smf* smf, const dt_allocator* allocator,
                            const dt_chart* chart) DT_NODISCARD;

#endif
