#ifndef DT_PORT_INTERNAL_H
#define DT_PORT_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "dt/port.h"

/* ---------------------------------------------------------------- the heart: core*.c */

/* What dt_port_look shows. Written by the device's threads, read by any. */
typedef struct dt__counters {
  _Atomic int condition;
  _Atomic(const char*) sentence;
  _Atomic int64_t position;
  _Atomic int64_t last_us; /* monotonic; 0 = no block yet, or not in real time */
  _Atomic double measured_rate_hz;
  _Atomic uint64_t blocks, xruns, gaps, backwards, late;
  _Atomic int64_t gap_frames, busiest_us;
  _Atomic int64_t device_offset, by_clock_frames, ahead_frames;
  _Atomic uint64_t midi_in, midi_in_dropped, midi_in_late, midi_out, midi_out_dropped;
  _Atomic uint64_t sysex_skipped, returns;
  _Atomic int device_rate_hz;
  _Atomic bool is_midi_gone;
} dt__counters;

/* One block as the device gives it. */
typedef struct dt__cycle {
  int frame_count;
  dt_frame device_frame;
  int64_t clock_us;
  const float* const* in;
  float* const* out;
  bool is_by_clock; /* the device counts afresh: what is missing is told by clock_us */
  bool is_return;   /* and it had been away */
  int capture_latency_frames;
  int playback_latency_frames;
  bool has_transport;
  bool is_rolling;
  dt_frame transport_frame;
  double transport_bpm;
} dt__cycle;

/* Frames by the clock over the last 10 to 20 seconds. */
typedef struct dt__rate_meter {
  int64_t older_us, newer_us;
  dt_frame older_frame, newer_frame;
  dt_frame frame; /* all frames so far */
  bool has_begun;
} dt__rate_meter;

/* All that the callback touches but for the counters belongs to the callback's thread. */
typedef struct dt__core {
  dt_port_process_fn process;
  void* context;
  int rate_hz;
  int period_frames;
  int block_frames_max;
  int in_count;
  int out_count;

  dt_frame position;     /* of the next block, before its gap */
  dt_frame expected;     /* what the device's counter should say then */
  int64_t next_clock_us; /* what the clock should say then */
  dt_frame debt;         /* frames that the counter has gone back and not come forward yet */
  dt_frame debt_until;   /* a position: later than that, it will not be paid */
  dt_frame owed;         /* frames of gaps that were taken back: the position is ahead by them */
  dt_frame recent_gap;   /* frames lost in the last moment, */
  dt_frame recent_until; /* which ends at this position */
  double usual_lag_us;   /* clock less position; lately */
  double least_lag_us;   /* more than that, of the blocks watched since an xrun */
  int watch_left;        /* blocks still to be watched */
  uint64_t xruns_seen;
  bool has_begun;
  dt__rate_meter meter;

  dt_port_midi_list midi_in;  /* filled by the backend before dt__core_block */
  dt_port_midi_list midi_out; /* sent by the backend after it */
  dt_port_midi in_items[DT_PORT_MIDI_MAX];
  dt_port_midi out_items[DT_PORT_MIDI_MAX];
  dt_port_midi part_in_items[DT_PORT_MIDI_MAX]; /* of one part of a block that had to be split */
  dt_port_midi part_out_items[DT_PORT_MIDI_MAX];

  dt__counters counters;
} dt__core;

void dt__core_init(dt__core* core, const dt_port_info* info);

/* Counts, calls process, and leaves what it sends in core->midi_out. The callback's thread. */
void dt__core_block(dt__core* core, const dt__cycle* cycle) DT_NONBLOCKING;

/* When the block before began and ended, by the clock of cycle->clock_us. */
void dt__core_timed(dt__core* core, int64_t due_us, int64_t began_us,
                    int64_t ended_us) DT_NONBLOCKING;

/* A message of the device for the next dt__core_block, with its status byte: sysex, and what is no
 * message, is counted; what begins without a status byte is the rest of a sysex. */
void dt__core_midi(dt__core* core, int64_t frame_offset, const uint8_t* bytes,
                   size_t size) DT_NONBLOCKING;

/* Adds to a counter that one thread writes. */
void dt__count(_Atomic uint64_t* counter, uint64_t more) DT_NONBLOCKING;

/* How many of count frames are missing before a block that the clock places at clock_us. */
dt_frame dt__frames_of_us(int64_t us, int rate_hz) DT_NONBLOCKING;

/* Any thread. The sentence has static storage. */
void dt__core_condition(dt__core* core, dt_port_condition condition, const char* sentence);

/* ---------------------------------------------------------------- backends */

typedef struct dt__backend {
  const char* name;
  /* Fills port->info and port->device. On failure nothing is left. */
  dt_status (*open)(dt_port* port, const dt_port_config* config, const char* name, dt_error* err);
  dt_status (*start)(dt_port* port, dt_error* err);
  /* Once, after a start that succeeded. */
  dt_status (*stop)(dt_port* port, dt_error* err);
  void (*close)(dt_port* port);
  bool (*step)(dt_port* port, dt_frame frame_count); /* NULL: never */
  dt_status (*transport)(dt_port* port, dt_port_transport_ask ask, dt_frame frame); /* or NULL */
  dt_status (*list)(dt_port_devices* devices, const dt_allocator* allocator);
} dt__backend;

extern const dt__backend dt__null_backend;
extern const dt__backend dt__file_backend;
extern const dt__backend dt__jack_backend;
extern const dt__backend dt__alsa_backend;

struct dt_port {
  dt_allocator allocator;
  bool has_allocator;
  const dt__backend* backend;
  void* device; /* the backend's */
  dt_port_info info;
  int retry_ms;
  bool is_started;
  bool is_stopped;
  dt__core core;
};

/* The port's allocator, or NULL for the system's. */
const dt_allocator* dt__port_allocator(const dt_port* port);

/* CLOCK_MONOTONIC. */
int64_t dt__now_us(void);
void dt__sleep_until_us(int64_t due_us);
/* Real-time priority where this user may have it; else it stays as it is. */
void dt__raise_thread(pthread_t thread);

/* Text cut to its place, always ended. */
void dt__copy_text(char* to, size_t size, const char* from);
/* "BACKEND:NAME", or "BACKEND" where name is "". */
void dt__device_name(char to[DT_PORT_NAME_MAX], const char* backend, const char* name);

/* Appends a device with everything unknown and usable; NULL when there is no memory. */
dt_port_device* dt__devices_add(dt_port_devices* devices, const dt_allocator* allocator,
                                const char* backend, const char* name);

#endif
