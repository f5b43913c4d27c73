#include <math.h>
#include <stdint.h>

#include "smf_internal.h"

/* A track is written twice: first only counted, because its length stands before it. */
typedef struct writer {
  dt_sink sink; /* write is NULL while counting */
  size_t size;
  dt_tick tick;
  dt_status status;
} writer;

static void put(writer* out, const unsigned char* bytes, size_t size) {
  out->size += size;
  if (out->sink.write != NULL && out->status == DT_OK)
    out->status = dt_sink_write(out->sink, bytes, size);
}

static void put_big_endian(writer* out, uint32_t value, int count) {
  unsigned char bytes[4];
  for (int i = 0; i < count; ++i)
    bytes[i] = (unsigned char)(value >> 8 * (count - 1 - i));
  put(out, bytes, (size_t)count);
}

static void put_varlen(writer* out, uint32_t value) {
  for (int shift = 21; shift >= 0; shift -= 7)
    if (shift == 0 || value >> shift != 0)
      put_big_endian(out, (value >> shift & 0x7F) | (shift > 0 ? 0x80 : 0), 1);
}

/* The delta time up to tick; what is too long for one is bridged with empty texts. */
static void put_delta(writer* out, dt_tick tick) {
  static const unsigned char empty_text[] = {0xFF, DT__META_TEXT, 0};
  while (tick - out->tick > DT__VARLEN_MAX) {
    put_varlen(out, DT__VARLEN_MAX);
    put(out, empty_text, sizeof empty_text);
    out->tick += DT__VARLEN_MAX;
  }
  put_varlen(out, (uint32_t)(tick - out->tick));
  out->tick = tick;
}

static void put_meter(writer* out, const dt_meter_change* change) {
  int power = 0;
  while (1 << power < change->meter.denominator)
    ++power;
  /* 24 MIDI clocks a metronome click, eight 32nd notes a quarter: the usual. */
  const unsigned char meta[] = {0xFF, DT__META_METER, 4, (unsigned char)change->meter.numerator, 24,
                                8};
  put_delta(out, change->tick);
  put(out, meta, 4);
  put_big_endian(out, (uint32_t)power, 1);
  put(out, meta + 4, 2);
}

static void put_tempo(writer* out, const dt_tempo_change* change) {
  static const unsigned char meta[] = {0xFF, DT__META_TEMPO, 3};
  put_delta(out, change->tick);
  put(out, meta, sizeof meta);
  put_big_endian(out, (uint32_t)lround(change->us_per_quarter), 3);
}

static void put_event(writer* out, const dt_midi_event* event) {
  put_delta(out, event->tick);
  put_big_endian(out, event->status, 1);
  put_big_endian(out, event->data1, 1);
  if ((event->status & 0xE0) != 0xC0)
    put_big_endian(out, event->data2, 1);
}

static void put_text(writer* out, const dt_smf_text* text) {
  put_delta(out, text->tick);
  put_big_endian(out, 0xFF00U | text->type, 2);
  put_varlen(out, text->size);
  put(out, (const unsigned char*)text->bytes, text->size);
}

static dt_tick text_tick(const dt_smf* smf, size_t text) {
  return text < smf->text_count ? smf->texts[text].tick : INT64_MAX;
}

/* At one tick the metre comes first, then the tempo, then texts, then the notes. */
static void put_track(writer* out, const dt_smf* smf, dt_tick end_tick) {
  static const unsigned char end[] = {0xFF, DT__META_END, 0};
  const dt_tempo_map* map = &smf->map;
  size_t meter = 0;
  size_t tempo = 0;
  size_t text = 0;
  for (size_t i = 0; i <= smf->event_count; ++i) {
    const dt_tick until = i < smf->event_count ? smf->events[i].tick : end_tick;
    for (;;) {
      const dt_tick meter_tick = meter < map->meter_count ? map->meters[meter].tick : INT64_MAX;
      const dt_tick tempo_tick = tempo < map->tempo_count ? map->tempi[tempo].tick : INT64_MAX;
      if (meter_tick > until && tempo_tick > until && text_tick(smf, text) > until)
        break;
      if (text_tick(smf, text) < meter_tick && text_tick(smf, text) < tempo_tick)
        put_text(out, &smf->texts[text++]);
      else if (meter_tick <= tempo_tick)
        put_meter(out, &map->meters[meter++]);
      else
        put_tempo(out, &map->tempi[tempo++]);
    }
    if (i < smf->event_count)
      put_event(out, &smf->events[i]);
  }
  put_delta(out, end_tick);
  put(out, end, sizeof end);
}

