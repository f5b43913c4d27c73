#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/failing_allocator.h"
#include "dt/ear.h"
#include "dt/rng.h"
#include "dt/stat.h"
#include "dt/synthkit.h"

#define RATE 44100
#define SEED 20

typedef struct sound {
  float* x;
  size_t count;
} sound;

static sound silence(double seconds) {
  sound s = {.count = (size_t)(seconds * RATE)};
  s.x = calloc(s.count, sizeof *s.x);
  assert_non_null(s.x);
  return s;
}

static void strike(const sound* s, const dt_synthkit* kit, double time_s, dt_drum drum,
                   float velocity) {
  dt_stroke stroke = dt_stroke_at(time_s, drum);
  stroke.velocity = velocity;
  dt_synthkit_add(kit, &stroke, s->x, s->count, 0);
}

static void add_noise(const sound* s, double sd, uint64_t stream) {
  dt_rng rng = dt_rng_seeded(SEED, stream);
  for (size_t n = 0; n < s->count; n++)
    s->x[n] += (float)(sd * dt_rng_normal(&rng));
}

/* A bar of four drums, with a flam; seconds after its start. */
static sound groove(void) {
  sound s = silence(4);
  dt_synthkit* kit = dt_synthkit_new(NULL, RATE, 1);
  assert_non_null(kit);
  for (int i = 0; i < 12; i++)
    strike(&s, kit, 0.2 + 0.25 * i, DT_HIHAT_CLOSED, i % 2 == 0 ? 90 : 50);
  for (int i = 0; i < 3; i++) {
    strike(&s, kit, 0.2 + 1.0 * i, DT_KICK, 100);
    strike(&s, kit, 0.7 + 1.0 * i, DT_SNARE, 100);
  }
  strike(&s, kit, 3.41, DT_TOM_LOW, 60);
  strike(&s, kit, 3.44, DT_TOM_LOW, 110);
  dt_synthkit_free(kit);
  add_noise(&s, 1e-4, 1);
  return s;
}

static size_t drain(dt_ear* ear, dt_stroke* strokes, size_t count, size_t max) {
  dt_stroke stroke;
  while (dt_ear_next(ear, &stroke))
    if (count < max)
      strokes[count++] = stroke;
  return count;
}

static size_t hear_from(dt_ear* ear, const sound* s, size_t block, dt_frame position,
                        dt_stroke* strokes, size_t max) {
  size_t count = 0;
  for (size_t at = 0; at < s->count;) {
    size_t part = s->count - at < block ? s->count - at : block;
    dt_ear_process(ear, s->x + at, part, position + (dt_frame)at);
    count = drain(ear, strokes, count, max);
    at += part;
  }
  dt_ear_finish(ear);
  return drain(ear, strokes, count, max);
}

static size_t hear(const sound* s, int rate_hz, size_t block, dt_stroke* strokes, size_t max) {
  dt_ear* ear = dt_ear_new(NULL, rate_hz);
  assert_non_null(ear);
  size_t count = hear_from(ear, s, block, 0, strokes, max);
  dt_ear_free(ear);
  for (size_t i = 0; i < count; i++) {
    assert_true(isfinite(strokes[i].time_s) && strokes[i].time_s >= 0);
    assert_true(strokes[i].time_s < (double)s->count / rate_hz);
    assert_true(strokes[i].velocity >= 1 && strokes[i].velocity <= 127);
    assert_true(strokes[i].confidence >= 0 && strokes[i].confidence <= 1);
    assert_true(i == 0 || strokes[i].time_s >= strokes[i - 1].time_s);
  }
  return count;
}

