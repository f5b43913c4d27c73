#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dt/nn.h"
#include "dt/rng.h"

#define SEED   5
#define CANARY 12345.5f
#define MOST   4096 /* numbers on either side of a product, at most */

static dt_rng rng;
static float weights[64 * 1024], bias[256], in[MOST], got[MOST], plain[MOST];
static int8_t whole[64 * 1024];
static float unit[256];
static int16_t whole_in[MOST];

/* A product with random numbers: a convolution, or with one row and segment a dense layer. */
static dt_nn_matrix matrix;
static dt_nn_rows rows;

static void make(size_t outputs, size_t frames, size_t row_count, size_t segments, size_t segment,
                 size_t step) {
  const size_t in_frame = step * (row_count - 1) + segment;
  matrix = (dt_nn_matrix){
      .inputs = segments * segment, .outputs = outputs, .weights = weights, .bias = bias};
  assert_true(dt_nn_weights_size(matrix.inputs, outputs) <= 64 * 1024);
  assert_true((frames + segments) * in_frame <= MOST);
  assert_true(frames * row_count * (outputs + 1) <= MOST);
  memset(weights, 0, sizeof weights);
  memset(bias, 0, sizeof bias);
  for (size_t o = 0; o < outputs; o++) {
    bias[o] = (float)dt_rng_normal(&rng);
    for (size_t i = 0; i < matrix.inputs; i++)
      weights[dt_nn_weight_at(&matrix, i, o)] = (float)dt_rng_normal(&rng);
  }
  for (size_t i = 0; i < MOST; i++)
    in[i] = (float)dt_rng_normal(&rng);
  rows = (dt_nn_rows){.in = in,
                      .in_frame = in_frame,
                      .in_row = step,
                      .in_segment = in_frame,
                      .segments = segments,
                      .segment = segment,
                      .out = got,
                      .out_frame = row_count * (outputs + 1),
                      .out_row = outputs + 1,
                      .frames = frames,
                      .rows = row_count,
                      .relu = false};
}

static void multiply(const dt_nn_kernels* kernels, float* out) {
  for (size_t i = 0; i < MOST; i++)
    out[i] = CANARY;
  rows.out = out;
  kernels->multiply(&matrix, &rows);
}

/* Floats become whole numbers: some as large as can be, so that sums come near their limit. */
static void make_whole(void) {
  matrix.whole = whole;
  matrix.unit = unit;
  memset(whole, 0, sizeof whole);
  const size_t largest = DT_NN_WHOLE_SUM / matrix.inputs;
  const uint32_t is_full = dt_rng_below(&rng, 3);
  for (size_t o = 0; o < matrix.outputs; o++) {
    unit[o] = (float)dt_rng_normal(&rng) * 1e-6f;
    for (size_t i = 0; i < matrix.inputs; i++) {
      const int most = largest < 127 ? (int)largest : 127;
      const int w = is_full == 0 ? most : (int)dt_rng_below(&rng, 2 * (uint32_t)most + 1) - most;
      whole[dt_nn_whole_at(&matrix, i, o)] = (int8_t)w;
    }
  }
  for (size_t i = 0; i < MOST; i++) {
    const int x = (int)dt_rng_below(&rng, 2u * DT_NN_WHOLE_MAX + 1) - DT_NN_WHOLE_MAX;
    whole_in[i] = (int16_t)(is_full == 0 ? DT_NN_WHOLE_MAX : x);
  }
  rows.in = whole_in;
}

static void make_any(void) {
  const bool is_dense = dt_rng_below(&rng, 2) == 0;
  const size_t outputs = 1 + dt_rng_below(&rng, 70);
  const size_t frames = 1 + dt_rng_below(&rng, 6);
  if (is_dense) {
    make(outputs, frames, 1, 1, 1 + dt_rng_below(&rng, 200), 1);
  } else {
    const size_t step = 1 + dt_rng_below(&rng, 12);
    make(outputs, frames, 1 + dt_rng_below(&rng, 9), 1 + dt_rng_below(&rng, 3),
         step + dt_rng_below(&rng, 12), step);
  }
  rows.relu = dt_rng_below(&rng, 2) == 0;
}

