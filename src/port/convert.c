#include "convert.h"

#include <stdint.h>
#include <string.h>

#include "dt/rt_poison.h" /* last: see there */

static const int bytes_of[DT__SAMPLE_FORMAT_COUNT] = {4, 4, 4, 3, 2};

int dt__sample_bytes(dt__sample_format format) {
  return bytes_of[format];
}

/* A sample's bytes as the upper ones of 32 bits. */
static int32_t upper_bits(const unsigned char* bytes, int first, int count) {
  uint32_t bits = 0;
  for (int i = 0; i < count; ++i)
    bits |= (uint32_t)bytes[first + i] << (8 * (4 - count + i));
  int32_t value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static float sample_in(const unsigned char* bytes, dt__sample_format format) {
  const float scale = 1.0F / 2147483648.0F;
  float value;
  switch (format) {
  case DT__S32:
    return (float)upper_bits(bytes, 0, 4) * scale;
  case DT__S24:
  case DT__S24_3:
    return (float)upper_bits(bytes, 0, 3) * scale;
  case DT__S16:
    return (float)upper_bits(bytes, 0, 2) * scale;
  case DT__FLOAT32:
  case DT__SAMPLE_FORMAT_COUNT:
    break;
  }
  memcpy(&value, bytes, sizeof value);
  return value;
}

/* Rounded to `bits` bits. */
static int32_t integer_of(float value, int bits) {
  const double full = (double)((int64_t)1 << (bits - 1));
  const double scaled = (double)value * full;
  if (!(scaled > -full)) /* NAN too */
    return scaled <= -full ? (int32_t)-full : 0;
  if (scaled >= full - 1)
    return (int32_t)(full - 1);
  return (int32_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

static void put_bytes(unsigned char* bytes, int32_t value, int count) {
  const uint32_t bits = (uint32_t)value;
  for (int i = 0; i < count; ++i)
    bytes[i] = (unsigned char)(bits >> (8 * i));
}

static void sample_out(unsigned char* bytes, float value, dt__sample_format format) {
  switch (format) {
  case DT__S32:
    put_bytes(bytes, integer_of(value, 32), 4);
    return;
  case DT__S24:
    put_bytes(bytes, integer_of(value, 24), 4);
    return;
  case DT__S24_3:
    put_bytes(bytes, integer_of(value, 24), 3);
    return;
  case DT__S16:
    put_bytes(bytes, integer_of(value, 16), 2);
    return;
  case DT__FLOAT32:
  case DT__SAMPLE_FORMAT_COUNT:
    break;
  }
  const float clipped = value > 1 ? 1 : value >= -1 ? value : value < -1 ? -1 : 0;
  memcpy(bytes, &clipped, sizeof clipped);
}

void dt__convert_in(float* const* to, const unsigned char* from, dt__sample_format format,
                    int channels, int frame_count) {
  const int size = dt__sample_bytes(format);
  for (int i = 0; i < frame_count; ++i)
    for (int c = 0; c < channels; ++c, from += size)
      to[c][i] = sample_in(from, format);
}

void dt__convert_out(unsigned char* to, const float* const* from, dt__sample_format format,
                     int channels, int frame_count) {
  const int size = dt__sample_bytes(format);
  for (int i = 0; i < frame_count; ++i)
    for (int c = 0; c < channels; ++c, to += size)
      sample_out(to, from[c][i], format);
}
