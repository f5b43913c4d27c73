#ifndef DT_BEATEN_H
#define DT_BEATEN_H

#include <stdbool.h>

#include "dt/beat_swing.h"
#include "dt/beats.h"
#include "dt/sink.h"
#include "dt/take.h"

/*
 * The beats of a take as data: what `doubletime beats` writes. Pure formatting under the same
 * promises as dt/report.h; docs/beats.md explains every field to users.
 */

/* What the follower said while the take went by. */
typedef struct dt_beaten_live {
  const dt_beat_call* calls; /* one for each beat of the track */
  double lock_s;             /* when it was first sure, on the clock of the take; NAN: never */
  double lock_bars;          /* the same in bars from the first stroke; NAN: never */
  double latency_s;          /* strokes were known to it this long after they sounded */
  double least_notice_beats; /* shortest time from the making of a call to its beat */
  const dt_follower_state* last;
} dt_beaten_live;

typedef struct dt_beaten {
  const char* file;    /* as the person gave it; shown without its folders; NULL = none */
  const char* version; /* JSON: the program's version; NULL = null */
  const char* format;  /* of the sound, "WAV, 16 bit"; NULL: the take is no sound */
  int rate_hz;         /* of the sound's file */
  int channels;
  bool color;                 /* text: ANSI colours */
  const dt_beat_track* track; /* live: the beats as they were called */
  const dt_beat_swing* swing; /* of the same beats */
  const dt_beaten_live* live; /* NULL: offline */
} dt_beaten;

/* For a person, at one glance. At most 80 columns but for the file's name. */
dt_status dt_beaten_text(const dt_take* take, const dt_beaten* beaten, dt_sink sink) DT_NODISCARD;

/* time_s,beat_in_bar and more columns; docs/beats.md. */
dt_status dt_beaten_csv(const dt_beaten* beaten, dt_sink sink) DT_NODISCARD;

/* docs/beats.schema.json, "schema": "doubletime.beats/1". */
dt_status dt_beaten_json(const dt_take* take, const dt_beaten* beaten, dt_sink sink) DT_NODISCARD;

/* Audacity's point labels, "1.1" for the first beat of bar 1, and a region for each fill. */
dt_status dt_beaten_labels(const dt_beaten* beaten, dt_sink sink) DT_NODISCARD;

/*
 * Beats as a tempo map, a change at each: time 0 is tick 0, and what lies before the first beat is
 * bars of the same metre and a shorter one that make up the rest. Beats before time 0 are left out.
 * Tempi are whole microseconds, and their rounding does not add up. The map's ticks_per_quarter is
 * DT_TICKS_PER_QUARTER; it is overwritten, release with dt_tempo_map_clear. Errors: DT_NO_MEMORY,
 * DT_BAD_ARGUMENT (beats not in order); the map is then empty.
 */
dt_status dt_beaten_map(dt_tempo_map* map, const dt_allocator* allocator,
                        const dt_beat_track* track) DT_NODISCARD;

/* What the report's forms share. */
double dt_beaten_quantile_bpm(const dt_beat_track* track, double part);

/* The section that holds most beats; NULL without any. */
const dt_beat_section* dt_beaten_main_section(const dt_beat_track* track);

/* The run of fill beats that begins at or after `from`: its first beat in *first, its end (one
 * past the last) as result; 0 when there is none. */
size_t dt_beaten_next_fill(const dt_beat_track* track, size_t from, size_t* first);

#endif
