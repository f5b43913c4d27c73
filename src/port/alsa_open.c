#include <alsa/asoundlib.h>
#include <stdio.h>
#include <string.h>

#include "alsa_list.h"

static void close_all(dt__alsa* alsa) {
  const dt_allocator* allocator = dt__port_allocator(alsa->port);
  dt__cable_close(&alsa->cable);
  dt__alsa_side* sides[2] = {&alsa->capture, &alsa->playback};
  for (int s = 0; s < 2; ++s) {
    dt__alsa_close_side(sides[s]);
    dt_release(allocator, sides[s]->bytes, sides[s]->bytes_size);
  }
  dt_release(allocator, alsa->frames, alsa->frames_size);
  dt_release(allocator, alsa, sizeof *alsa);
}

static dt_status no_memory(dt_error* err) {
  return dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
}

static void name_side(dt__alsa_side* side, const char* own, const char* device, int channels) {
  const char* name = own != NULL && own[0] ? own : device[0] ? device : "default";
  dt__copy_text(side->name, sizeof side->name, name);
  side->channels = channels;
}

/* Playback takes the rate and the period that capture came to. */
static dt_status open_sides(dt__alsa* alsa, const dt_port_config* config, dt_error* err) {
  dt__alsa_side* sides[2] = {&alsa->capture, &alsa->playback};
  int rate_hz = config->rate_hz;
  int period_frames = config->period_frames > 0 ? config->period_frames : 256;
  for (int s = 0; s < 2; ++s) {
    if (sides[s]->channels == 0)
      continue;
    sides[s]->rate_hz = rate_hz;
    sides[s]->period_frames = period_frames;
    const dt_status status = dt__alsa_open_side(sides[s], alsa->periods, err);
    if (status != DT_OK)
      return status;
    if (s == 1 && alsa->capture.pcm != NULL && sides[s]->period_frames != period_frames)
      return dt_fail(err, DT_UNSUPPORTED,
                     "\"%.80s\" has periods of %d frames, \"%.80s\" of %d: choose another period",
                     alsa->capture.name, period_frames, sides[s]->name, sides[s]->period_frames);
    rate_hz = sides[s]->rate_hz;
    period_frames = sides[s]->period_frames;
  }
  dt_port_info* info = &alsa->port->info;
  info->rate_hz = rate_hz > 0 ? rate_hz : 48000;
  info->period_frames = info->block_frames_max = period_frames;
  info->in_channels = alsa->capture.channels;
  info->out_channels = alsa->playback.channels;
  alsa->is_linked = alsa->capture.pcm != NULL && alsa->playback.pcm != NULL &&
                    snd_pcm_link(alsa->capture.pcm, alsa->playback.pcm) == 0;
  return DT_OK;
}

static dt_status make_room(dt__alsa* alsa, dt_error* err) {
  const dt_allocator* allocator = dt__port_allocator(alsa->port);
  const dt_port_info* info = &alsa->port->info;
  dt__alsa_side* sides[2] = {&alsa->capture, &alsa->playback};
  for (int s = 0; s < 2; ++s) {
    sides[s]->bytes_size = (size_t)dt__sample_bytes(sides[s]->format) * (size_t)sides[s]->channels *
                               (size_t)info->period_frames +
                           1;
    sides[s]->bytes = dt_alloc_zero(allocator, sides[s]->bytes_size);
    if (sides[s]->bytes == NULL)
      return no_memory(err);
  }
  alsa->frames_size = (size_t)(info->in_channels + info->out_channels + 1) *
                      (size_t)info->period_frames * sizeof(float);
  alsa->frames = dt_alloc_zero(allocator, alsa->frames_size);
  return alsa->frames != NULL ? DT_OK : no_memory(err);
}

static dt_status name_wire(dt__wire* wire, const char* name, bool is_wanted, bool is_out,
                           dt_error* err) {
  if (!is_wanted)
    return DT_OK;
  if (name != NULL && name[0])
    dt__copy_text(wire->name, sizeof wire->name, name);
  else if (!dt__alsa_first_midi(is_out, wire->name))
    return dt_fail(err, DT_NOT_FOUND, "There is no MIDI %s", is_out ? "output" : "input");
  wire->kind = wire->name[0] == '/' ? &dt__file_wire : &dt__alsa_wire;
  return DT_OK;
}

