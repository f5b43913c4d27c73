#include "terminal.h"

#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t stop_signal;

static FILE* muted_screen; /* our own way to standard error while libraries have none */

static FILE* screen(void) {
  return muted_screen ? muted_screen : stderr;
}

void dt__mute_libraries(void) {
  const int own = dup(STDERR_FILENO);
  const int nowhere = open("/dev/null", O_WRONLY);
  FILE* file = own >= 0 && nowhere >= 0 ? fdopen(own, "w") : NULL;
  if (file && dup2(nowhere, STDERR_FILENO) >= 0)
    muted_screen = file;
  else if (file)
    fclose(file);
  else if (own >= 0)
    close(own);
  if (nowhere >= 0)
    close(nowhere);
}

void dt__unmute_libraries(void) {
  if (!muted_screen)
    return;
  fflush(muted_screen);
  dup2(fileno(muted_screen), STDERR_FILENO);
  fclose(muted_screen);
  muted_screen = NULL;
}

static void complain_v(const char* format, va_list arguments) {
  fputs("doubletime: ", screen());
  vfprintf(screen(), format, arguments);
  fputc('\n', screen());
}

void dt__complain(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  complain_v(format, arguments);
  va_end(arguments);
}

void dt__note(const dt__globals* globals, const char* format, ...) {
  if (globals->quiet)
    return;
  va_list arguments;
  va_start(arguments, format);
  complain_v(format, arguments);
  va_end(arguments);
}

int dt__usage_error(const char* command, const char* format, ...) {
  char sentence[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(sentence, sizeof sentence, format, arguments);
  va_end(arguments);
  if (command)
    dt__complain("%s: %s (see 'doubletime help %s')", command, sentence, command);
  else
    dt__complain("%s (see 'doubletime help')", sentence);
  return DT__USAGE;
}

int dt__world_error(const char* what, dt_status status, const dt_error* err) {
  if (dt__stop_asked())
    return dt__stopped_status();
  const char* sentence = err && err->sentence[0] ? err->sentence : dt_status_sentence(status);
  if (what && strcmp(what, "-") == 0)
    what = "standard input or output";
  if (what)
    dt__complain("%s: %s", what, sentence);
  else
    dt__complain("%s", sentence);
  return DT__FAILED;
}

bool dt__wants_color(const dt__globals* globals) {
  if (globals->color != DT__COLOR_AUTO)
    return globals->color == DT__COLOR_ALWAYS;
  const char* no_color = getenv("NO_COLOR");
  const char* term = getenv("TERM");
  if ((no_color && no_color[0]) || !term || strcmp(term, "dumb") == 0)
    return false;
  return isatty(STDOUT_FILENO) == 1;
}

bool dt__speaks_utf8(void) {
  /* Only the character set: numbers keep their points everywhere. */
  setlocale(LC_CTYPE, "");
  return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static void (*volatile give_back)(void); /* what a sudden end must put right */

static void on_stop(int number) {
  if (stop_signal == 0) {
    stop_signal = number;
    return;
  }
  if (give_back)
    give_back();
  signal(number, SIG_DFL);
  (void)raise(number); /* comes when this returns */
}

void dt__before_sudden_end(void (*put_right)(void)) {
  give_back = put_right;
}

void dt__catch_stops(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_stop;
  /* No restart: a read that waits for input must come back. */
  action.sa_flags = 0;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

bool dt__stop_asked(void) {
  return stop_signal != 0;
}

int dt__stop_number(void) {
  return 128 + (int)stop_signal;
}

int dt__stopped_status(void) {
  dt__complain("stopped; nothing unfinished was kept");
  return dt__stop_number();
}

static double monotonic_s(void) {
  struct timespec now;
  if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
    return 0;
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

dt__progress dt__progress_begin(const dt__globals* globals, const char* label) {
  return (dt__progress){
      .label = label,
      .start_s = monotonic_s(),
      .share = 1,
      .percent_shown = -1,
      .enabled = !globals->quiet && isatty(STDERR_FILENO) == 1,
  };
}

bool dt__progress_tick(void* context, double done) {
  dt__progress* progress = context;
  if (progress->enabled && monotonic_s() - progress->start_s > 1) {
    double part = isfinite(done) ? fmin(fmax(done, 0), 1) : 0;
    int percent = (int)((progress->from + progress->share * part) * 100);
    if (percent != progress->percent_shown) {
      fprintf(screen(), "\r%.60s  %3d %%", progress->label, percent);
      fflush(screen());
      progress->percent_shown = percent;
    }
  }
  return !dt__stop_asked();
}

void dt__progress_end(dt__progress* progress) {
  if (progress->percent_shown >= 0 || progress->said[0]) {
    fputs("\r\033[K", screen());
    fflush(screen());
  }
  progress->percent_shown = -1;
  progress->said[0] = '\0';
}

double dt__progress_seconds(const dt__progress* progress) {
  return monotonic_s() - progress->start_s;
}

void dt__progress_say(dt__progress* progress, const char* line) {
  const double now_s = dt__progress_seconds(progress);
  const bool is_soon = progress->said[0] && now_s - progress->said_s < 0.2;
  if (!progress->enabled || now_s <= 1 || is_soon || strcmp(line, progress->said) == 0)
    return;
  progress->said_s = now_s;
  snprintf(progress->said, sizeof progress->said, "%s", line);
  fprintf(screen(), "\r%s\033[K", progress->said);
  fflush(screen());
}
