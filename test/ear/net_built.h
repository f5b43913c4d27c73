#ifndef DT_TEST_NET_BUILT_H
#define DT_TEST_NET_BUILT_H

/* Networks of several shapes, built as the ear builds them. Include after cmocka.h. */

#include <stdlib.h>
#include <string.h>

#include "../support/net_model.h"
#include "net.h"

enum { NET_SEED = 23 };

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

static inline void build_from(built* b, dt_model_writer* w) {
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

static inline void build(built* b, const dt_net_shape* shape) {
  dt_model_writer w = {.count = 0};
  dt_net_model(&w, shape, NET_SEED);
  build_from(b, &w);
}

/* The same in whole numbers. */
static inline void build_whole(built* b, const dt_net_shape* shape) {
  dt_model_writer w = {.count = 0};
  dt_net_model(&w, shape, NET_SEED);
  dt_net_largest(&w, shape, 40);
  build_from(b, &w);
}

/* Shape s of them all, -1 for the usual one, in floats or in whole numbers. */
static inline void build_any(built* b, int s, bool is_whole) {
  const dt_net_shape* shape = s < 0 ? &dt_net_usual : &odd_shapes[s];
  if (is_whole)
    build_whole(b, shape);
  else
    build(b, shape);
}

static inline void destroy(built* b) {
  free(b->block);
  free(b->bytes);
}

#endif
