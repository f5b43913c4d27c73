#include <math.h>

#include "dt/kitmap.h"
#include "take_internal.h"

#define DRUM_CHANNEL 9 /* channel 10, as people count */

/* The last stroke on each note, for chokes; strokes are only appended. */
#define NO_STROKE SIZE_MAX

typedef struct listener {
  dt_take* take;
  const dt_allocator* allocator;
  const dt_kitmap* map;
  float openness[16]; /* by channel; -1 before the first CC4 */
  size_t last_stroke[128];
} listener;

unsigned dt__drum_channels(const dt_smf* smf) {
  for (size_t i = 0; i < smf->event_count; ++i)
    if (dt__is_note_on(&smf->events[i]) && (smf->events[i].status & 0x0F) == DRUM_CHANNEL)
      return 1U << DRUM_CHANNEL;
  return 0xFFFF;
}

static bool is_hihat(dt_drum drum) {
  return drum == DT_HIHAT || drum == DT_HIHAT_CLOSED || drum == DT_HIHAT_OPEN ||
         drum == DT_HIHAT_PEDAL;
}

static bool is_cymbal(dt_drum drum) {
  return drum == DT_RIDE || drum == DT_RIDE_BELL || drum == DT_CRASH || drum == DT_SPLASH ||
         drum == DT_CHINA || drum == DT_HIHAT || drum == DT_HIHAT_OPEN;
}

/* Kits that send one hi-hat note say the rest by the pedal: 88 and more is closed, which agrees
 * with the notes of 93 % of the closed and 87 % of the open strokes of the Groove MIDI Dataset. */
static dt_drum hihat_by_pedal(float openness) {
  if (openness < 0.0F)
    return DT_HIHAT;
  return openness <= 39.0F / 127.0F ? DT_HIHAT_CLOSED : DT_HIHAT_OPEN;
}

static dt_status hear_note(listener* in, const dt_midi_event* event) {
  dt_drum drum = (dt_drum)in->map->drum_of[event->data1];
  if (drum >= DT_DRUM_COUNT) {
    ++in->take->ignored_notes;
    drum = DT_DRUM_OTHER;
  }
  const float openness = in->openness[event->status & 0x0F];
  dt_stroke stroke = dt_stroke_at(event->time_s, drum);
  if (is_hihat(drum))
    stroke.openness = openness;
  if (drum == DT_HIHAT)
    stroke.drum = hihat_by_pedal(openness);
  stroke.velocity = (float)event->data2;
  stroke.note = event->data1;
  in->last_stroke[event->data1] = in->take->strokes.count;
  return dt_strokes_add(&in->take->strokes, in->allocator, &stroke);
}

/* The first pressure on a cymbal's edge after a stroke is the grab; the release has pressure 0. */
static void hear_pressure(listener* in, const dt_midi_event* event) {
  const size_t last = in->last_stroke[event->data1];
  if (event->data2 == 0 || last == NO_STROKE)
    return;
  dt_stroke* stroke = &in->take->strokes.items[last];
  if (is_cymbal(stroke->drum) && stroke->choke_s == 0.0F)
    stroke->choke_s = (float)(event->time_s - stroke->time_s);
}

static dt_status hear(listener* in, const dt_midi_event* event) {
  if (dt__is_note_on(event))
    return hear_note(in, event);
  if (dt__is_pedal(event))
    in->openness[event->status & 0x0F] = 1.0F - (float)event->data2 / 127.0F;
  if ((event->status & 0xF0) == 0xA0)
    hear_pressure(in, event);
  return DT_OK;
}

static dt_status copy_map(dt_tempo_map* to, const dt_allocator* allocator,
                          const dt_tempo_map* from) {
  *to = (dt_tempo_map){.ticks_per_quarter = from->ticks_per_quarter};
  dt_status status = DT_OK;
  for (size_t i = 0; i < from->tempo_count && status == DT_OK; ++i)
    status =
        dt_tempo_map_set_tempo(to, allocator, from->tempi[i].tick, from->tempi[i].us_per_quarter);
  for (size_t i = 0; i < from->meter_count && status == DT_OK; ++i)
    status = dt_tempo_map_set_meter(to, allocator, from->meters[i].tick, from->meters[i].meter);
  return status;
}

dt_status dt_take_from_smf(dt_take* take, const dt_allocator* allocator, const dt_smf* smf,
                           const dt_kitmap* map) {
  *take = (dt_take){.source = DT_TAKE_MIDI, .duration_s = smf->duration_s};
  take->clock_jitter_s = smf->seconds_per_tick_max / sqrt(12.0);
  listener in = {.take = take, .allocator = allocator, .map = map};
  for (size_t i = 0; i < 16; ++i)
    in.openness[i] = -1.0F;
  for (size_t i = 0; i < 128; ++i)
    in.last_stroke[i] = NO_STROKE;
  const unsigned channels = dt__drum_channels(smf);
  dt_status status = DT_OK;
  for (size_t i = 0; i < smf->event_count && status == DT_OK; ++i)
    if ((channels >> (smf->events[i].status & 0x0F) & 1) != 0)
      status = hear(&in, &smf->events[i]);
  if (status == DT_OK && smf->has_tempo) {
    take->has_click = true;
    status = copy_map(&take->click, allocator, &smf->map);
  }
  if (status != DT_OK) {
    dt_take_clear(take, allocator);
    return status;
  }
  dt_strokes_sort(&take->strokes);
  return DT_OK;
}
