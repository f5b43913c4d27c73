#ifndef DT_BAND_H
#define DT_BAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/alloc.h"
#include "dt/attr.h"
#include "dt/band_song.h"
#include "dt/drum.h"
#include "dt/status.h"
#include "dt/tempo.h"

/*
 * The band: count-in, click, and the chart's own drums, as samples for absolute frame positions;
 * and MIDI clock out as (frame, byte).
 *
 *   dt_band_config config = dt_band_config_default(48000);
 *   dt_band* band = NULL;
 *   if (dt_band_new(&band, NULL, &config) != DT_OK) ...
 *
 *   dt_band_command start = dt_band_command_of(DT_BAND_START, position + 4800);
 *   start.start.bpm = 120;
 *   start.start.count_in_bars = 1;
 *   if (dt_band_put(band, &start) != DT_OK) ...                    // control thread
 *
 *   dt_band_process(band, position, outputs, frames);              // audio thread, every block
 *   const dt_band_event* events;
 *   for (size_t i = dt_band_events(band, &events); i-- > 0;) ...   // what sounded, and where
 *
 * Threads: one thread puts commands (dt_band_put), one processes and reads events, MIDI and
 * counters. Everything else needs the band to itself.
 *
 * Where a click sounds. Places in the music are integers, 65536 to a tick; tempi are integers, in
 * 1e-9 quarters a minute; the frame of a place is computed from the last change of tempo, in
 * integers of 2^-32 frame. So nothing accumulates: a click at one tempo stands at the nearest frame
 * to its exact (rational) time for ever, and each change of tempo adds less than 2^-32 frame.
 * Halves round up. A sound's first sample that is not zero is at the frame of its event, exactly.
 *
 * What is rendered does not depend on the block sizes, bit for bit, as long as every command is put
 * before the block that holds its frame.
 *
 * The band trusts no device: when position is not where the last block ended, it counts a
 * discontinuity. Forward by up to two seconds, the music keeps its place in frames, and what fell
 * in between is reported as not sounding; backward, or further, the music goes on from where it
 * was, and its frames are moved by the jump (commands that wait are not).
 */
typedef struct dt_band dt_band;

#define DT_BAND_CHANNELS_MAX 8
#define DT_BAND_BEATS_MAX    64
#define DT_BAND_GROUPS_MAX   16
#define DT_BAND_BPM_MIN      5.0
#define DT_BAND_BPM_MAX      1000.0
#define DT_BAND_SILENT_DB    (-120.0F) /* this level and less is no sound at all */
#define DT_BAND_LOUDEST_DB   12.0F

/* What can be set louder and softer, and be sent to some channels only. */
typedef enum dt_band_bus {
  DT_BAND_CLICKS,   /* the click */
  DT_BAND_COUNT_IN, /* the count-in */
  DT_BAND_DRUMS,    /* the song's drums */
  DT_BAND_BACKING,  /* what dt_band_config.backing gives */
  DT_BAND_BUS_COUNT
} dt_band_bus;

/*
 * What else sounds, and is made elsewhere: fills samples[0 .. count - 1] with the sound of frames
 * at .. at + count - 1 of the music `number` (dt_band_start.number), counted from its first frame,
 * that of the count-in. Asked for every frame once, in turn (but for jumps of the device), also
 * where there is no music: number -1, and at goes on. Audio thread; real-time safe.
 */
typedef void (*dt_band_backing_fn)(void* context, int64_t number, dt_frame at, float* samples,
                                   size_t count) DT_NONBLOCKING;

typedef struct dt_band_config {
  int rate_hz;       /* 8000..192000 */
  int channel_count; /* 1..DT_BAND_CHANNELS_MAX */
  /* Gain of each bus in each channel, 0..4; e.g. the click in the drummer's ear only. */
  float route[DT_BAND_BUS_COUNT][DT_BAND_CHANNELS_MAX];
  int commands;  /* commands that can wait, 1..65536, rounded up to a power of two */
  int voices;    /* drum strokes that may ring at a time, 1..64; the oldest gives way, in 5 ms */
  int events;    /* events, and MIDI bytes, that one block may have, 16..65536 */
  bool has_kit;  /* false: no drums, and no 5.4 MB and 0.2 s to make them */
  uint64_t seed; /* colours the kit's noise */
  dt_band_backing_fn backing; /* NULL: nothing */
  void* backing_context;
} dt_band_config;

