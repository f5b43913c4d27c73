#ifndef DT_BACKING_H
#define DT_BACKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/alloc.h"
#include "dt/error.h"
#include "dt/meter.h"
#include "dt/part.h"

/*
 * A backing: a bass and comping line, written in a MIDI file, to play along with. It is laid along
 * a part (dt/part.h) bar by bar, and each of its messages gets the frame at which the band
 * (dt/band.h) plays that place: the same integers, so it stands with the click to the frame.
 *
 *   dt_backing_new(&backing, NULL, bytes, size, meter, &err); // once
 *   dt_backing_fits(backing, &chart, &err);
 *   dt_backing_lay(&line, NULL, backing, &part, &how);         // for each take
 *   while (dt_backing_next(line, &message)) ...                // in the order of their frames
 *
 * What is read: notes, programs, controllers, pressure and pitch bend of all channels but 10, the
 * drums, which are somebody's to play. Tempi are left out: the tempo is the part's. Bars follow the
 * file's own metre; the last bar is that in which the last note still sounds for a sixteenth.
 *
 * A file that is no longer than the chart goes with it bar by bar as the chart is written, over and
 * over where it is shorter: repeats and loops of the chart are its own. A longer one goes on
 * through its own bars while the chart goes round, from the bar with which the take begins. A
 * straight file swings with the chart (dt_backing_swings).
 */
typedef struct dt_backing dt_backing;

/* The most messages of a file, and of a line laid along a part. */
#define DT_BACKING_MESSAGES_MAX 2000000

/* Reads a MIDI file. meter: of a file that tells none. Any thread. *backing is NULL on failure.
 * Errors, with a sentence: those of dt_smf_parse; DT_UNSUPPORTED (time in frames of a second);
 * DT_BAD_DATA (no notes but drums); DT_NO_MEMORY, DT_TOO_LARGE. */
dt_status dt_backing_new(dt_backing** backing, const dt_allocator* allocator, const void* bytes,
                         size_t size, dt_meter meter, dt_error* err) DT_NODISCARD;
void dt_backing_free(dt_backing* backing); /* NULL is allowed */
int dt_backing_bars(const dt_backing* backing);

/*
 * Is it swung where the chart swings? A straight file is: its notes stand in the middle of the
 * chart's pairs (to a 24th of a pair) more often than behind it, up to three quarters and a 24th,
 * as those of a file that is written swung. Then all of it is moved as dt_swing_tick moves the
 * chart's notes. pair_ticks, swing: dt_chart.swing_pair and .swing.
 */
bool dt_backing_swings(const dt_backing* backing, dt_tick pair_ticks, double swing);

/* Does it go with that chart, bar by bar? Errors: DT_BAD_DATA with a sentence: a bar is of another
 * length. */
dt_status dt_backing_fits(const dt_backing* backing, const dt_chart* chart,
                          dt_error* err) DT_NODISCARD;

typedef struct dt_backing_how {
  int rate_hz;       /* 8000..192000 */
  int count_in_bars; /* 0..2, silent */
  int chart_bars;    /* of the chart as written, >= 1 */
  int from_bar;      /* of the chart, with which the part begins */
} dt_backing_how;

/* The messages along a part. */
typedef struct dt_backing_line dt_backing_line;

typedef struct dt_backing_message {
  dt_frame frame; /* from the first of the count-in */
  uint8_t status; /* 0x80..0xEF; note-offs come as 0x80 */
  uint8_t data1;
  uint8_t data2;
} dt_backing_message;

/* Nothing of part and backing is kept. Where the part goes
 * on with another bar than the file's next, what sounds ends, and controllers and programs are set
 * as they stand there. Errors: DT_NO_MEMORY, DT_BAD_ARGUMENT (a part that dt_band_song_new refuses,
 * something out of its range), DT_TOO_LARGE. *line is NULL on failure. */
dt_status dt_backing_lay(dt_backing_line** line, const dt_allocator* allocator,
                         const dt_backing* backing, const dt_part* part,
                         const dt_backing_how* how) DT_NODISCARD;
void dt_backing_line_free(dt_backing_line* line); /* NULL is allowed */

/* The next message; false at the end. At one frame what ends comes first, then what is set, then
 * what begins. */
bool dt_backing_next(dt_backing_line* line, dt_backing_message* message);

/* The frame of the next message as things stand, that of the end where there is none. */
dt_frame dt_backing_due(dt_backing_line* line);

/* The frame behind the last bar, as things stand. */
dt_frame dt_backing_end(const dt_backing_line* line);

/*
 * As DT_BAND_TEMPO with a bar: from the line of that bar of the part (from 0) on, the first tempo
 * has become bpm (5..1000), the later ones keep their proportion. Returns the frame of the line:
 * what comes next is the first message from there on, also where more had been given already (then
 * those that were given from there on are void, and what sounds is to be ended by the caller).
 */
dt_frame dt_backing_tempo(dt_backing_line* line, int bar, double bpm);

#endif
