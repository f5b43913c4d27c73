#ifndef DT_NN_H
#define DT_NN_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/attr.h"

/*
 * What a small network is made of: rows of numbers times a matrix, and the curves between. Each
 * kernel exists for several instruction sets, and all of them give the same bits:
 *
 *   - every output starts from its bias and adds one product after another in the order of the
 *     inputs, each product and each sum rounded (no fused multiply-add); lanes run across outputs;
 *   - sigmoid and tanh are the same few steps of float arithmetic everywhere, none of them libm's.
 *
 * Nothing here takes memory; everything is real-time safe, and safe to call from several threads on
 * different data.
 */

/*
 * A matrix, laid out for the kernels: columns (outputs) in panels of 16, the last one of 8 where 8
 * are enough; in a panel, input after input. Columns beyond `outputs` are zero.
 */
#define DT_NN_PANEL 16

typedef struct dt_nn_matrix {
  size_t inputs;
  size_t outputs;
  float* weights; /* dt_nn_weights_size(inputs, outputs), 64-byte aligned for speed */
  float* bias;    /* dt_nn_padded(outputs) */
} dt_nn_matrix;

/* outputs rounded up to whole panels: a multiple of 8. */
size_t dt_nn_padded(size_t outputs) DT_NONBLOCKING;

/* Floats that the weights take: inputs * dt_nn_padded(outputs). */
size_t dt_nn_weights_size(size_t inputs, size_t outputs) DT_NONBLOCKING;

/* Where the weight from an input to an output lies in `weights`. */
size_t dt_nn_weight_at(const dt_nn_matrix* matrix, size_t input, size_t output) DT_NONBLOCKING;

/*
 * Which rows to multiply. Row (f, r), f < frames, r < rows, has `segments` pieces of `segment`
 * numbers each: piece s begins at in + f * in_frame + r * in_row + s * in_segment. So a convolution
 * over frames and bands is a matrix product without copies. segments * segment is the matrix's
 * inputs. The outputs of a row go to out + f * out_frame + r * out_row, `outputs` numbers; in and
 * out do not overlap. Distances in floats.
 */
typedef struct dt_nn_rows {
  const float* in;
  size_t in_frame, in_row, in_segment;
  size_t segments, segment;
  float* out;
  size_t out_frame, out_row;
  size_t frames, rows;
  bool relu; /* outputs not above DT_NN_TINY (and NaN) become 0 */
} dt_nn_rows;

/* Smaller numbers are taken as 0 wherever one frame hands numbers to the next: near 1e-38
 * arithmetic is slow. */
#define DT_NN_TINY 1e-15f

typedef struct dt_nn_kernels {
  const char* name;
  bool (*is_usable)(void); /* by this processor and its system */

  void (*multiply)(const dt_nn_matrix* matrix, const dt_nn_rows* rows) DT_NONBLOCKING;

  /* In place, count numbers. 1 / (1 + e^-x) and tanh x; absolute error below 3e-7. NaN gives the
   * value at plus infinity. */
  void (*sigmoid)(float* x, size_t count) DT_NONBLOCKING;
  void (*tanh)(float* x, size_t count) DT_NONBLOCKING;

  /* One step of a gated recurrent unit (K. Cho et al., 2014, as in PyTorch): from the input's part
   * x and the state's part u, `size` numbers for each of the gates r, z, n, one gate after the
   * other, to the new state h:
   *   r = sigmoid(x_r + u_r), z = sigmoid(x_z + u_z), n = tanh(x_n + r u_n), h = n + z (h - n)
   * States below DT_NN_TINY become 0. size is a multiple of 8. */
  void (*gates)(float* h, const float* x, const float* u, size_t size) DT_NONBLOCKING;
} dt_nn_kernels;

/* The kernels there are, from plain C (first) to the widest; NULL after the last. Some may not be
 * usable here. */
const dt_nn_kernels* dt_nn_variant(size_t i);

/* The widest usable ones. Asks the processor: once at start, not in a loop. */
const dt_nn_kernels* dt_nn_best(void);

#endif
