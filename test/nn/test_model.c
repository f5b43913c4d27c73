#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/model_writer.h"
#include "dt/model.h"

#define SEED 11

static void every_half_is_converted_exactly(void** state) {
  (void)state;
  for (uint32_t h = 0; h < 65536; h++) {
    const int exponent = (int)(h >> 10 & 31);
    const double fraction = (double)(h & 1023) / 1024;
    const double size = exponent == 0 ? ldexp(fraction, -14) : ldexp(1 + fraction, exponent - 15);
    const float value = dt_half_to_float((uint16_t)h);
    assert_int_equal(signbit(value) != 0, h >> 15);
    if (exponent < 31)
      assert_true(fabs((double)value) == size);
    else
      assert_true(fraction == 0 ? isinf(value) : isnan(value));
  }
}

static void the_checksum_is_the_usual_one(void** state) {
  (void)state;
  assert_int_equal(dt_crc32(0, "123456789", 9), 0xcbf43926);
  assert_int_equal(dt_crc32(dt_crc32(0, "1234", 4), "56789", 5), 0xcbf43926);
}

/* Two records: "a.w" 2 x 3 of float32, "b" 5 of float16. */
static unsigned char* small_file(size_t* size) {
  static const float a[6] = {0.5f, -1.25f, 3, 1e-30f, -0.0f, 1e30f};
  static const uint16_t b[5] = {0x3c00, 0xc000, 0x0001, 0x7bff, 0};
  dt_model_writer w = {.count = 0};
  dt_writer_add(&w, "a.w", DT_MODEL_F32, (size_t[4]){2, 3}, a);
  dt_writer_add(&w, "b", DT_MODEL_F16, (size_t[4]){5}, b);
  unsigned char* file = dt_writer_bytes(&w, size);
  dt_writer_clear(&w);
  return file;
}

static void arrays_come_back_as_they_were_written(void** state) {
  (void)state;
  size_t size;
  unsigned char* file = small_file(&size);
  dt_model model;
  dt_tensor t;
  assert_int_equal(dt_model_parse(&model, file, size, NULL), DT_OK);
  assert_int_equal(model.record_count, 2);
  assert_false(dt_model_find(&model, "a", &t));
  assert_false(dt_model_find(&model, "a.w.", &t));
  assert_true(dt_model_find(&model, "a.w", &t));
  assert_string_equal(t.name, "a.w");
  assert_int_equal(t.dim_count, 2);
  assert_int_equal(t.dims[0], 2);
  assert_int_equal(t.dims[1], 3);
  assert_int_equal(t.dims[2] * t.dims[3], 1);
  assert_int_equal(t.count, 6);
  assert_true(dt_tensor_at(&t, 1) == -1.25f && dt_tensor_at(&t, 5) == 1e30f);
  t = dt_model_at(&model, 1);
  assert_string_equal(t.name, "b");
  assert_int_equal(t.count, 5);
  assert_true(dt_tensor_at(&t, 1) == -2 && dt_tensor_at(&t, 2) == 0x1p-24f &&
              dt_tensor_at(&t, 3) == 65504);
  free(file);
}

static void a_file_without_records_is_a_model(void** state) {
  (void)state;
  size_t size;
  const dt_model_writer w = {.count = 0};
  unsigned char* file = dt_writer_bytes(&w, &size);
  dt_model model;
  dt_tensor t;
  assert_int_equal(dt_model_parse(&model, file, size, NULL), DT_OK);
  assert_int_equal(model.record_count, 0);
  assert_false(dt_model_find(&model, "a", &t));
  free(file);
}

static void expect_refused(const unsigned char* file, size_t size, dt_status status,
                           const char* because) {
  dt_model model;
  dt_error error = {.sentence = ""};
  const dt_status got = dt_model_parse(&model, file, size, &error);
  if (got != status || strstr(error.sentence, because) == NULL)
    fail_msg("status %d, \"%s\", not %d, \"%s\"", (int)got, error.sentence, (int)status, because);
  assert_int_equal(model.record_count, 0);
  assert_int_equal(dt_model_parse(&model, file, size, NULL), status);
}

static void any_changed_or_missing_byte_is_noticed(void** state) {
  (void)state;
  size_t size;
  unsigned char* file = small_file(&size);
  dt_model model;
  dt_error error;
  for (size_t i = 0; i < size; i++) {
    for (int bit = 0; bit < 8; bit++) {
      file[i] ^= (unsigned char)(1 << bit);
      error.sentence[0] = '\0';
      assert_int_not_equal(dt_model_parse(&model, file, size, &error), DT_OK);
      assert_true(strlen(error.sentence) > 10);
      file[i] ^= (unsigned char)(1 << bit);
    }
    /* In memory of its own, so that reading beyond it is noticed. */
    unsigned char* cut = malloc(i + 1);
    assert_non_null(cut);
    memcpy(cut, file, i);
    assert_int_not_equal(dt_model_parse(&model, cut, i, &error), DT_OK);
    free(cut);
  }
  expect_refused(file, size - 1, DT_BAD_DATA, "cut or glued");
  file[0] = 'd';
  expect_refused(file, size, DT_BAD_DATA, "not a model file");
  expect_refused(file, 0, DT_BAD_DATA, "not a model file");
  expect_refused(NULL, 0, DT_BAD_DATA, "not a model file");
  free(file);
}

