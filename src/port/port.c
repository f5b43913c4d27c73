#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "port_internal.h"

dt_port_config dt_port_config_default(void) {
  dt_port_config config;
  memset(&config, 0, sizeof config);
  config.period_frames = 256;
  config.in_channels = 1;
  config.out_channels = 2;
  config.retry_ms = 100;
  config.jack.client_name = "doubletime";
  config.alsa.periods = 3;
  config.null.speed = (double)NAN; /* each of the two has its own */
  return config;
}

const dt_allocator* dt__port_allocator(const dt_port* port) {
  return port->has_allocator ? &port->allocator : NULL;
}

int64_t dt__now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void dt__raise_thread(pthread_t thread) {
  const struct sched_param wanted = {.sched_priority = 20};
  (void)pthread_setschedparam(thread, SCHED_FIFO, &wanted);
}

void dt__sleep_until_us(int64_t due_us) {
  const struct timespec due = {.tv_sec = due_us / 1000000, .tv_nsec = due_us % 1000000 * 1000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) != 0 && dt__now_us() < due_us)
    ;
}

void dt__copy_text(char* to, size_t size, const char* from) {
  const size_t length = strlen(from) < size ? strlen(from) : size - 1;
  memcpy(to, from, length);
  to[length] = '\0';
}

void dt__device_name(char to[DT_PORT_NAME_MAX], const char* backend, const char* name) {
  (void)snprintf(to, DT_PORT_NAME_MAX, name[0] ? "%s:%s" : "%s%s", backend, name);
}

static const dt__backend* const backends[] = {&dt__jack_backend, &dt__alsa_backend,
                                              &dt__null_backend, &dt__file_backend};
enum { BACKEND_COUNT = sizeof backends / sizeof backends[0] };

/* "jack" or "jack:NAME"; *name is then NAME, or "". */
static const dt__backend* backend_named(const char* device, const char** name) {
  const size_t length = strcspn(device, ":");
  *name = device[length] ? device + length + 1 : "";
  for (int i = 0; i < BACKEND_COUNT; ++i)
    if (strlen(backends[i]->name) == length && strncmp(backends[i]->name, device, length) == 0)
      return backends[i];
  return NULL;
}

static dt_status check(const dt_port_config* config, dt_error* err) {
  if (config->in_channels < 0 || config->in_channels > DT_PORT_CHANNELS_MAX ||
      config->out_channels < 0 || config->out_channels > DT_PORT_CHANNELS_MAX)
    return dt_fail(err, DT_BAD_ARGUMENT, "A device has from 0 to %d channels",
                   DT_PORT_CHANNELS_MAX);
  if (config->rate_hz != 0 && (config->rate_hz < 4000 || config->rate_hz > 768000))
    return dt_fail(err, DT_BAD_ARGUMENT, "A sample rate is from 4000 to 768000 Hz, not %d",
                   config->rate_hz);
  if (config->period_frames < 0 || config->period_frames > DT_PORT_BLOCK_MAX)
    return dt_fail(err, DT_BAD_ARGUMENT, "A period is from 1 to %d frames, not %d",
                   DT_PORT_BLOCK_MAX, config->period_frames);
  return DT_OK;
}

static dt_port* open_with(const dt__backend* backend, const char* name,
                          const dt_port_config* config, dt_error* err) {
  dt_port* port = dt_alloc_zero(config->allocator, sizeof *port);
  if (port == NULL) {
    (void)dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
    return NULL;
  }
  port->has_allocator = config->allocator != NULL;
  if (port->has_allocator)
    port->allocator = *config->allocator;
  port->backend = backend;
  port->retry_ms = config->retry_ms > 0 ? config->retry_ms : 100;
  if (backend->open(port, config, name, err) != DT_OK) {
    dt_release(config->allocator, port, sizeof *port);
    return NULL;
  }
  dt__core_init(&port->core, &port->info);
  return port;
}

