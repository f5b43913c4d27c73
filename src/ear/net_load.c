/* The network's memory, and the model's weights in the kernels' order. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net.h"

/* Vectors that do not straddle cache lines are read faster. */
#define CACHE_LINE 64

/* Of whole weights. */
#define WEIGHT_MAX 127

/* Of a gru's state, which is within -1..1. */
#define STATE_STEP (1.0f / DT_NN_WHOLE_MAX)

static void* take(dt_arena* arena, size_t count, size_t size) {
  unsigned char* p =
      dt_arena_take(arena, (count * size + CACHE_LINE) / sizeof(float) + 1, sizeof(float));
  return p == NULL ? NULL : p + (CACHE_LINE - (uintptr_t)p % CACHE_LINE);
}

static float* take_floats(dt_arena* arena, size_t count) {
  return take(arena, count, sizeof(float));
}

/* The most that any part needs of each, in numbers; all but `inputs` a frame. */
typedef struct needs {
  size_t flat, joined, widest;
  size_t inputs; /* of a matrix */
} needs;

static inline size_t more(size_t a, size_t b) {
  return a > b ? a : b;
}

static void layout_matrix(dt_nn_matrix* matrix, bool is_whole, dt_arena* arena, needs* most) {
  const size_t size = dt_nn_weights_size(matrix->inputs, matrix->outputs);
  const size_t padded = dt_nn_padded(matrix->outputs);
  if (is_whole) {
    matrix->whole = take(arena, size, sizeof *matrix->whole);
    matrix->unit = take_floats(arena, padded);
  } else {
    matrix->weights = take_floats(arena, size);
  }
  matrix->bias = take_floats(arena, padded);
  most->inputs = more(most->inputs, matrix->inputs);
}

/* One number more than there are: the last pair may reach so far. */
static size_t conv_input_size(const dt__net_conv* conv) {
  return (conv->kernel_frames - 1 + DT__NET_CHUNK) * conv->in_frame + 1;
}

static void layout_part(dt__net_part* part, dt_arena* arena, needs* most) {
  const size_t size = part->is_whole ? sizeof(int16_t) : sizeof(float);
  for (int b = 0; b < 2; b++) {
    for (size_t i = 0; i < part->branches[b].conv_count; i++) {
      dt__net_conv* conv = &part->branches[b].convs[i];
      layout_matrix(&conv->matrix, part->is_whole, arena, most);
      conv->in = take(arena, conv_input_size(conv), size);
    }
  }
  layout_matrix(&part->dense, part->is_whole, arena, most);
  for (size_t i = 0; i < part->gru_count; i++) {
    dt__net_gru* gru = &part->grus[i];
    layout_matrix(&gru->from_input, part->is_whole, arena, most);
    layout_matrix(&gru->from_state, part->is_whole, arena, most);
    gru->h = take_floats(arena, gru->padded);
    gru->whole_h = take(arena, gru->padded, sizeof *gru->whole_h);
    most->widest = more(most->widest, gru->padded);
  }
  layout_matrix(&part->head, part->is_whole, arena, most);
  most->flat = more(most->flat, part->dense.inputs);
  most->joined = more(most->joined, part->head.inputs);
}

