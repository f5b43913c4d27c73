#include <math.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "dt/home.h"
#include "practice.h"

#define POINTS_MAX 400
#define DUE_MAX    32

typedef struct progress_values {
  const char* log;
  const char* chart;
} progress_values;

const dt__option dt__progress_options[] = {
    {'c', "chart", "NAME", "Only this chart", DT__TEXT, offsetof(progress_values, chart), 0, 0,
     NULL},
    {0, "log", "FILE", "The coach's history (default: practice.log beside the database)",
     DT__FILE_IN, offsetof(progress_values, log), 0, 0, NULL},
    DT__OPTION_END,
};

static void print_day(int64_t day) {
  const time_t moment = (time_t)(day * 86400);
  struct tm date;
  gmtime_r(&moment, &date);
  printf("  %04d-%02d-%02d", date.tm_year + 1900, date.tm_mon + 1, date.tm_mday);
}

static void print_curve(const dt_past* past, size_t count, const char* chart, dt_limbs limbs) {
  dt_progress_point points[POINTS_MAX];
  const size_t found = dt_progress_curve(points, POINTS_MAX, past, count, chart, limbs);
  if (found == 0)
    return;
  printf("\n%s%s%s: clean tempo, bpm\n", chart, limbs == DT_LIMBS_ALL ? "" : ", ",
         limbs == DT_LIMBS_ALL ? "" : dt_limbs_name(limbs));
  for (size_t i = 0; i < found; i++) {
    print_day(points[i].day);
    if (points[i].bpm > 0)
      printf("  %5.0f  (%.0f to %.0f)", points[i].bpm, points[i].low_bpm, points[i].high_bpm);
    if (points[i].cold_bpm > 0)
      printf("  cold test at %.0f: %s", points[i].cold_bpm, points[i].cold_kept ? "kept" : "lost");
    printf("\n");
  }
}

static bool was_printed(const dt_past* past, size_t before, const dt_past* one) {
  for (size_t i = 0; i < before; i++)
    if (strcmp(past[i].chart, one->chart) == 0 && past[i].limbs == one->limbs)
      return true;
  return false;
}

static void print_today(const dt_past* past, size_t count, int64_t today) {
  dt_due due[DUE_MAX];
  const size_t found = dt_progress_today(due, DUE_MAX, past, count, today);
  printf("Today\n");
  for (size_t i = 0; i < found; i++) {
    char text[DT_PROGRESS_TEXT_MAX];
    dt_due_text(text, &due[i]);
    printf("  %s\n", text);
  }
  const double played_s = dt_progress_played_s(past, count, today);
  printf("  %.0f minutes played so far.\n", played_s / 60);
}

int dt__progress_command(int argc, char** argv, dt__globals* globals) {
  progress_values values = {0};
  const char* operand = NULL;
  int status = DT__DONE;
  if (!dt__command_begin("progress", &values, globals, argc, argv, &operand, &status))
    return status;
  dt_past* past = NULL;
  size_t count = 0;
  status = dt__practice_log_read(values.log, &past, &count);
  if (status != DT__DONE)
    return status;
  if (count == 0)
    printf("Nothing practised yet. Begin with: doubletime practice paradiddle --midi any\n");
  else
    print_today(past, count, dt_home_today());
  for (size_t i = 0; i < count; i++) {
    const bool is_wanted = !values.chart || strcmp(values.chart, past[i].chart) == 0;
    if (is_wanted && !was_printed(past, i, &past[i]))
      print_curve(past, count, past[i].chart, past[i].limbs);
  }
  dt_release(NULL, past, count * sizeof *past);
  return DT__DONE;
}
