#ifndef DT_HEARD_H
#define DT_HEARD_H

#include <stdbool.h>

#include "dt/sink.h"
#include "dt/take.h"

/*
 * The strokes of a take as data, without a verdict: what `doubletime listen` writes. Pure
 * formatting under the same promises as dt/report.h; docs/listen.md explains every field to users.
 * Audacity's labels are dt_report_audacity without a verdict.
 */
typedef struct dt_heard {
  const char* file;    /* the take's name as the person gave it; shown without its folders; NULL =
                          none */
  const char* version; /* JSON: the program's version; NULL = null */
  const char* format;  /* of the sound, "WAV, 16 bit"; NULL: the take is no sound */
  int rate_hz;         /* of the sound's file */
  int channels;
  double min_confidence; /* strokes below it were dropped */
  bool color;            /* text: ANSI colours */
} dt_heard;

/* For a person: length, then strokes, velocity and confidence of each drum. At most 80 columns but
 * for the file's name. */
dt_status dt_heard_text(const dt_take* take, const dt_heard* heard, dt_sink sink) DT_NODISCARD;

/* Takes format and one more column: time_s,drum,velocity,note,confidence. What is not known is
 * empty. dt_strokes_parse_csv reads it again, times to 0.5 us. */
dt_status dt_heard_csv(const dt_take* take, dt_sink sink) DT_NODISCARD;

/* docs/listen.schema.json, "schema": "doubletime.strokes/1". */
dt_status dt_heard_json(const dt_take* take, const dt_heard* heard, dt_sink sink) DT_NODISCARD;

#endif
