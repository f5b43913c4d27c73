#ifndef DT_STROKES_CSV_H
#define DT_STROKES_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/error.h"
#include "dt/take.h"

/*
 * Strokes that another program wrote, in the takes format:
 *
 *   time_s,drum,velocity,note
 *   0.513542,snare,85,38
 *   0.795833,kick,,
 *
 * The first line names the columns and begins time_s,drum,velocity. Of the further columns note,
 * openness, confidence and choke_s are read where they stand, others are skipped. Numbers have a
 * point and no thousands separators; an empty field says "not known" (of time_s and drum: an
 * error). No quotes. Lines end in LF or CR LF; empty lines are skipped; UTF-8, with or without a
 * byte order mark.
 *
 * time_s may be negative by up to a second: a list that was aligned to something else can begin
 * before its zero.
 */

/* Do these first bytes of a file look like such a text (they begin "time_s")? */
bool dt_strokes_csv_is(const void* bytes, size_t size);

/* Parses a whole text. Errors, with "Line N: ..." in err: DT_BAD_DATA, DT_TOO_LARGE (a time beyond
 * 24 hours), DT_NO_MEMORY. On success *strokes is sorted (dt_strokes_sort); on failure it is
 * empty. Any thread. */
dt_status dt_strokes_parse_csv(dt_strokes* strokes, const dt_allocator* allocator,
                               const void* bytes, size_t size, dt_error* err) DT_NODISCARD;

/* The same as a take: source DT_TAKE_MIDI (a list of events, no sound), no click, duration to the
 * last stroke, clock bias and jitter 0 (not known). *take is overwritten; release with
 * dt_take_clear. */
dt_status dt_take_from_csv(dt_take* take, const dt_allocator* allocator, const void* bytes,
                           size_t size, dt_error* err) DT_NODISCARD;

#endif