/* One channel, every bus at gain 1; 256 commands, 24 voices, 1024 events, a kit with seed 1. */
dt_band_config dt_band_config_default(int rate_hz);

/* The sounds of the click. Each has three pitches: accent, beat and subdivision. Alone and at 0 dB
 * each peaks at 0.5. They are sums of partials below 0.45 of the rate, so nothing is aliased. */
typedef enum dt_band_sound {
  DT_BAND_BEEP,
  DT_BAND_WOODBLOCK,
  DT_BAND_HIHAT,
  DT_BAND_SOUND_COUNT
} dt_band_sound;

/*
 * What the click plays. Beats are those that a player feels: the metre's lower number, and dotted
 * in compound metres (dt_meter_beat_ticks); or the groups, where they add up to the metre's upper
 * number: 7/8 as 2+2+3 has three uneven beats.
 *
 * Subdivisions: `divide` clicks for each unit, which is the beat, and in compound or grouped metres
 * the metre's lower number. 0 and (in plain metres) 1: beats only; 4/4 with 2, 3, 4: eighths,
 * triplets, sixteenths; 6/8 with 1: eighths. With an even `divide` they swing: the second of each
 * pair stands at `swing` of the pair. A pair of 4 or more of them (`swing_over`; eighths that swing
 * under sixteenths) is moved as dt_swing_tick moves it; one that the beat does not hold whole stays
 * straight.
 */
typedef struct dt_band_click {
  dt_band_sound sound;
  float beat_db[DT_BAND_BEATS_MAX]; /* level by beat of the bar, DT_BAND_SILENT_DB..+12 */
  uint64_t accents;                 /* bit b: beat b has the accent's pitch */
  float divide_db;                  /* level of what is between the beats */
  int divide;                       /* 0..16 */
  double swing;    /* 0.5 straight, 2/3 triplets ... 0.8; 0.5 where divide is odd */
  int swing_over;  /* subdivisions of a pair that swings: even, 2..16; 0: 2 */
  int sub_only;    /* of what is between the beats, only this one of each; 0: all. 4/4 with divide 2
                      and 1, or 6/8 with 2 and 3: half a beat */
  int group_count; /* 0: as the metre says */
  int groups[DT_BAND_GROUPS_MAX]; /* of the metre's lower number, each >= 1 */
  double drop;                    /* probability 0..1 that a click is left out, drawn from: */
  uint64_t drop_seed;             /* this, the bar and the click's number in it */
} dt_band_click;

/* Beeps on the beats: the first of the bar accented at 0 dB, the others at -6 dB, no subdivisions
 * (-12 dB), straight. What a new band has. */
dt_band_click dt_band_click_default(void);

/*
 * Bars on and bars off, in turn, counted from the bar at which it is set (the gap click, and
 * trading fours). Each time round, the bars off become off_step more, up to off_max. off 0: always
 * on.
 */
typedef struct dt_band_bars {
  int on;         /* 1..10000 */
  int off;        /* 0..10000 */
  int off_step;   /* 0..10000 */
  int off_max;    /* 0: no limit (10000); else >= off */
  bool begin_off; /* the bars off come first */
} dt_band_bars;

typedef enum dt_band_count_style {
  DT_BAND_COUNT_ALL,    /* every beat of every bar */
  DT_BAND_COUNT_CLASSIC /* "one - two - one two three four": the first of two bars by half bars,
                           where the beats are even in number and three or more */
} dt_band_count_style;

typedef struct dt_band_start {
  const dt_band_song* song; /* NULL: click alone, without end. Lent until DT_BAND_RELEASED, or
                               until the band is freed */
  int first_bar;            /* of the song, from 0 */
  int bar_count;            /* of the song, from first_bar; 0: to its end */
  int times;                /* how often these are played; 0: without end */
  double bpm;        /* 5..1000: what the song's first tempo becomes, its later ones keep their
                        proportion; 0: as written (needs a song) */
  dt_meter meter;    /* without a song; with one, the song's holds */
  int count_in_bars; /* 0..2, in the metre and at the tempo of the first bar */
  dt_band_count_style count_style;
  bool spoken; /* the count-in says numbers (vowels made of partials, on a woodblock's edge); else
                  it is a woodblock, high on the first beat */
  int64_t number; /* by which the backing knows this music; >= 0 */
} dt_band_start;

