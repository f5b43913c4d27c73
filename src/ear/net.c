#include "net.h"

#include <string.h>

#include "dt/rt_poison.h" /* last: see there */

/* Louder than any sound: sums stay finite. */
#define LARGEST 1e6f

#define OFFSET_MS 10.0f

/* Bytes of a number that goes from layer to layer. */
static inline size_t number_size(const dt__net_part* part) {
  return part->is_whole ? sizeof(int16_t) : sizeof(float);
}

/* The place `count` numbers further on. */
static inline void* beyond(const dt__net_part* part, void* at, size_t count) {
  return (unsigned char*)at + count * number_size(part);
}

static void reset_part(const dt__net_part* part) {
  for (int b = 0; b < 2; b++) {
    for (size_t i = 0; i < part->branches[b].conv_count; i++) {
      const dt__net_conv* conv = &part->branches[b].convs[i];
      const size_t frames = conv->kernel_frames - 1 + DT__NET_CHUNK;
      memset(conv->in, 0, frames * conv->in_frame * number_size(part));
    }
  }
  for (size_t i = 0; i < part->gru_count; i++) {
    memset(part->grus[i].h, 0, part->grus[i].padded * sizeof(float));
    memset(part->grus[i].whole_h, 0, part->grus[i].padded * sizeof(int16_t));
  }
}

void dt__net_reset(dt__net* net) {
  for (size_t p = 0; p < net->part_count; p++)
    reset_part(&net->parts[p]);
}

static inline float normal(const dt__net_part* part, size_t i, float x) {
  if (!(x >= -LARGEST && x <= LARGEST))
    x = x > LARGEST ? LARGEST : x < -LARGEST ? -LARGEST : 0;
  x = (x - part->mean[i]) * part->scale[i];
  return x > -DT_NN_TINY && x < DT_NN_TINY ? 0 : x;
}

/* A place for one number a channel and band, frame after frame. Distances in numbers. */
typedef struct place {
  void* at;
  size_t frame;
  size_t band;
} place;

/* Where layer i of a branch takes its input from; after the last, where the branch hands it on. */
static place input_of(const dt__net* net, const dt__net_part* part, int b, size_t i) {
  const dt__net_branch* branch = &part->branches[b];
  if (i == branch->conv_count)
    return (place){beyond(part, net->flat, b == 0 ? 0 : part->branches[0].flat), part->dense.inputs,
                   dt__net_branch_channels(branch)};
  const dt__net_conv* conv = &branch->convs[i];
  const size_t past = (conv->kernel_frames - 1) * conv->in_frame;
  const size_t edge = (conv->kernel_bands - 1) / 2 * conv->in_channels;
  return (place){beyond(part, conv->in, past + edge), conv->in_frame, conv->in_channels};
}

/* One frame of a branch's input, from channel by channel to band by band. */
static void put_floats(const dt__net_branch* branch, const float* x, float* to, size_t band_step) {
  for (size_t channel = 0; channel < branch->channels; channel++)
    for (size_t band = 0; band < branch->bands; band++)
      to[band * band_step + channel] = *x++;
}

static void put_whole(const dt__net_branch* branch, const int16_t* x, int16_t* to,
                      size_t band_step) {
  for (size_t channel = 0; channel < branch->channels; channel++)
    for (size_t band = 0; band < branch->bands; band++)
      to[band * band_step + channel] = *x++;
}

static void take_frame(const dt__net* net, const dt__net_part* part, const float* features,
                       size_t frame) {
  float x[DT__NET_INPUTS];
  int16_t whole[DT__NET_INPUTS];
  size_t first = 0;
  for (size_t i = 0; i < DT__NET_INPUTS; i++)
    x[i] = normal(part, i, features[i]);
  for (int b = 0; b < 2; b++) {
    const dt__net_branch* branch = &part->branches[b];
    const place to = input_of(net, part, b, 0);
    const size_t count = branch->channels * branch->bands;
    void* at = beyond(part, to.at, frame * to.frame);
    if (part->is_whole) {
      net->kernels->round(x + first, 1 / branch->step, count, whole);
      put_whole(branch, whole, at, to.band);
    } else {
      put_floats(branch, x + first, at, to.band);
    }
    first += count;
  }
}

static void convolve(const dt__net* net, const dt__net_part* part, int b, size_t i, size_t count) {
  const dt__net_conv* conv = &part->branches[b].convs[i];
  const place to = input_of(net, part, b, i + 1);
  const dt_nn_rows rows = {.in = conv->in,
                           .in_frame = conv->in_frame,
                           .in_row = 2 * conv->in_channels,
                           .in_segment = conv->in_frame,
                           .segments = conv->kernel_frames,
                           .segment = conv->segment,
                           .out = to.at,
                           .out_frame = to.frame,
                           .out_row = to.band,
                           .frames = count,
                           .rows = conv->out_bands,
                           .relu = true};
  net->kernels->multiply(&conv->matrix, &rows);
  memmove(conv->in, beyond(part, conv->in, count * conv->in_frame),
          (conv->kernel_frames - 1) * conv->in_frame * number_size(part));
}

