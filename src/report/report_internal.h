#ifndef DT_REPORT_INTERNAL_H
#define DT_REPORT_INTERNAL_H

#include "dt/report.h"

/* A sink that remembers its first error, so that a page of writing has one check at its end. */
typedef struct dt__page {
  dt_sink sink;
  dt_status status;
} dt__page;

void dt__put(dt__page* page, const char* format, ...) DT_PRINTF(2, 3);

/* Columns a UTF-8 text takes on a terminal (one a code point: enough for what we write). */
size_t dt__columns(const char* text);

/* Writes text in lines of at most DT_REPORT_COLUMNS columns, broken at spaces; a line is closed
 * by `after` (NULL = nothing) and a line end, and opened by `before`. */
void dt__put_wrapped(dt__page* page, const char* text, const char* before, const char* after);

/* A number with fixed decimals, "+" before it when it is not negative and plus is set, and never
 * "-0". Cut where size is too small; 32 bytes are enough below 1e20. Returns text. */
char* dt__fixed(char* text, size_t size, double value, int decimals, bool plus);

/* "straight sixteenths", "swung eighths 63 %". */
void dt__subdivision_text(const dt_verdict* verdict, char* text, size_t size);

/* The name without its folders; NULL stays NULL. */
const char* dt__base_name(const char* path);

/* The judged entry of stroke index, given and moving *cursor (0 at first) while index rises; NULL
 * when the judge left that stroke out or there is no verdict. */
const dt_judged* dt__judged_next(const dt_verdict* verdict, size_t* cursor, size_t index);

/* Names used in data, not for reading aloud: "click", "player", "swung_eighths", "rushing". */
const char* dt__mode_name(dt_grid_mode mode);
const char* dt__level_name(dt_level level);
const char* dt__feel_name(dt_feel feel);
const char* dt__word_name(dt_word word);
const char* dt__known_name(dt_known known);

#endif
