#ifndef DT_TEST_BAND_RUN_H
#define DT_TEST_BAND_RUN_H

/* Plays a band and keeps everything that came out. Include after cmocka (failing_allocator.h). */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/band.h"
#include "dt/rng.h"

typedef struct band_run {
  dt_frame start; /* of samples */
  float* samples; /* of channel 0 */
  size_t sample_count;
  dt_band_event* events;
  size_t event_count;
  dt_band_midi* midi;
  size_t midi_count;
} band_run;

static inline void* run_grown(void* items, size_t count, size_t more, size_t size) {
  void* grown = realloc(items, (count + more + 1) * size);
  assert_non_null(grown);
  return grown;
}

/* One block more, at `position`. */
static inline void run_block(band_run* run, dt_band* band, dt_frame position, size_t frames) {
  if (run->sample_count == 0)
    run->start = position;
  run->samples = run_grown(run->samples, run->sample_count, frames, sizeof(float));
  float* out = run->samples + run->sample_count;
  /* What is not written stands out. */
  for (size_t i = 0; i < frames; i++)
    out[i] = 1e9F;
  dt_band_process(band, position, &out, frames);
  run->sample_count += frames;
  const dt_band_event* events = NULL;
  const size_t event_count = dt_band_events(band, &events);
  run->events = run_grown(run->events, run->event_count, event_count, sizeof *events);
  memcpy(run->events + run->event_count, events, event_count * sizeof *events);
  run->event_count += event_count;
  const dt_band_midi* midi = NULL;
  const size_t midi_count = dt_band_midi_out(band, &midi);
  run->midi = run_grown(run->midi, run->midi_count, midi_count, sizeof *midi);
  memcpy(run->midi + run->midi_count, midi, midi_count * sizeof *midi);
  run->midi_count += midi_count;
}

/* `total` frames from `position` on, in blocks of `block`; 0: of random sizes up to 4096. */
static inline void run_frames(band_run* run, dt_band* band, dt_frame position, size_t total,
                              size_t block) {
  dt_rng rng = dt_rng_seeded(total, 3);
  for (size_t done = 0; done < total;) {
    size_t frames = block > 0 ? block : 1 + dt_rng_below(&rng, 4096);
    if (frames > total - done)
      frames = total - done;
    run_block(run, band, position + (dt_frame)done, frames);
    done += frames;
  }
}

static inline void run_free(band_run* run) {
  free(run->samples);
  free(run->events);
  free(run->midi);
  *run = (band_run){0};
}

static inline dt_band* new_band(int rate_hz, bool has_kit) {
  dt_band_config config = dt_band_config_default(rate_hz);
  config.has_kit = has_kit;
  config.events = 16384;
  dt_band* band = NULL;
  assert_int_equal(dt_band_new(&band, NULL, &config), DT_OK);
  return band;
}

static inline void put(dt_band* band, const dt_band_command* command) {
  assert_int_equal(dt_band_put(band, command), DT_OK);
}

static inline size_t count_kind(const band_run* run, dt_band_event_kind kind) {
  size_t count = 0;
  for (size_t i = 0; i < run->event_count; i++)
    count += run->events[i].kind == kind;
  return count;
}

/* The nth of a kind, from 0; NULL: there are not so many. */
static inline const dt_band_event* nth_kind(const band_run* run, dt_band_event_kind kind,
                                            size_t n) {
  for (size_t i = 0; i < run->event_count; i++)
    if (run->events[i].kind == kind && n-- == 0)
      return &run->events[i];
  return NULL;
}

#endif
