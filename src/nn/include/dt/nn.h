#ifndef DT_NN_H
#define DT_NN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/attr.h"

/*
 * What a small network is made of: rows of numbers times a matrix, and the curves between. Each
 * kernel exists for several instruction sets, and all of them give the same bits:
 *
 *   - a product of floats: every output starts from its bias and adds one product after another in
 *     the order of the inputs, each product and each sum rounded (no fused multiply-add); lanes run
 *     across outputs;
 *   - a product of whole numbers is exact: no sum can leave 32 bits (see dt_nn_matrix);
 *   - sigmoid and tanh are the same few steps of float arithmetic everywhere, none of them libm's.
 *
 * Nothing here takes memory; everything is real-time safe, and safe to call from several threads on
 * different data.
 */

/*
 * A matrix, laid out for the kernels: columns (outputs) in panels of 16, the last one of 8 where 8
 * are enough; in a panel, input after input. Columns beyond `outputs` are zero.
 *
 * Either of floats (`weights`; output = bias + sum of input * weight) or, about twice as fast, of
 * whole numbers (`whole`, else NULL; output = bias + unit * sum, one rounding each): inputs in
 * -DT_NN_WHOLE_MAX..DT_NN_WHOLE_MAX, weights in -127..127, inputs in pairs (their number is even,
 * and in a panel the two of a pair lie side by side). The sizes of one output's weights must not
 * add up to more than DT_NN_WHOLE_SUM: then every sum, begun anywhere, stays within 32 bits.
 */
#define DT_NN_PANEL     16
#define DT_NN_WHOLE_MAX 32767
#define DT_NN_WHOLE_SUM 65536

typedef struct dt_nn_matrix {
  size_t inputs;
  size_t outputs;
  float* weights; /* dt_nn_weights_size(inputs, outputs), 64-byte aligned for speed */
  int8_t* whole;  /* as many */
  float* unit;    /* dt_nn_padded(outputs), of whole numbers only */
  float* bias;    /* dt_nn_padded(outputs) */
} dt_nn_matrix;

/* outputs rounded up to whole panels: a multiple of 8. */
size_t dt_nn_padded(size_t outputs) DT_NONBLOCKING;

/* How many weights there are: inputs * dt_nn_padded(outputs). */
size_t dt_nn_weights_size(size_t inputs, size_t outputs) DT_NONBLOCKING;

/* Where the weight from an input to an output lies in `weights`, and in `whole`. */
size_t dt_nn_weight_at(const dt_nn_matrix* matrix, size_t input, size_t output) DT_NONBLOCKING;
size_t dt_nn_whole_at(const dt_nn_matrix* matrix, size_t input, size_t output) DT_NONBLOCKING;

/*
 * Which rows to multiply. Row (f, r), f < frames, r < rows, has `segments` pieces of `segment`
 * numbers each: piece s begins at in + f * in_frame + r * in_row + s * in_segment. So a convolution
 * over frames and bands is a matrix product without copies. segments * segment is the matrix's
 * inputs. The outputs of a row go to out + f * out_frame + r * out_row, `outputs` numbers; in and
 * out do not overlap. Distances in numbers.
 *
 * A matrix of floats takes and gives floats. One of whole numbers takes int16_t, wants an even
 * `segment`, and gives floats; with relu it gives int16_t, rounded, at most DT_NN_WHOLE_MAX.
 */
typedef struct dt_nn_rows {
  const void* in;
  size_t in_frame, in_row, in_segment;
  size_t segments, segment;
  void* out;
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

  /* out = x * per, rounded to the nearest (ties to even), within -DT_NN_WHOLE_MAX..DT_NN_WHOLE_MAX;
   * NaN gives the lowest. */
  void (*round)(const float* x, float per, size_t count, int16_t* out) DT_NONBLOCKING;
} dt_nn_kernels;

/* The kernels there are, from plain C (first) to the widest; NULL after the last. Some may not be
 * usable here. */
const dt_nn_kernels* dt_nn_variant(size_t i);

/* The widest usable ones. Asks the processor: once at start, not in a loop. */
const dt_nn_kernels* dt_nn_best(void);

#endif
