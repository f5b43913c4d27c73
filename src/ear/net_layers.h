#ifndef DT_EAR_NET_LAYERS_H
#define DT_EAR_NET_LAYERS_H

/* The layers that a dt__net (net.h) is made of. */

#include <stddef.h>
#include <stdint.h>

#include "dt/model.h"
#include "dt/nn.h"

#define DT__NET_CHUNK  64 /* frames worked on at once */
#define DT__NET_LAYERS 4  /* convolutions of a branch, at most */

/* The records of one network of a model: the first one's have no beginning, the second's "net1.".
 */
typedef struct dt__net_records {
  const dt_model* model;
  size_t part;
} dt__net_records;

/* The record of that name and network; false when there is none. */
bool dt__net_find(const dt__net_records* records, const char* name, dt_tensor* tensor);

/* As it is called in the model: with the network's beginning. */
typedef struct dt__net_name {
  char text[DT_MODEL_NAME_MAX + 1];
} dt__net_name;
dt__net_name dt__net_name_in_model(const dt__net_records* records, const char* name);

/* The name of layer i's part: "long.conv", 1, ".w". */
dt__net_name dt__net_numbered(const char* before, size_t i, const char* after);

/* What a layer gives: numbers that are right by this, and not larger than DT_NN_WHOLE_MAX times it,
 * where a network runs in whole numbers; 1 where it runs in floats. */
typedef float dt__net_step;

/* A convolution with its input: the frames that it still needs of the past, then a chunk. A frame
 * is its bands with zeros at both ends, the channels of a band side by side. */
typedef struct dt__net_conv {
  size_t in_channels, out_channels;
  size_t kernel_frames, kernel_bands;
  size_t in_bands, out_bands;
  size_t in_frame; /* numbers of a frame of the input */
  size_t segment;  /* of them, that the kernel takes at once */
  dt__net_step step;
  dt_nn_matrix matrix;
  void* in;
} dt__net_conv;

typedef struct dt__net_branch {
  const char* name;       /* of its records, up to the number: "long.conv" */
  size_t channels, bands; /* of the branch's input */
  dt__net_step step;      /* of its input */
  size_t conv_count;
  dt__net_conv convs[DT__NET_LAYERS];
  size_t flat; /* numbers that it hands on, a frame */
} dt__net_branch;

/* Channels of what a branch hands on. */
static inline size_t dt__net_branch_channels(const dt__net_branch* branch) {
  return branch->conv_count == 0 ? branch->channels
                                 : branch->convs[branch->conv_count - 1].out_channels;
}

/* The step of what a branch hands on. */
static inline dt__net_step* dt__net_branch_step(dt__net_branch* branch) {
  return branch->conv_count == 0 ? &branch->step : &branch->convs[branch->conv_count - 1].step;
}

typedef struct dt__net_gru {
  size_t inputs, size, padded;
  dt_nn_matrix from_input; /* padded columns for each of the gates r, z, n */
  dt_nn_matrix from_state;
  float* h;
  int16_t* whole_h; /* in steps of 1 / DT_NN_WHOLE_MAX */
} dt__net_gru;

#endif
