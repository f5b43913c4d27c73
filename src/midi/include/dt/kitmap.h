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

/* The map that names most of the file's notes (ties: earlier in the table); never NULL. */
const dt_kitmap* dt_kitmap_guess(const dt_smf* smf);

/* Changes *map by the lines of a user's map: `NOTE DRUM` ("22 hihat_closed"), # comments, blank
 * lines. Errors: DT_BAD_DATA with "Line N: ..." in err (the map is then unchanged). */
dt_status dt_kitmap_extend(dt_kitmap* map, const char* text, size_t size,
                           dt_error* err) DT_NODISCARD;

/*
 * Note-ons become strokes. Openness comes from the last CC4 before the note (0 open..127 closed,
 * the e-kits' convention), chokes from polyphonic aftertouch on a cymbal's note that follows it.
 * A note the map does not name is kept as DT_DRUM_OTHER and counted in ignored_notes.
 * take->has_click is set when the file carries a tempo. clock_jitter_s = tick / sqrt(12).
 * Errors: DT_NO_MEMORY. *take is overwritten; release with dt_take_clear.
 */
dt_status dt_take_from_smf(dt_take* take, const dt_allocator* allocator, const dt_smf* smf,
                           const dt_kitmap* map) DT_NODISCARD;

/* The take as a MIDI file's content: GM notes, the click's tempo map (120 bpm without one), 960
 * ticks a quarter, notes of 50 ms, on channel 10. Release *smf with dt_smf_clear. */
dt_status dt_smf_from_take(dt_smf* smf, const dt_allocator* allocator,
                           const dt_take* take) DT_NODISCARD;

#endif
