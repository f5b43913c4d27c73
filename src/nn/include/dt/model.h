#ifndef DT_MODEL_H
#define DT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/attr.h"
#include "dt/error.h"

/*
 * A model file: named arrays of numbers, as train/model_file.py writes them. Little endian, no gaps
 * that are not zero, one way to write the same arrays.
 *
 *   header     0  char[8]   "DTMODEL" and a zero
 *              8  uint32    version of the format, 1
 *             12  uint32    number of records, 0..DT_MODEL_RECORDS_MAX
 *             16  uint64    size of the whole file in bytes
 *   directory 24  for each record, 88 bytes:
 *              0  char[48]  name: 1..47 of a-z 0-9 . _ then zeros; no two alike
 *             48  uint32    type of number: 1 = float32, 2 = float16 (IEEE 754 binary16)
 *             52  uint32    number of dimensions, 1..4
 *             56  uint32[4] dimensions, each at least 1, slowest first; zeros after the last
 *             72  uint64    where its numbers begin, from the start of the file: the end of what is
 *                           before, rounded up to a multiple of 16
 *             80  uint64    their size in bytes
 *   numbers       all finite, in the order of the directory, zeros between them
 *   checksum      uint32    CRC-32 (IEEE 802.3, as zlib's) of every byte before it; it begins at
 * the end of what is before, rounded up to a multiple of 16, and ends the file
 */
#define DT_MODEL_VERSION     1
#define DT_MODEL_NAME_MAX    47
#define DT_MODEL_RECORDS_MAX 256
#define DT_MODEL_SIZE_MAX    (64u << 20)

/* A model file in memory. It owns nothing: the bytes must outlive it. */
typedef struct dt_model {
  const unsigned char* bytes;
  size_t size;
  size_t record_count;
} dt_model;

typedef enum dt_model_type { DT_MODEL_F32 = 1, DT_MODEL_F16 = 2 } dt_model_type;

/* One named array. Points into the model's bytes. */
typedef struct dt_tensor {
  const char* name; /* ends with a zero */
  dt_model_type type;
  int dim_count;
  size_t dims[4]; /* 1 after the last */
  size_t count;   /* their product */
  const unsigned char* data;
} dt_tensor;

/* Checks all of the file: nothing of it is believed later. On failure *model is empty, without
 * records. Errors, with a sentence: DT_BAD_DATA (not a model file, damaged, or written otherwise
 * than above), DT_UNSUPPORTED (a later version of the format), DT_TOO_LARGE. Pure, any thread. */
dt_status dt_model_parse(dt_model* model, const void* bytes, size_t size,
                         dt_error* error) DT_NODISCARD;

/* Record i of 0..record_count-1. */
dt_tensor dt_model_at(const dt_model* model, size_t i);

/* The record of that name; false (and *tensor untouched) when there is none. */
bool dt_model_find(const dt_model* model, const char* name, dt_tensor* tensor);

/* Number i of 0..count-1, slowest dimension first. float16 is converted exactly. */
float dt_tensor_at(const dt_tensor* tensor, size_t i);

/* `count` numbers from number `first` on, as dt_tensor_at gives them. */
void dt_tensor_read(const dt_tensor* tensor, size_t first, size_t count, float* values);

/* IEEE 754 binary16 to float, exactly; infinities and NaN too. */
float dt_half_to_float(uint16_t half) DT_NONBLOCKING;

/* CRC-32 as of zlib: start with crc 0, go on with the result. */
uint32_t dt_crc32(uint32_t crc, const void* bytes, size_t size);

#endif
