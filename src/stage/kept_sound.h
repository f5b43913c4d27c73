#ifndef DT_STAGE_KEPT_SOUND_H
#define DT_STAGE_KEPT_SOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/codec.h"
#include "dt/error.h"
#include "dt/sink.h"

/*
 * The sound of a take, as it came, and its envelope: `sounds/NUMBER.flac` (or wav, aiff, ogg, mp3)
 * and `sounds/NUMBER.wave` beside the database. Any thread, one at a time for a take.
 */

/* The ending that fits a sound's first bytes: "wav", "flac" ...; NULL: none that a browser may
 * know. */
const char* dt__sound_ending(const void* head, size_t size);

/* The path of a take's sound and its type; false: none is kept. db NULL: the player's own. */
bool dt__kept_sound(const char* db, int64_t number, char* path, size_t size, const char** type);

/* Makes what is kept of the sound `from`: the envelope in the file `wave`, and, where a browser
 * cannot be trusted to play the sound as the ear heard it (MP3, AIFF and rarer kinds), a FLAC of it
 * in the file `flac`, which must end so; *is_flac says whether. Errors with a sentence: as
 * dt_sound_open, DT_IO, DT_CANCELLED (progress said so); then neither file is there. progress may
 * be NULL. */
dt_status dt__prepare_sound(const char* from, const char* wave, const char* flac, bool* is_flac,
                            dt_progress_fn progress, void* progress_ctx,
                            dt_error* err) DT_NODISCARD;

/* Moves a sound and its envelope (on the same file system) to be take number's. Errors with a
 * sentence: DT_IO, DT_UNSUPPORTED, DT_NOT_FOUND (no home); the files are then where they were. */
dt_status dt__keep_sound(const char* db, int64_t number, const char* sound, const char* wave,
                         dt_error* err) DT_NODISCARD;

/* The lowest and highest samples of `points` equal parts of from_s..to_s, as JSON; from the
 * envelope's file. Errors with a sentence: DT_NOT_FOUND, DT_BAD_DATA, DT_NO_MEMORY. to_s NAN: the
 * end. */
typedef struct dt__wave_range {
  double from_s;
  double to_s;
  int points;
} dt__wave_range;
dt_status dt__kept_wave(const char* db, int64_t number, dt__wave_range range, dt_buffer* json,
                        dt_error* err) DT_NODISCARD;

#endif
