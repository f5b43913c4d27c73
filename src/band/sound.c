#include <string.h>

#include "band_internal.h"

#include "dt/rt_poison.h" /* last: see there */

void dt__sound_click(dt_band* band, const dt__table* table, dt_band_bus bus, float gain,
                     dt_frame at) {
  const dt__voice voice = {
      .bus = bus, .table = table, .start = at, .length = (dt_frame)table->length, .gain = gain};
  dt__voices_begin(&band->click_voices, &voice, band->fade);
}

bool dt__drum_sounds(const dt_band* band, dt_drum drum) {
  const uint32_t bit = (uint32_t)1 << drum;
  return !(band->muted & bit) && (band->solo == 0 || (band->solo & bit)) &&
         band->drum_gain[drum] > 0;
}

/* A hi-hat that closes ends one that rings open. */
static void choke(dt_band* band, dt_drum drum, dt_frame at) {
  if (drum != DT_HIHAT && drum != DT_HIHAT_CLOSED && drum != DT_HIHAT_PEDAL)
    return;
  for (int i = 0; i < band->drum_voices.slot_count; i++) {
    dt__voice* v = &band->drum_voices.slots[i];
    if (v->used && v->stroke.drum == DT_HIHAT_OPEN)
      dt__voice_fade(v, at, band->choke);
  }
}

/* The kit draws a stroke's noise from its time: whole seconds leave the first sample where it is.
 */
void dt__sound_stroke(dt_band* band, dt_drum drum, float velocity, uint64_t number, dt_frame at) {
  const int second = (int)(number * 0x9E3779B97F4A7C15U >> 56);
  dt__voice voice = {.bus = DT_BAND_DRUMS, .start = at, .gain = band->drum_gain[drum]};
  voice.stroke = dt_stroke_at(second, drum);
  voice.stroke.velocity = velocity;
  voice.stroke_frame = (dt_frame)second * band->config.rate_hz;
  voice.length = dt_synthkit_length(band->kit, drum);
  choke(band, drum, at);
  dt__voices_begin(&band->drum_voices, &voice, band->fade);
}

/* False when nothing sounds. */
static bool fill(dt_band* band, int bus, float* mix, size_t count) {
  if (bus == DT_BAND_BACKING) {
    const dt__music* m = &band->music;
    if (!band->config.backing)
      return false;
    band->config.backing(band->config.backing_context, m->playing ? m->start.number : -1,
                         band->now - m->origin, mix, count);
    return true;
  }
  memset(mix, 0, count * sizeof *mix);
  dt__voices* voices = bus == DT_BAND_DRUMS ? &band->drum_voices : &band->click_voices;
  return dt__voices_mix(voices, band->kit, bus, mix, count, band->now);
}

static void add_bus(dt_band* band, int bus, float* const* out, size_t offset, size_t count) {
  float mix[DT__CHUNK];
  if (!fill(band, bus, mix, count)) {
    band->levels[bus].before = 0;
    if (!dt__level_carries(&band->levels[bus], band->now))
      return;
    memset(mix, 0, count * sizeof *mix);
  }
  dt__level_apply(&band->levels[bus], mix, count, band->now);
  for (int c = 0; c < band->config.channel_count; c++) {
    const float gain = band->config.route[bus][c];
    if (gain == 0)
      continue;
    float* to = out[c] + offset;
    for (size_t i = 0; i < count; i++)
      to[i] += gain * mix[i];
  }
}

void dt__sound_render(dt_band* band, dt_frame end, float* const* out) {
  while (band->now < end) {
    const dt_frame left = end - band->now;
    const size_t count = left < DT__CHUNK ? (size_t)left : DT__CHUNK;
    const size_t offset = (size_t)(band->now - band->block_start);
    for (int c = 0; c < band->config.channel_count; c++)
      memset(out[c] + offset, 0, count * sizeof(float));
    for (int bus = 0; bus < DT_BAND_BUS_COUNT; bus++)
      add_bus(band, bus, out, offset, count);
    band->now += (dt_frame)count;
    dt__voices_sweep(&band->click_voices, band->now);
    dt__voices_sweep(&band->drum_voices, band->now);
  }
}
