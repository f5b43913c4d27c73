#ifndef DT_TEMPO_H
#define DT_TEMPO_H

#include <stddef.h>
#include <stdint.h>

#include "dt/alloc.h"
#include "dt/status.h"

/* Absolute position in sound, in frames (samples per channel) from the start of the stream. */
typedef int64_t dt_frame;

/* Absolute position in music, in ticks from its start; how many make a quarter note stands beside
 * it (dt_tempo_map.ticks_per_quarter). Integers, never accumulated floats. */
typedef int64_t dt_tick;

/* Metre. numerator 1..64, denominator 1, 2, 4 ... 64. */
typedef struct dt_meter {
  int numerator;
  int denominator;
} dt_meter;

/* From `tick` on, a quarter note lasts us_per_quarter microseconds. */
typedef struct dt_tempo_change {
  dt_tick tick;
  double us_per_quarter; /* 1..6e8 */
  double tick_us;        /* ticks times us_per_quarter summed from 0 to `tick`; kept by set_tempo */
} dt_tempo_change;

typedef struct dt_meter_change {
  dt_tick tick;
  dt_meter meter;
} dt_meter_change;

/*
 * Tempo and metre along the music. Changes are sorted by tick and the first of each stands at tick
 * 0 (dt_tempo_map_set_* keep it so). Zero-initialised except for ticks_per_quarter it is a valid
 * empty map, which means 120 bpm in 4/4 as Standard MIDI Files do.
 */
typedef struct dt_tempo_map {
  int32_t ticks_per_quarter; /* 1..32767 */
  dt_tempo_change* tempi;
  size_t tempo_count;
  dt_meter_change* meters;
  size_t meter_count;
} dt_tempo_map;

/* Ticks a quarter in everything that doubletime itself writes. */
#define DT_TICKS_PER_QUARTER 960

/* Read a map's changes freely, but write them with dt_tempo_map_set_* only. Looking up takes
 * logarithmic time, and adding at the end constant time.
 *
 * Add a change, or replace the one at the same tick. Errors: DT_NO_MEMORY (the map is unchanged),
 * DT_BAD_ARGUMENT (tick not in 0..2^53, tempo not finite or not in 1..6e8 us, metre out of range).
 */
dt_status dt_tempo_map_set_tempo(dt_tempo_map* map, const dt_allocator* allocator, dt_tick tick,
                                 double us_per_quarter) DT_NODISCARD;
dt_status dt_tempo_map_set_meter(dt_tempo_map* map, const dt_allocator* allocator, dt_tick tick,
                                 dt_meter meter) DT_NODISCARD;

/* Gives back what the map owns and empties it (ticks_per_quarter stays). */
void dt_tempo_map_clear(dt_tempo_map* map, const dt_allocator* allocator);

/* Seconds from the start of the music to a tick, and back (fractional ticks). Exact inverse up to
 * rounding; linear before the start. Any thread. */
double dt_tempo_map_seconds(const dt_tempo_map* map, double tick);
double dt_tempo_map_ticks(const dt_tempo_map* map, double time_s);

/* Tempo in quarter notes a minute, and metre, in force at a tick. */
double dt_tempo_map_bpm(const dt_tempo_map* map, double tick);
dt_meter dt_tempo_map_meter(const dt_tempo_map* map, double tick);

#endif
