#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net_built.h"

enum { FRAMES = 150, MOST = 4096 };

static float features[FRAMES * DT__NET_INPUTS];
static dt__net_out whole[FRAMES], parts[FRAMES];

static void make_features(void) {
  dt_rng rng = dt_rng_seeded(NET_SEED, 2);
  for (size_t i = 0; i < FRAMES * DT__NET_INPUTS; i++)
    features[i] = (float)(0.7 * dt_rng_normal(&rng));
}

static void run_in_steps(dt__net* net, size_t step, dt__net_out* out) {
  dt__net_reset(net);
  for (size_t at = 0; at < FRAMES; at += step)
    dt__net_run(net, features + at * DT__NET_INPUTS, step < FRAMES - at ? step : FRAMES - at,
                out + at);
}

/* ---- the network once more, in the order of its definition, in doubles ---- */

typedef struct reference {
  const dt_model* model;
  int part;
  double x[FRAMES][MOST];
  double y[FRAMES][MOST];
  double dense[FRAMES][MOST];
  double heads[FRAMES][DT__NET_OUTPUTS]; /* of all parts */
} reference;

static reference ref;

static dt_tensor tensor_of(const char* format, const char* branch, int i) {
  char name[64] = "";
  dt_tensor t = {.count = 0};
  if (ref.part > 0)
    snprintf(name, sizeof name, "net%d.", ref.part);
  snprintf(name + strlen(name), 40, format, branch, i);
  dt_model_find(ref.model, name, &t);
  return t;
}

/* x, channel by channel, to y. */
static void convolve_frame(int frame, const dt_tensor* w, const dt_tensor* b, int bands) {
  const int channels = (int)w->dims[1];
  const int kt = (int)w->dims[2];
  const int kf = (int)w->dims[3];
  const int out_bands = (bands + 1) / 2;
  for (int o = 0; o < (int)w->dims[0]; o++)
    for (int f = 0; f < out_bands; f++) {
      double sum = (double)dt_tensor_at(b, (size_t)o);
      for (int c = 0; c < channels; c++)
        for (int t = 0; t < kt; t++)
          for (int k = 0; k < kf; k++) {
            const int from = frame - (kt - 1) + t;
            const int band = 2 * f + k - (kf - 1) / 2;
            if (from < 0 || band < 0 || band >= bands)
              continue;
            const int at = ((o * channels + c) * kt + t) * kf + k;
            sum += ref.x[from][c * bands + band] * (double)dt_tensor_at(w, (size_t)at);
          }
      ref.y[frame][o * out_bands + f] = fmax(0, sum);
    }
}

/* Appends a branch's numbers to ref.dense (its input, for now); returns how many. */
static int branch_of(const char* name, int channels, int bands, int first, int at) {
  const dt_tensor mean = tensor_of("input.mean", NULL, 0);
  const dt_tensor scale = tensor_of("input.scale", NULL, 0);
  for (int f = 0; f < FRAMES; f++)
    for (int i = 0; i < channels * bands; i++) {
      const size_t k = (size_t)(first + i);
      ref.x[f][i] =
          ((double)features[f * DT__NET_INPUTS + first + i] - (double)dt_tensor_at(&mean, k)) *
          (double)dt_tensor_at(&scale, k);
    }
  for (int i = 0; i < 4; i++) {
    const dt_tensor w = tensor_of("%s.conv%d.w", name, i);
    const dt_tensor b = tensor_of("%s.conv%d.b", name, i);
    if (w.count == 0)
      break;
    for (int f = 0; f < FRAMES; f++)
      convolve_frame(f, &w, &b, bands);
    memcpy(ref.x, ref.y, sizeof ref.x);
    channels = (int)w.dims[0];
    bands = (bands + 1) / 2;
  }
  for (int f = 0; f < FRAMES; f++)
    memcpy(&ref.dense[f][at], ref.x[f], (size_t)(channels * bands) * sizeof(double));
  return at + channels * bands;
}

static double row_of(const dt_tensor* w, const dt_tensor* b, size_t row, const double* x) {
  double sum = (double)dt_tensor_at(b, row);
  for (size_t i = 0; i < w->dims[1]; i++)
    sum += (double)dt_tensor_at(w, row * w->dims[1] + i) * x[i];
  return sum;
}

static double logistic(double x) {
  return 1 / (1 + exp(-x));
}

