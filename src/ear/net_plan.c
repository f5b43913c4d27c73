/* The shape of the network, from the model's records. */

#include <string.h>

#include "net.h"

#define KERNEL_FRAMES_MAX 16
#define KERNEL_BANDS_MAX  31

/* Nothing so small is worth telling apart. */
#define STEP_MIN 1e-12f

/* With more, weights could not be small enough for DT_NN_WHOLE_SUM. */
#define WHOLE_INPUTS_MAX 65536

dt__net_name dt__net_numbered(const char* before, size_t i, const char* after) {
  dt__net_name name;
  const size_t length = strlen(before);
  memcpy(name.text, before, length);
  name.text[length] = (char)('0' + i);
  memcpy(name.text + length + 1, after, strlen(after) + 1);
  return name;
}

dt__net_name dt__net_name_in_model(const dt__net_records* records, const char* name) {
  dt__net_name full = {""};
  if (records->part > 0)
    full = dt__net_numbered("net", records->part, ".");
  const size_t length = strlen(full.text);
  memcpy(full.text + length, name, strlen(name) + 1);
  return full;
}

bool dt__net_find(const dt__net_records* records, const char* name, dt_tensor* tensor) {
  return dt_model_find(records->model, dt__net_name_in_model(records, name).text, tensor);
}

/* The record of that name and number of dimensions. */
static dt_status find(const dt__net_records* records, const char* name, int dim_count,
                      dt_tensor* tensor, dt_error* error) {
  if (!dt__net_find(records, name, tensor))
    return dt_fail(error, DT_BAD_DATA, "The model has no record \"%s\", which the ear needs",
                   dt__net_name_in_model(records, name).text);
  if (tensor->dim_count != dim_count)
    return dt_fail(error, DT_BAD_DATA, "Record \"%s\" of the model has %d dimensions, not %d",
                   tensor->name, tensor->dim_count, dim_count);
  for (int d = 0; d < dim_count; d++)
    if (tensor->dims[d] > DT__NET_WIDEST)
      return dt_fail(error, DT_TOO_LARGE,
                     "Dimension %d of the model's record \"%s\" is %zu; the ear takes %d at most",
                     d + 1, tensor->name, tensor->dims[d], DT__NET_WIDEST);
  return DT_OK;
}

static dt_status expect_dim(const dt_tensor* tensor, int d, size_t wanted, dt_error* error) {
  if (tensor->dims[d] == wanted)
    return DT_OK;
  return dt_fail(error, DT_BAD_DATA, "Dimension %d of the model's record \"%s\" is %zu, not %zu",
                 d + 1, tensor->name, tensor->dims[d], wanted);
}

static dt_status expect_vector(const dt__net_records* records, const char* name, size_t size,
                               dt_error* error) {
  dt_tensor tensor;
  dt_status status = find(records, name, 1, &tensor, error);
  return status != DT_OK ? status : expect_dim(&tensor, 0, size, error);
}

static dt_status expect_optional(const dt__net_records* records, const char* name, size_t size,
                                 dt_error* error) {
  dt_tensor tensor;
  return dt__net_find(records, name, &tensor) ? expect_vector(records, name, size, error) : DT_OK;
}

static dt_status expect_matrix(const dt__net_records* records, const char* name, size_t rows,
                               size_t columns, dt_error* error) {
  dt_tensor tensor;
  dt_status status = find(records, name, 2, &tensor, error);
  if (status == DT_OK)
    status = expect_dim(&tensor, 0, rows, error);
  return status != DT_OK ? status : expect_dim(&tensor, 1, columns, error);
}

static const char* const conv_parts[] = {".w", ".b", NULL};
static const char* const gru_parts[] = {".w_ih", ".w_hh", ".b_ih", ".b_hh", NULL};

/* A record of that layer, whichever. */
static bool find_any(const dt__net_records* records, const char* before, size_t i,
                     const char* const* parts, dt_tensor* tensor) {
  for (; *parts != NULL; parts++)
    if (dt__net_find(records, dt__net_numbered(before, i, *parts).text, tensor))
      return true;
  return false;
}

/* How many layers there are without a gap; a layer is there when any of its parts is. */
static dt_status count_layers(const dt__net_records* records, const char* before,
                              const char* const* parts, size_t most, size_t* count,
                              dt_error* error) {
  dt_tensor tensor;
  *count = 0;
  while (*count < most && find_any(records, before, *count, parts, &tensor))
    ++*count;
  for (size_t i = *count; i <= 9; i++)
    if (find_any(records, before, i, parts, &tensor))
      return dt_fail(error, DT_BAD_DATA,
                     "The model has a record \"%s\" without those before it, or more than %zu "
                     "such layers",
                     tensor.name, most);
  return DT_OK;
}

