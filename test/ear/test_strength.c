#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dt/rng.h"
#include "strength.h"

#define HOP_S 0.001
#define SEED  6

typedef struct room {
  dt__strength strength;
  void* block;
  double time_s;
} room;

static room room_new(void) {
  room r = {0};
  dt_arena arena = dt_arena_measure();
  dt__strength_layout(&r.strength, &arena);
  r.block = calloc(1, arena.used);
  assert_non_null(r.block);
  arena = dt_arena_over(r.block, arena.used);
  dt__strength_layout(&r.strength, &arena);
  dt__strength_init(&r.strength, HOP_S);
  return r;
}

/* Energies of the low and the high half of the bands, for so many hops. */
static void sound(room* r, double low, double high, int hops) {
  float energy[DT_BANK_BANDS];
  for (int b = 0; b < DT_BANK_BANDS; b++)
    energy[b] = (float)(b < DT_BANK_BANDS / 2 ? low : high);
  for (int h = 0; h < hops; h++)
    dt__strength_add(&r->strength, energy);
  r->time_s += hops * HOP_S;
}

/* A stroke now, over what rings; how strong it is. */
static double strike_db(room* r, int family, double low, double high) {
  const double at_s = r->time_s;
  sound(r, low, high, 20);
  double whole_db;
  return dt__strength_db(&r->strength, family, at_s, r->strength.hops, &whole_db);
}

static void a_family_is_heard_in_its_own_bands(void** state) {
  (void)state;
  room r = room_new();
  sound(&r, 1e-8, 1e-8, 50);
  const double alone = strike_db(&r, DT__NET_KICKS, 1e-2, 1e-8);
  sound(&r, 1e-8, 1e-8, 50);
  const double with_a_hat = strike_db(&r, DT__NET_KICKS, 1e-2, 1e-2);
  sound(&r, 1e-8, 1e-8, 50);
  const double stronger = strike_db(&r, DT__NET_KICKS, 1e-1, 1e-8);
  assert_true(stronger > alone + 6);
  assert_true(with_a_hat < stronger && fabs(with_a_hat - alone) < 15);
  sound(&r, 1e-8, 1e-8, 50);
  const double hat = strike_db(&r, DT__NET_HIHATS, 1e-1, 1e-4);
  sound(&r, 1e-8, 1e-8, 50);
  assert_true(strike_db(&r, DT__NET_HIHATS, 1e-3, 1e-3) > hat);
  free(r.block);
}

static void what_rang_before_is_not_part_of_a_stroke(void** state) {
  (void)state;
  room r = room_new();
  sound(&r, 1e-8, 1e-8, 50);
  const double in_quiet = strike_db(&r, DT__NET_SNARES, 1e-3, 1e-3);
  sound(&r, 1e-3, 1e-3, 50);
  const double over_ringing = strike_db(&r, DT__NET_SNARES, 2e-3, 2e-3);
  assert_true(fabs(in_quiet - over_ringing) < 0.1);
  free(r.block);
}

/* What the sound says of which is harder, the network of how hard on average. */
static void the_harder_stroke_has_the_higher_velocity(void** state) {
  (void)state;
  room r = room_new();
  dt_rng rng = dt_rng_seeded(SEED, 0);
  double sum = 0;
  double last = 0;
  for (int i = 0; i < 200; i++) {
    const double loud_db = -30 + 6 * (i % 5 - 2);
    sound(&r, 1e-8, 1e-8, 50);
    const double at_s = r.time_s;
    sound(&r, pow(10, loud_db / 10), pow(10, loud_db / 10), 20);
    const double said = 0.4 + 0.1 * (dt_rng_uniform(&rng) - 0.5);
    const double v = dt__strength_velocity(&r.strength, DT__NET_TOMS, DT__NET_TOM_MID, said, at_s,
                                           r.strength.hops);
    assert_true(v > 0 && v <= 1);
    if (i >= 20 && i % 5 > 0)
      assert_true(v > last);
    if (i % 5 == 2 && i >= 20)
      sum += v / 36;
    last = v;
  }
  assert_true(fabs(sum - 0.4) < 0.05);
  free(r.block);
}

static void silence_and_the_start_are_no_trouble(void** state) {
  (void)state;
  room r = room_new();
  double whole_db = (double)NAN;
  assert_true(isfinite(dt__strength_db(&r.strength, DT__NET_KICKS, 0, 0, &whole_db)));
  sound(&r, 0, 0, 3);
  assert_true(isfinite(dt__strength_db(&r.strength, DT__NET_KICKS, 0, r.strength.hops, &whole_db)));
  assert_true(isfinite(whole_db));
  assert_true(isfinite(
      dt__strength_velocity(&r.strength, DT__NET_KICKS, DT__NET_KICK, 0, 0, r.strength.hops)));
  for (int f = 0; f < DT__NET_FAMILIES; f++) {
    double sum = 0;
    for (int b = 0; b < DT_BANK_BANDS; b++)
      sum += (double)dt__strength_weights[f][b];
    assert_true(fabs(sum - 1) < 0.01);
  }
  free(r.block);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_family_is_heard_in_its_own_bands),
      cmocka_unit_test(what_rang_before_is_not_part_of_a_stroke),
      cmocka_unit_test(the_harder_stroke_has_the_higher_velocity),
      cmocka_unit_test(silence_and_the_start_are_no_trouble),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