/* From ref.x to ref.x. */
static size_t gru_of(int layer) {
  const dt_tensor w_ih = tensor_of("%sgru%d.w_ih", "", layer);
  const dt_tensor w_hh = tensor_of("%sgru%d.w_hh", "", layer);
  const dt_tensor b_ih = tensor_of("%sgru%d.b_ih", "", layer);
  const dt_tensor b_hh = tensor_of("%sgru%d.b_hh", "", layer);
  const size_t size = w_hh.count == 0 ? 0 : w_hh.dims[1];
  double h[128] = {0};
  double next[128];
  for (int f = 0; f < FRAMES && size > 0; f++) {
    for (size_t i = 0; i < size; i++) {
      const double* x = ref.x[f];
      const double r = logistic(row_of(&w_ih, &b_ih, i, x) + row_of(&w_hh, &b_hh, i, h));
      const double z =
          logistic(row_of(&w_ih, &b_ih, size + i, x) + row_of(&w_hh, &b_hh, size + i, h));
      const double n =
          tanh(row_of(&w_ih, &b_ih, 2 * size + i, x) + r * row_of(&w_hh, &b_hh, 2 * size + i, h));
      next[i] = (1 - z) * n + z * h[i];
    }
    memcpy(h, next, sizeof h);
    memcpy(ref.x[f], h, size * sizeof *h);
  }
  return size;
}

/* Adds what the part's head says to ref.heads. */
static void add_part(int part) {
  ref.part = part;
  const int flat = branch_of("short", 2, 24, 72, branch_of("long", 1, 72, 0, 0));
  const dt_tensor w = tensor_of("dense0.w", NULL, 0);
  const dt_tensor b = tensor_of("dense0.b", NULL, 0);
  const size_t dense = w.dims[0];
  assert_int_equal(w.dims[1], flat);
  for (int f = 0; f < FRAMES; f++) {
    for (size_t i = 0; i < dense; i++)
      ref.x[f][i] = fmax(0, row_of(&w, &b, i, ref.dense[f]));
    memcpy(ref.dense[f], ref.x[f], dense * sizeof(double));
  }
  size_t last = 0;
  for (int layer = 0; layer < 3; layer++) {
    const size_t size = gru_of(layer);
    last = size > 0 ? size : last;
  }
  const dt_tensor head_w = tensor_of("head.w", NULL, 0);
  const dt_tensor head_b = tensor_of("head.b", NULL, 0);
  for (int f = 0; f < FRAMES; f++) {
    memcpy(&ref.dense[f][dense], ref.x[f], last * sizeof(double));
    for (size_t i = 0; i < DT__NET_OUTPUTS; i++)
      ref.heads[f][i] += row_of(&head_w, &head_b, i, ref.dense[f]);
  }
}

/* `most`: of a chance, a velocity or a tenth of an offset. */
static void check_against_reference(const dt__net* net, const dt__net_out* out, double most) {
  memset(ref.heads, 0, sizeof ref.heads);
  for (size_t part = 0; part < net->part_count; part++)
    add_part((int)part);
  for (int f = 0; f < FRAMES; f++) {
    double y[DT__NET_OUTPUTS];
    for (int i = 0; i < DT__NET_OUTPUTS; i++)
      y[i] = ref.heads[f][i] / (double)net->part_count;
    for (int i = 0; i < 5; i++) {
      assert_true(fabs((double)out[f].family_p[i] - logistic(y[i])) < most);
      assert_true(fabs((double)out[f].family_offset_ms[i] - 10 * tanh(y[5 + i])) < 10 * most);
    }
    for (int i = 0; i < 12; i++) {
      assert_true(fabs((double)out[f].drum_p[i] - logistic(y[10 + i])) < most);
      assert_true(fabs((double)out[f].drum_velocity[i] - logistic(y[22 + i])) < most);
    }
  }
}

static void answers_are_those_of_the_definition(void** state) {
  (void)state;
  print_message("seed %d\n", NET_SEED);
  make_features();
  for (int s = -1; s < SHAPES; s++) {
    built b;
    build(&b, s < 0 ? &dt_net_usual : &odd_shapes[s]);
    run_in_steps(&b.net, FRAMES, whole);
    ref.model = &b.model;
    check_against_reference(&b.net, whole, 1e-5);
    destroy(&b);
  }
}

/* Every shape as a part of one model. */
static void build_all(built* b) {
  dt_model_writer w = {.count = 0};
  dt_net_model(&w, &dt_net_usual, NET_SEED);
  for (int s = 0; s < SHAPES; s++)
    dt_net_model_more(&w, &odd_shapes[s], NET_SEED + 1, s + 1);
  build_from(b, &w);
  assert_int_equal(b->net.part_count, 1 + SHAPES);
}