static void make_any_whole(void) {
  const bool is_dense = dt_rng_below(&rng, 2) == 0;
  const size_t outputs = 1 + dt_rng_below(&rng, 70);
  const size_t frames = 1 + dt_rng_below(&rng, 6);
  if (is_dense) {
    make(outputs, frames, 1, 1, 2 + 2 * dt_rng_below(&rng, 200), 1);
  } else {
    const size_t step = 1 + dt_rng_below(&rng, 12);
    make(outputs, frames, 1 + dt_rng_below(&rng, 9), 1 + dt_rng_below(&rng, 3),
         (step + 1) / 2 * 2 + 2 * dt_rng_below(&rng, 6), step);
  }
  rows.relu = dt_rng_below(&rng, 2) == 0;
  make_whole();
}

static void a_product_is_the_sum_of_products(void** state) {
  (void)state;
  print_message("seed %d\n", SEED);
  rng = dt_rng_seeded(SEED, 1);
  for (int run = 0; run < 100; run++) {
    make_any();
    multiply(dt_nn_variant(0), plain);
    for (size_t f = 0; f < rows.frames; f++)
      for (size_t r = 0; r < rows.rows; r++)
        for (size_t o = 0; o < matrix.outputs; o++) {
          double sum = bias[o];
          for (size_t s = 0; s < rows.segments; s++)
            for (size_t k = 0; k < rows.segment; k++) {
              const float x = in[f * rows.in_frame + r * rows.in_row + s * rows.in_segment + k];
              sum += (double)x * (double)weights[dt_nn_weight_at(&matrix, s * rows.segment + k, o)];
            }
          if (rows.relu && sum < 0)
            sum = 0;
          assert_true(fabs((double)plain[f * rows.out_frame + r * rows.out_row + o] - sum) < 1e-4);
        }
  }
}

static void every_instruction_set_gives_the_same_bits(void** state) {
  (void)state;
  print_message("seed %d\n", SEED);
  rng = dt_rng_seeded(SEED, 2);
  assert_string_equal(dt_nn_variant(0)->name, "plain C");
  for (int run = 0; run < 2000; run++) {
    make_any();
    multiply(dt_nn_variant(0), plain);
    for (size_t v = 1; dt_nn_variant(v) != NULL; v++) {
      if (!dt_nn_variant(v)->is_usable())
        continue;
      /* The canaries between the rows too: nothing is written beyond the outputs. */
      multiply(dt_nn_variant(v), got);
      if (memcmp(got, plain, sizeof got) != 0)
        fail_msg("%s, run %d: %zu inputs, %zu outputs, %zu x %zu rows", dt_nn_variant(v)->name, run,
                 matrix.inputs, matrix.outputs, rows.frames, rows.rows);
    }
  }
}

/* Floats of every size and sign, and some that are none. */
static size_t make_sweep(float* x, size_t most) {
  size_t count = 0;
  for (uint32_t bits = 0; count < most; bits += (uint32_t)(0x100000000u / most))
    memcpy(&x[count++], &bits, sizeof *x);
  x[0] = -0.0f;
  x[1] = NAN;
  x[2] = INFINITY;
  x[3] = -INFINITY;
  return count - 3; /* not a whole number of vectors */
}

static void a_whole_product_is_exact_until_it_is_rounded(void** state) {
  (void)state;
  print_message("seed %d\n", SEED);
  rng = dt_rng_seeded(SEED, 7);
  for (int run = 0; run < 300; run++) {
    make_any_whole();
    multiply(dt_nn_variant(0), plain);
    for (size_t f = 0; f < rows.frames; f++)
      for (size_t r = 0; r < rows.rows; r++)
        for (size_t o = 0; o < matrix.outputs; o++) {
          int64_t sum = 0;
          for (size_t s = 0; s < rows.segments; s++)
            for (size_t k = 0; k < rows.segment; k++)
              sum +=
                  (int64_t)whole_in[f * rows.in_frame + r * rows.in_row + s * rows.in_segment + k] *
                  whole[dt_nn_whole_at(&matrix, s * rows.segment + k, o)];
          assert_in_range(sum + INT32_MAX, 0, 2 * (int64_t)INT32_MAX);
          const float y = (float)(int32_t)sum * unit[o] + bias[o];
          const size_t at = f * rows.out_frame + r * rows.out_row + o;
          if (rows.relu)
            assert_int_equal(((int16_t*)(void*)plain)[at],
                             (int)fmin(DT_NN_WHOLE_MAX, fmax(0, nearbyint((double)y))));
          else
            assert_memory_equal(&plain[at], &y, sizeof y);
        }
  }
}

