#ifndef DT_TEST_NET_MODEL_H
#define DT_TEST_NET_MODEL_H

/* A network for the ear (src/ear/net.h) of any size with random weights, as a model. */

#include "model_writer.h"

typedef struct dt_net_conv_shape {
  size_t channels, frames, bands; /* channels 0: no such layer */
} dt_net_conv_shape;

typedef struct dt_net_shape {
  dt_net_conv_shape branches[2][4]; /* long, short */
  size_t dense;
  size_t grus[3]; /* 0: no such layer */
} dt_net_shape;

/* The size that is shipped, or near it. */
static const dt_net_shape dt_net_usual = {
    {{{16, 3, 5}, {24, 3, 3}, {32, 3, 3}}, {{16, 3, 3}, {24, 3, 3}}}, 128, {96, 96}};

static inline void dt_net_model(dt_model_writer* w, const dt_net_shape* shape, uint64_t seed) {
  static const char* const names[2] = {"long", "short"};
  dt_rng rng = dt_rng_seeded(seed, 1);
  char name[48];
  size_t inputs = 0;
  dt_writer_random(w, "input.mean", 120, 0, 0, 0, 0.3, &rng);
  dt_writer_random(w, "input.scale", 120, 0, 0, 0, 1, &rng);
  for (int b = 0; b < 2; b++) {
    size_t channels = b == 0 ? 1 : 2;
    size_t bands = b == 0 ? 72 : 24;
    for (int i = 0; i < 4 && shape->branches[b][i].channels != 0; i++) {
      const dt_net_conv_shape* c = &shape->branches[b][i];
      const double sd = 1.4 / __builtin_sqrt((double)(channels * c->frames * c->bands));
      snprintf(name, sizeof name, "%s.conv%d.w", names[b], i);
      dt_writer_random(w, name, c->channels, channels, c->frames, c->bands, sd, &rng);
      snprintf(name, sizeof name, "%s.conv%d.b", names[b], i);
      dt_writer_random(w, name, c->channels, 0, 0, 0, 0.1, &rng);
      channels = c->channels;
      bands = (bands + 1) / 2;
    }
    inputs += channels * bands;
  }
  dt_writer_random(w, "dense0.w", shape->dense, inputs, 0, 0, 1.4 / __builtin_sqrt((double)inputs),
                   &rng);
  dt_writer_random(w, "dense0.b", shape->dense, 0, 0, 0, 0.1, &rng);
  inputs = shape->dense;
  for (int i = 0; i < 3 && shape->grus[i] != 0; i++) {
    const size_t size = shape->grus[i];
    const double sd = 1 / __builtin_sqrt((double)size);
    snprintf(name, sizeof name, "gru%d.w_ih", i);
    dt_writer_random(w, name, 3 * size, inputs, 0, 0, sd, &rng);
    snprintf(name, sizeof name, "gru%d.w_hh", i);
    dt_writer_random(w, name, 3 * size, size, 0, 0, sd, &rng);
    snprintf(name, sizeof name, "gru%d.b_ih", i);
    dt_writer_random(w, name, 3 * size, 0, 0, 0, sd, &rng);
    snprintf(name, sizeof name, "gru%d.b_hh", i);
    dt_writer_random(w, name, 3 * size, 0, 0, 0, sd, &rng);
    inputs = size;
  }
  inputs += shape->dense;
  dt_writer_random(w, "head.w", 34, inputs, 0, 0, 1 / __builtin_sqrt((double)inputs), &rng);
  dt_writer_random(w, "head.b", 34, 0, 0, 0, 0.5, &rng);
}

/* What makes a network run in whole numbers: no number between its layers is larger. */
static inline void dt_net_largest(dt_model_writer* w, const dt_net_shape* shape, float largest) {
  static const char* const names[2] = {"long", "short"};
  char name[48];
  dt_writer_add(w, "input.largest", DT_MODEL_F32, (size_t[4]){1}, &largest);
  dt_writer_add(w, "dense0.largest", DT_MODEL_F32, (size_t[4]){1}, &largest);
  for (int b = 0; b < 2; b++)
    for (int i = 0; i < 4 && shape->branches[b][i].channels != 0; i++) {
      snprintf(name, sizeof name, "%s.conv%d.largest", names[b], i);
      dt_writer_add(w, name, DT_MODEL_F32, (size_t[4]){1}, &largest);
    }
}

/* From record `first` on, network `part` = 1, 2, ... of the same model. */
static inline void dt_net_as_part(dt_model_writer* w, size_t first, int part) {
  for (size_t i = first; i < w->count; i++) {
    char alone[sizeof w->names[i]];
    memcpy(alone, w->names[i], sizeof alone);
    snprintf(w->names[i], sizeof w->names[i], "net%d.%.40s", part, alone);
  }
}

/* Network `part` = 1, 2, ... of the same model. */
static inline void dt_net_model_more(dt_model_writer* w, const dt_net_shape* shape, uint64_t seed,
                                     int part) {
  const size_t first = w->count;
  dt_net_model(w, shape, seed);
  dt_net_as_part(w, first, part);
}

#endif
