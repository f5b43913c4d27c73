/* Which models the ear takes for its network, and the memory it takes for them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../support/failing_allocator.h"
#include "net_built.h"

enum { FRAMES = 70 };

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
  dt_net_model(&w, &odd_shapes[1], NET_SEED);
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
  dt_net_model(&w, &dt_net_usual, NET_SEED);
  const size_t count = w.count;
  dt_writer_clear(&w);
  for (size_t i = 2; i < count; i++) { /* after the optional ones */
    dt_net_model(&w, &dt_net_usual, NET_SEED);
    w.names[i][0] = 'x';
    expect_refused(&w, DT_BAD_DATA, "");
  }
  dt_net_model(&w, &dt_net_usual, NET_SEED);
  w.names[index_of(&w, "gru1.b_hh")][0] = 'x';
  expect_refused(&w, DT_BAD_DATA, "no record \"gru1.b_hh\"");
  dt_net_model(&w, &dt_net_usual, NET_SEED);
  w.names[index_of(&w, "long.conv1.w")][0] = 'x';
  expect_refused(&w, DT_BAD_DATA, "no record \"long.conv1.w\"");
  dt_net_model(&w, &dt_net_usual, NET_SEED);
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
    dt_net_model(&w, &dt_net_usual, NET_SEED);
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
  dt_net_model(&w, &odd_shapes[0], NET_SEED);
  dt_writer_add(&w, "short.conv4.w", DT_MODEL_F16, (size_t[4]){9, 9, 3, 3}, NULL);
  expect_refused(&w, DT_BAD_DATA, "more than 4");
  dt_net_model(&w, &odd_shapes[0], NET_SEED);
  dt_writer_add(&w, "gru3.w_hh", DT_MODEL_F16, (size_t[4]){63, 21}, NULL);
  expect_refused(&w, DT_BAD_DATA, "more than 3");
  const dt_net_shape wide = {{{{200, 1, 1}}, {{1, 1, 1}}}, 8, {8}};
  dt_net_model(&w, &wide, NET_SEED);
  expect_refused(&w, DT_TOO_LARGE, "7200 numbers a frame");
  const dt_net_shape none = {{{{1, 1, 1}}, {{1, 1, 1}}}, 8, {0}};
  dt_net_model(&w, &none, NET_SEED);
  expect_refused(&w, DT_BAD_DATA, "\"gru0.w_hh\"");
  const float too_much[5] = {0, 1, 0.5f, 1.5f, 0};
  dt_net_model(&w, &odd_shapes[1], NET_SEED);
  dt_writer_add(&w, "threshold.family", DT_MODEL_F32, (size_t[4]){5}, too_much);
  expect_refused(&w, DT_BAD_DATA, "Number 4 of the model's record \"threshold.family\"");
}

static void networks_that_are_not_whole_are_refused(void** state) {
  (void)state;
  dt_model_writer w = {.count = 0};
  dt_net_model(&w, &odd_shapes[1], NET_SEED);
  const size_t count = w.count;
  dt_net_model_more(&w, &odd_shapes[1], NET_SEED, 1);
  w.names[index_of(&w, "net1.gru0.b_hh")][0] = 'x';
  expect_refused(&w, DT_BAD_DATA, "no record \"net1.gru0.b_hh\"");
  for (size_t i = count + 2; i < 2 * count; i++) { /* after the optional ones */
    dt_net_model(&w, &odd_shapes[1], NET_SEED);
    dt_net_model_more(&w, &odd_shapes[1], NET_SEED, 1);
    w.names[i][5] = 'x';
    expect_refused(&w, DT_BAD_DATA, "");
  }
  dt_net_model(&w, &odd_shapes[1], NET_SEED);
  dt_net_model_more(&w, &odd_shapes[1], NET_SEED, 2);
  expect_refused(&w, DT_BAD_DATA, "\"net2.\" without those before");
  dt_net_model(&w, &odd_shapes[1], NET_SEED);
  for (int part = 1; part <= DT__NET_PARTS; part++)
    dt_writer_add(&w,
                  part == 4   ? "net4.a"
                  : part == 3 ? "net3.a"
                  : part == 2 ? "net2.a"
                              : "net1.a",
                  DT_MODEL_F16, (size_t[4]){1}, NULL);
  expect_refused(&w, DT_BAD_DATA, "more than 4 networks");
  dt_net_model(&w, &odd_shapes[1], NET_SEED);
  dt_writer_add(&w, "net1.something", DT_MODEL_F16, (size_t[4]){1}, NULL);
  expect_refused(&w, DT_BAD_DATA, "no record \"net1.");
}

static void steps_of_whole_numbers_are_all_there_or_none(void** state) {
  (void)state;
  dt_model_writer w = {.count = 0};
  dt_net_model(&w, &odd_shapes[0], NET_SEED);
  const size_t first = w.count;
  dt_net_largest(&w, &odd_shapes[0], 8);
  const size_t count = w.count;
  dt_writer_clear(&w);
  for (size_t i = first + 1; i < count; i++) {
    dt_net_model(&w, &odd_shapes[0], NET_SEED);
    dt_net_largest(&w, &odd_shapes[0], 8);
    w.names[i][0] = 'x';
    expect_refused(&w, DT_BAD_DATA, ".largest\", which the ear needs");
    static const float bad[] = {0, -1, 1e-20f};
    for (int k = 0; k < 3; k++) {
      dt_net_model(&w, &odd_shapes[0], NET_SEED);
      dt_net_largest(&w, &odd_shapes[0], 8);
      memcpy(w.data[i], &bad[k], sizeof bad[k]);
      expect_refused(&w, DT_BAD_DATA, "is not above");
    }
  }
  built b;
  dt_net_model(&w, &odd_shapes[0], NET_SEED);
  dt_net_largest(&w, &odd_shapes[0], 8);
  w.names[first][0] = 'x'; /* input.largest: then floats */
  build_from(&b, &w);
  assert_false(b.net.parts[0].is_whole);
  destroy(&b);
  const dt_net_shape wide = {{{{1, 16, 31}}, {{300, 1, 1}, {1, 16, 31}}}, 8, {8}};
  dt_net_model(&w, &wide, NET_SEED);
  dt_net_largest(&w, &wide, 8);
  expect_refused(&w, DT_TOO_LARGE, "in whole numbers");
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
  static float features[FRAMES * DT__NET_INPUTS];
  dt__net_out out[FRAMES];
  dt__net_run(&net, features, FRAMES, out);
  dt_release(allocator, block, size);
  return true;
}

static void all_memory_is_taken_at_once(void** state) {
  (void)state;
  built b;
  for (int is_whole = 0; is_whole < 2; is_whole++) {
    build_any(&b, 0, is_whole == 1);
    assert_int_equal(dt_failing_sweep(build_and_free, &b.model), 1);
    destroy(&b);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(thresholds_are_half_where_the_model_says_nothing),
      cmocka_unit_test(a_model_without_a_record_is_refused_by_its_name),
      cmocka_unit_test(records_that_do_not_fit_together_are_refused),
      cmocka_unit_test(layers_that_are_too_many_or_too_large_are_refused),
      cmocka_unit_test(networks_that_are_not_whole_are_refused),
      cmocka_unit_test(steps_of_whole_numbers_are_all_there_or_none),
      cmocka_unit_test(all_memory_is_taken_at_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
