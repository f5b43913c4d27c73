#include <string.h>

#include "command.h"
#include "dt/json.h"
#include "dt/port.h"
#include "output.h"
#include "paper.h"

typedef struct devices_values {
  const char* json;
} devices_values;

#define AT(field) offsetof(devices_values, field)

const dt__option dt__devices_options[] = {
    {'j', "json", "FILE", "Write the list as JSON", DT__FILE_OUT, AT(json), 0, 0, NULL},
    DT__OPTION_END,
};

/* "2", "-" for none, "?" where it is not known. */
static void put_count(dt__paper* paper, int width, int count) {
  if (count < 0)
    dt__write(paper, "%*s", width, "?");
  else if (count == 0)
    dt__write(paper, "%*s", width, "-");
  else
    dt__write(paper, "%*d", width, count);
}

static void put_rates(dt__paper* paper, const dt_port_device* device) {
  char text[32] = "?";
  if (device->rate_low_hz > 0 && device->rate_low_hz == device->rate_high_hz)
    (void)snprintf(text, sizeof text, "%d", device->rate_low_hz);
  else if (device->rate_low_hz > 0)
    (void)snprintf(text, sizeof text, "%d-%d", device->rate_low_hz, device->rate_high_hz);
  dt__write(paper, " %13s", text);
}

static void put_device(dt__paper* paper, const dt_port_device* device) {
  dt__write(paper, "%-16s", device->device);
  if (device->is_usable) {
    put_count(paper, 4, device->in_channels);
    put_count(paper, 4, device->out_channels);
    put_count(paper, 5, device->midi_in_ports);
    put_count(paper, 5, device->midi_out_ports);
    put_rates(paper, device);
    dt__write(paper, "  %s", device->description);
    if (device->note[0])
      dt__write(paper, ". %s", device->note);
  } else {
    dt__write(paper, "%33s%s", "", device->note);
  }
  dt__write(paper, "\n");
}

static dt_status write_text(void* context, dt_sink sink) {
  const dt_port_devices* devices = context;
  dt__paper paper = {sink, DT_OK};
  dt__write(&paper, "%-16s%4s%4s%5s%5s %13s  %s\n", "device", "in", "out", "midi", "midi",
            "rate Hz", "what it is");
  dt__write(&paper, "%-16s%4s%4s%5s%5s\n", "", "", "", "in", "out");
  for (size_t i = 0; i < devices->count; ++i)
    put_device(&paper, &devices->items[i]);
  return paper.status;
}

static void json_count(dt_json* json, const char* key, int count) {
  if (count < 0)
    dt_json_null(json, key);
  else
    dt_json_int(json, key, count);
}

static void json_rate(dt_json* json, const char* key, int rate_hz) {
  json_count(json, key, rate_hz > 0 ? rate_hz : -1);
}

static dt_status write_json(void* context, dt_sink sink) {
  const dt_port_devices* devices = context;
  dt_json json = {.sink = sink};
  dt_json_begin_object(&json, NULL);
  dt_json_string(&json, "schema", "doubletime.devices/1");
  dt_json_string(&json, "version", DT__VERSION);
  dt_json_begin_array(&json, "devices");
  for (size_t i = 0; i < devices->count; ++i) {
    const dt_port_device* device = &devices->items[i];
    dt_json_begin_object(&json, NULL);
    dt_json_string(&json, "device", device->device);
    dt_json_string(&json, "backend", device->backend);
    dt_json_string(&json, "description", device->description);
    dt_json_bool(&json, "is_usable", device->is_usable);
    dt_json_string(&json, "note", device->note[0] ? device->note : NULL);
    json_count(&json, "in_channels", device->in_channels);
    json_count(&json, "out_channels", device->out_channels);
    json_rate(&json, "rate_low_hz", device->rate_low_hz);
    json_rate(&json, "rate_high_hz", device->rate_high_hz);
    dt_json_int(&json, "midi_in_ports", device->midi_in_ports);
    dt_json_int(&json, "midi_out_ports", device->midi_out_ports);
    dt_json_end_object(&json);
  }
  dt_json_end_array(&json);
  dt_json_end_object(&json);
  return dt_json_finish(&json);
}

int dt__devices_command(int argc, char** argv, dt__globals* globals) {
  devices_values values;
  dt_port_devices devices;
  const char* operand = NULL;
  int status = DT__DONE;
  memset(&values, 0, sizeof values);
  memset(&devices, 0, sizeof devices);
  if (!dt__command_begin("devices", &values, globals, argc, argv, &operand, &status))
    return status;
  if (dt_port_list(&devices, NULL) != DT_OK) {
    dt_port_devices_clear(&devices, NULL);
    return dt__world_error(NULL, DT_NO_MEMORY, NULL);
  }
  const dt__output outputs[] = {{"--json", values.json, write_json, &devices}};
  status = dt__outputs_write(outputs, 1);
  if (status == DT__DONE && !dt__outputs_silence_text(outputs, 1, globals))
    status = dt__print(write_text, &devices);
  dt_port_devices_clear(&devices, NULL);
  return status;
}
