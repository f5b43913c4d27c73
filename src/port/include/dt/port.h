#ifndef DT_PORT_H
#define DT_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "dt/alloc.h"
#include "dt/error.h"
#include "dt/tempo.h"

/*
 * Sound and MIDI in, sound and MIDI out, through one callback.
 *
 *   dt_port_config config = dt_port_config_default();
 *   config.device = "jack";
 *   dt_port* port = dt_port_open(&config, &err);
 *   const dt_port_info* info = dt_port_info_of(port);   // now the rate is known: build the engine
 *   dt_port_start(port, process, engine, &err);
 *   ...                                                 // dt_port_look now and then
 *   dt_port_close(port);
 *
 * A device is named "BACKEND" or "BACKEND:NAME" as dt_port_list gives it: "jack", "alsa:hw:1,0",
 * "null", "file". JACK also reaches PipeWire, through its JACK library.
 *
 * Positions. The port counts frames itself, from 0 at the first block, and never trusts the
 * device's word: each block's device_frame is compared with where the last one ended. Frames that
 * are missing are a gap: they are counted, position skips them, and gap_frames of the next block
 * says how many. So a position is a moment: position / rate_hz is the time since the start by the
 * device's clock, whatever was lost. A counter that goes back never takes the position back: the
 * position goes on, and a jump forward within the next second pays that back before it is a gap.
 * (What goes back right after a gap takes the gap back; a later gap pays for it.)
 *
 * Some loss only the system's monotonic clock tells: a device that is gone, a counter that stood
 * still while 0.1 s and 4 periods or more went by, and an xrun that was reported but not counted
 * (from 2 ms and half a period; told 8 blocks later). Such a gap is as exact as that clock and the
 * scheduler are (measured: docs/devices.md).
 *
 * Latency is told, never subtracted: what is in in[..][i] reached the microphone
 * capture_latency_frames before position + i, and out[..][i] is heard playback_latency_frames after
 * it, as the device claims (-1: it does not say). To be subtracted in one place, by whoever
 * calibrates.
 *
 * Threads. The callback runs in a thread of the device (or in dt_port_step). Everything else may be
 * called from any one thread at a time, and dt_port_look and dt_port_transport from any, at any
 * moment between open and close.
 */
typedef struct dt_port dt_port;

#define DT_PORT_CHANNELS_MAX 64   /* in each direction */
#define DT_PORT_BLOCK_MAX    8192 /* frames a block */
#define DT_PORT_MIDI_MAX     512  /* messages a block, in each direction */
#define DT_PORT_NAME_MAX     128

/* ---------------------------------------------------------------- the callback */

/* One MIDI message of 1..3 bytes, complete (no running status). In: sysex is skipped and counted.
 * Clock, start, stop, continue and song position come as messages like all others. */
typedef struct dt_port_midi {
  uint32_t frame_offset; /* 0..frame_count - 1 of its block */
  uint8_t size;
  uint8_t bytes[3]; /* unused ones are 0 */
} dt_port_midi;

/* Messages by offset, then in the order they were put. */
typedef struct dt_port_midi_list {
  dt_port_midi* items;
  int count;
  int capacity;
  uint64_t refused; /* put while it was full, or of a size that is no message's; counted, no wait */
} dt_port_midi_list;

typedef struct dt_port_block {
  dt_frame position; /* of the first frame; see above */
  int frame_count;   /* 1..info.block_frames_max; may differ from block to block */
  int rate_hz;
  int in_count;
  int out_count;
  const float* const* in; /* in[channel][frame], nominally -1..1 */
  float* const* out;      /* zeroed before the call; what is left is played */
  const dt_port_midi* midi_in;
  int midi_in_count;
  dt_port_midi_list* midi_out; /* fill with dt_port_put; empty before the call */
  dt_frame gap_frames;         /* missing just before this block; 0 nearly always */
  bool is_return;              /* the first block after the device was gone: sounds and notes begun
                                * before may never have been heard, note-offs may be lost */
  dt_frame device_frame;       /* the device's own counter at the first frame, as it says; counts
                                * from anywhere, and afresh after is_return */
  int64_t clock_us; /* CLOCK_MONOTONIC at the first frame, as the device or its driver estimates
                     * it; of a null or file device of another speed than 1: its virtual time */
  int capture_latency_frames; /* -1: not known */
  int playback_latency_frames;
  bool has_transport; /* the fields below mean something (JACK) */
  bool is_rolling;
  dt_frame transport_frame;
  double transport_bpm; /* quarters a minute, as a timebase master tells; 0: nobody does */
} dt_port_block;

