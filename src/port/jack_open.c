#include <jack/jack.h>
#include <jack/transport.h>
#include <stdio.h>
#include <string.h>

#include "jack_internal.h"

static void free_jack(dt__jack* jack) {
  const dt_allocator* allocator = dt__port_allocator(jack->port);
  for (int side = 0; side < DT__JACK_SIDES; ++side)
    dt_release(allocator, jack->wishes[side].pattern, jack->wishes[side].size);
  pthread_mutex_destroy(&jack->client_lock);
  dt_release(allocator, jack, sizeof *jack);
}

static dt_status copy_wishes(dt__jack* jack, const dt_port_config* config) {
  const char* const patterns[DT__JACK_SIDES] = {
      config->jack.connect_in,
      config->jack.connect_out,
      config->jack.connect_midi_in,
      config->jack.connect_midi_out,
  };
  for (int side = 0; side < DT__JACK_SIDES; ++side) {
    if (patterns[side] == NULL)
      continue;
    dt__jack_wish* wish = &jack->wishes[side];
    wish->size = strlen(patterns[side]) + 1;
    wish->pattern = dt_alloc(dt__port_allocator(jack->port), wish->size);
    if (wish->pattern == NULL)
      return DT_NO_MEMORY;
    memcpy(wish->pattern, patterns[side], wish->size);
  }
  return DT_OK;
}

static void fill_info(dt_port_info* info, const dt_port_config* config) {
  info->in_channels = config->in_channels;
  info->out_channels = config->out_channels;
  info->has_midi_in = config->has_midi_in;
  info->has_midi_out = config->has_midi_out;
  info->has_midi_stamps = true;
  info->block_frames_max = DT_PORT_BLOCK_MAX;
}

static dt_status check_rate(dt__jack* jack, int wanted_hz, dt_error* err) {
  dt_port_info* info = &jack->port->info;
  info->rate_hz = (int)jack_get_sample_rate(jack->client);
  info->period_frames = (int)jack_get_buffer_size(jack->client);
  (void)snprintf(info->description, sizeof info->description, "JACK server, %d frames a period",
                 info->period_frames);
  if (wanted_hz == 0 || wanted_hz == info->rate_hz)
    return DT_OK;
  return dt_fail(err, DT_UNSUPPORTED, "The JACK server runs at %d Hz, not at %d", info->rate_hz,
                 wanted_hz);
}

static dt_status open_jack(dt_port* port, const dt_port_config* config, const char* name,
                           dt_error* err) {
  dt__jack* jack = dt_alloc_zero(config->allocator, sizeof *jack);
  if (jack == NULL)
    return dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
  jack->port = port;
  pthread_mutex_init(&jack->client_lock, NULL);
  const char* client_name = config->jack.client_name;
  dt__copy_text(jack->client_name, sizeof jack->client_name,
                client_name != NULL && client_name[0] ? client_name : "doubletime");
  /* "jack:NAME" is a server of that name. */
  const char* server_name = name[0] ? name : config->jack.server_name;
  dt__copy_text(jack->server_name, sizeof jack->server_name,
                server_name != NULL ? server_name : "");
  atomic_init(&jack->capture_latency_frames, -1);
  atomic_init(&jack->playback_latency_frames, -1);
  dt__device_name(port->info.device, "jack", jack->server_name);
  fill_info(&port->info, config);
  dt__jack_be_quiet();
  dt_status status = copy_wishes(jack, config);
  if (status != DT_OK)
    (void)dt_fail(err, status, "%s", dt_status_sentence(status));
  if (status == DT_OK)
    status = dt__jack_join(jack, err);
  if (status == DT_OK)
    status = check_rate(jack, config->rate_hz, err);
  if (status == DT_OK) {
    port->device = jack;
    return DT_OK;
  }
  dt__jack_leave(jack);
  free_jack(jack);
  return status;
}

static dt_status start_jack(dt_port* port, dt_error* err) {
  dt__jack* jack = port->device;
  if (atomic_load(&jack->is_lost) || jack_activate(jack->client) != 0)
    return dt_fail(err, DT_NOT_FOUND, "The JACK server is gone");
  dt__jack_connect(jack);
  dt__jack_read_latency(jack);
  if (pthread_create(&jack->keeper, NULL, dt__jack_keep, jack) == 0)
    return DT_OK;
  jack_deactivate(jack->client);
  return dt_fail(err, DT_NO_MEMORY, "No thread can be started for the device");
}

static dt_status stop_jack(dt_port* port, dt_error* err) {
  (void)err;
  dt__jack* jack = port->device;
  atomic_store(&jack->shall_stop, true);
  pthread_join(jack->keeper, NULL);
  dt__jack_leave(jack);
  return DT_OK;
}

static void close_jack(dt_port* port) {
  dt__jack_leave(port->device);
  free_jack(port->device);
}

static dt_status transport_jack(dt_port* port, dt_port_transport_ask ask, dt_frame frame) {
  dt__jack* jack = port->device;
  if (frame > UINT32_MAX)
    return DT_BAD_ARGUMENT;
  pthread_mutex_lock(&jack->client_lock);
  dt_status status = jack->client != NULL && !atomic_load(&jack->is_lost) ? DT_OK : DT_NOT_FOUND;
  if (status == DT_OK && frame >= 0 &&
      jack_transport_locate(jack->client, (jack_nframes_t)frame) != 0)
    status = DT_IO;
  if (status == DT_OK && ask == DT_PORT_TRANSPORT_ROLL)
    jack_transport_start(jack->client);
  if (status == DT_OK && ask == DT_PORT_TRANSPORT_STOP)
    jack_transport_stop(jack->client);
  pthread_mutex_unlock(&jack->client_lock);
  return status;
}

const dt__backend dt__jack_backend = {"jack",     open_jack, start_jack,     stop_jack,
                                      close_jack, NULL,      transport_jack, dt__jack_list};
