#include "measure.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dt/home.h"
#include "dt/home_setup.h"
#include "dt/loopback.h"
#include "measure_internal.h"
#include "recording.h"

#define LEVEL_S      20   /* as long as it is shown */
#define STEP_S       0.25 /* between two messages */
#define LATENCY_S    11.0 /* that the chirps take */
#define SIMULATED_MS 12.5 /* round trip of a device made of nothing */
#define TOO_LOUD_DB  (-1.0)
#define TOO_SOFT_DB  (-40.0)

dt__measure* dt__measure_new(const dt_stage_config* config, dt__feed* feed) {
  dt__measure* measure = calloc(1, sizeof *measure);
  if (!measure)
    return NULL;
  measure->config = config;
  measure->feed = feed;
  atomic_store(&measure->is_over, true);
  return measure;
}

void dt__measure_say(dt__measure* measure, dt__msg_calibrate* message, const char* state,
                     const char* text) {
  static const char* const names[] = {"level", "latency", "pads"};
  dt_buffer fields = {0};
  message->what = names[measure->what];
  message->state = state;
  message->say = text;
  if (strcmp(state, "done") == 0 || strcmp(state, "failed") == 0)
    atomic_store(&measure->has_told, true); /* who hears of the end may begin again */
  if (dt__msg_calibrate_write(&fields, message) == DT_OK)
    dt__feed_put(measure->feed, (const char*)fields.bytes, fields.size);
  dt_buffer_clear(&fields);
}

void dt__measure_fail(dt__measure* measure, const char* text) {
  dt__msg_calibrate message = dt__msg_calibrate_empty();
  message.share = 1;
  dt__measure_say(measure, &message, "failed", text);
}

/* ---- the device ---- */

static dt_port* open_port(const dt_stage_config* config, const dt_setup* setup, dt_error* err) {
  dt_port_config port = dt_port_config_default();
  port.device = config->defaults.audio     ? config->defaults.audio
                : setup->device[0] != '\0' ? setup->device
                                           : NULL;
  if (config->defaults.drummer) {
    port.device = "null";
    port.null.speed = 1;
    port.null.loopback_delay_frames = (int)lround(SIMULATED_MS * 48);
  }
  return dt_port_open(&port, err);
}

bool dt__measure_is_gone(dt_port* port) {
  dt_port_state state;
  dt_port_look(port, &state);
  return state.condition == DT_PORT_FAILED || state.condition == DT_PORT_ENDED;
}

static bool wants_end(dt__measure* measure) {
  return atomic_load(&measure->wants_stop) || atomic_load(&measure->key) != DT__MEASURE_NONE;
}

static void wait_a_step(void) {
  nanosleep(&(struct timespec){.tv_nsec = (long)(STEP_S * 1e9)}, NULL);
}

/* ---- level ---- */

static void watch_level(void* context, const dt_port_block* block) DT_NONBLOCKING {
  dt__measure* measure = context;
  float loudest = 0;
  for (int channel = 0; channel < block->in_count; channel++)
    for (int i = 0; i < block->frame_count; i++) {
      const float loud = fabsf(block->in[channel][i]);
      loudest = loud > loudest ? loud : loudest;
    }
  unsigned bits = 0;
  memcpy(&bits, &loudest, sizeof bits); /* floats that are not negative stand in order */
  if (bits > atomic_load(&measure->peak))
    atomic_store(&measure->peak, bits);
}

static double take_peak_db(dt__measure* measure) {
  const unsigned bits = atomic_exchange(&measure->peak, 0);
  float loudest = 0;
  memcpy(&loudest, &bits, sizeof loudest);
  return loudest > 1e-6F ? 20 * log10((double)loudest) : (double)NAN;
}

