#ifndef DT_TEST_JACK_DRUMMER_H
#define DT_TEST_JACK_DRUMMER_H

/*
 * Another program on a JACK server: it plays notes, and the kit's snare as sound, at known frames
 * of the server, and can be the transport's timebase master. Started anew with other arguments, it
 * shares a mapped file.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../port/port_support.h"

#include "../port/jack_server.h"

#include <jack/midiport.h>
#include <pthread.h>
#include <sys/mman.h>

#include "dt/chart_file.h"
#include "dt/rng.h"
#include "dt/session.h"
#include "dt/stat.h"
#include "dt/synthkit.h"

#define RATE_HZ     48000
#define PERIOD      256
#define STROKES_MAX 4096
#define SNARE_MAX   (RATE_HZ / 5)
#define STROKES     12 /* of a stretch */
#define STRETCHES   6
#define TRIES       15
#define SEED        731001 /* developed on 731000 */

typedef struct other_drummer {
  uint32_t at[STROKES_MAX]; /* by the server's counter */
  float loud[STROKES_MAX];
  _Atomic int count;
  _Atomic int odd_count; /* cycles whose time is not where the one before ended */
  _Atomic int has_joined;
  _Atomic int plays;
  /* The transport's frame less the server's counter, while it rolls. */
  _Atomic int transport_ahead;
  _Atomic int is_rolling;
  _Atomic int bpm; /* told as timebase master; 0: it is none */
  float snare[SNARE_MAX];
  int gap_frames; /* mean distance of strokes */
  dt_rng rng;
  uint32_t next;
  uint32_t expected;
  bool has_begun;
  bool has_counter;
  jack_client_t* client;
  jack_port_t* out;
  jack_port_t* midi_out;
} other_drummer;

static inline uint32_t draw_gap(other_drummer* d) {
  return (uint32_t)(d->gap_frames * (0.6 + 0.8 * dt_rng_uniform(&d->rng)));
}

static inline void ring_on(const other_drummer* d, float* out, uint32_t now, uint32_t frames) {
  for (int i = atomic_load(&d->count); i-- > 0;) {
    const int32_t from = (int32_t)(d->at[i] - now);
    if (from + SNARE_MAX < 0)
      return;
    for (int32_t k = from < 0 ? -from : 0; k < SNARE_MAX && from + k < (int32_t)frames; k++)
      out[from + k] += d->loud[i] * d->snare[k];
  }
}

/* A cycle whose time is in doubt plays no new stroke: it could not be said when. */
static inline int other_process(jack_nframes_t frames, void* context) {
  static const uint8_t note[3] = {0x99, 38, 100};
  other_drummer* d = context;
  const uint32_t now = jack_last_frame_time(d->client);
  const bool is_odd = d->has_counter && now != d->expected;
  d->has_counter = true;
  d->expected = now + frames;
  atomic_fetch_add(&d->odd_count, is_odd);
  jack_position_t position;
  const bool is_rolling = jack_transport_query(d->client, &position) == JackTransportRolling;
  if (is_rolling && !is_odd)
    atomic_store(&d->transport_ahead, (int32_t)(position.frame - now));
  atomic_store(&d->is_rolling, is_rolling);
  float* out = jack_port_get_buffer(d->out, frames);
  void* midi = jack_port_get_buffer(d->midi_out, frames);
  memset(out, 0, frames * sizeof(float));
  jack_midi_clear_buffer(midi);
  if (!atomic_load(&d->plays))
    d->has_begun = false;
  else if (!d->has_begun) {
    d->has_begun = true;
    d->next = now + RATE_HZ / 4;
  }
  while (d->has_begun && (int32_t)(d->next - (now + frames)) < 0) {
    const int count = atomic_load(&d->count);
    if ((int32_t)(d->next - now) >= 0 && !is_odd && count < STROKES_MAX) {
      (void)jack_midi_event_write(midi, d->next - now, note, sizeof note);
      d->at[count] = d->next;
      d->loud[count] = (float)(0.3 + 0.7 * dt_rng_uniform(&d->rng));
      atomic_store(&d->count, count + 1);
    }
    d->next += draw_gap(d);
  }
  ring_on(d, out, now, frames);
  return 0;
}

static inline void tell_tempo(jack_transport_state_t state, jack_nframes_t frames,
                              jack_position_t* position, int is_new, void* context) {
  (void)state, (void)frames, (void)is_new;
  const other_drummer* d = context;
  position->valid = JackPositionBBT;
  position->beats_per_bar = 4;
  position->beat_type = 4;
  position->ticks_per_beat = 960;
  position->bar = position->beat = 1;
  position->beats_per_minute = atomic_load(&d->bpm);
}

static inline other_drummer* map_drummer(const char* path) {
  const int file = open(path, O_RDWR);
  if (file < 0)
    return NULL;
  void* at = mmap(NULL, sizeof(other_drummer), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return at == MAP_FAILED ? NULL : at;
}

static inline int other_main(const char* path) {
  other_drummer* d = map_drummer(path);
  if (d == NULL)
    return 1;
  jack_set_error_function(hush);
  jack_set_info_function(hush);
  d->client = jack_client_open("drummer", JackNoStartServer, NULL);
  if (d->client == NULL)
    return 1;
  d->out = jack_port_register(d->client, "out", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
  d->midi_out = jack_port_register(d->client, "midi", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
  jack_set_process_callback(d->client, other_process, d);
  if (jack_activate(d->client) == 0)
    atomic_store(&d->has_joined, 1);
  if (atomic_load(&d->bpm) > 0)
    (void)jack_set_timebase_callback(d->client, 0, tell_tempo, d);
  for (;;)
    nap_ms(1000);
}

#endif
