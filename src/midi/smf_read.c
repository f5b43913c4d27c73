#include <math.h>
#include <string.h>

#include "smf_track.h"

/* The tracks that the header announces, in a file that may hold other chunks between them. What
 * follows the last of them is not looked at. */
static dt_status read_chunks(dt__smf_reader* in, size_t begin) {
  in->event_count = 0;
  in->change_count = 0;
  in->text_count = 0;
  in->text_size = 0;
  in->end_tick = 0;
  size_t at = begin;
  for (int track = 0; track < in->tracks;) {
    in->at = at;
    if (in->size - at < DT__SMF_CHUNK_BYTES)
      return dt_fail(in->err, DT_BAD_DATA,
                     "Byte %zu: the file ends after %d of %d tracks: it is cut, copy or export it "
                     "again",
                     at, track, in->tracks);
    const uint32_t length = dt__smf_big_endian(in->bytes + at + 4, 4);
    if (length > in->size - at - DT__SMF_CHUNK_BYTES)
      return dt_fail(
          in->err, DT_BAD_DATA,
          "Byte %zu: a chunk of %lu bytes, but only %zu follow: the file is cut, copy or "
          "export it again",
          at, (unsigned long)length, in->size - at - DT__SMF_CHUNK_BYTES);
    const bool is_track = memcmp(in->bytes + at, "MTrk", 4) == 0;
    at += DT__SMF_CHUNK_BYTES;
    if (is_track) {
      in->at = at;
      in->end = at + length;
      const dt_status status = dt__smf_read_track(in, track++);
      if (status != DT_OK)
        return status;
    }
    at += length;
  }
  return DT_OK;
}

/* SMPTE division: minus the frames a second in the high byte (29 is the 30000/1001 of colour
 * television), ticks a frame in the low one. The nominal map has one quarter a second. */
static dt_status read_smpte(dt__smf_reader* in, dt_smf* smf, const dt_allocator* allocator,
                            uint32_t division) {
  const int rate = 256 - (int)(division >> 8);
  const int ticks = (int)(division & 0xFF);
  if ((rate != 24 && rate != 25 && rate != 29 && rate != 30) || ticks == 0)
    return dt_fail(in->err, DT_BAD_DATA,
                   "Byte 12: %d ticks in each of %d frames a second is no time base: the file is "
                   "damaged, export it again",
                   ticks, rate);
  in->is_smpte = smf->is_smpte = true;
  smf->map.ticks_per_quarter = (rate == 29 ? 30 : rate) * ticks;
  return dt_tempo_map_set_tempo(&smf->map, allocator, 0, rate == 29 ? 1001000.0 : 1e6);
}

static dt_status read_header(dt__smf_reader* in, dt_smf* smf, const dt_allocator* allocator,
                             size_t* chunks_begin) {
  if (in->size < 4 || memcmp(in->bytes, "MThd", 4) != 0)
    return dt_fail(in->err, DT_BAD_DATA,
                   "Byte 0: this is no Standard MIDI File (one begins with MThd)");
  if (in->size > DT__SMF_SIZE_MAX)
    return dt_fail(in->err, DT_TOO_LARGE, "The file has %zu MiB, the limit is %zu: split it",
                   in->size >> 20, DT__SMF_SIZE_MAX >> 20);
  if (in->size < 14) {
    in->at = in->size;
    return dt__smf_cut(in, "the header");
  }
  const uint32_t length = dt__smf_big_endian(in->bytes + 4, 4);
  const uint32_t format = dt__smf_big_endian(in->bytes + 8, 2);
  const uint32_t division = dt__smf_big_endian(in->bytes + 12, 2);
  in->tracks = (int)dt__smf_big_endian(in->bytes + 10, 2);
  if (length < 6 || length > in->size - DT__SMF_CHUNK_BYTES)
    return dt_fail(in->err, DT_BAD_DATA,
                   "Byte 4: a header of %lu bytes: the file is damaged, export it again",
                   (unsigned long)length);
  if (format == 2)
    return dt_fail(in->err, DT_UNSUPPORTED,
                   "Byte 8: format 2 (patterns without a common time) is not supported: export it "
                   "as format 0 or 1");
  if (format > 2)
    return dt_fail(in->err, DT_BAD_DATA,
                   "Byte 8: format %lu does not exist: the file is damaged, export it again",
                   (unsigned long)format);
  smf->format = (int)format;
  *chunks_begin = DT__SMF_CHUNK_BYTES + length;
  if (division >= 0x8000)
    return read_smpte(in, smf, allocator, division);
  if (division == 0)
    return dt_fail(in->err, DT_BAD_DATA,
                   "Byte 12: no ticks in a quarter note: the file is damaged, export it again");
  smf->map.ticks_per_quarter = (int32_t)division;
  return DT_OK;
}

