#ifndef DT_STAGE_HEAD_H
#define DT_STAGE_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The head of a request, read strictly (RFC 9112): one reading is possible or it is refused, so
 * that nothing can be smuggled past whoever reads it otherwise. Lines end with CR LF; no folded
 * lines, no sign before a colon, no chunked bodies, no header that matters twice.
 */
#define DT__HEAD_MAX   ((size_t)8192)
#define DT__HEAD_LINES 64
#define DT__PATH_MAX   512
#define DT__QUERY_MAX  2048

#define DT__HEADERS(X)                                                                             \
  X(HOST, "host")                                                                                  \
  X(ORIGIN, "origin")                                                                              \
  X(AUTHORIZATION, "authorization")                                                                \
  X(COOKIE, "cookie")                                                                              \
  X(LENGTH, "content-length")                                                                      \
  X(TYPE, "content-type")                                                                          \
  X(ENCODING, "transfer-encoding")                                                                 \
  X(CONNECTION, "connection")                                                                      \
  X(UPGRADE, "upgrade")                                                                            \
  X(EXPECT, "expect")                                                                              \
  X(RANGE, "range")                                                                                \
  X(IF_NONE_MATCH, "if-none-match")                                                                \
  X(SITE, "sec-fetch-site")                                                                        \
  X(WS_KEY, "sec-websocket-key")                                                                   \
  X(WS_VERSION, "sec-websocket-version")                                                           \
  X(WS_PROTOCOL, "sec-websocket-protocol")

typedef enum dt__header {
#define DT__HEADER(name, text) DT__HEADER_##name,
  DT__HEADERS(DT__HEADER)
#undef DT__HEADER
      DT__HEADER_COUNT
} dt__header;

typedef struct dt__head {
  char text[DT__HEAD_MAX + 1];           /* a copy, cut into strings */
  const char* method;                    /* "GET" */
  char path[DT__PATH_MAX];               /* decoded once, dt__guard_path */
  const char* query;                     /* still encoded */
  const char* headers[DT__HEADER_COUNT]; /* "" where not there */
  bool is_old;                           /* HTTP/1.0 */
  bool closes;                           /* the connection ends with the answer */
  uint64_t length;                       /* of the body */
} dt__head;

/* How many of the bytes are the head: 0: not all of it is there yet; -1: it is refused, and *status
 * is the answer (400, 414, 431, 501, 505). */
long dt__head_read(dt__head* head, const char* bytes, size_t size, int* status);

/* Is `word` one of the comma-separated words of a header's value? */
bool dt__head_has(const char* value, const char* word);

#endif
