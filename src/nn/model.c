#include "dt/model.h"

#include <string.h>

#define HEADER_SIZE   24
#define RECORD_SIZE   88
#define CHECKSUM_SIZE 4
#define ALIGNMENT     16
#define NAME_SIZE     (DT_MODEL_NAME_MAX + 1)

static const char magic[8] = "DTMODEL";

static uint32_t u32_at(const unsigned char* p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint64_t u64_at(const unsigned char* p) {
  return u32_at(p) | (uint64_t)u32_at(p + 4) << 32;
}

static size_t aligned(size_t at) {
  return (at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Eight tables' worth of bytes at once (M. E. Kounavis and F. L. Berry, "A systematic approach to
 * building high performance software-based CRC generators", ISCC 2005). */
#define CRC_BYTES 8
#define CRC_LONG  (CRC_BYTES * 1024) /* for less, the tables are not worth their making */

typedef uint32_t crc_tables[CRC_BYTES][256];

static void make_tables(crc_tables t) {
  for (uint32_t i = 0; i < 256; i++) {
    t[0][i] = i;
    for (int bit = 0; bit < 8; bit++)
      t[0][i] = t[0][i] >> 1 ^ (t[0][i] & 1 ? 0xedb88320 : 0);
  }
  for (size_t k = 1; k < CRC_BYTES; k++)
    for (size_t i = 0; i < 256; i++)
      t[k][i] = t[k - 1][i] >> 8 ^ t[0][t[k - 1][i] & 255];
}

static uint32_t crc_of_long(uint32_t crc, const unsigned char* p, size_t size) {
  crc_tables t;
  make_tables(t);
  for (; size >= CRC_BYTES; size -= CRC_BYTES, p += CRC_BYTES) {
    const uint32_t a = crc ^ u32_at(p);
    const uint32_t b = u32_at(p + 4);
    crc = t[7][a & 255] ^ t[6][a >> 8 & 255] ^ t[5][a >> 16 & 255] ^ t[4][a >> 24] ^ t[3][b & 255] ^
          t[2][b >> 8 & 255] ^ t[1][b >> 16 & 255] ^ t[0][b >> 24];
  }
  return crc;
}

uint32_t dt_crc32(uint32_t crc, const void* bytes, size_t size) {
  static const uint32_t nibble[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
                                      0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
                                      0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                      0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
  const unsigned char* p = bytes;
  crc = ~crc;
  const size_t fast = size >= CRC_LONG ? size / CRC_BYTES * CRC_BYTES : 0;
  if (fast > 0)
    crc = crc_of_long(crc, p, fast);
  for (size_t i = fast; i < size; i++) {
    crc ^= p[i];
    crc = crc >> 4 ^ nibble[crc & 15];
    crc = crc >> 4 ^ nibble[crc & 15];
  }
  return ~crc;
}

float dt_half_to_float(uint16_t half) {
  const uint32_t sign = (uint32_t)(half & 0x8000) << 16;
  uint32_t exponent = half >> 10 & 31;
  uint32_t fraction = half & 1023;
  if (exponent == 0) {
    /* A multiple of 2^-24, exact as a float. */
    float value = (float)fraction * (1.0f / 16777216.0f);
    return sign ? -value : value;
  }
  exponent = exponent == 31 ? 255 : exponent + 112;
  const uint32_t bits = sign | exponent << 23 | fraction << 13;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static size_t type_size(uint32_t type) {
  return type == DT_MODEL_F32 ? 4 : 2;
}

float dt_tensor_at(const dt_tensor* tensor, size_t i) {
  if (tensor->type == DT_MODEL_F16) {
    const unsigned char* p = tensor->data + 2 * i;
    return dt_half_to_float((uint16_t)(p[0] | p[1] << 8));
  }
  const uint32_t bits = u32_at(tensor->data + 4 * i);
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* As dt_half_to_float, of finite numbers: their bits with the float's distance of exponents, which
 * a factor mends; exact for the smallest ones too. */
static inline float finite_half(uint16_t half) {
  const uint32_t bits = (uint32_t)(half & 0x7fff) << 13 | (uint32_t)(half & 0x8000) << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value * 0x1p112f;
}

void dt_tensor_read(const dt_tensor* tensor, size_t first, size_t count, float* values) {
  if (tensor->type != DT_MODEL_F16) {
    for (size_t i = 0; i < count; i++)
      values[i] = dt_tensor_at(tensor, first + i);
    return;
  }
  const unsigned char* p = tensor->data + 2 * first;
  for (size_t i = 0; i < count; i++)
    values[i] = finite_half((uint16_t)(p[2 * i] | p[2 * i + 1] << 8));
}

/* The first number with all exponent bits set, infinite or none; count where there is no such. */
static size_t first_not_finite(const dt_tensor* tensor) {
  const unsigned char* p = tensor->data;
  size_t i = 0;
  if (tensor->type == DT_MODEL_F16) {
    /* Four at once: a carry out of the exponent says so. */
    for (; i + 4 <= tensor->count; i += 4)
      if (((u64_at(p + 2 * i) & 0x7c007c007c007c00) + 0x0400040004000400) & 0x8000800080008000)
        break;
    while (i < tensor->count && (p[2 * i + 1] & 0x7c) != 0x7c)
      i++;
  } else {
    while (i < tensor->count && (u32_at(p + 4 * i) & 0x7f800000) != 0x7f800000)
      i++;
  }
  return i;
}

dt_tensor dt_model_at(const dt_model* model, size_t i) {
  const unsigned char* p = model->bytes + HEADER_SIZE + i * RECORD_SIZE;
  dt_tensor tensor = {.name = (const char*)p,
                      .type = (dt_model_type)u32_at(p + 48),
                      .dim_count = (int)u32_at(p + 52),
                      .count = 1,
                      .data = model->bytes + u64_at(p + 72)};
  for (int d = 0; d < 4; d++) {
    tensor.dims[d] = d < tensor.dim_count ? u32_at(p + 56 + 4 * d) : 1;
    tensor.count *= tensor.dims[d];
  }
  return tensor;
}

bool dt_model_find(const dt_model* model, const char* name, dt_tensor* tensor) {
  for (size_t i = 0; i < model->record_count; i++) {
    const unsigned char* p = model->bytes + HEADER_SIZE + i * RECORD_SIZE;
    if (strncmp((const char*)p, name, NAME_SIZE) == 0) {
      *tensor = dt_model_at(model, i);
      return true;
    }
  }
  return false;
}

static bool are_zero(const unsigned char* p, size_t from, size_t to) {
  while (from < to && p[from] == 0)
    from++;
  return from >= to;
}

static bool is_name(const unsigned char* p) {
  size_t length = 0;
  while (length < DT_MODEL_NAME_MAX && p[length] != 0) {
    const unsigned char c = p[length++];
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_'))
      return false;
  }
  return length > 0 && are_zero(p, length, NAME_SIZE);
}

/* The size that the dimensions ask for, in bytes; 0 when they are wrong or too large. */
static size_t wanted_size(const unsigned char* p) {
  const uint32_t type = u32_at(p + 48);
  const uint32_t dim_count = u32_at(p + 52);
  if ((type != DT_MODEL_F32 && type != DT_MODEL_F16) || dim_count < 1 || dim_count > 4)
    return 0;
  uint64_t size = type_size(type);
  for (uint32_t d = 0; d < 4; d++) {
    const uint32_t dim = u32_at(p + 56 + 4 * d);
    if ((dim == 0) != (d >= dim_count))
      return 0;
    /* At most 2^26 x 2^32: no overflow. */
    if (dim != 0)
      size *= dim;
    if (size > DT_MODEL_SIZE_MAX)
      return 0;
  }
  return (size_t)size;
}

/* Record i; *end is the end of what is before it, and then of it. */
static dt_status check_record(const dt_model* m, size_t i, size_t* end, dt_error* error) {
  const unsigned char* p = m->bytes + HEADER_SIZE + i * RECORD_SIZE;
  if (!is_name(p))
    return dt_fail(error, DT_BAD_DATA, "Record %zu of the model file has no proper name", i + 1);
  const char* name = (const char*)p;
  for (size_t other = 0; other < i; other++)
    if (memcmp(p, p - (other + 1) * RECORD_SIZE, NAME_SIZE) == 0)
      return dt_fail(error, DT_BAD_DATA, "The model file has \"%s\" twice", name);
  const size_t size = wanted_size(p);
  if (size == 0 || u64_at(p + 80) != size)
    return dt_fail(error, DT_BAD_DATA,
                   "Record \"%s\" of the model file has a type, shape or size that cannot be",
                   name);
  const size_t start = aligned(*end);
  const size_t room = m->size - CHECKSUM_SIZE;
  if (u64_at(p + 72) != start || start > room || size > room - start)
    return dt_fail(error, DT_BAD_DATA,
                   "Record \"%s\" of the model file lies over another or beyond the end", name);
  if (!are_zero(m->bytes, *end, start))
    return dt_fail(error, DT_BAD_DATA, "The model file has something in the gap before \"%s\"",
                   name);
  *end = start + size;
  const dt_tensor tensor = dt_model_at(m, i);
  const size_t bad = first_not_finite(&tensor);
  if (bad < tensor.count)
    return dt_fail(error, DT_BAD_DATA, "Number %zu of record \"%s\" is infinite or none", bad + 1,
                   name);
  return DT_OK;
}

static dt_status check_header(const unsigned char* bytes, size_t size, dt_error* error) {
  if (size > DT_MODEL_SIZE_MAX)
    return dt_fail(error, DT_TOO_LARGE, "The model file has more than %u MB",
                   DT_MODEL_SIZE_MAX >> 20);
  if (size < sizeof magic || memcmp(bytes, magic, sizeof magic) != 0)
    return dt_fail(error, DT_BAD_DATA, "This is not a model file: it begins otherwise");
  if (size < HEADER_SIZE + CHECKSUM_SIZE)
    return dt_fail(error, DT_BAD_DATA, "The model file ends in its header");
  if (u32_at(bytes + 8) != DT_MODEL_VERSION)
    return dt_fail(error, DT_UNSUPPORTED, "The model file is of version %lu; known is version %d",
                   (unsigned long)u32_at(bytes + 8), DT_MODEL_VERSION);
  if (u64_at(bytes + 16) != size)
    return dt_fail(error, DT_BAD_DATA,
                   "The model file should have %llu bytes and has %zu: it was cut or glued",
                   (unsigned long long)u64_at(bytes + 16), size);
#ifndef DT_FUZZING /* which would stop here for ever */
  if (u32_at(bytes + size - CHECKSUM_SIZE) != dt_crc32(0, bytes, size - CHECKSUM_SIZE))
    return dt_fail(error, DT_BAD_DATA, "The model file is damaged: its checksum does not fit");
#endif
  const uint32_t count = u32_at(bytes + 12);
  if (count > DT_MODEL_RECORDS_MAX || HEADER_SIZE + RECORD_SIZE * count > size - CHECKSUM_SIZE)
    return dt_fail(error, DT_BAD_DATA, "The model file cannot hold %lu records",
                   (unsigned long)count);
  return DT_OK;
}

dt_status dt_model_parse(dt_model* model, const void* bytes, size_t size, dt_error* error) {
  *model = (dt_model){NULL, 0, 0};
  dt_status status = check_header(bytes, size, error);
  if (status != DT_OK)
    return status;
  const dt_model all = {bytes, size, u32_at((const unsigned char*)bytes + 12)};
  size_t end = HEADER_SIZE + RECORD_SIZE * all.record_count;
  for (size_t i = 0; i < all.record_count; i++) {
    status = check_record(&all, i, &end, error);
    if (status != DT_OK)
      return status;
  }
  if (aligned(end) != size - CHECKSUM_SIZE || !are_zero(all.bytes, end, aligned(end)))
    return dt_fail(error, DT_BAD_DATA, "The model file has something behind its last record");
  *model = all;
  return DT_OK;
}
