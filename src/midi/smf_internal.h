#ifndef DT_SMF_INTERNAL_H
#define DT_SMF_INTERNAL_H

#include "dt/smf.h"

/* The largest file, the last tick and the longest music that make sense for a take. A damaged
 * delta time says 2^28 ticks: without a limit it becomes a take of months. */
#define DT__SMF_SIZE_MAX    ((size_t)64 << 20)
#define DT__SMF_TICK_MAX    ((dt_tick)1 << 40)
#define DT__SMF_HOURS_MAX   24
#define DT__VARLEN_MAX      0x0FFFFFFF
#define DT__SMF_CHUNK_BYTES 8
#define DT__META_TEXT       0x01
#define DT__META_TEXT_LAST  0x0F
#define DT__META_END        0x2F
#define DT__META_TEMPO      0x51
#define DT__META_METER      0x58

/* A tempo (us_per_quarter > 0) or a metre (us_per_quarter 0) as the file says it. */
typedef struct dt__smf_change {
  dt_tick tick; /* first, as in dt_midi_event: dt__sort_by_tick reads it there */
  uint32_t us_per_quarter;
  dt_meter meter;
} dt__smf_change;

/* Stable merge sort of count items that begin with a dt_tick; scratch has the same size. */
void dt__sort_by_tick(void* items, size_t count, size_t item_size, void* scratch);

#endif
