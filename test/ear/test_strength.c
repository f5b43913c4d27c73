#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
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

/* The network is so sure of one drum of a family. */
static dt__net_out says(int family, int drum, double sure, double velocity) {
  dt__net_out out = {0};
  out.family_p[family] = (float)sure;
  out.drum_p[drum] = (float)sure;
  out.drum_velocity[drum] = (float)velocity;
  return out;
}

/* A stroke of white sound so loud in every band; its velocity. */
static double velocity_of(room* r, int family, int drum, const dt__net_out* said, double loud_db) {
  const double energy = pow(10, loud_db / 10);
  sound(r, 1e-10, 1e-10, 50);
  const double at_s = r->time_s;
  sound(r, energy, energy, 20);
  return dt__strength_velocity(&r->strength, family, drum, said, at_s, r->strength.hops).likeliest;
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
    const dt__net_out said =
        says(DT__NET_TOMS, DT__NET_TOM_MID, 1, 0.4 + 0.1 * (dt_rng_uniform(&rng) - 0.5));
    const double v = dt__strength_velocity(&r.strength, DT__NET_TOMS, DT__NET_TOM_MID, &said, at_s,
                                           r.strength.hops)
                         .likeliest;
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

/* The network says the same of all strokes: what was soft when nothing
 * was known is not told as harder than what is 8 dB stronger later. */
static void the_first_strokes_are_not_far_off(void** state) {
  (void)state;
  room r = room_new();
  const dt__net_out said = says(DT__NET_SNARES, DT__NET_SNARE, 1, 0.5);
  double first[6];
  for (int round = 0; round < 3; round++)
    for (int i = 0; i < 6; i++) {
      const double v = velocity_of(&r, DT__NET_SNARES, DT__NET_SNARE, &said, -72 + 4 * (double)i);
      if (round == 0)
        first[i] = v;
      assert_true(v > 0 && v <= 1);
      assert_true(i < 2 || v > first[0]);
      if (round > 0 && i >= 3)
        assert_true(v > first[1]);
    }
  free(r.block);
}

/* One sound that the network puts down to now this family, now that, unsure of both. */
static void a_family_that_wavers_does_not_move_the_velocity_far(void** state) {
  (void)state;
  room r = room_new();
  double least = 1;
  double most = 0;
  for (int i = 0; i < 60; i++) {
    const bool is_tom = i % 3 == 0;
    dt__net_out said = says(DT__NET_TOMS, DT__NET_TOM_HIGH, is_tom ? 0.5 : 0.3, 0.5);
    said.family_p[DT__NET_SNARES] = is_tom ? 0.3f : 0.5f;
    said.drum_p[DT__NET_SNARE] = said.family_p[DT__NET_SNARES];
    said.drum_velocity[DT__NET_SNARE] = 0.5f;
    const double v = is_tom ? velocity_of(&r, DT__NET_TOMS, DT__NET_TOM_HIGH, &said, -65)
                            : velocity_of(&r, DT__NET_SNARES, DT__NET_SNARE, &said, -65);
    if (i >= 30) {
      least = fmin(least, v);
      most = fmax(most, v);
    }
  }
  assert_true(most < 1.25 * least);
  free(r.block);
}

/* The network half hears a snare in something thirty times as loud: the next snare is as hard as
 * before. */
static void what_is_hardly_heard_teaches_little(void** state) {
  (void)state;
  room r = room_new();
  const dt__net_out sure = says(DT__NET_SNARES, DT__NET_SNARE, 1, 0.5);
  const dt__net_out hardly = says(DT__NET_SNARES, DT__NET_SNARE, 0.2, 0.5);
  double before = 0;
  for (int i = 0; i < 3; i++)
    before = velocity_of(&r, DT__NET_SNARES, DT__NET_SNARE, &sure, -65);
  velocity_of(&r, DT__NET_SNARES, DT__NET_SNARE, &hardly, -35);
  const double after = velocity_of(&r, DT__NET_SNARES, DT__NET_SNARE, &sure, -65);
  if (fabs(after / before - 1) > 0.05)
    fail_msg("%.3f, then %.3f", before, after);
  free(r.block);
}

/* Before a hi-hat's first stroke kicks were heard in a loud recording, or in a quiet one. */
static void the_recording_is_as_loud_for_all_drums(void** state) {
  (void)state;
  double first[2];
  for (int loud = 0; loud < 2; loud++) {
    room r = room_new();
    const dt__net_out kick = says(DT__NET_KICKS, DT__NET_KICK, 1, 0.7);
    for (int i = 0; i < 20; i++)
      velocity_of(&r, DT__NET_KICKS, DT__NET_KICK, &kick, loud ? -50 : -80);
    const dt__net_out hat = says(DT__NET_HIHATS, DT__NET_HIHAT_CLOSED, 1, 0.5);
    first[loud] = velocity_of(&r, DT__NET_HIHATS, DT__NET_HIHAT_CLOSED, &hat, -60);
    free(r.block);
  }
  assert_true(first[1] < 0.7 * first[0]);
}

/* A knob was turned by 12 dB. */
static void what_was_learned_fades(void** state) {
  (void)state;
  room r = room_new();
  const dt__net_out said = says(DT__NET_CYMBALS, DT__NET_RIDE, 1, 0.5);
  double before = 0;
  for (int i = 0; i < 3000; i++)
    before = velocity_of(&r, DT__NET_CYMBALS, DT__NET_RIDE, &said, -50);
  const double turned = velocity_of(&r, DT__NET_CYMBALS, DT__NET_RIDE, &said, -62);
  double after = 0;
  for (int i = 0; i < 400; i++)
    after = velocity_of(&r, DT__NET_CYMBALS, DT__NET_RIDE, &said, -62);
  assert_true(fabs(before - 0.5) < 0.03);
  assert_true(turned < 0.3);
  assert_true(fabs(after - 0.5) < 0.05);
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
  const dt__net_out nothing = {0};
  const dt__strength_velocities hard =
      dt__strength_velocity(&r.strength, DT__NET_KICKS, DT__NET_KICK, &nothing, 0, r.strength.hops);
  assert_true(isfinite(hard.likeliest) && isfinite(hard.by_strength));
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
      cmocka_unit_test(the_first_strokes_are_not_far_off),
      cmocka_unit_test(a_family_that_wavers_does_not_move_the_velocity_far),
      cmocka_unit_test(what_is_hardly_heard_teaches_little),
      cmocka_unit_test(the_recording_is_as_loud_for_all_drums),
      cmocka_unit_test(what_was_learned_fades),
      cmocka_unit_test(silence_and_the_start_are_no_trouble),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
