/* The kernels in plain C: what all the others must equal. */

#include <stdint.h>
#include <string.h>

#include "kernels.h"

#define NAME(name)       name
#define ALL(x)           (x)
#define MORE(a, b, x, y) ((a) > (b) ? (x) : (y))
#define BITS(v)          bits_of(v)
#define FLOATS(u)        float_of(u)
typedef float vec;
typedef uint32_t uvec;

static inline uint32_t bits_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline float float_of(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

#include "curves.h"

#include "dt/rt_poison.h" /* last: see there */

static void sigmoid(float* x, size_t count) DT_NONBLOCKING {
  for (size_t i = 0; i < count; i++)
    x[i] = sigmoid_of(x[i]);
}

static void hyperbolic(float* x, size_t count) DT_NONBLOCKING {
  for (size_t i = 0; i < count; i++)
    x[i] = tanh_of(x[i]);
}

static void gates(float* h, const float* x, const float* u, size_t size) DT_NONBLOCKING {
  for (size_t i = 0; i < size; i++) {
    const size_t z = size + i;
    const size_t n = 2 * size + i;
    h[i] = next_state(h[i], x[i] + u[i], x[z] + u[z], x[n], u[n]);
  }
}

static void round_all(const float* x, float per, size_t count, int16_t* out) DT_NONBLOCKING {
  for (size_t i = 0; i < count; i++)
    out[i] = (int16_t)(uint16_t)rounded_of(x[i] * per, -(float)DT_NN_WHOLE_MAX);
}

/* One row times a panel of `width` columns. */
static inline void row_by_panel(const dt_nn_rows* rows, const float* in, const float* weights,
                                const float* bias, size_t width, float sum[DT_NN_PANEL]) {
  for (size_t c = 0; c < width; c++)
    sum[c] = bias[c];
  for (size_t s = 0; s < rows->segments; s++) {
    for (size_t k = 0; k < rows->segment; k++) {
      const float x = in[s * rows->in_segment + k];
      for (size_t c = 0; c < width; c++)
        sum[c] += x * weights[c];
      weights += width;
    }
  }
  for (size_t c = 0; c < width && rows->relu; c++)
    sum[c] = sum[c] > DT_NN_TINY ? sum[c] : 0;
}

static void multiply_row(const dt_nn_matrix* m, const dt_nn_rows* rows, const float* in,
                         float* out) {
  float sum[DT_NN_PANEL];
  for (size_t c = 0; c < m->outputs; c += DT_NN_PANEL) {
    const size_t left = m->outputs - c < DT_NN_PANEL ? m->outputs - c : DT_NN_PANEL;
    const float* weights = m->weights + c * m->inputs;
    if (left > DT_NN_PANEL / 2)
      row_by_panel(rows, in, weights, m->bias + c, DT_NN_PANEL, sum);
    else
      row_by_panel(rows, in, weights, m->bias + c, DT_NN_PANEL / 2, sum);
    memcpy(out + c, sum, left * sizeof *out);
  }
}

/* The same of whole numbers. */
static inline void whole_by_panel(const dt_nn_rows* rows, const int16_t* in, const int8_t* weights,
                                  size_t width, int32_t sum[DT_NN_PANEL]) {
  memset(sum, 0, width * sizeof *sum);
  for (size_t s = 0; s < rows->segments; s++) {
    for (size_t k = 0; k < rows->segment; k += 2) {
      const int32_t x0 = in[s * rows->in_segment + k];
      const int32_t x1 = in[s * rows->in_segment + k + 1];
      for (size_t c = 0; c < width; c++)
        sum[c] += x0 * weights[2 * c] + x1 * weights[2 * c + 1];
      weights += 2 * width;
    }
  }
}

static void multiply_whole_row(const dt_nn_matrix* m, const dt_nn_rows* rows, const int16_t* in,
                               size_t to) {
  int32_t sum[DT_NN_PANEL];
  for (size_t c = 0; c < m->outputs; c += DT_NN_PANEL) {
    const size_t left = m->outputs - c < DT_NN_PANEL ? m->outputs - c : DT_NN_PANEL;
    const int8_t* weights = m->whole + c * m->inputs;
    if (left > DT_NN_PANEL / 2)
      whole_by_panel(rows, in, weights, DT_NN_PANEL, sum);
    else
      whole_by_panel(rows, in, weights, DT_NN_PANEL / 2, sum);
    for (size_t i = 0; i < left; i++) {
      const float y = (float)sum[i] * m->unit[c + i] + m->bias[c + i];
      if (rows->relu)
        ((int16_t*)rows->out)[to + c + i] = (int16_t)(uint16_t)rounded_of(y, 0);
      else
        ((float*)rows->out)[to + c + i] = y;
    }
  }
}

static void multiply(const dt_nn_matrix* m, const dt_nn_rows* rows) DT_NONBLOCKING {
  for (size_t f = 0; f < rows->frames; f++)
    for (size_t r = 0; r < rows->rows; r++) {
      const size_t from = f * rows->in_frame + r * rows->in_row;
      const size_t to = f * rows->out_frame + r * rows->out_row;
      if (m->whole != NULL)
        multiply_whole_row(m, rows, (const int16_t*)rows->in + from, to);
      else
        multiply_row(m, rows, (const float*)rows->in + from, (float*)rows->out + to);
    }
}

const dt_nn_kernels dt__nn_plain = {"plain C",  dt__nn_always, multiply, sigmoid,
                                    hyperbolic, gates,         round_all};