/* Copies and renders, nothing else: no allocation, lock, system call, print. The block and all that
 * it points to belong to the port and end with the call. */
typedef void (*dt_port_process_fn)(void* context, const dt_port_block* block) DT_NONBLOCKING;

/* Puts a message of size 1..3 into its place in the order; false (and one more refused) when the
 * list is full or size is out of range. An offset beyond the block is brought to its last frame
 * when it is sent. Real-time safe. */
bool dt_port_put(dt_port_midi_list* list, uint32_t frame_offset, const uint8_t* bytes,
                 int size) DT_NONBLOCKING;

/* ---------------------------------------------------------------- the null device */

/* What the null device does wrong, on request. value means: */
typedef enum dt_port_fault_kind {
  DT_PORT_FAULT_LATE,      /* us: one callback comes so much later; nothing is lost */
  DT_PORT_FAULT_EARLY,     /* us: one callback comes so much sooner than its time */
  DT_PORT_FAULT_XRUN,      /* frames lost, and the device says so */
  DT_PORT_FAULT_JUMP,      /* frames lost without a word: its counter just jumps */
  DT_PORT_FAULT_UNCOUNTED, /* frames lost; it reports an xrun, but its counter stands still */
  DT_PORT_FAULT_BACKWARDS, /* frames: its counter goes back and stays so; nothing is lost */
  DT_PORT_FAULT_GLITCH,    /* frames: its counter goes back for one block; nothing is lost */
  DT_PORT_FAULT_STALL,     /* ms without a callback, then on as if nothing were; those are lost */
  DT_PORT_FAULT_FREEZE,    /* the same, but its counter stands still meanwhile */
  DT_PORT_FAULT_VANISH,    /* ms gone; then back, its counter afresh from 0 */
  DT_PORT_FAULT_SPEED,     /* parts per million: from here on its clock is off by so much */
  DT_PORT_FAULT_RATE,      /* Hz: gone for 100 ms, and back at another rate */
  DT_PORT_FAULT_FAIL,      /* unused value: gone, and never back */
  DT_PORT_FAULT_COUNT
} dt_port_fault_kind;

typedef struct dt_port_fault {
  dt_frame at; /* true frames since the start, lost ones included; done before the block there */
  dt_port_fault_kind kind;
  int64_t value;
} dt_port_fault;

/* What the microphone and the pads hear: fills `in` (zeroed before) and `midi` for true frames
 * at .. at + frame_count - 1. Frames that the device loses are never asked for, so without faults
 * of the port `at` is the position where it arrives. Called in the device's thread, before the
 * block; not a real-time context. */
typedef void (*dt_port_input_fn)(void* context, dt_frame at, int frame_count, float* const* in,
                                 dt_port_midi_list* midi);

/* What comes out of the loudspeaker, after the block. */
typedef void (*dt_port_output_fn)(void* context, dt_frame at, int frame_count,
                                  const float* const* out, const dt_port_midi* midi,
                                  int midi_count);

/* ---------------------------------------------------------------- opening */

/* Zero or NULL means "as the device likes" or "none", but where a comment says otherwise. Strings
 * are copied. */
