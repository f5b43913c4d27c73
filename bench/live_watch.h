#ifndef DT_BENCH_LIVE_WATCH_H
#define DT_BENCH_LIVE_WATCH_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "dt/session.h"

/*
 * Watches a port and a session a thousand times a second while they run: every change of what was
 * lost, and of the difference between the port's position and the server's counter; and prints a
 * row a minute with the memory that is in use.
 */
typedef struct live_mark {
  dt_frame position;
  dt_frame offset; /* the server's counter less the position, from here on */
  dt_frame gap_frames;
} live_mark;

#define LIVE_MARKS_MAX 1000000

typedef struct live_watch {
  const dt_port* port;
  const dt_session* session;
  const _Atomic int* peer_xruns; /* as the other client was told */
  uint64_t xruns_before;         /* when the watch began */
  int peer_xruns_before;
  FILE* rows;          /* NULL: none */
  dt_port_state first; /* at the first mark */
  live_mark* marks;
  int count;
  uint64_t marks_lost;
  double first_mib; /* resident: after the first minute, and now */
  double last_mib;
  double most_mib;
  atomic_bool stop;
  pthread_t thread;
} live_watch;

bool live_watch_begin(live_watch* watch);
void live_watch_end(live_watch* watch);
void live_watch_free(live_watch* watch);

double live_resident_mib(void);

/* Takes the memory from the system now, so that its use later is no growth. */
void live_make_resident(void* memory, size_t size);

/* The server's frame of a position: by the difference in force there. Where that changed within
 * 20 ms, the one which brings it nearest to `wanted`. */
dt_frame live_server_frame(const live_watch* watch, double position, dt_frame wanted);

/* Whether frames were lost at about this server's frame. */
bool live_is_in_gap(const live_watch* watch, dt_frame server_frame);

#endif
