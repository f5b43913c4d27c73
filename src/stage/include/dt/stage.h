#ifndef DT_STAGE_H
#define DT_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dt/error.h"

/*
 * The stage: a local web server with the live page, the history and everything else that
 * docs/api.md says. One thread serves; a session that a page (or the command line) begins has a
 * thread of its own and never waits for a page.
 *
 * It listens on the loopback, and nowhere else unless a `listen` address is given. docs/serve.md
 * says how it is guarded.
 */
typedef struct dt_stage dt_stage;

/* What a session is begun with where the page says nothing else. Borrowed until dt_stage_free;
 * NULL, 0 and NAN: not said (then what was set up before holds). */
typedef struct dt_stage_defaults {
  const char* audio;
  const char* midi;
  const char* kit;
  const char* kit_map; /* a file */
  const char* setup;   /* a file; NULL: the player's own */
  const char* log;     /* the practice log; NULL: beside the database */
  const char* band;    /* a MIDI file to play along with */
  const char* soundfont;
  const char* drummer; /* a simulated drummer's words */
  double able_bpm;
  double speed; /* of the simulated drummer's time: 60 plays an hour in a minute; 0: real time */
  double latency_ms;
  double click_db;
  double band_db; /* beside the click */
  bool sound;     /* of the simulated drummer: through the microphone and the ear */
  bool no_rest;
  bool midi_clock;
  bool no_record; /* sessions are not recorded for replay, and the sound of takes is not kept */
  uint64_t seed;
} dt_stage_defaults;

typedef struct dt_stage_config {
  int port;           /* 0: 8700, or the next one that is free, up to 8799 */
  const char* listen; /* an address of this machine besides the loopback; NULL: none */
  const char* db;     /* NULL: the player's own */
  const char* home;   /* the folder of charts, plan, setup and practice log; NULL: the database's */
  const char* player; /* whose takes are kept; NULL: not said */
  const char* osc;    /* HOST:PORT that is told of strokes, beats and words; NULL: none */
  bool (*wants_end)(void); /* asked four times a second; true ends dt_stage_run. NULL: never */
  dt_stage_defaults defaults;
} dt_stage_config;

/* Binds the sockets, so that the address is known. Errors with a sentence: DT_IO (no free port, no
 * such address, no database), DT_BAD_ARGUMENT (of listen or osc), DT_UNSUPPORTED (osc was not built
 * in), DT_NO_MEMORY. On failure *stage is NULL. */
dt_status dt_stage_new(dt_stage** stage, const dt_stage_config* config, dt_error* err) DT_NODISCARD;

/* "http://127.0.0.1:8700/?token=..": whoever opens it is the first page. */
const char* dt_stage_address(const dt_stage* stage);

/* The same for one use within a minute: for a browser's command line, which others can see. */
const char* dt_stage_once(dt_stage* stage);

/* "http://192.168.1.7:8700/pair"; NULL: it does not listen in the network. */
const char* dt_stage_pair_address(const dt_stage* stage);

/* A new pairing code of six digits; "" where none is made for now. Before dt_stage_run only. */
const char* dt_stage_code(dt_stage* stage);

/* A QR code of `text`: rows of modules, true is dark; side * side of them, to be freed. NULL: not
 * built in, or no memory. Any thread. */
bool* dt_stage_qr(const char* text, int* side);

/* Begins a session as POST /api/v1/session does, from its JSON. Before dt_stage_run, or from its
 * thread. Errors with a sentence: DT_BAD_DATA (the request), DT_NOT_FOUND, DT_CANCELLED (one runs
 * already), DT_NO_MEMORY. */
dt_status dt_stage_begin(dt_stage* stage, const char* json, dt_error* err) DT_NODISCARD;

/* Serves until dt_stage_stop. Blocks. A session that runs then is ended, and all of it is kept. */
dt_status dt_stage_run(dt_stage* stage, dt_error* err) DT_NODISCARD;

/* From any thread; the first one that wants it to end. */
void dt_stage_stop(dt_stage* stage);

/* NULL is allowed. */
void dt_stage_free(dt_stage* stage);

#endif
