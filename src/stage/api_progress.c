#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api_internal.h"
#include "dt/coach_progress.h"
#include "dt/home.h"
#include "dt/home_charts.h"
#include "dt/home_log.h"

#define POINTS_MAX 400
#define DUE_MAX    32
#define DAY_S      86400

typedef struct history {
  const dt_past* past;
  size_t count;
  const char* chart; /* only this one; "" all */
  int64_t today;
  size_t* firsts; /* room for count */
  size_t first_count;
} history;

/* Noon in Greenwich, which is that day nearly everywhere. */
static int64_t moment_of(int64_t day) {
  return day * DAY_S + DAY_S / 2;
}

static void put_day(dt_json* json, const char* key, int64_t day) {
  char text[32];
  const time_t moment = (time_t)(day * DAY_S);
  struct tm date;
  const bool is_date = gmtime_r(&moment, &date) && strftime(text, sizeof text, "%Y-%m-%d", &date);
  dt_json_string(json, key, is_date ? text : NULL);
}

static bool is_wanted(const history* h, const dt_past* one) {
  return !h->chart[0] || strcmp(h->chart, one->chart) == 0;
}

static bool is_same(const dt_past* a, const dt_past* b) {
  return a->limbs == b->limbs && strcmp(a->chart, b->chart) == 0;
}

/* The exercises: the first line of each chart and limbs. */
static void find_firsts(history* h) {
  for (size_t i = 0; i < h->count; i++) {
    size_t k = h->first_count;
    if (!is_wanted(h, &h->past[i]))
      continue;
    while (k > 0 && !is_same(&h->past[h->firsts[k - 1]], &h->past[i]))
      k--;
    if (k == 0)
      h->firsts[h->first_count++] = i;
  }
}

/* ---- the curves ---- */

static void put_point(dt_json* json, const dt_progress_point* point, bool is_cold) {
  const bool has_interval = !is_cold && point->low_bpm > 0 && point->high_bpm > 0;
  dt_json_begin_object(json, NULL);
  put_day(json, "day", point->day);
  dt_json_int(json, "at_s", moment_of(point->day));
  dt_json_number(json, "bpm", is_cold ? point->cold_bpm : point->bpm, 2);
  dt__json_or_null(json, "low_bpm", has_interval, point->low_bpm, 2);
  dt__json_or_null(json, "high_bpm", has_interval, point->high_bpm, 2);
  dt_json_bool(json, "is_cold", is_cold);
  dt_json_bool(json, "is_clean", !is_cold || point->cold_kept);
  dt_json_end_object(json);
}

static void put_points(dt_json* json, const history* h, const dt_past* one) {
  dt_progress_point points[POINTS_MAX];
  const size_t found =
      dt_progress_curve(points, POINTS_MAX, h->past, h->count, one->chart, one->limbs);
  dt_json_begin_array(json, "points");
  for (size_t i = 0; i < found; i++) {
    if (points[i].cold_bpm > 0) /* it is played before anything else */
      put_point(json, &points[i], true);
    if (points[i].bpm > 0)
      put_point(json, &points[i], false);
  }
  dt_json_end_array(json);
}

static void put_title(dt_json* json, const dt__api* api, const char* name) {
  dt_chart chart;
  dt_error err = {0};
  const bool is_there = dt_home_chart_load(&chart, api->home, name, NULL, &err) == DT_OK;
  dt_json_string(json, "title", is_there && chart.title[0] ? chart.title : name);
  dt_chart_clear(&chart, NULL);
}