static bool is_map_valid(const dt_tempo_map* map, dt_tick* last_tick) {
  if (map->ticks_per_quarter < 1 || map->ticks_per_quarter > 32767)
    return false;
  for (size_t i = 0; i < map->tempo_count; ++i) {
    const double us = map->tempi[i].us_per_quarter;
    if (!(us >= 1.0 && us < 16777215.5) || map->tempi[i].tick < *last_tick)
      return false;
    *last_tick = map->tempi[i].tick;
  }
  dt_tick last_meter_tick = 0;
  for (size_t i = 0; i < map->meter_count; ++i) {
    if (map->meters[i].tick < last_meter_tick)
      return false;
    last_meter_tick = map->meters[i].tick;
  }
  if (*last_tick < last_meter_tick)
    *last_tick = last_meter_tick;
  return true;
}

static bool are_events_valid(const dt_smf* smf) {
  dt_tick last_tick = 0;
  for (size_t i = 0; i < smf->event_count; ++i) {
    const dt_midi_event* event = &smf->events[i];
    if (event->tick < last_tick || event->status < 0x80 || event->status > 0xEF ||
        event->data1 > 0x7F || event->data2 > 0x7F)
      return false;
    last_tick = event->tick;
  }
  return true;
}

static bool are_texts_valid(const dt_smf* smf) {
  dt_tick last_tick = 0;
  for (size_t i = 0; i < smf->text_count; ++i) {
    const dt_smf_text* text = &smf->texts[i];
    if (text->tick < last_tick || text->type < DT__META_TEXT || text->type > DT__META_TEXT_LAST ||
        text->size == 0 || text->size > DT__VARLEN_MAX)
      return false;
    last_tick = text->tick;
  }
  return true;
}

/* Where the end-of-track stands: after the last event and change, and not before duration_s. */
static bool find_end(const dt_smf* smf, dt_tick* end_tick) {
  if (!is_map_valid(&smf->map, end_tick) || !are_events_valid(smf) || !are_texts_valid(smf))
    return false;
  if (smf->event_count > 0 && *end_tick < smf->events[smf->event_count - 1].tick)
    *end_tick = smf->events[smf->event_count - 1].tick;
  if (smf->text_count > 0 && *end_tick < smf->texts[smf->text_count - 1].tick)
    *end_tick = smf->texts[smf->text_count - 1].tick;
  const double ticks = dt_tempo_map_ticks(&smf->map, smf->duration_s);
  if (!(ticks <= (double)DT__SMF_TICK_MAX) || *end_tick > DT__SMF_TICK_MAX)
    return false;
  if ((double)*end_tick < round(ticks))
    *end_tick = (dt_tick)round(ticks);
  return true;
}

dt_status dt_smf_write(const dt_smf* smf, dt_sink sink) {
  static const unsigned char head[] = {'M', 'T', 'h', 'd', 0, 0, 0, 6, 0, 0, 0, 1};
  dt_tick end_tick = 0;
  if (!find_end(smf, &end_tick))
    return DT_BAD_ARGUMENT;
  writer counter = {.status = DT_OK};
  put_track(&counter, smf, end_tick);
  if (counter.size > UINT32_MAX)
    return DT_BAD_ARGUMENT;
  writer out = {.sink = sink, .status = DT_OK};
  put(&out, head, sizeof head);
  put_big_endian(&out, (uint32_t)smf->map.ticks_per_quarter, 2);
  put(&out, (const unsigned char*)"MTrk", 4);
  put_big_endian(&out, (uint32_t)counter.size, 4);
  put_track(&out, smf, end_tick);
  return out.status;
}