static void several_networks_are_heard_together(void** state) {
  (void)state;
  built b;
  build_all(&b);
  make_features();
  run_in_steps(&b.net, FRAMES, whole);
  ref.model = &b.model;
  check_against_reference(&b.net, whole, 1e-5);
  run_in_steps(&b.net, 7, parts);
  assert_memory_equal(parts, whole, sizeof whole);
  destroy(&b);
}

/* One network in floats, one in whole numbers. */
static void build_both(built* b) {
  dt_model_writer w = {.count = 0};
  dt_net_model(&w, &odd_shapes[1], NET_SEED);
  const size_t first = w.count;
  dt_net_model(&w, &odd_shapes[0], NET_SEED + 1);
  dt_net_largest(&w, &odd_shapes[0], 40);
  dt_net_as_part(&w, first, 1);
  build_from(b, &w);
  assert_false(b->net.parts[0].is_whole);
  assert_true(b->net.parts[1].is_whole);
}

/* Weights are rounded to 8 bits, and what goes between layers to 16; a model may have both kinds.
 */
static void answers_in_whole_numbers_are_near_the_definition(void** state) {
  (void)state;
  make_features();
  for (int s = -1; s <= SHAPES; s++) {
    built b;
    if (s < SHAPES)
      build_any(&b, s, true);
    else
      build_both(&b);
    run_in_steps(&b.net, FRAMES, whole);
    ref.model = &b.model;
    check_against_reference(&b.net, whole, 0.06);
    destroy(&b);
  }
}

static void answers_do_not_depend_on_how_frames_are_dealt_out(void** state) {
  (void)state;
  static const size_t steps[] = {1, 2, 3, 5, 63, 64, 65, 100};
  make_features();
  for (int n = 0; n < 2 * (1 + SHAPES); n++) {
    built b;
    build_any(&b, n / 2 - 1, n % 2 == 1);
    run_in_steps(&b.net, FRAMES, whole);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
      run_in_steps(&b.net, steps[i], parts);
      assert_memory_equal(parts, whole, sizeof whole);
    }
    dt__net_run(&b.net, features, 0, parts);
    destroy(&b);
  }
}

static void answers_are_the_same_bits_on_every_processor(void** state) {
  (void)state;
  make_features();
  for (int n = 0; n < 2 * (1 + SHAPES); n++) {
    built b;
    build_any(&b, n / 2 - 1, n % 2 == 1);
    b.net.kernels = dt_nn_variant(0);
    run_in_steps(&b.net, FRAMES, whole);
    for (size_t v = 1; dt_nn_variant(v) != NULL; v++) {
      b.net.kernels = dt_nn_variant(v);
      if (!b.net.kernels->is_usable())
        continue;
      run_in_steps(&b.net, FRAMES, parts);
      assert_memory_equal(parts, whole, sizeof whole);
      run_in_steps(&b.net, 1, parts);
      assert_memory_equal(parts, whole, sizeof whole);
    }
    destroy(&b);
  }
}

static void the_future_changes_nothing_and_the_past_does(void** state) {
  (void)state;
  make_features();
  built b;
  build(&b, &dt_net_usual);
  run_in_steps(&b.net, FRAMES, whole);
  features[70 * DT__NET_INPUTS + 90] += 1;
  run_in_steps(&b.net, FRAMES, parts);
  assert_memory_equal(parts, whole, 70 * sizeof *whole);
  for (int f = 70; f < 80; f++)
    assert_memory_not_equal(&parts[f], &whole[f], sizeof *whole);
  make_features();
  run_in_steps(&b.net, FRAMES, parts);
  assert_memory_equal(parts, whole, sizeof whole);
  destroy(&b);
}

static void require_in_range(const dt__net_out* out, size_t count) {
  for (size_t f = 0; f < count; f++) {
    for (int i = 0; i < DT__NET_FAMILIES; i++) {
      assert_true(out[f].family_p[i] >= 0 && out[f].family_p[i] <= 1);
      assert_true(out[f].family_offset_ms[i] >= -10 && out[f].family_offset_ms[i] <= 10);
    }
    for (int i = 0; i < DT__NET_DRUMS; i++) {
      assert_true(out[f].drum_p[i] >= 0 && out[f].drum_p[i] <= 1);
      assert_true(out[f].drum_velocity[i] >= 0 && out[f].drum_velocity[i] <= 1);
    }
  }
}

