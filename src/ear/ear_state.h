#ifndef DT_EAR_STATE_H
#define DT_EAR_STATE_H

#include "decide.h"
#include "dt/resample.h"
#include "ear_internal.h"
#include "flag.h"
#include "front.h"
#include "strength.h"

/* Sound is worked through in hops of a millisecond, up to so many at once: the network is faster
 * on several frames. What comes out does not depend on how many. */
#define DT__EAR_HOPS   200
#define DT__EAR_FRAMES 32

typedef struct dt__ear_hop {
  float flag; /* 0, or how likely it begins a stroke */
  int frames; /* network frames that end with it */
} dt__ear_hop;

struct dt_ear {
  dt_allocator allocator;
  size_t size;
  int rate_hz;
  dt_frame origin;   /* position of the first sample since the last fresh start */
  dt_frame expected; /* position that the next block should have */
  bool is_started;
  bool is_settling; /* only silence comes: nothing new is struck */
  dt__flag flag;
  dt__strength strength;
  dt__sound sound;
  dt_resample resample;
  dt__front front;
  dt__net net;
  dt__decide decide;
  dt__events events;
  float open[DT__FLAG_HOP_MAX]; /* samples of the open hop */
  int open_count;
  dt__ear_hop hops[DT__EAR_HOPS]; /* taken in, not yet decided on */
  int hop_count;
  int64_t hops_done;
  float* features; /* of their frames */
  dt__net_out* answers;
  size_t frame_count;
  int64_t frames_done;
  dt__ear_oracle oracle;
  void* oracle_ctx;
};

/* Takes in count samples; NULL is silence. */
void dt__ear_listen(dt_ear* ear, const float* samples, size_t count) DT_NONBLOCKING;

#endif
