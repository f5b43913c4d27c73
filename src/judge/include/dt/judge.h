#ifndef DT_JUDGE_H
#define DT_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "dt/error.h"
#include "dt/take.h"

/*
 * The judge: a take against its grid -> placement, drift and scatter, apart, each with a 95 %
 * interval that holds under autocorrelated human timing, or an honest "can't tell".
 *
 * Sign convention everywhere: asynchrony = stroke minus grid; negative = you were early. Drift is
 * positive when the tempo rises (rushing).
 */

/* Where the grid comes from. */
typedef enum dt_grid_mode {
  DT_GRID_CLICK, /* the take's own click (take->has_click): tempo and phase known */
  DT_GRID_TEMPO, /* the tempo is given; phase given too when start_s >= 0, else estimated */
  DT_GRID_FREE   /* tempo and phase estimated from the strokes */
} dt_grid_mode;

/* How tight "tight" is; see dt_level_tolerance. */
typedef enum dt_level { DT_LEVEL_BEGINNER, DT_LEVEL_PLAYER, DT_LEVEL_PRO } dt_level;

struct dt_alignment;
struct dt_chart;

typedef struct dt_judge_config {
  dt_grid_mode mode;
  double bpm;     /* DT_GRID_TEMPO: quarter notes a minute, 20..400 */
  double start_s; /* DT_GRID_TEMPO: when the first beat of bar 1 falls; < 0 = not known */
  dt_meter meter; /* numerator 0: from the chart, else the click, else as heard in free mode, else
                     4/4 */
  dt_level level;
  /* What was to be played: the chart, and the alignment of this very take to it (dt/align.h), made
   * with the same configuration. Both or neither. Then the chart says where every stroke stands,
   * its extra strokes are outliers, and swing is looked for where the chart swings. */
  const struct dt_chart* chart;
  const struct dt_alignment* alignment;
} dt_judge_config;

/* Why there is or is not a number. */
typedef enum dt_known {
  DT_KNOWN,
  DT_CANT_TELL,   /* too few strokes yet */
  DT_NOT_TESTABLE /* no data of any length could tell (placement without a click) */
} dt_known;

/* An estimate and its 95 % interval. When not DT_KNOWN the numbers are NAN. */
typedef struct dt_estimate {
  double value;
  double low;
  double high;
  dt_known known;
} dt_estimate;

/* The grid that was chosen from the data. */
typedef enum dt_feel {
  DT_FEEL_STRAIGHT,         /* division equal parts of the beat: 1, 2, 4 or 8 */
  DT_FEEL_TRIPLET,          /* 3 or 6 */
  DT_FEEL_SWUNG_EIGHTHS,    /* 2, long and short; 3 with the middle triplet */
  DT_FEEL_SWUNG_SIXTEENTHS, /* 4 */
  DT_FEEL_MIXED             /* sixteenths and triplets together: 12 */
} dt_feel;

typedef struct dt_subdivision {
  dt_feel feel;
  int division;       /* positions in a beat */
  double swing;       /* share of the pair that the first takes, 0.5 straight, 0.667 triplet */
  double probability; /* of this choice among those tried, 0..1 */
} dt_subdivision;

/* One stroke against the grid. Outliers, ornaments and all strokes of a take that is too short have
 * no times: NAN. An outlier's beat is only where it was heard, to a sixteenth. */
typedef struct dt_judged {
  size_t stroke;      /* index into take->strokes; every stroke has one, in order */
  double beat;        /* grid position in quarter notes from the first beat of bar 1; may be < 0 */
  double grid_time_s; /* where the click's (or own) steady grid puts it */
  double asynchrony_ms; /* stroke minus grid_time_s, feel included */
  double own_ms;        /* stroke minus the player's own pulse (the fitted tempo curve), feel
                           included: what is left after drift alone */
  double residual_ms;   /* what is left after placement, drift and feel */
  bool outlier;         /* far off any position: kept in the list, left out of the estimates */
  bool ornament;        /* the grace stroke of a flam or drag: likewise */
  int fill;             /* free mode: which fill the pulse hears it in, from 1; 0: none */
  int section;          /* free mode: which stretch of one tempo, metre and feel, from 1; 0: none */
} dt_judged;

