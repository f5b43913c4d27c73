#ifndef DT_UTF8_INTERNAL_H
#define DT_UTF8_INTERNAL_H

#include <stddef.h>

/* Bytes of the valid UTF-8 character at `at` in a NUL-terminated string (1..4), or 0 when the
 * byte there starts none (RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF). */
size_t dt__utf8_length(const unsigned char* at);

#endif
