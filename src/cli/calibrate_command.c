#include <math.h>
#include <string.h>
#include <time.h>

#include "calibrate.h"
#include "command.h"
#include "dt/loopback.h"
#include "setup.h"

#define AT(field) offsetof(dt__calibrate_values, field)

const dt__option dt__calibrate_options[] = {
    {'a', "audio", "DEVICE",
     "The sound device, as 'doubletime devices' names it (default: JACK, else ALSA's)", DT__TEXT,
     AT(audio), 0, 0, NULL},
    {0, "pads", NULL, "Learn an e-kit: you are asked to strike one pad after the other", DT__FLAG,
     AT(pads), 0, 0, NULL},
    {0, "midi", "PORT",
     "With --pads, where the kit is: a JACK port's name (a part of it will do), an ALSA port, or "
     "'any' (default)",
     DT__TEXT, AT(midi), 0, 0, NULL},
    {0, "kit-map", "FILE", "With --pads, where the kit's map is written", DT__FILE_OUT, AT(kit_map),
     0, 0, NULL},
    {0, "pretend", "MS",
     "Try it on a device made of nothing with this round trip; with --pads, on a kit made of "
     "nothing",
     DT__NUMBER, AT(delay_ms), 6, 400, NULL},
    {0, "setup", "FILE", DT__SETUP_HELP, DT__FILE_OUT, AT(setup), 0, 0, NULL},
    DT__OPTION_END,
};

bool dt__calibrate_keeps(const dt__calibrate_values* values) {
  return isnan(values->delay_ms) || values->setup;
}

static int keep(const dt__calibrate_values* values, const dt_port_info* info,
                const dt_loopback_result* result) {
  dt_setup setup;
  int status = dt__setup_read(&setup, values->setup);
  if (status != DT__DONE)
    return status;
  bool is_changed = false;
  dt_setup_put_latency(&setup, info, result->latency_ms);
  dt_setup_put_interval(&setup, info->device, result->low_ms, result->high_ms);
  if (values->audio) /* a name that was opened fits */
    (void)dt_setup_choose(setup.device, sizeof setup.device, info->device, &is_changed);
  status = dt__setup_write(&setup, values->setup);
  if (status == DT__DONE)
    printf("Kept: 'doubletime practice' subtracts it from now on, on %s.\n", info->device);
  return status;
}

static int say(const dt__calibrate_values* values, const dt_port_info* info,
               const dt_loopback_result* result) {
  if (isnan(result->latency_ms)) {
    dt__complain("the chirps were not heard (%d of %d; loudest %.0f dBFS): turn up the loudspeaker "
                 "and the microphone, or join out and in by a cable",
                 result->heard, DT_LOOPBACK_CHIRPS, result->level_db);
    return DT__FAILED;
  }
  printf("Round trip: %.2f ms (95 %% interval %.2f to %.2f)\n", result->latency_ms, result->low_ms,
         result->high_ms);
  printf("Jitter: %.2f ms; farthest from the median: %.2f ms\n", result->jitter_ms,
         result->worst_ms);
  printf("Heard %d of %d; loudest %.1f dBFS%s\n", result->heard, DT_LOOPBACK_CHIRPS,
         result->level_db, result->is_clipped ? ": too loud, turn it down" : "");
  if (result->lost_frames > 0)
    printf("%lld frames were lost meanwhile: measure again.\n", (long long)result->lost_frames);
  if (result->jitter_ms > 2 || result->worst_ms > 10)
    printf("This round trip wobbles, as Bluetooth's does: use a cable, or its jitter is yours.\n");
  if (dt__calibrate_keeps(values) && result->lost_frames == 0)
    return keep(values, info, result);
  printf("Use it: doubletime practice CHART --latency %.2f\n", result->latency_ms);
  return DT__DONE;
}

static dt_port* open_port(const dt__calibrate_values* values, dt_error* err) {
  dt_port_config config = dt_port_config_default();
  config.device = values->audio;
  if (!isnan(values->delay_ms)) {
    config.device = "null";
    config.null.speed = 0;
    config.null.loopback_delay_frames = (int)lround(values->delay_ms * 48);
  }
  return dt_port_open(&config, err);
}

static bool is_over(dt_port* port, bool is_stepped) {
  if (is_stepped)
    return !dt_port_step(port, 4096);
  dt_port_state state;
  dt_port_look(port, &state);
  nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
  return state.condition == DT_PORT_FAILED || state.condition == DT_PORT_ENDED || dt__stop_asked();
}

static int measure(const dt__calibrate_values* values, dt_port* port, dt_loopback* loopback) {
  const bool is_stepped = !isnan(values->delay_ms);
  dt_error err = {0};
  dt_status status = dt_port_start(port, dt_loopback_process, loopback, &err);
  while (status == DT_OK && !dt_loopback_is_done(loopback))
    if (is_over(port, is_stepped))
      status = dt_fail(&err, DT_IO, "The device ended before the measurement did");
  const dt_status stopped = dt_port_stop(port, status == DT_OK ? &err : NULL);
  if (status == DT_OK)
    status = stopped;
  if (status != DT_OK)
    return dt__world_error(dt_port_info_of(port)->device, status, &err);
  const dt_loopback_result result = dt_loopback_analyse(loopback);
  return say(values, dt_port_info_of(port), &result);
}

static int check(const dt__calibrate_values* values) {
  if (values->audio && !isnan(values->delay_ms))
    return dt__usage_error("calibrate", "--pretend needs no --audio");
  if (!values->pads && (values->midi || values->kit_map))
    return dt__usage_error("calibrate", "--midi and --kit-map go with --pads");
  if (values->pads && !values->kit_map)
    return dt__usage_error("calibrate", "--pads needs --kit-map FILE for what it learns");
  if (values->pads && strcmp(values->kit_map, "-") == 0)
    return dt__usage_error("calibrate", "--kit-map needs a file's name");
  return DT__DONE;
}

static int calibrate_sound(const dt__calibrate_values* values, const dt__globals* globals) {
  dt_error err = {0};
  dt__mute_libraries();
  dt_port* port = open_port(values, &err);
  dt__unmute_libraries();
  if (!port)
    return dt__world_error(values->audio ? values->audio : "sound", err.status, &err);
  dt__catch_stops();
  dt_loopback* loopback = dt_loopback_new(NULL, dt_port_info_of(port)->rate_hz);
  dt__note(globals, "Chirps for 11 seconds on %s", dt_port_info_of(port)->description);
  const int status =
      loopback ? measure(values, port, loopback) : dt__world_error(NULL, DT_NO_MEMORY, NULL);
  dt_port_close(port);
  dt_loopback_free(loopback);
  return status;
}

int dt__calibrate_command(int argc, char** argv, dt__globals* globals) {
  dt__calibrate_values values = {.delay_ms = (double)NAN};
  const char* operand = NULL;
  int status = DT__DONE;
  if (!dt__command_begin("calibrate", &values, globals, argc, argv, &operand, &status))
    return status;
  status = check(&values);
  if (status != DT__DONE)
    return status;
  return values.pads ? dt__calibrate_pads(&values, globals) : calibrate_sound(&values, globals);
}
