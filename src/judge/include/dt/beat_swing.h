#ifndef DT_BEAT_SWING_H
#define DT_BEAT_SWING_H

#include "dt/beats.h"
#include "dt/swing.h"

/*
 * Swing against beats that were found (dt/beats.h): no verdict and no chart is needed.
 *
 * A stroke is on a beat within a seventh of it. An off-beat is the only stroke of its voice between
 * two beats, with the long note 0.2 to 0.8 of the beat where the section swings (limits of Corcoran
 * & Frieler 2021) and 0.35 to 0.65 where it is straight. Where most beats swing in sixteenths, half
 * beats take the place of beats. Measured are metres counted in quarters, and a 12/8 or
 * 6/8 that is heard as a shuffle; a beat counts as a quarter.
 */
typedef struct dt_beat_pair {
  size_t beat;  /* index of the beat it begins at, or begins in */
  double share; /* long / (long + short), as in dt/swing.h */
  double short_ms;
  double bpm; /* of the tempo curve there */
  dt_voice voice;
} dt_beat_pair;

typedef struct dt_beat_swing {
  dt_swing swing;      /* its sixteenths stay unknown */
  dt_beat_pair* pairs; /* by voice, then time */
  size_t pair_count;
  size_t pair_capacity;
} dt_beat_swing;

/* strokes by time, track of the same. Few pairs are not an error: DT_CANT_TELL; no beats:
 * DT_NOT_TESTABLE. Errors: DT_NO_MEMORY; *out is then empty and all unknown. Deterministic. Any
 * thread; not real-time. jitter_ms: SD that the instrument adds to every time. */
dt_status dt_beat_swing_measure(dt_beat_swing* out, const dt_allocator* allocator,
                                const dt_strokes* strokes, const dt_beat_track* track,
                                double jitter_ms) DT_NODISCARD;
void dt_beat_swing_clear(dt_beat_swing* swing, const dt_allocator* allocator);

#endif
