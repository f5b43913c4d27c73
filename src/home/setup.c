#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "dt/file.h"
#include "dt/home.h"
#include "dt/home_setup.h"
#include "home_internal.h"

static void print(FILE* file, const dt_setup* setup) {
  fprintf(file, DT__SETUP_FIRST_LINE "\n");
  if (setup->device[0])
    fprintf(file, "device %s\n", setup->device);
  if (setup->midi[0])
    fprintf(file, "midi %s\n", setup->midi);
  if (setup->kit_map[0])
    fprintf(file, "kit_map %s\n", setup->kit_map);
  for (int i = 0; i < setup->latency_count; i++) {
    const dt_setup_latency* one = &setup->latencies[i];
    fprintf(file, "latency %.2f %s %d %d %s\n", one->ms, one->day, one->rate_hz, one->period_frames,
            one->device);
    if (isfinite(one->low_ms) && isfinite(one->high_ms))
      fprintf(file, "interval %.2f %.2f %s\n", one->low_ms, one->high_ms, one->device);
  }
}

dt_status dt_setup_write(const dt_setup* setup, const char* path, dt_error* err) {
  char own[DT_HOME_PATH];
  dt_outfile out = {0};
  if (!path) {
    if (!dt_setup_default(own, sizeof own))
      return dt_fail(err, DT_NOT_FOUND,
                     "There is no home folder to keep the setup in (HOME is not set)");
    (void)dt_home_make_folders(own); /* what failed is said below */
    path = own;
  }
  const dt_status status = dt_outfile_open(&out, path, err);
  if (status != DT_OK)
    return status;
  print(out.file, setup);
  return dt_outfile_commit(&out, err);
}

const dt_setup_latency* dt_setup_latency_of(const dt_setup* setup, const char* device) {
  for (int i = 0; i < setup->latency_count; i++)
    if (strcmp(setup->latencies[i].device, device) == 0)
      return &setup->latencies[i];
  return NULL;
}

void dt_setup_put_latency(dt_setup* setup, const dt_port_info* info, double ms) {
  dt_setup_latency one = {.ms = ms,
                          .low_ms = (double)NAN,
                          .high_ms = (double)NAN,
                          .rate_hz = info->rate_hz,
                          .period_frames = info->period_frames};
  dt_home_write_day((int64_t)time(NULL), one.day, sizeof one.day);
  snprintf(one.device, sizeof one.device, "%s", info->device);
  int kept = 0;
  for (int i = 0; i < setup->latency_count; i++)
    if (strcmp(setup->latencies[i].device, one.device) != 0 && kept < DT_SETUP_DEVICES - 1)
      setup->latencies[kept++] = setup->latencies[i];
  memmove(&setup->latencies[1], &setup->latencies[0], (size_t)kept * sizeof one);
  setup->latencies[0] = one;
  setup->latency_count = kept + 1;
}

void dt_setup_put_interval(dt_setup* setup, const char* device, double low_ms, double high_ms) {
  for (int i = 0; i < setup->latency_count; i++) {
    dt_setup_latency* one = &setup->latencies[i];
    if (strcmp(one->device, device) != 0)
      continue;
    one->low_ms = low_ms;
    one->high_ms = high_ms;
  }
}

bool dt_setup_choose(char* place, size_t size, const char* text, bool* is_changed) {
  if (strlen(text) >= size || strpbrk(text, "\r\n"))
    return false;
  *is_changed = *is_changed || strcmp(place, text) != 0;
  snprintf(place, size, "%s", text);
  return true;
}

bool dt_setup_choose_kit_map(dt_setup* setup, const char* path, bool* is_changed) {
  char folder[DT_SETUP_TEXT] = "";
  char full[2 * DT_SETUP_TEXT];
  if (path[0] != '/' && !getcwd(folder, sizeof folder))
    return false;
  const int length = snprintf(full, sizeof full, "%s%s%s", folder, path[0] != '/' ? "/" : "", path);
  return length > 0 && (size_t)length < sizeof full &&
         dt_setup_choose(setup->kit_map, sizeof setup->kit_map, full, is_changed);
}
