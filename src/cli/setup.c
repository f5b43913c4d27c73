#include "setup.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "dt/file.h"
#include "keep.h"

#define BYTES_MAX  ((size_t)1 << 20)
#define PATH_BYTES 4096
#define FIRST_LINE "doubletime setup 1"

static bool setup_path(const char* path, char full[PATH_BYTES]) {
  if (path)
    return (size_t)snprintf(full, PATH_BYTES, "%s", path) < PATH_BYTES;
  if (!dt__store_default(full, PATH_BYTES))
    return false;
  char* name = strrchr(full, '/');
  const size_t left = PATH_BYTES - (size_t)(name - full);
  return (size_t)snprintf(name, left, "/setup") < left;
}

/* ---- reading ---- */

static bool read_text(char* place, size_t size, const char* text) {
  return text[0] && (size_t)snprintf(place, size, "%s", text) < size;
}

static bool is_day(const char* day) {
  int year = 0;
  int month = 0;
  int date = 0;
  char end = 0;
  return strlen(day) == 10 && sscanf(day, "%4d-%2d-%2d%c", &year, &month, &date, &end) == 3 &&
         month >= 1 && month <= 12 && date >= 1 && date <= 31;
}

static bool read_latency(dt__setup* setup, const char* text) {
  dt__setup_latency one = {.ms = 0};
  int used = 0;
  if (setup->latency_count == DT__SETUP_DEVICES ||
      sscanf(text, "%lf %10s %d %d %n", &one.ms, one.day, &one.rate_hz, &one.period_frames,
             &used) != 4 ||
      used == 0 || !(fabs(one.ms) <= 2000) || !is_day(one.day) || one.rate_hz < 1 ||
      one.period_frames < 0 || !read_text(one.device, sizeof one.device, text + used))
    return false;
  setup->latencies[setup->latency_count++] = one;
  return true;
}

static bool read_line(dt__setup* setup, size_t number, const char* line) {
  if (number == 1)
    return strcmp(line, FIRST_LINE) == 0;
  if (line[0] == '\0' || line[0] == '#')
    return true;
  if (strncmp(line, "device ", 7) == 0)
    return read_text(setup->device, sizeof setup->device, line + 7);
  if (strncmp(line, "midi ", 5) == 0)
    return read_text(setup->midi, sizeof setup->midi, line + 5);
  if (strncmp(line, "kit_map ", 8) == 0)
    return read_text(setup->kit_map, sizeof setup->kit_map, line + 8);
  return strncmp(line, "latency ", 8) == 0 && read_latency(setup, line + 8);
}

static dt_status parse(dt__setup* setup, const char* text, size_t size, dt_error* err) {
  const char* end = text + size;
  for (size_t number = 1; text < end || number == 1; number++) {
    const char* stop = text < end ? memchr(text, '\n', (size_t)(end - text)) : NULL;
    const size_t length = (size_t)((stop ? stop : end) - text);
    char line[DT__SETUP_TEXT + 16];
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

int dt__setup_read(dt__setup* setup, const char* path) {
  char full[PATH_BYTES];
  memset(setup, 0, sizeof *setup);
  if (!setup_path(path, full) || access(full, F_OK) != 0)
    return DT__DONE;
  dt_buffer text = {0};
  dt_error err = {0};
  dt_status status = dt_file_read(&text, full, BYTES_MAX, &err);
  if (status == DT_OK)
    status = parse(setup, text.bytes ? (const char*)text.bytes : "", text.size, &err);
  dt_buffer_clear(&text);
  if (status == DT_OK)
    return DT__DONE;
  memset(setup, 0, sizeof *setup);
  return dt__world_error(full, status, &err);
}

/* ---- writing ---- */

static void print(FILE* file, const dt__setup* setup) {
  fprintf(file, FIRST_LINE "\n");
  if (setup->device[0])
    fprintf(file, "device %s\n", setup->device);
  if (setup->midi[0])
    fprintf(file, "midi %s\n", setup->midi);
  if (setup->kit_map[0])
    fprintf(file, "kit_map %s\n", setup->kit_map);
  for (int i = 0; i < setup->latency_count; i++) {
    const dt__setup_latency* one = &setup->latencies[i];
    fprintf(file, "latency %.2f %s %d %d %s\n", one->ms, one->day, one->rate_hz, one->period_frames,
            one->device);
  }
}

int dt__setup_write(const dt__setup* setup, const char* path) {
  char full[PATH_BYTES];
  if (!setup_path(path, full)) {
    dt__complain("there is no home folder to keep the setup in (HOME is not set)");
    return DT__FAILED;
  }
  dt_outfile out = {0};
  dt_error err = {0};
  if (!path)
    (void)dt__make_folders(full); /* what failed is said below */
  dt_status status = dt_outfile_open(&out, full, &err);
  if (status == DT_OK) {
    print(out.file, setup);
    status = dt_outfile_commit(&out, &err);
  }
  return status == DT_OK ? DT__DONE : dt__world_error(full, status, &err);
}

/* ---- what is in it ---- */

const dt__setup_latency* dt__setup_latency_of(const dt__setup* setup, const char* device) {
  for (int i = 0; i < setup->latency_count; i++)
    if (strcmp(setup->latencies[i].device, device) == 0)
      return &setup->latencies[i];
  return NULL;
}

void dt__setup_put_latency(dt__setup* setup, const dt_port_info* info, double ms) {
  dt__setup_latency one = {
      .ms = ms, .rate_hz = info->rate_hz, .period_frames = info->period_frames};
  dt__write_day((int64_t)time(NULL), one.day, sizeof one.day);
  snprintf(one.device, sizeof one.device, "%s", info->device);
  int kept = 0;
  for (int i = 0; i < setup->latency_count; i++)
    if (strcmp(setup->latencies[i].device, one.device) != 0 && kept < DT__SETUP_DEVICES - 1)
      setup->latencies[kept++] = setup->latencies[i];
  memmove(&setup->latencies[1], &setup->latencies[0], (size_t)kept * sizeof one);
  setup->latencies[0] = one;
  setup->latency_count = kept + 1;
}

bool dt__setup_choose(char* place, size_t size, const char* text, bool* is_changed) {
  if (strlen(text) >= size || strpbrk(text, "\r\n"))
    return false;
  *is_changed = *is_changed || strcmp(place, text) != 0;
  snprintf(place, size, "%s", text);
  return true;
}

bool dt__setup_choose_kit_map(dt__setup* setup, const char* path, bool* is_changed) {
  char folder[DT__SETUP_TEXT] = "";
  char full[2 * DT__SETUP_TEXT];
  if (path[0] != '/' && !getcwd(folder, sizeof folder))
    return false;
  const int length = snprintf(full, sizeof full, "%s%s%s", folder, path[0] != '/' ? "/" : "", path);
  return length > 0 && (size_t)length < sizeof full &&
         dt__setup_choose(setup->kit_map, sizeof setup->kit_map, full, is_changed);
}
