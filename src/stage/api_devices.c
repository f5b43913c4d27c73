#include <string.h>

#include "api_internal.h"
#include "dt/home.h"
#include "dt/home_setup.h"
#include "dt/port.h"

static void read_setup(const dt__api* api, dt_setup* setup) {
  char path[DT_HOME_PATH];
  dt_error err = {0};
  if (!dt__api_setup(api, path) ||
      dt_setup_read(setup, path, &err) != DT_OK) /* a damaged one chooses nothing */
    memset(setup, 0, sizeof *setup);
}

static void put_count(dt_json* json, const char* key, int count) {
  if (count < 0)
    dt_json_null(json, key);
  else
    dt_json_int(json, key, count);
}

static void put_device(dt_json* json, const dt_port_device* device, bool is_chosen) {
  const bool has_rate = device->rate_low_hz > 0;
  dt_json_begin_object(json, NULL);
  dt_json_string(json, "name", device->device);
  dt_json_string(json, "text", device->description[0] ? device->description : device->note);
  dt_json_string(json, "backend", device->backend);
  dt_json_bool(json, "is_chosen", is_chosen);
  dt_json_bool(json, "is_usable", device->is_usable);
  dt_json_string(json, "note", device->note[0] ? device->note : NULL);
  put_count(json, "in_channels", device->in_channels);
  put_count(json, "out_channels", device->out_channels);
  put_count(json, "rate_low_hz", has_rate ? device->rate_low_hz : -1);
  put_count(json, "rate_high_hz", has_rate ? device->rate_high_hz : -1);
  dt_json_end_object(json);
}

static void put_midi(dt_json* json, const char* name, const char* text, const dt_setup* setup) {
  dt_json_begin_object(json, NULL);
  dt_json_string(json, "name", name);
  dt_json_string(json, "text", text);
  dt_json_bool(json, "is_chosen", strcmp(setup->midi, name) == 0);
  dt_json_end_object(json);
}

/* "any", and what devices have MIDI in; one that was chosen and is away stays in the list. */
static void put_midi_list(dt_json* json, const dt_port_devices* devices, const dt_setup* setup) {
  bool is_there =
      !setup->midi[0] || strcmp(setup->midi, "any") == 0 || strcmp(setup->midi, "none") == 0;
  dt_json_begin_array(json, "midi");
  put_midi(json, "any", "Whatever is plugged in", setup);
  for (size_t i = 0; i < devices->count; i++) {
    const dt_port_device* device = &devices->items[i];
    if (device->midi_in_ports <= 0 || strcmp(device->backend, "alsa") != 0)
      continue;
    const char* name = strchr(device->device, ':');
    name = name ? name + 1 : device->device;
    put_midi(json, name, device->description, setup);
    is_there = is_there || strcmp(setup->midi, name) == 0;
  }
  if (!is_there)
    put_midi(json, setup->midi, "As chosen before", setup);
  dt_json_end_array(json);
}

void dt__answer_devices(dt__api* api, const dt__request* request, const dt__parts* parts,
                        dt__reply* reply) {
  dt_port_devices devices = {.items = NULL};
  dt_setup setup;
  (void)request;
  (void)parts;
  read_setup(api, &setup);
  if (dt_port_list(&devices, NULL) != DT_OK) {
    dt_port_devices_clear(&devices, NULL);
    dt__reply_full(reply);
    return;
  }
  dt_json json = dt__reply_json(reply);
  dt_json_begin_object(&json, NULL);
  dt_json_begin_array(&json, "sound");
  for (size_t i = 0; i < devices.count; i++)
    put_device(&json, &devices.items[i],
               setup.device[0] && strcmp(devices.items[i].device, setup.device) == 0);
  dt_json_end_array(&json);
  put_midi_list(&json, &devices, &setup);
  dt_json_end_object(&json);
  dt_port_devices_clear(&devices, NULL);
  dt__reply_end(reply, &json);
}
