#ifndef DT_HOME_SETUP_H
#define DT_HOME_SETUP_H

#include <stdbool.h>

#include "dt/error.h"
#include "dt/port.h"

/*
 * What the player chose and measured, from one session to the next: a small text file `setup`
 * beside the database.
 *
 *   doubletime setup 1
 *   device jack
 *   midi any
 *   kit_map /home/ada/my.kit
 *   latency 12.34 2026-11-23 48000 256 jack
 *   interval 12.28 12.41 jack
 */
typedef struct dt_setup_latency {
  double ms;
  double low_ms; /* its interval of 95 %; NAN: not known */
  double high_ms;
  char day[11]; /* when it was measured, "2026-11-23" */
  int rate_hz;
  int period_frames;
  char device[DT_PORT_NAME_MAX];
} dt_setup_latency;

#define DT_SETUP_DEVICES 32
#define DT_SETUP_TEXT    1024

typedef struct dt_setup {
  char device[DT_PORT_NAME_MAX]; /* "" where nothing was chosen */
  char midi[DT_SETUP_TEXT];
  char kit_map[DT_SETUP_TEXT];
  dt_setup_latency latencies[DT_SETUP_DEVICES]; /* the newest first */
  int latency_count;
} dt_setup;

/* The player's own setup file; size DT_HOME_PATH. False when there is no home. */
bool dt_setup_default(char* path, size_t size);

/* Path NULL: the player's own. A file that is not there is an empty setup, and so is a failed
 * read's. Errors with a sentence: DT_BAD_DATA (which line), DT_IO, DT_TOO_LARGE, DT_NO_MEMORY. */
dt_status dt_setup_read(dt_setup* setup, const char* path, dt_error* err) DT_NODISCARD;

/* Whole or not at all; path NULL: the player's own, whose folders are made. Errors with a sentence:
 * DT_NOT_FOUND (no home, no folder), DT_IO, DT_NO_MEMORY. */
dt_status dt_setup_write(const dt_setup* setup, const char* path, dt_error* err) DT_NODISCARD;

/* NULL: not measured. */
const dt_setup_latency* dt_setup_latency_of(const dt_setup* setup, const char* device);

/* Measured today, in place of an older one of this device; without room the oldest goes. Its
 * interval is not known until it is put. */
void dt_setup_put_latency(dt_setup* setup, const dt_port_info* info, double ms);

/* Of a latency that is there; else nothing happens. NAN: not known. */
void dt_setup_put_interval(dt_setup* setup, const char* device, double low_ms, double high_ms);

/* False where it is too long, or would not be one line. The same text again is no change. */
bool dt_setup_choose(char* place, size_t size, const char* text, bool* is_changed);

/* The same for the kit's map, with the folder it is in. */
bool dt_setup_choose_kit_map(dt_setup* setup, const char* path, bool* is_changed);

#endif