/* Placement, drift and scatter of a set of strokes. */
typedef struct dt_timing {
  size_t stroke_count;
  dt_estimate placement_ms;     /* mean asynchrony against the click; not testable without one */
  dt_estimate placement_own_ms; /* against your own pulse: only for a voice, not overall */
  dt_estimate tempo_bpm;        /* mean tempo */
  dt_estimate drift_bpm_per_min;
  dt_estimate drift_percent_per_min;
  double drift_p;         /* two-sided p of "no drift"; NAN where not known */
  dt_estimate scatter_ms; /* the instrument's own jitter already subtracted */
} dt_timing;

typedef struct dt_voice_timing {
  dt_voice voice;
  dt_timing timing;
} dt_voice_timing;

typedef enum dt_word {
  DT_WORD_CANT_TELL,
  DT_WORD_RUSHING,
  DT_WORD_DRAGGING,
  DT_WORD_SCATTERED,
  DT_WORD_IN_THE_POCKET
} dt_word;

/* Limits in force for this take (see dt_level_tolerance). */
typedef struct dt_tolerance {
  double scatter_ms;    /* largest scatter that counts as tight */
  double drift_percent; /* largest total tempo change over the take that counts as steady */
} dt_tolerance;

typedef struct dt_verdict {
  dt_word word;
  size_t strokes_needed; /* with DT_WORD_CANT_TELL: about how many more */
  double bpm_change;     /* total tempo change over the take, bpm: the number of the verdict */
  bool drift_found;      /* drift_p < 0.01 */
  bool ahead_of_click;   /* the tempo is steady but not the click's: word is RUSHING/DRAGGING */
  double bars;           /* length of what was judged */
  double span_s;         /* from the first judged stroke to the last */
  double beat_s;         /* mean length of a beat */
  dt_grid_mode mode;     /* as used */
  dt_meter meter;
  double click_bpm;            /* the click's mean tempo, NAN in free mode */
  bool phase_known;            /* a click's phase was known: placement is testable */
  double tempo_probability;    /* free mode: how sure of the octave, 0..1; else 1 */
  bool has_sections;           /* free mode: judged[].fill and section are known */
  double instrument_jitter_ms; /* subtracted from every scatter */
  double instrument_bias_ms;   /* subtracted from every asynchrony */
  dt_level level;
  dt_tolerance tolerance;
  dt_subdivision subdivision;
  char noise_model[64]; /* what the timing noise looks like: "white", "1/f" ...; "" unknown */
  double slow_share;    /* 0..1 of the scatter's variance that moves slowly; NAN unknown */
  dt_timing all;
  dt_voice_timing voices[DT_VOICE_COUNT];
  size_t voice_count;
  dt_judged* judged; /* owned; one for each stroke of the take */
  size_t judged_count;
  size_t outlier_count;
  size_t ornament_count;
} dt_verdict;

/* Tolerances for a level at a beat length. Sources in tolerance.c. beat_s > 0. */
dt_tolerance dt_level_tolerance(dt_level level, double beat_s);

/* A configuration with nothing given: the click when the take has one, else free; level player. */
dt_judge_config dt_judge_default(const dt_take* take);

/*
 * Judges a take. *verdict is overwritten; release with dt_verdict_clear. Few strokes are not an
 * error: the word is DT_WORD_CANT_TELL. Errors: DT_NO_MEMORY, DT_BAD_ARGUMENT (configuration out
 * of range, or DT_GRID_CLICK for a take without one; err says which). On failure *verdict is empty.
 * Deterministic. Any thread; not real-time.
 */
dt_status dt_judge(dt_verdict* verdict, const dt_allocator* allocator, const dt_take* take,
                   const dt_judge_config* config, dt_error* err) DT_NODISCARD;
void dt_verdict_clear(dt_verdict* verdict, const dt_allocator* allocator);

/* "RUSHING", "IN THE POCKET" ... static storage. */
const char* dt_word_text(dt_word word);

#endif
