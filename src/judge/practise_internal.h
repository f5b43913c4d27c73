#ifndef DT_PRACTISE_INTERNAL_H
#define DT_PRACTISE_INTERNAL_H

#include "dt/study.h"

/*
 * A thing that may be weak: how large it is with its 95 % interval, in a unit where 0 is perfect,
 * and how large it must be before anyone notices. Ratios are in logarithms.
 */
typedef struct dt__fault {
  dt_weakness weakness;
  dt_voice voice; /* DT_VOICE_COUNT: none in particular */
  double value;
  double low;
  double high;
  double noticed; /* > 0 */
  int bar_tick;   /* DT_WEAK_PLACE: where; else -1 */
  int variant;    /* one of the kinds below; else 0 */
  double severity;
} dt__fault;

enum { DT__FILLS_AFTER, DT__FILLS_INSIDE };
enum { DT__DRIFTS, DT__OFF_THE_CLICK };
enum { DT__FLAM_FLAT, DT__FLAM_WIDE, DT__FLAM_UNEVEN };
enum { DT__TIRING_SCATTER, DT__TIRING_LEVEL };

#define DT__FAULTS_MAX 96

/* practise_spread.c: the SD of a group of strokes as a ratio to what it would be without what makes
 * it a group; of a voice, to that of the other voices. */
typedef struct dt__spreads {
  dt_estimate voice[DT_VOICE_COUNT];
  double count[DT_VOICE_COUNT];
  dt_estimate unison;
  dt_estimate swung;
  dt_estimate left; /* against the right, on the drums that both play */
} dt__spreads;

typedef struct dt__faults {
  dt__fault items[DT__FAULTS_MAX];
  int count;
  const dt_verdict* verdict;
  const dt_study* study;
  dt__spreads spreads;
  double beat_ms;
} dt__faults;

/* swings: the off-beats of the pair do swing. Errors: DT_NO_MEMORY. */
dt_status dt__spreads_measure(dt__spreads* out, const dt_allocator* allocator,
                              const dt_marks* marks, bool swings) DT_NODISCARD;

/* Returns what was added, to be told more about, or NULL. Adds what is surely there and large
 * enough to be noticed; all else is dropped. sign +1: only values above 0 are a fault; -1: only
 * below; 0: both. */
dt__fault* dt__fault_add(dt__faults* faults, dt_weakness weakness, dt_voice voice,
                         const dt_estimate* size, double noticed, int sign);
/* The same of a ratio about 1. noticed > 1. */
dt__fault* dt__fault_add_ratio(dt__faults* faults, dt_weakness weakness, dt_voice voice,
                               const dt_estimate* ratio, double noticed, int sign);

/* Counts as so many times `scale`, for the ranking; at least as 1. NULL: nothing. */
void dt__fault_rate(dt__fault* fault, double scale);

/* practise_time.c, practise_place.c, practise_touch.c: all there is to look at. */
void dt__faults_of_time(dt__faults* faults);
void dt__faults_of_place(dt__faults* faults);
bool dt__roll_broke(const dt__faults* faults, const dt_roll* roll);
size_t dt__rolls_broken(const dt__faults* faults);
void dt__faults_of_touch(dt__faults* faults);
void dt__faults_of_notes(dt__faults* faults);

/* practise_notes.c: against the chart. Strokes that no note asked for, nor any roll; a note that
 * was struck far off is neither missed nor extra. */
typedef struct dt__mistakes {
  size_t missed;
  size_t wrong;
  size_t extra;
} dt__mistakes;
dt__mistakes dt__count_mistakes(const dt__faults* faults);

/* practise_rank.c: drops what another fault explains, and puts the worst first. */
void dt__faults_rank(dt__faults* faults);

/* practise_bars.c: where it is worst. */
void dt__fault_bars(const dt__faults* faults, const dt__fault* fault, dt_practise_line* line);
/* Does this stroke belong to it? */
bool dt__fault_concerns(const dt__fault* fault, const dt_mark* mark, const dt_marks* marks);
/* SD of the strokes about your own pulse in ms, as it is, and as it would be without the fault. */
void dt__fault_effect(const dt__faults* faults, const dt__fault* fault, double* now_ms,
                      double* without_ms);

/* practise_place.c: places of the fault's voice that are off as it is, by position: at most
 * `most`, their names; how many there are. */
int dt__fault_places(const dt__faults* faults, const dt__fault* fault, const char** names,
                     int most);

/* practise_text.c: the sentence. */
void dt__fault_text(const dt__faults* faults, const dt__fault* fault, char* text, size_t size);

#endif
