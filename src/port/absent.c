/* What stands in for a backend that this program was built without. */

#include "port_internal.h"

#if !DT__WITH_JACK || !DT__WITH_ALSA

static void close_absent(dt_port* port) {
  (void)port;
}

static dt_status start_absent(dt_port* port, dt_error* err) {
  (void)port;
  return dt_fail(err, DT_UNSUPPORTED, "Not built in");
}

static dt_status list_absent(dt_port_devices* devices, const dt_allocator* allocator,
                             const char* backend, const char* description) {
  dt_port_device* device = dt__devices_add(devices, allocator, backend, "");
  if (device == NULL)
    return DT_NO_MEMORY;
  device->is_usable = false;
  dt__copy_text(device->description, sizeof device->description, description);
  dt__copy_text(device->note, sizeof device->note, "Not built in");
  return DT_OK;
}

#endif

#if !DT__WITH_JACK
static dt_status open_jack(dt_port* port, const dt_port_config* config, const char* name,
                           dt_error* err) {
  (void)port, (void)config, (void)name;
  return dt_fail(err, DT_UNSUPPORTED, "This program was built without JACK");
}

static dt_status list_jack(dt_port_devices* devices, const dt_allocator* allocator) {
  return list_absent(devices, allocator, "jack", "JACK and PipeWire");
}

const dt__backend dt__jack_backend = {"jack",       open_jack, start_absent, start_absent,
                                      close_absent, NULL,      NULL,         list_jack};
#endif

#if !DT__WITH_ALSA
static dt_status open_alsa(dt_port* port, const dt_port_config* config, const char* name,
                           dt_error* err) {
  (void)port, (void)config, (void)name;
  return dt_fail(err, DT_UNSUPPORTED, "This program was built without ALSA");
}

static dt_status list_alsa(dt_port_devices* devices, const dt_allocator* allocator) {
  return list_absent(devices, allocator, "alsa", "ALSA");
}

const dt__backend dt__alsa_backend = {"alsa",       open_alsa, start_absent, start_absent,
                                      close_absent, NULL,      NULL,         list_alsa};
#endif
