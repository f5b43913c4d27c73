#ifndef DT_SESSION_H
#define DT_SESSION_H

#include <stdint.h>

#include "dt/drummer.h"
#include "dt/kitmap.h"
#include "dt/leader.h"
#include "dt/port.h"

/*
 * A live session: a port (dt/port.h), the band (dt/band.h) in its callback, the ear or a kit's note
 * map behind it, and the leader (dt/leader.h). The callback copies what came in and renders what
 * goes out, nothing else; a thread of the session hears, judges and decides.
 *
 *   port callback --ring--> hearing --strokes--> leader --events--> on_lead (screen, store)
 *        ^                                          |
 *        +------------- commands, by frame ---------+
 *
 * Everything that comes in is recorded when a folder is given (docs/practice.md says in which
 * files), and dt_session_replay makes the same decisions from it, byte for byte.
 */
typedef struct dt_session dt_session;

/* Called for everything the leader says, in order, in the session's thread: it may write files and
 * ask the store, but what it takes longer than the ring is deep is lost (seconds). text: the same
 * as a line of the decisions' file, without its end.
 *
 * Three kinds come from the session itself, at once, and are no decisions: DT_LEAD_AWAY while the
 * device (or, where strokes come by MIDI, the MIDI device) is away or nothing came from it for half
 * a second, with DT_LEAD_BACK when it is back; DT_LEAD_TROUBLE when the disk takes no more. */
typedef void (*dt_session_lead_fn)(void* context, const dt_lead* lead, const char* text);

typedef struct dt_session_config {
  dt_leader_config leader; /* rate_hz, heard and jitter_s are set from the port */
  bool sound;              /* strokes come from the microphone; else from MIDI */
  const char* kit;         /* name of a kit's note map; NULL: General MIDI and Roland's together */
  const char* kit_map;     /* text of the player's own map, over that of `kit`: notes as
                              dt_kitmap_extend reads them, rules as dt_ghosts_parse does; copied;
                              NULL: none. MIDI only */
  size_t kit_map_size;
  double latency_ms;     /* round trip, as calibrated; NAN: nothing is subtracted */
  float click_db;        /* loudness of everything that sounds; 0: as it is */
  const char* band_file; /* a bass and comping line, the bytes of a MIDI file (dt/backing.h), played
                            by FluidSynth along with every take; NULL: none. Lent until
                            dt_session_free */
  size_t band_file_size;
  const char* soundfont;    /* its sounds; NULL: that of the system (dt_soundfont_find) */
  float band_db;            /* its loudness beside the click; 0: as it is */
  bool midi_clock;          /* send it */
  bool is_stepped;          /* the port has speed 0: it is stepped by dt_session_run */
  const char* folder;       /* record into this folder, made if need be; NULL: nowhere */
  const dt_drummer* player; /* a simulated drummer plays to it; NULL: nobody but who is there */
  double player_bpm;        /* > 0: above it he is looser and misses more: scatter grows with the
                               sixth power of the tempo */
  dt_session_lead_fn on_lead;
  void* context;
} dt_session_config;

/* Opens nothing yet. port: opened, not started, and stays the caller's; its input callback may be
 * dt_session_play_along. Errors with a sentence: DT_NO_MEMORY, DT_BAD_ARGUMENT, DT_IO (the folder),
 * DT_NOT_FOUND (an unknown kit, no SoundFont), DT_BAD_DATA (a line of kit_map, a band_file that is
 * no MIDI file or does not go with a chart, a SoundFont that is none), DT_UNSUPPORTED (no
 * FluidSynth). */
dt_status dt_session_new(dt_session** session, const dt_allocator* allocator,
                         const dt_session_config* config, dt_port* port,
                         dt_error* err) DT_NODISCARD;

/* For dt_port_config.null.input: what the simulated drummer plays. context: the address of the
 * dt_session pointer, which may be filled later than the port is opened. */
void dt_session_play_along(void* context, dt_frame at, int frame_count, float* const* in,
                           dt_port_midi_list* midi);

/* Runs until the leader is done, the port ends, or dt_session_stop. A port of speed 0 is stepped
 * from here, as fast as it goes; with any other the thread has real-time priority meanwhile, lower
 * than the device's, where the system allows it. Errors with a sentence. Blocks; call it from the
 * thread that may wait. What was recorded is complete when it returns. */
dt_status dt_session_run(dt_session* session, dt_error* err) DT_NODISCARD;

/* From any thread, also a signal handler. */
void dt_session_press(dt_session* session, dt_leader_key key);
void dt_session_stop(dt_session* session);

typedef struct dt_session_state {
  dt_frame heard;       /* position up to which everything is decided */
  uint64_t lost_blocks; /* the ring was full */
  uint64_t lost_midi;
  uint64_t refused_commands; /* the band's queue was full */
  dt_frame gap_frames;
  uint64_t ghosts;               /* notes left out by the rules of kit_map */
  uint64_t band_underruns;       /* times that the band's line was not there in time */
  uint64_t band_underrun_frames; /* silent instead */
  uint64_t band_inexact;         /* its notes that came up to 63 frames late: too many at once */
  dt_band_counters band;         /* once the port has stopped */
} dt_session_state;
dt_session_state dt_session_look(const dt_session* session); /* from any thread */

const dt_leader* dt_session_leader(const dt_session* session);
void dt_session_free(dt_session* session);

/*
 * Reads what was recorded in a folder and makes the decisions again; each is given to on_lead.
 * *same is whether they are those that were recorded, byte for byte; where not, err holds the first
 * line that differs. A session that was cut off (a kill, a pulled plug) is compared as far as it
 * goes. Errors with a sentence: DT_NOT_FOUND, DT_IO, DT_BAD_DATA, DT_NO_MEMORY.
 */
dt_status dt_session_replay(const char* folder, dt_session_lead_fn on_lead, void* context,
                            bool* same, dt_error* err) DT_NODISCARD;

/*
 * True where nothing was played in a session that has ended: no stroke, no MIDI, no gap, no key but
 * the one that ends it, and no file but its own. A microphone's counts as played once the count-in
 * of its first take is over, whatever the ear heard. False too where it is not known.
 */
bool dt_session_left_empty(const char* folder);

/* Removes the files of a session and their folder, where nothing else is in it; else false, and
 * nothing is removed. */
bool dt_session_remove(const char* folder);

/* The SoundFont that the system plays by default: where Debian has them, else false. */
bool dt_soundfont_find(char* path, size_t size);

/* A line that says everything about a decision; deterministic. Returns its length, cut to size. */
#define DT_LEAD_TEXT_MAX 512
size_t dt_lead_text(char text[DT_LEAD_TEXT_MAX], const dt_lead* lead);

#endif
