#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "dt/json.h"
#include "server_internal.h"

#define API "/api/v1"

static bool is_method(const dt__visit* visit, const char* method) {
  return strcmp(visit->head.method, method) == 0;
}

static bool is_reading(const dt__visit* visit) {
  return is_method(visit, "GET") || is_method(visit, "HEAD");
}

static void wrong_method(dt__visit* visit, const char* allow) {
  visit->allow = allow;
  dt__refuse(&visit->reply, 405, "This takes %s.", allow);
}

static dt_json begin_json(dt__visit* visit) {
  dt_json json = {.sink = dt_buffer_sink(&visit->reply.body)};
  dt_json_begin_object(&json, NULL);
  return json;
}

static void end_json(dt__visit* visit, dt_json* json) {
  dt_json_end_object(json);
  visit->reply.status = 200;
  if (dt_json_finish(json) != DT_OK)
    dt__refuse(&visit->reply, 503, "There is no memory for this.");
}

/* ---- the page ---- */

/* /pair?code=123456, as the QR code has it. */
static bool pair_by_link(dt_stage* stage, dt__visit* visit) {
  char code[16];
  if (strcmp(visit->head.path, "/pair") != 0 || !is_method(visit, "GET") ||
      !dt__guard_field(visit->head.query, "code", code, sizeof code))
    return false;
  visit->cookie = dt__pairing_pair(&stage->pairing, code, dt__stage_us());
  if (visit->cookie)
    visit->reply.status = 303;
  return visit->cookie != NULL;
}

static void show_page(dt_stage* stage, dt__visit* visit) {
  if (!is_reading(visit)) {
    wrong_method(visit, "GET, HEAD");
    return;
  }
  const char* path = visit->head.path;
  if (stage->listen[0] && pair_by_link(stage, visit))
    return;
  const bool is_front = strcmp(path, "/") == 0;
  visit->page = dt__page_find(path);
  if (!visit->page || (strcmp(path, "/pair") == 0 && !stage->listen[0])) {
    visit->page = NULL;
    dt__refuse(&visit->reply, 404, "There is no such page.");
  } else if (is_front && visit->who == DT__STRANGER) {
    visit->page = dt__page_stranger();
    visit->reply.status = 401;
  } else if (is_front && visit->who == DT__OWNER)
    visit->cookie = stage->pairing.token;
}

/* ---- pairing ---- */

/* {"code": "123456"}, or code=123456 from the form that works without a script. */
static void read_code(const dt__visit* visit, char code[16]) {
  code[0] = '\0';
  const char* text = (const char*)visit->body.bytes;
  if (visit->body.size == 0 || visit->body.size > 256)
    return;
  if (text[0] == '{') {
    json_t* root = json_loadb(text, visit->body.size, JSON_REJECT_DUPLICATES, NULL);
    const char* given = json_string_value(json_object_get(root, "code"));
    if (given)
      snprintf(code, 16, "%s", given);
    json_decref(root);
    return;
  }
  char query[257];
  memcpy(query, text, visit->body.size);
  query[visit->body.size] = '\0';
  if (!dt__guard_field(query, "code", code, 16))
    code[0] = '\0';
}

static void pair(dt_stage* stage, dt__visit* visit) {
  char code[16];
  if (!is_method(visit, "POST")) {
    wrong_method(visit, "POST");
    return;
  }
  read_code(visit, code);
  const char* token = dt__pairing_pair(&stage->pairing, code, dt__stage_us());
  if (!token) {
    stage->counters.refused++;
    dt__refuse(&visit->reply, 403, "This code is wrong, or it is not valid any more.");
    return;
  }
  visit->cookie = token;
  const char* type = visit->head.headers[DT__HEADER_TYPE];
  if (strncmp(type, "application/x-www-form-urlencoded", 33) == 0) {
    visit->reply.status = 303; /* on to the page */
    return;
  }
  dt_json json = begin_json(visit);
  dt_json_bool(&json, "paired", true);
  end_json(visit, &json);
}

/* A picture that an <img> shows; NULL where QR codes were not built in. */
static void write_qr(dt_json* json, const char* text) {
  int side = 0;
  bool* modules = dt_stage_qr(text, &side);
  dt_buffer picture = {0};
  const dt_sink sink = dt_buffer_sink(&picture);
  bool is_whole = modules != NULL &&
                  dt_sink_printf(sink,
                                 "data:image/svg+xml,%%3Csvg xmlns='http://www.w3.org/2000/svg' "
                                 "viewBox='-4 -4 %d %d' shape-rendering='crispEdges'%%3E%%3Crect "
                                 "x='-4' y='-4' width='%d' height='%d' fill='white'/%%3E%%3Cpath "
                                 "d='",
                                 side + 8, side + 8, side + 8, side + 8) == DT_OK;
  for (int i = 0; is_whole && i < side * side; i++)
    if (modules[i])
      is_whole = dt_sink_printf(sink, "M%d %dh1v1h-1z", i % side, i / side) == DT_OK;
  is_whole = is_whole && dt_sink_write(sink, "'/%3E%3C/svg%3E", sizeof "'/%3E%3C/svg%3E") == DT_OK;
  dt_json_string(json, "qr", is_whole ? (const char*)picture.bytes : NULL);
  dt_buffer_clear(&picture);
  free(modules);
}

