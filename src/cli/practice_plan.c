#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "dt/chart_file.h"
#include "dt/file.h"
#include "dt/past_text.h"
#include "practice.h"

#define PLAN_BYTES_MAX ((size_t)1 << 20)
#define LOG_BYTES_MAX  ((size_t)64 << 20)
#define PATH_BYTES     4096

static bool is_plan(const char* operand) {
  const size_t length = strlen(operand);
  return length > 5 && strcmp(operand + length - 5, ".plan") == 0;
}

static int load_plan(dt__practice_plan* plan, const char* path) {
  dt_buffer text = {0};
  dt_error err = {0};
  dt_status status = dt_file_read(&text, path, PLAN_BYTES_MAX, &err);
  if (status == DT_OK)
    status = dt_plan_parse(&plan->plan, (const char*)text.bytes, text.size, &err);
  dt_buffer_clear(&text);
  return status == DT_OK ? DT__DONE : dt__world_error(path, status, &err);
}

/* What was said on the command line, over what the plan says. */
static void apply(dt_plan* plan, const dt__practice_values* values) {
  for (int i = 0; i < plan->count; i++) {
    dt_exercise* exercise = &plan->exercises[i];
    if (values->mode >= 0)
      exercise->mode = (dt_practice_mode)values->mode;
    if (!isnan(values->from))
      exercise->from_bpm = values->from;
    if (!isnan(values->to))
      exercise->to_bpm = values->to;
    if (!isnan(values->tempo))
      exercise->bpm = values->tempo;
    if (!isnan(values->minutes))
      exercise->minutes = values->minutes;
    if (values->bars > 0)
      exercise->bars = values->bars;
    if (values->level >= 0)
      exercise->level = (dt_level)values->level;
    if (values->limbs >= 0)
      exercise->limbs = (dt_limbs)values->limbs;
  }
  if (values->tone >= 0)
    plan->tone = (dt_tone)values->tone;
}

static int load_charts(dt__practice_plan* plan) {
  for (int i = 0; i < plan->plan.count; i++) {
    dt_error err = {0};
    const char* name = plan->plan.exercises[i].chart;
    const dt_status status = dt_chart_load(&plan->charts[i], NULL, name, &err);
    if (status != DT_OK)
      return dt__world_error(name, status, &err);
    plan->chart_count++;
  }
  return DT__DONE;
}

int dt__practice_load(dt__practice_plan* plan, const char* operand,
                      const dt__practice_values* values) {
  memset(plan, 0, sizeof *plan);
  plan->plan = dt_plan_default();
  int status = DT__DONE;
  if (is_plan(operand))
    status = load_plan(plan, operand);
  else if (strlen(operand) >= DT_PLAN_CHART_MAX)
    return dt__usage_error("practice", "the chart's name is too long");
  else {
    plan->plan.exercises[0] = dt_exercise_default();
    snprintf(plan->plan.exercises[0].chart, DT_PLAN_CHART_MAX, "%s", operand);
    plan->plan.count = 1;
  }
  if (status != DT__DONE)
    return status;
  apply(&plan->plan, values);
  const char* wrong = dt_plan_check(&plan->plan);
  if (wrong)
    return dt__usage_error("practice", "%s", wrong);
  status = load_charts(plan);
  if (status == DT__DONE)
    status = dt__practice_log_read(values->log, &plan->past, &plan->past_count);
  return status;
}

void dt__practice_unload(dt__practice_plan* plan) {
  for (int i = 0; i < plan->chart_count; i++)
    dt_chart_clear(&plan->charts[i], NULL);
  dt_release(NULL, plan->past, plan->past_count * sizeof *plan->past);
}

/* ---- the history ---- */

static bool log_path(const char* path, char full[PATH_BYTES]) {
  if (path)
    return (size_t)snprintf(full, PATH_BYTES, "%s", path) < PATH_BYTES;
  if (!dt__store_default(full, PATH_BYTES))
    return false;
  char* name = strrchr(full, '/');
  return name && (size_t)snprintf(name, PATH_BYTES - (size_t)(name - full), "/practice.log") <
                     PATH_BYTES - (size_t)(name - full);
}

/* A line that a cut left unfinished at the end is passed over; another that is none is an error. */
int dt__practice_log_read(const char* path, dt_past** past, size_t* count) {
  char full[PATH_BYTES];
  *past = NULL;
  *count = 0;
  if (!log_path(path, full) || access(full, F_OK) != 0)
    return DT__DONE;
  dt_buffer text = {0};
  dt_error err = {0};
  dt_status status = dt_file_read(&text, full, LOG_BYTES_MAX, &err);
  const char* at = (const char*)text.bytes;
  const char* end = at ? at + text.size : at;
  for (size_t line = 1; status == DT_OK && at < end; line++) {
    const char* stop = memchr(at, '\n', (size_t)(end - at));
    dt_past one;
    if (!stop)
      break;
    if (!dt_past_read(at, &one))
      status = dt_fail(&err, DT_BAD_DATA, "Line %zu is no practice; move the file away", line);
    dt_past* more = NULL;
    if (status == DT_OK)
      more = dt_resize(NULL, *past, *count * sizeof *more, (*count + 1) * sizeof *more);
    if (!more) {
      if (status == DT_OK)
        status = dt_fail(&err, DT_NO_MEMORY, "No memory for the history");
      break;
    }
    *past = more;
    more[(*count)++] = one;
    at = stop + 1;
  }
  dt_buffer_clear(&text);
  return status == DT_OK ? DT__DONE : dt__world_error(full, status, &err);
}

int dt__practice_log_add(const char* path, const dt_past* past) {
  char full[PATH_BYTES];
  if (!log_path(path, full))
    return dt__usage_error("practice", "there is no home folder (HOME); name a file with --log");
  FILE* file = fopen(full, "a");
  bool wrote = file && dt_past_write(file, past);
  wrote = wrote && fflush(file) == 0 && fsync(fileno(file)) == 0;
  if (file && fclose(file) != 0)
    wrote = false;
  dt_error err = {0};
  return wrote ? DT__DONE
               : dt__world_error(full, dt_fail(&err, DT_IO, "%s", strerror(errno)), &err);
}

/* Days of the proleptic Gregorian calendar (H. Hinnant's days_from_civil). */
int64_t dt__today(void) {
  const time_t now = time(NULL);
  struct tm local;
  localtime_r(&now, &local);
  const int64_t month = local.tm_mon + 1;
  const int64_t year = local.tm_year + 1900 - (month <= 2);
  const int64_t era_year = year % 400;
  const int64_t day = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + local.tm_mday - 1;
  return (year / 400) * 146097 + era_year * 365 + era_year / 4 - era_year / 100 + day - 719468;
}
