#ifndef DT_DYNAMICS_H
#define DT_DYNAMICS_H

#include "dt/marks.h"

/*
 * Dynamics, voice by voice: how far accents stand above normal strokes and ghost notes below, how
 * even strokes of one loudness are, and where the level goes. Levels are those of dt/level.h.
 *
 * What is an accent or a ghost note is what the chart says. Without a chart a voice's levels are
 * sorted into two or three clusters only where they are clearly apart (DT_DYNAMICS_APART times the
 * spread inside them), else contrasts are "not testable". Main strokes only: no grace strokes, no
 * rolls, no strokes that were not written.
 */
#define DT_DYNAMICS_APART 4.0

/* Why a voice's levels say nothing, or that they do. */
typedef enum dt_levels {
  DT_LEVELS_GOOD,
  DT_LEVELS_NONE,     /* no velocities */
  DT_LEVELS_CONSTANT, /* the instrument gives all strokes the same velocity */
  DT_LEVELS_SATURATED /* more than one in twenty at the top, 127: what is louder is not seen */
} dt_levels;

typedef struct dt_voice_dynamics {
  dt_voice voice;
  size_t count; /* strokes measured */
  dt_levels levels;
  bool inferred;                            /* loudness from clusters, not from a chart */
  size_t loud_count[DT_LOUD_ACCENT + 1];    /* by dt_loud */
  dt_estimate level_db[DT_LOUD_ACCENT + 1]; /* mean level of each loudness */
  dt_estimate accent_db;                    /* accents above normal strokes */
  dt_estimate ghost_db;        /* ghost notes against normal strokes: negative is softer */
  dt_estimate accent_ghost_db; /* accents above ghost notes */
  dt_estimate evenness_db; /* SD within one loudness at one place of the bar, all of them pooled,
                              the voice's own crescendo taken out */
  dt_estimate evenness_by_loud_db[DT_LOUD_ACCENT + 1];
  dt_estimate crescendo_db_per_min; /* + louder */
  dt_estimate crescendo_db_per_bar;
} dt_voice_dynamics;

typedef struct dt_dynamics {
  dt_voice_dynamics voices[DT_VOICE_COUNT]; /* by voice; those that were played */
  size_t voice_count;
  dt_estimate accent_db; /* all voices together: mean over voices, by their precision */
  dt_estimate ghost_db;
  dt_estimate evenness_db;
  dt_estimate crescendo_db_per_min; /* of the whole: every voice about its own levels */
  dt_estimate crescendo_db_per_bar;
  dt_estimate backbeat_db; /* snare on beat 4 minus on beat 2, 4/4 only */
} dt_dynamics;

/* Measures. DT_NOT_TESTABLE without velocities, DT_CANT_TELL with too few strokes. Errors:
 * DT_NO_MEMORY (*dynamics is then empty). Owns nothing. Deterministic. Any thread; not real-time.
 */
dt_status dt_dynamics_measure(dt_dynamics* dynamics, const dt_allocator* allocator,
                              const dt_marks* marks) DT_NODISCARD;

/* "accent", "normal", "ghost" are dt_loud; this says "good", "none", "constant", "saturated".
 * Static storage. */
const char* dt_levels_name(dt_levels levels);

#endif
