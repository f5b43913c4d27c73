#include "pick.h"

#include "dt/rt_poison.h" /* last: see there */

/* A rise under a tenth of an octave a band is never a stroke; nor is one under so many times the
 * mean rise around it. */
#define RISE_LEAST  0.10f
#define RISE_FACTOR 1.5f

/* The mean is taken over so many frames before. */
#define MEMORY 100

bool dt__pick(const dt__flux* flux, int64_t frame) {
  float here = dt__novelty(flux, frame);
  if (!(here > RISE_LEAST))
    return false;
  for (int64_t f = frame - DT__PICK_REACH; f <= frame + DT__PICK_REACH; f++) {
    float other = dt__novelty(flux, f);
    if (f < frame ? other >= here : other > here)
      return false;
  }
  float sum = 0;
  for (int64_t f = frame - MEMORY; f < frame; f++)
    sum += dt__novelty(flux, f);
  return here > RISE_FACTOR * sum / MEMORY;
}
