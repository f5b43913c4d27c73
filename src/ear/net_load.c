/* The network's memory, and the model's weights in the kernels' order. */

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "net.h"

/* Vectors that do not straddle cache lines are read faster. */
#define CACHE_LINE 64

static float* take(dt_arena* arena, size_t count) {
  unsigned char* p = dt_arena_take(arena, count + CACHE_LINE / sizeof(float), sizeof(float));
  return p == NULL ? NULL : (float*)(void*)(p + (CACHE_LINE - (uintptr_t)p % CACHE_LINE));
}

static void layout_matrix(dt_nn_matrix* matrix, dt_arena* arena) {
  matrix->weights = take(arena, dt_nn_weights_size(matrix->inputs, matrix->outputs));
  matrix->bias = take(arena, dt_nn_padded(matrix->outputs));
}

static size_t conv_input_size(const dt__net_conv* conv) {
  return (conv->kernel_frames - 1 + DT__NET_CHUNK) * conv->in_frame;
}

/* The most that any part needs of each, in floats a frame. */
typedef struct needs {
  size_t flat, joined, widest;
} needs;

static void layout_part(dt__net_part* part, dt_arena* arena, needs* most) {
  for (int b = 0; b < 2; b++) {
    for (size_t i = 0; i < part->branches[b].conv_count; i++) {
      dt__net_conv* conv = &part->branches[b].convs[i];
      layout_matrix(&conv->matrix, arena);
      conv->in = take(arena, conv_input_size(conv));
    }
  }
  layout_matrix(&part->dense, arena);
  for (size_t i = 0; i < part->gru_count; i++) {
    dt__net_gru* gru = &part->grus[i];
    layout_matrix(&gru->from_input, arena);
    layout_matrix(&gru->from_state, arena);
    gru->h = take(arena, gru->padded);
    most->widest = gru->padded > most->widest ? gru->padded : most->widest;
  }
  layout_matrix(&part->head, arena);
  most->flat = part->dense.inputs > most->flat ? part->dense.inputs : most->flat;
  most->joined = part->head.inputs > most->joined ? part->head.inputs : most->joined;
}

void dt__net_layout(dt__net* net, dt_arena* arena) {
  needs most = {0, 0, 0};
  for (size_t p = 0; p < net->part_count; p++)
    layout_part(&net->parts[p], arena, &most);
  net->flat = take(arena, DT__NET_CHUNK * most.flat);
  net->joined = take(arena, DT__NET_CHUNK * most.joined);
  net->hidden = take(arena, DT__NET_CHUNK * most.widest);
  net->gates_x = take(arena, DT__NET_CHUNK * 3 * most.widest);
  net->gates_u = take(arena, 3 * most.widest);
  net->answer = take(arena, DT__NET_CHUNK * DT__NET_OUTPUTS);
  net->sum = take(arena, DT__NET_CHUNK * DT__NET_OUTPUTS);
}

/* A record that dt__net_plan has seen. */
static dt_tensor record(const dt__net_records* records, const char* name) {
  dt_tensor tensor = {.count = 0};
  dt__net_find(records, name, &tensor);
  return tensor;
}

static dt_tensor layer(const dt__net_records* records, const char* before, size_t i,
                       const char* after) {
  return record(records, dt__net_numbered(before, i, after).text);
}

/* Products with smaller numbers would be slow, and change nothing. */
static float weight(const dt_tensor* tensor, size_t i) {
  const float value = dt_tensor_at(tensor, i);
  return fabsf(value) < DT_NN_TINY ? 0 : value;
}

static void clear_matrix(dt_nn_matrix* m) {
  memset(m->weights, 0, dt_nn_weights_size(m->inputs, m->outputs) * sizeof *m->weights);
  memset(m->bias, 0, dt_nn_padded(m->outputs) * sizeof *m->bias);
}

static void load_bias(dt_nn_matrix* m, const dt_tensor* b) {
  for (size_t i = 0; i < b->count; i++)
    m->bias[i] = weight(b, i);
}

/* Inputs in the order of the convolution's input: frame, band, channel. */
static void load_conv(dt__net_conv* conv, const dt_tensor* w, const dt_tensor* b) {
  dt_nn_matrix* m = &conv->matrix;
  clear_matrix(m);
  size_t at = 0;
  for (size_t out = 0; out < w->dims[0]; out++)
    for (size_t in = 0; in < w->dims[1]; in++)
      for (size_t frame = 0; frame < w->dims[2]; frame++)
        for (size_t band = 0; band < w->dims[3]; band++) {
          const size_t input = (frame * w->dims[3] + band) * w->dims[1] + in;
          m->weights[dt_nn_weight_at(m, input, out)] = weight(w, at++);
        }
  load_bias(m, b);
}

