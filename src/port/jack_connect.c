#include <jack/jack.h>
#include <string.h>

#include "jack_internal.h"

/* The ports that a wish means, in JACK's order; to be given to jack_free. */
static const char** ports_for(dt__jack* jack, int side, const char* type, unsigned long flags) {
  const dt__jack_wish* wish = &jack->wishes[side];
  if (wish->pattern != NULL && wish->pattern[0] == '\0')
    return NULL;
  if (wish->pattern == NULL)
    flags |= JackPortIsPhysical;
  return jack_get_ports(jack->client, wish->pattern, type, flags);
}

static bool is_mine(dt__jack* jack, const char* name) {
  const jack_port_t* port = jack_port_by_name(jack->client, name);
  return port == NULL || jack_port_is_mine(jack->client, port);
}

static void connect_one(jack_port_t* mine, const char* other, bool is_in, dt__jack* jack) {
  if (jack_port_connected_to(mine, other))
    return;
  const char* own = jack_port_name(mine);
  /* A server with much to do may refuse: then again at the next look. */
  if (jack_connect(jack->client, is_in ? other : own, is_in ? own : other) != 0)
    atomic_store(&jack->has_new_ports, true);
}

/* Channel by channel; what has no partner stays alone. */
static void connect_sound(dt__jack* jack, int side, jack_port_t** mine, int count) {
  const bool is_in = side == DT__JACK_IN;
  const char** names =
      ports_for(jack, side, JACK_DEFAULT_AUDIO_TYPE, is_in ? JackPortIsOutput : JackPortIsInput);
  if (names == NULL)
    return;
  int channel = 0;
  for (int i = 0; names[i] != NULL && channel < count; ++i)
    if (!is_mine(jack, names[i]))
      connect_one(mine[channel++], names[i], is_in, jack);
  jack_free(names);
}

static void connect_midi(dt__jack* jack, int side, jack_port_t* mine) {
  const bool is_in = side == DT__JACK_MIDI_IN;
  if (mine == NULL)
    return;
  const char** names =
      ports_for(jack, side, JACK_DEFAULT_MIDI_TYPE, is_in ? JackPortIsOutput : JackPortIsInput);
  if (names == NULL)
    return;
  for (int i = 0; names[i] != NULL; ++i)
    if (!is_mine(jack, names[i]))
      connect_one(mine, names[i], is_in, jack);
  jack_free(names);
}

void dt__jack_connect(dt__jack* jack) {
  const dt_port_info* info = &jack->port->info;
  connect_sound(jack, DT__JACK_IN, jack->in, info->in_channels);
  connect_sound(jack, DT__JACK_OUT, jack->out, info->out_channels);
  connect_midi(jack, DT__JACK_MIDI_IN, jack->midi_in);
  connect_midi(jack, DT__JACK_MIDI_OUT, jack->midi_out);
}

void dt__jack_read_latency(dt__jack* jack) {
  const dt_port_info* info = &jack->port->info;
  jack_latency_range_t range = {0, 0};
  int capture = -1;
  int playback = -1;
  if (info->in_channels > 0 && jack_port_connected(jack->in[0])) {
    jack_port_get_latency_range(jack->in[0], JackCaptureLatency, &range);
    capture = (int)range.max;
  }
  if (info->out_channels > 0 && jack_port_connected(jack->out[0])) {
    jack_port_get_latency_range(jack->out[0], JackPlaybackLatency, &range);
    playback = (int)range.max;
  }
  atomic_store(&jack->capture_latency_frames, capture);
  atomic_store(&jack->playback_latency_frames, playback);
}
