/*
 * The kernels for vectors of LANES floats (4, 8 or 16; 16 wants to be included for 8 first). Lanes
 * are neighbouring outputs, so the order of the sums is that of plain.c.
 */
#ifndef DT_NN_LANES_H
#define DT_NN_LANES_H

#include <stdint.h>
#include <string.h>

#include "kernels.h"

#define NAME_OF(name, lanes) name##lanes
#define NAME_AT(name, lanes) NAME_OF(name, lanes)
#define NAME(name)           NAME_AT(name, LANES)
#define INLINE               static inline __attribute__((always_inline))

/* Subtracting 0 changes no number, not even -0. */
#define ALL(x)           ((x) - (vec){0})
#define MORE(a, b, x, y) FLOATS((BITS(x) & (uvec)((a) > (b))) | (BITS(y) & ~(uvec)((a) > (b))))
#define BITS(v)          ((uvec)(v))
#define FLOATS(u)        ((vec)(u))
#define vec              NAME(vec_)
#define uvec             NAME(uvec_)
#define ivec             NAME(ivec_)

/* Rows and vectors of columns that one tile takes; its sums stay in registers. What fits best was
 * measured (bench_nn): wide registers like one column of many rows. */
#define TALL_ROWS    (LANES == 16 ? 12 : 6)
#define TALL_VECTORS (LANES == 16 ? 1 : 2)
#define LOW_ROWS     6
#define LOW_VECTORS  2

/* Of a tile of one row: sums are chains, and a few must be under way. */
#define FLAT_VECTORS (LANES == 16 ? 12 : 8)

/* The next row to multiply. */
typedef struct cursor {
  size_t frame;
  size_t row;
} cursor;

INLINE size_t row_from(const dt_nn_rows* rows, const cursor* at) {
  return at->frame * rows->in_frame + at->row * rows->in_row;
}

INLINE size_t row_to(const dt_nn_rows* rows, const cursor* at) {
  return at->frame * rows->out_frame + at->row * rows->out_row;
}

INLINE void next_row(const dt_nn_rows* rows, cursor* at) {
  if (++at->row == rows->rows) {
    at->row = 0;
    at->frame++;
  }
}

#endif

#ifdef LANES

typedef float vec __attribute__((vector_size(LANES * sizeof(float))));
typedef uint32_t uvec __attribute__((vector_size(LANES * sizeof(uint32_t))));

typedef int32_t ivec __attribute__((vector_size(LANES * sizeof(int32_t))));

#include "curves.h"

INLINE vec NAME(load_)(const float* x) {
  vec v;
  memcpy(&v, x, sizeof v);
  return v;
}

#include "lanes_whole.h"

static inline void NAME(sigmoid_)(float* x, size_t count) DT_NONBLOCKING {
  for (; count >= LANES; count -= LANES, x += LANES) {
    const vec y = NAME(sigmoid_of)(NAME(load_)(x));
    memcpy(x, &y, sizeof y);
  }
  vec rest = {0};
  memcpy(&rest, x, count * sizeof *x);
  rest = NAME(sigmoid_of)(rest);
  memcpy(x, &rest, count * sizeof *x);
}

static inline void NAME(tanh_)(float* x, size_t count) DT_NONBLOCKING {
  for (; count >= LANES; count -= LANES, x += LANES) {
    const vec y = NAME(tanh_of)(NAME(load_)(x));
    memcpy(x, &y, sizeof y);
  }
  vec rest = {0};
  memcpy(&rest, x, count * sizeof *x);
  rest = NAME(tanh_of)(rest);
  memcpy(x, &rest, count * sizeof *x);
}

static inline void NAME(round_)(const float* x, float per, size_t count,
                                int16_t* out) DT_NONBLOCKING {
  for (; count >= LANES; count -= LANES, x += LANES, out += LANES)
    NAME(store_rounded)(out, NAME(rounded_of)(NAME(load_)(x) * ALL(per), -DT_NN_WHOLE_MAX), LANES);
  vec rest = {0};
  memcpy(&rest, x, count * sizeof *x);
  NAME(store_rounded)(out, NAME(rounded_of)(rest * ALL(per), -DT_NN_WHOLE_MAX), count);
}

/* Units i..end-1, as far as whole vectors go; returns the first one left. */
INLINE size_t NAME(gates_)(float* h, const float* x, const float* u, size_t size, size_t i) {
  for (; i + LANES <= size; i += LANES) {
    const size_t z = size + i;
    const size_t n = 2 * size + i;
    const vec next = NAME(next_state)(NAME(load_)(h + i), NAME(load_)(x + i) + NAME(load_)(u + i),
                                      NAME(load_)(x + z) + NAME(load_)(u + z), NAME(load_)(x + n),
                                      NAME(load_)(u + n));
    memcpy(h + i, &next, sizeof next);
  }
  return i;
}

/* row_count rows of floats times vector_count vectors of columns, from column `first` on; `pitch`
 * is the width of their panels. The counts are constants where this is called. */