static void no_input_or_weight_breaks_the_answers(void** state) {
  (void)state;
  static const float bad[] = {NAN, INFINITY, -INFINITY, 3e38f, -3e38f, 1e-40f, 0};
  make_features();
  for (int n = 0; n < 4; n++) {
    const bool huge = n % 2 == 1;
    built b;
    dt_model_writer w = {.count = 0};
    dt_net_model(&w, &dt_net_usual, NET_SEED);
    for (size_t i = 0; i < w.count && huge; i++) {
      float* x = w.data[i];
      x[0] = 3e38f;
      x[w.sizes[i] / 8] = -3e38f;
    }
    if (n >= 2)
      dt_net_largest(&w, &dt_net_usual, huge ? 3e38f : 40);
    build_from(&b, &w);
    for (size_t i = 0; i < FRAMES * DT__NET_INPUTS; i++)
      if (i % 3 == 0 && i / DT__NET_INPUTS % 20 > 10)
        features[i] = bad[i / 3 % 7];
    run_in_steps(&b.net, FRAMES, whole);
    require_in_range(whole, FRAMES);
    run_in_steps(&b.net, 7, parts);
    assert_memory_equal(parts, whole, sizeof whole);
    for (size_t g = 0; g < b.net.parts[0].gru_count; g++)
      for (size_t i = 0; i < b.net.parts[0].grus[g].size; i++)
        assert_true(fabsf(b.net.parts[0].grus[g].h[i]) <= 1);
    destroy(&b);
  }
}

/* A NaN counts as 0, and what is too large as the largest. */
static void bad_numbers_count_as_the_header_says(void** state) {
  (void)state;
  static const float bad[] = {NAN, INFINITY, -INFINITY, 2e6f};
  static const float taken_as[] = {0, 1e6f, -1e6f, 1e6f};
  built b;
  build(&b, &dt_net_usual);
  for (int k = 0; k < 4; k++) {
    make_features();
    features[1000] = bad[k];
    run_in_steps(&b.net, FRAMES, whole);
    features[1000] = taken_as[k];
    run_in_steps(&b.net, FRAMES, parts);
    assert_memory_equal(parts, whole, sizeof whole);
  }
  destroy(&b);
}

/* Weights that make the state die away, bit by bit. */
static void silence_after_sound_ends_in_normal_numbers(void** state) {
  (void)state;
  dt_model_writer w = {.count = 0};
  dt_net_model(&w, &dt_net_usual, NET_SEED);
  for (size_t i = 0; i < w.count; i++)
    if (strchr(w.names[i], 'b') != NULL && strstr(w.names[i], "head") == NULL &&
        (strstr(w.names[i], ".b") != NULL))
      memset(w.data[i], 0, w.sizes[i]);
    else if (strcmp(w.names[i], "input.mean") == 0)
      memset(w.data[i], 0, w.sizes[i]);
    else if (strstr(w.names[i], "w_hh") != NULL)
      for (size_t k = 0; k < w.sizes[i] / 4; k++)
        ((float*)w.data[i])[k] *= 0.3f;
  built b;
  build_from(&b, &w);
  make_features();
  run_in_steps(&b.net, FRAMES, whole);
  memset(features, 0, sizeof features);
  for (int i = 0; i < 3; i++)
    for (size_t f = 0; f < FRAMES; f++) {
      dt__net_run(&b.net, features + f * DT__NET_INPUTS, 1, whole);
      for (size_t g = 0; g < b.net.parts[0].gru_count; g++)
        for (size_t k = 0; k < b.net.parts[0].grus[g].size; k++)
          assert_true(fpclassify(b.net.parts[0].grus[g].h[k]) != FP_SUBNORMAL);
    }
  for (size_t k = 0; k < b.net.parts[0].grus[1].size; k++)
    assert_true(b.net.parts[0].grus[1].h[k] == 0);
  destroy(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(answers_are_those_of_the_definition),
      cmocka_unit_test(several_networks_are_heard_together),
      cmocka_unit_test(answers_in_whole_numbers_are_near_the_definition),
      cmocka_unit_test(answers_do_not_depend_on_how_frames_are_dealt_out),
      cmocka_unit_test(answers_are_the_same_bits_on_every_processor),
      cmocka_unit_test(the_future_changes_nothing_and_the_past_does),
      cmocka_unit_test(no_input_or_weight_breaks_the_answers),
      cmocka_unit_test(bad_numbers_count_as_the_header_says),
      cmocka_unit_test(silence_after_sound_ends_in_normal_numbers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
