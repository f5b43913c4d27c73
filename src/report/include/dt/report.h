#ifndef DT_REPORT_H
#define DT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/compare.h"
#include "dt/json.h"
#include "dt/judge.h"
#include "dt/sink.h"
#include "dt/study.h"
#include "dt/take.h"

/*
 * What a person or a program reads. Pure formatting: a take and its verdict in, bytes out; no
 * files, clock, allocation or locale. Same arguments, same bytes, on every machine: every number
 * has a fixed count of decimals (times 6, milliseconds 3), and -0 is written as 0.
 *
 * The words and fields are explained for users in docs/judge.md. Functions that take a sink return
 * its error, and write nothing more after the first one. Any thread; not real-time.
 *
 * verdict->judged must be in the order of its `stroke` index, as dt_judge leaves it.
 */
typedef struct dt_report_options {
  bool color;                    /* text: ANSI colours */
  bool utf8;                     /* text: shapes and signs beyond ASCII */
  const char* file;              /* name of the take as the person gave it; shown without its
                                    folders, never opened; NULL = none */
  const char* version;           /* JSON: the program's version; NULL = null */
  const dt_judge_config* config; /* JSON: what was asked of the judge; NULL = not known */
  const dt_study* study;         /* text, JSON: the full judgement; NULL = none */
  const struct dt_report_exercise* progress; /* HTML: the clean tempo of the take's chart over the
                                                days (dt/report_progress.h); NULL = none */
} dt_report_options;

/* Longest line of dt_report_text, in columns. */
#define DT_REPORT_COLUMNS 80

/* The verdict in half a second, without shape or colour, in ASCII: "RUSHING  +1.8 bpm over 16
 * bars". Always NUL-terminated, cut where size is too small; 80 bytes are enough. */
void dt_report_headline(const dt_verdict* verdict, char* text, size_t size);

/* The verdict line, three lines of why, the table, what to practise (with a study), and a dim
 * paragraph on how it was judged. */
dt_status dt_report_text(const dt_take* take, const dt_verdict* verdict,
                         const dt_report_options* options, dt_sink sink) DT_NODISCARD;

/* The whole report as one HTML page: style within, pictures as SVG, no script, nothing fetched.
 * Light and dark as the reader's system has it, phone, and A4 paper. Under 300 kB for five minutes.
 */
dt_status dt_report_html(const dt_take* take, const dt_verdict* verdict, const dt_study* study,
                         const dt_report_options* options, dt_sink sink) DT_NODISCARD;

/* docs/judge.schema.json, "schema": "doubletime.judge/1". */
dt_status dt_report_json(const dt_take* take, const dt_verdict* verdict,
                         const dt_report_options* options, dt_sink sink) DT_NODISCARD;

/* Its member "strokes" alone, into an open object. Of verdict only `judged` is looked at; NULL:
 * none was judged. */
void dt_report_json_strokes(dt_json* json, const dt_take* take, const dt_verdict* verdict);

/* One of two takes that are compared, as the person calls it: "take 12", "monday.mid". */
typedef struct dt_compared {
  const char* name;
  const dt_verdict* verdict;
} dt_compared;

/* "schema": "doubletime.compare/1" (docs/store.md). */
dt_status dt_report_compare_json(const dt_comparison* comparison, const dt_compared* a,
                                 const dt_compared* b, const char* version,
                                 dt_sink sink) DT_NODISCARD;

/* Takes format: time_s,drum,velocity,note,beat,grid_time_s,asynchrony_ms,residual_ms,outlier,
 * ornament (the last six only with a verdict; NULL is allowed). What is not known is empty. */
dt_status dt_report_csv(const dt_take* take, const dt_verdict* verdict, dt_sink sink) DT_NODISCARD;

/* Audacity point labels: start TAB end TAB text, one line a stroke. verdict may be NULL. */
dt_status dt_report_audacity(const dt_take* take, const dt_verdict* verdict,
                             dt_sink sink) DT_NODISCARD;

/* Sonic Visualiser layer as CSV without a heading: with a verdict a time-values layer (time in
 * seconds, asynchrony in ms, label) of the strokes that were judged; without one, time instants
 * (time, label). */
dt_status dt_report_sonic_visualiser(const dt_take* take, const dt_verdict* verdict,
                                     dt_sink sink) DT_NODISCARD;

#endif
