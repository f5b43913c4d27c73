#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dt/session.h"
#include "scan.h"

/* The folder of a session that journal.c wrote: whether anything is in it, and its removal. */

#define PATH_BYTES 1024
#define LINE_BYTES (DT_LEAD_TEXT_MAX + 2)

static bool name_in(char path[PATH_BYTES], const char* folder, const char* name) {
  const int length = snprintf(path, PATH_BYTES, "%s/%s", folder, name);
  return length > 0 && length < PATH_BYTES;
}

/* What its files say. Whatever is not understood is something. */
typedef struct said {
  bool has_something;
  bool is_ended;
  long long ended_at;
  long long first; /* where the first take's first bar begins; -1: none was begun */
} said;

static void read_lines(said* s, const char* folder, const char* name,
                       void (*read_line)(said* s, const char* line)) {
  char path[PATH_BYTES];
  char line[LINE_BYTES];
  FILE* file = name_in(path, folder, name) ? fopen(path, "r") : NULL;
  s->has_something = s->has_something || !file;
  while (file && !s->has_something && fgets(line, sizeof line, file)) {
    char* end = strchr(line, '\n');
    if (!end) {
      s->has_something = true;
      break;
    }
    *end = '\0';
    read_line(s, line);
  }
  if (file)
    fclose(file);
}

/* "key AT 3" */
static bool is_finish(const char* line) {
  int64_t at = 0;
  int64_t key = -1;
  return dt__scan_word(&line, "key") && dt__scan_whole(&line, 0, INT64_MAX, &at) &&
         dt__scan_whole(&line, 0, DT_KEY_COUNT, &key) && dt__scan_end(&line) &&
         key == DT_KEY_FINISH;
}

/* Not what came by MIDI, no gap, no clock; of the keys only the one that ends the session. */
static void read_event(said* s, const char* line) {
  if (strncmp(line, "end ", 4) == 0) {
    s->is_ended = true;
    s->ended_at = strtoll(line + 4, NULL, 10);
  } else if (strncmp(line, "heard ", 6) != 0 && !is_finish(line))
    s->has_something = true;
}

static bool is_kind(const char* word, dt_lead_kind kind) {
  const char* name = dt_lead_kind_name(kind);
  const size_t length = strlen(name);
  return strncmp(word, name, length) == 0 && strchr(" :", word[length]) != NULL;
}

/* The band, takes that were begun and nothing was struck in, and what the coach says of that. */
static void read_decision(said* s, const char* line) {
  static const dt_lead_kind idle[] = {DT_LEAD_BAND, DT_LEAD_BAR, DT_LEAD_REST, DT_LEAD_PAUSE,
                                      DT_LEAD_DONE};
  const char* word = strchr(line, ' ');
  bool is_idle = false;
  word = word ? word + 1 : "";
  for (size_t i = 0; i < sizeof idle / sizeof *idle; i++)
    is_idle = is_idle || is_kind(word, idle[i]);
  if (is_kind(word, DT_LEAD_TAKE)) {
    const char* first = strstr(word, " first ");
    if (s->first < 0 && first)
      s->first = strtoll(first + 7, NULL, 10);
    is_idle = first != NULL;
  } else if (is_kind(word, DT_LEAD_JUDGED))
    is_idle = strstr(word, " strokes 0 ") != NULL;
  s->has_something = s->has_something || !is_idle;
}

static bool is_ours(const char* name) {
  static const char* const names[] = {"session.txt", "plan.txt",      "past.txt",
                                      "kit.txt",     "band.mid",      "sound.flac",
                                      "events.txt",  "decisions.txt", NULL};
  for (int i = 0; names[i]; i++)
    if (strcmp(name, names[i]) == 0)
      return true;
  return strncmp(name, "chart-", 6) == 0;
}

/* Only files that a session writes; *has_sound: one of them is its sound. */
static bool is_only_ours(const char* folder, bool* has_sound) {
  DIR* files = opendir(folder);
  bool is_only = files != NULL;
  const struct dirent* file;
  *has_sound = false;
  while (is_only && (file = readdir(files)) != NULL) {
    if (strcmp(file->d_name, ".") == 0 || strcmp(file->d_name, "..") == 0)
      continue;
    is_only = is_ours(file->d_name);
    *has_sound = *has_sound || strcmp(file->d_name, "sound.flac") == 0;
  }
  if (files)
    closedir(files);
  return is_only;
}

bool dt_session_left_empty(const char* folder) {
  said s = {.first = -1};
  bool has_sound = false;
  if (!is_only_ours(folder, &has_sound))
    return false;
  read_lines(&s, folder, "events.txt", read_event);
  read_lines(&s, folder, "decisions.txt", read_decision);
  if (s.has_something || !s.is_ended)
    return false;
  /* In a bar that was to be played there may be what the ear did not hear. */
  return !has_sound || s.first < 0 || s.ended_at <= s.first;
}

bool dt_session_remove(const char* folder) {
  bool has_sound = false;
  char path[PATH_BYTES];
  if (!is_only_ours(folder, &has_sound))
    return false;
  DIR* files = opendir(folder);
  const struct dirent* file;
  while (files && (file = readdir(files)) != NULL)
    if (is_ours(file->d_name) && name_in(path, folder, file->d_name))
      (void)unlink(path); /* what stays is told by rmdir */
  if (files)
    closedir(files);
  return rmdir(folder) == 0;
}
