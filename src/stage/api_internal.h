#ifndef DT_STAGE_API_INTERNAL_H
#define DT_STAGE_API_INTERNAL_H

#include "api.h"
#include "dt/chart.h"
#include "dt/home.h"
#include "dt/json.h"
#include "dt/store.h"
#include "feed.h"

/*
 * The answers, a file for each part of docs/api.md:
 *
 *   api.c           which function answers which path
 *   api_takes.c     the history, a take, its verdict and strokes
 *   api_judge.c     what needs the judge again: the page, comparing
 *   api_sound.c     a take's sound and its envelope
 *   api_charts.c    the library and own charts
 *   api_chart.c     one chart as JSON, MIDI, MusicXML
 *   api_bands.c     what plays along
 *   api_progress.c  what the practice log says
 *   api_plan.c      the plan
 *   api_settings.c  what was chosen and measured; api_devices.c  what there is
 *   uploads.h       recordings that are dropped on the page
 */
typedef struct dt__uploads dt__uploads;

struct dt__api {
  char* db; /* NULL: the player's own */
  char* home;
  char* player;
  char* band; /* of the command line; NULL: none. So is the SoundFont */
  char* soundfont;
  char* setup; /* NULL: in the home folder; so is the log */
  char* log;
  dt__feed* feed;
  dt_store* store; /* opened when it is first asked for and there is one */
  dt__uploads* uploads;
  dt_buffer library; /* the library's lines, made once: they never change */
};

/* What the stars of a path stood for: "/takes/12" has "12". */
#define DT__PATH_PART 256
typedef struct dt__parts {
  char at[2][DT__PATH_PART];
} dt__parts;

typedef void (*dt__answer_fn)(dt__api* api, const dt__request* request, const dt__parts* parts,
                              dt__reply* reply);

/* ---- answering (api.c) ---- */

/* A writer into the reply's body, and its end: 200, or 503 where memory was short. */
dt_json dt__reply_json(dt__reply* reply);
void dt__reply_end(dt__reply* reply, dt_json* json);

/* 503: no memory. */
void dt__reply_full(dt__reply* reply);

/* A failure of what the request gave, 422, or 404 where it is DT_NOT_FOUND, or 503 where the
 * machine is at fault. The error has "line" and "column" too where the sentence begins with them.
 */
void dt__refuse_error(dt__reply* reply, dt_status status, const dt_error* err);

/* A whole number of a query in low..high, `otherwise` where it is not there. False: it is refused.
 */
bool dt__query_int(const dt__request* request, const char* name, int64_t low, int64_t high,
                   int64_t otherwise, int64_t* value, dt__reply* reply);
bool dt__query_number(const dt__request* request, const char* name, double low, double high,
                      double otherwise, double* value, dt__reply* reply);

/* Is the field there at all? */
bool dt__query_has(const dt__request* request, const char* name);

/* A text of a query; "" where it is not there. False: too long or no text, and refused. */
bool dt__query_text(const dt__request* request, const char* name, char* text, size_t size,
                    dt__reply* reply);

/* What somebody sent, as it may stand in a sentence: one clean line, not too long. */
typedef struct dt__shown {
  char text[48];
} dt__shown;
dt__shown dt__show(const char* text);

/* 1..10^18 from digits; 0: it is none. */
int64_t dt__path_number(const char* text);

/* "attachment" name of a take's file: "doubletime-take-12.html". */
void dt__reply_download(dt__reply* reply, const char* format, ...) DT_PRINTF(2, 3);

/* A finite number as JSON has it, or null. */
void dt__json_or_null(dt_json* json, const char* key, bool is_known, double value, int decimals);

/* ---- the player's files ---- */

/* Paths of the setup and of the practice log. False: there is no home for them. */
bool dt__api_setup(const dt__api* api, char path[DT_HOME_PATH]);
bool dt__api_log(const dt__api* api, char path[DT_HOME_PATH]);

/* ---- the database ---- */

/* DT_OK and NULL where there is none yet. */
dt_status dt__api_store(dt__api* api, dt_store** store, dt_error* err) DT_NODISCARD;

/* The take of a path's number. False: refused. */
bool dt__api_load(dt__api* api, const char* number, dt_record* record, dt__reply* reply);

/* ---- the answers ---- */

#define DT__ANSWERS(X)                                                                             \
  X(takes)                                                                                         \
  X(take)                                                                                          \
  X(take_keep)                                                                                     \
  X(verdict)                                                                                       \
  X(strokes)                                                                                       \
  X(page)                                                                                          \
  X(sound)                                                                                         \
  X(wave)                                                                                          \
  X(compare)                                                                                       \
  X(charts)                                                                                        \
  X(chart)                                                                                         \
  X(chart_midi)                                                                                    \
  X(chart_musicxml)                                                                                \
  X(chart_put)                                                                                     \
  X(chart_delete)                                                                                  \
  X(chart_read)                                                                                    \
  X(bands)                                                                                         \
  X(band_put)                                                                                      \
  X(band_delete)                                                                                   \
  X(progress)                                                                                      \
  X(plan)                                                                                          \
  X(plan_put)                                                                                      \
  X(devices)                                                                                       \
  X(settings)                                                                                      \
  X(settings_put)                                                                                  \
  X(uploads)                                                                                       \
  X(upload)                                                                                        \
  X(upload_delete)
#define DT__ANSWER(name)                                                                           \
  void dt__answer_##name(dt__api* api, const dt__request* request, const dt__parts* parts,         \
                         dt__reply* reply);
DT__ANSWERS(DT__ANSWER)
#undef DT__ANSWER

/* api_chart.c: a chart as one object of GET /charts/{name}. text: as it was written. */
dt_status dt__chart_json(dt_json* json, const dt_chart* chart, const char* text, size_t size,
                         bool is_own);
/* Its line in the list, as members of an open object. */
void dt__chart_line(dt_json* json, const dt_chart* chart, bool is_own);

#endif
