#ifndef DT_PADS_INTERNAL_H
#define DT_PADS_INTERNAL_H

#include <stdatomic.h>

#include "dt/pads.h"
#include "dt/ring.h"

typedef struct dt__pads_note {
  dt_frame at;
  int ask;
  uint8_t note;
  uint8_t velocity;
} dt__pads_note;

typedef struct dt__pads_ask {
  bool is_pair;
  bool is_skipped;
  dt_drum drum;
  int first; /* numbers of pads */
  int second;
} dt__pads_ask;

#define DT__PADS_ASKS (DT_PADS_MAX + DT_PADS_PAIRS_MAX)

struct dt_pads {
  const dt_allocator* allocator;
  int rate_hz;
  dt__pads_ask asks[DT__PADS_ASKS];
  int ask_count;
  int pads[DT_PADS_MAX]; /* their asks */
  int pad_count;
  int pairs[DT_PADS_PAIRS_MAX];
  int pair_count;
  int asked; /* -1: nothing */
  dt__pads_note* notes;
  int note_count;
  uint64_t dropped;
  dt_ring* ring;
  _Atomic dt_frame heard;
};

/* A stroke: notes from .. to - 1. */
typedef struct dt__pads_stroke {
  int from;
  int to;
  int loudest;
} dt__pads_stroke;

/* The next stroke of an ask from note *at on; false: none is left. */
bool dt__pads_stroke_next(const dt_pads* pads, int ask, int* at, dt__pads_stroke* stroke);

double dt__pads_ms(const dt_pads* pads, dt_frame frames);

#endif