static void show_level(dt__measure* measure, dt_port* port) {
  double best_db = (double)NAN;
  const int steps = (int)(LEVEL_S / STEP_S);
  for (int i = 0; i < steps && !wants_end(measure) && !dt__measure_is_gone(port); i++) {
    wait_a_step();
    measure->half_db[i % 2] = take_peak_db(measure);
    dt__msg_calibrate message = dt__msg_calibrate_empty();
    message.level_db = fmax(measure->half_db[0], measure->half_db[1]);
    message.share = (double)(i + 1) / steps;
    best_db = fmax(best_db, message.level_db);
    dt__measure_say(measure, &message, "measuring", "Play as loudly as you ever will.");
  }
  dt__msg_calibrate message = dt__msg_calibrate_empty();
  message.share = 1;
  message.level_db = best_db;
  dt__measure_say(measure, &message, "done",
                  isnan(best_db) ? "Nothing was heard: is it the right device, and is it turned up?"
                  : best_db > TOO_LOUD_DB ? "Too loud: turn the microphone down."
                  : best_db < TOO_SOFT_DB ? "Very soft: turn the microphone up, or put it nearer."
                                          : "This level is good.");
}

/* ---- latency ---- */

static void keep_latency(dt__measure* measure, dt_setup* setup, const char* path,
                         const dt_port_info* info, const dt_loopback_result* result) {
  char text[DT_ERROR_SENTENCE_MAX + 64];
  dt_error err = {0};
  dt__msg_calibrate message = dt__msg_calibrate_empty();
  message.share = 1;
  message.latency_ms = result->latency_ms;
  message.low_ms = result->low_ms;
  message.high_ms = result->high_ms;
  message.level_db = result->level_db;
  snprintf(text, sizeof text, "The round trip is %.2f ms.", result->latency_ms);
  if (!measure->config->defaults.drummer || measure->config->defaults.setup) {
    dt_setup_put_latency(setup, info, result->latency_ms);
    dt_setup_put_interval(setup, info->device, result->low_ms, result->high_ms);
    if (dt_setup_write(setup, path, &err) != DT_OK)
      snprintf(text, sizeof text, "It could not be kept: %s", err.sentence);
  }
  const bool wobbles = result->jitter_ms > 2 || result->worst_ms > 10;
  dt__measure_say(measure, &message, err.status == DT_OK ? "done" : "failed",
                  wobbles && err.status == DT_OK ? "It wobbles, as Bluetooth's does: use a cable."
                                                 : text);
}

static void measure_latency(dt__measure* measure, dt_port* port, dt_loopback* loopback,
                            dt_setup* setup, const char* path) {
  const double steps = LATENCY_S / STEP_S;
  for (int i = 0; !dt_loopback_is_done(loopback); i++) {
    if (dt__measure_is_gone(port) || wants_end(measure)) {
      dt__measure_fail(measure, wants_end(measure)
                                    ? "Cancelled: nothing is changed."
                                    : "The device ended before the measurement did.");
      return;
    }
    wait_a_step();
    dt__msg_calibrate message = dt__msg_calibrate_empty();
    message.share = fmin(1, i / steps);
    dt__measure_say(measure, &message, "measuring", "Chirps for 11 seconds. Be quiet.");
  }
  dt_port_stop(port, NULL);
  const dt_loopback_result result = dt_loopback_analyse(loopback);
  if (isnan(result.latency_ms))
    dt__measure_fail(
        measure, "The chirps were not heard: turn up the loudspeaker and the microphone, or join "
                 "out and in by a cable.");
  else if (result.lost_frames > 0)
    dt__measure_fail(measure, "Sound was lost meanwhile: measure again.");
  else
    keep_latency(measure, setup, path, dt_port_info_of(port), &result);
}

/* ---- the thread ---- */

