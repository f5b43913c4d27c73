#ifndef DT_CABLE_H
#define DT_CABLE_H

#include <poll.h>
#include <pthread.h>
#include <stddef.h>

#include "dt/ring.h"
#include "midi_stream.h"
#include "port_internal.h"

/* What MIDI bytes go through: a rawmidi device (alsa_wire.c) or a device file (file_wire.c). All
 * calls are from the cable's thread, but for the first open. */
#define DT__WIRE_POLLS 4

typedef struct dt__wire dt__wire;
typedef struct dt__wire_kind {
  dt_status (*open)(dt__wire* wire, dt_error* err);
  void (*close)(dt__wire* wire);
  int (*polls)(dt__wire* wire, struct pollfd* polls); /* up to DT__WIRE_POLLS */
  /* Bytes that came together and when; 0: none now, -1: the device is gone. Does not wait. */
  ptrdiff_t (*read)(dt__wire* wire, uint8_t* bytes, size_t size, int64_t* at_us);
  /* As many as can go out now; -1: the device is gone. */
  ptrdiff_t (*write)(dt__wire* wire, const uint8_t* bytes, size_t size);
} dt__wire_kind;

struct dt__wire {
  const dt__wire_kind* kind; /* NULL: not wanted */
  char name[DT_PORT_NAME_MAX];
  bool is_out;
  bool is_open;
  bool has_stamps; /* the kernel's, of CLOCK_MONOTONIC */
  int file;
  void* device;
};

extern const dt__wire_kind dt__file_wire;

/* A message and its moment by CLOCK_MONOTONIC. */
typedef struct dt__timed_midi {
  int64_t at_us;
  uint8_t size;
  uint8_t bytes[3];
} dt__timed_midi;

/* A MIDI device beside a sound device: a thread of its own stamps what comes in and sends what is
 * due, so that the sound's thread neither waits nor asks. */
typedef struct dt__cable {
  dt__wire in;
  dt__wire out;
  dt__midi_stream stream;
  dt_ring* received; /* dt__timed_midi */
  dt_ring* to_send;
  int retry_ms;
  pthread_t thread;
  bool has_thread;
  _Atomic bool shall_stop;
  _Atomic bool* is_gone; /* told here */
  _Atomic uint64_t sysex;
  _Atomic uint64_t damaged;
  uint64_t unsent; /* the thread's own */
  /* The sound's thread only. */
  dt__timed_midi next;
  bool has_next;
  uint64_t sysex_told;
  uint64_t lost_told;
} dt__cable;

/* in and out must be set before. On failure nothing is open. */
dt_status dt__cable_open(dt__cable* cable, const dt_allocator* allocator, dt_error* err);
dt_status dt__cable_start(dt__cable* cable, dt_error* err);
void dt__cable_close(dt__cable* cable);

/* The sound's thread: hands core what came in during the capture of the block whose first frame
 * was captured at from_us; what is younger stays for the next. */
void dt__cable_receive(dt__cable* cable, dt__core* core, int64_t from_us,
                       int frame_count) DT_NONBLOCKING;
/* And sends what the block gave, its first frame at at_us. */
void dt__cable_send(dt__cable* cable, dt__core* core, int64_t at_us) DT_NONBLOCKING;

#endif
