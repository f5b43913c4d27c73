#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plan_internal.h"

/* A number with up to three decimals and no zeroes at its end. */
typedef struct number {
  char text[32];
} number;

static number decimal(double x) {
  number n;
  const long thousandths = (long)floor(x * 1000.0 + 0.5);
  snprintf(n.text, sizeof n.text, "%ld.%03ld", thousandths / 1000, thousandths % 1000);
  size_t end = strlen(n.text);
  while (n.text[end - 1] == '0')
    --end;
  n.text[n.text[end - 1] == '.' ? end - 1 : end] = '\0';
  return n;
}

static dt_status write_number(dt_sink sink, const char* key, double x, double silent,
                              const char* unit) {
  if (x == silent)
    return DT_OK;
  return dt_sink_printf(sink, "%s: %s%s\n", key, decimal(x).text, unit);
}

static dt_status write_exercise(const dt_exercise* e, dt_sink sink) {
  dt_status status = dt_sink_printf(sink, "\n[%s]\nmode: %s\n", e->chart, dt_mode_name(e->mode));
  if (status == DT_OK)
    status = write_number(sink, "from", e->from_bpm, 0.0, " bpm");
  if (status == DT_OK)
    status = write_number(sink, "to", e->to_bpm, 0.0, " bpm");
  if (status == DT_OK)
    status = write_number(sink, "tempo", e->bpm, 0.0, " bpm");
  if (status == DT_OK)
    status = write_number(sink, "minutes", e->minutes, -1.0, "");
  if (status == DT_OK)
    status = write_number(sink, "bars", e->bars, 0.0, "");
  if (status == DT_OK)
    status = write_number(sink, "subdivisions", e->subdivisions, 0.0, "");
  if (status == DT_OK && e->limbs != DT_LIMBS_ALL)
    status = dt_sink_printf(sink, "limbs: %s\n", dt_limbs_name(e->limbs));
  if (status == DT_OK)
    status = dt_sink_printf(sink, "level: %s\n", dt__plan_level_name(e->level));
  return status;
}

dt_status dt_plan_write(const dt_plan* plan, dt_sink sink) {
  if (dt_plan_check(plan) != NULL)
    return DT_BAD_ARGUMENT;
  dt_status status = DT_OK;
  if (plan->name[0] != '\0')
    status = dt_sink_printf(sink, "name: %s\n", plan->name);
  if (status == DT_OK)
    status = dt_sink_printf(sink, "tone: %s\n", dt_tone_name(plan->tone));
  if (status == DT_OK)
    status = write_number(sink, "ceiling", plan->limits.ceiling_min, -1.0, " min");
  if (status == DT_OK)
    status = write_number(sink, "work", plan->limits.work_s, -1.0, " s");
  if (status == DT_OK)
    status = write_number(sink, "rest", plan->limits.rest_s, -1.0, " s");
  if (status == DT_OK)
    status = write_number(sink, "long-rest", plan->limits.long_rest_s, -1.0, " s");
  for (int i = 0; status == DT_OK && i < plan->count; ++i)
    status = write_exercise(&plan->exercises[i], sink);
  return status;
}
