#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server_internal.h"

/* Scripts, styles, pictures and sockets from here and nowhere else. Style attributes only, because
 * the drawing libraries write them. A report is a file of its own with its style in it; it runs
 * nothing. */
#define PAGE_POLICY                                                                                \
  "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "      \
  "img-src 'self' data: blob:; font-src 'self'; media-src 'self' blob:; connect-src 'self' "       \
  "ws://%s; worker-src 'self'; manifest-src 'self'; frame-src 'self'; base-uri 'none'; "           \
  "form-action 'self'; frame-ancestors 'none'"
#define REPORT_POLICY                                                                              \
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"

static const struct {
  int status;
  const char* text;
} reasons[] = {{200, "OK"},
               {201, "Created"},
               {202, "Accepted"},
               {204, "No Content"},
               {206, "Partial Content"},
               {303, "See Other"},
               {304, "Not Modified"},
               {400, "Bad Request"},
               {401, "Unauthorized"},
               {403, "Forbidden"},
               {404, "Not Found"},
               {405, "Method Not Allowed"},
               {408, "Request Timeout"},
               {409, "Conflict"},
               {413, "Content Too Large"},
               {414, "URI Too Long"},
               {415, "Unsupported Media Type"},
               {416, "Range Not Satisfiable"},
               {422, "Unprocessable Content"},
               {426, "Upgrade Required"},
               {429, "Too Many Requests"},
               {431, "Request Header Fields Too Large"},
               {500, "Internal Server Error"},
               {501, "Not Implemented"},
               {503, "Service Unavailable"},
               {505, "HTTP Version Not Supported"}};

static const char* reason_of(int status) {
  for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
    if (reasons[i].status == status)
      return reasons[i].text;
  return "Other";
}

static void line(dt__visit* visit, const char* format, ...) __attribute__((format(printf, 2, 3)));
static void line(dt__visit* visit, const char* format, ...) {
  char text[1024];
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(text, sizeof text - 2, format, arguments);
  va_end(arguments);
  if (length < 0 || (size_t)length >= sizeof text - 2)
    return; /* rather no line than half of one */
  strcpy(text + length, "\r\n");
  if (dt_sink_write(dt_buffer_sink(&visit->out), text, (size_t)length + 2) != DT_OK)
    visit->closes = true;
}

/* A name for a file on the other side: plain signs only. */
static void write_download(dt__visit* visit) {
  char name[sizeof visit->reply.download];
  size_t length = 0;
  for (const char* at = visit->reply.download; *at; at++) {
    const bool is_plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                          (*at >= '0' && *at <= '9') || strchr(" ._-+()", *at);
    name[length++] = is_plain ? *at : '_';
  }
  name[length] = '\0';
  line(visit, "Content-Disposition: attachment; filename=\"%s\"", name);
}

static void write_guards(dt__visit* visit, const char* type) {
  line(visit, "X-Content-Type-Options: nosniff");
  line(visit, "Referrer-Policy: no-referrer");
  line(visit, "Cross-Origin-Resource-Policy: same-origin");
  if (strncmp(visit->address, "127.", 4) == 0) /* elsewhere browsers pass over it, and complain */
    line(visit, "Cross-Origin-Opener-Policy: same-origin");
  const bool is_report = !visit->page && strncmp(type, "text/html", 9) == 0;
  line(visit, "X-Frame-Options: %s", is_report ? "SAMEORIGIN" : "DENY");
  const char* host = visit->head.headers[DT__HEADER_HOST];
  if (is_report)
    line(visit, "Content-Security-Policy: " REPORT_POLICY);
  else
    line(visit, "Content-Security-Policy: " PAGE_POLICY, host && visit->stage ? host : "127.0.0.1");
}

static void write_kept(dt__visit* visit) {
  const dt__page_file* page = visit->page;
  if (page && page->tag)
    line(visit, "ETag: %s", page->tag);
  line(visit, "Cache-Control: %s",
       !page            ? "no-store"
       : page->is_fixed ? "public, max-age=31536000, immutable"
                        : "no-cache");
  if (page && page->is_packed)
    line(visit, "Content-Encoding: gzip");
}