/* `count` frames, each one row. */
static void multiply(const dt__net* net, const dt_nn_matrix* matrix, const void* in,
                     size_t in_frame, void* out, size_t out_frame, size_t count, bool relu) {
  const dt_nn_rows rows = {.in = in,
                           .in_frame = in_frame,
                           .segments = 1,
                           .segment = matrix->inputs,
                           .out = out,
                           .out_frame = out_frame,
                           .frames = count,
                           .rows = 1,
                           .relu = relu};
  net->kernels->multiply(matrix, &rows);
}

/* The state as the next layer takes it. */
static void hand_on(const dt__net* net, const dt__net_part* part, const dt__net_gru* gru,
                    bool is_last, void* out) {
  if (!part->is_whole)
    memcpy(out, gru->h, gru->size * sizeof *gru->h);
  else if (is_last)
    net->kernels->round(gru->h, 1 / part->joined_step, gru->size, out);
  else
    memcpy(out, gru->whole_h, gru->size * sizeof *gru->whole_h);
}

static void recur(const dt__net* net, const dt__net_part* part, const dt__net_gru* gru,
                  const void* in, size_t in_frame, void* out, size_t out_frame, size_t count) {
  const size_t gates = 3 * gru->padded;
  const bool is_last = gru == &part->grus[part->gru_count - 1];
  const void* state = part->is_whole ? (const void*)gru->whole_h : gru->h;
  multiply(net, &gru->from_input, in, in_frame, net->gates_x, gates, count, false);
  for (size_t f = 0; f < count; f++) {
    multiply(net, &gru->from_state, state, 0, net->gates_u, 0, 1, false);
    net->kernels->gates(gru->h, net->gates_x + f * gates, net->gates_u, gru->padded);
    if (part->is_whole)
      net->kernels->round(gru->h, DT_NN_WHOLE_MAX, gru->padded, gru->whole_h);
    hand_on(net, part, gru, is_last, beyond(part, out, f * out_frame));
  }
}

static void answer(const dt__net* net, const float* head, dt__net_out* out) {
  memcpy(out->family_p, head, sizeof out->family_p);
  head += DT__NET_FAMILIES;
  memcpy(out->family_offset_ms, head, sizeof out->family_offset_ms);
  head += DT__NET_FAMILIES;
  memcpy(out->drum_p, head, sizeof out->drum_p);
  head += DT__NET_DRUMS;
  memcpy(out->drum_velocity, head, sizeof out->drum_velocity);
  net->kernels->sigmoid(out->family_p, DT__NET_FAMILIES);
  net->kernels->tanh(out->family_offset_ms, DT__NET_FAMILIES);
  net->kernels->sigmoid(out->drum_p, DT__NET_DRUMS);
  net->kernels->sigmoid(out->drum_velocity, DT__NET_DRUMS);
  for (int i = 0; i < DT__NET_FAMILIES; i++)
    out->family_offset_ms[i] *= OFFSET_MS;
}

/* What one network's head says of a chunk of frames, into net->answer. */
static void run_part(const dt__net* net, const dt__net_part* part, const float* features,
                     size_t count) {
  for (size_t f = 0; f < count; f++)
    take_frame(net, part, features + f * DT__NET_INPUTS, f);
  for (int b = 0; b < 2; b++)
    for (size_t i = 0; i < part->branches[b].conv_count; i++)
      convolve(net, part, b, i, count);
  const size_t joined = part->head.inputs;
  multiply(net, &part->dense, net->flat, part->dense.inputs, net->joined, joined, count, true);
  const void* in = net->joined;
  size_t in_frame = joined;
  for (size_t i = 0; i < part->gru_count; i++) {
    const bool is_last = i + 1 == part->gru_count;
    void* to = is_last ? beyond(part, net->joined, part->dense.outputs) : net->hidden;
    const size_t to_frame = is_last ? joined : part->grus[i + 1].from_input.inputs;
    recur(net, part, &part->grus[i], in, in_frame, to, to_frame, count);
    in = to;
    in_frame = to_frame;
  }
  multiply(net, &part->head, net->joined, joined, net->answer, DT__NET_OUTPUTS, count, false);
}

static void run_chunk(const dt__net* net, const float* features, size_t count, dt__net_out* out) {
  const float share = 1 / (float)net->part_count;
  run_part(net, &net->parts[0], features, count);
  memcpy(net->sum, net->answer, count * DT__NET_OUTPUTS * sizeof *net->sum);
  for (size_t p = 1; p < net->part_count; p++) {
    run_part(net, &net->parts[p], features, count);
    for (size_t i = 0; i < count * DT__NET_OUTPUTS; i++)
      net->sum[i] += net->answer[i];
  }
  for (size_t i = 0; i < count * DT__NET_OUTPUTS; i++)
    net->sum[i] *= share;
  for (size_t f = 0; f < count; f++)
    answer(net, net->sum + f * DT__NET_OUTPUTS, out + f);
}

void dt__net_run(dt__net* net, const float* features, size_t count, dt__net_out* out) {
  while (count > 0) {
    const size_t part = count < DT__NET_CHUNK ? count : DT__NET_CHUNK;
    run_chunk(net, features, part, out);
    features += part * DT__NET_INPUTS;
    out += part;
    count -= part;
  }
}
