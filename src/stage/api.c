#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api_internal.h"
#include "dt/home.h"
#include "dt/home_keep.h"
#include "uploads.h"

/* ---- paths ---- */

typedef struct route {
  const char* method;
  const char* path; /* a star is one part of it */
  dt__answer_fn answer;
} route;

static const route routes[] = {
    {"GET", "/takes", dt__answer_takes},
    {"GET", "/takes/*", dt__answer_take},
    {"DELETE", "/takes/*", dt__answer_take_keep},
    {"GET", "/takes/*/verdict", dt__answer_verdict},
    {"GET", "/takes/*/strokes", dt__answer_strokes},
    {"GET", "/takes/*/page", dt__answer_page},
    {"GET", "/takes/*/sound", dt__answer_sound},
    {"GET", "/takes/*/wave", dt__answer_wave},
    {"GET", "/compare", dt__answer_compare},
    {"GET", "/charts", dt__answer_charts},
    {"POST", "/charts/read", dt__answer_chart_read},
    {"GET", "/charts/*", dt__answer_chart},
    {"PUT", "/charts/*", dt__answer_chart_put},
    {"DELETE", "/charts/*", dt__answer_chart_delete},
    {"GET", "/charts/*/midi", dt__answer_chart_midi},
    {"GET", "/charts/*/musicxml", dt__answer_chart_musicxml},
    {"GET", "/bands", dt__answer_bands},
    {"PUT", "/bands/*", dt__answer_band_put},
    {"DELETE", "/bands/*", dt__answer_band_delete},
    {"GET", "/progress", dt__answer_progress},
    {"GET", "/plan", dt__answer_plan},
    {"PUT", "/plan", dt__answer_plan_put},
    {"GET", "/devices", dt__answer_devices},
    {"GET", "/settings", dt__answer_settings},
    {"PUT", "/settings", dt__answer_settings_put},
    {"GET", "/uploads", dt__answer_uploads},
    {"GET", "/uploads/*", dt__answer_upload},
    {"DELETE", "/uploads/*", dt__answer_upload_delete},
};

/* Part by part; a star takes one that is not empty. */
static bool is_path(const char* pattern, const char* path, dt__parts* parts) {
  int star = 0;
  while (*pattern && *path) {
    if (*pattern != '*') {
      if (*pattern++ != *path++)
        return false;
      continue;
    }
    const size_t length = strcspn(path, "/");
    if (length == 0 || length >= DT__PATH_PART)
      return false;
    memcpy(parts->at[star], path, length);
    parts->at[star++][length] = '\0';
    path += length;
    pattern++;
  }
  return *pattern == '\0' && *path == '\0';
}

/* HEAD is GET whose body the server keeps to itself. */
static bool is_method(const char* wanted, const char* method) {
  return strcmp(wanted, method) == 0 || (strcmp(method, "HEAD") == 0 && strcmp(wanted, "GET") == 0);
}

static void refuse_method(const char* method, const char* known, dt__reply* reply) {
  if (known[0])
    dt__refuse(reply, 405, "This path does not answer %s, but %s", dt__show(method).text, known);
  else
    dt__refuse(reply, 404, "There is no such path; docs/api.md has them all");
}

void dt__api_answer(dt__api* api, const dt__request* request, dt__reply* reply) {
  char known[64] = "";
  for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
    dt__parts parts = {{"", ""}};
    if (!is_path(routes[i].path, request->path, &parts))
      continue;
    if (is_method(routes[i].method, request->method)) {
      routes[i].answer(api, request, &parts, reply);
      return;
    }
    const size_t used = strlen(known);
    snprintf(known + used, sizeof known - used, "%s%s", used > 0 ? " or " : "", routes[i].method);
  }
  refuse_method(request->method, known, reply);
}

/* ---- what the answers share ---- */

dt_json dt__reply_json(dt__reply* reply) {
  return (dt_json){.sink = dt_buffer_sink(&reply->body)};
}

void dt__reply_full(dt__reply* reply) {
  dt__refuse(reply, 503, "There is no memory for this answer; close something and try again");
}

void dt__reply_end(dt__reply* reply, dt_json* json) {
  if (dt_json_finish(json) != DT_OK)
    dt__reply_full(reply);
  else
    reply->status = 200;
}