dt_port* dt_port_open(const dt_port_config* config, dt_error* err) {
  if (check(config, err) != DT_OK)
    return NULL;
  if (config->device != NULL) {
    const char* name = NULL;
    const dt__backend* backend = backend_named(config->device, &name);
    if (backend != NULL)
      return open_with(backend, name, config, err);
    (void)dt_fail(
        err, DT_NOT_FOUND,
        "There is no kind of device called \"%.60s\"; there are jack, alsa, null and file",
        config->device);
    return NULL;
  }
  dt_error first = {.status = DT_OK};
  dt_port* port = open_with(&dt__jack_backend, "", config, &first);
  if (port == NULL && (first.status == DT_NOT_FOUND || first.status == DT_UNSUPPORTED))
    return open_with(&dt__alsa_backend, "", config, err);
  if (port == NULL && err != NULL)
    *err = first;
  return port;
}

const dt_port_info* dt_port_info_of(const dt_port* port) {
  return &port->info;
}

dt_status dt_port_start(dt_port* port, dt_port_process_fn process, void* context, dt_error* err) {
  if (port->is_started)
    return dt_fail(err, DT_BAD_ARGUMENT, "The device was started before");
  port->core.process = process;
  port->core.context = context;
  dt__core_condition(&port->core, DT_PORT_RUNNING, "");
  const dt_status status = port->backend->start(port, err);
  port->is_started = status == DT_OK;
  if (status != DT_OK)
    dt__core_condition(&port->core, DT_PORT_READY, "");
  return status;
}

dt_status dt_port_stop(dt_port* port, dt_error* err) {
  if (!port->is_started || port->is_stopped)
    return DT_OK;
  port->is_stopped = true;
  const dt_status status = port->backend->stop(port, err);
  dt_port_state state;
  dt_port_look(port, &state);
  if (state.condition != DT_PORT_FAILED && state.condition != DT_PORT_ENDED)
    dt__core_condition(&port->core, DT_PORT_ENDED, "");
  return status;
}

void dt_port_close(dt_port* port) {
  if (port == NULL)
    return;
  (void)dt_port_stop(port, NULL);
  port->backend->close(port);
  const dt_allocator allocator = port->allocator;
  dt_release(port->has_allocator ? &allocator : NULL, port, sizeof *port);
}

bool dt_port_step(dt_port* port, dt_frame frame_count) {
  if (!port->is_started || port->is_stopped || port->backend->step == NULL)
    return false;
  return port->backend->step(port, frame_count);
}

dt_status dt_port_transport(dt_port* port, dt_port_transport_ask ask, dt_frame frame) {
  if (port->backend->transport == NULL)
    return DT_UNSUPPORTED;
  return port->backend->transport(port, ask, frame);
}

bool dt_port_wait(dt_port* port, int timeout_ms) {
  const int64_t until_us = dt__now_us() + (int64_t)timeout_ms * 1000;
  for (;;) {
    const int condition = atomic_load(&port->core.counters.condition);
    if (condition == DT_PORT_ENDED || condition == DT_PORT_FAILED)
      return true;
    const int64_t now_us = dt__now_us();
    if (now_us >= until_us)
      return false;
    dt__sleep_until_us(now_us + 2000 < until_us ? now_us + 2000 : until_us);
  }
}

/* ---------------------------------------------------------------- what there is */

dt_port_device* dt__devices_add(dt_port_devices* devices, const dt_allocator* allocator,
                                const char* backend, const char* name) {
  if (devices->count == devices->capacity) {
    const size_t capacity = devices->capacity ? 2 * devices->capacity : 8;
    dt_port_device* items = dt_resize(allocator, devices->items, devices->capacity * sizeof *items,
                                      capacity * sizeof *items);
    if (items == NULL)
      return NULL;
    devices->items = items;
    devices->capacity = capacity;
  }
  dt_port_device* device = &devices->items[devices->count++];
  memset(device, 0, sizeof *device);
  device->is_usable = true;
  device->in_channels = device->out_channels = -1;
  dt__copy_text(device->backend, sizeof device->backend, backend);
  dt__device_name(device->device, backend, name);
  return device;
}

dt_status dt_port_list(dt_port_devices* devices, const dt_allocator* allocator) {
  for (int i = 0; i < BACKEND_COUNT; ++i) {
    const dt_status status = backends[i]->list(devices, allocator);
    if (status != DT_OK)
      return status;
  }
  return DT_OK;
}

void dt_port_devices_clear(dt_port_devices* devices, const dt_allocator* allocator) {
  dt_release(allocator, devices->items, devices->capacity * sizeof *devices->items);
  memset(devices, 0, sizeof *devices);
}
