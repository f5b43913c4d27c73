#ifndef DT_FUZZ_H
#define DT_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dt/error.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

#define REQUIRE(condition) ((condition) ? (void)0 : abort())

/* What a person reads: something, and in one line. */
static inline bool is_one_line(const dt_error* err) {
  return err->sentence[0] != '\0' && strpbrk(err->sentence, "\r\n") == NULL && err->status != DT_OK;
}

#endif
