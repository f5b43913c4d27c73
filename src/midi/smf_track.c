#include "smf_track.h"

#include <string.h>

dt_status dt__smf_cut(dt__smf_reader* in, const char* inside) {
  return dt_fail(in->err, DT_BAD_DATA,
                 "Byte %zu: the data ends inside %s: the file is cut or damaged, copy or export it "
                 "again",
                 in->at, inside);
}

uint32_t dt__smf_big_endian(const unsigned char* bytes, int count) {
  uint32_t value = 0;
  for (int i = 0; i < count; ++i)
    value = value << 8 | bytes[i];
  return value;
}

static dt_status read_varlen(dt__smf_reader* in, uint32_t* value, const char* what) {
  *value = 0;
  for (int i = 0; i < 4; ++i) {
    if (in->at == in->end)
      return dt__smf_cut(in, what);
    const unsigned char byte = in->bytes[in->at++];
    *value = *value << 7 | (byte & 0x7F);
    if (byte < 0x80)
      return DT_OK;
  }
  return dt_fail(in->err, DT_BAD_DATA,
                 "Byte %zu: %s of more than four bytes: the file is damaged, export it again",
                 in->at - 4, what);
}

static dt_status store_tempo(dt__smf_reader* in, dt_tick tick, const unsigned char* data) {
  const uint32_t us = dt__smf_big_endian(data, 3);
  if (us == 0)
    return dt_fail(in->err, DT_BAD_DATA,
                   "Byte %zu: a tempo of 0 us a quarter note: the file is damaged, export it again",
                   in->at);
  if (in->changes != NULL)
    in->changes[in->change_count] = (dt__smf_change){.tick = tick, .us_per_quarter = us};
  ++in->change_count;
  return DT_OK;
}

static dt_status store_meter(dt__smf_reader* in, dt_tick tick, const unsigned char* data) {
  if (data[0] < 1 || data[0] > 64 || data[1] > 6)
    return dt_fail(in->err, DT_BAD_DATA,
                   "Byte %zu: a metre of %d/2^%d (at most 64/64): the file is damaged, export it "
                   "again",
                   in->at, data[0], data[1]);
  if (in->changes != NULL)
    in->changes[in->change_count] = (dt__smf_change){
        .tick = tick, .meter = {.numerator = data[0], .denominator = 1 << data[1]}};
  ++in->change_count;
  return DT_OK;
}

/* Empty texts say nothing, and a writer needs them to bridge long rests. */
static void store_text(dt__smf_reader* in, dt_tick tick, int track, unsigned char type,
                       uint32_t length) {
  if (length == 0)
    return;
  if (in->texts != NULL) {
    char* to = in->text_bytes + in->text_size;
    memcpy(to, in->bytes + in->at, length);
    in->texts[in->text_count] = (dt_smf_text){
        .tick = tick, .bytes = to, .size = length, .track = (uint16_t)track, .type = type};
  }
  ++in->text_count;
  in->text_size += length;
}

/* After the 0xFF: type, length, data. Longer data than known is allowed, as the standard asks. */
static dt_status read_meta(dt__smf_reader* in, dt_tick tick, int track, unsigned char* type) {
  if (in->at == in->end)
    return dt__smf_cut(in, "a meta event");
  *type = in->bytes[in->at++];
  uint32_t length = 0;
  dt_status status = read_varlen(in, &length, "the length of a meta event");
  if (status != DT_OK)
    return status;
  if (length > in->end - in->at)
    return dt__smf_cut(in, "a meta event");
  const unsigned char* data = in->bytes + in->at;
  if (*type == DT__META_TEMPO || *type == DT__META_METER) {
    if (length < (*type == DT__META_TEMPO ? 3U : 2U))
      return dt__smf_cut(in, *type == DT__META_TEMPO ? "a tempo" : "a metre");
    if (*type == DT__META_METER)
      status = store_meter(in, tick, data);
    else if (!in->is_smpte) /* Absolute time knows no tempo. */
      status = store_tempo(in, tick, data);
  }
  if (*type >= DT__META_TEXT && *type <= DT__META_TEXT_LAST)
    store_text(in, tick, track, *type, length);
  in->at += length;
  return status;
}

static dt_status skip_sysex(dt__smf_reader* in) {
  uint32_t length = 0;
  const dt_status status = read_varlen(in, &length, "the length of a system exclusive message");
  if (status != DT_OK)
    return status;
  if (length > in->end - in->at)
    return dt__smf_cut(in, "a system exclusive message");
  in->at += length;
  return DT_OK;
}

static dt_status read_message(dt__smf_reader* in, dt_tick tick, int track,
                              unsigned char status_byte) {
  const size_t data_count = (status_byte & 0xE0) == 0xC0 ? 1 : 2;
  unsigned char data[2] = {0, 0};
  for (size_t i = 0; i < data_count; ++i) {
    if (in->at == in->end)
      return dt__smf_cut(in, "a message");
    data[i] = in->bytes[in->at];
    if (data[i] > 0x7F)
      return dt_fail(in->err, DT_BAD_DATA,
                     "Byte %zu: 0x%02X where a data byte must stand: the file is damaged, export "
                     "it again",
                     in->at, data[i]);
    ++in->at;
  }
  if (in->events != NULL)
    in->events[in->event_count] = (dt_midi_event){
        .tick = tick,
        .track = (uint16_t)track,
        .status = status_byte,
        .data1 = data[0],
        .data2 = data[1],
    };
  ++in->event_count;
  return DT_OK;
}

static dt_status add_delta(dt__smf_reader* in, dt_tick* tick) {
  const size_t at = in->at;
  uint32_t delta = 0;
  const dt_status status = read_varlen(in, &delta, "a delta time");
  if (status != DT_OK)
    return status;
  *tick += delta;
  if (*tick > DT__SMF_TICK_MAX)
    return dt_fail(in->err, DT_TOO_LARGE,
                   "Byte %zu: the delta times add up to more than 2^40 ticks: the file is damaged, "
                   "export it again",
                   at);
  return DT_OK;
}

/* Events until the end-of-track or the end of the chunk: a missing end-of-track takes nothing from
 * the music, so it is forgiven. Sysex and meta events leave the running status standing: the
 * standard ends it there, but a data byte that follows can mean nothing else. */
dt_status dt__smf_read_track(dt__smf_reader* in, int track) {
  dt_tick tick = 0;
  unsigned char running = 0;
  while (in->at < in->end) {
    dt_status status = add_delta(in, &tick);
    if (status != DT_OK)
      return status;
    if (in->at == in->end)
      return dt__smf_cut(in, "an event");
    unsigned char type = 0;
    const unsigned char byte = in->bytes[in->at];
    if (byte >= 0x80)
      ++in->at;
    if (byte == 0xFF) {
      status = read_meta(in, tick, track, &type);
    } else if (byte == 0xF0 || byte == 0xF7) {
      status = skip_sysex(in);
    } else if (byte > 0xF0) {
      return dt_fail(in->err, DT_BAD_DATA,
                     "Byte %zu: 0x%02X has no place in a MIDI file: the file is damaged, export it "
                     "again",
                     in->at - 1, byte);
    } else {
      if (byte >= 0x80)
        running = byte;
      if (running == 0)
        return dt_fail(in->err, DT_BAD_DATA,
                       "Byte %zu: 0x%02X where a message must begin: the file is damaged, export "
                       "it again",
                       in->at, byte);
      status = read_message(in, tick, track, running);
    }
    if (status != DT_OK)
      return status;
    if (in->end_tick < tick)
      in->end_tick = tick;
    if (type == DT__META_END)
      return DT_OK;
  }
  return DT_OK;
}