static dt_status measure_sound(dt__measure* measure, dt_setup* setup, const char* path,
                               dt_error* err) {
  const bool is_level = measure->what == DT__WHAT_LEVEL;
  dt__msg_calibrate message = dt__msg_calibrate_empty();
  dt__measure_say(measure, &message, "asking",
                  is_level ? "Play as loudly as you ever will."
                           : "Put the microphone where the loudspeaker is heard.");
  dt_port* port = open_port(measure->config, setup, err);
  if (!port)
    return err->status;
  dt_status status = DT_OK;
  dt_loopback* loopback = is_level ? NULL : dt_loopback_new(NULL, dt_port_info_of(port)->rate_hz);
  if (is_level)
    status = dt_port_start(port, watch_level, measure, err);
  else if (loopback)
    status = dt_port_start(port, dt_loopback_process, loopback, err);
  else
    status = dt_fail(err, DT_NO_MEMORY, "No memory for the measurement");
  if (status == DT_OK && is_level)
    show_level(measure, port);
  else if (status == DT_OK)
    measure_latency(measure, port, loopback, setup, path);
  dt_port_close(port);
  dt_loopback_free(loopback);
  return status;
}

static dt_status work(dt__measure* measure, dt_error* err) {
  char path[DT_HOME_PATH] = "";
  dt_setup setup;
  memset(&setup, 0, sizeof setup);
  if (!dt__setup_path(measure->config, path))
    return dt_fail(err, DT_NOT_FOUND, "There is no home folder for the setup");
  const dt_status status = dt_setup_read(&setup, path, err);
  if (status != DT_OK)
    return status;
  (void)dt_home_make_folders(path); /* what failed is said when it is written */
  return measure->what == DT__WHAT_PADS ? dt__measure_pads(measure, &setup, path, err)
                                        : measure_sound(measure, &setup, path, err);
}

static void* run(void* context) {
  dt__measure* measure = context;
  dt_error err = {0};
  const dt_status status = work(measure, &err);
  if (status != DT_OK)
    dt__measure_fail(measure, err.sentence[0] ? err.sentence : dt_status_sentence(status));
  atomic_store(&measure->is_over, true);
  return NULL;
}

static void tidy_up(dt__measure* measure) {
  if (measure->has_thread)
    pthread_join(measure->thread, NULL);
  measure->has_thread = false;
}

/* One that has told of its end is waited for: it closes its device. */
bool dt__measure_is_running(dt__measure* measure) {
  if (atomic_load(&measure->has_told))
    tidy_up(measure);
  return !atomic_load(&measure->is_over);
}

dt_status dt__measure_begin(dt__measure* measure, const char* what, dt_error* err) {
  const int which = strcmp(what, "level") == 0     ? DT__WHAT_LEVEL
                    : strcmp(what, "latency") == 0 ? DT__WHAT_LATENCY
                    : strcmp(what, "pads") == 0    ? DT__WHAT_PADS
                                                   : -1;
  if (which < 0)
    return dt_fail(err, DT_BAD_DATA, "What is measured is one of level, latency, pads");
  if (dt__measure_is_running(measure))
    return dt_fail(err, DT_CANCELLED, "A measurement is going on already");
  tidy_up(measure);
  measure->what = (dt__what)which;
  measure->half_db[0] = measure->half_db[1] = (double)NAN;
  atomic_store(&measure->peak, 0);
  atomic_store(&measure->wants_stop, false);
  atomic_store(&measure->key, DT__MEASURE_NONE);
  atomic_store(&measure->has_told, false);
  atomic_store(&measure->is_over, false);
  if (pthread_create(&measure->thread, NULL, run, measure) != 0) {
    atomic_store(&measure->is_over, true);
    return dt_fail(err, DT_NO_MEMORY, "No thread can be made");
  }
  measure->has_thread = true;
  return DT_OK;
}

bool dt__measure_press(dt__measure* measure, const char* key) {
  static const struct {
    const char* name;
    dt__measure_key key;
  } keys[] = {{"skip", DT__MEASURE_SKIP}, {"end", DT__MEASURE_END}, {"cancel", DT__MEASURE_CANCEL}};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    if (strcmp(keys[i].name, key) == 0) {
      atomic_store(&measure->key, (int)keys[i].key);
      return true;
    }
  return false;
}

void dt__measure_free(dt__measure* measure) {
  if (!measure)
    return;
  atomic_store(&measure->wants_stop, true);
  tidy_up(measure);
  free(measure);
}