static void show_code(dt_stage* stage, dt__visit* visit) {
  int wait_s = 0;
  if (!is_method(visit, "POST")) {
    wrong_method(visit, "POST");
    return;
  }
  if (!stage->pair_address[0]) {
    dt__refuse(&visit->reply, 409,
               "Nobody in the network can come here: start with 'doubletime serve --listen "
               "ADDRESS'.");
    return;
  }
  const char* code = dt__pairing_show(&stage->pairing, dt__stage_us(), &wait_s);
  if (!code[0]) {
    dt__refuse(&visit->reply, 429, "Too many wrong codes; wait %d s.", wait_s);
    return;
  }
  dt_json json = begin_json(visit);
  dt_json_string(&json, "code", code);
  dt_json_string(&json, "address", stage->pair_address);
  dt_json_int(&json, "seconds", DT__CODE_S);
  char link[192];
  snprintf(link, sizeof link, "%s?code=%s", stage->pair_address, code);
  write_qr(&json, link);
  end_json(visit, &json);
}

/* ---- the session ---- */

static void show_session(dt_stage* stage, dt__visit* visit) {
  dt_buffer fields = {0};
  const dt_sink sink = dt_buffer_sink(&visit->reply.body);
  const bool is_whole = dt__live_tell(stage->live, &fields) &&
                        dt_sink_printf(sink, "{\"v\":%d,", DT__MSG_VERSION) == DT_OK &&
                        dt_sink_write(sink, fields.bytes, fields.size) == DT_OK &&
                        dt_sink_write(sink, "}\n", 2) == DT_OK;
  dt_buffer_clear(&fields);
  visit->reply.status = 200;
  if (!is_whole)
    dt__refuse(&visit->reply, 503, "There is no memory for this.");
}

static int status_of(dt_status status) {
  return status == DT_CANCELLED ? 409 : status == DT_NO_MEMORY ? 503 : 422;
}

static void begin_session(dt_stage* stage, dt__visit* visit) {
  dt_error err = {0};
  if (dt__measure_is_running(stage->measure)) {
    dt__refuse(&visit->reply, 409, "A measurement is going on.");
    return;
  }
  const dt_status status =
      dt__live_begin(stage->live, (const char*)visit->body.bytes, visit->body.size, false, &err);
  if (status != DT_OK) {
    dt__refuse(&visit->reply, status_of(status), "%s", err.sentence);
    return;
  }
  show_session(stage, visit);
  visit->reply.status = visit->reply.status == 200 ? 202 : visit->reply.status;
}

static void session(dt_stage* stage, dt__visit* visit) {
  if (is_reading(visit))
    show_session(stage, visit);
  else if (is_method(visit, "POST"))
    begin_session(stage, visit);
  else if (is_method(visit, "DELETE")) {
    dt__live_stop(stage->live);
    show_session(stage, visit);
  } else
    wrong_method(visit, "GET, POST, DELETE");
}

static void calibrate(dt_stage* stage, dt__visit* visit) {
  dt_error err = {0};
  if (!is_method(visit, "POST")) {
    wrong_method(visit, "POST");
    return;
  }
  if (dt__live_is_running(stage->live)) {
    dt__refuse(&visit->reply, 409, "A session is going on.");
    return;
  }
  json_t* root =
      json_loadb((const char*)visit->body.bytes, visit->body.size, JSON_REJECT_DUPLICATES, NULL);
  const char* what = json_string_value(json_object_get(root, "what"));
  const dt_status status = dt__measure_begin(stage->measure, what ? what : "", &err);
  json_decref(root);
  if (status != DT_OK) {
    dt__refuse(&visit->reply, status_of(status), "%s", err.sentence);
    return;
  }
  dt_json json = begin_json(visit);
  dt_json_bool(&json, "begun", true);
  end_json(visit, &json);
  visit->reply.status = visit->reply.status == 200 ? 202 : visit->reply.status;
}