static void whole_products_are_the_same_everywhere(void** state) {
  (void)state;
  print_message("seed %d\n", SEED);
  rng = dt_rng_seeded(SEED, 8);
  for (int run = 0; run < 2000; run++) {
    make_any_whole();
    multiply(dt_nn_variant(0), plain);
    for (size_t v = 1; dt_nn_variant(v) != NULL; v++) {
      if (!dt_nn_variant(v)->is_usable())
        continue;
      multiply(dt_nn_variant(v), got);
      if (memcmp(got, plain, sizeof got) != 0)
        fail_msg("%s, run %d: %zu inputs, %zu outputs, %zu x %zu rows", dt_nn_variant(v)->name, run,
                 matrix.inputs, matrix.outputs, rows.frames, rows.rows);
    }
  }
}

static void rounding_is_to_the_nearest_and_the_same_everywhere(void** state) {
  (void)state;
  static const float x[] = {0,    0.5f, 1.5f,  -0.5f,  -1.5f,    2.4f,      -2.6f,
                            1e9f, NAN,  -1e9f, 1e-40f, INFINITY, -INFINITY, 32767.4f};
  static const int16_t wanted[] = {0,     0,      2,      0, -2,    2,      -3,
                                   32767, -32767, -32767, 0, 32767, -32767, 32767};
  enum { COUNT = sizeof x / sizeof x[0] };
  static float sweep[65536];
  static int16_t a[65536], b[65536];
  const size_t count = make_sweep(sweep, 65536);
  for (size_t v = 0; dt_nn_variant(v) != NULL; v++) {
    if (!dt_nn_variant(v)->is_usable())
      continue;
    int16_t rounded[COUNT + 1] = {[COUNT] = 77};
    dt_nn_variant(v)->round(x, 1, COUNT, rounded);
    assert_memory_equal(rounded, wanted, sizeof wanted);
    assert_int_equal(rounded[COUNT], 77);
    dt_nn_variant(0)->round(sweep, 3.7f, count, a);
    dt_nn_variant(v)->round(sweep, 3.7f, count, b);
    assert_memory_equal(a, b, sizeof a);
  }
}

static void a_row_does_not_depend_on_its_neighbours(void** state) {
  (void)state;
  print_message("seed %d\n", SEED);
  rng = dt_rng_seeded(SEED, 3);
  for (int run = 0; run < 200; run++) {
    make_any();
    const dt_nn_rows all = rows;
    for (size_t v = 0; dt_nn_variant(v) != NULL; v++) {
      if (!dt_nn_variant(v)->is_usable())
        continue;
      rows = all;
      multiply(dt_nn_variant(v), got);
      for (size_t i = 0; i < all.frames * all.rows; i++) {
        const size_t f = i / all.rows;
        const size_t r = i % all.rows;
        rows.in = in + f * all.in_frame + r * all.in_row;
        rows.frames = rows.rows = 1;
        multiply(dt_nn_variant(v), plain);
        assert_memory_equal(plain, got + f * all.out_frame + r * all.out_row,
                            matrix.outputs * sizeof *got);
      }
    }
  }
}

static void what_is_nothing_becomes_nothing(void** state) {
  (void)state;
  static const float values[] = {-1, 0, 1e-16f, 1e-40f, NAN, -INFINITY, 1e-14f, 2};
  static const float wanted[] = {0, 0, 0, 0, 0, 0, 1e-14f, 2};
  for (size_t v = 0; dt_nn_variant(v) != NULL; v++) {
    if (!dt_nn_variant(v)->is_usable())
      continue;
    rng = dt_rng_seeded(SEED, 4);
    make(8, 1, 1, 1, 1, 1);
    rows.relu = true;
    in[0] = 0;
    memcpy(bias, values, sizeof values);
    multiply(dt_nn_variant(v), got);
    assert_memory_equal(got, wanted, sizeof wanted);
  }
}

static void sigmoid_and_tanh_are_right(void** state) {
  (void)state;
  for (double x = -40; x < 40; x += 0.0037) {
    float s = (float)x;
    float t = s;
    const double exact = (double)s;
    dt_nn_variant(0)->sigmoid(&s, 1);
    dt_nn_variant(0)->tanh(&t, 1);
    assert_true(fabs((double)s - 1 / (1 + exp(-exact))) < 3e-7);
    assert_true(fabs((double)t - tanh(exact)) < 3e-7);
  }
  float x[4] = {0, INFINITY, -INFINITY, NAN};
  dt_nn_variant(0)->sigmoid(x, 4);
  assert_true(x[0] == 0.5f && x[1] == 1 && x[2] >= 0 && x[2] < 1e-12f && x[3] == 1);
  float y[4] = {0, INFINITY, -INFINITY, NAN};
  dt_nn_variant(0)->tanh(y, 4);
  assert_true(y[0] == 0 && y[1] == 1 && y[2] == -1 && y[3] == 1);
}

