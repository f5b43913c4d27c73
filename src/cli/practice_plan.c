#include <math.h>
#include <stdio.h>
#include <string.h>

#include "dt/chart_file.h"
#include "dt/file.h"
#include "dt/home.h"
#include "dt/home_log.h"
#include "practice.h"

#define PLAN_BYTES_MAX ((size_t)1 << 20)

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
    /* These two set the tempo themselves, which is the clock's now. */
    else if (values->sync != DT_SYNC_NONE &&
             (exercise->mode == DT_MODE_LADDER || exercise->mode == DT_MODE_SURPRISE))
      exercise->mode = DT_MODE_QUIET;
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
    if (values->subdivisions > 0)
      exercise->subdivisions = values->subdivisions;
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

int dt__practice_log_read(const char* path, dt_past** past, size_t* count) {
  char own[DT_HOME_PATH];
  dt_error err = {0};
  const dt_status status = dt_practice_log_read(path, past, count, &err);
  if (status == DT_OK)
    return DT__DONE;
  if (!path && dt_practice_log_default(own, sizeof own))
    path = own;
  return dt__world_error(path, status, &err);
}

int dt__practice_log_add(const char* path, const dt_past* past) {
  char own[DT_HOME_PATH];
  dt_error err = {0};
  if (!path && !dt_practice_log_default(own, sizeof own))
    return dt__usage_error("practice", "there is no home folder (HOME); name a file with --log");
  const dt_status status = dt_practice_log_add(path, past, &err);
  return status == DT_OK ? DT__DONE : dt__world_error(path ? path : own, status, &err);
}
