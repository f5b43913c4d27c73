/* Any bytes as the head of a request, as its path and query, and as a frame from a page: whatever
 * is let through is what it claims to be. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "guard.h"
#include "head.h"
#include "messages.h"

static char text[16384];

static void read_head(const char* bytes, size_t size) {
  static dt__head head;
  int status = 0;
  const long used = dt__head_read(&head, bytes, size, &status);
  REQUIRE(used <= (long)size && (used >= 0) == (status == 0));
  REQUIRE(used >= 0 || (status >= 400 && status <= 505));
  if (used <= 0)
    return;
  REQUIRE(used <= (long)DT__HEAD_MAX && memcmp(bytes + used - 4, "\r\n\r\n", 4) == 0);
  REQUIRE(dt__guard_path(head.path) && strstr(head.path, "/../") == NULL);
  REQUIRE(!head.headers[DT__HEADER_ENCODING][0]);
  /* One reading, whatever of it comes first. */
  static dt__head again;
  int other = 0;
  for (long part = 0; part < used; part += 1 + used / 16)
    REQUIRE(dt__head_read(&again, bytes, (size_t)part, &other) == 0);
  REQUIRE(dt__head_read(&again, bytes, (size_t)used, &other) == used);
  char value[64];
  (void)dt__guard_cookie(head.headers[DT__HEADER_COOKIE], "doubletime_8700", value, sizeof value);
  (void)dt__guard_field(head.query, "name", value, sizeof value);
}

static void read_range(const char* range) {
  uint64_t first = 0;
  uint64_t count = 0;
  bool is_bad = false;
  if (dt__guard_range(range, 1000, &first, &count, &is_bad))
    REQUIRE(!is_bad && count > 0 && first < 1000 && first + count <= 1000);
}

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  dt__msg_heard heard;
  char decoded[512];
  if (size >= sizeof text)
    return 0;
  memcpy(text, bytes, size);
  text[size] = '\0';
  read_head(text, size);
  if (dt__msg_read(&heard, text, size) && heard.type == DT__HEARD_RESUME)
    REQUIRE(strlen(heard.resume.epoch) < DT__MSG_STRING_MAX);
  if (dt__guard_decode(text, strlen(text), true, decoded, sizeof decoded))
    REQUIRE(strlen(decoded) < sizeof decoded);
  read_range(text);
  return 0;
}
