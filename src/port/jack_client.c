#include <jack/jack.h>
#include <stdio.h>
#include <string.h>

#include "jack_internal.h"

static void on_lost(jack_status_t code, const char* reason, void* context) {
  (void)code, (void)reason;
  dt__jack* jack = context;
  atomic_store(&jack->is_lost, true);
}

static int on_xrun(void* context) {
  dt__jack* jack = context;
  dt__count(&jack->port->core.counters.xruns, 1);
  return 0;
}

static void on_port(jack_port_id_t port, int is_there, void* context) {
  (void)port;
  dt__jack* jack = context;
  if (is_there)
    atomic_store(&jack->has_new_ports, true);
}

static jack_port_t* add_port(dt__jack* jack, const char* word, int channel, const char* type,
                             unsigned long flags) {
  char name[32];
  (void)snprintf(name, sizeof name, channel > 0 ? "%s_%d" : "%s", word, channel);
  return jack_port_register(jack->client, name, type, flags, 0);
}

static bool add_ports(dt__jack* jack) {
  const dt_port_info* info = &jack->port->info;
  bool all = true;
  for (int c = 0; c < info->in_channels; ++c) {
    jack->in[c] = add_port(jack, "in", c + 1, JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput);
    all = all && jack->in[c] != NULL;
  }
  for (int c = 0; c < info->out_channels; ++c) {
    jack->out[c] = add_port(jack, "out", c + 1, JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput);
    all = all && jack->out[c] != NULL;
  }
  if (info->has_midi_in) {
    jack->midi_in = add_port(jack, "midi_in", 0, JACK_DEFAULT_MIDI_TYPE, JackPortIsInput);
    all = all && jack->midi_in != NULL;
  }
  if (info->has_midi_out) {
    jack->midi_out = add_port(jack, "midi_out", 0, JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput);
    all = all && jack->midi_out != NULL;
  }
  return all;
}

static dt_status open_client(dt__jack* jack, dt_error* err) {
  jack_status_t status = 0;
  jack->client = jack->server_name[0]
                     ? jack_client_open(jack->client_name, JackNoStartServer | JackServerName,
                                        &status, jack->server_name)
                     : jack_client_open(jack->client_name, JackNoStartServer, &status);
  if (jack->client != NULL)
    return DT_OK;
  if (status & JackServerFailed)
    return dt_fail(err, DT_NOT_FOUND,
                   "No JACK server is running; start one (jackd, PipeWire) first");
  return dt_fail(err, DT_IO, "The JACK server refuses the connection (status %#x)",
                 (unsigned)status);
}

dt_status dt__jack_join(dt__jack* jack, dt_error* err) {
  const dt_status status = open_client(jack, err);
  if (status != DT_OK)
    return status;
  atomic_store(&jack->is_lost, false);
  atomic_store(&jack->is_fresh, true);
  jack_on_info_shutdown(jack->client, on_lost, jack);
  jack_set_process_callback(jack->client, dt__jack_process, jack);
  jack_set_xrun_callback(jack->client, on_xrun, jack);
  jack_set_port_registration_callback(jack->client, on_port, jack);
  if (add_ports(jack))
    return DT_OK;
  dt__jack_leave(jack);
  return dt_fail(err, DT_IO, "The JACK server has no room for more ports");
}

void dt__jack_leave(dt__jack* jack) {
  if (jack->client != NULL)
    jack_client_close(jack->client);
  jack->client = NULL;
}