/* What a hand with a right checksum could do. Offsets as in dt/model.h; A and B are the records. */
enum { A = 24, B = 24 + 88, A_DATA = 208, B_DATA = 232 + 8 };

static void wrong_files_with_a_right_checksum_are_refused(void** state) {
  (void)state;
  static const struct {
    size_t at;
    uint64_t value;
    int bytes;
    dt_status status;
    const char* because;
  } faults[] = {
      {8, 2, 4, DT_UNSUPPORTED, "version 2"},
      {8, 0, 4, DT_UNSUPPORTED, "version 0"},
      {12, 1, 4, DT_BAD_DATA, "over another"},
      {12, 3, 4, DT_BAD_DATA, "cannot hold 3"},
      {12, 4, 4, DT_BAD_DATA, "cannot hold 4 records"},
      {12, 0xffffffff, 4, DT_BAD_DATA, "cannot hold"},
      {A, 0, 1, DT_BAD_DATA, "no proper name"},
      {A, 'A', 1, DT_BAD_DATA, "no proper name"},
      {A + 10, 'x', 1, DT_BAD_DATA, "no proper name"},
      {A + 47, 'x', 1, DT_BAD_DATA, "no proper name"},
      {A, 'b', 8, DT_BAD_DATA, "\"b\" twice"},
      {A + 48, 0, 4, DT_BAD_DATA, "cannot be"},
      {A + 48, 3, 4, DT_BAD_DATA, "cannot be"},
      {A + 48, 2, 4, DT_BAD_DATA, "cannot be"},
      {A + 52, 0, 4, DT_BAD_DATA, "cannot be"},
      {A + 52, 1, 4, DT_BAD_DATA, "cannot be"},
      {A + 52, 5, 4, DT_BAD_DATA, "cannot be"},
      {A + 52, 3, 4, DT_BAD_DATA, "cannot be"},
      {A + 56, 0, 4, DT_BAD_DATA, "cannot be"},
      {A + 56, 3, 4, DT_BAD_DATA, "cannot be"},
      {A + 56, 0xffffffffffffffff, 8, DT_BAD_DATA, "cannot be"},
      {A + 56, 0x8000000080000000, 8, DT_BAD_DATA, "cannot be"},
      {A + 80, 23, 8, DT_BAD_DATA, "cannot be"},
      {A + 80, 0xffffffffffffffff, 8, DT_BAD_DATA, "cannot be"},
      {A + 72, A_DATA + 16, 8, DT_BAD_DATA, "over another"},
      {A + 72, 0xfffffffffffffff0, 8, DT_BAD_DATA, "over another"},
      {B + 72, A_DATA, 8, DT_BAD_DATA, "over another"},
      {A_DATA - 8, 1, 1, DT_BAD_DATA, "gap before \"a.w\""},
      {A_DATA + 24, 1, 1, DT_BAD_DATA, "gap before \"b\""},
      {B_DATA + 15, 1, 1, DT_BAD_DATA, "behind its last record"},
      {A_DATA + 4, 0x7f800000, 4, DT_BAD_DATA, "Number 2 of record \"a.w\""},
      {A_DATA + 4, 0xffc00000, 4, DT_BAD_DATA, "Number 2 of record \"a.w\""},
      {B_DATA + 8, 0xfc00, 2, DT_BAD_DATA, "Number 5 of record \"b\""},
      {B_DATA + 8, 0x7c01, 2, DT_BAD_DATA, "Number 5 of record \"b\""},
  };
  for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
    size_t size;
    unsigned char* file = small_file(&size);
    assert_int_equal(size, B_DATA + 16 + 4);
    dt_writer_put(file + faults[i].at, faults[i].value, faults[i].bytes);
    dt_writer_sign(file, size);
    expect_refused(file, size, faults[i].status, faults[i].because);
    free(file);
  }
}

static void damaged_files_with_a_right_checksum_do_no_harm(void** state) {
  (void)state;
  print_message("seed %d\n", SEED);
  dt_rng rng = dt_rng_seeded(SEED, 1);
  for (int i = 0; i < 20000; i++) {
    size_t size;
    unsigned char* file = small_file(&size);
    for (uint32_t n = dt_rng_below(&rng, 4); n < 4; n++)
      file[8 + dt_rng_below(&rng, (uint32_t)size - 12)] = (unsigned char)dt_rng_bits(&rng);
    dt_writer_sign(file, size);
    dt_model model;
    dt_error error;
    float sum = 0;
    if (dt_model_parse(&model, file, size, &error) == DT_OK)
      for (size_t r = 0; r < model.record_count; r++) {
        const dt_tensor t = dt_model_at(&model, r);
        for (size_t k = 0; k < t.count; k++)
          sum += dt_tensor_at(&t, k) * 0;
      }
    assert_true(sum == 0);
    free(file);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_half_is_converted_exactly),
      cmocka_unit_test(the_checksum_is_the_usual_one),
      cmocka_unit_test(arrays_come_back_as_they_were_written),
      cmocka_unit_test(a_file_without_records_is_a_model),
      cmocka_unit_test(any_changed_or_missing_byte_is_noticed),
      cmocka_unit_test(wrong_files_with_a_right_checksum_are_refused),
      cmocka_unit_test(damaged_files_with_a_right_checksum_do_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
