#include <math.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "dt/home.h"
#include "output.h"
#include "practice.h"
#include "progress_report.h"

#define DUE_MAX       32
#define EXERCISES_MAX 256

typedef struct progress_values {
  const char* log;
  const char* chart;
  const char* html;
} progress_values;

const dt__option dt__progress_options[] = {
    {'c', "chart", "NAME", "Only this chart", DT__TEXT, offsetof(progress_values, chart), 0, 0,
     NULL},
    {'r', "report", "FILE", "Write it as one HTML page, with the curves", DT__FILE_OUT,
     offsetof(progress_values, html), 0, 0, NULL},
    {0, "log", "FILE", "The coach's history (default: practice.log beside the database)",
     DT__FILE_IN, offsetof(progress_values, log), 0, 0, NULL},
    DT__OPTION_END,
};

/* What is told, in both forms. */
typedef struct telling {
  char today[DUE_MAX][DT_PROGRESS_TEXT_MAX];
  const char* lines[DUE_MAX];
  dt__curve* curves; /* EXERCISES_MAX */
  dt_report_exercise exercises[EXERCISES_MAX];
  dt_report_progress progress;
} telling;

static void print_day(int64_t day) {
  const time_t moment = (time_t)(day * 86400);
  struct tm date;
  gmtime_r(&moment, &date);
  printf("  %04d-%02d-%02d", date.tm_year + 1900, date.tm_mon + 1, date.tm_mday);
}

static void print_curve(const dt_report_exercise* exercise) {
  printf("\n%s: clean tempo, bpm\n", exercise->name);
  for (size_t i = 0; i < exercise->day_count; i++) {
    const dt_report_day* d = &exercise->days[i];
    print_day(d->day);
    if (d->bpm > 0)
      printf("  %5.0f  (%.0f to %.0f)", d->bpm, d->low_bpm, d->high_bpm);
    if (d->cold_bpm > 0)
      printf("  cold test at %.0f: %s", d->cold_bpm, d->cold_kept ? "kept" : "lost");
    printf("\n");
  }
}

static void print_all(const dt_report_progress* progress) {
  printf("Today\n");
  for (size_t i = 0; i < progress->today_count; i++)
    printf("  %s\n", progress->today[i]);
  printf("  %.0f minutes played so far.\n", progress->played_min);
  for (size_t i = 0; i < progress->exercise_count; i++)
    print_curve(&progress->exercises[i]);
}

static void tell(telling* t, const dt_past* past, size_t count, const char* chart) {
  dt_due due[DUE_MAX];
  const int64_t today = dt_home_today();
  const size_t found = dt_progress_today(due, DUE_MAX, past, count, today);
  for (size_t i = 0; i < found; i++) {
    dt_due_text(t->today[i], &due[i]);
    t->lines[i] = t->today[i];
  }
  size_t exercises = 0;
  for (size_t i = 0; i < count && exercises < EXERCISES_MAX; i++) {
    const bool is_wanted = !chart || strcmp(chart, past[i].chart) == 0;
    if (is_wanted && dt__is_first_of(past, i) &&
        dt__curve_of(&t->curves[exercises], past, count, past[i].chart, past[i].limbs)) {
      t->exercises[exercises] = t->curves[exercises].exercise;
      exercises++;
    }
  }
  t->progress = (dt_report_progress){t->lines, found, dt_progress_played_s(past, count, today) / 60,
                                     t->exercises, exercises};
}

static dt_status write_html(void* context, dt_sink sink) {
  const telling* t = context;
  return dt_report_progress_html(&t->progress, DT__VERSION, sink);
}

static int tell_all(telling* t, const dt_past* past, size_t count, const progress_values* values,
                    const dt__globals* globals) {
  const dt__output outputs[] = {{"--report", values->html, write_html, t}};
  char message[DT__MESSAGE_MAX];
  if (!dt__outputs_agree(outputs, 1, values->log, message))
    return dt__usage_error("progress", "%s", message);
  tell(t, past, count, values->chart);
  const int status = dt__outputs_write(outputs, 1);
  if (status != DT__DONE || dt__outputs_silence_text(outputs, 1, globals))
    return status;
  if (count == 0)
    printf("Nothing practised yet. Begin with: doubletime practice paradiddle --midi any\n");
  else
    print_all(&t->progress);
  return DT__DONE;
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
  const size_t curves_size = EXERCISES_MAX * sizeof(dt__curve);
  telling* t = dt_alloc_zero(NULL, sizeof *t);
  dt__curve* curves = dt_alloc_zero(NULL, curves_size);
  if (t && curves) {
    t->curves = curves;
    status = tell_all(t, past, count, &values, globals);
  } else {
    dt_error err = {0};
    status = dt__world_error(NULL, dt_fail(&err, DT_NO_MEMORY, "No memory to tell of it"), &err);
  }
  dt_release(NULL, curves, curves_size);
  dt_release(NULL, t, sizeof *t);
  dt_release(NULL, past, count * sizeof *past);
  return status;
}
