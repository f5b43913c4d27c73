/* Any request to the local API: "METHOD PATH?QUERY", a line feed, the body. Whatever it is, there
 * is an answer: JSON that is JSON, or one sentence; and no file but those of the home folder. */

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../src/stage/api.h"
#include "fuzz.h"

static char home[] = "/dev/shm/fuzz-api-XXXXXX";
static dt__api* api;

static void leave(void) {
  char command[96];
  dt__api_free(api);
  snprintf(command, sizeof command, "rm -rf '%s'", home);
  if (system(command) != 0)
    fprintf(stderr, "%s stays\n", home);
}

static void begin(void) {
  static char db[96];
  dt_error err = {.sentence = ""};
  REQUIRE(mkdtemp(home) != NULL);
  snprintf(db, sizeof db, "%s/takes.db", home);
  const dt__api_config config = {.db = db, .home = home};
  REQUIRE(dt__api_new(&api, &config, &err) == DT_OK);
  atexit(leave);
}

static void check(const dt__reply* reply) {
  REQUIRE(reply->status >= 200 && reply->status <= 507);
  REQUIRE(!reply->file || strncmp(reply->file, home, strlen(home)) == 0);
  if (reply->status == 204) {
    REQUIRE(reply->body.size == 0);
    return;
  }
  if (reply->type || reply->file)
    return;
  json_t* answer = json_loadb((const char*)reply->body.bytes, reply->body.size,
                              JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
  REQUIRE(json_is_object(answer));
  const char* text = json_string_value(json_object_get(json_object_get(answer, "error"), "text"));
  REQUIRE(reply->status < 300 || (text && text[0] && !strpbrk(text, "\r\n")));
  json_decref(answer);
}

static int ask(const dt__request* request) {
  dt__reply reply = {0};
  dt__api_answer(api, request, &reply);
  check(&reply);
  const int status = reply.status;
  dt_buffer_clear(&reply.body);
  free(reply.file);
  return status;
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  char line[1024];
  if (!api)
    begin();
  const uint8_t* stop = size > 0 ? memchr(data, '\n', size) : NULL;
  const size_t length = stop ? (size_t)(stop - data) : size;
  if (length == 0 || length >= sizeof line)
    return 0;
  memcpy(line, data, length);
  line[length] = '\0';
  char* target = strchr(line, ' ');
  if (!target || strlen(line) != length)
    return 0;
  *target++ = '\0';
  char* mark = strchr(target, '?');
  if (mark)
    *mark = '\0';
  if (strcmp(target, "/devices") == 0) /* asks the machine, which is slow and not ours */
    return 0;
  dt__request request = {.method = line,
                         .path = target,
                         .query = mark ? mark + 1 : "",
                         .body = stop ? stop + 1 : NULL,
                         .body_size = stop ? size - length - 1 : 0};
  const int status = ask(&request);
  if (strcmp(line, "PUT") == 0 && strncmp(target, "/charts/", 8) == 0 && status == 200) {
    request.method = "GET";
    REQUIRE(ask(&request) == 200);
    request.method = "DELETE";
    REQUIRE(ask(&request) == 204);
  }
  return 0;
}
