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

/* Rows and vectors of one tile, at most; the sums of a tile stay in registers. */
#define TILE_ROWS    4
#define TILE_VECTORS 2
#define ROW_VECTORS  8 /* of a tile with one row: sums are chains, and a few must be under way */

#endif

#ifdef LANES

typedef float vec __attribute__((vector_size(LANES * sizeof(float))));
typedef uint32_t uvec __attribute__((vector_size(LANES * sizeof(uint32_t))));

#include "curves.h"

INLINE vec NAME(load_)(const float* x) {
  vec v;
  memcpy(&v, x, sizeof v);
  return v;
}

static inline void NAME(sigmoid_)(float* x, size_t count) {
  for (; count >= LANES; count -= LANES, x += LANES) {
    const vec y = NAME(sigmoid_of)(NAME(load_)(x));
    memcpy(x, &y, sizeof y);
  }
  vec rest = {0};
  memcpy(&rest, x, count * sizeof *x);
  rest = NAME(sigmoid_of)(rest);
  memcpy(x, &rest, count * sizeof *x);
}

static inline void NAME(tanh_)(float* x, size_t count) {
  for (; count >= LANES; count -= LANES, x += LANES) {
    const vec y = NAME(tanh_of)(NAME(load_)(x));
    memcpy(x, &y, sizeof y);
  }
  vec rest = {0};
  memcpy(&rest, x, count * sizeof *x);
  rest = NAME(tanh_of)(rest);
  memcpy(x, &rest, count * sizeof *x);
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

/* row_count rows times vector_count vectors of columns, from column `first` on; `pitch` is the
 * width of their panels. The counts are constants where this is called. */
INLINE void NAME(tile_)(const dt_nn_matrix* m, const dt_nn_rows* rows, size_t at, size_t first,
                        size_t pitch, int row_count, int vector_count) {
  const float* in[TILE_ROWS];
  float* out[TILE_ROWS];
  const float* w[ROW_VECTORS];
  vec sum[TILE_ROWS][ROW_VECTORS];
  for (int r = 0; r < row_count; r++) {
    const size_t frame = (at + (size_t)r) / rows->rows;
    const size_t row = (at + (size_t)r) % rows->rows;
    in[r] = rows->in + frame * rows->in_frame + row * rows->in_row;
    out[r] = rows->out + frame * rows->out_frame + row * rows->out_row + first;
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

/* All rows times vector_count vectors of columns. */
INLINE void NAME(columns_)(const dt_nn_matrix* m, const dt_nn_rows* rows, size_t first,
                           size_t pitch, int vector_count) {
  const size_t count = rows->frames * rows->rows;
  size_t at = 0;
  /* No tile of one row where it can be avoided: 5 are 3 and 2. */
  for (; count - at >= 6 || count - at == 4; at += 4)
    NAME(tile_)(m, rows, at, first, pitch, 4, vector_count);
  for (; count - at >= 3; at += 3)
    NAME(tile_)(m, rows, at, first, pitch, 3, vector_count);
  if (count - at == 2)
    NAME(tile_)(m, rows, at, first, pitch, 2, vector_count);
  else if (count - at == 1)
    NAME(tile_)(m, rows, at, first, pitch, 1, vector_count);
}

/* Columns in whole panels, and then those of a last narrow one that fit; returns the first column
 * left. */
static size_t NAME(multiply_)(const dt_nn_matrix* m, const dt_nn_rows* rows, size_t first) {
  const size_t padded = dt_nn_padded(m->outputs);
  const size_t whole = padded / DT_NN_PANEL * DT_NN_PANEL;
  const bool is_one = rows->frames * rows->rows == 1;
  for (; is_one && first + ROW_VECTORS * LANES <= whole; first += ROW_VECTORS * LANES)
    NAME(tile_)(m, rows, 0, first, DT_NN_PANEL, 1, ROW_VECTORS);
  for (; is_one && first + 4 * LANES <= whole; first += 4 * LANES)
    NAME(tile_)(m, rows, 0, first, DT_NN_PANEL, 1, 4);
  for (; first + TILE_VECTORS * LANES <= whole; first += TILE_VECTORS * LANES)
    NAME(columns_)(m, rows, first, DT_NN_PANEL, TILE_VECTORS);
  for (; first + LANES <= whole; first += LANES)
    NAME(columns_)(m, rows, first, DT_NN_PANEL, 1);
  for (; first + LANES <= padded; first += LANES)
    NAME(columns_)(m, rows, first, DT_NN_PANEL / 2, 1);
  return first;
}

#endif
