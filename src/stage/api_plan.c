#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api_internal.h"
#include "dt/coach_plan.h"
#include "dt/file.h"
#include "dt/home.h"
#include "dt/home_charts.h"

#define PLAN_MAX ((size_t)1 << 20)

static bool path_of(const dt__api* api, char path[DT_HOME_PATH]) {
  return dt_home_file(path, DT_HOME_PATH, api->home, "practice.plan");
}

/* "ladder, 90 to 220 bpm, 10 min" */
static void exercise_text(const dt_exercise* exercise, char* text, size_t size) {
  char tempo[64] = "";
  char minutes[32] = "";
  if (exercise->mode == DT_MODE_LADDER && exercise->from_bpm > 0 && exercise->to_bpm > 0)
    snprintf(tempo, sizeof tempo, ", %.4g to %.4g bpm", exercise->from_bpm, exercise->to_bpm);
  else if (exercise->mode == DT_MODE_LADDER && exercise->from_bpm > 0)
    snprintf(tempo, sizeof tempo, " from %.4g bpm", exercise->from_bpm);
  else if (exercise->mode == DT_MODE_LADDER && exercise->to_bpm > 0)
    snprintf(tempo, sizeof tempo, " to %.4g bpm", exercise->to_bpm);
  else if (exercise->bpm > 0)
    snprintf(tempo, sizeof tempo, " at %.4g bpm", exercise->bpm);
  snprintf(minutes, sizeof minutes, ", %.4g min", exercise->minutes);
  snprintf(text, size, "%s%s%s%s%s", dt_mode_name(exercise->mode), tempo, minutes,
           exercise->limbs == DT_LIMBS_ALL ? "" : ", ",
           exercise->limbs == DT_LIMBS_ALL ? "" : dt_limbs_name(exercise->limbs));
}

static void put_exercise(dt_json* json, const dt_exercise* exercise) {
  static const char* const levels[] = {"beginner", "player", "pro"};
  char text[160];
  exercise_text(exercise, text, sizeof text);
  dt_json_begin_object(json, NULL);
  dt_json_string(json, "chart", exercise->chart);
  dt_json_string(json, "mode", dt_mode_name(exercise->mode));
  dt_json_number(json, "minutes", exercise->minutes, 3);
  dt_json_string(json, "text", text);
  dt__json_or_null(json, "from_bpm", exercise->from_bpm > 0, exercise->from_bpm, 3);
  dt__json_or_null(json, "to_bpm", exercise->to_bpm > 0, exercise->to_bpm, 3);
  dt__json_or_null(json, "bpm", exercise->bpm > 0, exercise->bpm, 3);
  if (exercise->bars > 0)
    dt_json_int(json, "bars", exercise->bars);
  else
    dt_json_null(json, "bars");
  dt_json_string(json, "limbs", dt_limbs_name(exercise->limbs));
  dt_json_string(json, "level", levels[exercise->level]);
  dt_json_end_object(json);
}

/* text: with its NUL. */
static void answer(const dt_plan* plan, const char* text, dt__reply* reply) {
  dt_json json = dt__reply_json(reply);
  dt_json_begin_object(&json, NULL);
  dt_json_string(&json, "text", text);
  dt_json_string(&json, "name", plan->name);
  dt_json_string(&json, "tone", dt_tone_name(plan->tone));
  dt_json_begin_object(&json, "limits");
  dt_json_number(&json, "ceiling_min", plan->limits.ceiling_min, 3);
  dt_json_number(&json, "work_s", plan->limits.work_s, 3);
  dt_json_number(&json, "rest_s", plan->limits.rest_s, 3);
  dt_json_number(&json, "long_rest_s", plan->limits.long_rest_s, 3);
  dt_json_end_object(&json);
  dt_json_begin_array(&json, "exercises");
  for (int i = 0; i < plan->count; i++)
    put_exercise(&json, &plan->exercises[i]);
  dt_json_end_array(&json);
  dt_json_end_object(&json);
  dt__reply_end(reply, &json);
}

