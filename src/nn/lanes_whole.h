/*
 * Products of whole numbers for vectors of LANES sums. Included by lanes.h, which says what LANES,
 * vec, uvec and ivec are.
 */
#ifndef DT_NN_LANES_WHOLE_H
#define DT_NN_LANES_WHOLE_H

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#endif

#ifdef LANES

#define bytes_of NAME(bytes_)
#define words_of NAME(words_)

typedef int8_t bytes_of __attribute__((vector_size(2 * LANES)));
typedef int16_t words_of __attribute__((vector_size(2 * LANES * sizeof(int16_t))));
typedef uint16_t NAME(half_words_) __attribute__((vector_size(LANES * sizeof(int16_t))));

/* The weights of a pair of inputs, LANES columns. */
INLINE ivec NAME(load_pairs)(const int8_t* weights) {
#if LANES == 16
  return (ivec)_mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i*)(const void*)weights));
#elif LANES == 8
  return (ivec)_mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i*)(const void*)weights));
#elif defined(__SSE2__)
  const __m128i w = _mm_loadl_epi64((const __m128i*)(const void*)weights);
  return (ivec)_mm_srai_epi16(_mm_unpacklo_epi8(w, w), 8);
#else
  bytes_of w;
  memcpy(&w, weights, sizeof w);
  return (ivec) __builtin_convertvector(w, words_of);
#endif
}

/* sum + w0 * x0 + w1 * x1, lane by lane. */
INLINE ivec NAME(add_pairs)(ivec sum, ivec w, ivec x) {
#if LANES == 16 && defined(__AVX512VNNI__)
  return (ivec)_mm512_dpwssd_epi32((__m512i)sum, (__m512i)w, (__m512i)x);
#elif LANES == 16
  return sum + (ivec)_mm512_madd_epi16((__m512i)w, (__m512i)x);
#elif LANES == 8
  return sum + (ivec)_mm256_madd_epi16((__m256i)w, (__m256i)x);
#elif defined(__SSE2__)
  return sum + (ivec)_mm_madd_epi16((__m128i)w, (__m128i)x);
#else
  return sum + (w >> 16) * (x >> 16) +
         ((ivec)((uvec)w << 16) >> 16) * ((ivec)((uvec)x << 16) >> 16);
#endif
}

/* The same pair of inputs in every lane. */
INLINE ivec NAME(pair_in_all)(const int16_t* x) {
  int32_t pair;
  memcpy(&pair, x, sizeof pair);
  return (ivec){0} + pair;
}

INLINE void NAME(store_rounded)(int16_t* out, uvec x, size_t count) {
  const NAME(half_words_) low = __builtin_convertvector(x, NAME(half_words_));
  memcpy(out, &low, count < LANES ? count * sizeof *out : sizeof low);
}

/* Where the sums of a row end up. */
INLINE void NAME(store_whole)(const dt_nn_rows* rows, size_t to, vec y, size_t count) {
  if (rows->relu) {
    NAME(store_rounded)((int16_t*)rows->out + to, NAME(rounded_of)(y, 0), count);
    return;
  }
  float* out = (float*)rows->out + to;
  if (count >= LANES)
    memcpy(out, &y, sizeof y);
  else
    memcpy(out, &y, count * sizeof *out);
}

/* As float_tile_ in lanes.h. */
INLINE void NAME(whole_tile_)(const dt_nn_matrix* m, const dt_nn_rows* rows, cursor* at,
                              size_t first, size_t pitch, int row_count, int vector_count) {
  const int16_t* in[TALL_ROWS];
  size_t to[TALL_ROWS];
  const int8_t* w[FLAT_VECTORS];
  ivec sum[TALL_ROWS][FLAT_VECTORS];
  for (int r = 0; r < row_count; r++) {
    in[r] = (const int16_t*)rows->in + row_from(rows, at);
    to[r] = row_to(rows, at) + first;
    next_row(rows, at);
  }
  for (int v = 0; v < vector_count; v++) {
    const size_t column = first + (size_t)v * LANES;
    const size_t panel = column / DT_NN_PANEL * DT_NN_PANEL;
    w[v] = m->whole + panel * m->inputs + 2 * (column - panel);
    for (int r = 0; r < row_count; r++)
      sum[r][v] = (ivec){0};
  }
  for (size_t s = 0; s < rows->segments; s++) {
    const size_t piece = s * rows->in_segment;
    const size_t weights = s * rows->segment * pitch;
    for (size_t k = 0; k < rows->segment; k += 2) {
      ivec pairs[FLAT_VECTORS];
      for (int v = 0; v < vector_count; v++)
        pairs[v] = NAME(load_pairs)(w[v] + weights + k * pitch);
      for (int r = 0; r < row_count; r++) {
        const ivec x = NAME(pair_in_all)(in[r] + piece + k);
        for (int v = 0; v < vector_count; v++)
          sum[r][v] = NAME(add_pairs)(sum[r][v], pairs[v], x);
      }
    }
  }
  for (int v = 0; v < vector_count; v++) {
    const size_t column = first + (size_t)v * LANES;
    const size_t left = m->outputs > column ? m->outputs - column : 0;
    const vec unit = NAME(load_)(m->unit + column);
    const vec bias = NAME(load_)(m->bias + column);
    for (int r = 0; r < row_count; r++)
      NAME(store_whole)
    (rows, to[r] + (size_t)v * LANES, __builtin_convertvector(sum[r][v], vec) * unit + bias, left);
  }
}

#undef bytes_of
#undef words_of

#endif
