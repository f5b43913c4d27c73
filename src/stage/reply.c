#include <stdarg.h>
#include <stdio.h>

#include "api.h"
#include "dt/json.h"
#include "guard.h"

bool dt__query(const dt__request* request, const char* name, char* text, size_t size) {
  return dt__guard_field(request->query, name, text, size);
}

void dt__refuse(dt__reply* reply, int status, const char* sentence, ...) {
  char text[DT_ERROR_SENTENCE_MAX + 128];
  va_list arguments;
  va_start(arguments, sentence);
  vsnprintf(text, sizeof text, sentence, arguments);
  va_end(arguments);
  dt_buffer_clear(&reply->body);
  dt_json json = {.sink = dt_buffer_sink(&reply->body)};
  dt_json_begin_object(&json, NULL);
  dt_json_begin_object(&json, "error");
  dt_json_int(&json, "status", status);
  dt_json_string(&json, "text", text);
  dt_json_end_object(&json);
  dt_json_end_object(&json);
  if (dt_json_finish(&json) != DT_OK)
    dt_buffer_clear(&reply->body); /* the status says it alone */
  reply->status = status;
  reply->type = NULL;
}
