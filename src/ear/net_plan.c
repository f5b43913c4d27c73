/* The shape of the network, from the model's records. */

#include <string.h>

#include "net.h"

#define KERNEL_FRAMES_MAX 16
#define KERNEL_BANDS_MAX  31

/* "long.conv", 1, ".w" */
static const char* numbered(char name[DT_MODEL_NAME_MAX + 1], const char* before, size_t i,
                            const char* after) {
  const size_t length = strlen(before);
  memcpy(name, before, length);
  name[length] = (char)('0' + i);
  memcpy(name + length + 1, after, strlen(after) + 1);
  return name;
}

/* The record of that name and number of dimensions. */
static dt_status find(const dt_model* model, const char* name, int dim_count, dt_tensor* tensor,
                      dt_error* error) {
  if (!dt_model_find(model, name, tensor))
    return dt_fail(error, DT_BAD_DATA, "The model has no record \"%s\", which the ear needs", name);
  if (tensor->dim_count != dim_count)
    return dt_fail(error, DT_BAD_DATA, "Record \"%s\" of the model has %d dimensions, not %d", name,
                   tensor->dim_count, dim_count);
  for (int d = 0; d < dim_count; d++)
    if (tensor->dims[d] > DT__NET_WIDEST)
      return dt_fail(error, DT_TOO_LARGE,
                     "Dimension %d of the model's record \"%s\" is %zu; the ear takes %d at most",
                     d + 1, name, tensor->dims[d], DT__NET_WIDEST);
  return DT_OK;
}

static dt_status expect_dim(const dt_tensor* tensor, int d, size_t wanted, dt_error* error) {
  if (tensor->dims[d] == wanted)
    return DT_OK;
  return dt_fail(error, DT_BAD_DATA, "Dimension %d of the model's record \"%s\" is %zu, not %zu",
                 d + 1, tensor->name, tensor->dims[d], wanted);
}

static dt_status expect_vector(const dt_model* model, const char* name, size_t size,
                               dt_error* error) {
  dt_tensor tensor;
  dt_status status = find(model, name, 1, &tensor, error);
  return status != DT_OK ? status : expect_dim(&tensor, 0, size, error);
}

static dt_status expect_optional(const dt_model* model, const char* name, size_t size,
                                 dt_error* error) {
  dt_tensor tensor;
  return dt_model_find(model, name, &tensor) ? expect_vector(model, name, size, error) : DT_OK;
}

static dt_status expect_matrix(const dt_model* model, const char* name, size_t rows, size_t columns,
                               dt_error* error) {
  dt_tensor tensor;
  dt_status status = find(model, name, 2, &tensor, error);
  if (status == DT_OK)
    status = expect_dim(&tensor, 0, rows, error);
  return status != DT_OK ? status : expect_dim(&tensor, 1, columns, error);
}

static const char* const conv_parts[] = {".w", ".b", NULL};
static const char* const gru_parts[] = {".w_ih", ".w_hh", ".b_ih", ".b_hh", NULL};

/* A record of that layer, whichever; NULL when there is none. */
static const char* any_part(char name[DT_MODEL_NAME_MAX + 1], const dt_model* model,
                            const char* before, size_t i, const char* const* parts) {
  dt_tensor tensor;
  for (; *parts != NULL; parts++)
    if (dt_model_find(model, numbered(name, before, i, *parts), &tensor))
      return name;
  return NULL;
}

/* How many layers there are without a gap; a layer is there when any of its parts is. */
static dt_status count_layers(const dt_model* model, const char* before, const char* const* parts,
                              size_t most, size_t* count, dt_error* error) {
  char name[DT_MODEL_NAME_MAX + 1];
  *count = 0;
  while (*count < most && any_part(name, model, before, *count, parts) != NULL)
    ++*count;
  for (size_t i = *count; i <= 9; i++)
    if (any_part(name, model, before, i, parts) != NULL)
      return dt_fail(error, DT_BAD_DATA,
                     "The model has a record \"%s\" without those before it, or more than %zu "
                     "such layers",
                     name, most);
  return DT_OK;
}

static dt_status plan_conv(dt__net_conv* conv, const dt_model* model, const char* before, size_t i,
                           size_t channels, size_t bands, dt_error* error) {
  char name[DT_MODEL_NAME_MAX + 1];
  dt_tensor w;
  dt_status status = find(model, numbered(name, before, i, ".w"), 4, &w, error);
  if (status == DT_OK)
    status = expect_dim(&w, 1, channels, error);
  if (status == DT_OK)
    status = expect_vector(model, numbered(name, before, i, ".b"), w.dims[0], error);
  if (status != DT_OK)
    return status;
  if (w.dims[2] > KERNEL_FRAMES_MAX || w.dims[3] > KERNEL_BANDS_MAX || w.dims[3] % 2 == 0)
    return dt_fail(error, DT_BAD_DATA,
                   "The kernel of the model's record \"%s\" is %zu x %zu; it must be at most "
                   "%d frames x %d bands, and the bands odd",
                   w.name, w.dims[2], w.dims[3], KERNEL_FRAMES_MAX, KERNEL_BANDS_MAX);
  *conv = (dt__net_conv){.in_channels = channels,
                         .out_channels = w.dims[0],
                         .kernel_frames = w.dims[2],
                         .kernel_bands = w.dims[3],
                         .in_bands = bands,
                         .out_bands = (bands + 1) / 2};
  conv->in_frame = (bands + conv->kernel_bands - 1) * channels;
  conv->matrix.inputs = conv->kernel_frames * conv->kernel_bands * channels;
  conv->matrix.outputs = conv->out_channels;
  if (conv->out_bands * conv->out_channels > DT__NET_WIDEST)
    return dt_fail(error, DT_TOO_LARGE,
                   "The model's record \"%s\" makes %zu numbers a frame; the ear takes %d at most",
                   w.name, conv->out_bands * conv->out_channels, DT__NET_WIDEST);
  return DT_OK;
}