/* The step of numbers that are not larger than the record says. */
static dt_status plan_step(const dt__net_records* records, const char* name, dt__net_step* step,
                           dt_error* error) {
  dt_tensor tensor;
  dt_status status = expect_vector(records, name, 1, error);
  if (status != DT_OK || !dt__net_find(records, name, &tensor))
    return status;
  *step = dt_tensor_at(&tensor, 0) / DT_NN_WHOLE_MAX;
  if (!(*step > STEP_MIN))
    return dt_fail(error, DT_BAD_DATA, "The model's record \"%s\" is not above %g", tensor.name,
                   (double)STEP_MIN * DT_NN_WHOLE_MAX);
  return DT_OK;
}

/* Whole numbers are taken two by two. */
static size_t in_pairs(const dt__net_part* part, size_t count) {
  return part->is_whole ? (count + 1) / 2 * 2 : count;
}

static dt_status plan_conv(const dt__net_part* part, dt__net_conv* conv,
                           const dt__net_records* records, const char* before, size_t i,
                           size_t channels, size_t bands, dt_error* error) {
  dt_tensor w;
  dt_status status = find(records, dt__net_numbered(before, i, ".w").text, 4, &w, error);
  if (status == DT_OK)
    status = expect_dim(&w, 1, channels, error);
  if (status == DT_OK)
    status = expect_vector(records, dt__net_numbered(before, i, ".b").text, w.dims[0], error);
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
                         .out_bands = (bands + 1) / 2,
                         .step = 1};
  conv->in_frame = (bands + conv->kernel_bands - 1) * channels;
  conv->segment = in_pairs(part, conv->kernel_bands * channels);
  conv->matrix.inputs = conv->kernel_frames * conv->segment;
  conv->matrix.outputs = conv->out_channels;
  if (conv->out_bands * conv->out_channels > DT__NET_WIDEST)
    return dt_fail(error, DT_TOO_LARGE,
                   "The model's record \"%s\" makes %zu numbers a frame; the ear takes %d at most",
                   w.name, conv->out_bands * conv->out_channels, DT__NET_WIDEST);
  if (!part->is_whole)
    return DT_OK;
  if (conv->matrix.inputs > WHOLE_INPUTS_MAX)
    return dt_fail(
        error, DT_TOO_LARGE,
        "The kernel of the model's record \"%s\" takes %zu numbers; in whole numbers the "
        "ear takes %d at most",
        w.name, conv->matrix.inputs, WHOLE_INPUTS_MAX);
  return plan_step(records, dt__net_numbered(before, i, ".largest").text, &conv->step, error);
}

static dt_status plan_branch(const dt__net_part* part, dt__net_branch* branch,
                             const dt__net_records* records, const char* before, size_t channels,
                             size_t bands, dt_error* error) {
  *branch = (dt__net_branch){.name = before, .channels = channels, .bands = bands, .step = 1};
  dt_status status =
      count_layers(records, before, conv_parts, DT__NET_LAYERS, &branch->conv_count, error);
  for (size_t i = 0; i < branch->conv_count && status == DT_OK; i++) {
    status = plan_conv(part, &branch->convs[i], records, before, i, channels, bands, error);
    channels = branch->convs[i].out_channels;
    bands = branch->convs[i].out_bands;
  }
  branch->flat = channels * bands;
  if (status == DT_OK && part->is_whole)
    status = plan_step(records, "input.largest", &branch->step, error);
  return status;
}

static dt_status plan_gru(const dt__net_part* part, dt__net_gru* gru,
                          const dt__net_records* records, size_t i, size_t inputs,
                          dt_error* error) {
  dt_tensor w;
  dt_status status = find(records, dt__net_numbered("gru", i, ".w_hh").text, 2, &w, error);
  if (status != DT_OK)
    return status;
  const size_t size = w.dims[1];
  status = expect_dim(&w, 0, 3 * size, error);
  if (status == DT_OK)
    status =
        expect_matrix(records, dt__net_numbered("gru", i, ".w_ih").text, 3 * size, inputs, error);
  if (status == DT_OK)
    status = expect_vector(records, dt__net_numbered("gru", i, ".b_ih").text, 3 * size, error);
  if (status == DT_OK)
    status = expect_vector(records, dt__net_numbered("gru", i, ".b_hh").text, 3 * size, error);
  *gru = (dt__net_gru){.inputs = inputs, .size = size, .padded = (size + 7) / 8 * 8};
  gru->from_input = (dt_nn_matrix){.inputs = in_pairs(part, inputs), .outputs = 3 * gru->padded};
  gru->from_state = (dt_nn_matrix){.inputs = in_pairs(part, size), .outputs = 3 * gru->padded};
  return status;
}

static dt_status plan_dense(dt__net_part* part, const dt__net_records* records, dt_error* error) {
  dt_tensor w;
  dt_status status = find(records, "dense0.w", 2, &w, error);
  if (status == DT_OK)
    status = expect_dim(&w, 1, part->branches[0].flat + part->branches[1].flat, error);
  if (status == DT_OK)
    status = expect_vector(records, "dense0.b", w.dims[0], error);
  part->joined_step = 1;
  if (status == DT_OK && part->is_whole)
    status = plan_step(records, "dense0.largest", &part->joined_step, error);
  if (status == DT_OK)
    part->dense = (dt_nn_matrix){.inputs = in_pairs(part, w.dims[1]), .outputs = w.dims[0]};
  return status;
}