static int http_of(dt_status status) {
  switch (status) {
  case DT_NOT_FOUND:
    return 404;
  case DT_NO_MEMORY:
  case DT_IO:
    return 503;
  default:
    return 422;
  }
}

/* "Line 3, column 14: ...": the numbers behind `word`; 0: there is none. */
static int place_in(const char* sentence, const char* word) {
  const char* at = strstr(sentence, word);
  const long number = at ? strtol(at + strlen(word), NULL, 10) : 0;
  return number > 0 && number < 1000000000 ? (int)number : 0;
}

void dt__refuse_error(dt__reply* reply, dt_status status, const dt_error* err) {
  const char* sentence = err->sentence[0] ? err->sentence : dt_status_sentence(status);
  const int http = http_of(status);
  dt__refuse(reply, http, "%s", sentence);
  if (http != 422 || strncmp(sentence, "Line ", 5) != 0)
    return;
  const int line = place_in(sentence, "Line ");
  const int column = strncmp(sentence + 5 + strspn(sentence + 5, "0123456789"), ", column ", 9) == 0
                         ? place_in(sentence, ", column ")
                         : 0;
  dt_buffer_clear(&reply->body);
  dt_json json = dt__reply_json(reply);
  dt_json_begin_object(&json, NULL);
  dt_json_begin_object(&json, "error");
  dt_json_int(&json, "status", http);
  dt_json_string(&json, "text", sentence);
  if (line > 0)
    dt_json_int(&json, "line", line);
  if (column > 0)
    dt_json_int(&json, "column", column);
  dt_json_end_object(&json);
  dt_json_end_object(&json);
  dt__reply_end(reply, &json);
  reply->status = reply->status == 200 ? http : reply->status;
}

bool dt__query_has(const dt__request* request, const char* name) {
  const size_t length = strlen(name);
  for (const char* at = request->query; at && *at; at += *at == '&') {
    const size_t part = strcspn(at, "&");
    if (part >= length && strncmp(at, name, length) == 0 && (part == length || at[length] == '='))
      return true;
    at += part;
  }
  return false;
}

bool dt__query_text(const dt__request* request, const char* name, char* text, size_t size,
                    dt__reply* reply) {
  text[0] = '\0';
  if (!dt__query_has(request, name) || dt__query(request, name, text, size))
    return true;
  char empty[2];
  if (dt__query(request, name, empty, sizeof empty) && !empty[0])
    return true;
  dt__refuse(reply, 422, "%s is no text of at most %zu bytes", name, size - 1);
  return false;
}

bool dt__query_int(const dt__request* request, const char* name, int64_t low, int64_t high,
                   int64_t otherwise, int64_t* value, dt__reply* reply) {
  char text[24];
  *value = otherwise;
  if (!dt__query_has(request, name))
    return true;
  const char* digits = text;
  if (dt__query(request, name, text, sizeof text) && text[0]) {
    digits += text[0] == '-';
    const size_t length = strlen(digits);
    if (length > 0 && length <= 18 && strspn(digits, "0123456789") == length) {
      *value = strtoll(text, NULL, 10);
      if (*value >= low && *value <= high)
        return true;
    }
  }
  dt__refuse(reply, 422, "%s is a whole number from %lld to %lld", name, (long long)low,
             (long long)high);
  return false;
}

bool dt__query_number(const dt__request* request, const char* name, double low, double high,
                      double otherwise, double* value, dt__reply* reply) {
  char text[40];
  *value = otherwise;
  if (!dt__query_has(request, name))
    return true;
  if (dt__query(request, name, text, sizeof text) && text[0] &&
      strspn(text, "+-.0123456789eE") == strlen(text)) {
    char* end = NULL;
    *value = strtod(text, &end);
    if (*end == '\0' && *value >= low && *value <= high)
      return true;
  }
  dt__refuse(reply, 422, "%s is a number from %g to %g", name, low, high);
  return false;
}

dt__shown dt__show(const char* text) {
  dt__shown shown;
  dt_chart_copy_text(shown.text, sizeof shown.text, text, strlen(text));
  return shown;
}

int64_t dt__path_number(const char* text) {
  const size_t length = strlen(text);
  if (length == 0 || length > 18 || strspn(text, "0123456789") != length)
    return 0;
  return strtoll(text, NULL, 10);
}

