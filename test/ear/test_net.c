#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/failing_allocator.h"
#include "../support/net_model.h"
#include "net.h"

#define SEED   23
#define FRAMES 150
#define MOST   4096

/* The usual size, and odd ones: no convolution in a branch, other kernels, no multiples of 8. */
static const dt_net_shape odd_shapes[] = {
    {{{{7, 2, 3}}, {{5, 4, 7}, {3, 1, 1}, {6, 2, 3}, {9, 3, 5}}}, 19, {13, 30, 21}},
    {{{{0, 0, 0}}, {{8, 3, 3}, {4, 3, 3}}}, 24, {8}},
    {{{{16, 3, 5}, {8, 3, 3}}, {{0, 0, 0}}}, 33, {40, 24}},
};
enum { SHAPES = sizeof odd_shapes / sizeof odd_shapes[0] };

typedef struct built {
  unsigned char* bytes;
  size_t size;
  dt_model model;
  dt__net net;
  void* block;
  size_t used;
} built;

static void build_from(built* b, dt_model_writer* w) {
  dt_error error = {.sentence = ""};
  b->bytes = dt_writer_bytes(w, &b->size);
  dt_writer_clear(w);
  if (dt_model_parse(&b->model, b->bytes, b->size, &error) != DT_OK ||
      dt__net_plan(&b->net, &b->model, &error) != DT_OK)
    fail_msg("%s", error.sentence);
  dt_arena arena = dt_arena_measure();
  dt__net_layout(&b->net, &arena);
  b->used = arena.used;
  b->block = malloc(b->used);
  assert_non_null(b->block);
  memset(b->block, 0xCD, b->used); /* what is used before it is set stands out */
  arena = dt_arena_over(b->block, b->used);
  dt__net_layout(&b->net, &arena);
  assert_int_equal(arena.used, b->used);
  dt__net_load(&b->net, &b->model);
}

static void build(built* b, const dt_net_shape* shape) {
  dt_model_writer w = {.count = 0};
  dt_net_model(&w, shape, SEED);
  build_from(b, &w);
}

static void destroy(built* b) {
  free(b->block);
  free(b->bytes);
}

static float features[FRAMES * DT__NET_INPUTS];
static dt__net_out whole[FRAMES], parts[FRAMES];

static void make_features(void) {
  dt_rng rng = dt_rng_seeded(SEED, 2);
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
  double x[FRAMES][MOST];
  double y[FRAMES][MOST];
  double dense[FRAMES][MOST];
} reference;

static reference ref;

static dt_tensor tensor_of(const char* format, const char* branch, int i) {
  char name[64];
  dt_tensor t = {.count = 0};
  snprintf(name, sizeof name, format, branch, i);
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

static void check_against_reference(const dt__net_out* out) {
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
    double y[DT__NET_OUTPUTS];
    for (size_t i = 0; i < DT__NET_OUTPUTS; i++)
      y[i] = row_of(&head_w, &head_b, i, ref.dense[f]);
    for (int i = 0; i < 5; i++) {
      assert_true(fabs((double)out[f].family_p[i] - logistic(y[i])) < 1e-5);
      assert_true(fabs((double)out[f].family_offset_ms[i] - 10 * tanh(y[5 + i])) < 1e-4);
    }
    for (int i = 0; i < 12; i++) {
      assert_true(fabs((double)out[f].drum_p[i] - logistic(y[10 + i])) < 1e-5);
      assert_true(fabs((double)out[f].drum_velocity[i] - logistic(y[22 + i])) < 1e-5);
    }
  }
}

static void answers_are_those_of_the_definition(void** state) {
  (void)state;
  print_message("seed %d\n", SEED);
  make_features();
  for (int s = -1; s < SHAPES; s++) {
    built b;
    build(&b, s < 0 ? &dt_net_usual : &odd_shapes[s]);
    run_in_steps(&b.net, FRAMES, whole);
    ref.model = &b.model;
    check_against_reference(whole);
    destroy(&b);
  }
}