void dt__net_layout(dt__net* net, dt_arena* arena) {
  needs most = {0};
  for (size_t p = 0; p < net->part_count; p++)
    layout_part(&net->parts[p], arena, &most);
  net->flat = take_floats(arena, DT__NET_CHUNK * most.flat);
  net->joined = take_floats(arena, DT__NET_CHUNK * most.joined);
  net->hidden = take_floats(arena, DT__NET_CHUNK * most.widest);
  net->gates_x = take_floats(arena, DT__NET_CHUNK * 3 * most.widest);
  net->gates_u = take_floats(arena, 3 * most.widest);
  net->answer = take_floats(arena, DT__NET_CHUNK * DT__NET_OUTPUTS);
  net->sum = take_floats(arena, DT__NET_CHUNK * DT__NET_OUTPUTS);
  for (int i = 0; i < 2; i++)
    net->row[i] = take_floats(arena, most.inputs);
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
static inline float weight(float value) {
  return fabsf(value) < DT_NN_TINY ? 0 : value;
}

/* A matrix about to be filled, from inputs and to outputs in these steps. */
typedef struct loading {
  const dt__net* net;
  dt_nn_matrix* matrix;
  dt__net_step in, out;
} loading;

static loading begin(const dt__net* net, dt_nn_matrix* m, dt__net_step in, dt__net_step out) {
  const size_t size = dt_nn_weights_size(m->inputs, m->outputs);
  const size_t padded = dt_nn_padded(m->outputs);
  if (m->whole != NULL) {
    memset(m->whole, 0, size * sizeof *m->whole);
    memset(m->unit, 0, padded * sizeof *m->unit);
  } else {
    memset(m->weights, 0, size * sizeof *m->weights);
  }
  memset(m->bias, 0, padded * sizeof *m->bias);
  return (loading){net, m, in, out};
}

/* Rounds the row to units; returns the sum of their sizes. */
static int64_t round_row(const loading* to, const float* row, float unit, int16_t* rounded) {
  const size_t count = to->matrix->inputs;
  int64_t sum = 0;
  to->net->kernels->round(row, 1 / unit, count, rounded);
  for (size_t i = 0; i < count; i++)
    sum += abs(rounded[i]);
  return sum;
}

/* The unit makes the largest weight WEIGHT_MAX, or less where sums might leave 32 bits (nn.h). */
static void put_whole_row(const loading* to, const float* row, size_t output) {
  dt_nn_matrix* m = to->matrix;
  int16_t* rounded = (int16_t*)(void*)to->net->row[0];
  float largest = 0;
  for (size_t i = 0; i < m->inputs; i++)
    largest = fabsf(row[i]) > largest ? fabsf(row[i]) : largest;
  float unit = largest / WEIGHT_MAX;
  if (!(unit > DT_NN_TINY))
    return;
  while (round_row(to, row, unit, rounded) > DT_NN_WHOLE_SUM)
    unit *= 2;
  int8_t* at = m->whole + dt_nn_whole_at(m, 0, output);
  const size_t pair =
      m->inputs > 2 ? dt_nn_whole_at(m, 2, output) - dt_nn_whole_at(m, 0, output) : 0;
  for (size_t i = 0; i < m->inputs; i += 2, at += pair) {
    at[0] = (int8_t)rounded[i];
    at[1] = (int8_t)rounded[i + 1];
  }
  m->unit[output] = weight(unit * (to->in / to->out));
}

/* The weights of one output from all inputs. */
static void put_row(const loading* to, const float* row, size_t output, float bias) {
  dt_nn_matrix* m = to->matrix;
  m->bias[output] = weight(bias / to->out);
  if (m->whole != NULL) {
    put_whole_row(to, row, output);
    return;
  }
  float* at = m->weights + dt_nn_weight_at(m, 0, output);
  const size_t step =
      m->inputs > 1 ? dt_nn_weight_at(m, 1, output) - dt_nn_weight_at(m, 0, output) : 0;
  for (size_t i = 0; i < m->inputs; i++, at += step)
    *at = weight(row[i]);
}

/* Where weight i of the model's row belongs. Rows are as long in the model, but for the zeros that
 * make pairs. */
static float* clear_row(const loading* to) {
  return memset(to->net->row[1], 0, to->matrix->inputs * sizeof(float));
}

/* Inputs in the order of the convolution's input: frame, band, channel. */
static void load_conv(const loading* to, const dt__net_conv* conv, const dt_tensor* w,
                      const dt_tensor* b) {
  const size_t count = w->dims[1] * w->dims[2] * w->dims[3];
  float* row = clear_row(to);
  for (size_t out = 0; out < w->dims[0]; out++) {
    const float* from = to->net->row[0];
    dt_tensor_read(w, out * count, count, to->net->row[0]);
    for (size_t in = 0; in < w->dims[1]; in++)
      for (size_t frame = 0; frame < w->dims[2]; frame++)
        for (size_t band = 0; band < w->dims[3]; band++)
          row[frame * conv->segment + band * w->dims[1] + in] = *from++;
    put_row(to, row, out, dt_tensor_at(b, out));
  }
}

/* The branches hand on band by band; the model's order is channel by channel. */
static void load_dense(const loading* to, const dt__net_part* part, const dt_tensor* w,
                       const dt_tensor* b) {
  float* row = clear_row(to);
  for (size_t out = 0; out < w->dims[0]; out++) {
    const float* from = to->net->row[0];
    dt_tensor_read(w, out * w->dims[1], w->dims[1], to->net->row[0]);
    float* first = row;
    for (int k = 0; k < 2; k++) {
      const dt__net_branch* branch = &part->branches[k];
      const size_t channels = dt__net_branch_channels(branch);
      const size_t bands = branch->flat / channels;
      for (size_t channel = 0; channel < channels; channel++)
        for (size_t band = 0; band < bands; band++)
          first[band * channels + channel] = *from++;
      first += branch->flat;
    }
    put_row(to, row, out, dt_tensor_at(b, out));
  }
}

/* Each of the gates r, z, n begins at a multiple of the padded size. */
static void load_gates(const loading* to, const dt__net_gru* gru, const dt_tensor* w,
                       const dt_tensor* b) {
  float* row = clear_row(to);
  for (size_t i = 0; i < 3 * gru->size; i++) {
    const size_t out = i / gru->size * gru->padded + i % gru->size;
    dt_tensor_read(w, i * w->dims[1], w->dims[1], row);
    put_row(to, row, out, dt_tensor_at(b, i));
  }
}

static void load_gru(const dt__net* net, dt__net_gru* gru, dt__net_step in, bool is_whole,
                     const dt__net_records* records, size_t i) {
  const dt_tensor w_ih = layer(records, "gru", i, ".w_ih");
  const dt_tensor w_hh = layer(records, "gru", i, ".w_hh");
  const dt_tensor b_ih = layer(records, "gru", i, ".b_ih");
  const dt_tensor b_hh = layer(records, "gru", i, ".b_hh");
  const loading from_input = begin(net, &gru->from_input, in, 1);
  load_gates(&from_input, gru, &w_ih, &b_ih);
  const loading from_state = begin(net, &gru->from_state, is_whole ? STATE_STEP : 1, 1);
  load_gates(&from_state, gru, &w_hh, &b_hh);
}

static void load_head(const loading* to, const dt_tensor* w, const dt_tensor* b) {
  float* row = clear_row(to);
  for (size_t out = 0; out < w->dims[0]; out++) {
    dt_tensor_read(w, out * w->dims[1], w->dims[1], row);
    put_row(to, row, out, dt_tensor_at(b, out));
  }
}

static void load_optional(const dt__net_records* records, const char* name, float otherwise,
                          float* values, size_t count) {
  dt_tensor tensor;
  const bool is_there = dt__net_find(records, name, &tensor);
  for (size_t i = 0; i < count; i++)
    values[i] = is_there ? dt_tensor_at(&tensor, i) : otherwise;
}

static void load_branch(const dt__net* net, dt__net_branch* branch,
                        const dt__net_records* records) {
  dt__net_step in = branch->step;
  for (size_t i = 0; i < branch->conv_count; i++) {
    dt__net_conv* conv = &branch->convs[i];
    const dt_tensor w = layer(records, branch->name, i, ".w");
    const dt_tensor b = layer(records, branch->name, i, ".b");
    const loading to = begin(net, &conv->matrix, in, conv->step);
    load_conv(&to, conv, &w, &b);
    in = conv->step;
  }
}

static void load_part(const dt__net* net, dt__net_part* part, const dt__net_records* records) {
  load_optional(records, "input.mean", 0, part->mean, DT__NET_INPUTS);
  load_optional(records, "input.scale", 1, part->scale, DT__NET_INPUTS);
  for (int k = 0; k < 2; k++)
    load_branch(net, &part->branches[k], records);
  const dt_tensor dense_w = record(records, "dense0.w");
  const dt_tensor dense_b = record(records, "dense0.b");
  const loading dense = begin(net, &part->dense, part->flat_step, part->joined_step);
  load_dense(&dense, part, &dense_w, &dense_b);
  dt__net_step in = part->joined_step;
  for (size_t i = 0; i < part->gru_count; i++) {
    load_gru(net, &part->grus[i], in, part->is_whole, records, i);
    in = part->is_whole ? STATE_STEP : 1;
  }
  const dt_tensor head_w = record(records, "head.w");
  const dt_tensor head_b = record(records, "head.b");
  const loading head = begin(net, &part->head, part->joined_step, 1);
  load_head(&head, &head_w, &head_b);
}

void dt__net_load(dt__net* net, const dt_model* model) {
  const dt__net_records together = {model, 0};
  load_optional(&together, "threshold.family", 0.5f, net->thresholds.family, DT__NET_FAMILIES);
  load_optional(&together, "threshold.drum", 0.5f, net->thresholds.drum, DT__NET_DRUMS);
  for (size_t p = 0; p < net->part_count; p++)
    load_part(net, &net->parts[p], &(dt__net_records){model, p});
  dt__net_reset(net);
}