/* The branches hand on band by band; the model's order is channel by channel. */
static void load_dense(dt__net_part* part, const dt_tensor* w, const dt_tensor* b) {
  dt_nn_matrix* m = &part->dense;
  clear_matrix(m);
  size_t at = 0;
  for (size_t out = 0; out < m->outputs; out++) {
    size_t first = 0;
    for (int k = 0; k < 2; k++) {
      const dt__net_branch* branch = &part->branches[k];
      const size_t channels = dt__net_branch_channels(branch);
      const size_t bands = branch->flat / channels;
      for (size_t channel = 0; channel < channels; channel++)
        for (size_t band = 0; band < bands; band++)
          m->weights[dt_nn_weight_at(m, first + band * channels + channel, out)] = weight(w, at++);
      first += branch->flat;
    }
  }
  load_bias(m, b);
}

/* Each of the gates r, z, n begins at a multiple of the padded size. */
static void load_gates(dt_nn_matrix* m, const dt__net_gru* gru, const dt_tensor* w,
                       const dt_tensor* b) {
  clear_matrix(m);
  for (size_t row = 0; row < 3 * gru->size; row++) {
    const size_t out = row / gru->size * gru->padded + row % gru->size;
    for (size_t in = 0; in < m->inputs; in++)
      m->weights[dt_nn_weight_at(m, in, out)] = weight(w, row * m->inputs + in);
    m->bias[out] = weight(b, row);
  }
}

static void load_gru(dt__net_gru* gru, const dt__net_records* records, size_t i) {
  const dt_tensor w_ih = layer(records, "gru", i, ".w_ih");
  const dt_tensor w_hh = layer(records, "gru", i, ".w_hh");
  const dt_tensor b_ih = layer(records, "gru", i, ".b_ih");
  const dt_tensor b_hh = layer(records, "gru", i, ".b_hh");
  load_gates(&gru->from_input, gru, &w_ih, &b_ih);
  load_gates(&gru->from_state, gru, &w_hh, &b_hh);
}

static void load_head(dt_nn_matrix* m, const dt_tensor* w, const dt_tensor* b) {
  clear_matrix(m);
  for (size_t out = 0; out < m->outputs; out++)
    for (size_t in = 0; in < m->inputs; in++)
      m->weights[dt_nn_weight_at(m, in, out)] = weight(w, out * m->inputs + in);
  load_bias(m, b);
}

static void load_optional(const dt__net_records* records, const char* name, float otherwise,
                          float* values, size_t count) {
  dt_tensor tensor;
  const bool is_there = dt__net_find(records, name, &tensor);
  for (size_t i = 0; i < count; i++)
    values[i] = is_there ? dt_tensor_at(&tensor, i) : otherwise;
}

static void load_part(dt__net_part* part, const dt__net_records* records) {
  load_optional(records, "input.mean", 0, part->mean, DT__NET_INPUTS);
  load_optional(records, "input.scale", 1, part->scale, DT__NET_INPUTS);
  for (int k = 0; k < 2; k++) {
    dt__net_branch* branch = &part->branches[k];
    for (size_t i = 0; i < branch->conv_count; i++) {
      const dt_tensor w = layer(records, branch->name, i, ".w");
      const dt_tensor b = layer(records, branch->name, i, ".b");
      load_conv(&branch->convs[i], &w, &b);
    }
  }
  const dt_tensor dense_w = record(records, "dense0.w");
  const dt_tensor dense_b = record(records, "dense0.b");
  load_dense(part, &dense_w, &dense_b);
  for (size_t i = 0; i < part->gru_count; i++)
    load_gru(&part->grus[i], records, i);
  const dt_tensor head_w = record(records, "head.w");
  const dt_tensor head_b = record(records, "head.b");
  load_head(&part->head, &head_w, &head_b);
}

void dt__net_load(dt__net* net, const dt_model* model) {
  const dt__net_records together = {model, 0};
  load_optional(&together, "threshold.family", 0.5f, net->thresholds.family, DT__NET_FAMILIES);
  load_optional(&together, "threshold.drum", 0.5f, net->thresholds.drum, DT__NET_DRUMS);
  for (size_t p = 0; p < net->part_count; p++)
    load_part(&net->parts[p], &(dt__net_records){model, p});
  dt__net_reset(net);
}
