#ifndef DT_KITMAP_H
#define DT_KITMAP_H

#include "dt/smf.h"
#include "dt/take.h"

/*
 * Which note is which drum, for the common e-kits, and how a kit says openness and chokes.
 */
typedef struct dt_kitmap {
  const char* name;           /* "gm", "roland", "alesis", "yamaha" */
  const char* title;          /* "General MIDI", "Roland TD" ... */
  unsigned char drum_of[128]; /* dt_drum, or DT_DRUM_COUNT for a note the kit does not use */
} dt_kitmap;

/* Built-in maps; NULL past the last one. Static storage. */
const dt_kitmap* dt_kitmap_at(size_t index);

/* By name, or NULL. */
const dt_kitmap* dt_kitmap_named(const char* name);

/*
 * The map that names most of the file's notes; never NULL. Notes that it names as a drum count
 * most, notes that it knows as "other" break ties, then the order of the table. The kits agree on
 * most notes: where all of a file's notes are common ground, a file with CC4 or polyphonic
 * aftertouch comes from pads and is taken as "roland", any other as "gm".
 */
const dt_kitmap* dt_kitmap_guess(const dt_smf* smf);

/* Changes *map by the lines of a user's map: `NOTE DRUM` ("22 hihat_closed"), # comments, blank
 * lines. Errors: DT_BAD_DATA with "Line N: ..." in err (the map is then unchanged). */
dt_status dt_kitmap_extend(dt_kitmap* map, const char* text, size_t size,
                           dt_error* err) DT_NODISCARD;

/*
 * Note-ons become strokes (velocity 0 is a note-off; note-offs are not needed). Where channel 10
 * has notes only they count, else those of all channels.
 *
 * Openness comes from the last CC4 on the same channel before the note (0 open..127 closed, the
 * e-kits' convention), chokes from the first polyphonic aftertouch above 0 on a cymbal's note that
 * follows it. A kit that sends one note for all of the hi-hat needs a map with that note as
 * `hihat`: such a stroke is closed where CC4 is at least 88, open below, plain without any CC4.
 *
 * A note the map does not name is kept as DT_DRUM_OTHER and counted in ignored_notes.
 * take->has_click is set when the file carries a tempo. clock_jitter_s = longest tick / sqrt(12).
 * Errors: DT_NO_MEMORY. *take is overwritten; release with dt_take_clear.
 */
dt_status dt_take_from_smf(dt_take* take, const dt_allocator* allocator, const dt_smf* smf,
                           const dt_kitmap* map) DT_NODISCARD;

/*
 * The take as a MIDI file's content: GM notes, the click's tempo map (120 bpm without one), 960
 * ticks a quarter, notes of 50 ms (shorter where the same drum is struck again sooner), on channel
 * 10, velocity 64 where it is not known. Times are right to half a tick: tempi are rounded first to
 * the whole microseconds that a file can hold. Openness and chokes are not written: CC4 would make
 * a reader take the GM notes for an e-kit's. Strokes before 0 are put at 0.
 * Errors: DT_NO_MEMORY, DT_BAD_ARGUMENT (a stroke beyond 2^40 ticks). Release *smf with
 * dt_smf_clear.
 */
dt_status dt_smf_from_take(dt_smf* smf, const dt_allocator* allocator,
                           const dt_take* take) DT_NODISCARD;

/*
 * The same in finer ticks, for strokes whose times matter more than a score: 9,600 a quarter, so
 * that without a click (120 bpm) a time is right to 0.027 ms, and with one to 0.1 ms down to 31.25
 * bpm; where the click is slower, 28,800 a quarter, 0.1 ms down to 10.5 bpm; below that 32,767, the
 * most that a file can hold.
 */
dt_status dt_smf_from_take_fine(dt_smf* smf, const dt_allocator* allocator,
                                const dt_take* take) DT_NODISCARD;

#endif
