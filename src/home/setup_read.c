#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dt/file.h"
#include "dt/home.h"
#include "dt/home_setup.h"
#include "home_internal.h"

#define BYTES_MAX ((size_t)1 << 20)

bool dt_setup_default(char* path, size_t size) {
  return dt_home_beside(path, size, NULL, "setup");
}

static bool read_text(char* place, size_t size, const char* text) {
  return text[0] && (size_t)snprintf(place, size, "%s", text) < size;
}

/* The next word of *at and the spaces behind it; false when it is empty, too long, or the last. */
static bool next_word(const char** at, char* word, size_t size) {
  *at += strspn(*at, " \t");
  const size_t length = strcspn(*at, " \t");
  if (length == 0 || length >= size || !(*at)[length])
    return false;
  memcpy(word, *at, length);
  word[length] = '\0';
  *at += length;
  *at += strspn(*at, " \t");
  return true;
}

static bool is_day(const char* day) {
  int year = 0;
  int month = 0;
  int date = 0;
  return dt__read_date(&day, &year, &month, &date) && *day == '\0';
}

static bool read_whole(const char* word, int low, int* value) {
  char* end = NULL;
  errno = 0;
  const long number = strtol(word, &end, 10);
  if (errno != 0 || end == word || *end != '\0' || number < low || number > INT_MAX)
    return false;
  *value = (int)number;
  return true;
}

static bool read_ms(const char* word, double* ms) {
  char* end = NULL;
  *ms = strtod(word, &end);
  return end != word && *end == '\0' && fabs(*ms) <= 2000; /* NAN is not */
}

static bool read_latency(dt_setup* setup, const char* text) {
  dt_setup_latency one = {.ms = 0, .low_ms = (double)NAN, .high_ms = (double)NAN};
  char ms[32];
  char rate_hz[16];
  char period_frames[16];
  if (setup->latency_count == DT_SETUP_DEVICES || !next_word(&text, ms, sizeof ms) ||
      !next_word(&text, one.day, sizeof one.day) || !next_word(&text, rate_hz, sizeof rate_hz) ||
      !next_word(&text, period_frames, sizeof period_frames) || !read_ms(ms, &one.ms) ||
      !is_day(one.day) || !read_whole(rate_hz, 1, &one.rate_hz) ||
      !read_whole(period_frames, 0, &one.period_frames) ||
      !read_text(one.device, sizeof one.device, text))
    return false;
  setup->latencies[setup->latency_count++] = one;
  return true;
}

/* Of a latency above it. */
static bool read_interval(dt_setup* setup, const char* text) {
  char low[32];
  char high[32];
  double low_ms = 0;
  double high_ms = 0;
  if (!next_word(&text, low, sizeof low) || !next_word(&text, high, sizeof high) ||
      !read_ms(low, &low_ms) || !read_ms(high, &high_ms) || low_ms > high_ms ||
      !dt_setup_latency_of(setup, text))
    return false;
  dt_setup_put_interval(setup, text, low_ms, high_ms);
  return true;
}

static bool read_line(dt_setup* setup, size_t number, const char* line) {
  if (number == 1)
    return strcmp(line, DT__SETUP_FIRST_LINE) == 0;
  if (line[0] == '\0' || line[0] == '#')
    return true;
  if (strncmp(line, "device ", 7) == 0)
    return read_text(setup->device, sizeof setup->device, line + 7);
  if (strncmp(line, "midi ", 5) == 0)
    return read_text(setup->midi, sizeof setup->midi, line + 5);
  if (strncmp(line, "kit_map ", 8) == 0)
    return read_text(setup->kit_map, sizeof setup->kit_map, line + 8);
  if (strncmp(line, "interval ", 9) == 0)
    return read_interval(setup, line + 9);
  return strncmp(line, "latency ", 8) == 0 && read_latency(setup, line + 8);
}

static dt_status parse(dt_setup* setup, const char* text, size_t size, dt_error* err) {
  const char* end = text + size;
  for (size_t number = 1; text < end || number == 1; number++) {
    const char* stop = text < end ? memchr(text, '\n', (size_t)(end - text)) : NULL;
    const size_t length = (size_t)((stop ? stop : end) - text);
    char line[DT_SETUP_TEXT + 16];
    bool is_good = length < sizeof line;
    if (is_good && length > 0)
      memcpy(line, text, length);
    line[is_good ? length : 0] = '\0';
    is_good = is_good && strlen(line) == length && read_line(setup, number, line);
    if (!is_good)
      return dt_fail(err, DT_BAD_DATA,
                     "Line %zu is damaged; remove the file, and 'doubletime calibrate' makes it "
                     "anew",
                     number);
    text = stop ? stop + 1 : end;
  }
  return DT_OK;
}

dt_status dt_setup_read(dt_setup* setup, const char* path, dt_error* err) {
  char own[DT_HOME_PATH];
  memset(setup, 0, sizeof *setup);
  if (!path && dt_setup_default(own, sizeof own))
    path = own;
  if (!path || access(path, F_OK) != 0)
    return DT_OK;
  dt_buffer text = {0};
  dt_status status = dt_file_read(&text, path, BYTES_MAX, err);
  if (status == DT_OK)
    status = parse(setup, text.bytes ? (const char*)text.bytes : "", text.size, err);
  dt_buffer_clear(&text);
  if (status != DT_OK)
    memset(setup, 0, sizeof *setup);
  return status;
}
