#include <string.h>

#include "api_internal.h"
#include "dt/chart_file.h"
#include "dt/chart_midi.h"
#include "dt/chart_musicxml.h"
#include "dt/chart_text.h"
#include "dt/home_charts.h"

/* ---- the list ---- */

static dt_status put_line(dt_buffer* lines, const dt_chart* chart, bool is_own) {
  dt_json json = {.sink = dt_buffer_sink(lines)};
  dt_json_begin_object(&json, NULL);
  dt__chart_line(&json, chart, is_own);
  dt_json_end_object(&json);
  const dt_status status = dt_json_finish(&json);
  return status == DT_OK ? dt_sink_write(dt_buffer_sink(lines), ",", 1) : status;
}

static dt_status read_library(dt_buffer* lines) {
  dt_status status = DT_OK;
  for (size_t i = 0; dt_chart_library_at(i) && status == DT_OK; i++) {
    dt_chart chart;
    status = dt_chart_library_load(&chart, NULL, dt_chart_library_at(i));
    if (status == DT_OK)
      status = put_line(lines, &chart, false);
    dt_chart_clear(&chart, NULL);
  }
  return status;
}

/* A file that is no chart any more is passed over: somebody is editing it. */
static dt_status put_own(const dt__api* api, dt_buffer* lines, dt_error* err) {
  dt_home_name* names = NULL;
  size_t count = 0;
  dt_status status = dt_home_chart_names(&names, &count, api->home, err);
  for (size_t i = 0; i < count && status == DT_OK; i++) {
    dt_chart chart;
    const dt_status loaded = dt_home_chart_load(&chart, api->home, names[i], NULL, err);
    if (loaded == DT_OK)
      status = put_line(lines, &chart, true);
    dt_chart_clear(&chart, NULL);
  }
  dt_release(NULL, names, count * sizeof *names);
  return status;
}

void dt__answer_charts(dt__api* api, const dt__request* request, const dt__parts* parts,
                       dt__reply* reply) {
  const dt_sink sink = dt_buffer_sink(&reply->body);
  dt_error err = {0};
  (void)request;
  (void)parts;
  dt_status status = DT_OK;
  if (api->library.size == 0)
    status = read_library(&api->library);
  if (status == DT_OK)
    status = dt_sink_printf(sink, "{\"charts\":[");
  if (status == DT_OK)
    status = dt_sink_write(sink, api->library.bytes, api->library.size);
  if (status == DT_OK)
    status = put_own(api, &reply->body, &err);
  if (status == DT_OK) {
    reply->body.size--; /* the last comma: the library is never empty */
    status = dt_sink_printf(sink, "]}\n");
  }
  reply->status = 200;
  if (status != DT_OK && api->library.size == 0)
    dt_buffer_clear(&api->library);
  if (status != DT_OK)
    dt__refuse_error(reply, status, &err);
}

/* ---- one ---- */

/* What was written: the library's text, or the file's. */
static dt_status text_of(const dt__api* api, const char* name, dt_buffer* text, dt_error* err) {
  const dt_chart_entry* entry = dt_chart_library_named(name);
  if (!entry)
    return dt_home_chart_text(text, api->home, name, err);
  return dt_sink_write(dt_buffer_sink(text), entry->text, strlen(entry->text));
}

static bool load(dt__api* api, const dt__parts* parts, dt_chart* chart, bool* is_own,
                 dt__reply* reply) {
  dt_error err = {0};
  const dt_status status = dt_home_chart_load(chart, api->home, parts->at[0], is_own, &err);
  if (status != DT_OK)
    dt__refuse_error(reply, status, &err);
  return status == DT_OK;
}

static void answer_chart(const dt_chart* chart, const dt_buffer* text, bool is_own,
                         dt__reply* reply) {
  dt_json json = dt__reply_json(reply);
  reply->status = 200;
  if (dt__chart_json(&json, chart, (const char*)text->bytes, text->size, is_own) != DT_OK)
    dt__reply_full(reply);
}

void dt__answer_chart(dt__api* api, const dt__request* request, const dt__parts* parts,
                      dt__reply* reply) {
  dt_chart chart;
  dt_buffer text = {0};
  dt_error err = {0};
  bool is_own = false;
  (void)request;
  if (!load(api, parts, &chart, &is_own, reply))
    return;
  const dt_status status = text_of(api, parts->at[0], &text, &err);
  if (status == DT_OK)
    answer_chart(&chart, &text, is_own, reply);
  else
    dt__refuse_error(reply, status, &err);
  dt_buffer_clear(&text);
  dt_chart_clear(&chart, NULL);
}

