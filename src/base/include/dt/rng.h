#ifndef DT_RNG_H
#define DT_RNG_H

#include <stdint.h>

/*
 * Seeded random numbers, the same on every machine: PCG32 (M. E. O'Neill, "PCG: A Family of Simple
 * Fast Space-Efficient Statistically Good Algorithms for Random Number Generation", 2014).
 * A generator belongs to one thread. Whoever uses one prints its seed.
 */
typedef struct dt_rng {
  uint64_t state;
  uint64_t stream;
  double spare_normal; /* Box-Muller makes two at a time; NAN when there is none. */
} dt_rng;

/* stream picks one of 2^63 independent sequences for the same seed. */
dt_rng dt_rng_seeded(uint64_t seed, uint64_t stream);

uint32_t dt_rng_bits(dt_rng* rng);

/* Uniform in [0, 1), 53 bits. */
double dt_rng_uniform(dt_rng* rng);

/* Uniform integer in 0..bound-1, unbiased; bound >= 1. */
uint32_t dt_rng_below(dt_rng* rng, uint32_t bound);

/* Normal with mean 0 and SD 1 (Box-Muller). The last bit is that of the machine's log, sin and
 * cos; all the functions above are exact. */
double dt_rng_normal(dt_rng* rng);

#endif
