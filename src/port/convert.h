#ifndef DT_CONVERT_H
#define DT_CONVERT_H

#include <stddef.h>

#include "dt/attr.h"

/* Samples as sound cards have them, little end first, interleaved. */
typedef enum dt__sample_format {
  DT__FLOAT32,
  DT__S32,
  DT__S24,   /* in the lower three of four bytes */
  DT__S24_3, /* in three bytes */
  DT__S16,
  DT__SAMPLE_FORMAT_COUNT
} dt__sample_format;

int dt__sample_bytes(dt__sample_format format) DT_NONBLOCKING;

/* frame_count frames of `channels` channels; -1 is full scale. Beyond it is clipped, and NAN is
 * silence, on the way out. */
void dt__convert_in(float* const* to, const unsigned char* from, dt__sample_format format,
                    int channels, int frame_count) DT_NONBLOCKING;
void dt__convert_out(unsigned char* to, const float* const* from, dt__sample_format format,
                     int channels, int frame_count) DT_NONBLOCKING;

#endif
