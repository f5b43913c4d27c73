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

#endif
