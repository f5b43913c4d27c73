#ifndef DT_JACK_INTERNAL_H
#define DT_JACK_INTERNAL_H

#include <pthread.h>

#include "port_internal.h"

/* <jack/jack.h> is for the sources only: a header must compile where JACK is not installed. */
struct _jack_client;
struct _jack_port;

/* What to connect; NULL: the physical ports, "": none. */
typedef struct dt__jack_wish {
  char* pattern;
  size_t size;
} dt__jack_wish;

enum { DT__JACK_IN, DT__JACK_OUT, DT__JACK_MIDI_IN, DT__JACK_MIDI_OUT, DT__JACK_SIDES };

typedef struct dt__jack {
  dt_port* port;
  struct _jack_client* client; /* NULL while the server is gone; the keeper's while it runs */
  struct _jack_port* in[DT_PORT_CHANNELS_MAX];
  struct _jack_port* out[DT_PORT_CHANNELS_MAX];
  struct _jack_port* midi_in; /* NULL: not wanted */
  struct _jack_port* midi_out;
  char client_name[64];
  char server_name[64]; /* "": the default */
  dt__jack_wish wishes[DT__JACK_SIDES];
  pthread_t keeper;
  pthread_mutex_t client_lock; /* between the keeper and dt_port_transport; never in real time */

  _Atomic bool is_lost;       /* the server told so */
  _Atomic bool has_new_ports; /* so that something may be there to connect */
  _Atomic bool shall_stop;
  _Atomic bool is_fresh;  /* the next block is the first of a new client */
  _Atomic bool is_return; /* and not the first of all */
  _Atomic int capture_latency_frames;
  _Atomic int playback_latency_frames;

  /* The callback's thread only. */
  uint32_t last_raw;
  dt_frame device_frame;
  int64_t usual_lag_us; /* from the cycle's beginning to the callback */
} dt__jack;

/* jack_client.c: a client of the server, with its ports; not yet active. */
dt_status dt__jack_join(dt__jack* jack, dt_error* err);
void dt__jack_leave(dt__jack* jack);
/* jack_connect.c: what is wished and not connected yet. The latencies follow from it. */
void dt__jack_connect(dt__jack* jack);
void dt__jack_read_latency(dt__jack* jack);

/* jack_run.c: the callbacks. */
int dt__jack_process(uint32_t frame_count, void* context) DT_NONBLOCKING;

/* jack_keep.c: looks after the connection until shall_stop. */
void* dt__jack_keep(void* context);

/* jack_list.c */
void dt__jack_be_quiet(void);
dt_status dt__jack_list(dt_port_devices* devices, const dt_allocator* allocator);

#endif