/*
 * A command and when it takes effect: `at` is an absolute frame. One that has passed by then takes
 * effect at the first frame of the block that finds it, and is counted as late: music that starts
 * late starts whole, no click is lost or doubled.
 *
 * `bar`: DT_BAND_NOW, at that frame; DT_BAND_NEXT_BAR, at the first bar line at or after that frame
 * (at once when there is no music); or a number from 0, at the line of that bar as counted from the
 * end of the count-in, or at the next line when that has passed (counted as late). Commands that
 * wait for a bar are dropped (and counted) when the music stops or starts anew: put them after the
 * start. Commands of one frame, or of one bar line, take effect in the order in which they were
 * put, but metres come first.
 *
 * Without music there is nothing to stop, no tempo, no metre and no numbered bar: such commands are
 * dropped (and counted). Clicks, bars, levels, kit and MIDI clock are kept from one start to the
 * next; bars on and off begin again with each.
 */
typedef enum dt_band_command_kind {
  DT_BAND_START, /* .start. While music plays, it stops there first */
  DT_BAND_STOP,  /* the music ends; what rings, rings on */
  DT_BAND_TEMPO, /* .tempo */
  DT_BAND_METER, /* .meter; without a song only, and always at a bar line (NOW means the next) */
  DT_BAND_CLICK, /* .click */
  DT_BAND_BARS,  /* .bars; always at a bar line (NOW means the next; without music, the first) */
  DT_BAND_LEVEL, /* .level */
  DT_BAND_KIT,   /* .kit */
  DT_BAND_MIDI,  /* .midi_clock */
  DT_BAND_COMMAND_COUNT
} dt_band_command_kind;

#define DT_BAND_NOW      (-1)
#define DT_BAND_NEXT_BAR (-2)

typedef struct dt_band_command {
  dt_frame at;
  int bar;
  dt_band_command_kind kind;
  union {
    dt_band_start start;
    struct {
      double bpm;    /* 5..1000, as in dt_band_start */
      int ramp_bars; /* 0: at once. Else it is reached after so many bars as long as the one that
                        begins or is playing (1..1000), in steps of a sixteenth note, each at the
                        tempo of its middle on the straight line over the music */
    } tempo;
    dt_meter meter;
    dt_band_click click;
    struct {
      dt_band_bus bus; /* DT_BAND_CLICKS or DT_BAND_DRUMS */
      dt_band_bars bars;
    } bars;
    struct {
      dt_band_bus bus;
      float db;      /* DT_BAND_SILENT_DB..+12 */
      float ramp_ms; /* 0..600000: linear in dB; at least 5 ms, so that nothing clicks. To and from
                        silence it is a line to and from -60 dB */
      bool cut; /* at once, and no ramp: what begins there has the new level from its first sample;
                   of what rang only the step remains, which dies in 5 ms */
    } level;
    struct {
      uint32_t muted;          /* bit d: drum d does not sound; one that rings ends in 5 ms */
      uint32_t solo;           /* not 0: these drums only */
      float db[DT_DRUM_COUNT]; /* of strokes from now on, DT_BAND_SILENT_DB..+12 */
    } kit;
    bool midi_clock; /* on or off from here: dt_band_midi_out */
  };
} dt_band_command;

/* A command at that frame, bar DT_BAND_NOW, with everything it says at rest: start: 120 bpm 4/4, no
 * song, no count-in, times 1; click: the default; bars: always on; level: 0 dB; kit: all drums, 0
 * dB; tempo: 120, at once; midi_clock: true. */
dt_band_command dt_band_command_of(dt_band_command_kind kind, dt_frame at);

/*
 * Not real-time: renders the sounds. *band is NULL on failure. Errors: DT_NO_MEMORY;
 * DT_BAD_ARGUMENT: a setting out of its range, or not a number. Every bus stands at 0 dB.
 */
dt_status dt_band_new(dt_band** band, const dt_allocator* allocator,
                      const dt_band_config* config) DT_NODISCARD;
void dt_band_free(dt_band* band);

/* Control thread; wait free. Copies the command into the queue. Errors: DT_BAD_ARGUMENT: something
 * out of its range or not a number, a frame beyond +-2^53, a song with a bar it does not have,
 * drums without a kit; nothing was put. DT_TOO_LARGE: the queue is full; nothing was put, and it
 * was counted. */
