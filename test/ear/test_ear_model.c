/* An ear with a network of one's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/failing_allocator.h"
#include "dt/ear.h"
#include "model.h"

#define RATE 44100

static void the_built_in_network_can_be_given_too(void** state) {
  (void)state;
  dt_error error = {0};
  dt_ear* ear = dt_ear_new_with_model(NULL, RATE, dt__ear_model, dt__ear_model_size, &error);
  assert_non_null(ear);
  float x[1000] = {0};
  dt_ear_process(ear, x, 1000, 0);
  dt_ear_finish(ear);
  dt_stroke stroke;
  dt_ear_event event;
  assert_false(dt_ear_next(ear, &stroke));
  assert_false(dt_ear_next_event(ear, &event));
  dt_ear_free(ear);
}

static void the_bytes_are_only_needed_while_it_is_made(void** state) {
  (void)state;
  unsigned char* bytes = malloc(dt__ear_model_size);
  assert_non_null(bytes);
  memcpy(bytes, dt__ear_model, dt__ear_model_size);
  dt_ear* ear = dt_ear_new_with_model(NULL, RATE, bytes, dt__ear_model_size, NULL);
  free(bytes);
  assert_non_null(ear);
  float x[4410] = {0};
  dt_ear_process(ear, x, 4410, 0);
  dt_ear_free(ear);
}

static void a_damaged_network_is_refused_with_a_sentence(void** state) {
  (void)state;
  unsigned char* bytes = malloc(dt__ear_model_size);
  assert_non_null(bytes);
  for (size_t at = 0; at < dt__ear_model_size; at += 1 + dt__ear_model_size / 50) {
    memcpy(bytes, dt__ear_model, dt__ear_model_size);
    bytes[at] ^= 0x10;
    dt_error error = {0};
    assert_null(dt_ear_new_with_model(NULL, RATE, bytes, dt__ear_model_size, &error));
    assert_true(strlen(error.sentence) > 10);
    assert_null(dt_ear_new_with_model(NULL, RATE, dt__ear_model, at, NULL));
  }
  free(bytes);
}

static void bad_rates_are_refused_with_a_sentence(void** state) {
  (void)state;
  static const int rates[] = {-1, 0, 7999, 192001};
  for (size_t i = 0; i < 4; i++) {
    dt_error error = {0};
    assert_null(dt_ear_new_with_model(NULL, rates[i], dt__ear_model, dt__ear_model_size, &error));
    assert_true(strlen(error.sentence) > 10);
  }
}

static bool build_and_free(const dt_allocator* allocator, void* ctx) {
  (void)ctx;
  dt_ear* ear = dt_ear_new_with_model(allocator, RATE, dt__ear_model, dt__ear_model_size, NULL);
  bool is_built = ear != NULL;
  dt_ear_free(ear);
  return is_built;
}

static void lack_of_memory_is_survived(void** state) {
  (void)state;
  assert_int_equal(dt_failing_sweep(build_and_free, NULL), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_built_in_network_can_be_given_too),
      cmocka_unit_test(the_bytes_are_only_needed_while_it_is_made),
      cmocka_unit_test(a_damaged_network_is_refused_with_a_sentence),
      cmocka_unit_test(bad_rates_are_refused_with_a_sentence),
      cmocka_unit_test(lack_of_memory_is_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
