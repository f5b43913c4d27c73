#include <math.h>
#include <string.h>
#include <strings.h>

#include "virtual_internal.h"

static void close_device(dt__virtual* v) {
  const dt_allocator* allocator = dt__port_allocator(v->port);
  dt__files_close(v->files);
  dt__loop_close(&v->loop, allocator);
  if (v->frames != NULL)
    dt_release(allocator, v->frames, v->frames_size);
  if (v->faults != NULL)
    dt_release(allocator, v->faults, (size_t)v->fault_count * sizeof *v->faults);
  dt_release(allocator, v, sizeof *v);
}

static dt_status no_memory(dt_error* err) {
  return dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
}

static dt_status copy_faults(dt__virtual* v, const dt_port_config* config, dt_error* err) {
  const size_t size = (size_t)config->null.fault_count * sizeof *v->faults;
  for (int i = 1; i < config->null.fault_count; ++i)
    if (config->null.faults[i].at < config->null.faults[i - 1].at)
      return dt_fail(err, DT_BAD_ARGUMENT, "The faults are not in the order of their frames");
  if (size == 0)
    return DT_OK;
  v->faults = dt_alloc(dt__port_allocator(v->port), size);
  if (v->faults == NULL)
    return no_memory(err);
  memcpy(v->faults, config->null.faults, size);
  v->fault_count = config->null.fault_count;
  return DT_OK;
}

static dt_status fill_device(dt__virtual* v, const dt_port_config* config, dt_error* err) {
  const dt_allocator* allocator = dt__port_allocator(v->port);
  dt_port_info* info = &v->port->info;
  info->rate_hz = config->rate_hz;
  info->in_channels = config->in_channels;
  v->files = dt__files_open(config, allocator, &info->rate_hz, &info->in_channels, err);
  if (v->files == NULL)
    return err != NULL ? err->status : DT_IO;
  if (info->rate_hz == 0)
    info->rate_hz = 48000;
  info->out_channels = config->out_channels;
  info->period_frames = config->period_frames > 0 ? config->period_frames : 256;
  info->block_frames_max = info->period_frames;
  info->has_midi_in = true;
  info->has_midi_out = true;
  info->has_midi_stamps = true;
  const int loops = info->in_channels < info->out_channels ? info->in_channels : info->out_channels;
  if (dt__loop_open(&v->loop, allocator, config->null.loopback_delay_frames, loops,
                    info->period_frames) != DT_OK)
    return no_memory(err);
  v->frames_size = (size_t)(info->in_channels + info->out_channels + 1) *
                   (size_t)info->period_frames * sizeof(float);
  v->frames = dt_alloc_zero(allocator, v->frames_size);
  return v->frames != NULL ? copy_faults(v, config, err) : no_memory(err);
}

static dt_status check_null(const dt_port_config* config, dt_error* err) {
  if (config->null.speed < 0 || config->null.loopback_delay_frames < 0 ||
      config->null.loopback_delay_frames > 1 << 24 || config->null.fault_count < 0 ||
      config->null.jitter_us < 0)
    return dt_fail(err, DT_BAD_ARGUMENT,
                   "Speed, loopback delay, jitter and faults of the device cannot be negative");
  return DT_OK;
}

static dt_status open_virtual(dt_port* port, const dt_port_config* config, double speed,
                              dt_error* err) {
  dt_error own = {.status = DT_OK};
  if (check_null(config, err) != DT_OK)
    return DT_BAD_ARGUMENT;
  dt__virtual* v = dt_alloc_zero(config->allocator, sizeof *v);
  if (v == NULL)
    return no_memory(err);
  v->port = port;
  v->speed = isnan(config->null.speed) ? speed : config->null.speed;
  v->jitter_us = config->null.jitter_us;
  v->rng = dt_rng_seeded(config->null.seed, 1);
  v->capture_latency_frames = config->null.capture_latency_frames;
  v->playback_latency_frames = config->null.playback_latency_frames;
  v->input = config->null.input;
  v->output = config->null.output;
  v->context = config->null.context;
  const dt_status status = fill_device(v, config, &own);
  if (status != DT_OK) {
    close_device(v);
    return dt_fail(err, status, "%s", own.sentence);
  }
  v->length_frames =
      config->null.length_frames > 0 ? config->null.length_frames : dt__files_length(v->files);
  port->device = v;
  return DT_OK;
}