static dt_status plan_grus(dt__net_part* part, const dt__net_records* records, dt_error* error) {
  dt_status status = count_layers(records, "gru", gru_parts, DT__NET_GRUS, &part->gru_count, error);
  dt_tensor tensor;
  if (status == DT_OK && part->gru_count == 0)
    status = find(records, "gru0.w_hh", 2, &tensor, error);
  size_t inputs = part->dense.outputs;
  for (size_t i = 0; i < part->gru_count && status == DT_OK; i++) {
    status = plan_gru(part, &part->grus[i], records, i, inputs, error);
    inputs = part->grus[i].size;
  }
  return status;
}

static dt_status plan_head(dt__net_part* part, const dt__net_records* records, dt_error* error) {
  const size_t inputs = part->dense.outputs + part->grus[part->gru_count - 1].size;
  dt_status status = expect_matrix(records, "head.w", DT__NET_OUTPUTS, inputs, error);
  if (status == DT_OK)
    status = expect_vector(records, "head.b", DT__NET_OUTPUTS, error);
  part->head = (dt_nn_matrix){.inputs = in_pairs(part, inputs), .outputs = DT__NET_OUTPUTS};
  return status;
}

static dt_status check_thresholds(const dt__net_records* records, const char* name, size_t size,
                                  dt_error* error) {
  dt_status status = expect_optional(records, name, size, error);
  dt_tensor tensor;
  if (status != DT_OK || !dt__net_find(records, name, &tensor))
    return status;
  for (size_t i = 0; i < size; i++)
    if (!(dt_tensor_at(&tensor, i) >= 0 && dt_tensor_at(&tensor, i) <= 1))
      return dt_fail(error, DT_BAD_DATA, "Number %zu of the model's record \"%s\" is not in 0..1",
                     i + 1, name);
  return DT_OK;
}

/* Two kinds of numbers that one layer takes are in the same step, the coarser. */
static void share_steps(dt__net_part* part) {
  dt__net_step* from[2] = {dt__net_branch_step(&part->branches[0]),
                           dt__net_branch_step(&part->branches[1])};
  part->flat_step = *from[0] > *from[1] ? *from[0] : *from[1];
  *from[0] = *from[1] = part->flat_step;
  const dt__net_step of_state = 1.0f / DT_NN_WHOLE_MAX;
  if (part->is_whole && part->joined_step < of_state)
    part->joined_step = of_state;
}

static dt_status plan_part(dt__net_part* part, const dt__net_records* records, dt_error* error) {
  dt_tensor tensor;
  part->is_whole = dt__net_find(records, "input.largest", &tensor);
  dt_status status = expect_optional(records, "input.mean", DT__NET_INPUTS, error);
  if (status == DT_OK)
    status = expect_optional(records, "input.scale", DT__NET_INPUTS, error);
  if (status == DT_OK)
    status = plan_branch(part, &part->branches[0], records, "long.conv", 1, DT__NET_LONG, error);
  if (status == DT_OK)
    status = plan_branch(part, &part->branches[1], records, "short.conv", 2, DT__NET_SHORT, error);
  if (status == DT_OK)
    status = plan_dense(part, records, error);
  if (status == DT_OK)
    status = plan_grus(part, records, error);
  if (status == DT_OK)
    status = plan_head(part, records, error);
  if (status == DT_OK)
    share_steps(part);
  return status;
}

/* The number K of a record "netK.something", 0 to 9; -1 of any other. */
static int part_of(const char* name) {
  const bool is_so =
      strncmp(name, "net", 3) == 0 && name[3] >= '0' && name[3] <= '9' && name[4] == '.';
  return is_so ? name[3] - '0' : -1;
}

/* How many networks there are without a gap. */
static dt_status count_parts(const dt_model* model, size_t* count, dt_error* error) {
  bool is_there[10] = {true};
  for (size_t i = 0; i < model->record_count; i++) {
    const int part = part_of(dt_model_at(model, i).name);
    if (part >= 0)
      is_there[part] = true;
  }
  *count = 0;
  while (*count < DT__NET_PARTS && is_there[*count])
    ++*count;
  for (size_t i = *count; i < 10; i++)
    if (is_there[i])
      return dt_fail(error, DT_BAD_DATA,
                     "The model has records \"net%zu.\" without those before, or more than %d "
                     "networks",
                     i, DT__NET_PARTS);
  return DT_OK;
}

dt_status dt__net_plan(dt__net* net, const dt_model* model, dt_error* error) {
  *net = (dt__net){.kernels = dt_nn_best()};
  dt_status status = count_parts(model, &net->part_count, error);
  for (size_t p = 0; p < net->part_count && status == DT_OK; p++)
    status = plan_part(&net->parts[p], &(dt__net_records){model, p}, error);
  const dt__net_records together = {model, 0};
  if (status == DT_OK)
    status = check_thresholds(&together, "threshold.family", DT__NET_FAMILIES, error);
  if (status == DT_OK)
    status = check_thresholds(&together, "threshold.drum", DT__NET_DRUMS, error);
  return status;
}
