#ifndef DT_TERMINAL_H
#define DT_TERMINAL_H

#include <stdbool.h>

#include "dt/error.h"
#include "option.h"

/* Exit statuses, as the manual page lists them. */
enum { DT__DONE = 0, DT__FAILED = 1, DT__USAGE = 2 };

/* "doubletime: ..." on standard error, one line. */
void dt__complain(const char* format, ...) DT_PRINTF(1, 2);

/* The same, unless --quiet. */
void dt__note(const dt__globals* globals, const char* format, ...) DT_PRINTF(2, 3);

/* Decoders talk on standard error about damaged files ("Duh..."), beside the one sentence that the
 * program gives. Between these two calls they talk to nobody; the program's own words still come.
 */
void dt__mute_libraries(void);
void dt__unmute_libraries(void);

/* A mistake on the command line: the sentence, where to read more, DT__USAGE. */
int dt__usage_error(const char* command, const char* format, ...) DT_PRINTF(2, 3);

/* A failure of the world about `what` (a file; NULL = nothing in particular): one line, DT__FAILED.
 * When the user has asked to stop, says so instead and returns dt__stopped_status. */
int dt__world_error(const char* what, dt_status status, const dt_error* err);

/* May standard output be coloured; may text hold signs beyond ASCII? */
bool dt__wants_color(const dt__globals* globals);
bool dt__speaks_utf8(void);

/* From now on Ctrl-C and a termination request only set a flag, so that work can stop cleanly; the
 * second one ends the program at once. */
void dt__catch_stops(void);
/* What the second one does before it ends the program: only calls that a signal handler may make.
 * NULL: nothing. */
void dt__before_sudden_end(void (*put_right)(void));
bool dt__stop_asked(void);

/* Says that the work was stopped and returns 130 for Ctrl-C, 143 for a termination request. */
int dt__stopped_status(void);
int dt__stop_number(void); /* the same without a word */

/*
 * A percentage on a terminal's standard error for work that has lasted over a second. It is a
 * dt_progress_fn: pass dt__progress_tick with the dt__progress as its context. False asks the work
 * to stop.
 */
typedef struct dt__progress {
  const char* label;
  double start_s;
  double from; /* a part of longer work: where it begins, and its share of the whole */
  double share;
  int percent_shown; /* -1: nothing shown yet */
  bool enabled;
  char said[80]; /* the line that is shown in place of the percentage */
  double said_s; /* when, since it began */
} dt__progress;

dt__progress dt__progress_begin(const dt__globals* globals, const char* label);
bool dt__progress_tick(void* progress, double done);
void dt__progress_end(dt__progress* progress);

/* For work that has more to say than a percentage: shows one line, of at most 79 columns of ASCII,
 * under the same conditions and at most five times a second. End it before anything else is
 * written. */
void dt__progress_say(dt__progress* progress, const char* line);
double dt__progress_seconds(const dt__progress* progress); /* since it began */

#endif
