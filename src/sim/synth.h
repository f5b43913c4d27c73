#ifndef DT_SYNTH_H
#define DT_SYNTH_H

#include <stddef.h>
#include <stdint.h>

#include "dt/drum.h"

/*
 * How a drum sounds, as a list of components, and their rendering into tables.
 *
 * Each drum has two tables. The body (skin, shell, wash) sounds alike at every stroke; the edge
 * (stick, wires, first spray of a cymbal) has a few variants, grows faster with velocity and makes
 * hard strokes brighter.
 */
typedef enum dt__part { DT__BODY, DT__EDGE, DT__PART_COUNT } dt__part;

#define DT__EDGE_VARIANTS 3

typedef enum dt__sound {
  DT__TONE,   /* one decaying mode; its pitch may glide down while the skin relaxes */
  DT__NOISE,  /* filtered noise that decays */
  DT__CLUSTER /* many inharmonic modes of a plate, the high ones shorter */
} dt__sound;

typedef struct dt__component {
  dt__sound sound;
  dt__part part;
  double low_hz;     /* a tone's pitch, or the lower edge of a band */
  double high_hz;    /* the upper edge; tone: unused */
  double t60_s;      /* time to fall by 60 dB; cluster: of its lowest mode */
  double gain;       /* tone: amplitude; others: RMS at the start */
  double glide;      /* tone: starts this much higher, 0.5 = by half */
  double glide_s;    /* and comes down with this time constant */
  double rise_s;     /* noise: time to rise, 0 = at once */
  double delay_s;    /* noise: begins later */
  double t60_high_s; /* cluster: of its highest mode */
  int count;         /* cluster: how many modes */
} dt__component;

typedef struct dt__recipe {
  double peak; /* of one stroke at velocity 127, full scale 1 */
  const dt__component* components;
  size_t component_count;
} dt__recipe;

/* Never NULL, for 0..DT_DRUM_COUNT-1. */
const dt__recipe* dt__recipe_of(dt_drum drum);

/* Samples until everything in a part is 70 dB down. */
size_t dt__part_length(const dt__recipe* recipe, dt__part part, int rate_hz);

/* Renders a part; the sound starts at table[0]. The same arguments give the same table. */
void dt__part_render(const dt__recipe* recipe, dt__part part, int rate_hz, uint64_t seed,
                     float* table, size_t length);

#endif
