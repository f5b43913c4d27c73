#include <alsa/asoundlib.h>
#include <errno.h>
#include <string.h>

#include "alsa_internal.h"

static bool is_stopped(dt__alsa* alsa) {
  return atomic_load(&alsa->shall_stop);
}

static int64_t us_of(const dt__alsa* alsa, int frame_count) {
  return (int64_t)frame_count * 1000000 / alsa->port->info.rate_hz;
}

static void make_block(dt__alsa* alsa, int64_t clock_us) {
  dt_port* port = alsa->port;
  const dt_port_info* info = &port->info;
  const int frame_count = info->period_frames;
  float* in[DT_PORT_CHANNELS_MAX];
  float* out[DT_PORT_CHANNELS_MAX];
  const float* const_in[DT_PORT_CHANNELS_MAX];
  const float* const_out[DT_PORT_CHANNELS_MAX];
  for (int c = 0; c < info->in_channels; ++c)
    const_in[c] = in[c] = alsa->frames + (ptrdiff_t)c * frame_count;
  for (int c = 0; c < info->out_channels; ++c)
    const_out[c] = out[c] = alsa->frames + (ptrdiff_t)(info->in_channels + c) * frame_count;
  if (info->in_channels > 0)
    dt__convert_in(in, alsa->capture.bytes, alsa->capture.format, info->in_channels, frame_count);
  const int waiting = alsa->playback.buffer_frames - frame_count;
  const dt__cycle cycle = {
      .frame_count = frame_count,
      .device_frame = alsa->device_frame,
      .clock_us = clock_us,
      .in = const_in,
      .out = out,
      .is_by_clock = alsa->is_by_clock,
      .is_return = alsa->is_return,
      .capture_latency_frames = frame_count,
      .playback_latency_frames = waiting > 0 ? waiting : 0,
  };
  alsa->is_by_clock = alsa->is_return = false;
  alsa->device_frame += frame_count;
  /* Struck while these frames were captured; heard with these frames. */
  dt__cable_receive(&alsa->cable, &port->core, clock_us - us_of(alsa, frame_count), frame_count);
  const int64_t began_us = dt__now_us();
  dt__core_block(&port->core, &cycle);
  dt__core_timed(&port->core, clock_us, began_us, dt__now_us());
  atomic_store(&port->core.counters.last_us, began_us);
  dt__cable_send(&alsa->cable, &port->core, clock_us + us_of(alsa, cycle.playback_latency_frames));
  if (info->out_channels > 0)
    dt__convert_out(alsa->playback.bytes, const_out, alsa->playback.format, info->out_channels,
                    frame_count);
}

/* One period of the device. Negative: the library's word for what went wrong. */
static int run_period(dt__alsa* alsa) {
  const int ready = dt__alsa_wait(alsa);
  if (ready <= 0)
    return ready;
  const dt_port_info* info = &alsa->port->info;
  const int64_t clock_us = dt__clock_filter_us(&alsa->filter, dt__alsa_period_us(alsa),
                                               info->period_frames, info->rate_hz);
  const int code = dt__alsa_read(alsa);
  if (code < 0)
    return code;
  make_block(alsa, clock_us);
  return dt__alsa_write(alsa);
}

/* Without sound, for MIDI alone: the system's clock is the device. */
static int run_by_clock(dt__alsa* alsa) {
  const dt_port_info* info = &alsa->port->info;
  if (!alsa->filter.has_begun) {
    alsa->filter.has_begun = true;
    alsa->filter.next_us = (double)dt__now_us();
  }
  const int64_t due_us = (int64_t)alsa->filter.next_us;
  dt__sleep_until_us(due_us);
  make_block(alsa, due_us);
  alsa->filter.next_us += (double)info->period_frames * 1e6 / (double)info->rate_hz;
  return 0;
}

static bool has_sound(const dt__alsa* alsa) {
  return alsa->capture.channels > 0 || alsa->playback.channels > 0;
}

static void close_sides(dt__alsa* alsa) {
  dt__alsa_close_side(&alsa->capture);
  dt__alsa_close_side(&alsa->playback);
}

/* The same as it was, or not. */
static bool open_again(dt__alsa* alsa) {
  const dt_port_info* info = &alsa->port->info;
  dt__alsa_side* sides[2] = {&alsa->capture, &alsa->playback};
  for (int s = 0; s < 2; ++s) {
    if (sides[s]->channels == 0)
      continue;
    const dt__alsa_side before = *sides[s];
    dt_error err = {.status = DT_OK};
    const dt_status status = dt__alsa_open_side(sides[s], alsa->periods, &err);
    const bool is_same = status == DT_OK && sides[s]->format == before.format &&
                         sides[s]->channels == before.channels &&
                         sides[s]->period_frames == before.period_frames;
    if (!is_same) {
      close_sides(alsa);
      *sides[s] = before;
      sides[s]->pcm = NULL;
      if (status == DT_OK || status == DT_UNSUPPORTED)
        dt__core_condition(&alsa->port->core, DT_PORT_FAILED,
                           "The sound device came back with other properties");
      return false;
    }
  }
  atomic_store(&alsa->port->core.counters.device_rate_hz, info->rate_hz);
  alsa->is_linked = alsa->capture.pcm != NULL && alsa->playback.pcm != NULL &&
                    snd_pcm_link(alsa->capture.pcm, alsa->playback.pcm) == 0;
  return dt__alsa_begin(alsa) >= 0;
}

static bool has_failed(dt__alsa* alsa) {
  return atomic_load(&alsa->port->core.counters.condition) == DT_PORT_FAILED;
}

/* The device is gone: tries until it is back, or all is stopped. */
static void get_back(dt__alsa* alsa) {
  dt__core* core = &alsa->port->core;
  dt__core_condition(core, DT_PORT_GONE, "The sound device is gone; waiting for it to come back");
  close_sides(alsa);
  while (!is_stopped(alsa) && !has_failed(alsa)) {
    dt__sleep_until_us(dt__now_us() + (int64_t)alsa->port->retry_ms * 1000);
    if (!is_stopped(alsa) && open_again(alsa)) {
      alsa->is_by_clock = alsa->is_return = true;
      dt__core_condition(core, DT_PORT_RUNNING, "");
      return;
    }
    close_sides(alsa);
  }
}

/* Frames were lost, or the computer slept: begin anew. */
static int recover(dt__alsa* alsa, int code) {
  dt__count(&alsa->port->core.counters.xruns, code == -EPIPE);
  alsa->is_by_clock = true;
  return dt__alsa_begin(alsa);
}

void* dt__alsa_run(void* context) {
  dt__alsa* alsa = context;
  while (!is_stopped(alsa) && !has_failed(alsa)) {
    int code = has_sound(alsa) ? run_period(alsa) : run_by_clock(alsa);
    if (code == -EPIPE || code == -ESTRPIPE)
      code = recover(alsa, code);
    if (code < 0 && code != -EAGAIN && code != -EINTR)
      get_back(alsa);
  }
  return NULL;
}
