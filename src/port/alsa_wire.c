#include <alsa/asoundlib.h>
#include <errno.h>

#include "alsa_internal.h"

/* Kernel stamps, where the library and the kernel (from 5.14 on) offer them. */
static bool ask_for_stamps(snd_rawmidi_t* midi) {
  snd_rawmidi_params_t* params = NULL;
  if (snd_rawmidi_params_malloc(&params) != 0)
    return false;
  const bool has_stamps =
      snd_rawmidi_params_current(midi, params) == 0 &&
      snd_rawmidi_params_set_read_mode(midi, params, SND_RAWMIDI_READ_TSTAMP) == 0 &&
      snd_rawmidi_params_set_clock_type(midi, params, SND_RAWMIDI_CLOCK_MONOTONIC) == 0 &&
      snd_rawmidi_params(midi, params) == 0;
  snd_rawmidi_params_free(params);
  return has_stamps;
}

static dt_status open_alsa(dt__wire* wire, dt_error* err) {
  snd_rawmidi_t* midi = NULL;
  const int code = wire->is_out ? snd_rawmidi_open(NULL, &midi, wire->name, SND_RAWMIDI_NONBLOCK)
                                : snd_rawmidi_open(&midi, NULL, wire->name, SND_RAWMIDI_NONBLOCK);
  if (code < 0)
    return dt__alsa_fails(err, code, "MIDI device", wire->name);
  wire->device = midi;
  if (wire->is_out)
    return DT_OK;
  wire->has_stamps = ask_for_stamps(midi);
  if (wire->has_stamps)
    return DT_OK;
  /* What was asked for and refused may have stuck: open afresh. */
  snd_rawmidi_close(midi);
  const int again = snd_rawmidi_open(&midi, NULL, wire->name, SND_RAWMIDI_NONBLOCK);
  wire->device = midi;
  return again == 0 ? DT_OK : dt__alsa_fails(err, again, "MIDI device", wire->name);
}

static void close_alsa(dt__wire* wire) {
  snd_rawmidi_close(wire->device);
}

static int polls_of_alsa(dt__wire* wire, struct pollfd* polls) {
  const int count = snd_rawmidi_poll_descriptors(wire->device, polls, DT__WIRE_POLLS);
  return count > 0 ? count : 0;
}

static ptrdiff_t read_alsa(dt__wire* wire, uint8_t* bytes, size_t size, int64_t* at_us) {
  struct timespec stamp = {0, 0};
  const ssize_t got = wire->has_stamps ? snd_rawmidi_tread(wire->device, &stamp, bytes, size)
                                       : snd_rawmidi_read(wire->device, bytes, size);
  *at_us = wire->has_stamps && stamp.tv_sec != 0
               ? (int64_t)stamp.tv_sec * 1000000 + stamp.tv_nsec / 1000
               : dt__now_us();
  if (got >= 0)
    return got;
  return got == -EAGAIN || got == -EINTR ? 0 : -1;
}

static ptrdiff_t write_alsa(dt__wire* wire, const uint8_t* bytes, size_t size) {
  const ssize_t put = snd_rawmidi_write(wire->device, bytes, size);
  if (put >= 0)
    return put;
  return put == -EAGAIN || put == -EINTR ? 0 : -1;
}

const dt__wire_kind dt__alsa_wire = {open_alsa, close_alsa, polls_of_alsa, read_alsa, write_alsa};
