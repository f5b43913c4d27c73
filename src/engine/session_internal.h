#ifndef DT_SESSION_INTERNAL_H
#define DT_SESSION_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "along.h"
#include "dt/backing.h"
#include "dt/ring.h"
#include "feeder.h"
#include "hearing.h"
#include "journal.h"
#include "priority.h"

/* What the callback hands over: a stretch of sound and the messages in it. */
#define DT__INPUT_FRAMES 256
#define DT__INPUT_MIDI   32

typedef struct dt__input {
  dt_frame position;
  dt_frame gap_frames; /* missing just before it */
  int frame_count;
  int midi_count;
  bool is_return; /* the first after the device was gone */
  bool has_transport;
  bool is_rolling;
  dt_frame transport_frame;
  double transport_bpm;
  dt_port_midi midi[DT__INPUT_MIDI];
  float mono[DT__INPUT_FRAMES];
} dt__input;

/* What was said to be away, and is waited for. */
typedef enum dt__away {
  DT__NOT_AWAY,
  DT__DEVICE_GONE,
  DT__DEVICE_SILENT, /* it does not say that it is gone, but nothing comes */
  DT__MIDI_GONE
} dt__away;

#define DT__SONGS_BACK 64

struct dt_session {
  const dt_allocator* allocator;
  dt_session_config config;
  dt_port* port;
  dt_port_info info;
  dt_band* band;
  dt_backing* backing; /* NULL: none */
  dt__feeder* feeder;
  int64_t starts; /* of the band */
  dt_leader* leader;
  dt__hearing hearing;
  dt__journal* journal;
  dt__along* player;
  pthread_mutex_t player_lock; /* never taken in the callback */
  dt_ring* inputs;
  dt_ring* songs_back; /* of the band; one that finds no room is freed at the end */
  bool has_transport;  /* what was told of it last: */
  bool is_rolling;
  dt_frame transport_frame; /* at transport_at */
  dt_frame transport_at;
  double transport_bpm;
  dt__away away;
  uint64_t returns; /* of the port, when it went away */
  bool is_trouble_said;
  dt__input scratch; /* the callback's */
  float* quiet[DT_BAND_CHANNELS_MAX];
  dt_frame flushed;
  atomic_bool stop;
  atomic_int pressed[DT_KEY_COUNT];
  _Atomic uint64_t lost_midi;
  _Atomic uint64_t refused;
  _Atomic dt_frame heard;
  _Atomic dt_frame gap_frames;
  _Atomic uint64_t ghosts;
  dt_band_counters counters; /* written once, then: */
  atomic_bool is_counted;
};

/* session_callback.c: the port's. */
void dt__session_process(void* context, const dt_port_block* block) DT_NONBLOCKING;

/* session_news.c: words that do not wait for a decision. Looks at the port and the journal. */
void dt__news_look(dt_session* session);
/* Before an input is taken: it may be the first after the device was away. */
void dt__news_input(dt_session* session, const dt__input* input);

/* session_band.c: the line that is played along, where there is one. */
dt_status dt__session_line(dt_session* session, dt_error* err);
/* Something that the leader said; before the band is told: command is what it will be told. */
void dt__session_line_tell(dt_session* session, const dt_lead* lead, dt_band_command* command);

/* To 24 bits, as they are recorded: the ear hears the same numbers again in replay. */
float dt__quantise(float sample) DT_NONBLOCKING;

/* A kit by name, and the player's own map over it; either may be empty. */
typedef struct dt__kit {
  const char* name;
  const char* map;
  size_t map_size;
} dt__kit;

/* The ear or the note map, for the leader that is made. */
dt_status dt__hearing_begin(dt__hearing* hearing, const dt_allocator* allocator, bool sound,
                            const dt__kit* kit, int rate_hz, dt_error* err);

#endif
