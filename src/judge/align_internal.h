#ifndef DT_ALIGN_INTERNAL_H
#define DT_ALIGN_INTERNAL_H

#include <stdint.h>

#include "dt/align.h"

/*
 * How a take is aligned, stage after stage:
 *
 *   sheet    the chart as played, laid out in units of a 24th of a quarter
 *   tempo    where every stroke stands on a reference: the click, the given tempo, or a tempo curve
 *            that the chart's own distances suggest
 *   pointer  where in the sheet the player is at each beat of the reference: Viterbi
 *   played   the bars that were played, and every stroke that they ask for (targets)
 *   match    which stroke is which target
 *   fill     labels, events, counts
 */
enum { DT__UNITS = 24, DT__UNIT_TICKS = DT_TICKS_PER_QUARTER / DT__UNITS };

/* How a stroke looks: softer, as usual or louder than its drum's others; a grace stroke; of a buzz,
 * but not its first. */
enum { DT__SOFT, DT__USUAL, DT__LOUDER, DT__QUICK, DT__BUZZ, DT__LOUDS };

/* One bar of the sheet: a bar of the chart as it is played. */
typedef struct dt__sheet_bar {
  int written;
  int32_t unit; /* where it begins */
  dt_tick tick; /* the same in ticks; straight */
  dt_tick length;
  dt_tick written_tick;
  size_t first_note; /* of the chart: notes first_note .. end_note - 1 */
  size_t end_note;
  bool section; /* a section begins here */
} dt__sheet_bar;

/* One expected stroke. */
typedef struct dt__sheet_note {
  int32_t unit;
  unsigned char drum;
  unsigned char loud;
  bool graced; /* a flam, drag or roll: quick strokes are at home there */
  bool rolled; /* a buzz: any number of strokes until unit_end */
  int32_t unit_end;
} dt__sheet_note;

typedef struct dt__sheet {
  dt__sheet_bar* bars;
  size_t bar_count;
  dt__sheet_note* notes; /* by unit; those of the first beat stand at the end again */
  size_t note_count;     /* without these */
  size_t note_total;
  int32_t units;    /* length; after it the sheet begins again */
  int32_t* section; /* per note of the chart: index of its section's span, -1 */
  int32_t* fill;    /* likewise its fill's */
  void* memory;
  size_t size;
} dt__sheet;

enum { DT__CURVES = 7 };

/* The take as the stages see it. */
typedef struct dt__score {
  const dt_allocator* allocator;
  const dt_take* take;
  const dt_judge_config* config;
  const dt_chart* chart;
  size_t count;            /* strokes */
  double* ref;             /* position of each stroke on the reference, quarters */
  double* beat_s;          /* seconds a quarter of the reference lasts there */
  double* curve;           /* DT__CURVES x count: other references */
  unsigned char* loudness; /* per stroke: its looks */
  bool clicked;            /* the reference's phase is known, */
  bool held;               /* and taken to be kept */
  bool ran_away;           /* the path follows the player, who has left his click */
} dt__score;

/* What the pointer found: at the k-th beat of the reference the player was at unit[k] of the sheet.
 */
typedef struct dt__path {
  int64_t first_beat;
  size_t count;
  int32_t* unit;
  signed char* came; /* how it came to the next: see DT__CAME */
  size_t room;
  int64_t gain; /* how well it fits; comparable between references of one take */
} dt__path;

/* 0..4: moved on by a beat and (value - 2) units; or, at the next bar line, jumped. */
enum { DT__CAME_JUMPED = 5, DT__CAME_STARTED = 6 };

/* One bar as it was played. */
typedef struct dt__played {
  size_t sheet_bar;
  double ref;   /* where it begins on the reference */
  dt_tick tick; /* counted on from the first bar's */
  bool jumped;
  size_t first_event;
} dt__played;

/* One stroke that is asked for: an event's main stroke or a later one of its roll. */
typedef struct dt__target {
  size_t event;
  double place; /* swung ticks, on the axis of dt_played_bar.tick */
  double ref;   /* where it is expected on the reference */
  double path;  /* where the pointer's path alone would have it */
  double beat_s;
  dt_drum drum;
  int order;
  size_t stroke; /* SIZE_MAX: none */
} dt__target;

/* align_drum.c: how far a stroke on one drum is from a note for another: 0 the same or nothing to
 * tell them by, below 1 another articulation, 1 another drum of the same voice, 2 another voice. */
double dt__drum_distance(dt_drum played, dt_drum written);
enum { DT__OTHER_DRUM = 1 };

/* align_sheet.c */
dt_status dt__sheet_make(dt__sheet* sheet, const dt_allocator* allocator, const dt_chart* chart,
                         double beats) DT_NODISCARD;
void dt__sheet_clear(dt__sheet* sheet, const dt_allocator* allocator);
/* All bars begin on multiples of this many units; at most a quarter. */
int32_t dt__bar_step(const dt__sheet* sheet);
size_t dt__sheet_bar_at(const dt__sheet* sheet, int32_t unit);

/* align_reference.c: fills ref and beat_s from what is known. */
void dt__reference_known(dt__score* score);

/* Units of a bar, where all bars are as long as the click's; else 0. */
int32_t dt__click_bar(const dt__score* score, const dt__sheet* sheet);

/* align_tempo.c: the strokes' positions on tempo curves of their own, the likeliest first. */
dt_status dt__reference_curves(dt__score* score, const dt__sheet* sheet, double low_bpm,
                               double high_bpm, size_t* curves) DT_NODISCARD;

/* align_pointer.c */
dt_status dt__pointer_run(const dt__score* score, const dt__sheet* sheet,
                          dt__path* path) DT_NODISCARD;
void dt__path_clear(dt__path* path, const dt_allocator* allocator);

/* align_played.c: the bars of a path, and what they ask for. */
typedef struct dt__parts {
  dt__played* bars;
  size_t bar_count;
  size_t bar_room;
  dt_tick first_place; /* nothing is asked for before it, */
  dt_tick last_place;  /* or after it */
  dt_event* events;
  size_t event_count;
  size_t event_room;
  dt__target* targets; /* by place */
  size_t target_count;
  size_t target_room;
} dt__parts;
dt_status dt__parts_make(dt__parts* parts, const dt__score* score, const dt__sheet* sheet,
                         const dt__path* path) DT_NODISCARD;
/* The tick of a first bar that begins about there on the click. */
dt_tick dt__first_tick(const dt__score* score, const dt__sheet* sheet, double ref);
void dt__parts_clear(dt__parts* parts, const dt_allocator* allocator);

/* align_match.c: gives strokes to targets of their drum. sd_s: the player's scatter. */
double dt__match_cost(double away_s, double sd_s);
dt_status dt__match(const dt__score* score, dt__parts* parts, double sd_s) DT_NODISCARD;
static const double dt__grace_max_s = 0.085; /* from a grace stroke to the next stroke */
static const double dt__missed_cost = 5.0;   /* and as much for an extra stroke */

/* align_fit.c: expects the targets where those that were hit say; *sd_s becomes the scatter. */
dt_status dt__refit(const dt__score* score, dt__parts* parts, double* sd_s) DT_NODISCARD;

/* align_label.c: ornaments, rolls, wrong drums; labels and fates. alignment->strokes is ready. */
dt_status dt__label(const dt__score* score, dt__parts* parts, double sd_s,
                    dt_alignment* alignment) DT_NODISCARD;

#endif