static dt_status open_null(dt_port* port, const dt_port_config* config, const char* name,
                           dt_error* err) {
  if (name[0])
    return dt_fail(err, DT_NOT_FOUND, "There is one null device, \"null\"; not \"%.60s\"", name);
  dt__device_name(port->info.device, "null", "");
  dt__copy_text(port->info.description, sizeof port->info.description,
                "No device: silence in, nothing heard");
  return open_virtual(port, config, 1.0, err);
}

static bool is_midi(const char* path) {
  const size_t length = strlen(path);
  return length > 4 && strcasecmp(path + length - 4, ".mid") == 0;
}

static dt_status open_file(dt_port* port, const dt_port_config* config, const char* name,
                           dt_error* err) {
  dt_port_config named = *config;
  if (name[0] && is_midi(name))
    named.null.midi_in = name;
  else if (name[0])
    named.null.sound_in = name;
  if (named.null.sound_in == NULL && named.null.midi_in == NULL && named.null.length_frames <= 0)
    return dt_fail(err, DT_BAD_ARGUMENT, "Name a file to play (file:take.wav), or a length");
  dt__device_name(port->info.device, "file", name);
  dt__copy_text(port->info.description, sizeof port->info.description,
                "Files in place of a microphone and a loudspeaker");
  return open_virtual(port, &named, (double)INFINITY, err);
}

static dt_status start_virtual(dt_port* port, dt_error* err) {
  dt__virtual* v = port->device;
  if (v->speed > 0 && !isinf(v->speed))
    v->begin_us = dt__now_us();
  if (v->speed == 0.0)
    return DT_OK;
  if (pthread_create(&v->thread, NULL, dt__virtual_run, v) != 0)
    return dt_fail(err, DT_NO_MEMORY, "No thread can be started for the device");
  return DT_OK;
}

static dt_status stop_virtual(dt_port* port, dt_error* err) {
  dt__virtual* v = port->device;
  atomic_store(&v->shall_stop, true);
  if (v->speed != 0.0)
    pthread_join(v->thread, NULL);
  return dt__files_finish(v->files, err);
}

static void close_virtual(dt_port* port) {
  close_device(port->device);
}

static bool step_virtual(dt_port* port, dt_frame frame_count) {
  dt__virtual* v = port->device;
  if (v->speed != 0.0)
    return false;
  v->step_until += frame_count;
  while (!v->has_ended && v->at + port->info.period_frames <= v->step_until)
    (void)dt__virtual_advance(v);
  /* The last block of a device that ends may be short. */
  while (!v->has_ended && v->length_frames > 0 && v->length_frames <= v->step_until)
    (void)dt__virtual_advance(v);
  return !v->has_ended;
}

static dt_status list_null(dt_port_devices* devices, const dt_allocator* allocator) {
  dt_port_device* device = dt__devices_add(devices, allocator, "null", "");
  if (device == NULL)
    return DT_NO_MEMORY;
  dt__copy_text(device->description, sizeof device->description,
                "No device: silence in, nothing heard");
  device->in_channels = device->out_channels = DT_PORT_CHANNELS_MAX;
  device->rate_low_hz = 4000;
  device->rate_high_hz = 768000;
  device->midi_in_ports = device->midi_out_ports = 1;
  return DT_OK;
}

static dt_status list_file(dt_port_devices* devices, const dt_allocator* allocator) {
  dt_port_device* device = dt__devices_add(devices, allocator, "file", "");
  if (device == NULL)
    return DT_NO_MEMORY;
  dt__copy_text(device->description, sizeof device->description,
                "Files in place of a microphone and a loudspeaker");
  device->in_channels = device->out_channels = DT_PORT_CHANNELS_MAX;
  device->rate_low_hz = 4000;
  device->rate_high_hz = 768000;
  device->midi_in_ports = device->midi_out_ports = 1;
  return DT_OK;
}

const dt__backend dt__null_backend = {"null",        open_null,    start_virtual, stop_virtual,
                                      close_virtual, step_virtual, NULL,          list_null};
const dt__backend dt__file_backend = {"file",        open_file,    start_virtual, stop_virtual,
                                      close_virtual, step_virtual, NULL,          list_file};
