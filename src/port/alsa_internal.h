#ifndef DT_ALSA_INTERNAL_H
#define DT_ALSA_INTERNAL_H

#include "cable.h"
#include "clock_filter.h"
#include "convert.h"

/* <alsa/asoundlib.h> is for the sources only: a header must compile where ALSA is not installed. */
struct _snd_pcm;

/* One direction of sound. */
typedef struct dt__alsa_side {
  struct _snd_pcm* pcm; /* NULL: not wanted, or gone */
  char name[DT_PORT_NAME_MAX];
  bool is_out;
  bool is_mmap;
  int channels; /* 0: not wanted */
  int rate_hz;
  int period_frames;
  int buffer_frames;
  dt__sample_format format;
  unsigned char* bytes; /* a period, interleaved, as the device has it */
  size_t bytes_size;
} dt__alsa_side;

typedef struct dt__alsa {
  dt_port* port;
  dt__alsa_side capture;
  dt__alsa_side playback;
  int periods;
  bool is_linked;
  dt__cable cable;
  float* frames; /* a period of each channel, in then out */
  size_t frames_size;
  pthread_t thread;
  _Atomic bool shall_stop;
  /* The thread's own. */
  dt__clock_filter filter;
  dt_frame device_frame;
  bool is_by_clock;
  bool is_return;
} dt__alsa;

/* The error of the library in a sentence. */
dt_status dt__alsa_fails(dt_error* err, int code, const char* what, const char* name);
void dt__alsa_be_quiet(void);

/* alsa_pcm.c: opens with the side's name, channels, rate (0: any), period and so many periods;
 * what the device makes of it is written back. */
dt_status dt__alsa_open_side(dt__alsa_side* side, int periods, dt_error* err);
void dt__alsa_close_side(dt__alsa_side* side);

/* alsa_io.c: all negative results are the library's. */
/* Both sides from silence; the first block is a period away. */
int dt__alsa_begin(dt__alsa* alsa);
/* Waits for a period, at most 100 ms; 0: not yet, 1: it is there. */
int dt__alsa_wait(dt__alsa* alsa);
/* Exactly a period. */
int dt__alsa_read(dt__alsa* alsa);
int dt__alsa_write(dt__alsa* alsa);
/* CLOCK_MONOTONIC when the period that is there became complete. */
int64_t dt__alsa_period_us(dt__alsa* alsa);

void* dt__alsa_run(void* context);
dt_status dt__alsa_list(dt_port_devices* devices, const dt_allocator* allocator);
extern const dt__wire_kind dt__alsa_wire;

#endif