static void strokes_do_not_depend_on_the_blocks(void** state) {
  (void)state;
  sound s = groove();
  dt_stroke reference[200];
  memset(reference, 0, sizeof reference);
  size_t count = hear(&s, RATE, DT_EAR_BLOCK_MAX, reference, 200);
  assert_true(count >= 14);
  static const size_t blocks[] = {1, 64, 441, 4096};
  for (size_t b = 0; b < sizeof blocks / sizeof blocks[0]; b++) {
    dt_stroke strokes[200];
    memset(strokes, 0, sizeof strokes);
    assert_int_equal(hear(&s, RATE, blocks[b], strokes, 200), count);
    for (size_t i = 0; i < count; i++) {
      assert_true(strokes[i].time_s == reference[i].time_s);
      assert_int_equal(strokes[i].drum, reference[i].drum);
      assert_true(strokes[i].velocity == reference[i].velocity);
      assert_true(strokes[i].confidence == reference[i].confidence);
    }
  }
  free(s.x);
}

/* The instrument's promise: 20 dB of signal over noise, every drum. */
static void an_attack_is_timed_to_a_fraction_of_a_millisecond(void** state) {
  (void)state;
  print_message("seed %d\n", SEED);
  static const dt_drum drums[] = {DT_KICK,       DT_SNARE,   DT_CROSS_STICK, DT_HIHAT_CLOSED,
                                  DT_HIHAT_OPEN, DT_TOM_LOW, DT_TOM_HIGH,    DT_RIDE,
                                  DT_RIDE_BELL,  DT_CRASH};
  for (size_t d = 0; d < sizeof drums / sizeof drums[0]; d++) {
    sound s = silence(13);
    dt_synthkit* kit = dt_synthkit_new(NULL, RATE, 2);
    assert_non_null(kit);
    dt_rng rng = dt_rng_seeded(SEED, d);
    double truth[12];
    for (int i = 0; i < 12; i++) {
      truth[i] = 0.5 + i + 0.1 * dt_rng_uniform(&rng);
      strike(&s, kit, truth[i], drums[d], 90);
    }
    double power = 0;
    for (size_t n = 0; n < 2205; n++) {
      double x = (double)s.x[(size_t)(truth[0] * RATE) + n];
      power += x * x / 2205;
    }
    add_noise(&s, 0.1 * sqrt(power), d);
    dt_stroke strokes[400];
    size_t count = hear(&s, RATE, 4096, strokes, 400);
    double errors_ms[12];
    double scratch[12];
    for (int i = 0; i < 12; i++) {
      errors_ms[i] = HUGE_VAL;
      for (size_t k = 0; k < count; k++)
        if (fabs(strokes[k].time_s - truth[i]) * 1e3 < fabs(errors_ms[i]))
          errors_ms[i] = (strokes[k].time_s - truth[i]) * 1e3;
      assert_true(fabs(errors_ms[i]) < 2);
    }
    assert_true(fabs(dt_median(errors_ms, 12, scratch)) < 0.2);
    assert_true(dt_robust_sd(errors_ms, 12, scratch) < 0.3);
    dt_synthkit_free(kit);
    free(s.x);
  }
}

static void a_flam_is_two_strokes(void** state) {
  (void)state;
  static const double apart_s[] = {0.020, 0.030, 0.040};
  static const dt_drum drums[] = {DT_SNARE, DT_TOM_HIGH, DT_TOM_LOW};
  for (size_t a = 0; a < 3; a++) {
    for (size_t d = 0; d < 3; d++) {
      sound s = silence(2);
      dt_synthkit* kit = dt_synthkit_new(NULL, RATE, 3);
      assert_non_null(kit);
      strike(&s, kit, 0.5, drums[d], 60);
      strike(&s, kit, 0.5 + apart_s[a], drums[d], 100);
      add_noise(&s, 1e-4, 3);
      dt_stroke strokes[50];
      size_t count = hear(&s, RATE, 512, strokes, 50);
      bool grace = false;
      bool main_stroke = false;
      for (size_t i = 0; i < count; i++) {
        grace = grace || fabs(strokes[i].time_s - 0.5) < 0.001;
        main_stroke = main_stroke || fabs(strokes[i].time_s - 0.5 - apart_s[a]) < 0.001;
      }
      assert_true(grace);
      assert_true(main_stroke);
      dt_synthkit_free(kit);
      free(s.x);
    }
  }
}

