#include "utf8_internal.h"

#include <stdbool.h>

static bool within(unsigned char byte, unsigned char low, unsigned char high) {
  return byte >= low && byte <= high;
}

/* The second byte's range is what rules out overlong forms and surrogates (RFC 3629, 4). The
 * terminating NUL is no continuation byte, so nothing past the end is read. */
size_t dt__utf8_length(const unsigned char* at) {
  const unsigned char lead = at[0];
  if (lead < 0x80)
    return 1;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  size_t length = 0;
  if (within(lead, 0xC2, 0xDF)) {
    length = 2;
  } else if (within(lead, 0xE0, 0xEF)) {
    length = 3;
    low = lead == 0xE0 ? 0xA0 : low;
    high = lead == 0xED ? 0x9F : high;
  } else if (within(lead, 0xF0, 0xF4)) {
    length = 4;
    low = lead == 0xF0 ? 0x90 : low;
    high = lead == 0xF4 ? 0x8F : high;
  } else {
    return 0;
  }
  if (!within(at[1], low, high))
    return 0;
  for (size_t i = 2; i < length; ++i) {
    if (!within(at[i], 0x80, 0xBF))
      return 0;
  }
  return length;
}
