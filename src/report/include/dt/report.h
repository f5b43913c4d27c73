#ifndef DT_REPORT_H
#define DT_REPORT_H

#include "dt/judge.h"
#include "dt/sink.h"
#include "dt/take.h"

/*
 * What a person or a program reads. Pure formatting: a take and its verdict in, bytes out.
 * All functions return the sink's error, or DT_NO_MEMORY.
 */
typedef struct dt_report_options {
  bool color;       /* ANSI colours in the text */
  const char* file; /* name of the take as the person gave it; shown, never opened */
} dt_report_options;

/* The verdict line, three lines of why, the table. */
dt_status dt_report_text(const dt_take* take, const dt_verdict* verdict,
                         const dt_report_options* options, dt_sink sink) DT_NODISCARD;

/* docs/judge.schema.json, "schema": "doubletime.judge/1". */
dt_status dt_report_json(const dt_take* take, const dt_verdict* verdict,
                         const dt_report_options* options, dt_sink sink) DT_NODISCARD;

/* Takes format: time_s,drum,velocity,note,beat,grid_time_s,asynchrony_ms,residual_ms,outlier
 * (the last five only with a verdict; NULL is allowed). */
dt_status dt_report_csv(const dt_take* take, const dt_verdict* verdict, dt_sink sink) DT_NODISCARD;

/* Audacity labels (start TAB end TAB text) and Sonic Visualiser time instants / layer CSV. */
dt_status dt_report_audacity(const dt_take* take, const dt_verdict* verdict,
                             dt_sink sink) DT_NODISCARD;
dt_status dt_report_sonic_visualiser(const dt_take* take, const dt_verdict* verdict,
                                     dt_sink sink) DT_NODISCARD;

#endif