static void the_drum_struck_is_named(void** state) {
  (void)state;
  static const dt_drum drums[] = {DT_KICK, DT_SNARE, DT_HIHAT_CLOSED};
  sound s = silence(10);
  dt_synthkit* kit = dt_synthkit_new(NULL, RATE, 4);
  assert_non_null(kit);
  for (int i = 0; i < 18; i++)
    strike(&s, kit, 0.25 + 0.5 * i, drums[i % 3], 90);
  dt_stroke strokes[200];
  size_t count = hear(&s, RATE, 4096, strokes, 200);
  for (int i = 0; i < 18; i++) {
    bool named = false;
    for (size_t k = 0; k < count; k++)
      named = named || (fabs(strokes[k].time_s - 0.25 - 0.5 * i) < 0.002 &&
                        dt_drum_voice(strokes[k].drum) == dt_drum_voice(drums[i % 3]));
    assert_true(named);
  }
  dt_synthkit_free(kit);
  free(s.x);
}

static void harder_is_louder(void** state) {
  (void)state;
  static const dt_drum drums[] = {DT_KICK, DT_SNARE, DT_HIHAT_CLOSED};
  for (size_t d = 0; d < 3; d++) {
    sound s = silence(3);
    dt_synthkit* kit = dt_synthkit_new(NULL, RATE, 5);
    assert_non_null(kit);
    strike(&s, kit, 0.5, drums[d], 120);
    strike(&s, kit, 1.5, drums[d], 40);
    dt_stroke strokes[20];
    size_t count = hear(&s, RATE, 4096, strokes, 20);
    float loud = 0;
    float soft = 0;
    for (size_t i = 0; i < count; i++) {
      if (fabs(strokes[i].time_s - 0.5) < 0.002)
        loud = fmaxf(loud, strokes[i].velocity);
      if (fabs(strokes[i].time_s - 1.5) < 0.002)
        soft = fmaxf(soft, strokes[i].velocity);
    }
    assert_true(soft > 0);
    if (!(loud > soft + 10))
      fail_msg("drum %zu: %.1f not much louder than %.1f", d, (double)loud, (double)soft);
    dt_synthkit_free(kit);
    free(s.x);
  }
}

static void nothing_is_heard_in_nothing(void** state) {
  (void)state;
  dt_stroke strokes[200];
  sound s = silence(3);
  assert_int_equal(hear(&s, RATE, 4096, strokes, 200), 0);
  for (size_t n = 0; n < s.count; n++)
    s.x[n] = 0.7f; /* The current that switches on is one stroke at most. */
  assert_true(hear(&s, RATE, 4096, strokes, 200) <= 3);
  for (size_t n = 0; n < s.count; n++)
    s.x[n] = n % 2 == 0 ? (float)NAN : (float)INFINITY;
  assert_int_equal(hear(&s, RATE, 4096, strokes, 200), 0);
  free(s.x);
}

static void steady_noise_is_no_storm(void** state) {
  (void)state;
  print_message("seed %d\n", SEED);
  dt_stroke strokes[2000];
  static const double levels[] = {1e-4, 1e-2, 0.3};
  for (size_t l = 0; l < 3; l++) {
    sound s = silence(20);
    add_noise(&s, levels[l], 6 + l);
    size_t count = hear(&s, RATE, 4096, strokes, 2000);
    print_message("noise %g: %zu strokes in 20 s\n", levels[l], count);
    assert_true(count <= 10);
    free(s.x);
  }
}

static void clipped_and_absurd_sound_is_survived(void** state) {
  (void)state;
  dt_stroke strokes[2000];
  static const float gains[] = {30, 1e6f, 1e30f, 1e-6f, 1e-30f};
  for (size_t g = 0; g < sizeof gains / sizeof gains[0]; g++) {
    sound s = groove();
    for (size_t n = 0; n < s.count; n++) {
      s.x[n] *= gains[g];
      if (g == 0)
        s.x[n] = fmaxf(-1, fminf(1, s.x[n]));
      if (n % 1001 == 0 && g == 1)
        s.x[n] = (float)NAN;
    }
    size_t count = hear(&s, RATE, 4096, strokes, 2000);
    if (g == 0)
      assert_true(count >= 12);
    free(s.x);
  }
}

