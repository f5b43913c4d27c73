#include <math.h>
#include <string.h>

#include "virtual_internal.h"

/* A stop is heard within this. */
#define NAP_US 20000

static bool is_real_time(const dt__virtual* v) {
  return v->speed == 1.0;
}

static void fetch(dt__virtual* v, int frame_count, float* const* in) {
  dt_port_midi_list* midi = &v->port->core.midi_in;
  if (v->input != NULL)
    v->input(v->context, v->at, frame_count, in, midi);
  dt__files_read(v->files, v->at, frame_count, in, midi);
  dt__loop_read(&v->loop, v->at, frame_count, in, midi);
}

static void hand_out(dt__virtual* v, int frame_count, const float* const* out) {
  const dt_port_midi_list* midi = &v->port->core.midi_out;
  if (v->output != NULL)
    v->output(v->context, v->at, frame_count, out, midi->items, midi->count);
  dt__files_write(v->files, v->at, frame_count, out, midi);
  dt__loop_write(&v->loop, v->at, frame_count, out, midi);
}

/* When the callback ran: really, or as it would have. */
static void note_timing(dt__virtual* v, int64_t due_us, int64_t began_us) {
  dt__core* core = &v->port->core;
  if (is_real_time(v)) {
    dt__core_timed(core, due_us, began_us, dt__now_us());
    atomic_store(&core->counters.last_us, began_us);
  } else {
    dt__core_timed(core, due_us, due_us + v->late_us, due_us + v->late_us);
  }
  v->late_us = 0;
}

static void make_block(dt__virtual* v, int frame_count) {
  const dt_port_info* info = &v->port->info;
  float* in[DT_PORT_CHANNELS_MAX];
  float* out[DT_PORT_CHANNELS_MAX];
  const float* const_in[DT_PORT_CHANNELS_MAX];
  const float* const_out[DT_PORT_CHANNELS_MAX];
  memset(v->frames, 0, v->frames_size);
  for (int c = 0; c < info->in_channels; ++c)
    const_in[c] = in[c] = v->frames + (ptrdiff_t)c * info->period_frames;
  for (int c = 0; c < info->out_channels; ++c)
    const_out[c] = out[c] = v->frames + (ptrdiff_t)(info->in_channels + c) * info->period_frames;
  fetch(v, frame_count, in);
  const int64_t due_us = v->begin_us + (int64_t)v->clock_us;
  const dt__cycle cycle = {
      .frame_count = frame_count,
      .device_frame = v->device_frame - v->glitch_frames,
      .clock_us = due_us,
      .in = const_in,
      .out = out,
      .is_by_clock = v->is_return,
      .is_return = v->is_return,
      .capture_latency_frames = v->capture_latency_frames,
      .playback_latency_frames = v->playback_latency_frames,
  };
  v->is_return = false;
  v->glitch_frames = 0;
  const int64_t began_us = is_real_time(v) ? dt__now_us() : 0;
  dt__core_block(&v->port->core, &cycle);
  note_timing(v, due_us, began_us);
  hand_out(v, frame_count, const_out);
}

static void come_back(dt__virtual* v) {
  dt__core* core = &v->port->core;
  v->absent_until = 0;
  if (v->returns_with_hz != 0 && v->returns_with_hz != v->port->info.rate_hz) {
    atomic_store(&core->counters.device_rate_hz, v->returns_with_hz);
    dt__core_condition(core, DT_PORT_FAILED, "The device came back at another sample rate");
    v->has_ended = true;
    return;
  }
  v->returns_with_hz = 0;
  v->device_frame = 0;
  v->is_return = true;
  dt__core_condition(core, DT_PORT_RUNNING, "");
}

static int frames_until(const dt__virtual* v, dt_frame until) {
  const dt_frame left = until - v->at;
  return left < v->port->info.period_frames ? (int)left : v->port->info.period_frames;
}

bool dt__virtual_advance(dt__virtual* v) {
  dt__virtual_faults(v);
  if (v->length_frames > 0 && v->at >= v->length_frames && !v->has_ended) {
    v->has_ended = true;
    dt__core_condition(&v->port->core, DT_PORT_ENDED, "");
  }
  if (v->has_ended)
    return false;
  if (v->absent_until != 0) {
    const int passing = frames_until(v, v->absent_until);
    dt__loop_lose(&v->loop, v->at, passing);
    dt__virtual_pass(v, passing);
    if (v->at >= v->absent_until)
      come_back(v);
    return !v->has_ended;
  }
  const int frame_count =
      v->length_frames > 0 ? frames_until(v, v->length_frames) : v->port->info.period_frames;
  make_block(v, frame_count);
  dt__virtual_pass(v, frame_count);
  return true;
}

static void wait_for(dt__virtual* v) {
  if (isinf(v->speed))
    return;
  if (v->jitter_us > 0)
    v->late_us += (int64_t)dt_rng_below(&v->rng, (uint32_t)v->jitter_us + 1);
  const int64_t due_us = v->begin_us + (int64_t)(v->clock_us / v->speed) + v->late_us;
  for (;;) {
    const int64_t now_us = dt__now_us();
    if (now_us >= due_us || atomic_load(&v->shall_stop))
      return;
    dt__sleep_until_us(due_us - now_us < NAP_US ? due_us : now_us + NAP_US);
  }
}

void* dt__virtual_run(void* context) {
  dt__virtual* v = context;
  bool goes_on = true;
  while (goes_on && !atomic_load(&v->shall_stop)) {
    /* First, so that a callback that comes late or early, or after lost frames, does. */
    dt__virtual_faults(v);
    wait_for(v);
    if (!atomic_load(&v->shall_stop))
      goes_on = dt__virtual_advance(v);
  }
  return NULL;
}
