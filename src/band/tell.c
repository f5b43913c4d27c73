#include "band_internal.h"

#include "dt/rt_poison.h" /* last: see there */

/* A change of tempo at once can bring the next thing less than half a frame before it. */
dt_frame dt__frame_heard(const dt_band* band, dt__moment moment) {
  const dt_frame nearest = dt__frame_of(moment);
  return nearest > band->now ? nearest : band->now;
}

dt_band_event dt__event_at(const dt_band* band, dt_band_event_kind kind, dt__moment moment) {
  const dt__music* m = &band->music;
  const dt_frame frame = dt__frame_heard(band, moment);
  return (dt_band_event){
      .frame = frame,
      .offset_frames = dt__offset_frames(moment, frame),
      .kind = kind,
      .bar = m->bar,
      .song_bar = m->song_bar,
      .beat = -1,
      .tick = dt__tick_of(m->bar_place),
      .bpm = (double)m->clock.nano_bpm / DT__NANO,
      .meter = m->meter,
      .drum = DT_DRUM_COUNT,
  };
}

void dt__tell(dt_band* band, const dt_band_event* event) {
  if (band->event_count == band->config.events) {
    band->counters.events_lost++;
    return;
  }
  band->events[band->event_count++] = *event;
}

/* What fell into a jump is sent at once, so that the follower keeps count. */
void dt__tell_midi(dt_band* band, dt_frame frame, unsigned byte) {
  if (band->midi_count == band->config.events) {
    band->counters.events_lost++;
    return;
  }
  const dt_frame at = frame > band->block_start ? frame : band->block_start;
  band->midi[band->midi_count++] = (dt_band_midi){at, (uint8_t)byte};
}

size_t dt_band_events(const dt_band* band, const dt_band_event** events) {
  *events = band->events;
  return (size_t)band->event_count;
}

size_t dt_band_midi_out(const dt_band* band, const dt_band_midi** bytes) {
  *bytes = band->midi;
  return (size_t)band->midi_count;
}

dt_band_counters dt_band_counts(const dt_band* band) {
  dt_band_counters counters = band->counters;
  counters.queue_full = dt_ring_overflows(band->ring);
  counters.stolen = band->drum_voices.stolen + band->click_voices.stolen;
  counters.cut = band->drum_voices.cut + band->click_voices.cut;
  return counters;
}
