#ifndef DT_CALIBRATE_H
#define DT_CALIBRATE_H

#include <stdint.h>

#include "dt/pads.h"
#include "terminal.h"

/* What `calibrate` was asked for. */
typedef struct dt__calibrate_values {
  const char* audio;
  double delay_ms; /* of a pretended loop, for trying */
  bool pads;
  const char* midi;
  const char* kit_map;
  const char* setup; /* NULL: the default */
} dt__calibrate_values;

/* Nothing pretended is kept, unless a place is named for it. */
bool dt__calibrate_keeps(const dt__calibrate_values* values);

/* The e-kit, pad by pad. Exit status. */
int dt__calibrate_pads(const dt__calibrate_values* values, const dt__globals* globals);

/*
 * A kit made of nothing, for trying: it strikes what is asked, when it is asked. The snare comes
 * through on the high tom, the kick triggers twice and is 2 ms late; cross-stick and bell it has
 * not.
 */
typedef struct dt__pretended_kit {
  int rate_hz;
  int drums[2]; /* dt_drum; -1: none */
  dt_frame from;
} dt__pretended_kit;

void dt__pretend_to_strike(void* context, dt_frame at, int frame_count, float* const* in,
                           dt_port_midi_list* midi);

#endif
