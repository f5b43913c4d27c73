#ifndef DT_FEEDER_INTERNAL_H
#define DT_FEEDER_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "dt/ring.h"
#include "feeder.h"
#include "lanes.h"

typedef struct dt__chunk {
  int64_t number;      /* of the music */
  uint64_t generation; /* older ones than the newest are void */
  dt_frame at;         /* from the music's first */
  float samples[DT__LANE_BLOCK];
} dt__chunk;

/* What the callback knows. */
typedef struct dt__pulled {
  dt__chunk chunk;
  bool has_chunk;
  int64_t number; /* of the last frame; -1: no music */
  dt_frame next;  /* the frame after it */
  int64_t played; /* the last music that was played */
  uint64_t generation;
  bool is_missing; /* it was not there in time */
  float last;      /* that was heard */
  float rest;      /* of a step, on its way to nothing */
} dt__pulled;

struct dt__feeder {
  const dt_allocator* allocator;
  dt__feeder_config config;
  dt__lanes* lanes;
  dt_ring* ring;
  uint32_t ahead; /* chunks */
  pthread_t thread;
  bool has_thread;
  atomic_bool stop;
  atomic_int knocks;    /* somebody wants the lock */
  pthread_mutex_t lock; /* of what follows; never taken in the callback */
  dt_backing_line* line;
  int64_t number;
  dt_frame at; /* of the next chunk */
  dt_frame end;
  /* between the threads: */
  _Atomic uint64_t generation;
  _Atomic uint64_t underruns;
  _Atomic uint64_t underrun_frames;
  _Atomic uint64_t lost_takes;
  _Atomic uint64_t inexact;
  dt__pulled pulled;
};

#endif