dt_status dt_band_put(dt_band* band, const dt_band_command* command) DT_NONBLOCKING DT_NODISCARD;

/* Audio thread, real-time safe. Writes `frames` samples (any number) into each of the channels
 * out[0 .. channel_count - 1], as the sound of frames position .. position + frames - 1. Work is
 * bounded by the voices, and by the events of the block. position within +-2^53. */
void dt_band_process(dt_band* band, dt_frame position, float* const* out,
                     size_t frames) DT_NONBLOCKING;

typedef enum dt_band_event_kind {
  DT_BAND_STARTED,   /* the first frame of the count-in, or of bar 0 */
  DT_BAND_BAR,       /* a bar line; those of the count-in have bars -2, -1 */
  DT_BAND_TICKED,    /* a click, or where one would have been; in the count-in, a count */
  DT_BAND_STROKE,    /* a stroke of the song, or where one would have been */
  DT_BAND_TEMPO_SET, /* the tempo changed to .bpm here: what a tempo map needs */
  DT_BAND_STOPPED,   /* the music came to its end, or was stopped */
  DT_BAND_RELEASED,  /* .song is given back: once for each start that was put with it */
  DT_BAND_TOOK       /* a command took effect: .command, .late */
} dt_band_event_kind;

typedef struct dt_band_event {
  dt_frame frame;
  double offset_frames; /* the exact place is frame + this: -0.5 .. 0.5 (a little more right after a
                           tempo that was changed at once) */
  dt_band_event_kind kind;
  int bar;       /* from the end of the count-in */
  int song_bar;  /* of the song, from 0; -1 without or in the count-in */
  int beat;      /* of the bar, from 0; -1 for strokes */
  int sub;       /* TICKED: 0 on the beat, else 1, 2 ... after it */
  bool sounding; /* TICKED, STROKE: it was heard (at its bus's level); false in bars off, dropped,
                    silent, muted, or fallen into a jump of the device */
  bool late;     /* TOOK: after its frame or bar */
  dt_tick tick;  /* of the place as it is played, swing and all, from the line of bar 0; rounded
                    down */
  double bpm;    /* in force from here on */
  dt_meter meter;
  dt_drum drum; /* STROKE */
  float velocity;
  const dt_band_song* song;     /* RELEASED */
  dt_band_command_kind command; /* TOOK */
} dt_band_event;

typedef struct dt_band_midi {
  dt_frame frame;
  uint8_t byte;
} dt_band_midi;

/* What the last dt_band_process did, in the order of its frames; valid until the next. Audio
 * thread. Returns how many. */
size_t dt_band_events(const dt_band* band, const dt_band_event** events) DT_NONBLOCKING;

/*
 * MIDI clock of the last dt_band_process: F8 24 times a quarter, from the start of the count-in on,
 * so that a follower has the tempo before FA (start) comes, at the line of bar 0, just before its
 * F8. A song that begins after its first bar sends F2 (song position, in sixteenths, rounded down)
 * with two data bytes and FB (continue) instead; FC at the end, or when it is switched off. Each
 * byte stands at the frame nearest to its exact place. Switched on in mid-music, it begins with
 * song position and FB at the next bar line (in the count-in: FA at bar 0). What fell into a jump
 * of the device is sent at the first frame after it: late, but none is lost.
 */
size_t dt_band_midi_out(const dt_band* band, const dt_band_midi** bytes) DT_NONBLOCKING;

/* What real time did to it, since the start. Audio thread. */
typedef struct dt_band_counters {
  uint64_t queue_full;      /* commands refused by dt_band_put */
  uint64_t late;            /* commands that took effect later than they asked */
  uint64_t dropped;         /* commands that waited for a bar that never came */
  uint64_t discontinuities; /* positions that were not where the last block ended */
  uint64_t skipped;         /* clicks and strokes that fell into a jump */
  uint64_t stolen;          /* strokes that gave way to newer ones, in 5 ms */
  uint64_t cut;             /* of them, without time for that */
  uint64_t events_lost;     /* events and MIDI bytes without room */
} dt_band_counters;

dt_band_counters dt_band_counts(const dt_band* band) DT_NONBLOCKING;

#endif