typedef struct dt_port_config {
  const char* device; /* "BACKEND:NAME"; NULL: JACK where a server runs, else ALSA's default */
  const dt_allocator* allocator; /* of what the port itself needs; copied */
  int rate_hz;       /* JACK: must be the server's; ALSA: must be possible; null: 48000 */
  int period_frames; /* wanted; default 256 */
  int in_channels;   /* sound in; default 1; ALSA may give more, never fewer */
  int out_channels;  /* default 2 */
  bool has_midi_in;  /* MIDI is wanted at all */
  bool has_midi_out;
  int retry_ms; /* how often a device that is gone is tried; default 100 */

  struct {
    const char* client_name; /* default "doubletime" */
    const char* server_name; /* NULL: JACK_DEFAULT_SERVER, else "default" */
    /* Which ports to connect, as extended regular expressions on JACK's port names, in JACK's
     * order, channel by channel; NULL: the physical ones; "": none. After a reconnection again. */
    const char* connect_in;
    const char* connect_out;
    const char* connect_midi_in; /* all that match, not just the first */
    const char* connect_midi_out;
  } jack;

  struct {
    const char* capture; /* NULL: the NAME of `device` */
    const char* playback;
    const char* midi_in; /* rawmidi, "hw:1,0,0", or a device file, "/dev/midi1"; NULL with
                          * has_midi_in: the first there is */
    const char* midi_out;
    int periods; /* in the device's buffer; default 3 */
  } alsa;

  /* The null and file devices. */
  struct {
    double speed; /* 1: real time, in a thread; 4: four times faster; INFINITY: as fast as it goes;
                   * 0: only in dt_port_step. Default of null 1, of file INFINITY */
    dt_frame length_frames; /* it ends there; 0: never, or with the longest of its input files */
    const dt_port_fault* faults; /* sorted by at */
    int fault_count;
    uint64_t seed;              /* of the jitter below */
    int jitter_us;              /* real time: callbacks come up to so much late, uniformly */
    int loopback_delay_frames;  /* out comes in again, channel by channel and MIDI, so much later;
                                 * at least a period; 0: no loopback */
    int capture_latency_frames; /* claimed, no more */
    int playback_latency_frames;
    dt_port_input_fn input;
    dt_port_output_fn output;
    void* context;
    const char* sound_in;  /* any sound file; its rate and channels become the device's */
    const char* midi_in;   /* a Standard MIDI File */
    const char* sound_out; /* .wav or .flac, 24 bit: all out channels; lost frames are silence */
    const char* midi_out;  /* .mid */
  } null;
} dt_port_config;

dt_port_config dt_port_config_default(void);

/* What was opened. Does not change. */
typedef struct dt_port_info {
  char device[DT_PORT_NAME_MAX];      /* "alsa:hw:1,0", to be remembered and opened again */
  char description[DT_PORT_NAME_MAX]; /* "Scarlett 2i2 USB" */
  int rate_hz;
  int period_frames;
  int block_frames_max;
  int in_channels;
  int out_channels;
  bool has_midi_in;
  bool has_midi_out;
  /* A MIDI message's place in the block is right to about this (JACK: 0, to the frame; ALSA with
   * kernel stamps: the wobble of the two clocks; without: a period). */
  double midi_uncertainty_us;
  bool has_midi_stamps; /* by the kernel or the server, not by arrival */
} dt_port_info;

/* Opens without starting. On failure returns NULL and err says in one sentence what is wrong:
 * DT_NOT_FOUND (no such device, no JACK server runs), DT_UNSUPPORTED (this backend is not built in;
 * the device cannot do the rate), DT_BAD_ARGUMENT, DT_BAD_DATA (an input file), DT_IO (busy, no
 * permission), DT_NO_MEMORY. Never starts a JACK server. */
dt_port* dt_port_open(const dt_port_config* config, dt_error* err) DT_NODISCARD;

const dt_port_info* dt_port_info_of(const dt_port* port);

/* From here on process is called, with context as its first argument. Once. Errors with a sentence:
 * DT_IO, DT_NOT_FOUND (gone meanwhile), DT_NO_MEMORY. */
dt_status dt_port_start(dt_port* port, dt_port_process_fn process, void* context,
                        dt_error* err) DT_NODISCARD;

/* After it process is not called any more. Completes the output files; errors with a sentence:
 * DT_IO, DT_NOT_FOUND. Without effect the second time. */
dt_status dt_port_stop(dt_port* port, dt_error* err);

/* Stops, and gives everything back. NULL is allowed. Not from within the callback. */
void dt_port_close(dt_port* port);

/* Null and file devices of speed 0 only: lets so many true frames pass, at once, in this thread;
 * frames lost and time gone count as passed. Returns false once the device has ended or failed.
 * Whole periods are made; the rest is kept for the next call. */
bool dt_port_step(dt_port* port, dt_frame frame_count);

/* Waits until the port has ended or failed (true), at most timeout_ms (false). */
bool dt_port_wait(dt_port* port, int timeout_ms);

/* ---------------------------------------------------------------- looking */