void dt__reply_download(dt__reply* reply, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(reply->download, sizeof reply->download, format, arguments);
  va_end(arguments);
}

void dt__json_or_null(dt_json* json, const char* key, bool is_known, double value, int decimals) {
  dt_json_number(json, key, is_known ? value : (double)NAN, decimals);
}

/* ---- the player's files ---- */

static bool own_or_home(const dt__api* api, const char* own, const char* name,
                        char path[DT_HOME_PATH]) {
  return own ? snprintf(path, DT_HOME_PATH, "%s", own) < DT_HOME_PATH
             : dt_home_file(path, DT_HOME_PATH, api->home, name);
}

bool dt__api_setup(const dt__api* api, char path[DT_HOME_PATH]) {
  return own_or_home(api, api->setup, "setup", path);
}

bool dt__api_log(const dt__api* api, char path[DT_HOME_PATH]) {
  return own_or_home(api, api->log, "practice.log", path);
}

/* The folder that the database is in; NULL: the player's own. */
static char* home_of(const char* db, bool* fits) {
  const char* slash = db ? strrchr(db, '/') : NULL;
  if (!db)
    return NULL;
  char* home = slash ? strndup(db, slash == db ? 1 : (size_t)(slash - db)) : strdup(".");
  *fits = *fits && home;
  return home;
}

/* ---- the database ---- */

dt_status dt__api_store(dt__api* api, dt_store** store, dt_error* err) {
  char path[DT_HOME_PATH];
  *store = api->store;
  if (api->store)
    return DT_OK;
  if (api->db && access(api->db, F_OK) != 0)
    return DT_OK;
  const dt_status status = dt_home_store(&api->store, api->db, false, path, err);
  *store = api->store;
  return status == DT_NOT_FOUND ? DT_OK : status;
}

bool dt__api_load(dt__api* api, const char* number, dt_record* record, dt__reply* reply) {
  dt_store* store = NULL;
  dt_error err = {0};
  const int64_t n = dt__path_number(number);
  memset(record, 0, sizeof *record);
  dt_status status = n > 0 ? dt__api_store(api, &store, &err) : DT_NOT_FOUND;
  if (n <= 0)
    dt_fail(&err, status, "A take has a number, not '%s'", dt__show(number).text);
  else if (status == DT_OK && !store)
    status = dt_fail(&err, DT_NOT_FOUND, "There are no takes yet");
  else if (status == DT_OK)
    status = dt_store_load(store, n, NULL, record, &err);
  if (status == DT_OK)
    return true;
  dt__refuse(reply, status == DT_NOT_FOUND ? 404 : 503, "%s",
             err.sentence[0] ? err.sentence : dt_status_sentence(status));
  return false;
}

/* ---- from beginning to end ---- */

static char* copy_of(const char* text, bool* fits) {
  char* copy = text ? strdup(text) : NULL;
  *fits = *fits && (!text || copy);
  return copy;
}

dt_status dt__api_new(dt__api** api, const dt__api_config* config, dt_error* err) {
  bool fits = true;
  dt__api* made = calloc(1, sizeof *made);
  *api = NULL;
  if (made) {
    made->db = copy_of(config->db, &fits);
    made->home = config->home ? copy_of(config->home, &fits) : home_of(config->db, &fits);
    made->player = copy_of(config->player, &fits);
    made->setup = copy_of(config->setup, &fits);
    made->log = copy_of(config->log, &fits);
    made->band = copy_of(config->band, &fits);
    made->soundfont = copy_of(config->soundfont, &fits);
    made->feed = config->feed;
    made->uploads = fits && !config->no_uploads ? dt__uploads_new(made) : NULL;
  }
  if (!made || !fits || (!made->uploads && !config->no_uploads)) {
    dt__api_free(made);
    return dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
  }
  *api = made;
  return DT_OK;
}

void dt__api_free(dt__api* api) {
  if (!api)
    return;
  dt__uploads_free(api->uploads);
  dt_store_close(api->store);
  dt_buffer_clear(&api->library);
  free(api->db);
  free(api->home);
  free(api->player);
  free(api->setup);
  free(api->log);
  free(api->band);
  free(api->soundfont);
  free(api);
}
