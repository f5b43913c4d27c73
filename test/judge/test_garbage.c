#include "judge_support.h"

#include "dt/rng.h"

/*
 * Nobody's playing breaks the judge: strokes from nowhere, in every mode, still give a verdict
 * whose numbers hold together, or a refusal with a sentence.
 *
 *   DT_SEEDS=5000 DT_FIRST_SEED=1 test_garbage      looks further
 */

static uint64_t from_environment(const char* name, uint64_t otherwise) {
  const char* text = getenv(name);
  return text ? strtoull(text, NULL, 10) : otherwise;
}

static double step_s(dt_rng* rng, int kind) {
  const double u = dt_rng_uniform(rng);
  switch (kind) {
  case 0: /* anywhere */
    return -0.25 * log(1.0 - u);
  case 1: /* a thousand a second */
    return 0.001 * u;
  case 2: /* many at once */
    return u < 0.7 ? 0.0 : 0.3 * u;
  case 3: /* on a grid, exactly */
    return 0.125 * dt_rng_below(rng, 4);
  case 4: /* on a grid, nearly, with holes */
    return 0.125 * dt_rng_below(rng, 4) + 0.01 * u + (dt_rng_below(rng, 40) == 0 ? 60.0 : 0.0);
  case 5: /* all at the same time */
    return 0.0;
  case 6: /* ever faster */
    return 0.5 * u * u * u * u;
  default: /* long silences */
    return dt_rng_below(rng, 10) == 0 ? 300.0 * u : 0.2 * u;
  }
}

static double start_s(dt_rng* rng) {
  static const double START[] = {0.0, 0.0, 1.7, 1e3, 1e6};
  return START[dt_rng_below(rng, 5)];
}

static size_t how_many(dt_rng* rng) {
  switch (dt_rng_below(rng, 8)) {
  case 0:
    return dt_rng_below(rng, 12);
  case 1:
    return 500 + dt_rng_below(rng, 1500);
  default:
    return 5 + dt_rng_below(rng, 120);
  }
}

static dt_take garbage(dt_rng* rng) {
  dt_take take;
  memset(&take, 0, sizeof(take));
  const int kind = (int)dt_rng_below(rng, 8);
  const uint32_t drums = 1 + dt_rng_below(rng, DT_DRUM_COUNT);
  double time_s = start_s(rng);
  for (size_t n = how_many(rng); n > 0; --n) {
    dt_stroke stroke = dt_stroke_at(time_s, (dt_drum)dt_rng_below(rng, drums));
    stroke.velocity = (float)dt_rng_below(rng, 128);
    assert_int_equal(dt_strokes_add(&take.strokes, NULL, &stroke), DT_OK);
    time_s += step_s(rng, kind);
  }
  take.duration_s = time_s;
  take.clock_jitter_s = dt_rng_below(rng, 3) == 0 ? 0.01 * dt_rng_uniform(rng) : 0.0;
  dt_strokes_sort(&take.strokes);
  return take;
}

static void add_click(dt_rng* rng, dt_take* take) {
  static const int NUMERATOR[] = {4, 3, 6, 7, 1, 64};
  take->has_click = true;
  take->click.ticks_per_quarter = 1 + (int32_t)dt_rng_below(rng, 2000);
  const dt_meter meter = {NUMERATOR[dt_rng_below(rng, 6)], 1 << dt_rng_below(rng, 7)};
  assert_int_equal(dt_tempo_map_set_meter(&take->click, NULL, 0, meter), DT_OK);
  dt_tick tick = 0;
  for (uint32_t n = 1 + dt_rng_below(rng, 4); n > 0; --n) {
    const double bpm = 30.0 * pow(10.0, dt_rng_uniform(rng));
    assert_int_equal(dt_tempo_map_set_tempo(&take->click, NULL, tick, 6e7 / bpm), DT_OK);
    tick += 1 + dt_rng_below(rng, 40000);
  }
}

static dt_judge_config any_config(dt_rng* rng, const dt_take* take) {
  dt_judge_config config = dt_judge_default(take);
  config.level = (dt_level)dt_rng_below(rng, 3);
  const uint32_t choice = dt_rng_below(rng, 3);
  if (choice == 0) {
    config.mode = DT_GRID_FREE;
  } else if (choice == 1) {
    config.mode = DT_GRID_TEMPO;
    config.bpm = 20.0 + 380.0 * dt_rng_uniform(rng);
    config.start_s = dt_rng_below(rng, 2) ? 3.0 * dt_rng_uniform(rng) : -1.0;
  }
  if (dt_rng_below(rng, 2)) {
    config.meter.numerator = 1 + (int)dt_rng_below(rng, 64);
    config.meter.denominator = 1 << dt_rng_below(rng, 7);
  }
  return config;
}

static void judge_one(uint64_t seed) {
  dt_rng rng = dt_rng_seeded(seed, 7);
  dt_take take = garbage(&rng);
  if (dt_rng_below(&rng, 2))
    add_click(&rng, &take);
  const dt_judge_config config = any_config(&rng, &take);
  dt_verdict verdict;
  dt_error err = {.sentence = ""};
  const dt_status status = dt_judge(&verdict, NULL, &take, &config, &err);
  if (status != DT_OK)
    fail_msg("%s", err.sentence);
  dt__assert_sound(&verdict, &take);
  dt_verdict_clear(&verdict, NULL);
  dt_take_clear(&take, NULL);
}

static void strokes_from_nowhere_get_a_verdict_that_holds_together(void** state) {
  (void)state;
  const uint64_t first = from_environment("DT_FIRST_SEED", 1);
  const uint64_t count = from_environment("DT_SEEDS", 150);
  print_message("Seeds %llu to %llu\n", (unsigned long long)first,
                (unsigned long long)(first + count - 1));
  for (uint64_t seed = first; seed < first + count; ++seed) {
    if (getenv("DT_SAY_SEED"))
      print_message("seed %llu\n", (unsigned long long)seed);
    judge_one(seed);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(strokes_from_nowhere_get_a_verdict_that_holds_together),
  };
  return cmocka_run_group_tests_name("garbage", tests, NULL, NULL);
}
