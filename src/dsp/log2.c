#include "dt/log2.h"

#include <stdint.h>
#include <string.h>

#include "dt/rt_poison.h" /* last: see there */

/* Bits of sqrt(1/2): exponents are counted from there, so that 1 lies inside its octave. */
#define OCTAVE 0x3f3504f3

/* log2(1 + t) / t for t = -0.293..0.414: least greatest error, 2.2e-6. */
static const float series[] = {1.4427135f,   -0.72113186f, 0.479348f,
                               -0.36749002f, 0.3221549f,   -0.20659162f};

static float log2_of(float x) {
  int32_t bits;
  memcpy(&bits, &x, sizeof bits);
  /* Rounds down, also below 0: positive again before the division. */
  int32_t octaves = (bits - OCTAVE + (128 << 23)) / (1 << 23) - 128;
  bits -= octaves * (1 << 23);
  memcpy(&x, &bits, sizeof x);
  float t = x - 1;
  float low = (series[5] * t + series[4]) * t + series[3];
  low = ((low * t + series[2]) * t + series[1]) * t + series[0];
  return (float)octaves + low * t;
}

/* The same steps, eight numbers side by side. */
#define LANES 8
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t lanes_bits __attribute__((vector_size(LANES * sizeof(int32_t))));

static void log2_of_lanes(const float* x, float offset, float scale, float shift, float* y) {
  lanes v;
  memcpy(&v, x, sizeof v);
  v += offset;
  lanes_bits bits = (lanes_bits)v;
  lanes_bits octaves = (bits - (OCTAVE - (128 << 23))) / (1 << 23) - 128;
  bits -= octaves * (1 << 23);
  lanes t = (lanes)bits - 1;
  lanes low = (series[5] * t + series[4]) * t + series[3];
  low = ((low * t + series[2]) * t + series[1]) * t + series[0];
  v = scale * (__builtin_convertvector(octaves, lanes) + low * t) + shift;
  memcpy(y, &v, sizeof v);
}

void dt_log2_scaled(const float* x, size_t count, float offset, float scale, float shift,
                    float* y) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES)
    log2_of_lanes(x + i, offset, scale, shift, y + i);
  for (; i < count; i++)
    y[i] = scale * log2_of(x[i] + offset) + shift;
}