static void press_measure(dt_stage* stage, dt__visit* visit) {
  if (!is_method(visit, "POST")) {
    wrong_method(visit, "POST");
    return;
  }
  json_t* root =
      json_loadb((const char*)visit->body.bytes, visit->body.size, JSON_REJECT_DUPLICATES, NULL);
  const char* key = json_string_value(json_object_get(root, "key"));
  const bool is_key = dt__measure_press(stage->measure, key ? key : "");
  json_decref(root);
  if (!is_key) {
    dt__refuse(&visit->reply, 422, "The key is one of skip, end, cancel.");
    return;
  }
  dt_json json = begin_json(visit);
  dt_json_bool(&json, "running", dt__measure_is_running(stage->measure));
  end_json(visit, &json);
}

static void press(dt_stage* stage, dt__visit* visit) {
  if (!is_method(visit, "POST")) {
    wrong_method(visit, "POST");
    return;
  }
  json_t* root =
      json_loadb((const char*)visit->body.bytes, visit->body.size, JSON_REJECT_DUPLICATES, NULL);
  const char* key = json_string_value(json_object_get(root, "key"));
  int which = -1;
  for (int i = 0; key && i <= DT__KEY_FINISH; i++)
    if (strcmp(dt__msg_key_name((dt__msg_key)i), key) == 0)
      which = i;
  json_decref(root);
  if (which < 0) {
    dt__refuse(&visit->reply, 422, "The key is one of go, again, next, finish.");
    return;
  }
  dt__live_press(stage->live, (dt__msg_key)which);
  show_session(stage, visit);
}

/* ---- what is going on ---- */

static const char* state_of(dt_stage* stage) {
  return dt__live_is_running(stage->live) ? "running" : "idle";
}

static void show_status(dt_stage* stage, dt__visit* visit) {
  char device[160];
  if (!is_reading(visit)) {
    wrong_method(visit, "GET, HEAD");
    return;
  }
  dt__live_device(stage->live, device, sizeof device);
  dt_json json = begin_json(visit);
  dt_json_string(&json, "program", DT__VERSION);
  dt_json_int(&json, "schema", DT__MSG_VERSION);
  dt_json_string(&json, "session", state_of(stage));
  dt_json_int(&json, "pages", stage->socket_count);
  dt_json_int(&json, "paired", stage->pairing.device_count);
  dt_json_string(&json, "listen", stage->pair_address[0] ? stage->pair_address : NULL);
  dt_json_bool(&json, "is_first_page", visit->who == DT__OWNER);
  dt_json_begin_array(&json, "devices");
  if (device[0])
    dt_json_string(&json, NULL, device);
  dt_json_end_array(&json);
  dt_json_begin_object(&json, "counters");
  dt_json_int(&json, "requests", (int64_t)stage->counters.requests);
  dt_json_int(&json, "refused", (int64_t)stage->counters.refused);
  dt_json_int(&json, "sockets", (int64_t)stage->counters.sockets);
  dt_json_int(&json, "dropped_slow", (int64_t)stage->counters.dropped_slow);
  dt_json_int(&json, "messages", (int64_t)dt__feed_newest(stage->feed));
  dt_json_int(&json, "messages_lost", (int64_t)dt__feed_lost(stage->feed));
  dt_json_int(&json, "connections", stage->visit_count);
  dt__live_counters(stage->live, &json);
  dt_json_end_object(&json);
  end_json(visit, &json);
}

static dt__request request_of(const dt__visit* visit) {
  return (dt__request){.method = visit->head.method,
                       .path = visit->head.path + strlen(API),
                       .query = visit->head.query,
                       .body = visit->body.bytes,
                       .body_size = visit->body.size};
}

bool dt__route_later(dt_stage* stage, dt__visit* visit) {
  const char* path = visit->head.path;
  if (strncmp(path, API "/", sizeof API) != 0 ||
      !dt__jobs_is_long(visit->head.method, path + strlen(API)))
    return false;
  const dt__request request = request_of(visit);
  if (dt__jobs_put(stage->jobs, &request, visit))
    return true;
  dt__refuse(&visit->reply, 503, "Too much is asked for at once; try again.");
  return false;
}

void dt__route(dt_stage* stage, dt__visit* visit) {
  static const struct {
    const char* path;
    void (*answer)(dt_stage* stage, dt__visit* visit);
  } own[] = {{"/status", show_status},          {"/session", session},
             {"/session/key", press},           {"/pair", pair},
             {"/pairing", show_code},           {"/calibrate", calibrate},
             {"/calibrate/key", press_measure}, {NULL, NULL}};
  const char* path = visit->head.path;
  if (strncmp(path, API "/", sizeof API) != 0) {
    if (strncmp(path, "/api", 4) == 0)
      dt__refuse(&visit->reply, 404, "There is no such path; docs/api.md has them all.");
    else
      show_page(stage, visit);
    return;
  }
  for (int i = 0; own[i].path; i++)
    if (strcmp(path + strlen(API), own[i].path) == 0) {
      own[i].answer(stage, visit);
      return;
    }
  const dt__request request = request_of(visit);
  dt__api_answer(stage->api, &request, &visit->reply);
}