static void a_bad_sample_does_not_deafen(void** state) {
  (void)state;
  static const float bad[] = {(float)NAN, (float)INFINITY, (float)-INFINITY};
  for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
    sound s = silence(2);
    dt_synthkit* kit = dt_synthkit_new(NULL, RATE, 1);
    assert_non_null(kit);
    strike(&s, kit, 1, DT_SNARE, 100);
    s.x[4410] = bad[b];
    dt_stroke strokes[50];
    size_t count = hear(&s, RATE, 4096, strokes, 50);
    bool found = false;
    for (size_t i = 0; i < count; i++)
      found = found || fabs(strokes[i].time_s - 1) < 0.001;
    assert_true(found);
    dt_synthkit_free(kit);
    free(s.x);
  }
}

static void every_rate_is_heard(void** state) {
  (void)state;
  static const int rates[] = {8000, 11025, 22050, 32000, 48000, 96000, 192000};
  for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
    sound s = {.count = (size_t)(2.6 * rates[r])};
    s.x = calloc(s.count, sizeof *s.x);
    assert_non_null(s.x);
    dt_synthkit* kit = dt_synthkit_new(NULL, rates[r], 1);
    assert_non_null(kit);
    for (int i = 0; i < 4; i++)
      strike(&s, kit, 0.5 + 0.5 * i, i % 2 == 0 ? DT_SNARE : DT_KICK, 100);
    dt_stroke strokes[100];
    size_t count = hear(&s, rates[r], 1000, strokes, 100);
    for (int i = 0; i < 4; i++) {
      bool found = false;
      for (size_t k = 0; k < count; k++)
        found = found || fabs(strokes[k].time_s - 0.5 - 0.5 * i) < 0.0006;
      assert_true(found);
    }
    dt_synthkit_free(kit);
    free(s.x);
  }
}

static void positions_shift_the_strokes(void** state) {
  (void)state;
  sound s = groove();
  dt_stroke plain[200];
  dt_stroke shifted[200];
  size_t count = hear(&s, RATE, 4096, plain, 200);
  dt_ear* ear = dt_ear_new(NULL, RATE);
  assert_non_null(ear);
  assert_int_equal(hear_from(ear, &s, 4096, 10 * RATE, shifted, 200), count);
  for (size_t i = 0; i < count; i++)
    assert_true(fabs(shifted[i].time_s - plain[i].time_s - 10) < 1e-9);
  /* The same ear again, from the beginning: it remembers nothing. */
  assert_int_equal(hear_from(ear, &s, 4096, 0, shifted, 200), count);
  for (size_t i = 0; i < count; i++)
    assert_true(shifted[i].time_s == plain[i].time_s);
  dt_ear_free(ear);
  free(s.x);
}

static void a_gap_is_silence_and_a_jump_back_a_fresh_start(void** state) {
  (void)state;
  sound s = groove();
  dt_stroke strokes[400];
  dt_stroke plain[200];
  size_t count = hear(&s, RATE, 4096, plain, 200);
  static const dt_frame jumps[] = {RATE / 2, 3 * RATE, 100000000000, -2 * RATE};
  for (size_t j = 0; j < sizeof jumps / sizeof jumps[0]; j++) {
    dt_ear* ear = dt_ear_new(NULL, RATE);
    assert_non_null(ear);
    size_t heard = 0;
    for (int round = 0; round < 2; round++) {
      for (size_t at = 0; at < s.count; at += 4000) {
        dt_frame position = (dt_frame)at + round * ((dt_frame)s.count + jumps[j]);
        size_t part = s.count - at < 4000 ? s.count - at : 4000;
        dt_ear_process(ear, s.x + at, part, position);
        heard = drain(ear, strokes, heard, 400);
      }
    }
    dt_ear_finish(ear);
    heard = drain(ear, strokes, heard, 400);
    double shift_s = (double)((dt_frame)s.count + jumps[j]) / RATE;
    /* The first snare of the second round is where it belongs. */
    bool found = false;
    for (size_t i = 0; i < heard; i++)
      found = found || fabs(strokes[i].time_s - shift_s - 0.7) < 0.002;
    assert_true(found);
    assert_true(heard >= 2 * count - 8 && heard <= 2 * count + 8);
    dt_ear_free(ear);
  }
  free(s.x);
}

