#include "flag.h"

#include <math.h>
#include <string.h>

#include "flag_kernels.h"

#include "dt/rt_poison.h" /* last: see there */

static const dt__flag_kernel* const variants[] = {
    &dt__flag_plain,
    &dt__flag_lanes4,
#if defined(__x86_64__)
    &dt__flag_avx2,
#endif
};
enum { VARIANTS = sizeof variants / sizeof variants[0] };

const dt__flag_kernel* dt__flag_variant(size_t i) {
  return i < VARIANTS ? variants[i] : NULL;
}

const dt__flag_kernel* dt__flag_best(void) {
  size_t i = VARIANTS - 1;
  while (i > 0 && !variants[i]->is_usable()) /* the plain one always is */
    i--;
  return variants[i];
}

void dt__flag_layout(dt__flag* flag, dt_arena* arena) {
  flag->energy = dt_arena_take(arena, DT__FLAG_RING, sizeof *flag->energy);
  flag->mean = dt_arena_take(arena, DT__FLAG_RING, sizeof *flag->mean);
}

void dt__flag_init(dt__flag* flag, int rate_hz) {
  dt_bank_init(&flag->bank, rate_hz);
  flag->hop_frames = (int)lround(rate_hz * 1e-3);
  flag->emphasis = (float)rate_hz / 44100.0f;
  dt__flag_reset(flag);
}

void dt__flag_reset(dt__flag* flag) {
  dt_bank_reset(&flag->bank);
  flag->last_sample = 0;
  flag->hops = 0;
  flag->last_hop = -DT__FLAG_APART;
  memset(flag->loud, 0, sizeof flag->loud);
  memset(flag->energy, 0, DT__FLAG_RING * sizeof *flag->energy);
  memset(flag->mean, 0, DT__FLAG_RING * sizeof *flag->mean);
}

float dt__flag_hop(dt__flag* flag, const float* samples) {
  const dt__flag_kernel* kernel = dt__flag_best();
  kernel->take(flag, samples);
  const float score = kernel->score(flag);
  int64_t hop = flag->hops++;
  if (!(score > DT__FLAG_LEAST) || hop < flag->last_hop + DT__FLAG_APART)
    return 0;
  flag->last_hop = hop;
  return 1 / (1 + expf(-score));
}

const float* dt__flag_energy(const dt__flag* flag) {
  return flag->energy[(flag->hops - 1) & (DT__FLAG_RING - 1)];
}

/* Mean over bands first..last-1 of how many octaves of energy the hops from..to-1 lie over hops
 * 13 to 17. */
static float fall_of(const dt__flag* flag, int first, int last, int from, int to) {
  float fall = 0;
  for (int b = first; b < last; b++) {
    float early = 0;
    float later = 0;
    for (int i = from; i < to; i++)
      early += flag->energy[i][b];
    for (int i = 13; i < DT__FLAG_START; i++)
      later += flag->energy[i][b];
    early /= (float)(to - from);
    later /= (float)(DT__FLAG_START - 13);
    fall += log2f((early + 1e-10f) / (later + 1e-10f));
  }
  return fall / (float)(last - first);
}

bool dt__flag_is_hiss(const dt__flag* flag) {
  bool dies_away = fall_of(flag, 0, DT_BANK_BANDS, 0, 5) > 0.7f;
  /* High bands answer within a hop: was it there at once? */
  bool was_there = fall_of(flag, DT_BANK_BANDS / 2, DT_BANK_BANDS, 1, 3) > -1.5f;
  return !dies_away && was_there;
}