static dt_status plan_branch(dt__net_branch* branch, const dt_model* model, const char* before,
                             size_t channels, size_t bands, dt_error* error) {
  *branch = (dt__net_branch){.name = before, .channels = channels, .bands = bands};
  dt_status status =
      count_layers(model, before, conv_parts, DT__NET_LAYERS, &branch->conv_count, error);
  for (size_t i = 0; i < branch->conv_count && status == DT_OK; i++) {
    status = plan_conv(&branch->convs[i], model, before, i, channels, bands, error);
    channels = branch->convs[i].out_channels;
    bands = branch->convs[i].out_bands;
  }
  branch->flat = channels * bands;
  return status;
}

static dt_status plan_gru(dt__net_gru* gru, const dt_model* model, size_t i, size_t inputs,
                          dt_error* error) {
  char name[DT_MODEL_NAME_MAX + 1];
  dt_tensor w;
  dt_status status = find(model, numbered(name, "gru", i, ".w_hh"), 2, &w, error);
  if (status != DT_OK)
    return status;
  const size_t size = w.dims[1];
  status = expect_dim(&w, 0, 3 * size, error);
  if (status == DT_OK)
    status = expect_matrix(model, numbered(name, "gru", i, ".w_ih"), 3 * size, inputs, error);
  if (status == DT_OK)
    status = expect_vector(model, numbered(name, "gru", i, ".b_ih"), 3 * size, error);
  if (status == DT_OK)
    status = expect_vector(model, numbered(name, "gru", i, ".b_hh"), 3 * size, error);
  *gru = (dt__net_gru){.inputs = inputs, .size = size, .padded = (size + 7) / 8 * 8};
  gru->from_input = (dt_nn_matrix){.inputs = inputs, .outputs = 3 * gru->padded};
  gru->from_state = (dt_nn_matrix){.inputs = size, .outputs = 3 * gru->padded};
  return status;
}

static dt_status plan_dense(dt__net* net, const dt_model* model, dt_error* error) {
  dt_tensor w;
  dt_status status = find(model, "dense0.w", 2, &w, error);
  if (status == DT_OK)
    status = expect_dim(&w, 1, net->branches[0].flat + net->branches[1].flat, error);
  if (status == DT_OK)
    status = expect_vector(model, "dense0.b", w.dims[0], error);
  if (status == DT_OK)
    net->dense = (dt_nn_matrix){.inputs = w.dims[1], .outputs = w.dims[0]};
  return status;
}

static dt_status plan_grus(dt__net* net, const dt_model* model, dt_error* error) {
  dt_status status = count_layers(model, "gru", gru_parts, DT__NET_GRUS, &net->gru_count, error);
  if (status == DT_OK && net->gru_count == 0)
    return dt_fail(error, DT_BAD_DATA,
                   "The model has no record \"gru0.w_hh\", which the ear needs");
  size_t inputs = net->dense.outputs;
  for (size_t i = 0; i < net->gru_count && status == DT_OK; i++) {
    status = plan_gru(&net->grus[i], model, i, inputs, error);
    inputs = net->grus[i].size;
  }
  return status;
}

static dt_status plan_head(dt__net* net, const dt_model* model, dt_error* error) {
  const size_t inputs = net->dense.outputs + net->grus[net->gru_count - 1].size;
  dt_status status = expect_matrix(model, "head.w", DT__NET_OUTPUTS, inputs, error);
  if (status == DT_OK)
    status = expect_vector(model, "head.b", DT__NET_OUTPUTS, error);
  net->head = (dt_nn_matrix){.inputs = inputs, .outputs = DT__NET_OUTPUTS};
  return status;
}

static dt_status check_thresholds(const dt_model* model, const char* name, size_t size,
                                  dt_error* error) {
  dt_status status = expect_optional(model, name, size, error);
  dt_tensor tensor;
  if (status != DT_OK || !dt_model_find(model, name, &tensor))
    return status;
  for (size_t i = 0; i < size; i++)
    if (!(dt_tensor_at(&tensor, i) >= 0 && dt_tensor_at(&tensor, i) <= 1))
      return dt_fail(error, DT_BAD_DATA, "Number %zu of the model's record \"%s\" is not in 0..1",
                     i + 1, name);
  return DT_OK;
}

dt_status dt__net_plan(dt__net* net, const dt_model* model, dt_error* error) {
  *net = (dt__net){.kernels = dt_nn_best()};
  dt_status status = expect_optional(model, "input.mean", DT__NET_INPUTS, error);
  if (status == DT_OK)
    status = expect_optional(model, "input.scale", DT__NET_INPUTS, error);
  if (status == DT_OK)
    status = plan_branch(&net->branches[0], model, "long.conv", 1, DT__NET_LONG, error);
  if (status == DT_OK)
    status = plan_branch(&net->branches[1], model, "short.conv", 2, DT__NET_SHORT, error);
  if (status == DT_OK)
    status = plan_dense(net, model, error);
  if (status == DT_OK)
    status = plan_grus(net, model, error);
  if (status == DT_OK)
    status = plan_head(net, model, error);
  if (status == DT_OK)
    status = check_thresholds(model, "threshold.family", DT__NET_FAMILIES, error);
  if (status == DT_OK)
    status = check_thresholds(model, "threshold.drum", DT__NET_DRUMS, error);
  return status;
}