/* The whole file, or the range that is asked for. */
static int open_file(dt__visit* visit, uint64_t* size, uint64_t* first) {
  struct stat about;
  bool is_bad = false;
  visit->file = open(visit->reply.file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (visit->file < 0 || fstat(visit->file, &about) != 0 || !S_ISREG(about.st_mode))
    return 404;
  *size = (uint64_t)about.st_size;
  *first = 0;
  visit->file_left = *size;
  const char* range = visit->head.headers[DT__HEADER_RANGE];
  const bool is_part = dt__guard_range(range, *size, first, &visit->file_left, &is_bad);
  if (is_bad)
    return 416;
  if (!is_part) {
    visit->file_left = *size;
    return 200;
  }
  return lseek(visit->file, (off_t)*first, SEEK_SET) < 0 ? 500 : 206;
}

static bool is_same(const dt__visit* visit) {
  const char* tags = visit->head.headers[DT__HEADER_IF_NONE_MATCH];
  return visit->page && visit->page->tag && tags && strstr(tags, visit->page->tag);
}

bool dt__answer_begin(dt__visit* visit) {
  dt__reply* reply = &visit->reply;
  uint64_t size = 0;
  uint64_t first = 0;
  int status = reply->status ? reply->status : 200;
  visit->out.size = 0;
  visit->sent = 0;
  if (reply->file) {
    status = open_file(visit, &size, &first);
    if (status >= 400 && status != 416) {
      free(reply->file);
      reply->file = NULL;
      reply->type = NULL;
      dt__refuse(reply, status, "The file is not there any more.");
    }
  } else if (is_same(visit))
    status = 304;
  const char* type = visit->page ? visit->page->type : reply->type;
  type = type ? type : "application/json";
  uint64_t length = visit->page ? visit->page->size : reply->body.size;
  if (reply->file)
    length = status == 416 ? 0 : visit->file_left;
  line(visit, "HTTP/1.1 %d %s", status, reason_of(status));
  if (status != 304) {
    line(visit, "Content-Type: %s", type);
    line(visit, "Content-Length: %" PRIu64, length);
  }
  if (reply->file)
    line(visit, "Accept-Ranges: bytes");
  if (status == 206)
    line(visit, "Content-Range: bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, first,
         first + visit->file_left - 1, size);
  if (status == 416)
    line(visit, "Content-Range: bytes */%" PRIu64, size);
  if (status == 401)
    line(visit, "WWW-Authenticate: Bearer");
  if (status == 429)
    line(visit, "Retry-After: 1");
  if (status == 405 && visit->allow)
    line(visit, "Allow: %s", visit->allow);
  if (status == 426)
    line(visit, "Upgrade: websocket");
  if (status == 303)
    line(visit, "Location: /");
  if (reply->download[0])
    write_download(visit);
  if (visit->cookie)
    line(visit, "Set-Cookie: doubletime_%d=%s; HttpOnly; SameSite=Strict; Path=/",
         visit->stage->port, visit->cookie);
  write_kept(visit);
  write_guards(visit, type);
  line(visit, "Connection: %s", visit->closes ? "close" : "keep-alive");
  line(visit, "%s", "");
  const bool has_body = status != 304 && status != 416 && visit->head.method &&
                        strcmp(visit->head.method, "HEAD") != 0;
  if (!has_body) {
    visit->page = NULL;
    reply->body.size = 0;
    visit->file_left = 0;
  }
  return visit->out.size > 0;
}

/* `sent` counts head and body as one. */
long dt__answer_next(dt__visit* visit, unsigned char* chunk, size_t room) {
  const unsigned char* body = visit->page ? visit->page->bytes : visit->reply.body.bytes;
  const size_t body_size = visit->page ? visit->page->size : visit->reply.body.size;
  size_t filled = 0;
  while (filled < room) {
    const bool in_head = visit->sent < visit->out.size;
    const size_t at = in_head ? visit->sent : visit->sent - visit->out.size;
    const size_t size = in_head ? visit->out.size : visit->reply.file ? 0 : body_size;
    if (at >= size)
      break;
    const size_t count = size - at < room - filled ? size - at : room - filled;
    memcpy(chunk + filled, (in_head ? visit->out.bytes : body) + at, count);
    visit->sent += count;
    filled += count;
  }
  if (visit->reply.file && visit->sent >= visit->out.size && visit->file_left > 0 &&
      filled < room) {
    const uint64_t wanted = visit->file_left < room - filled ? visit->file_left : room - filled;
    const ssize_t count = read(visit->file, chunk + filled, (size_t)wanted);
    if (count <= 0)
      return -1; /* shorter than it was: the length is said already, so this connection ends */
    visit->file_left -= (uint64_t)count;
    filled += (size_t)count;
  }
  return (long)filled;
}

void dt__answer_clear(dt__visit* visit) {
  dt_buffer_clear(&visit->reply.body);
  free(visit->reply.file);
  memset(&visit->reply, 0, sizeof visit->reply);
  dt_buffer_clear(&visit->out);
  if (visit->file >= 0)
    close(visit->file);
  visit->file = -1;
  visit->file_left = 0;
  visit->page = NULL;
  visit->cookie = NULL;
  visit->allow = NULL;
  visit->sent = 0;
}
