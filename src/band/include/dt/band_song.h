#ifndef DT_BAND_SONG_H
#define DT_BAND_SONG_H

#include <stddef.h>

#include "dt/part.h"

/*
 * A song: a part (dt/part.h) made ready for the band, bar by bar, so that the audio thread need
 * only walk along it. Nothing of the part is kept. It never changes once it is made, so any number
 * of bands may play it at a time.
 *
 * What is written becomes strokes: swing moves them; a flam has one grace stroke 25 ms before the
 * main one, a drag two, 60 ms and 30 ms before, at the first tempo of the part; an open roll has
 * its steps, a closed one 20 strokes a second at that tempo. Velocities are those of
 * dt_loud_velocity; grace strokes and the rest of a roll are softer. A grace stroke before the
 * first bar is left out.
 */
typedef struct dt_band_song dt_band_song;

#define DT_BAND_SONG_STROKES_MAX 5000000

/* Not real-time. *song is NULL on failure. Errors: DT_NO_MEMORY; DT_BAD_ARGUMENT (a part without
 * bars, or with a tempo that is not 5..1000 bpm); DT_TOO_LARGE (more than
 * DT_BAND_SONG_STROKES_MAX). */
dt_status dt_band_song_new(dt_band_song** song, const dt_allocator* allocator,
                           const dt_part* part) DT_NODISCARD;

/* NULL is allowed. No band may still play it: see DT_BAND_RELEASED in dt/band.h. */
void dt_band_song_free(dt_band_song* song);

/* Bars, strokes, and the first tempo in quarters a minute. Any thread. */
int dt_band_song_bars(const dt_band_song* song) DT_NONBLOCKING;
size_t dt_band_song_strokes(const dt_band_song* song) DT_NONBLOCKING;
double dt_band_song_bpm(const dt_band_song* song) DT_NONBLOCKING;

#endif
