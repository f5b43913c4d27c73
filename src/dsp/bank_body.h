#ifndef DT_DSP_BANK_BODY_H
#define DT_DSP_BANK_BODY_H

/*
 * The body of every vector kernel of the bank: LANES bands in a register, CHAINS registers at a
 * time. A band's recurrence is a chain of latencies, which other bands beside it fill.
 */
#include <string.h>

#include "bank_kernels.h"

#ifndef LANES
#define LANES  4
#define CHAINS 1
#endif

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

static inline lanes load(const float* x) {
  lanes v;
  memcpy(&v, x, sizeof v);
  return v;
}

static inline void store(float* x, lanes v) {
  memcpy(x, &v, sizeof v);
}

typedef struct chain {
  lanes re1, im1, re2, im2, re3, im3, sum;
} chain;

static inline chain chain_of(const dt_bank* bank, int first) {
  return (chain){load(bank->state[0] + first),
                 load(bank->state[1] + first),
                 load(bank->state[2] + first),
                 load(bank->state[3] + first),
                 load(bank->state[4] + first),
                 load(bank->state[5] + first),
                 {0}};
}

static inline void step(chain* c, float sample, lanes p, lanes q, lanes g) {
  lanes t = (sample * g + p * c->re1) - q * c->im1;
  c->im1 = q * c->re1 + p * c->im1;
  c->re1 = t;
  t = (c->re1 + p * c->re2) - q * c->im2;
  c->im2 = (c->im1 + q * c->re2) + p * c->im2;
  c->re2 = t;
  t = (c->re2 + p * c->re3) - q * c->im3;
  c->im3 = (c->im2 + q * c->re3) + p * c->im3;
  c->re3 = t;
  c->sum += c->re3 * c->re3 + c->im3 * c->im3;
}

static inline void keep(const chain* c, dt_bank* bank, int first, float* energy) {
  store(bank->state[0] + first, c->re1);
  store(bank->state[1] + first, c->im1);
  store(bank->state[2] + first, c->re2);
  store(bank->state[3] + first, c->im2);
  store(bank->state[4] + first, c->re3);
  store(bank->state[5] + first, c->im3);
  lanes g = load(bank->gain + first);
  /* the gains of the last two stages */
  store(energy + first, load(energy + first) + c->sum * (g * g) * (g * g));
}

static void add_energy(dt_bank* bank, const float* samples, size_t count,
                       float energy[DT_BANK_BANDS]) DT_NONBLOCKING {
  for (int first = 0; first < DT_BANK_BANDS; first += LANES * CHAINS) {
    chain chains[CHAINS];
    lanes p[CHAINS], q[CHAINS], g[CHAINS];
    for (int k = 0; k < CHAINS; k++) {
      chains[k] = chain_of(bank, first + k * LANES);
      p[k] = load(bank->pole_re + first + k * LANES);
      q[k] = load(bank->pole_im + first + k * LANES);
      g[k] = load(bank->gain + first + k * LANES);
    }
    for (size_t n = 0; n < count; n++) {
      const float sample = samples[n] + DT__BANK_WHISPER;
      for (int k = 0; k < CHAINS; k++)
        step(&chains[k], sample, p[k], q[k], g[k]);
    }
    for (int k = 0; k < CHAINS; k++)
      keep(&chains[k], bank, first + k * LANES, energy);
  }
}

#endif
