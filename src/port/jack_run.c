#include <jack/jack.h>
#include <jack/midiport.h>
#include <jack/transport.h>
#include <string.h>

#include "jack_internal.h"

#include "dt/rt_poison.h" /* last: see there */

/* JACK promises these for its process callback, but its headers do not carry the attribute. */
#if defined(__clang__) && __clang_major__ >= 20
#pragma clang diagnostic ignored "-Wfunction-effects"
#endif

/*
 * The server's idea of when a cycle began is smooth, and right to some microseconds, until it has
 * stood still: then its filter starts a second off and takes seconds to come near (measured with
 * jackd 1.9.21: 1 s of SIGSTOP, 993 ms off, 227 ms after 170 blocks). So it is believed only where
 * it is near the callback and its period is what it should be; else the callback's own moment
 * counts, less the usual way from one to the other.
 */
static int64_t believed_us(dt__jack* jack, int64_t cycle_us, double period_us, int64_t now_us) {
  const dt__core* core = &jack->port->core;
  const double nominal_us = (double)core->period_frames * 1e6 / (double)core->rate_hz;
  const int64_t lag_us = now_us - cycle_us;
  const bool is_steady = period_us > 0.995 * nominal_us && period_us < 1.005 * nominal_us;
  const bool is_near =
      (double)lag_us > -0.5 * nominal_us && (double)lag_us < 2 * nominal_us && cycle_us != 0;
  if (!is_steady || !is_near)
    return now_us - jack->usual_lag_us;
  jack->usual_lag_us += (lag_us - jack->usual_lag_us) / 16;
  return cycle_us;
}

static void read_times(dt__jack* jack, dt__cycle* cycle, int64_t now_us, bool is_fresh) {
  jack_nframes_t raw = 0;
  jack_time_t began_us = 0;
  jack_time_t next_us = 0;
  float period_us = 0;
  if (jack_get_cycle_times(jack->client, &raw, &began_us, &next_us, &period_us) != 0)
    raw = jack_last_frame_time(jack->client);
  /* JACK's counter has 32 bits: at 48 kHz it wraps after a day. */
  jack->device_frame =
      is_fresh ? (dt_frame)raw : jack->device_frame + (int32_t)(raw - jack->last_raw);
  jack->last_raw = raw;
  cycle->device_frame = jack->device_frame;
  cycle->clock_us = believed_us(jack, (int64_t)began_us, (double)period_us, now_us);
}

static void read_transport(dt__jack* jack, dt__cycle* cycle) {
  jack_position_t position;
  const jack_transport_state_t state = jack_transport_query(jack->client, &position);
  cycle->has_transport = true;
  cycle->is_rolling = state == JackTransportRolling;
  cycle->transport_frame = (dt_frame)position.frame;
  if ((position.valid & JackPositionBBT) && position.beat_type > 0)
    cycle->transport_bpm = position.beats_per_minute * 4 / (double)position.beat_type;
}

static void read_midi(dt__jack* jack, jack_nframes_t frame_count) {
  if (jack->midi_in == NULL)
    return;
  dt__core* core = &jack->port->core;
  void* buffer = jack_port_get_buffer(jack->midi_in, frame_count);
  const uint32_t count = jack_midi_get_event_count(buffer);
  for (uint32_t i = 0; i < count; ++i) {
    jack_midi_event_t event;
    if (jack_midi_event_get(&event, buffer, i) == 0)
      dt__core_midi(core, event.time, event.buffer, event.size);
  }
  const uint32_t lost = jack_midi_get_lost_event_count(buffer);
  dt__count(&core->counters.midi_in_dropped, lost);
}

static void write_midi(dt__jack* jack, jack_nframes_t frame_count) {
  if (jack->midi_out == NULL)
    return;
  dt__core* core = &jack->port->core;
  void* buffer = jack_port_get_buffer(jack->midi_out, frame_count);
  jack_midi_clear_buffer(buffer);
  for (int i = 0; i < core->midi_out.count; ++i) {
    const dt_port_midi* m = &core->midi_out.items[i];
    if (jack_midi_event_write(buffer, m->frame_offset, m->bytes, m->size) != 0)
      dt__count(&core->counters.midi_out_dropped, 1);
  }
}

int dt__jack_process(uint32_t frame_count, void* context) {
  dt__jack* jack = context;
  dt__core* core = &jack->port->core;
  const float* in[DT_PORT_CHANNELS_MAX];
  float* out[DT_PORT_CHANNELS_MAX];
  const int64_t began_us = (int64_t)jack_get_time();
  for (int c = 0; c < core->in_count; ++c)
    in[c] = jack_port_get_buffer(jack->in[c], frame_count);
  for (int c = 0; c < core->out_count; ++c)
    out[c] = jack_port_get_buffer(jack->out[c], frame_count);
  const bool is_fresh = atomic_exchange(&jack->is_fresh, false);
  const bool is_return = atomic_load(&jack->is_return);
  dt__cycle cycle = {
      .frame_count = (int)frame_count,
      .in = in,
      .out = out,
      .is_by_clock = is_fresh && is_return,
      .is_return = is_fresh && is_return,
      .capture_latency_frames = atomic_load(&jack->capture_latency_frames),
      .playback_latency_frames = atomic_load(&jack->playback_latency_frames),
  };
  core->period_frames = (int)frame_count; /* the server may change it */
  read_times(jack, &cycle, began_us, is_fresh);
  read_transport(jack, &cycle);
  read_midi(jack, frame_count);
  dt__core_block(core, &cycle);
  write_midi(jack, frame_count);
  dt__core_timed(core, cycle.clock_us, began_us, (int64_t)jack_get_time());
  atomic_store_explicit(&core->counters.last_us, began_us, memory_order_relaxed);
  return 0;
}
