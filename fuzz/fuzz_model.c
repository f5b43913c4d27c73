/* Any bytes as a model file: refused with a sentence, or every number in it is one; and as the
 * ear's network: refused with a sentence, or it answers within the ranges. (The checksum is not
 * asked for here: see model.c.) */

#include "../src/ear/net.h"
#include "fuzz.h"

enum { FRAMES = 3, MEMORY_MAX = 64 << 20 };

static void require_numbers(const dt_model* model) {
  for (size_t i = 0; i < model->record_count; ++i) {
    const dt_tensor t = dt_model_at(model, i);
    dt_tensor found;
    REQUIRE(dt_model_find(model, t.name, &found) && found.data == t.data);
    for (size_t k = 0; k < t.count; ++k)
      REQUIRE(dt_tensor_at(&t, k) * 0 == 0);
  }
}

static void require_share(float x) {
  REQUIRE(x >= 0 && x <= 1);
}

static void require_answers(dt__net* net) {
  static float features[FRAMES * DT__NET_INPUTS];
  dt__net_out whole[FRAMES];
  dt__net_out parts[FRAMES];
  for (size_t i = 0; i < FRAMES * DT__NET_INPUTS; ++i)
    features[i] = (float)(i % 37) / 10 - 1;
  dt__net_run(net, features, FRAMES, whole);
  dt__net_reset(net);
  for (size_t f = 0; f < FRAMES; ++f)
    dt__net_run(net, features + f * DT__NET_INPUTS, 1, parts + f);
  REQUIRE(memcmp(whole, parts, sizeof whole) == 0);
  for (size_t f = 0; f < FRAMES; ++f) {
    for (int i = 0; i < DT__NET_FAMILIES; ++i) {
      require_share(whole[f].family_p[i]);
      require_share(whole[f].family_offset_ms[i] / 20 + 0.5f);
    }
    for (int i = 0; i < DT__NET_DRUMS; ++i) {
      require_share(whole[f].drum_p[i]);
      require_share(whole[f].drum_velocity[i]);
    }
  }
}

static void run_net(const dt_model* model) {
  dt__net net;
  dt_error err = {.sentence = ""};
  if (dt__net_plan(&net, model, &err) != DT_OK) {
    REQUIRE(is_one_line(&err));
    return;
  }
  dt_arena arena = dt_arena_measure();
  dt__net_layout(&net, &arena);
  if (arena.used > MEMORY_MAX)
    return;
  const size_t size = arena.used;
  void* block = malloc(size);
  if (block == NULL)
    return;
  memset(block, 0xCD, size);
  arena = dt_arena_over(block, size);
  dt__net_layout(&net, &arena);
  REQUIRE(arena.used == size);
  dt__net_load(&net, model);
  require_answers(&net);
  free(block);
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dt_model model;
  dt_error err = {.sentence = ""};
  if (dt_model_parse(&model, data, size, &err) != DT_OK) {
    REQUIRE(is_one_line(&err) && model.record_count == 0);
    return 0;
  }
  require_numbers(&model);
  run_net(&model);
  return 0;
}