static dt_status write_midi(const dt_chart* chart, dt_sink sink) {
  dt_smf smf;
  dt_status status = dt_smf_from_chart(&smf, NULL, chart);
  if (status != DT_OK)
    return status;
  status = dt_smf_write(&smf, sink);
  dt_smf_clear(&smf, NULL);
  return status;
}

static void answer_file(dt__api* api, const dt__parts* parts, const char* type, const char* ending,
                        dt_status (*write)(const dt_chart* chart, dt_sink sink), dt__reply* reply) {
  dt_chart chart;
  const dt_error none = {0};
  if (!load(api, parts, &chart, NULL, reply))
    return;
  const dt_status status = write(&chart, dt_buffer_sink(&reply->body));
  reply->status = 200;
  reply->type = type;
  if (status != DT_OK)
    dt__refuse_error(reply, status, &none);
  else
    dt__reply_download(reply, "%s.%s", chart.name, ending);
  dt_chart_clear(&chart, NULL);
}

void dt__answer_chart_midi(dt__api* api, const dt__request* request, const dt__parts* parts,
                           dt__reply* reply) {
  (void)request;
  answer_file(api, parts, "audio/midi", "mid", write_midi, reply);
}

void dt__answer_chart_musicxml(dt__api* api, const dt__request* request, const dt__parts* parts,
                               dt__reply* reply) {
  (void)request;
  answer_file(api, parts, "application/vnd.recordare.musicxml+xml", "musicxml",
              dt_chart_to_musicxml, reply);
}

/* ---- writing ---- */

/* A chart in text; NUL bytes and other kinds of files are none. */
static bool parse_body(const dt__request* request, dt_chart* chart, dt__reply* reply) {
  dt_error err = {0};
  const char* text = request->body_size > 0 ? (const char*)request->body : "";
  *chart = (dt_chart){.name = ""};
  const dt_status status =
      request->body_size > 0 && memchr(text, '\0', request->body_size)
          ? dt_fail(&err, DT_BAD_DATA, "This is no chart in text; docs/charts.md says what one is")
          : dt_chart_parse(chart, NULL, text, request->body_size, &err);
  if (status != DT_OK)
    dt__refuse_error(reply, status, &err);
  return status == DT_OK;
}

void dt__answer_chart_put(dt__api* api, const dt__request* request, const dt__parts* parts,
                          dt__reply* reply) {
  const char* name = parts->at[0];
  dt_chart chart;
  dt_error err = {0};
  if (!dt_home_chart_name(name)) {
    dt__refuse(
        reply, 422,
        "A chart's name has 1 to 47 of a-z, 0-9, - and _, and begins with a letter or digit");
    return;
  }
  if (dt_chart_library_named(name)) {
    dt__refuse(reply, 409, "The library has a chart called %.47s; name yours otherwise", name);
    return;
  }
  if (!parse_body(request, &chart, reply))
    return;
  dt_chart_clear(&chart, NULL);
  const dt_status status =
      dt_home_chart_keep(api->home, name, request->body, request->body_size, &err);
  if (status != DT_OK)
    dt__refuse(reply, 503, "The chart cannot be kept: %s", err.sentence);
  else
    dt__answer_chart(api, request, parts, reply);
}

void dt__answer_chart_delete(dt__api* api, const dt__request* request, const dt__parts* parts,
                             dt__reply* reply) {
  dt_error err = {0};
  (void)request;
  if (dt_chart_library_named(parts->at[0])) {
    dt__refuse(reply, 409, "%.47s is a chart of the library, which stays", parts->at[0]);
    return;
  }
  const dt_status status = dt_home_chart_remove(api->home, parts->at[0], &err);
  if (status != DT_OK)
    dt__refuse_error(reply, status, &err);
  else
    reply->status = 204;
}

void dt__answer_chart_read(dt__api* api, const dt__request* request, const dt__parts* parts,
                           dt__reply* reply) {
  dt_chart chart;
  dt_buffer text = {0};
  dt_error err = {0};
  (void)api;
  (void)parts;
  dt_status status = dt_chart_read(&chart, NULL, request->body, request->body_size, &err);
  if (status == DT_OK)
    status = dt_chart_write(&chart, dt_buffer_sink(&text));
  if (status == DT_OK)
    answer_chart(&chart, &text, true, reply);
  else
    dt__refuse_error(reply, status, &err);
  dt_buffer_clear(&text);
  dt_chart_clear(&chart, NULL);
}