/* Whoever edited the file by hand gets the text, and no exercises, where it cannot be read. */
void dt__answer_plan(dt__api* api, const dt__request* request, const dt__parts* parts,
                     dt__reply* reply) {
  char path[DT_HOME_PATH];
  dt_buffer text = {0};
  dt_error err = {0};
  dt_plan plan = dt_plan_default();
  (void)request;
  (void)parts;
  dt_status status = DT_OK;
  if (path_of(api, path) && access(path, F_OK) == 0) {
    status = dt_file_read(&text, path, PLAN_MAX, &err);
    if (status == DT_OK &&
        dt_plan_parse(&plan, text.bytes ? (const char*)text.bytes : "", text.size, &err) != DT_OK)
      plan = dt_plan_default();
  }
  if (status == DT_OK)
    status = dt_sink_write(dt_buffer_sink(&text), "", 1);
  if (status == DT_OK)
    answer(&plan, (const char*)text.bytes, reply);
  else
    dt__refuse(reply, 503, "The plan cannot be read: %s", err.sentence);
  dt_buffer_clear(&text);
}

/* The line of the text in which an exercise's chart stands, "[name]"; 0: not found. */
static int line_of(const char* text, size_t size, const char* name) {
  const size_t length = strlen(name);
  int line = 1;
  for (size_t i = 0; i < size; i++) {
    if (text[i] == '[' && size - i > length + 1 && memcmp(text + i + 1, name, length) == 0 &&
        text[i + 1 + length] == ']')
      return line;
    line += text[i] == '\n';
  }
  return 0;
}

/* Only charts by name: a plan of a page opens no files. */
static dt_status check_charts(const dt__api* api, const dt_plan* plan, const char* text,
                              size_t size, dt_error* err) {
  for (int i = 0; i < plan->count; i++) {
    const char* name = plan->exercises[i].chart;
    dt_chart chart;
    dt_error why = {0};
    const dt_status status = dt_home_chart_load(&chart, api->home, name, NULL, &why);
    dt_chart_clear(&chart, NULL);
    if (status == DT_NO_MEMORY)
      return dt_fail(err, status, "%s", dt_status_sentence(status));
    if (status == DT_NOT_FOUND)
      return dt_fail(err, DT_BAD_DATA,
                     "Line %d: There is no chart called '%s'; 'charts' lists them all",
                     line_of(text, size, name), dt__show(name).text);
    if (status != DT_OK)
      return dt_fail(err, DT_BAD_DATA, "Line %d: The chart %s cannot be used: %.120s",
                     line_of(text, size, name), dt__show(name).text, why.sentence);
  }
  return DT_OK;
}

static dt_status keep(const dt__api* api, const void* text, size_t size, dt_error* err) {
  char path[DT_HOME_PATH];
  dt_outfile out = {0};
  if (!path_of(api, path))
    return dt_fail(err, DT_IO, "There is no home folder for the plan (HOME is not set)");
  (void)dt_home_make_folders(path); /* what failed is said below */
  const dt_status status = dt_outfile_open(&out, path, err);
  if (status != DT_OK)
    return status;
  (void)fwrite(text, 1, size, out.file); /* commit looks whether it failed */
  return dt_outfile_commit(&out, err);
}

void dt__answer_plan_put(dt__api* api, const dt__request* request, const dt__parts* parts,
                         dt__reply* reply) {
  dt_plan plan = {0};
  dt_error err = {0};
  const char* text = request->body_size > 0 ? (const char*)request->body : "";
  if (request->body_size > PLAN_MAX) {
    dt__refuse(reply, 413, "A plan has at most 1 MiB");
    return;
  }
  dt_status status =
      request->body_size > 0 && memchr(text, '\0', request->body_size)
          ? dt_fail(&err, DT_BAD_DATA, "This is no plan in text; docs/coach.md says what one is")
          : dt_plan_parse(&plan, text, request->body_size, &err);
  if (status == DT_OK)
    status = check_charts(api, &plan, text, request->body_size, &err);
  if (status != DT_OK) {
    dt__refuse_error(reply, status, &err);
    return;
  }
  status = keep(api, text, request->body_size, &err);
  if (status != DT_OK)
    dt__refuse(reply, 503, "The plan cannot be kept: %s", err.sentence);
  else
    dt__answer_plan(api, request, parts, reply);
}
