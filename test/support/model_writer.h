#ifndef DT_TEST_MODEL_WRITER_H
#define DT_TEST_MODEL_WRITER_H

/* Model files (dt/model.h) in memory, right ones; for tests, benchmarks and seeds, on a machine
 * that is little endian as they are. Names and numbers belong to whoever added them. */

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/model.h"
#include "dt/rng.h"

enum { DT_WRITER_RECORDS = 256, DT_WRITER_HEADER = 24, DT_WRITER_RECORD = 88 };

typedef struct dt_model_writer {
  size_t count;
  char names[DT_WRITER_RECORDS][DT_MODEL_NAME_MAX + 1];
  dt_model_type types[DT_WRITER_RECORDS];
  int dim_counts[DT_WRITER_RECORDS];
  uint32_t dims[DT_WRITER_RECORDS][4];
  void* data[DT_WRITER_RECORDS];
  size_t sizes[DT_WRITER_RECORDS];
} dt_model_writer;

/* A record of dims[0] x ... (up to the first 0); numbers are copied, NULL: zeros. */
static inline void dt_writer_add(dt_model_writer* w, const char* name, dt_model_type type,
                                 const size_t dims[4], const void* numbers) {
  const size_t i = w->count++;
  assert(i < DT_WRITER_RECORDS);
  snprintf(w->names[i], sizeof w->names[i], "%s", name);
  w->types[i] = type;
  w->sizes[i] = type == DT_MODEL_F32 ? 4 : 2;
  w->dim_counts[i] = 0;
  for (int d = 0; d < 4 && dims[d] != 0; d++) {
    w->dims[i][w->dim_counts[i]++] = (uint32_t)dims[d];
    w->sizes[i] *= dims[d];
  }
  w->data[i] = calloc(1, w->sizes[i]);
  assert(w->data[i] != NULL);
  if (numbers != NULL)
    memcpy(w->data[i], numbers, w->sizes[i]);
}

/* Normal numbers of that standard deviation. */
static inline void dt_writer_random(dt_model_writer* w, const char* name, size_t a, size_t b,
                                    size_t c, size_t d, double sd, dt_rng* rng) {
  const size_t dims[4] = {a, b, c, d};
  dt_writer_add(w, name, DT_MODEL_F32, dims, NULL);
  float* numbers = w->data[w->count - 1];
  for (size_t i = 0; i < w->sizes[w->count - 1] / sizeof *numbers; i++)
    numbers[i] = (float)(sd * dt_rng_normal(rng));
}

static inline void dt_writer_clear(dt_model_writer* w) {
  for (size_t i = 0; i < w->count; i++)
    free(w->data[i]);
  w->count = 0;
}

static inline void dt_writer_put(unsigned char* at, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; i++)
    at[i] = (unsigned char)(value >> 8 * i);
}

/* The checksum anew, for who changed something before it. */
static inline void dt_writer_sign(unsigned char* file, size_t size) {
  dt_writer_put(file + size - 4, dt_crc32(0, file, size - 4), 4);
}

/* The file; to be freed. */
static inline unsigned char* dt_writer_bytes(const dt_model_writer* w, size_t* size) {
  size_t end = DT_WRITER_HEADER + w->count * DT_WRITER_RECORD;
  for (size_t i = 0; i < w->count; i++)
    end = (end + 15) / 16 * 16 + w->sizes[i];
  *size = (end + 15) / 16 * 16 + 4;
  unsigned char* file = calloc(1, *size);
  assert(file != NULL);
  memcpy(file, "DTMODEL", 8);
  dt_writer_put(file + 8, DT_MODEL_VERSION, 4);
  dt_writer_put(file + 12, w->count, 4);
  dt_writer_put(file + 16, *size, 8);
  end = DT_WRITER_HEADER + w->count * DT_WRITER_RECORD;
  for (size_t i = 0; i < w->count; i++) {
    unsigned char* p = file + DT_WRITER_HEADER + i * DT_WRITER_RECORD;
    end = (end + 15) / 16 * 16;
    memcpy(p, w->names[i], strlen(w->names[i]));
    dt_writer_put(p + 48, w->types[i], 4);
    dt_writer_put(p + 52, (uint64_t)w->dim_counts[i], 4);
    for (int d = 0; d < w->dim_counts[i]; d++)
      dt_writer_put(p + 56 + 4 * d, w->dims[i][d], 4);
    dt_writer_put(p + 72, end, 8);
    dt_writer_put(p + 80, w->sizes[i], 8);
    memcpy(file + end, w->data[i], w->sizes[i]);
    end += w->sizes[i];
  }
  dt_writer_sign(file, *size);
  return file;
}

#endif
