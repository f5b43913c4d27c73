#ifndef DT_TEST_SESSION_RUN_H
#define DT_TEST_SESSION_RUN_H

/* A whole session on a device made of nothing, as fast as it goes, with a simulated drummer. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/chart_file.h"
#include "dt/session.h"

typedef struct session_run {
  dt_session* session;
  dt_port_config port;
  dt_session_config config;
  dt_plan plan;
  dt_chart chart;
  dt_drummer drummer;
  int takes;
  int clean;
  int stops;
  size_t strokes;
  size_t on_notes; /* strokes that have an asynchrony */
  double squares;  /* of them, ms */
  double sum;
  double latency_s; /* that the takes say was taken off */
  bool is_done;
  char last[DT_SAY_MAX];
  dt_error err;
} session_run;

static inline void run_tell(void* context, const dt_lead* lead, const char* text) {
  (void)text;
  session_run* run = context;
  if (lead->kind == DT_LEAD_JUDGED && !lead->judged.shown.abandoned) {
    run->takes++;
    run->clean += lead->judged.clean.failed == DT_CLEAN;
    run->latency_s = lead->judged.take->latency_s;
  }
  run->stops += lead->kind == DT_LEAD_STOP;
  if (lead->kind == DT_LEAD_STROKE) {
    run->strokes++;
    if (!isnan(lead->stroke.asynchrony_ms)) {
      run->on_notes++;
      run->sum += lead->stroke.asynchrony_ms;
      run->squares += lead->stroke.asynchrony_ms * lead->stroke.asynchrony_ms;
    }
  }
  if (lead->kind == DT_LEAD_DONE || lead->kind == DT_LEAD_PAUSE) {
    run->is_done = lead->kind == DT_LEAD_DONE;
    snprintf(run->last, sizeof run->last, "%s", lead->text);
  }
}

/* Fill in the rest between this and run_go. */
static inline void run_begin(session_run* run, const char* chart, dt_practice_mode mode,
                             const char* drummer) {
  memset(run, 0, sizeof *run);
  run->plan = dt_plan_default();
  run->plan.count = 1;
  run->plan.exercises[0] = dt_exercise_default();
  snprintf(run->plan.exercises[0].chart, DT_PLAN_CHART_MAX, "%s", chart);
  run->plan.exercises[0].mode = mode;
  run->plan.exercises[0].bpm = 100;
  run->plan.exercises[0].from_bpm = 100;
  run->plan.exercises[0].minutes = 2;
  run->plan.exercises[0].bars = 4;
  assert_int_equal(dt_chart_load(&run->chart, NULL, chart, &run->err), DT_OK);
  run->drummer = dt_drummer_default();
  assert_int_equal(dt_drummer_parse(&run->drummer, drummer, &run->err), DT_OK);
  run->port = dt_port_config_default();
  run->port.device = "null";
  run->port.rate_hz = 48000;
  run->port.has_midi_in = true;
  run->port.null.speed = 0;
  run->port.null.length_frames = (dt_frame)48000 * 1200;
  run->port.null.input = dt_session_play_along;
  run->port.null.context = &run->session;
  run->config = (dt_session_config){
      .leader = {.plan = &run->plan,
                 .charts = &run->chart,
                 .options = {.seed = 1, .today = 20000},
                 .no_rest = true},
      .latency_ms = 0,
      .is_stepped = true,
      .player = &run->drummer,
      .on_lead = run_tell,
      .context = run,
  };
}

static inline void run_go(session_run* run) {
  dt_port* port = dt_port_open(&run->port, &run->err);
  assert_non_null(port);
  const dt_status made = dt_session_new(&run->session, NULL, &run->config, port, &run->err);
  if (made != DT_OK)
    fail_msg("%s", run->err.sentence);
  const dt_status status = dt_session_run(run->session, &run->err);
  if (status != DT_OK)
    fail_msg("%s", run->err.sentence);
  dt_port_close(port);
}

static inline void run_end(session_run* run) {
  dt_session_free(run->session);
  dt_chart_clear(&run->chart, NULL);
}

/* A folder that is not there yet. */
static inline void fresh_folder(char path[64]) {
  snprintf(path, 64, "/tmp/dt-session-XXXXXX");
  assert_non_null(mkdtemp(path));
  char inside[64];
  snprintf(inside, sizeof inside, "%.40s/take", path);
  memcpy(path, inside, sizeof inside);
}

#endif
