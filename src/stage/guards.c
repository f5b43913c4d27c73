#include <stdio.h>
#include <string.h>

#include "server_internal.h"

/* Wrong tokens, and requests of those who have a right one: a second, and at once. */
#define WRONG_RATE  10.0
#define WRONG_BURST 30.0
#define KNOWN_RATE  5000.0
#define KNOWN_BURST 5000.0

static const char* header(const dt__visit* visit, dt__header which) {
  return visit->head.headers[which];
}

static int refuse(dt_stage* stage, dt__visit* visit, int status, const char* sentence) {
  stage->counters.refused++;
  dt__refuse(&visit->reply, status, "%s", sentence);
  return status;
}

/* The token of a request, from wherever one may be; "" none. The address has one only for the page
 * itself. */
static void find_token(const dt_stage* stage, const dt__visit* visit, bool* by_cookie,
                       char token[DT__TOKEN_SIZE]) {
  char name[32];
  token[0] = '\0';
  *by_cookie = false;
  if (dt__guard_bearer(header(visit, DT__HEADER_AUTHORIZATION), token, DT__TOKEN_SIZE))
    return;
  if (strcmp(visit->head.path, "/") == 0 &&
      dt__guard_field(visit->head.query, "token", token, DT__TOKEN_SIZE))
    return;
  snprintf(name, sizeof name, "doubletime_%d", stage->port);
  *by_cookie = dt__guard_cookie(header(visit, DT__HEADER_COOKIE), name, token, DT__TOKEN_SIZE);
  if (!*by_cookie)
    token[0] = '\0';
}

static bool is_reading(const char* method) {
  return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

/* The page itself is no secret, and pairing is how a stranger comes in. */
static bool is_open(const dt__visit* visit) {
  const char* path = visit->head.path;
  return (strncmp(path, "/api/", 5) != 0 && is_reading(visit->head.method)) ||
         (strcmp(path, "/api/v1/pair") == 0 && strcmp(visit->head.method, "POST") == 0);
}

/* What a paired device may change: it may play, not rearrange. */
static bool is_for_paired(const dt__visit* visit) {
  const char* path = visit->head.path;
  return is_reading(visit->head.method) || is_open(visit) || strcmp(path, "/api/v1/session") == 0 ||
         strcmp(path, "/api/v1/session/key") == 0;
}

static int guard_address(dt_stage* stage, dt__visit* visit) {
  const char* host = header(visit, DT__HEADER_HOST);
  const char* origin = header(visit, DT__HEADER_ORIGIN);
  if (!dt__guard_host(host, visit->address, stage->port))
    return refuse(stage, visit, 403, "This is not the address that this server listens on.");
  if (origin[0] && !dt__guard_origin(origin, host))
    return refuse(stage, visit, 403, "Another page may not ask here.");
  /* A link may lead here from anywhere, but only to the page itself. */
  const bool is_link = strcmp(visit->head.path, "/") == 0 && is_reading(visit->head.method);
  if (!is_link && !dt__guard_site(header(visit, DT__HEADER_SITE)))
    return refuse(stage, visit, 403, "Another page may not ask here.");
  return 0;
}

int dt__guards(dt_stage* stage, dt__visit* visit) {
  char token[DT__TOKEN_SIZE];
  bool by_cookie = false;
  const int64_t now_us = dt__stage_us();
  stage->counters.requests++;
  const int status = guard_address(stage, visit);
  if (status)
    return status;
  find_token(stage, visit, &by_cookie, token);
  visit->who = dt__pairing_who(&stage->pairing, token);
  if (visit->who == DT__STRANGER && strcmp(visit->head.path, "/") == 0 &&
      dt__pairing_use_once(&stage->pairing, token, now_us))
    visit->who = DT__OWNER;
  if (visit->who == DT__STRANGER) {
    const bool is_free = !token[0] && is_open(visit) && is_reading(visit->head.method);
    if (!is_free && !dt__bucket_take(&stage->strangers, WRONG_RATE, WRONG_BURST, now_us))
      return refuse(stage, visit, 429, "Too many wrong tokens; wait a moment.");
    return is_open(visit) ? 0
                          : refuse(stage, visit, 401,
                                   "Open the address that 'doubletime serve' printed, or send its "
                                   "token.");
  }
  visit->is_known = true;
  if (!dt__bucket_take(&stage->guests, KNOWN_RATE, KNOWN_BURST, now_us))
    return refuse(stage, visit, 429, "Too many requests; wait a moment.");
  /* A browser sends an Origin with all that changes something; without one it was no page of ours.
   */
  if (by_cookie && !is_reading(visit->head.method) && !header(visit, DT__HEADER_ORIGIN)[0])
    return refuse(stage, visit, 403, "Another page may not ask here.");
  if (visit->who == DT__PAIRED && !is_for_paired(visit))
    return refuse(stage, visit, 403, "Only the first page may do this.");
  return 0;
}

static bool is_key(const char* key) {
  static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return strlen(key) == 24 && strspn(key, signs) == 22 && strcmp(key + 22, "==") == 0;
}

int dt__guards_socket(dt_stage* stage, dt__visit* visit) {
  const bool has_bearer = header(visit, DT__HEADER_AUTHORIZATION)[0] != '\0';
  if (!header(visit, DT__HEADER_ORIGIN)[0] && !has_bearer)
    return refuse(stage, visit, 403, "A browser says which page it is.");
  if (strcmp(visit->head.method, "GET") != 0 || visit->head.is_old || visit->head.length > 0 ||
      !dt__head_has(header(visit, DT__HEADER_UPGRADE), "websocket") ||
      !dt__head_has(header(visit, DT__HEADER_CONNECTION), "upgrade") ||
      !is_key(header(visit, DT__HEADER_WS_KEY)))
    return refuse(stage, visit, 426, "This is a WebSocket.");
  if (strcmp(header(visit, DT__HEADER_WS_VERSION), "13") != 0 ||
      !dt__head_has(header(visit, DT__HEADER_WS_PROTOCOL), DT__MSG_SUBPROTOCOL))
    return refuse(stage, visit, 400, "The subprotocol is " DT__MSG_SUBPROTOCOL ".");
  if (stage->socket_count >= DT__SOCKETS_MAX)
    return refuse(stage, visit, 503, "Too many pages are open.");
  return 0;
}
