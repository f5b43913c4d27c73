#ifndef DT_HOME_BANDS_H
#define DT_HOME_BANDS_H

#include "dt/home_charts.h"

/*
 * The player's own bands: MIDI files to play along with (dt/backing.h), bands/NAME.mid in his home
 * folder (`home`; NULL: the folder that holds his database). Names are as those of charts; "none"
 * is none.
 */
#define DT_HOME_BAND_MAX ((size_t)4 << 20)

/* "none" names no band: it says that there is to be none. */
bool dt_home_band_name(const char* name);

/* Errors with a sentence: DT_NOT_FOUND, DT_IO, DT_TOO_LARGE, DT_NO_MEMORY. */
dt_status dt_home_band_read(dt_buffer* bytes, const char* home, const char* name,
                            dt_error* err) DT_NODISCARD;

/* Keeps a file, whole or not at all, unchecked. Errors with a sentence: DT_BAD_ARGUMENT (not a
 * name), DT_NOT_FOUND (no home), DT_IO, DT_NO_MEMORY. */
dt_status dt_home_band_keep(const char* home, const char* name, const void* bytes, size_t size,
                            dt_error* err) DT_NODISCARD;

dt_status dt_home_band_remove(const char* home, const char* name, dt_error* err) DT_NODISCARD;

/* As dt_home_chart_names. */
dt_status dt_home_band_names(dt_home_name** names, size_t* count, const char* home,
                             dt_error* err) DT_NODISCARD;

#endif
