#ifndef DT_SOUND_FORMAT_H
#define DT_SOUND_FORMAT_H

#include <sndfile.h>
#include <stdbool.h>
#include <stddef.h>

/* "WAV, 16 bit" for one of libsndfile's formats. */
void dt__format_words(char* words, size_t size, int format);

/* Does the header promise more sound than the file has? */
bool dt__is_cut(SNDFILE* file);

#endif
