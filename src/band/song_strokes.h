#ifndef DT_BAND_SONG_STROKES_H
#define DT_BAND_SONG_STROKES_H

#include "song.h"

/* The strokes of a part, in order. Returns how many; writes them to strokes, which has room for
 * them, unless it is NULL. Counting stops soon after `most`. */
size_t dt__song_strokes(const dt_part* part, dt__song_stroke* strokes, size_t most);

#endif
