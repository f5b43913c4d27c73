#ifndef DT_BAND_INTERNAL_H
#define DT_BAND_INTERNAL_H

#include <stdatomic.h>

#include "bars.h"
#include "dt/band.h"
#include "dt/ring.h"
#include "dt/synthkit.h"
#include "level.h"
#include "pattern.h"
#include "place.h"
#include "song.h"
#include "sounds.h"
#include "voices.h"

#define DT__CLICK_VOICES 32
#define DT__FADE_SLOTS   16
#define DT__FADE_S       0.005
#define DT__CHOKE_S      0.02

/* A command that waits: in `pending` for its frame, then, if need be, in `waiting` for its bar. */
typedef struct dt__slot {
  dt_band_command command;
  bool late;
} dt__slot;

typedef struct dt__commands {
  dt__slot* slots;
  int* unused; /* indices of slots */
  int unused_count;
  int* pending; /* by frame, then as they were put */
  int pending_count;
  int* waiting; /* as they were put */
  int waiting_count;
} dt__commands;

/* From one tempo to another along a staircase. */
typedef struct dt__ramp {
  dt__place start;
  dt__place length; /* 0: no ramp */
  int64_t steps;
  int64_t step; /* the one in force */
  int64_t from_nano_bpm;
  int64_t to_nano_bpm;
} dt__ramp;

/* What comes next in the music. Of those at one place, the first of the list comes first. */
typedef enum dt__source {
  DT__TEMPO_STEP,
  DT__BAR_LINE,
  DT__MIDI_CLOCK,
  DT__CLICK,
  DT__SONG_STROKE,
  DT__NOTHING
} dt__source;

typedef enum dt__follower {
  DT__MIDI_OFF,
  DT__MIDI_WAITS, /* for the first bar line after the count-in, clocks run already */
  DT__MIDI_JOINS, /* was switched on in mid-music: silent until the next bar line */
  DT__MIDI_RUNS
} dt__follower;

typedef struct dt__music {
  bool playing;
  dt_band_start start;
  dt_frame origin; /* its first */
  dt__clock clock;
  int64_t told_nano_bpm;
  int64_t base_nano_bpm; /* what the song's first tempo has become */
  dt__ramp ramp;
  bool fresh;     /* started, and its first bar line is still to come */
  bool at_line;   /* a bar is beginning: the tempo will be set at the end of that */
  dt_meter meter; /* of this bar */
  int bar;        /* the last that began; from the end of the count-in */
  int song_bar;   /* -1: none */
  int times_left;
  dt__place bar_place;
  dt__place bar_end; /* where the next bar begins */
  size_t stroke;     /* the song's next */
  size_t tempo;      /* the song's next change */
  bool click_on;     /* in bars on */
  bool drums_on;
  dt__pattern pattern;
  dt__spot spot; /* the next click */
  int click_number;
  dt__place last_click;
  dt__follower follower;
  int64_t midi_clock; /* the next, 24 a quarter from bar 0 */
} dt__music;

struct dt_band {
  dt_allocator allocator;
  bool has_allocator;
  size_t block_size;
  dt_band_config config;
  dt_ring* ring;
  dt_synthkit* kit;
  dt__sounds sounds;
  dt_frame fade;
  dt_frame choke;
  /* Below: the audio thread's. */
  bool began; /* there was a block */
  bool skipping;
  dt_frame now; /* everything before has been rendered */
  dt_frame block_start;
  dt__commands commands;
  dt__music music;
  bool next_known;
  dt__source next_source;
  dt__moment next_moment;
  dt_frame next_frame;
  dt_band_click click;
  dt__turn click_turn;
  dt__turn drums_turn;
  uint32_t muted;
  uint32_t solo;
  float drum_gain[DT_DRUM_COUNT];
  bool midi_clock;
  dt__level levels[DT_BAND_BUS_COUNT];
  dt__voices click_voices;
  dt__voices drum_voices;
  dt_band_counters counters;
  dt_band_event* events;
  int event_count;
  dt_band_midi* midi;
  int midi_count;
};

/* check.c: is it something the band can do? */
bool dt__command_fits(const dt_band* band, const dt_band_command* command) DT_NONBLOCKING;
bool dt__config_fits(const dt_band_config* config);

/* command.c: takes what was put; and what takes effect at frame `now`. */
void dt__commands_collect(dt_band* band) DT_NONBLOCKING;
/* The frame of the first that waits for one; INT64_MAX: none. */
dt_frame dt__commands_next(const dt_band* band) DT_NONBLOCKING;
void dt__commands_run(dt_band* band) DT_NONBLOCKING;
/* A bar line at this moment: what waited for it. */
void dt__commands_at_bar(dt_band* band, dt__moment moment) DT_NONBLOCKING;
void dt__commands_forget(dt_band* band) DT_NONBLOCKING;

/* player.c: the music. */
void dt__player_start(dt_band* band, const dt_band_start* start, dt__moment moment) DT_NONBLOCKING;
void dt__player_stop(dt_band* band, dt__moment moment) DT_NONBLOCKING;
void dt__player_tempo(dt_band* band, double bpm, int ramp_bars, dt__moment moment) DT_NONBLOCKING;
void dt__player_click(dt_band* band) DT_NONBLOCKING;
void dt__player_midi(dt_band* band, bool on) DT_NONBLOCKING;
/* The frame of what comes next; INT64_MAX: nothing. */
dt_frame dt__player_next(dt_band* band) DT_NONBLOCKING;
/* Does it. */
void dt__player_step(dt_band* band) DT_NONBLOCKING;

/* tempo.c: where the tempo next changes within the bar, INT64_MAX: nowhere; and what it is from
 * there on. */
dt__place dt__tempo_next(const dt__music* music) DT_NONBLOCKING;
void dt__tempo_step(dt__music* music, dt__place place) DT_NONBLOCKING;
int64_t dt__tempo_now(const dt__music* music) DT_NONBLOCKING;
void dt__tempo_aim(dt__music* music, dt__place place, int64_t nano_bpm,
                   dt__place length) DT_NONBLOCKING;

/* sound.c: what is heard. */
void dt__sound_click(dt_band* band, const dt__table* table, dt_band_bus bus, float gain,
                     dt_frame at) DT_NONBLOCKING;
void dt__sound_stroke(dt_band* band, dt_drum drum, float velocity, uint64_t number,
                      dt_frame at) DT_NONBLOCKING;
bool dt__drum_sounds(const dt_band* band, dt_drum drum) DT_NONBLOCKING;
void dt__sound_render(dt_band* band, dt_frame end, float* const* out) DT_NONBLOCKING;

/* tell.c: events and MIDI bytes. */
dt_frame dt__frame_heard(const dt_band* band, dt__moment moment) DT_NONBLOCKING;
dt_band_event dt__event_at(const dt_band* band, dt_band_event_kind kind,
                           dt__moment moment) DT_NONBLOCKING;
void dt__tell(dt_band* band, const dt_band_event* event) DT_NONBLOCKING;
void dt__tell_midi(dt_band* band, dt_frame frame, unsigned byte) DT_NONBLOCKING;

#endif