INLINE void NAME(float_tile_)(const dt_nn_matrix* m, const dt_nn_rows* rows, cursor* at,
                              size_t first, size_t pitch, int row_count, int vector_count) {
  const float* in[TALL_ROWS];
  float* out[TALL_ROWS];
  const float* w[FLAT_VECTORS];
  vec sum[TALL_ROWS][FLAT_VECTORS];
  for (int r = 0; r < row_count; r++) {
    in[r] = (const float*)rows->in + row_from(rows, at);
    out[r] = (float*)rows->out + row_to(rows, at) + first;
    next_row(rows, at);
  }
  for (int v = 0; v < vector_count; v++) {
    const size_t column = first + (size_t)v * LANES;
    const size_t panel = column / DT_NN_PANEL * DT_NN_PANEL;
    w[v] = m->weights + panel * m->inputs + (column - panel);
    for (int r = 0; r < row_count; r++)
      sum[r][v] = NAME(load_)(m->bias + column);
  }
  for (size_t s = 0; s < rows->segments; s++) {
    const size_t piece = s * rows->in_segment;
    const size_t weights = s * rows->segment * pitch;
    for (size_t k = 0; k < rows->segment; k++) {
      for (int r = 0; r < row_count; r++) {
        const vec x = ALL(in[r][piece + k]);
        for (int v = 0; v < vector_count; v++)
          sum[r][v] += x * NAME(load_)(w[v] + weights + k * pitch);
      }
    }
  }
  for (int v = 0; v < vector_count; v++) {
    const size_t column = first + (size_t)v * LANES;
    const size_t left = m->outputs > column ? m->outputs - column : 0;
    for (int r = 0; r < row_count; r++) {
      vec y = sum[r][v];
      if (rows->relu)
        y = MORE(y, ALL(DT_NN_TINY), y, ALL(0.0f));
      if (left >= LANES)
        memcpy(out[r] + (size_t)v * LANES, &y, sizeof y);
      else
        memcpy(out[r] + (size_t)v * LANES, &y, left * sizeof(float));
    }
  }
}

INLINE void NAME(tile_)(const dt_nn_matrix* m, const dt_nn_rows* rows, cursor* at, size_t first,
                        size_t pitch, int row_count, int vector_count) {
  if (m->whole != NULL)
    NAME(whole_tile_)(m, rows, at, first, pitch, row_count, vector_count);
  else
    NAME(float_tile_)(m, rows, at, first, pitch, row_count, vector_count);
}

/* The next tall_count rows, a multiple of TALL_ROWS, times vector_count vectors of columns. */
INLINE void NAME(tall_)(const dt_nn_matrix* m, const dt_nn_rows* rows, size_t tall_count,
                        size_t first, size_t pitch, int vector_count) {
  cursor at = {0, 0};
  for (; tall_count > 0; tall_count -= TALL_ROWS)
    NAME(tile_)(m, rows, &at, first, pitch, TALL_ROWS, vector_count);
}

/* The `left` rows from `at` on. */
INLINE void NAME(low_)(const dt_nn_matrix* m, const dt_nn_rows* rows, cursor at, size_t left,
                       size_t first, size_t pitch, int vector_count) {
  for (; left >= LOW_ROWS; left -= LOW_ROWS)
    NAME(tile_)(m, rows, &at, first, pitch, LOW_ROWS, vector_count);
  for (; left >= 3; left -= 3)
    NAME(tile_)(m, rows, &at, first, pitch, 3, vector_count);
  if (left == 2)
    NAME(tile_)(m, rows, &at, first, pitch, 2, vector_count);
  else if (left == 1)
    NAME(tile_)(m, rows, &at, first, pitch, 1, vector_count);
}

/* Columns in whole panels, and then those of a last narrow one that fit; returns the first column
 * left. */
static size_t NAME(multiply_)(const dt_nn_matrix* m, const dt_nn_rows* rows, const size_t first) {
  const size_t padded = dt_nn_padded(m->outputs);
  const size_t whole = padded / DT_NN_PANEL * DT_NN_PANEL;
  const size_t count = rows->frames * rows->rows;
  const size_t left = count % TALL_ROWS;
  const size_t tall = count - left;
  const cursor rest = {tall / rows->rows, tall % rows->rows};
  size_t column = first;
  if (tall > 0) {
    for (; column + TALL_VECTORS * LANES <= whole; column += TALL_VECTORS * LANES)
      NAME(tall_)(m, rows, tall, column, DT_NN_PANEL, TALL_VECTORS);
    for (; column + LANES <= padded; column += LANES)
      NAME(tall_)(m, rows, tall, column, column < whole ? DT_NN_PANEL : DT_NN_PANEL / 2, 1);
  }
  column = first;
  for (; left == 1 && column + FLAT_VECTORS * LANES <= whole; column += FLAT_VECTORS * LANES)
    NAME(tile_)(m, rows, &(cursor){rest.frame, rest.row}, column, DT_NN_PANEL, 1, FLAT_VECTORS);
  for (; column + LOW_VECTORS * LANES <= whole; column += LOW_VECTORS * LANES)
    NAME(low_)(m, rows, rest, left, column, DT_NN_PANEL, LOW_VECTORS);
  for (; column + LANES <= padded; column += LANES)
    NAME(low_)(m, rows, rest, left, column, column < whole ? DT_NN_PANEL : DT_NN_PANEL / 2, 1);
  return column;
}

#endif
