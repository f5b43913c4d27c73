#ifndef DT_TEST_BACKING_FILE_H
#define DT_TEST_BACKING_FILE_H

/* MIDI files to play along with, written by tests. Include after cmocka. */

#include <string.h>

#include "dt/sink.h"
#include "dt/smf.h"

#define DT__BACKING_EVENTS 4096

typedef struct dt__backing_file {
  dt_smf smf;
  dt_midi_event events[DT__BACKING_EVENTS];
} dt__backing_file;

static inline void dt__backing_file_begin(dt__backing_file* file, int ticks_per_quarter) {
  memset(file, 0, sizeof *file);
  file->smf.map.ticks_per_quarter = ticks_per_quarter;
  file->smf.events = file->events;
}

/* In the order of their ticks. */
static inline void dt__backing_file_add(dt__backing_file* file, dt_tick tick, int status, int data1,
                                        int data2) {
  assert_true(file->smf.event_count < DT__BACKING_EVENTS);
  file->events[file->smf.event_count++] = (dt_midi_event){
      .tick = tick, .status = (uint8_t)status, .data1 = (uint8_t)data1, .data2 = (uint8_t)data2};
}

static inline void dt__backing_file_meter(dt__backing_file* file, dt_tick tick, dt_meter meter) {
  assert_int_equal(dt_tempo_map_set_meter(&file->smf.map, NULL, tick, meter), DT_OK);
}

/* Its bytes, to be cleared with dt_buffer_clear; the file is empty then. */
static inline dt_buffer dt__backing_file_end(dt__backing_file* file) {
  dt_buffer buffer = {.bytes = NULL};
  assert_int_equal(dt_smf_write(&file->smf, dt_buffer_sink(&buffer)), DT_OK);
  dt_tempo_map_clear(&file->smf.map, NULL);
  return buffer;
}

/* A note on every quarter of `bars` bars of 4/4, channel 1, key 36 + its number; staccato. */
static inline dt_buffer dt__backing_quarters(int bars) {
  static dt__backing_file file;
  dt__backing_file_begin(&file, 480);
  dt__backing_file_meter(&file, 0, (dt_meter){4, 4});
  for (int q = 0; q < 4 * bars; q++) {
    dt__backing_file_add(&file, 480 * q, 0x90, 36 + q % 64, 100);
    dt__backing_file_add(&file, 480 * q + 240, 0x80, 36 + q % 64, 0);
  }
  return dt__backing_file_end(&file);
}

#endif
