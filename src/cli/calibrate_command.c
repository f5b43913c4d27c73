#include <math.h>
#include <time.h>

#include "command.h"
#include "dt/loopback.h"
#include "terminal.h"

typedef struct calibrate_values {
  const char* audio;
  double delay_ms; /* of a pretended loop, for trying */
} calibrate_values;

const dt__option dt__calibrate_options[] = {
    {'a', "audio", "DEVICE",
     "The sound device, as 'doubletime devices' names it (default: JACK, else ALSA's)", DT__TEXT,
     offsetof(calibrate_values, audio), 0, 0, NULL},
    {0, "pretend", "MS", "Try it on a device made of nothing with this round trip", DT__NUMBER,
     offsetof(calibrate_values, delay_ms), 6, 400, NULL},
    DT__OPTION_END,
};

static int say(const dt_loopback_result* result) {
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
  printf("Use it: doubletime practice CHART --latency %.2f\n", result->latency_ms);
  return DT__DONE;
}

static dt_port* open_port(const calibrate_values* values, dt_error* err) {
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

static int measure(dt_port* port, dt_loopback* loopback, bool is_stepped) {
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
  return say(&result);
}

int dt__calibrate_command(int argc, char** argv, dt__globals* globals) {
  calibrate_values values = {.delay_ms = (double)NAN};
  const char* operand = NULL;
  int status = DT__DONE;
  if (!dt__command_begin("calibrate", &values, globals, argc, argv, &operand, &status))
    return status;
  if (values.audio && !isnan(values.delay_ms))
    return dt__usage_error("calibrate", "--pretend needs no --audio");
  dt_error err = {0};
  dt__mute_libraries();
  dt_port* port = open_port(&values, &err);
  dt__unmute_libraries();
  if (!port)
    return dt__world_error(values.audio ? values.audio : "sound", err.status, &err);
  dt__catch_stops();
  dt_loopback* loopback = dt_loopback_new(NULL, dt_port_info_of(port)->rate_hz);
  dt__note(globals, "Chirps for 11 seconds on %s", dt_port_info_of(port)->description);
  status = loopback ? measure(port, loopback, !isnan(values.delay_ms))
                    : dt__world_error(NULL, DT_NO_MEMORY, NULL);
  dt_port_close(port);
  dt_loopback_free(loopback);
  return status;
}
