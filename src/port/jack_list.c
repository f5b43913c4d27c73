#include <jack/jack.h>
#include <stdio.h>

#include "jack_internal.h"

static void say_nothing(const char* words) {
  (void)words;
}

static void set_quiet(void) {
  jack_set_error_function(say_nothing);
  jack_set_info_function(say_nothing);
}

void dt__jack_be_quiet(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  (void)pthread_once(&once, set_quiet);
}

static int count_ports(jack_client_t* client, const char* type, unsigned long flags) {
  const char** names = jack_get_ports(client, NULL, type, flags | JackPortIsPhysical);
  int count = 0;
  while (names != NULL && names[count] != NULL)
    ++count;
  if (names != NULL)
    jack_free(names);
  return count;
}

dt_status dt__jack_list(dt_port_devices* devices, const dt_allocator* allocator) {
  dt_port_device* device = dt__devices_add(devices, allocator, "jack", "");
  if (device == NULL)
    return DT_NO_MEMORY;
  dt__jack_be_quiet();
  dt__copy_text(device->description, sizeof device->description, "JACK server");
  jack_client_t* client = jack_client_open("doubletime-list", JackNoStartServer, NULL);
  if (client == NULL) {
    device->is_usable = false;
    dt__copy_text(device->note, sizeof device->note, "No JACK server is running");
    return DT_OK;
  }
  device->rate_low_hz = device->rate_high_hz = (int)jack_get_sample_rate(client);
  (void)snprintf(device->description, sizeof device->description, "JACK server, %u frames a period",
                 (unsigned)jack_get_buffer_size(client));
  device->in_channels = count_ports(client, JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput);
  device->out_channels = count_ports(client, JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput);
  device->midi_in_ports = count_ports(client, JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput);
  device->midi_out_ports = count_ports(client, JACK_DEFAULT_MIDI_TYPE, JackPortIsInput);
  jack_client_close(client);
  return DT_OK;
}