typedef enum dt_port_condition {
  DT_PORT_READY,   /* opened, not started */
  DT_PORT_RUNNING, /* blocks come (silent_us says how long ago the last one) */
  DT_PORT_GONE,    /* the device is away; the port tries to get it back, by itself */
  DT_PORT_FAILED,  /* it will not come back; say why and stop */
  DT_PORT_ENDED    /* the input is at its end, or the port was stopped */
} dt_port_condition;

/* Everything that real time dropped or bent, since the start. Never goes down. */
typedef struct dt_port_state {
  dt_port_condition condition;
  const char* sentence; /* why: "The JACK server is gone"; static storage; "" while all is well */
  dt_frame position;    /* after the last block */
  int64_t silent_us;    /* since the last block began, by the monotonic clock; 0 before the first,
                         * and of a stepped port */
  double measured_rate_hz; /* frames by the monotonic clock since the first block or return; NAN in
                            * the first second */
  uint64_t blocks;
  uint64_t xruns;      /* as the device reports them */
  uint64_t gaps;       /* blocks with gap_frames > 0, by our own count */
  dt_frame gap_frames; /* their sum */
  uint64_t backwards;  /* times that the device's counter went back */
  /* How the device's counter and the position differ, since the first block or the last return:
   * device_offset changes by -by_clock_frames - ahead_frames and by nothing else. */
  dt_frame device_offset;   /* device_frame less position, of the last block */
  dt_frame by_clock_frames; /* gaps that only the clock told: the counter did not show them */
  dt_frame ahead_frames;    /* the counter went back by so much, and has not come forward again: the
                             * position is ahead of it */
  uint64_t late;      /* blocks that began more than a period after they could, or whose callback
                       * took more than a period */
  int64_t busiest_us; /* the longest callback so far */
  uint64_t midi_in;   /* messages in */
  uint64_t midi_in_dropped;  /* more than DT_PORT_MIDI_MAX a block, or damaged */
  uint64_t midi_in_late;     /* stamped before their block: put on its first frame */
  uint64_t midi_out;         /* messages out */
  uint64_t midi_out_dropped; /* refused by the list or by the device */
  uint64_t sysex_skipped;
  bool is_midi_gone;  /* ALSA: a MIDI device is away, sound goes on; it is tried again by itself */
  uint64_t returns;   /* times that the device came back */
  int device_rate_hz; /* what it says now; differs from info's only in DT_PORT_FAILED */
} dt_port_state;

/* Fills *state; no wait, any thread. Fields are read one by one: they may be a block apart. */
void dt_port_look(const dt_port* port, dt_port_state* state);

/* Asks the server's transport (JACK; else DT_UNSUPPORTED): roll, stop, or go to a frame first
 * (frame >= 0). The blocks say when it happened. Not real-time. */
typedef enum dt_port_transport_ask {
  DT_PORT_TRANSPORT_STOP,
  DT_PORT_TRANSPORT_ROLL,
  DT_PORT_TRANSPORT_KEEP /* only locate */
} dt_port_transport_ask;
dt_status dt_port_transport(dt_port* port, dt_port_transport_ask ask, dt_frame frame);

/* ---------------------------------------------------------------- what there is */

typedef struct dt_port_device {
  char device[DT_PORT_NAME_MAX]; /* for dt_port_config */
  char backend[16];              /* "jack" */
  char description[DT_PORT_NAME_MAX];
  bool is_usable;              /* false: `note` says why not */
  char note[DT_PORT_NAME_MAX]; /* "No JACK server is running", "Not built in"; "" */
  int in_channels;             /* the most it has; -1: not known */
  int out_channels;
  int rate_low_hz; /* 0: not known */
  int rate_high_hz;
  int midi_in_ports;
  int midi_out_ports;
} dt_port_device;

typedef struct dt_port_devices {
  dt_port_device* items;
  size_t count;
  size_t capacity;
} dt_port_devices;

/* All devices of all backends, in the order of trying; a backend without any has one entry that
 * says why. Opens each sound card for a moment, and never waits for one. Errors: DT_NO_MEMORY. Zero
 * *devices first; release with dt_port_devices_clear. */
dt_status dt_port_list(dt_port_devices* devices, const dt_allocator* allocator) DT_NODISCARD;
void dt_port_devices_clear(dt_port_devices* devices, const dt_allocator* allocator);

#endif