static void curves_are_the_same_bits_everywhere(void** state) {
  (void)state;
  static float x[65536], a[65536], b[65536];
  const size_t count = make_sweep(x, 65536);
  for (size_t v = 1; dt_nn_variant(v) != NULL; v++) {
    if (!dt_nn_variant(v)->is_usable())
      continue;
    memcpy(a, x, sizeof a);
    memcpy(b, x, sizeof b);
    dt_nn_variant(0)->sigmoid(a, count);
    dt_nn_variant(v)->sigmoid(b, count);
    assert_memory_equal(a, b, sizeof a);
    memcpy(a, x, sizeof a);
    memcpy(b, x, sizeof b);
    dt_nn_variant(0)->tanh(a, count);
    dt_nn_variant(v)->tanh(b, count);
    assert_memory_equal(a, b, sizeof a);
  }
}

static double logistic(double x) {
  return 1 / (1 + exp(-x));
}

static void gates_follow_the_formula(void** state) {
  (void)state;
  print_message("seed %d\n", SEED);
  rng = dt_rng_seeded(SEED, 6);
  for (size_t size = 8; size <= 72; size += 8) {
    float h[72], x[3 * 72], u[3 * 72], next[72], other[72];
    for (size_t i = 0; i < 3 * size; i++) {
      x[i] = (float)(2 * dt_rng_normal(&rng));
      u[i] = (float)(2 * dt_rng_normal(&rng));
      h[i % size] = (float)dt_rng_normal(&rng);
    }
    memcpy(next, h, sizeof h);
    dt_nn_variant(0)->gates(next, x, u, size);
    for (size_t i = 0; i < size; i++) {
      const double r = logistic((double)x[i] + (double)u[i]);
      const double z = logistic((double)x[size + i] + (double)u[size + i]);
      const double n = tanh((double)x[2 * size + i] + r * (double)u[2 * size + i]);
      assert_true(fabs((double)next[i] - ((1 - z) * n + z * (double)h[i])) < 2e-6);
    }
    for (size_t v = 1; dt_nn_variant(v) != NULL; v++) {
      if (!dt_nn_variant(v)->is_usable())
        continue;
      memcpy(other, h, sizeof h);
      dt_nn_variant(v)->gates(other, x, u, size);
      assert_memory_equal(other, next, size * sizeof *next);
    }
  }
}

/* A state that is only ever halved would end in denormal numbers. */
static void a_forgotten_state_ends_at_nothing(void** state) {
  (void)state;
  for (size_t v = 0; dt_nn_variant(v) != NULL; v++) {
    if (!dt_nn_variant(v)->is_usable())
      continue;
    float h[8] = {1, -1, 1e-3f, -1e-3f, 1e-14f, -1e-14f, 1e-16f, 1e-40f};
    const float zeros[24] = {0};
    for (int i = 0; i < 60; i++)
      dt_nn_variant(v)->gates(h, zeros, zeros, 8);
    for (int i = 0; i < 8; i++)
      assert_true(h[i] == 0);
  }
}

static void the_widest_usable_kernels_are_chosen(void** state) {
  (void)state;
  size_t last = 0;
  for (size_t v = 0; dt_nn_variant(v) != NULL; v++)
    last = dt_nn_variant(v)->is_usable() ? v : last;
  assert_ptr_equal(dt_nn_best(), dt_nn_variant(last));
  assert_true(dt_nn_variant(0)->is_usable());
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_product_is_the_sum_of_products),
      cmocka_unit_test(every_instruction_set_gives_the_same_bits),
      cmocka_unit_test(a_whole_product_is_exact_until_it_is_rounded),
      cmocka_unit_test(whole_products_are_the_same_everywhere),
      cmocka_unit_test(rounding_is_to_the_nearest_and_the_same_everywhere),
      cmocka_unit_test(a_row_does_not_depend_on_its_neighbours),
      cmocka_unit_test(what_is_nothing_becomes_nothing),
      cmocka_unit_test(sigmoid_and_tanh_are_right),
      cmocka_unit_test(curves_are_the_same_bits_everywhere),
      cmocka_unit_test(gates_follow_the_formula),
      cmocka_unit_test(a_forgotten_state_ends_at_nothing),
      cmocka_unit_test(the_widest_usable_kernels_are_chosen),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