static void a_sound_cut_off_is_no_stroke(void** state) {
  (void)state;
  sound s = silence(1);
  dt_synthkit* kit = dt_synthkit_new(NULL, RATE, 1);
  assert_non_null(kit);
  strike(&s, kit, 0.9, DT_KICK, 110);
  dt_stroke strokes[20];
  size_t count = hear(&s, RATE, 4096, strokes, 20);
  assert_true(count >= 1);
  for (size_t i = 0; i < count; i++)
    assert_true(fabs(strokes[i].time_s - 0.9) < 0.002);
  dt_synthkit_free(kit);
  free(s.x);
}

static void the_hiss_that_a_file_begins_with_is_no_stroke(void** state) {
  (void)state;
  sound s = silence(3);
  dt_synthkit* kit = dt_synthkit_new(NULL, RATE, 1);
  assert_non_null(kit);
  strike(&s, kit, 1, DT_SNARE, 90);
  add_noise(&s, 1e-3, 30);
  dt_stroke strokes[20];
  size_t count = hear(&s, RATE, 4096, strokes, 20);
  assert_true(count >= 1);
  assert_true(strokes[0].time_s > 0.9);
  /* But a loop cut at its first stroke begins with it. */
  memmove(s.x, s.x + RATE, (size_t)RATE * sizeof *s.x);
  count = hear(&s, RATE, 4096, strokes, 20);
  assert_true(count >= 1);
  assert_true(strokes[0].time_s < 0.001);
  dt_synthkit_free(kit);
  free(s.x);
}

static bool build_and_free(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  dt_ear* ear = dt_ear_new(allocator, RATE);
  bool is_built = ear != NULL;
  dt_ear_free(ear);
  return is_built;
}

static void lack_of_memory_and_bad_rates_are_refused(void** state) {
  (void)state;
  assert_int_equal(dt_failing_sweep(build_and_free, NULL), 1);
  assert_null(dt_ear_new(NULL, 7999));
  assert_null(dt_ear_new(NULL, 192001));
  assert_null(dt_ear_new(NULL, -1));
  dt_ear_free(NULL);
}

static void the_instrument_states_its_own_error(void** state) {
  (void)state;
  assert_true(dt_ear_jitter_s() > 0 && dt_ear_jitter_s() < 0.0003);
  for (int d = 0; d < DT_DRUM_COUNT; d++)
    assert_true(fabs(dt_ear_bias_s((dt_drum)d)) < 0.0002);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(strokes_do_not_depend_on_the_blocks),
      cmocka_unit_test(an_attack_is_timed_to_a_fraction_of_a_millisecond),
      cmocka_unit_test(a_flam_is_two_strokes),
      cmocka_unit_test(the_drum_struck_is_named),
      cmocka_unit_test(harder_is_louder),
      cmocka_unit_test(nothing_is_heard_in_nothing),
      cmocka_unit_test(steady_noise_is_no_storm),
      cmocka_unit_test(clipped_and_absurd_sound_is_survived),
      cmocka_unit_test(a_bad_sample_does_not_deafen),
      cmocka_unit_test(every_rate_is_heard),
      cmocka_unit_test(positions_shift_the_strokes),
      cmocka_unit_test(a_gap_is_silence_and_a_jump_back_a_fresh_start),
      cmocka_unit_test(a_sound_cut_off_is_no_stroke),
      cmocka_unit_test(the_hiss_that_a_file_begins_with_is_no_stroke),
      cmocka_unit_test(lack_of_memory_and_bad_rates_are_refused),
      cmocka_unit_test(the_instrument_states_its_own_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
