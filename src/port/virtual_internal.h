#ifndef DT_VIRTUAL_INTERNAL_H
#define DT_VIRTUAL_INTERNAL_H

#include <pthread.h>

#include "dt/rng.h"
#include "port_internal.h"

/* ---------------------------------------------------------------- out comes in again: loop.c */

typedef struct dt__loop_midi {
  dt_frame at; /* where it comes in */
  dt_port_midi message;
} dt__loop_midi;

#define DT__LOOP_MIDI_MAX 4096

typedef struct dt__loop {
  int delay_frames; /* 0: no loopback */
  int channels;     /* both sides have these */
  dt_frame length;  /* of each channel; a power of two */
  float* frames;    /* channel after channel; what is at a true frame, modulo the length */
  size_t frames_size;
  dt__loop_midi* midi; /* a queue: they leave as they came */
  uint32_t midi_written, midi_read;
} dt__loop;

dt_status dt__loop_open(dt__loop* loop, const dt_allocator* allocator, int delay_frames,
                        int channels, int period_frames);
void dt__loop_close(dt__loop* loop, const dt_allocator* allocator);
/* What comes in at true frame `at` is added to in. */
void dt__loop_read(dt__loop* loop, dt_frame at, int frame_count, float* const* in,
                   dt_port_midi_list* midi);
void dt__loop_write(dt__loop* loop, dt_frame at, int frame_count, const float* const* out,
                    const dt_port_midi_list* midi);
/* What would have come in from `at` on is lost. */
void dt__loop_lose(dt__loop* loop, dt_frame at, dt_frame frame_count);

/* ---------------------------------------------------------------- files: files*.c */

typedef struct dt__files dt__files;

/* Opens what config names; *rate_hz and *in_channels become those of the sound, when there is one.
 * NULL and err on failure. */
dt__files* dt__files_open(const dt_port_config* config, const dt_allocator* allocator, int* rate_hz,
                          int* in_channels, dt_error* err);
/* The longest input; 0 without any. */
dt_frame dt__files_length(const dt__files* files);
void dt__files_read(dt__files* files, dt_frame at, int frame_count, float* const* in,
                    dt_port_midi_list* midi);
/* Frames between the last call and `at` are written as silence. */
void dt__files_write(dt__files* files, dt_frame at, int frame_count, const float* const* out,
                     const dt_port_midi_list* midi);
/* Completes what is written; err says what went wrong since opening. */
dt_status dt__files_finish(dt__files* files, dt_error* err);
void dt__files_close(dt__files* files);

/* ---------------------------------------------------------------- the device: virtual*.c */

typedef struct dt__virtual {
  dt_port* port;
  double speed;
  dt_frame length_frames; /* 0: never ends */
  dt_port_fault* faults;
  int fault_count;
  int next_fault;
  int jitter_us;
  dt_rng rng;
  int capture_latency_frames;
  int playback_latency_frames;
  dt_port_input_fn input;
  dt_port_output_fn output;
  void* context;
  dt__files* files;
  dt__loop loop;
  float* frames; /* period frames of each channel, in then out */
  size_t frames_size;

  dt_frame at;           /* true frames so far */
  dt_frame step_until;   /* asked for by dt_port_step so far */
  dt_frame device_frame; /* what the device says */
  dt_frame glitch_frames;
  dt_frame absent_until; /* a true frame; 0 = there */
  int returns_with_hz;
  double clock_us;
  double speed_ppm;
  int64_t begin_us; /* monotonic, of clock_us 0 */
  int64_t late_us;  /* of the next callback; negative: early */
  bool is_return;
  bool has_ended;
  _Atomic bool shall_stop;
  pthread_t thread;
} dt__virtual;

/* Brings about the faults that are due at v->at. */
void dt__virtual_faults(dt__virtual* v);
/* Frames pass: by the device's counter as by the clock. */
void dt__virtual_pass(dt__virtual* v, dt_frame frame_count);
/* One block, or one period without one. False once all is over. */
bool dt__virtual_advance(dt__virtual* v);
/* Thread of a device in real time. */
void* dt__virtual_run(void* context);

#endif
