#include "recording.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>

#define SPARE ((uint64_t)1 << 30)
#define TRIES 100 /* sessions that begin in the same second */

bool dt__home_path(const dt_stage_config* config, const char* name, char path[DT_HOME_PATH]) {
  return config->home ? dt_home_file(path, DT_HOME_PATH, config->home, name)
                      : dt_home_beside(path, DT_HOME_PATH, config->db, name);
}

bool dt__setup_path(const dt_stage_config* config, char path[DT_HOME_PATH]) {
  if (config->defaults.setup)
    return snprintf(path, DT_HOME_PATH, "%s", config->defaults.setup) < DT_HOME_PATH;
  return dt__home_path(config, "setup", path);
}

/* ---- the folder ---- */

static void name_now(char name[64], int number) {
  const time_t now = time(NULL);
  struct tm local;
  char moment[32] = "session";
  if (localtime_r(&now, &local))
    strftime(moment, sizeof moment, "%Y-%m-%d-%H%M%S", &local);
  if (number == 0)
    snprintf(name, 64, "sessions/%s", moment);
  else
    snprintf(name, 64, "sessions/%s-%d", moment, number + 1);
}

/* Where it is not known, there is room. */
static bool has_room(const char* folder) {
  struct statvfs disk;
  return statvfs(folder, &disk) != 0 || (uint64_t)disk.f_bavail * disk.f_frsize >= SPARE;
}

dt_status dt__recording_folder(const dt_stage_config* config, char path[DT_HOME_PATH],
                               dt_error* err) {
  char name[64];
  for (int number = 0; number < TRIES; number++) {
    name_now(name, number);
    if (!dt_home_beside(path, DT_HOME_PATH, config->db, name))
      return dt_fail(err, DT_NOT_FOUND, "there is no home folder for it (HOME is not set)");
    if (dt_home_make_folders(path) && mkdir(path, 0700) == 0) {
      if (has_room(path))
        return DT_OK;
      (void)remove(path);
      return dt_fail(err, DT_IO, "the disk has less than 1 GiB left");
    }
    if (errno != EEXIST)
      break;
  }
  return dt_fail(err, DT_IO, "its folder cannot be made: %s", strerror(errno));
}

/* ---- the setup ---- */

/* Files and devices made of nothing are for one time only, unless a place is named. */
static bool is_worth_remembering(const dt_stage_config* config, const dt_port_info* info) {
  return config->defaults.setup ||
         (strncmp(info->device, "null", 4) != 0 && strncmp(info->device, "file", 4) != 0);
}

dt_status dt__recording_remember(const dt_stage_config* config, const dt_setup* setup,
                                 const dt__given* given, const dt_port_info* info, dt_error* err) {
  char path[DT_HOME_PATH];
  dt_setup next = *setup;
  bool is_changed = false;
  bool fits = true;
  if (!is_worth_remembering(config, info) || !dt__setup_path(config, path))
    return DT_OK;
  if (given->audio)
    fits = dt_setup_choose(next.device, sizeof next.device, info->device, &is_changed);
  if (given->midi)
    fits = dt_setup_choose(next.midi, sizeof next.midi, given->midi, &is_changed) && fits;
  if (given->kit_map)
    fits = dt_setup_choose_kit_map(&next, given->kit_map, &is_changed) && fits;
  if (!is_changed || !fits)
    return DT_OK;
  (void)dt_home_make_folders(path); /* what failed is said below */
  return dt_setup_write(&next, path, err);
}