static dt_status open_midi(dt__alsa* alsa, const dt_port_config* config, dt_error* err) {
  dt_port_info* info = &alsa->port->info;
  dt__cable* cable = &alsa->cable;
  cable->retry_ms = alsa->port->retry_ms;
  cable->is_gone = &alsa->port->core.counters.is_midi_gone;
  dt_status status = name_wire(&cable->in, config->alsa.midi_in, config->has_midi_in, false, err);
  if (status == DT_OK)
    status = name_wire(&cable->out, config->alsa.midi_out, config->has_midi_out, true, err);
  if (status == DT_OK)
    status = dt__cable_open(cable, dt__port_allocator(alsa->port), err);
  info->has_midi_in = config->has_midi_in;
  info->has_midi_out = config->has_midi_out;
  info->has_midi_stamps = cable->in.has_stamps;
  /* By arrival: when the thread woke up, or after it had sent something. */
  info->midi_uncertainty_us = !config->has_midi_in || cable->in.has_stamps ? 100 : 2000;
  return status;
}

static void describe(dt__alsa* alsa, const char* name) {
  dt_port_info* info = &alsa->port->info;
  dt__device_name(info->device, "alsa", name);
  dt__copy_text(info->description, sizeof info->description, "ALSA, MIDI alone");
  const dt__alsa_side* side = alsa->capture.pcm != NULL ? &alsa->capture : &alsa->playback;
  if (side->pcm == NULL)
    return;
  snd_pcm_info_t* about = NULL;
  dt__copy_text(info->description, sizeof info->description, side->name);
  if (snd_pcm_info_malloc(&about) != 0)
    return;
  if (snd_pcm_info(side->pcm, about) == 0 && snd_pcm_info_get_name(about)[0])
    dt__copy_text(info->description, sizeof info->description, snd_pcm_info_get_name(about));
  snd_pcm_info_free(about);
}

static dt_status open_alsa(dt_port* port, const dt_port_config* config, const char* name,
                           dt_error* err) {
  dt__alsa* alsa = dt_alloc_zero(config->allocator, sizeof *alsa);
  if (alsa == NULL)
    return no_memory(err);
  dt__alsa_be_quiet();
  alsa->port = port;
  alsa->periods = config->alsa.periods >= 2 ? config->alsa.periods : 3;
  alsa->playback.is_out = true;
  name_side(&alsa->capture, config->alsa.capture, name, config->in_channels);
  name_side(&alsa->playback, config->alsa.playback, name, config->out_channels);
  dt_status status = open_sides(alsa, config, err);
  if (status == DT_OK)
    status = make_room(alsa, err);
  if (status == DT_OK)
    status = open_midi(alsa, config, err);
  if (status != DT_OK) {
    close_all(alsa);
    return status;
  }
  describe(alsa, name);
  port->device = alsa;
  return DT_OK;
}

static dt_status start_alsa(dt_port* port, dt_error* err) {
  dt__alsa* alsa = port->device;
  const int code = dt__alsa_begin(alsa);
  if (code < 0)
    return dt__alsa_fails(err, code, "sound device", port->info.device);
  const dt_status status = dt__cable_start(&alsa->cable, err);
  if (status != DT_OK)
    return status;
  if (pthread_create(&alsa->thread, NULL, dt__alsa_run, alsa) != 0)
    return dt_fail(err, DT_NO_MEMORY, "No thread can be started for the device");
  dt__raise_thread(alsa->thread);
  return DT_OK;
}

static dt_status stop_alsa(dt_port* port, dt_error* err) {
  (void)err;
  dt__alsa* alsa = port->device;
  atomic_store(&alsa->shall_stop, true);
  pthread_join(alsa->thread, NULL);
  dt__cable_close(&alsa->cable);
  dt__alsa_close_side(&alsa->capture);
  dt__alsa_close_side(&alsa->playback);
  return DT_OK;
}

static void close_alsa(dt_port* port) {
  close_all(port->device);
}

const dt__backend dt__alsa_backend = {"alsa",     open_alsa, start_alsa, stop_alsa,
                                      close_alsa, NULL,      NULL,       dt__alsa_list};
