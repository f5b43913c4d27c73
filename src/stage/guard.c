#include "guard.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#define LENGTH_MAX ((uint64_t)1 << 53)

static bool random_bytes(unsigned char* bytes, size_t size) {
  return getrandom(bytes, size, 0) == (ssize_t)size;
}

bool dt__guard_random(char* text, size_t size) {
  unsigned char bytes[64];
  const size_t count = size / 2;
  if (count > sizeof bytes || !random_bytes(bytes, count))
    return false;
  for (size_t i = 0; i < count; i++)
    snprintf(text + 2 * i, 3, "%02x", bytes[i]);
  return true;
}

bool dt__guard_code(char code[7]) {
  /* 4294 whole millions: the rest would favour some codes. */
  for (int tries = 0; tries < 64; tries++) {
    uint32_t number = 0;
    if (!random_bytes((unsigned char*)&number, sizeof number))
      return false;
    if (number >= 4294000000U)
      continue;
    snprintf(code, 7, "%06u", number % 1000000U);
    return true;
  }
  return false;
}

bool dt__guard_same(const char* given, const char* secret) {
  const size_t length = strlen(secret);
  volatile unsigned char differ = strlen(given) != length;
  for (size_t i = 0; i < length && given[i]; i++)
    differ |= (unsigned char)(given[i] ^ secret[i]);
  return length > 0 && !differ;
}

static bool is_loopback(const char* address) {
  return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

bool dt__guard_host(const char* host, const char* address, int port) {
  char expected[96];
  const char* form = strchr(address, ':') ? "[%s]:%d" : "%s:%d";
  snprintf(expected, sizeof expected, form, address, port);
  if (strcmp(host, expected) == 0)
    return true;
  snprintf(expected, sizeof expected, "localhost:%d", port);
  return is_loopback(address) && strcasecmp(host, expected) == 0;
}

bool dt__guard_origin(const char* origin, const char* host) {
  return strncmp(origin, "http://", 7) == 0 && strcasecmp(origin + 7, host) == 0;
}

bool dt__guard_site(const char* site) {
  return !site[0] || strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
}

bool dt__guard_cookie(const char* cookies, const char* name, char* value, size_t size) {
  const size_t length = strlen(name);
  bool is_found = false;
  for (const char* at = cookies; *at;) {
    at += strspn(at, "; \t");
    const size_t part = strcspn(at, ";");
    if (part > length && strncmp(at, name, length) == 0 && at[length] == '=') {
      size_t count = part - length - 1;
      while (count > 0 && (at[length + count] == ' ' || at[length + count] == '\t'))
        count--;
      if (is_found || count >= size)
        return false;
      memcpy(value, at + length + 1, count);
      value[count] = '\0';
      is_found = true;
    }
    at += part;
  }
  return is_found;
}

bool dt__guard_bearer(const char* authorization, char* value, size_t size) {
  if (strncasecmp(authorization, "Bearer ", 7) != 0 || strlen(authorization + 7) >= size)
    return false;
  strcpy(value, authorization + 7);
  return true;
}

bool dt__guard_length(const char* text, uint64_t* length) {
  *length = 0;
  if (!text[0])
    return false;
  for (; *text; text++) {
    if (*text < '0' || *text > '9' || *length > LENGTH_MAX / 10)
      return false;
    *length = *length * 10 + (uint64_t)(*text - '0');
  }
  return *length <= LENGTH_MAX;
}

/* Bytes of the UTF-8 sign at `at`, shortest form, no surrogates (RFC 3629); 0: none. */
static size_t sign_length(const unsigned char* at) {
  if (at[0] < 0x80)
    return 1;
  const size_t length = at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : 2;
  if (at[0] < 0xC2 || at[0] > 0xF4)
    return 0;
  for (size_t i = 1; i < length; i++)
    if ((at[i] & 0xC0) != 0x80)
      return 0;
  if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) ||
      (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F))
    return 0;
  return length;
}

static bool is_utf8(const char* text) {
  const unsigned char* at = (const unsigned char*)text;
  while (*at) {
    const size_t length = sign_length(at);
    if (length == 0)
      return false;
    at += length;
  }
  return true;
}

bool dt__guard_path(const char* path) {
  if (path[0] != '/' || !is_utf8(path))
    return false;
  for (const char* at = path; *at; at++)
    if ((unsigned char)*at < 0x20 || *at == 0x7F || *at == '\\')
      return false;
  for (const char* at = path; at; at = strchr(at + 1, '/')) {
    const size_t length = strcspn(at + 1, "/");
    const bool is_last = at[1 + length] == '\0';
    if ((length == 0 && !(is_last && at == path)) || (length == 1 && at[1] == '.') ||
        (length == 2 && at[1] == '.' && at[2] == '.'))
      return false;
  }
  return true;
}

static int hex(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool dt__guard_decode(const char* text, size_t length, bool is_query, char* decoded, size_t size) {
  size_t used = 0;
  if (size == 0)
    return false;
  for (size_t i = 0; i < length; i++) {
    int c = (unsigned char)text[i];
    if (c == '%') {
      const int high = length - i >= 3 ? hex(text[i + 1]) : -1;
      const int low = high >= 0 ? hex(text[i + 2]) : -1;
      if (low < 0)
        return false;
      c = high * 16 + low;
      i += 2;
    } else if (c == '+' && is_query)
      c = ' ';
    if (c == 0 || used + 1 >= size)
      return false;
    decoded[used++] = (char)c;
  }
  decoded[used] = '\0';
  return is_utf8(decoded);
}

bool dt__guard_field(const char* query, const char* name, char* value, size_t size) {
  const size_t length = strlen(name);
  for (const char* at = query; *at;) {
    const size_t part = strcspn(at, "&");
    if (part > length && strncmp(at, name, length) == 0 && at[length] == '=')
      return dt__guard_decode(at + length + 1, part - length - 1, true, value, size);
    at += part;
    at += *at == '&';
  }
  return false;
}

bool dt__bucket_take(dt__bucket* bucket, double rate, double burst, int64_t now_us) {
  bucket->missing -= (double)(now_us - bucket->at_us) * 1e-6 * rate;
  bucket->at_us = now_us;
  if (bucket->missing < 0)
    bucket->missing = 0;
  if (bucket->missing + 1 > burst)
    return false;
  bucket->missing++;
  return true;
}

/* A number at the start of text: what is behind it; NULL: none. */
static const char* read_digits(const char* text, uint64_t* number) {
  char digits[24];
  const size_t length = strspn(text, "0123456789");
  if (length >= sizeof digits)
    return NULL;
  memcpy(digits, text, length);
  digits[length] = '\0';
  return dt__guard_length(digits, number) ? text + length : NULL;
}

bool dt__guard_range(const char* range, uint64_t size, uint64_t* first, uint64_t* count,
                     bool* is_bad) {
  uint64_t last = size > 0 ? size - 1 : 0;
  uint64_t given = 0;
  *is_bad = false;
  if (strncmp(range, "bytes=", 6) != 0)
    return false;
  const char* at = range + 6;
  if (*at == '-') { /* the last so many */
    at = read_digits(at + 1, &given);
    if (!at || *at)
      return false;
    *is_bad = given == 0 || size == 0;
    *first = given < size ? size - given : 0;
  } else {
    at = read_digits(at, first);
    if (!at || *at != '-')
      return false;
    at++;
    if (*at) {
      at = read_digits(at, &given);
      if (!at || *at || given < *first)
        return false;
      last = given < last ? given : last;
    }
    *is_bad = *first >= size;
  }
  *count = *is_bad ? 0 : last - *first + 1;
  return !*is_bad;
}
