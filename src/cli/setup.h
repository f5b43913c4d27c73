#ifndef DT_SETUP_H
#define DT_SETUP_H

#include <stdbool.h>

#include "dt/port.h"

#define DT__SETUP_HELP                                                                             \
  "What was chosen and measured before (default: doubletime/setup in your data folder)"

/*
 * What the player chose and measured, from one session to the next: a small text file `setup`
 * beside the database.
 *
 *   doubletime setup 1
 *   device jack
 *   midi any
 *   kit_map /home/ada/my.kit
 *   latency 12.34 2026-11-23 48000 256 jack
 */
typedef struct dt__setup_latency {
  double ms;
  char day[11]; /* when it was measured, "2026-11-23" */
  int rate_hz;
  int period_frames;
  char device[DT_PORT_NAME_MAX];
} dt__setup_latency;

#define DT__SETUP_DEVICES 32
#define DT__SETUP_TEXT    1024

typedef struct dt__setup {
  char device[DT_PORT_NAME_MAX]; /* "" where nothing was chosen */
  char midi[DT__SETUP_TEXT];
  char kit_map[DT__SETUP_TEXT];
  dt__setup_latency latencies[DT__SETUP_DEVICES]; /* the newest first */
  int latency_count;
} dt__setup;

/* path NULL: the default. A file that is not there is an empty setup. Complains itself; DT__DONE
 * when all is well. */
int dt__setup_read(dt__setup* setup, const char* path);

/* Whole or not at all. Complains itself. */
int dt__setup_write(const dt__setup* setup, const char* path);

/* NULL: not measured. */
const dt__setup_latency* dt__setup_latency_of(const dt__setup* setup, const char* device);

/* In place of an older one of this device; without room the oldest goes. */
void dt__setup_put_latency(dt__setup* setup, const dt_port_info* info, double ms);

/* False where it is too long, or would not be one line. The same text again is no change. */
bool dt__setup_choose(char* place, size_t size, const char* text, bool* is_changed);

/* The same for the kit's map, with the folder it is in. */
bool dt__setup_choose_kit_map(dt__setup* setup, const char* path, bool* is_changed);

#endif