static dt_status build_map(dt_smf* smf, const dt_allocator* allocator,
                           const dt__smf_change* changes, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const bool is_tempo = changes[i].us_per_quarter > 0;
    const dt_status status =
        is_tempo ? dt_tempo_map_set_tempo(&smf->map, allocator, changes[i].tick,
                                          changes[i].us_per_quarter)
                 : dt_tempo_map_set_meter(&smf->map, allocator, changes[i].tick, changes[i].meter);
    if (status != DT_OK)
      return status;
    smf->has_tempo |= is_tempo;
    smf->has_meter |= !is_tempo;
  }
  double us_max = smf->map.tempo_count == 0 ? 500000.0 : 0.0;
  for (size_t i = 0; i < smf->map.tempo_count; ++i)
    us_max = fmax(us_max, smf->map.tempi[i].us_per_quarter);
  smf->seconds_per_tick_max = us_max * 1e-6 / smf->map.ticks_per_quarter;
  return DT_OK;
}

static dt_status put_in_time(dt_smf* smf, dt_tick end_tick, dt_error* err) {
  smf->duration_s = dt_tempo_map_seconds(&smf->map, (double)end_tick);
  if (smf->duration_s > DT__SMF_HOURS_MAX * 3600.0)
    return dt_fail(err, DT_TOO_LARGE,
                   "The music would last %.0f hours, the limit is %d: a delta time or a tempo is "
                   "damaged, export the file again",
                   smf->duration_s / 3600.0, DT__SMF_HOURS_MAX);
  for (size_t i = 0; i < smf->event_count; ++i)
    smf->events[i].time_s = dt_tempo_map_seconds(&smf->map, (double)smf->events[i].tick);
  return DT_OK;
}

/* The second walk, into memory of the size that the first one found. */
static size_t largest(size_t a, size_t b, size_t c) {
  const size_t ab = a > b ? a : b;
  return ab > c ? ab : c;
}

static dt_status store_chunks(dt__smf_reader* in, dt_smf* smf, const dt_allocator* allocator,
                              size_t begin) {
  const size_t events_size = in->event_count * sizeof *in->events;
  const size_t changes_size = in->change_count * sizeof *in->changes;
  const size_t texts_size = in->text_count * sizeof *in->texts;
  const size_t bytes_size = in->text_size;
  const size_t scratch_size = largest(events_size, changes_size, texts_size);
  dt_status status = DT_OK;
  void* scratch = dt_alloc(allocator, scratch_size);
  in->changes = dt_alloc(allocator, changes_size);
  smf->events = in->events = dt_alloc(allocator, events_size);
  smf->event_count = in->events != NULL ? in->event_count : 0;
  smf->texts = in->texts = dt_alloc(allocator, texts_size);
  smf->text_count = in->texts != NULL ? in->text_count : 0;
  smf->text_bytes = in->text_bytes = dt_alloc(allocator, bytes_size);
  smf->text_size = in->text_bytes != NULL ? bytes_size : 0;
  if ((scratch == NULL && scratch_size > 0) || (in->changes == NULL && changes_size > 0) ||
      (in->events == NULL && events_size > 0) || (in->texts == NULL && texts_size > 0) ||
      (in->text_bytes == NULL && bytes_size > 0)) {
    status = DT_NO_MEMORY;
  } else {
    status = read_chunks(in, begin);
    dt__sort_by_tick(in->events, in->event_count, sizeof *in->events, scratch);
    dt__sort_by_tick(in->texts, in->text_count, sizeof *in->texts, scratch);
    dt__sort_by_tick(in->changes, in->change_count, sizeof *in->changes, scratch);
  }
  if (status == DT_OK)
    status = build_map(smf, allocator, in->changes, in->change_count);
  dt_release(allocator, in->changes, changes_size);
  dt_release(allocator, scratch, scratch_size);
  return status;
}

dt_status dt_smf_parse(dt_smf* smf, const dt_allocator* allocator, const void* bytes, size_t size,
                       dt_error* err) {
  *smf = (dt_smf){.map = {.ticks_per_quarter = DT_TICKS_PER_QUARTER}};
  dt__smf_reader in = {.bytes = bytes, .size = size, .end = size, .err = err};
  size_t begin = 0;
  dt_status status = read_header(&in, smf, allocator, &begin);
  if (status == DT_OK)
    status = read_chunks(&in, begin);
  if (status == DT_OK)
    status = store_chunks(&in, smf, allocator, begin);
  if (status == DT_OK)
    status = put_in_time(smf, in.end_tick, err);
  if (status == DT_OK)
    return DT_OK;
  if (status == DT_NO_MEMORY)
    dt_fail(err, status, "%s", dt_status_sentence(status));
  dt_smf_clear(smf, allocator);
  return status;
}

void dt_smf_clear(dt_smf* smf, const dt_allocator* allocator) {
  dt_release(allocator, smf->events, smf->event_count * sizeof *smf->events);
  dt_release(allocator, smf->texts, smf->text_count * sizeof *smf->texts);
  dt_release(allocator, smf->text_bytes, smf->text_size);
  dt_tempo_map_clear(&smf->map, allocator);
  *smf = (dt_smf){.map = {.ticks_per_quarter = DT_TICKS_PER_QUARTER}};
}
