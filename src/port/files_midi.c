#include <math.h>
#include <string.h>

#include "files_internal.h"

#define MIDI_FILE_MAX ((size_t)64 << 20)

static dt_status no_memory(dt_error* err) {
  return dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
}

/* ---------------------------------------------------------------- in */

dt_status dt__score_open(dt__score* score, const dt_allocator* allocator, const char* path,
                         int rate_hz, dt_error* err) {
  dt_buffer buffer = {.allocator = allocator};
  dt_error own = {.status = DT_OK};
  score->rate_hz = rate_hz;
  dt_status status = dt_file_read(&buffer, path, MIDI_FILE_MAX, &own);
  if (status == DT_OK)
    status = dt_smf_parse(&score->smf, allocator, buffer.bytes, buffer.size, &own);
  dt_buffer_clear(&buffer);
  return status == DT_OK ? DT_OK : dt_fail(err, status, "%.100s: %.150s", path, own.sentence);
}

static dt_frame frame_of(const dt__score* score, size_t index) {
  return (dt_frame)llround(score->smf.events[index].time_s * score->rate_hz);
}

dt_frame dt__score_length(const dt__score* score) {
  if (score->rate_hz == 0)
    return 0;
  const dt_frame end = (dt_frame)ceil(score->smf.duration_s * score->rate_hz);
  const dt_frame last =
      score->smf.event_count > 0 ? frame_of(score, score->smf.event_count - 1) + 1 : 0;
  return end > last ? end : last;
}

void dt__score_read(dt__score* score, dt_frame at, int frame_count, dt_port_midi_list* midi) {
  while (score->next < score->smf.event_count) {
    const dt_frame frame = frame_of(score, score->next);
    if (frame >= at + frame_count)
      return;
    const dt_midi_event* event = &score->smf.events[score->next++];
    const uint8_t bytes[3] = {event->status, event->data1, event->data2};
    const int size = (event->status & 0xE0) == 0xC0 ? 2 : 3;
    if (frame >= at) /* else it was lost with the frames before */
      (void)dt_port_put(midi, (uint32_t)(frame - at), bytes, size);
  }
}

/* ---------------------------------------------------------------- out */

dt_status dt__notes_open(dt__notes* notes, const dt_allocator* allocator, const char* path,
                         int rate_hz, dt_error* err) {
  notes->rate_hz = rate_hz;
  notes->path_size = strlen(path) + 1;
  notes->path = dt_alloc(allocator, notes->path_size);
  if (notes->path == NULL)
    return no_memory(err);
  memcpy(notes->path, path, notes->path_size);
  return DT_OK;
}

static dt_status make_room(dt__notes* notes, const dt_allocator* allocator) {
  if (notes->count < notes->capacity)
    return DT_OK;
  const size_t capacity = notes->capacity ? 2 * notes->capacity : 256;
  dt_midi_event* events = dt_resize(allocator, notes->events, notes->capacity * sizeof *events,
                                    capacity * sizeof *events);
  if (events == NULL)
    return DT_NO_MEMORY;
  notes->events = events;
  notes->capacity = capacity;
  return DT_OK;
}

dt_status dt__notes_add(dt__notes* notes, const dt_allocator* allocator, dt_frame at,
                        const dt_port_midi_list* midi) {
  for (int i = 0; notes->path != NULL && i < midi->count; ++i) {
    const dt_port_midi* m = &midi->items[i];
    if (m->bytes[0] >= 0xF0)
      continue; /* a file holds no clock */
    if (make_room(notes, allocator) != DT_OK)
      return DT_NO_MEMORY;
    notes->events[notes->count++] = (dt_midi_event){
        .tick = at + m->frame_offset,
        .status = m->bytes[0],
        .data1 = m->bytes[1],
        .data2 = m->bytes[2],
    };
  }
  return DT_OK;
}

/* A tick is a frame wherever the format can say so: quarters of a half, a quarter, ... of a
 * second. */
static dt_status set_map(dt_tempo_map* map, const dt_allocator* allocator, int rate_hz,
                         double* ticks_per_frame) {
  int quarters_per_s = 1;
  while (rate_hz / quarters_per_s > 32767)
    quarters_per_s *= 2;
  map->ticks_per_quarter = rate_hz / quarters_per_s;
  const double us_per_quarter = 1e6 / quarters_per_s;
  *ticks_per_frame = (double)map->ticks_per_quarter * (double)quarters_per_s / (double)rate_hz;
  return dt_tempo_map_set_tempo(map, allocator, 0, us_per_quarter);
}

dt_status dt__notes_finish(dt__notes* notes, const dt_allocator* allocator, dt_frame length_frames,
                           dt_error* err) {
  if (notes->path == NULL)
    return DT_OK;
  dt_smf smf;
  memset(&smf, 0, sizeof smf);
  double ticks_per_frame = 1;
  dt_status status = set_map(&smf.map, allocator, notes->rate_hz, &ticks_per_frame);
  for (size_t i = 0; i < notes->count; ++i)
    notes->events[i].tick = (dt_tick)llround((double)notes->events[i].tick * ticks_per_frame);
  smf.events = notes->events;
  smf.event_count = notes->count;
  smf.duration_s = (double)length_frames / notes->rate_hz;
  dt_outfile file;
  dt_error own = {.status = DT_OK};
  if (status == DT_OK)
    status = dt_outfile_open(&file, notes->path, &own);
  if (status == DT_OK) {
    status = dt_smf_write(&smf, dt_file_sink(file.file));
    if (status == DT_OK)
      status = dt_outfile_commit(&file, &own);
    else
      dt_outfile_abandon(&file);
  }
  smf.events = NULL; /* they stay the notes' */
  smf.event_count = 0;
  dt_smf_clear(&smf, allocator);
  if (status == DT_OK)
    return DT_OK;
  return dt_fail(err, status, "%.100s: %.150s", notes->path,
                 own.sentence[0] ? own.sentence : dt_status_sentence(status));
}

void dt__notes_close(dt__notes* notes, const dt_allocator* allocator) {
  if (notes->path != NULL)
    dt_release(allocator, notes->path, notes->path_size);
  if (notes->events != NULL)
    dt_release(allocator, notes->events, notes->capacity * sizeof *notes->events);
  memset(notes, 0, sizeof *notes);
}