static void answers_do_not_depend_on_how_frames_are_dealt_out(void** state) {
  (void)state;
  static const size_t steps[] = {1, 2, 3, 5, 63, 64, 65, 100};
  make_features();
  for (int s = -1; s < SHAPES; s++) {
    built b;
    build(&b, s < 0 ? &dt_net_usual : &odd_shapes[s]);
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
  for (int s = -1; s < SHAPES; s++) {
    built b;
    build(&b, s < 0 ? &dt_net_usual : &odd_shapes[s]);
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
  for (int huge = 0; huge < 2; huge++) {
    built b;
    dt_model_writer w = {.count = 0};
    dt_net_model(&w, &dt_net_usual, SEED);
    for (size_t i = 0; i < w.count && huge; i++) {
      float* x = w.data[i];
      x[0] = 3e38f;
      x[w.sizes[i] / 8] = -3e38f;
    }
    build_from(&b, &w);
    for (size_t i = 0; i < FRAMES * DT__NET_INPUTS; i++)
      if (i % 3 == 0 && i / DT__NET_INPUTS % 20 > 10)
        features[i] = bad[i / 3 % 7];
    run_in_steps(&b.net, FRAMES, whole);
    require_in_range(whole, FRAMES);
    run_in_steps(&b.net, 7, parts);
    assert_memory_equal(parts, whole, sizeof whole);
    for (size_t g = 0; g < b.net.gru_count; g++)
      for (size_t i = 0; i < b.net.grus[g].size; i++)
        assert_true(fabsf(b.net.grus[g].h[i]) <= 1);
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
  dt_net_model(&w, &dt_net_usual, SEED);
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
      for (size_t g = 0; g < b.net.gru_count; g++)
        for (size_t k = 0; k < b.net.grus[g].size; k++)
          assert_true(fpclassify(b.net.grus[g].h[k]) != FP_SUBNORMAL);
    }
  for (size_t k = 0; k < b.net.grus[1].size; k++)
    assert_true(b.net.grus[1].h[k] == 0);
  destroy(&b);
}

static void thresholds_are_half_where_the_model_says_nothing(void** state) {
  (void)state;
  built b;
  build(&b, &odd_shapes[1]);
  for (int i = 0; i < DT__NET_FAMILIES; i++)
    assert_true(b.net.thresholds.family[i] == 0.5f);
  for (int i = 0; i < DT__NET_DRUMS; i++)
    assert_true(b.net.thresholds.drum[i] == 0.5f);
  destroy(&b);
  float drum[DT__NET_DRUMS];
  for (int i = 0; i < DT__NET_DRUMS; i++)
    drum[i] = 0.25f + 0.03125f * (float)i;
  dt_model_writer w = {.count = 0};
  dt_net_model(&w, &odd_shapes[1], SEED);
  dt_writer_add(&w, "threshold.drum", DT_MODEL_F32, (size_t[4]){12}, drum);
  build_from(&b, &w);
  assert_memory_equal(b.net.thresholds.drum, drum, sizeof drum);
  assert_true(b.net.thresholds.family[4] == 0.5f);
  destroy(&b);
}

/* ---- models that are refused ---- */

static void expect_refused(dt_model_writer* w, dt_status status, const char* because) {
  size_t size;
  unsigned char* bytes = dt_writer_bytes(w, &size);
  dt_writer_clear(w);
  dt_model model;
  dt__net net;
  dt_error error = {.sentence = ""};
  assert_int_equal(dt_model_parse(&model, bytes, size, &error), DT_OK);
  const dt_status got = dt__net_plan(&net, &model, &error);
  if (got != status || strstr(error.sentence, because) == NULL)
    fail_msg("status %d, \"%s\", not %d, \"%s\"", (int)got, error.sentence, (int)status, because);
  free(bytes);
}

static size_t index_of(const dt_model_writer* w, const char* name) {
  for (size_t i = 0; i < w->count; i++)
    if (strcmp(w->names[i], name) == 0)
      return i;
  fail_msg("no record %s", name);
  return 0;
}

static void a_model_without_a_record_is_refused_by_its_name(void** state) {
  (void)state;
  dt_model_writer w = {.count = 0};
  dt_net_model(&w, &dt_net_usual, SEED);
  const size_t count = w.count;
  dt_writer_clear(&w);
  for (size_t i = 2; i < count; i++) { /* after the optional ones */
    dt_net_model(&w, &dt_net_usual, SEED);
    w.names[i][0] = 'x';
    expect_refused(&w, DT_BAD_DATA, "");
  }
  dt_net_model(&w, &dt_net_usual, SEED);
  w.names[index_of(&w, "gru1.b_hh")][0] = 'x';
  expect_refused(&w, DT_BAD_DATA, "no record \"gru1.b_hh\"");
  dt_net_model(&w, &dt_net_usual, SEED);
  w.names[index_of(&w, "long.conv1.w")][0] = 'x';
  expect_refused(&w, DT_BAD_DATA, "no record \"long.conv1.w\"");
  dt_net_model(&w, &dt_net_usual, SEED);
  w.names[index_of(&w, "long.conv1.w")][0] = 'x';
  w.names[index_of(&w, "long.conv1.b")][0] = 'x';
  expect_refused(&w, DT_BAD_DATA, "\"long.conv2.w\" without those before it");
}

static void records_that_do_not_fit_together_are_refused(void** state) {
  (void)state;
  static const struct {
    const char* name;
    size_t dims[4];
    dt_status status;
    const char* because;
  } faults[] = {
      {"input.mean", {119}, DT_BAD_DATA, "Dimension 1 of the model's record \"input.mean\""},
      {"input.scale", {120, 1}, DT_BAD_DATA, "2 dimensions, not 1"},
      {"long.conv0.w", {16, 2, 3, 5}, DT_BAD_DATA, "is 2, not 1"},
      {"long.conv0.w", {16, 1, 3, 4}, DT_BAD_DATA, "3 x 4"},
      {"long.conv0.w", {16, 1, 17, 5}, DT_BAD_DATA, "17 x 5"},
      {"long.conv0.w", {16, 1, 1, 33}, DT_BAD_DATA, "1 x 33"},
      {"long.conv0.w", {16, 15}, DT_BAD_DATA, "2 dimensions, not 4"},
      {"long.conv0.w", {4097, 1, 1, 1}, DT_TOO_LARGE, "4097"},
      {"long.conv0.b", {15}, DT_BAD_DATA, "is 15, not 16"},
      {"long.conv1.w", {24, 15, 3, 3}, DT_BAD_DATA, "is 15, not 16"},
      {"short.conv0.w", {16, 1, 3, 3}, DT_BAD_DATA, "is 1, not 2"},
      {"dense0.w", {128, 431}, DT_BAD_DATA, "is 431, not 432"},
      {"dense0.b", {127}, DT_BAD_DATA, "is 127, not 128"},
      {"gru0.w_ih", {288, 127}, DT_BAD_DATA, "is 127, not 128"},
      {"gru0.w_ih", {287, 128}, DT_BAD_DATA, "is 287, not 288"},
      {"gru0.w_hh", {287, 96}, DT_BAD_DATA, "is 287, not 288"},
      {"gru1.w_ih", {288, 95}, DT_BAD_DATA, "is 95, not 96"},
      {"gru1.b_ih", {289}, DT_BAD_DATA, "is 289, not 288"},
      {"head.w", {33, 224}, DT_BAD_DATA, "is 33, not 34"},
      {"head.w", {34, 223}, DT_BAD_DATA, "is 223, not 224"},
      {"head.b", {33}, DT_BAD_DATA, "is 33, not 34"},
      {"threshold.family", {4}, DT_BAD_DATA, "is 4, not 5"},
      {"threshold.drum", {13}, DT_BAD_DATA, "is 13, not 12"},
  };
  for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
    dt_model_writer w = {.count = 0};
    dt_net_model(&w, &dt_net_usual, SEED);
    dt_writer_add(&w, faults[i].name, DT_MODEL_F16, faults[i].dims, NULL);
    /* In the place of the right one. */
    for (size_t k = 0; k + 1 < w.count; k++)
      if (strcmp(w.names[k], faults[i].name) == 0)
        w.names[k][0] = 'x';
    expect_refused(&w, faults[i].status, faults[i].because);
  }
}

static void layers_that_are_too_many_or_too_large_are_refused(void** state) {
  (void)state;
  dt_model_writer w = {.count = 0};
  dt_net_model(&w, &odd_shapes[0], SEED);
  dt_writer_add(&w, "short.conv4.w", DT_MODEL_F16, (size_t[4]){9, 9, 3, 3}, NULL);
  expect_refused(&w, DT_BAD_DATA, "more than 4");
  dt_net_model(&w, &odd_shapes[0], SEED);
  dt_writer_add(&w, "gru3.w_hh", DT_MODEL_F16, (size_t[4]){63, 21}, NULL);
  expect_refused(&w, DT_BAD_DATA, "more than 3");
  const dt_net_shape wide = {{{{200, 1, 1}}, {{1, 1, 1}}}, 8, {8}};
  dt_net_model(&w, &wide, SEED);
  expect_refused(&w, DT_TOO_LARGE, "7200 numbers a frame");
  const dt_net_shape none = {{{{1, 1, 1}}, {{1, 1, 1}}}, 8, {0}};
  dt_net_model(&w, &none, SEED);
  expect_refused(&w, DT_BAD_DATA, "\"gru0.w_hh\"");
  const float too_much[5] = {0, 1, 0.5f, 1.5f, 0};
  dt_net_model(&w, &odd_shapes[1], SEED);
  dt_writer_add(&w, "threshold.family", DT_MODEL_F32, (size_t[4]){5}, too_much);
  expect_refused(&w, DT_BAD_DATA, "Number 4 of the model's record \"threshold.family\"");
}

/* ---- memory ---- */

static bool build_and_free(const dt_allocator* allocator, void* ctx) {
  const dt_model* model = ctx;
  dt__net net;
  assert_int_equal(dt__net_plan(&net, model, NULL), DT_OK);
  dt_arena arena = dt_arena_measure();
  dt__net_layout(&net, &arena);
  const size_t size = arena.used;
  void* block = dt_alloc(allocator, size);
  if (block == NULL)
    return false;
  arena = dt_arena_over(block, size);
  dt__net_layout(&net, &arena);
  dt__net_load(&net, model);
  dt__net_run(&net, features, FRAMES, whole);
  dt_release(allocator, block, size);
  return true;
}

static void all_memory_is_taken_at_once(void** state) {
  (void)state;
  built b;
  build(&b, &odd_shapes[0]);
  make_features();
  assert_int_equal(dt_failing_sweep(build_and_free, &b.model), 1);
  destroy(&b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(answers_are_those_of_the_definition),
      cmocka_unit_test(answers_do_not_depend_on_how_frames_are_dealt_out),
      cmocka_unit_test(answers_are_the_same_bits_on_every_processor),
      cmocka_unit_test(the_future_changes_nothing_and_the_past_does),
      cmocka_unit_test(no_input_or_weight_breaks_the_answers),
      cmocka_unit_test(bad_numbers_count_as_the_header_says),
      cmocka_unit_test(silence_after_sound_ends_in_normal_numbers),
      cmocka_unit_test(thresholds_are_half_where_the_model_says_nothing),
      cmocka_unit_test(a_model_without_a_record_is_refused_by_its_name),
      cmocka_unit_test(records_that_do_not_fit_together_are_refused),
      cmocka_unit_test(layers_that_are_too_many_or_too_large_are_refused),
      cmocka_unit_test(all_memory_is_taken_at_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