static void put_exercises(dt_json* json, const dt__api* api, const history* h) {
  dt_json_begin_array(json, "exercises");
  for (size_t i = 0; i < h->first_count; i++) {
    const dt_past* one = &h->past[h->firsts[i]];
    dt_json_begin_object(json, NULL);
    dt_json_string(json, "chart", one->chart);
    put_title(json, api, one->chart);
    dt_json_string(json, "limbs", dt_limbs_name(one->limbs));
    put_points(json, h, one);
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
}

/* ---- today ---- */

static const char* why_name(dt_due_why why) {
  static const char* const names[] = {"cold_test", "forgotten", "weak_bars",
                                      "plateau",   "spacing",   "tired"};
  return names[why];
}

static void put_due(dt_json* json, const dt_due* due) {
  char text[DT_PROGRESS_TEXT_MAX];
  dt_due_text(text, due);
  dt_json_begin_object(json, NULL);
  dt_json_string(json, "chart", due->chart);
  dt_json_string(json, "text", text);
  dt_json_string(json, "why", why_name(due->why));
  dt_json_string(json, "mode", dt_mode_name(due->mode));
  dt_json_string(json, "limbs", dt_limbs_name(due->limbs));
  dt__json_or_null(json, "bpm", due->bpm > 0, due->bpm, 2);
  dt_json_int(json, "days", due->days);
  dt_json_begin_array(json, "weak_bars");
  for (int i = 0; i < due->weak_count; i++)
    dt_json_int(json, NULL, due->weak_bars[i]);
  dt_json_end_array(json);
  dt_json_end_object(json);
}

static void put_today(dt_json* json, const history* h) {
  dt_due due[DUE_MAX];
  const size_t found = dt_progress_today(due, DUE_MAX, h->past, h->count, h->today);
  dt_json_begin_array(json, "today");
  for (size_t i = 0; i < found; i++)
    if (!h->chart[0] || strcmp(h->chart, due[i].chart) == 0)
      put_due(json, &due[i]);
  dt_json_end_array(json);
  dt_json_number(json, "minutes_today", dt_progress_played_s(h->past, h->count, h->today) / 60, 2);
}

/* ---- the calendar ---- */

typedef struct day_sum {
  int64_t day;
  double played_s;
  int64_t takes;
  int64_t clean_takes;
} day_sum;

/* The log is written day by day: the day of a line is mostly the last one. */
static size_t sum_days(const history* h, day_sum* days) {
  size_t count = 0;
  for (size_t i = 0; i < h->count; i++) {
    const dt_past* one = &h->past[i];
    size_t k = count;
    if (!is_wanted(h, one))
      continue;
    while (k > 0 && days[k - 1].day > one->day)
      k--;
    if (k == 0 || days[k - 1].day != one->day) {
      memmove(&days[k + 1], &days[k], (count++ - k) * sizeof *days);
      days[k++] = (day_sum){.day = one->day};
    }
    days[k - 1].played_s += one->played_s;
    days[k - 1].takes += one->takes;
    days[k - 1].clean_takes += one->clean_takes;
  }
  return count;
}

static void put_days(dt_json* json, const history* h, day_sum* days) {
  const size_t count = sum_days(h, days);
  dt_json_begin_array(json, "days");
  for (size_t i = 0; i < count; i++) {
    dt_json_begin_object(json, NULL);
    put_day(json, "day", days[i].day);
    dt_json_number(json, "minutes", days[i].played_s / 60, 2);
    dt_json_int(json, "takes", days[i].takes);
    dt_json_int(json, "clean_takes", days[i].clean_takes);
    dt_json_end_object(json);
  }
  dt_json_end_array(json);
}

/* ---- records ---- */

static void put_record(dt_json* json, const dt_past* best, double bpm, const char* kind) {
  char text[DT_PLAN_CHART_MAX + 96];
  snprintf(text, sizeof text, "%s%s%s: %s %.0f bpm", best->chart,
           best->limbs == DT_LIMBS_ALL ? "" : ", ",
           best->limbs == DT_LIMBS_ALL ? "" : dt_limbs_name(best->limbs),
           strcmp(kind, "clean") == 0 ? "clean tempo" : "kept overnight at", bpm);
  dt_json_begin_object(json, NULL);
  dt_json_string(json, "chart", best->chart);
  dt_json_string(json, "limbs", dt_limbs_name(best->limbs));
  dt_json_string(json, "kind", kind);
  dt_json_string(json, "text", text);
  dt_json_number(json, "bpm", bpm, 2);
  put_day(json, "day", best->day);
  dt_json_int(json, "at_s", moment_of(best->day));
  dt_json_end_object(json);
}

static double record_of(const dt_past* one, bool cold) {
  if (cold)
    return one->cold_kept ? one->cold_bpm : 0;
  return one->bpm;
}

static void put_best(dt_json* json, const history* h, size_t first, bool cold) {
  const dt_past* best = NULL;
  for (size_t i = first; i < h->count; i++) {
    const dt_past* one = &h->past[i];
    if (is_same(one, &h->past[first]) && record_of(one, cold) > (best ? record_of(best, cold) : 0))
      best = one;
  }
  if (best)
    put_record(json, best, record_of(best, cold), cold ? "cold" : "clean");
}

static void put_records(dt_json* json, const history* h) {
  dt_json_begin_array(json, "records");
  for (size_t i = 0; i < h->first_count; i++) {
    put_best(json, h, h->firsts[i], false);
    put_best(json, h, h->firsts[i], true);
  }
  dt_json_end_array(json);
}

static void answer(const dt__api* api, history* h, day_sum* days, dt__reply* reply) {
  dt_json json = dt__reply_json(reply);
  find_firsts(h);
  dt_json_begin_object(&json, NULL);
  put_exercises(&json, api, h);
  put_today(&json, h);
  put_days(&json, h, days);
  put_records(&json, h);
  dt_json_end_object(&json);
  dt__reply_end(reply, &json);
}

void dt__answer_progress(dt__api* api, const dt__request* request, const dt__parts* parts,
                         dt__reply* reply) {
  char chart[DT_PLAN_CHART_MAX];
  char path[DT_HOME_PATH];
  dt_past* past = NULL;
  size_t count = 0;
  dt_error err = {0};
  (void)parts;
  if (!dt__query_text(request, "chart", chart, sizeof chart, reply))
    return;
  const bool has_home = dt__api_log(api, path);
  const dt_status status = has_home ? dt_practice_log_read(path, &past, &count, &err) : DT_OK;
  history h = {.past = past, .count = count, .chart = chart, .today = dt_home_today()};
  h.firsts = malloc((count + 1) * sizeof *h.firsts);
  day_sum* days = malloc((count + 1) * sizeof *days);
  if (status != DT_OK)
    dt__refuse(reply, 503, "The practice log cannot be read: %s", err.sentence);
  else if (!h.firsts || !days)
    dt__reply_full(reply);
  else
    answer(api, &h, days, reply);
  free(days);
  free(h.firsts);
  dt_release(NULL, past, count * sizeof *past);
}
