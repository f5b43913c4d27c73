#include "dt/rng.h"

#include <assert.h>
#include <math.h>

#define TWO_PI 6.28318530717958647692

uint32_t dt_rng_bits(dt_rng* rng) {
  const uint64_t old = rng->state;
  rng->state = old * 6364136223846793005U + rng->stream;
  const uint32_t xorshifted = (uint32_t)(((old >> 18) ^ old) >> 27);
  const uint32_t turn = (uint32_t)(old >> 59);
  return (xorshifted >> turn) | (xorshifted << (-turn & 31));
}

dt_rng dt_rng_seeded(uint64_t seed, uint64_t stream) {
  dt_rng rng = {0, (stream << 1) | 1, (double)NAN};
  (void)dt_rng_bits(&rng);
  rng.state += seed;
  (void)dt_rng_bits(&rng);
  return rng;
}

double dt_rng_uniform(dt_rng* rng) {
  /* Two statements: the order of calls inside one expression is not fixed. */
  const uint32_t high = dt_rng_bits(rng) >> 5;
  const uint32_t low = dt_rng_bits(rng) >> 6;
  return (high * 67108864.0 + low) * 0x1p-53;
}

uint32_t dt_rng_below(dt_rng* rng, uint32_t bound) {
  assert(bound >= 1);
  /* 2^32 mod bound: below it, the low remainders would come up once too often. */
  const uint32_t rejected = -bound % bound;
  uint32_t bits = dt_rng_bits(rng);
  while (bits < rejected)
    bits = dt_rng_bits(rng);
  return bits % bound;
}

double dt_rng_normal(dt_rng* rng) {
  if (!isnan(rng->spare_normal)) {
    const double spare = rng->spare_normal;
    rng->spare_normal = (double)NAN;
    return spare;
  }
  const double radius = sqrt(-2.0 * log(1.0 - dt_rng_uniform(rng))); /* never log(0) */
  const double angle = TWO_PI * dt_rng_uniform(rng);
  rng->spare_normal = radius * sin(angle);
  return radius * cos(angle);
}
