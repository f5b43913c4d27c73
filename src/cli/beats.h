#ifndef DT_BEATS_COMMAND_H
#define DT_BEATS_COMMAND_H

#include "dt/beaten.h"
#include "listen.h"

/* `doubletime beats`: the pulse of what was heard (beats_find.c, beats_parts.c, beats_live.c), in
 * the forms of dt/beaten.h, and as clicks over the sound (beats_click.c). */

enum { DT__TAPS_MAX = 64 };

typedef struct dt__beats_settings {
  bool is_live;
  dt_beat_config config;
  double tap_s[DT__TAPS_MAX];
} dt__beats_settings;

/* Zero-initialise. */
typedef struct dt__beats_found {
  dt_beat_track track;
  dt_beat_swing swing;
  bool is_live;
  dt_beat_call* calls; /* malloc; one for each beat of the track */
  size_t call_count;
  size_t call_capacity;
  dt_follower_state last;
  dt_beaten_live live;
} dt__beats_found;

/* What is played between long silences, on a clock of its own that begins a second before it: no
 * pulse outlasts a minute of silence, and none is looked for in one. */
typedef struct dt__beats_part {
  double offset_s; /* of its clock in the take */
  dt_stroke* strokes;
  size_t count;
  dt_beat_config config; /* with the taps that concern it */
  double tap_s[DT__TAPS_MAX];
  dt_beat_track track; /* offline */
} dt__beats_part;

typedef struct dt__beats_parts {
  dt__beats_part* items;
  size_t count;
  dt_stroke* strokes;
} dt__beats_parts;

/* Errors: DT_NO_MEMORY. Clear it either way. */
dt_status dt__beats_split(dt__beats_parts* parts, const dt_strokes* strokes,
                          const dt__beats_settings* settings) DT_NODISCARD;
/* The parts' tracks as one, on the clock of the take. Errors: DT_NO_MEMORY. */
dt_status dt__beats_join(const dt__beats_parts* parts, dt_beat_track* track) DT_NODISCARD;
void dt__beats_parts_clear(dt__beats_parts* parts);

/* Errors: DT_NO_MEMORY, DT_CANCELLED, DT_BAD_ARGUMENT. Clear it either way. */
dt_status dt__beats_find(dt__beats_found* found, dt__listen_heard* heard) DT_NODISCARD;
void dt__beats_clear(dt__beats_found* found);

/* The causal follower fed with the parts' strokes; the track is what it called. Where it was never
 * sure there are no beats. */
dt_status dt__beats_follow(dt__beats_found* found, dt__listen_heard* heard,
                           const dt__beats_parts* parts) DT_NODISCARD;

/* The sound (or, where there was none, the strokes through the built-in kit) with a click on every
 * beat, a higher one on every "one". */
dt_status dt__beats_click(const dt__beats_found* found, dt__listen_heard* heard, const char* path,
                          dt_error* err) DT_NODISCARD;

#endif
